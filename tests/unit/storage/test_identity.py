"""Keys under which items are recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from core.item import Entry
from core.source import SourceId
from storage.identity import entry_keys, item_keys, spare_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Item


@given(url=st.text(), guid=st.none() | st.text(), title=st.text(st.characters(exclude_categories=())))
def test_every_entry_has_keys_that_fit_an_index(url: str, guid: str | None, title: str) -> None:
    """Whatever an entry holds, it has one to three different keys, each short enough for PostgreSQL's index."""
    keys = entry_keys(Entry(source_id=SourceId("s"), url=url, title=title, guid=guid))
    assert 1 <= len(keys) == len(set(keys)) <= 2
    assert all(len(key.encode(errors="surrogatepass")) < 2704 for key in keys)


def test_long_values_keep_their_difference(make_entry: Callable[..., Entry]) -> None:
    """Two endless guids that differ at the end have different keys."""
    one, two = (entry_keys(make_entry(guid="长" * 3000 + end))[0] for end in "ab")
    assert one != two
    assert one.startswith("guid:lianwen:sha256:")


def test_an_item_has_the_keys_of_its_entry(make_item: Callable[..., Item], make_entry: Callable[..., Entry]) -> None:
    """An item is found again by the entry that it was made from, in each of the three ways."""
    url = entry_keys(make_entry(1))[0].removeprefix("url:")
    assert item_keys(make_item(1, guid="g", canonical_url=url)) == entry_keys(make_entry(1, guid="g"))
    assert item_keys(make_item(1, canonical_url=url)) == entry_keys(make_entry(1))
    assert item_keys(make_item(1, url="", canonical_url="")) == entry_keys(make_entry(1, url=""))


def test_only_another_address_is_a_spare_key(make_item: Callable[..., Item], make_entry: Callable[..., Entry]) -> None:
    """The listed address is a key of its own when the page is under another, and only then."""
    url = entry_keys(make_entry(1))[0].removeprefix("url:")
    assert spare_keys(make_item(1, canonical_url=url)) == ()
    assert spare_keys(make_item(1, url="", canonical_url="")) == ()
    assert spare_keys(make_item(1, canonical_url="lianwen.example/final")) == entry_keys(make_entry(1))
