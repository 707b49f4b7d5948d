"""Which source an address belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.catalogue import source_for_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.source import Source


def test_the_source_of_the_same_folder_is_found(make_source: Callable[..., Source]) -> None:
    """Of two lists on one host the one whose address shares more with the article's is its source."""
    plans = make_source(id="plans", url="https://www.city.example/plans/index.html")
    rules = make_source(id="rules", url="https://www.city.example/rules/index.html")
    found = source_for_url("https://www.city.example/rules/t20230615_1.html", [plans, rules])
    assert found is rules


def test_another_host_is_no_source(make_source: Callable[..., Source]) -> None:
    """A host that no list is on has no source."""
    assert source_for_url("https://other.example/a", [make_source()]) is None


def test_ties_go_to_the_first(make_source: Callable[..., Source]) -> None:
    """Two sources with one list address are told apart by their order."""
    first, second = (make_source(id=name, url="https://a.example/feed") for name in ("first", "second"))
    assert source_for_url("https://a.example/feed", [first, second]) is first


def test_what_is_no_address_has_no_source(make_source: Callable[..., Source]) -> None:
    """An empty address finds nothing, not even a source without an address."""
    assert source_for_url("", [make_source(url="")]) is None
