"""Looking at flagged items again: when, what a look means, and when a page counts as removed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.item import BodyOrigin
from core.outcome import Answer
from core.urls import canonical_url
from core.wording import folded, likeness

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.item import Article, Item, ItemId

CONFIRM_AFTER = timedelta(hours=1)
"""Gap between the look that misses a page and the one that confirms it: longer than a deployment or a cache that serves
an error for a while, shorter than anybody waits for the news."""
LOOKS_TO_REMOVE = 2
"""Looks in a row that must miss a page before it counts as removed."""
FIRST_RETRY = timedelta(hours=1)
MAX_RETRY = timedelta(days=1)
"""Gaps after looks that told nothing: from an hour, doubling, to a day."""
MAX_RETRIES = 6
"""Looks in a row that tell nothing before the next step of the schedule is waited for, or the item let go."""
_LITTLE = 100
"""Folded characters under which a text is so short that its emptiness tells nothing."""
_EMPTIED = 0.1
"""Share of its former length under which a text was emptied: a notice in its place, a title that was left standing."""
_UNLIKE = 0.1
"""Likeness under which two texts have only common characters in common; two articles of one outlet reach 0.05."""

_MOVED = 0.5
"""Likeness from which a text at another address is the same document, moved."""


class Sight(StrEnum):
    """What one look at a page showed."""

    PRESENT = "present"
    MISSING = "missing"
    UNCLEAR = "unclear"
    """It could not be had for a reason that says nothing of the page: an outage, a challenge, robots.txt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a page."""

    sight: Sight
    reason: str = ""
    """What was seen instead of the page, a phrase that ends `the page …`; empty when it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckPlan:
    """When items are looked at again."""

    steps: tuple[timedelta, ...] = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168, 336, 720))
    """Ages of an item, counted from when it was first seen, in rising order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """What is remembered of the looks at one item. All times are aware UTC."""

    item_id: ItemId
    due_at: datetime | None
    """When it is looked at next; None when the schedule is over."""
    looks: int = 0
    """Looks so far that told something."""
    failures: int = 0
    """Looks in a row that told nothing."""
    missing: int = 0
    """Looks in a row that missed the page."""
    last_look_at: datetime | None = None
    last_reason: str = ""
    """What the last look saw instead of the page; empty when the page was there."""
    removed_at: datetime | None = None
    """When the second look in a row missed the page; None while it is there."""
    removal: str = ""
    """Why it counts as removed."""
    removals: int = 0
    """How often it was removed so far."""
    returned_at: datetime | None = None
    """When a removed page was last found to be back."""

    @property
    def is_removed(self) -> bool:
        """Whether its publisher has removed or emptied the page, as far as known."""
        return self.removed_at is not None


def next_step(plan: RecheckPlan, *, first_seen_at: datetime, now: datetime) -> datetime | None:
    """Return the schedule's next time after now; steps that were missed are made up for by none; None at the end."""
    return next((at for step in plan.steps if (at := first_seen_at + step) > now), None)


def after_look(
    recheck: Recheck, look: Look, plan: RecheckPlan, *, first_seen_at: datetime, now: datetime, jitter: float
) -> Recheck:
    """Return what to remember after a look.

    A page that was missed is looked at again soon; the second miss in a row removes it. Looks that told nothing
    neither confirm nor clear it. A removed page keeps its schedule, so that its return is noticed.

    Args:
        recheck: What was remembered before.
        look: What was seen.
        plan: The schedule.
        first_seen_at: When the item was first seen.
        now: When the look was, aware UTC.
        jitter: A number in [0, 1), so that items found together are not all looked at together.
    """
    scheduled = next_step(plan, first_seen_at=first_seen_at, now=now)
    if scheduled is not None:
        scheduled += (scheduled - now) * 0.1 * jitter
    seen = replace(recheck, last_look_at=now, last_reason=look.reason, due_at=scheduled)
    if look.sight is Sight.UNCLEAR:
        return _unclear(seen, scheduled, now=now)
    seen = replace(seen, looks=recheck.looks + 1, failures=0)
    if look.sight is Sight.MISSING:
        return _missed(seen, look, scheduled, now=now)
    if recheck.is_removed:
        return replace(seen, missing=0, removed_at=None, removal="", returned_at=now)
    return replace(seen, missing=0)


