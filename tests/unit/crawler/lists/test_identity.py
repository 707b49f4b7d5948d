"""Guids and links that must not merge different entries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.item import Entry
from core.source import SourceId
from crawler.lists.identity import with_sound_identity


def entry(title: str, url: str = "", guid: str | None = None) -> Entry:
    """Return an entry."""
    return Entry(source_id=SourceId("x"), url=url, title=title, guid=guid)


def test_a_guid_shared_by_different_items_is_dropped() -> None:
    """Ten items with one broken guid stay ten items, told apart by their links; other guids stay."""
    broken = [entry(f"t{n}", f"https://a.cn/{n}", "same") for n in range(10)]
    sound = with_sound_identity([*broken, entry("u", "https://a.cn/u", "own")])
    assert [each.guid for each in sound] == [None] * 10 + ["own"]
    assert len({each.url for each in sound}) == 11


def test_a_link_shared_by_all_is_no_address() -> None:
    """When every item leads to the front page, titles and guids tell them apart."""
    sound = with_sound_identity([entry("甲", "https://a.cn/"), entry("乙", "https://a.cn/")])
    assert [each.url for each in sound] == ["", ""]
    assert len({each.guid for each in sound}) == 2
    again = with_sound_identity([entry("丙", "https://a.cn/"), entry("甲", "https://a.cn/")])
    assert again[1].guid == sound[0].guid


def test_a_shared_link_leaves_good_guids() -> None:
    """A shared link is dropped and the item's own guid stays."""
    sound = with_sound_identity([entry(f"t{n}", "https://a.cn/", f"g{n}") for n in range(3)])
    assert [(each.url, each.guid) for each in sound] == [("", f"g{n}") for n in range(3)]


def test_a_page_of_many_items_is_no_address_either() -> None:
    """A link that three of five items share is dropped from those three only."""
    shared = [entry(f"t{n}", "https://a.cn/live") for n in range(3)]
    sound = with_sound_identity([*shared, entry("甲", "https://a.cn/1"), entry("乙", "https://a.cn/2")])
    assert [each.url for each in sound] == ["", "", "", "https://a.cn/1", "https://a.cn/2"]


def test_two_titles_of_one_address_among_others_stay() -> None:
    """An article whose edited title stands beside the old one keeps its address, by which it is one article."""
    entries = (entry("旧题", "https://a.cn/1"), entry("新题", "https://a.cn/1"), entry("别的", "https://a.cn/2"))
    assert with_sound_identity(entries) == entries


def test_exact_repetitions_come_once() -> None:
    """An entry that stands twice in a list is one; a lone entry keeps its link."""
    assert with_sound_identity([entry("甲", "https://a.cn/", "g")] * 2) == (entry("甲", "https://a.cn/", "g"),)


names = st.sampled_from(["", "a", "b", "c"])
entries = st.lists(
    st.builds(entry, names, st.sampled_from(["", "https://a.cn/", "https://a.cn/1"]), st.none() | names), max_size=8
)


@given(entries)
def test_identity_is_sound_and_stable(found: list[Entry]) -> None:
    """No guid stands for two different things, no title is lost, and doing it again changes nothing."""
    sound = with_sound_identity(found)
    by_guid: dict[str, set[tuple[str, str]]] = {}
    for each in sound:
        if each.guid:
            by_guid.setdefault(each.guid, set()).add((each.url, each.title))
    assert all(len(meanings) == 1 for meanings in by_guid.values())
    assert {each.title for each in sound} == {each.title for each in found}
    assert with_sound_identity(sound) == sound
