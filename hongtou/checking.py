"""The use case of `sources check`: ask sources once, store nothing, and say what was found and what is missing."""

from __future__ import annotations

import asyncio
import unicodedata
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from core.decide import EntryDecision, IntakePlan, Intent
from core.item import BodyOrigin
from core.outcome import Acceptance
from core.source import Poll, SourceState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.item import Article, Entry
    from core.listing import Listing
    from core.outcome import Answer, PollOutcome
    from core.ports import Clock
    from core.source import Source, SourceId

_AT_ONCE = 16
"""Polls under way at once: each one's deadline runs from its start, so that they must not wait for one another."""
_ARTICLES = 3
"""Articles that are read: one page that was deleted since says nothing about its source."""
_AKIN = 0.5
"""Share of a list's title that an article's must have, in pairs of characters, to be the same one's: titles are cut
short in lists and complemented on pages, while two articles of one site share hardly a tenth."""


class Found(StrEnum):
    """How a check came out."""

    OK = "ok"
    DEGRADED = "degraded"
    """Read, but not as the source's entry says."""
    FAILED = "failed"
    """The list or its first article could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCheck:
    """What one look at a source found."""

    source_id: SourceId
    answer: Answer
    status: int | None
    rows: int
    dated: int
    """Of the rows, those with a date."""
    newest: datetime | None
    """The newest date among them, aware UTC."""
    article: str
    """What was read of the best of its first articles: `title, date, 1234 characters`; empty when none came."""
    missing: tuple[str, ...]
    """What could not be had, one short sentence each; empty when all was."""
    degraded: str
    elapsed_s: float

    @property
    def found(self) -> Found:
        """The outcome in one word."""
        if self.missing:
            return Found.FAILED
        return Found.DEGRADED if self.degraded else Found.OK


class Crawler(Protocol):
    """What a check asks of the crawler."""

    async def start(self) -> None:
        """Make it ready to take polls."""
        ...

    async def submit(self, poll: Poll) -> None:
        """Begin a poll and return at once."""
        ...

    async def stop(self, timeout: timedelta) -> None:  # noqa: ASYNC109 - the crawler finishes in its own way
        """Give up what is left."""
        ...


class CheckIntake:
    """Implements `core.ports.Intake` for checks: has the first article read, and keeps what was found in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listings: dict[SourceId, Listing] = {}
        self._read: dict[SourceId, list[tuple[Entry, Article]]] = {}
        self._ended: dict[SourceId, asyncio.Future[SourceCheck]] = {}

    def expect(self, source_id: SourceId) -> asyncio.Future[SourceCheck]:
        """Return the promise of a source's check, kept when its poll ends."""
        return self._ended.setdefault(source_id, asyncio.get_running_loop().create_future())

    async def plan(self, poll: Poll, listing: Listing) -> IntakePlan:
        """Have the first few entries' articles read, from their pages if the source's articles have pages."""
        self._listings[poll.source.id] = listing
        first = [entry for entry in listing.entries if entry.url][:_ARTICLES]
        wanted = Intent.FETCH if poll.source.fetch_articles else Intent.STORE
        return IntakePlan(
            decisions=tuple(
                EntryDecision(entry=entry, intent=wanted if any(entry is one for one in first) else Intent.KNOWN)
                for entry in listing.entries
            )
        )

    async def accept(self, poll: Poll, entry: Entry, article: Article) -> Acceptance:
        """Keep the article."""
        self._read.setdefault(poll.source.id, []).append((entry, article))
        return Acceptance(item_id=0, new=True, revised=False, relevant=False, alerts=0, at=self._clock.now())

    async def finish(self, poll: Poll, outcome: PollOutcome) -> None:
        """Keep the promise."""
        source_id = poll.source.id
        listing, read = self._listings.get(source_id), self._read.get(source_id, [])
        self.expect(source_id).set_result(check_of(poll.source, outcome, listing, read))