def _unclear(seen: Recheck, scheduled: datetime | None, *, now: datetime) -> Recheck:
    failures = seen.failures + 1
    if failures > MAX_RETRIES:
        return replace(seen, failures=0, due_at=scheduled)
    return replace(seen, failures=failures, due_at=_sooner(now + _retry_gap(failures), scheduled))


def _retry_gap(failures: int) -> timedelta:
    doublings: int = 2 ** (failures - 1)
    return min(FIRST_RETRY * doublings, MAX_RETRY)


def _missed(seen: Recheck, look: Look, scheduled: datetime | None, *, now: datetime) -> Recheck:
    missing = seen.missing + 1
    if seen.is_removed:
        return replace(seen, missing=missing)
    if missing < LOOKS_TO_REMOVE:
        return replace(seen, missing=missing, due_at=_sooner(now + CONFIRM_AFTER, scheduled))
    return replace(seen, missing=missing, removed_at=now, removal=look.reason, removals=seen.removals + 1)


def _sooner(at: datetime, scheduled: datetime | None) -> datetime:
    return at if scheduled is None else min(at, scheduled)


_MISSING_ANSWERS = {
    Answer.GONE: "the server says that it is gone",
    Answer.SOFT_404: "an error page or an empty shell stands in its place",
    Answer.EMPTY: "its page is empty",
    Answer.PARSE: "its page holds no text any more",
}


def look_without_page(answer: Answer) -> Look:
    """Return what an answer without a readable page tells of it.

    Only what a server says of this page counts; refusals, challenges and faults on the wire tell nothing.
    """
    reason = _MISSING_ANSWERS.get(answer)
    return Look(sight=Sight.MISSING, reason=reason) if reason else Look(sight=Sight.UNCLEAR, reason=answer.value)


def look_at_article(stored: Item, article: Article, *, lists: Sequence[str]) -> Look:
    """Return what a page tells that was read.

    Args:
        stored: The item in its newest revision.
        article: What its page says now; its address is the one after redirects.
        lists: Addresses of lists that the item's page may be redirected to.
    """
    if leads_to_index(stored.url, article.url, lists=lists) and not _is_told(stored, article):
        return Look(sight=Sight.MISSING, reason=f"it is redirected to {article.url}")
    if stored.body_origin is not BodyOrigin.PAGE:
        return Look(sight=Sight.PRESENT)
    before, after = folded(stored.text), folded(article.text)
    if article.body_origin is not BodyOrigin.PAGE or len(after) < _EMPTIED * len(before):
        is_told = len(before) >= _LITTLE
        return Look(sight=Sight.MISSING, reason="its text was emptied") if is_told else Look(sight=Sight.PRESENT)
    if folded(stored.title) != folded(article.title) and min(len(before), len(after)) >= _LITTLE:
        alike = max(likeness(stored.text, article.text), likeness(stored.title, article.title))
        if alike < _UNLIKE:
            return Look(sight=Sight.MISSING, reason=f"another page stands in its place: “{article.title[:80]}”")
    return Look(sight=Sight.PRESENT)


def _is_told(stored: Item, article: Article) -> bool:
    """Whether an article still tells what is stored, wherever it stands now."""
    is_titled = bool(stored.title) and folded(stored.title) == folded(article.title)
    return is_titled or likeness(stored.text, article.text) >= _MOVED


def leads_to_index(asked: str, answered: str, *, lists: Sequence[str]) -> bool:
    """Whether an address was redirected to a place above it, the site's front page or one of the lists."""
    was, now = canonical_url(asked), canonical_url(answered)
    if was == now or not answered:
        return False
    if now in {canonical_url(url) for url in lists}:
        return True
    here = urlsplit(now)
    if here.path in ("", "/") and not here.query:
        return True
    there = urlsplit(was)
    is_above = there.path.startswith(f"{here.path.rstrip('/')}/")
    return here.netloc == there.netloc and is_above and not here.query
