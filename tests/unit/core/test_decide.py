"""What is to be done about each entry of a list."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.decide import MAX_PAGE_ATTEMPTS, IntakeLimits, Intent, Known, decide_entries
from core.hashing import entry_hash
from core.item import ItemId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from core.decide import IntakePlan
    from core.item import Entry, Published

LIMITS = IntakeLimits()


def known(entry: Entry, *, edited: bool = False, missing: bool = False, attempts: int = 1) -> Known:
    """What is stored of an entry, as it stands now or before an edit."""
    words = entry_hash("before" if edited else entry.title, entry.summary, entry.text)
    return Known(item_id=ItemId(1), entry_hash=words, page_missing=missing, page_attempts=attempts)


def intents(plan: IntakePlan) -> list[Intent]:
    """The intents of a plan, in list order."""
    return [decision.intent for decision in plan.decisions]


@pytest.mark.parametrize(("fetch_articles", "intent"), [(True, Intent.FETCH), (False, Intent.STORE)])
def test_a_new_entry_is_fetched_or_stored(
    make_entry: Callable[..., Entry], now: datetime, *, fetch_articles: bool, intent: Intent
) -> None:
    """A new entry's page is fetched, unless its list says all there is."""
    plan = decide_entries([make_entry()], {}, first_sync=False, fetch_articles=fetch_articles, limits=LIMITS, now=now)
    assert intents(plan) == [intent]


def test_an_entry_without_an_address_is_stored(make_entry: Callable[..., Entry], now: datetime) -> None:
    """Where there is no page there is nothing to fetch."""
    plan = decide_entries([make_entry(url="")], {}, first_sync=False, fetch_articles=True, limits=LIMITS, now=now)
    assert intents(plan) == [Intent.STORE]


@pytest.mark.parametrize(("first_sync", "intent"), [(True, Intent.BASELINE), (False, Intent.FETCH)])
def test_only_the_first_sync_has_a_baseline(
    make_entry: Callable[..., Entry],
    make_published: Callable[..., Published],
    now: datetime,
    *,
    first_sync: bool,
    intent: Intent,
) -> None:
    """Old and undated entries are silent on the first sync and news afterwards."""
    old = make_entry(1, published=make_published(at=now - timedelta(hours=25)))
    undated = make_entry(2, published=None)
    plan = decide_entries([old, undated], {}, first_sync=first_sync, fetch_articles=True, limits=LIMITS, now=now)
    assert intents(plan) == [intent, intent]


def test_young_entries_are_news_on_the_first_sync(make_entry: Callable[..., Entry], now: datetime) -> None:
    """What is younger than the limit is told although the source is new."""
    plan = decide_entries([make_entry()], {}, first_sync=True, fetch_articles=True, limits=LIMITS, now=now)
    assert intents(plan) == [Intent.FETCH]


@pytest.mark.parametrize(
    ("edited", "missing", "attempts", "url", "intent"),
    [
        (False, False, 1, "https://a.example/1", Intent.KNOWN),
        (True, False, 1, "https://a.example/1", Intent.FETCH),
        (True, False, 1, "", Intent.STORE),
        (False, True, 1, "https://a.example/1", Intent.FETCH),
        (False, True, MAX_PAGE_ATTEMPTS, "https://a.example/1", Intent.KNOWN),
        (False, True, 1, "", Intent.KNOWN),
    ],
)
def test_a_known_entry_is_looked_at_again_for_a_reason(
    make_entry: Callable[..., Entry],
    now: datetime,
    *,
    edited: bool,
    missing: bool,
    attempts: int,
    url: str,
    intent: Intent,
) -> None:
    """An edit, or a page that could not be had yet, is a reason; a page is not asked for without end."""
    entry = make_entry(url=url)
    seen = {0: known(entry, edited=edited, missing=missing, attempts=attempts)}
    plan = decide_entries([entry], seen, first_sync=False, fetch_articles=True, limits=LIMITS, now=now)
    assert intents(plan) == [intent]
    assert plan.decisions[0].known is seen[0]


def test_another_sources_words_are_no_edit(make_entry: Callable[..., Entry], now: datetime) -> None:
    """An item that only other sources led to is known, whatever this list says of it."""
    seen = {0: Known(item_id=ItemId(1), entry_hash="", page_missing=False, page_attempts=1)}
    plan = decide_entries([make_entry()], seen, first_sync=False, fetch_articles=True, limits=LIMITS, now=now)
    assert intents(plan) == [Intent.KNOWN]


def test_a_poll_fetches_no_more_than_its_fill(make_entry: Callable[..., Entry], now: datetime) -> None:
    """Entries beyond the limit are deferred in list order; those without a page are not counted."""
    entries = [make_entry(1), make_entry(2, url=""), make_entry(3), make_entry(4)]
    limits = IntakeLimits(max_pages=2)
    plan = decide_entries(entries, {}, first_sync=False, fetch_articles=True, limits=limits, now=now)
    assert intents(plan) == [Intent.FETCH, Intent.STORE, Intent.FETCH, Intent.DEFER]
    assert [decision.entry for decision in plan.of(Intent.STORE, Intent.DEFER)] == [entries[1], entries[3]]


def carry_out(entries: Sequence[Entry], plan: IntakePlan, seen: Mapping[int, Known]) -> dict[int, Known]:
    """What is stored after every decision but the deferred ones was carried out, and every page was had."""
    done = {index: known(entries[index]) for index, decision in enumerate(plan.decisions) if decision.intent != "defer"}
    return {**seen, **done}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_deciding_again_gives_nothing_new(
    make_entry: Callable[..., Entry],
    make_published: Callable[..., Published],
    now: datetime,
    data: st.DataObject,
) -> None:
    """After a plan was carried out the same list gives only what is known and what was deferred."""
    ages = data.draw(st.lists(st.one_of(st.none(), st.integers(0, 100)), max_size=12))
    entries = [
        make_entry(n, published=None if age is None else make_published(at=now - timedelta(hours=age)))
        for n, age in enumerate(ages)
    ]
    seen = {n: known(entry, edited=data.draw(st.booleans())) for n, entry in enumerate(entries) if n % 3 == 0}
    limits = IntakeLimits(max_pages=data.draw(st.integers(1, 5)))
    fetch_articles = data.draw(st.booleans())
    first = data.draw(st.booleans())
    plan = decide_entries(entries, seen, first_sync=first, fetch_articles=fetch_articles, limits=limits, now=now)
    assert len(plan.of(Intent.FETCH)) <= limits.max_pages
    stored = carry_out(entries, plan, seen)
    again = decide_entries(entries, stored, first_sync=False, fetch_articles=fetch_articles, limits=limits, now=now)
    deferred = {decision.entry for decision in plan.of(Intent.DEFER)}
    for decision in again.decisions:
        assert decision.intent is Intent.KNOWN or decision.entry in deferred
