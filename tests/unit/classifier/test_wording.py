"""Tests of runs of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from classifier.reading import read_document
from classifier.wording import find_wording
from core.classification import Document, Zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.matching import LexiconMatcher
    from classifier.reading import Reading


def test_names_are_replaced_by_their_kind(read: Callable[..., Reading]) -> None:
    """The same news about another place and technology has the same wording."""
    shanghai, beijing = find_wording(read("上海发布区块链新政")), find_wording(read("北京发布元宇宙新政"))
    assert shanghai.keys() == beijing.keys()
    assert {"<place>发布", "发布<technology>", "<technology>新政"} <= shanghai.keys()


def test_small_words_and_names_alone_tell_nothing(read: Callable[..., Reading]) -> None:
    """Single characters, short words and masked names are no runs by themselves."""
    found = find_wording(read("The SEC will approve blockchain in a year"))
    assert {"will", "approve", "year"} <= found.keys()
    assert not {"the", "in", "a", "<technology>", "<authority>"} & found.keys()
    assert "in a" in found


def test_figures_are_alike(read: Callable[..., Reading]) -> None:
    """One number is as good as another."""
    assert find_wording(read("罚款500万元")).keys() == find_wording(read("罚款320万元")).keys()


def test_places_point_at_the_words(read: Callable[..., Reading]) -> None:
    """Each run stands where it is said to, in the title first."""
    reading = read("上海发布新政", "上海发布新政，明日起施行。")
    found = find_wording(reading)
    assert found["发布新政"] == (Zone.TITLE, 2, 6)
    zone, start, end = found["起施行"]
    assert reading.surface(zone, start, end) == "起施行"


def test_the_body_is_left_aside(read: Callable[..., Reading]) -> None:
    """Title and lead tell the news."""
    assert "尾声再见" not in find_wording(read("标题", "开头一句。" * 60 + "尾声再见。"))


@given(title=st.text(max_size=60), text=st.text(max_size=200))
def test_any_text_has_places_within_it(title: str, text: str, matcher: LexiconMatcher) -> None:
    """No text breaks it, and no run stands outside its zone."""
    reading = read_document(Document(title=title, text=text), matcher)
    for place in find_wording(reading).values():
        whole = reading.title if place.zone is Zone.TITLE else reading.text
        assert 0 <= place.start < place.end <= len(whole)
