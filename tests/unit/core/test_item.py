"""Entries, articles and items are values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.item import BodyOrigin

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Article, Entry, Item


def test_equal_fields_make_equal_values(make_entry: Callable[..., Entry]) -> None:
    """Two readings of one row are the same entry, and can be kept in a set."""
    assert {make_entry(1), make_entry(1)} == {make_entry(1)}
    assert make_entry(1) != make_entry(2)


def test_a_revision_leaves_the_old_item_alone(make_item: Callable[..., Item]) -> None:
    """A newer revision is a new value."""
    item = make_item()
    revised = replace(item, title="更正后的标题", revision=2)
    assert (item.revision, revised.revision) == (1, 2)
    assert item.title != revised.title


def test_a_fresh_item_waits_to_be_classified(make_item: Callable[..., Item]) -> None:
    """No judgement is not the judgement that it is irrelevant."""
    assert make_item().classification is None


def test_an_article_comes_from_its_page_unless_it_says_otherwise(make_article: Callable[..., Article]) -> None:
    """The list's text stands in only when that is said."""
    assert make_article().body_origin is BodyOrigin.PAGE
    assert make_article().page_problem is None
