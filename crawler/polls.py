"""Polls under way: what has come of each so far, when its time is up, and its one report to the intake at the end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from core.errors import StorageError
from core.listing import Listing
from core.outcome import Answer, PollOutcome
from crawler.gathering import Gathering

if TYPE_CHECKING:
    from core.item import Article
    from core.outcome import Acceptance
    from core.ports import Clock, Intake
    from core.source import Poll
    from crawler.archive import CrawledPage

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False, kw_only=True)
class PollRun:
    """One poll under way. Its methods note what came of it; none of them waits for anything."""

    poll: Poll
    started: float
    """Loop time in seconds."""
    answer: Answer | None = None
    """How the list ended; None while it is not known."""
    status: int | None = None
    detail: str = ""
    size_bytes: int = 0
    listing: Listing | None = None
    kept: dict[str, CrawledPage] = field(default_factory=dict)
    """Pages as they came, by the address of their entry, until their items are judged; only for the archive."""
    retry_after: timedelta | None = None
    awaited: int = 0
    """Entries that were to come back and have not."""
    deferred: int = 0
    new: int = 0
    revised: int = 0
    relevant: int = 0
    alerts: int = 0
    pages: int = 0
    pages_missing: int = 0
    fault: str = ""
    """What went wrong on our side while entries were handed over; empty when nothing did."""
    again: bool = False
    """Whether a page is to be asked for once more next time, so that the list must be read again."""
    over: bool = False
    """True once nothing that still comes counts: reported, out of time, or abandoned."""
    timer: asyncio.TimerHandle | None = None
    downloads: set[asyncio.Task[object]] = field(default_factory=set)
    is_reading: bool = False
    """Whether a further page of the list is on its way, though the pages so far are decided about."""
    gathering: Gathering = field(init=False)
    """The list as it comes in."""

    def __post_init__(self) -> None:
        self.gathering = Gathering(poll=self.poll)

    def answered(self, *, status: int, size_bytes: int) -> None:
        """Note that a server answered a request for the list, whatever it said.

        The status is that of the last answer before the list was there; the size that of all answers.
        """
        if self.listing is None:
            self.status = status
        self.size_bytes += size_bytes

    def ended(self, answer: Answer, detail: str = "") -> None:
        """Note how the list ended, when there is nothing to hand over."""
        self.answer = answer
        self.detail = detail
        self.listing = None
        self.is_reading = False
        self.awaited = self.deferred = self.pages = 0

    def planned(self, listing: Listing, *, awaited: int, pages: int, deferred: int) -> None:
        """Note that a list was read and decided about, and how many of its entries are to come back."""
        self.answer = Answer.OK
        self.listing = listing
        self.awaited = awaited
        self.pages = pages
        self.deferred = deferred

    def accepted(self, article: Article, acceptance: Acceptance) -> None:
        """Note that an entry came back and was stored."""
        self.awaited -= 1
        self.new += acceptance.new
        self.revised += acceptance.revised
        self.relevant += acceptance.relevant
        self.alerts += acceptance.alerts
        if article.page_problem is not None:
            self.pages_missing += 1
            self.again = self.again or article.page_problem.may_be_had_later

    def failed(self, fault: str) -> None:
        """Note that an entry came back and could not be stored."""
        self.awaited -= 1
        self.fault = self.fault or fault

    @property
    def is_complete(self) -> bool:
        """Whether the list ended and every entry came back."""
        return self.answer is not None and self.awaited <= 0 and not self.is_reading

    def end(self) -> None:
        """Let nothing that still comes count, and break off what is being downloaded."""
        self.over = True
        if self.timer is not None:
            self.timer.cancel()
        for task in tuple(self.downloads):
            task.cancel()

    def outcome(self, *, now: float) -> PollOutcome:
        """Return how the poll ended, or would if it ended now.

        A poll whose list never came has timed out. Validators are kept only when everything on the list was dealt
        with, since an unchanged list is not read again.

        Args:
            now: Loop time in seconds.
        """
        answer, detail = self.answer or Answer.TIMEOUT, self.detail
        if self.answer is None:
            detail = f"no list within {self.poll.deadline.total_seconds():g} s"
        if self.fault:
            answer, detail = Answer.CRASHED, self.fault
        listing = self.listing or Listing(entries=())
        deferred = self.deferred + max(self.awaited, 0)
        is_done = self.listing is not None and not (deferred or self.fault or self.again)
        return PollOutcome(
            source_id=self.poll.source.id,
            answer=answer,
            status=self.status,
            detail=detail,
            entries=len(listing.entries),
            new=self.new,
            revised=self.revised,
            relevant=self.relevant,
            alerts=self.alerts,
            pages=self.pages,
            pages_missing=self.pages_missing,
            deferred=deferred,
            degraded=listing.degraded,
            skipped=listing.skipped,
            first_sync=self.poll.is_first_sync,
            size_bytes=self.size_bytes,
            elapsed_s=now - self.started,
            validators=listing.validators if is_done else None,
            body_hash=listing.body_hash if is_done else "",
            retry_after=self.retry_after,
            ttl=listing.ttl,
            closed=listing.closed,
        )


class OpenPolls:
    """The polls under way, and the clock over them. Used on one event loop."""

    def __init__(self, *, intake: Intake, clock: Clock) -> None:
        self._intake = intake
        self._clock = clock
        self._runs: set[PollRun] = set()
        self._reports: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def busy(self) -> int:
        """How many polls are under way, those being reported included."""
        return len(self._runs)

    def open(self, poll: Poll) -> PollRun:
        """Begin a poll; its deadline counts from `poll.started_at`."""
        loop = asyncio.get_running_loop()
        run = PollRun(poll=poll, started=loop.time())
        elapsed = max(self._clock.now() - poll.started_at, timedelta())
        left = max(poll.deadline - elapsed, timedelta())
        run.timer = loop.call_later(left.total_seconds(), self._end_soon, run)
        self._runs.add(run)
        self._idle.clear()
        return run

    async def settle(self, run: PollRun) -> None:
        """Report a poll if it is complete and was not reported yet."""
        if run.is_complete and not run.over:
            await self._report(run, self._end(run))

    def settle_soon(self, run: PollRun) -> None:
        """Report a poll if it is complete, from a place that cannot wait."""
        if run.is_complete:
            self._end_soon(run)

    async def wait_idle(self, *, within: timedelta | None = None) -> bool:
        """Wait until no poll is under way; return False when some still is after the given time, if one is given."""
        if not self._runs:
            return True
        try:
            await asyncio.wait_for(self._idle.wait(), within.total_seconds() if within is not None else None)
        except TimeoutError:
            return False
        return True

    def abandon(self) -> int:
        """Give up every poll that is not being reported, without a report; return how many there were."""
        given_up = [run for run in self._runs if not run.over]
        for run in given_up:
            run.end()
            self._forget(run)
        return len(given_up)

    def _end_soon(self, run: PollRun) -> None:
        """End a poll now, if it is not over, and report it as soon as the loop comes to it."""
        if run.over:
            return
        report = asyncio.get_running_loop().create_task(self._report(run, self._end(run)))
        self._reports.add(report)
        report.add_done_callback(self._reports.discard)

    def _end(self, run: PollRun) -> PollOutcome:
        outcome = run.outcome(now=asyncio.get_running_loop().time())
        run.end()
        return outcome

    async def _report(self, run: PollRun, outcome: PollOutcome) -> None:
        try:
            await self._intake.finish(run.poll, outcome)
        except StorageError as error:
            # Nothing is lost: the source's lease runs out and it is polled again with its old state.
            log.warning("poll not recorded", source=run.poll.source.id, error=str(error))
        finally:
            self._forget(run)

    def _forget(self, run: PollRun) -> None:
        self._runs.discard(run)
        if not self._runs:
            self._idle.set()
