"""Which entries of a list are new, edited, or known, and what is to be done about each. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from core.hashing import entry_hash
from core.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.item import Entry, ItemId

MAX_PAGE_ATTEMPTS = 3
"""How often a page is asked for that cannot be had for a passing reason, before its item rests with the list's text."""


class Intent(StrEnum):
    """What is to be done about one entry."""

    FETCH = "fetch"
    """New, or edited: fetch its page, then store."""
    STORE = "store"
    """New, and its list already says all there is: store it without a page."""
    BASELINE = "baseline"
    """There already at the first sync, and old: store it silently, without a page."""
    KNOWN = "known"
    """Stored, and unchanged; or the list has just said it."""
    DEFER = "defer"
    """New, but this poll has had its fill: the next one takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is stored of an entry that was seen before."""

    item_id: ItemId
    entry_hash: str
    """Of the same source's words about it; empty when only other sources led to it so far."""
    page_missing: bool
    """Its page could not be had for a passing reason, so its text is still the list's."""
    page_attempts: int
    gone: bool = False
    """Whether its item was pruned since: it is not new, and nothing of it is there to be edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDecision:
    """An entry with its intent."""

    entry: Entry
    intent: Intent
    known: Known | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePlan:
    """The decisions about one list."""

    decisions: tuple[EntryDecision, ...]

    def of(self, *intents: Intent) -> tuple[EntryDecision, ...]:
        """Return the decisions with one of these intents, in list order."""
        return tuple(decision for decision in self.decisions if decision.intent in intents)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeLimits:
    """Bounds of one poll."""

    first_sync_max_age: timedelta = timedelta(hours=24)
    """On the first sync, entries older than this, or without a date, become the silent baseline."""
    max_item_age: timedelta = timedelta(days=30)
    """Items published longer ago are stored without an alert: an old page that reappears is not news."""
    max_pages: int = 40
    """Pages fetched in one poll; further new entries are deferred to the next."""


def decide_entries(
    entries: Sequence[Entry],
    known: Mapping[int, Known],
    *,
    first_sync: bool,
    fetch_articles: bool,
    limits: IntakeLimits,
    now: datetime,
) -> IntakePlan:
    """Decide about every entry of a list.

    Args:
        entries: In list order.
        known: Index in `entries` to what is stored of it; absent means never seen.
        first_sync: Whether nothing of the source has been stored yet.
        fetch_articles: Whether the source's articles have pages worth fetching.
        limits: Bounds of the poll.
        now: The present, aware UTC.

    Returns:
        One decision an entry, in the same order. Deciding again after every decision but the deferred ones has been
        carried out gives only KNOWN and what was deferred.
    """
    decisions: list[EntryDecision] = []
    pages = 0
    met: set[str] = set()
    for index, entry in enumerate(entries):
        seen = known.get(index)
        keys = _identity(entry)
        if seen is None and keys & met:
            decisions.append(EntryDecision(entry=entry, intent=Intent.KNOWN))
            continue
        met |= keys
        intent = _intent(entry, seen, first_sync=first_sync, fetch_articles=fetch_articles, limits=limits, now=now)
        if intent is Intent.FETCH:
            if pages >= limits.max_pages:
                intent = Intent.DEFER
            pages += 1
        decisions.append(EntryDecision(entry=entry, intent=intent, known=seen))
    return IntakePlan(decisions=tuple(decisions))


def _identity(entry: Entry) -> set[str]:
    """Return what storage will know the entry by, to notice a list that says one thing twice."""
    keys = {f"guid:{entry.guid}"} if entry.guid else set()
    return keys | ({f"url:{canonical_url(entry.url)}"} if entry.url else set())


def _intent(
    entry: Entry, seen: Known | None, *, first_sync: bool, fetch_articles: bool, limits: IntakeLimits, now: datetime
) -> Intent:
    has_page = fetch_articles and bool(entry.url)
    if seen is None:
        if first_sync and _is_old(entry, limits.first_sync_max_age, now):
            return Intent.BASELINE
        return Intent.FETCH if has_page else Intent.STORE
    if seen.gone:
        return Intent.KNOWN
    edited = bool(seen.entry_hash) and seen.entry_hash != entry_hash(entry.title, entry.summary, entry.text)
    missing = seen.page_missing and seen.page_attempts < MAX_PAGE_ATTEMPTS
    if edited or (missing and has_page):
        return Intent.FETCH if has_page else Intent.STORE
    return Intent.KNOWN


def _is_old(entry: Entry, max_age: timedelta, now: datetime) -> bool:
    return entry.published is None or now - entry.published.at > max_age