async def check_sources(
    crawler: Crawler, intake: CheckIntake, sources: Sequence[Source], *, clock: Clock, deadline: timedelta
) -> tuple[SourceCheck, ...]:
    """Poll every source once, as if for the first time.

    Args:
        crawler: It hands what it finds to `intake`.
        intake: See `crawler`.
        sources: What to check; each once.
        clock: The time.
        deadline: How long one poll may take.

    Returns:
        The checks, in the order of the sources.
    """
    await crawler.start()
    left, under_way = deque(sources), set[asyncio.Future[SourceCheck]]()
    while left or under_way:
        while left and len(under_way) < _AT_ONCE:
            source, now = left.popleft(), clock.now()
            under_way.add(intake.expect(source.id))
            state = SourceState(source_id=source.id, next_due_at=now)
            await crawler.submit(Poll(source=source, state=state, started_at=now, deadline=deadline))
        _, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
    await crawler.stop(timedelta())
    return tuple(intake.expect(source.id).result() for source in sources)


def check_of(
    source: Source, outcome: PollOutcome, listing: Listing | None, read: Sequence[tuple[Entry, Article]]
) -> SourceCheck:
    """Judge one look at a source.

    Args:
        source: Who was looked at.
        outcome: How the poll ended.
        listing: Its list, None when there was none.
        read: The entries whose articles came back, with these, in any order: the best of them is judged.
    """
    entries = listing.entries if listing else ()
    dates = [entry.published.at for entry in entries if entry.published]
    judged = sorted(read, key=lambda pair: len(_missing_of(source, *pair)))[:1]
    lacks = [lack for entry, article in judged for lack in _missing_of(source, entry, article)]
    degraded = outcome.degraded or (listing.degraded if listing else "")
    return SourceCheck(
        source_id=source.id,
        answer=outcome.answer,
        status=outcome.status,
        rows=len(entries),
        dated=len(dates),
        newest=max(dates, default=None),
        article="".join(_article(article) for _, article in judged),
        missing=tuple(lacks) if outcome.answer.is_success and judged else (_why_nothing(outcome),),
        degraded=degraded or "".join(_own_words(source, entry, article) for entry, article in judged),
        elapsed_s=outcome.elapsed_s,
    )


def _why_nothing(outcome: PollOutcome) -> str:
    if outcome.answer.is_success:
        return "no row has a link"
    return outcome.detail or f"the answer was {outcome.answer}"


def _missing_of(source: Source, entry: Entry, article: Article) -> list[str]:
    if article.page_problem is not None and source.fetch_articles:
        return [f"its first articles: {article.page_problem}"]
    lacks = []
    if article.text and source.fetch_articles and article.body_origin is not BodyOrigin.PAGE and not entry.text:
        lacks.append("its first articles' pages have no text")
    if not article.text and not article.attachments:
        lacks.append("its first articles have no text")
    if article.published is None:
        lacks.append("its first articles have no date")
    if not is_akin(entry.title, article.title):
        lacks.append(f"its first articles are others: “{article.title}”")
    return lacks


def _own_words(source: Source, entry: Entry, article: Article) -> str:
    """Say that a page gave less than the list's own text; empty when it did not."""
    is_ours = source.fetch_articles and entry.text and article.body_origin is not BodyOrigin.PAGE
    return "its first article's page has less text than the list" if is_ours else ""


def _article(article: Article) -> str:
    parts = ["title"] if article.title else []
    parts += [f"{article.published.at:%Y-%m-%d}"] if article.published else []
    parts += [f"{len(article.text)} characters"] if article.text else []
    parts += [f"{len(article.attachments)} attachments"] if article.attachments else []
    return ", ".join(parts)


def is_akin(listed: str, read: str) -> bool:
    """Whether a title on a list and one on a page may be the same article's.

    They may when either holds half of the other's pairs of characters, or when one of them is empty. Width, case,
    white space and punctuation do not count.
    """
    ours, theirs = _pairs(listed), _pairs(read)
    return not (ours and theirs) or len(ours & theirs) >= _AKIN * min(len(ours), len(theirs))


def _pairs(title: str) -> set[str]:
    letters = [letter for letter in unicodedata.normalize("NFKC", title).casefold() if letter.isalnum()]
    return {first + second for first, second in pairwise(letters)}
