"""What a poll under way comes to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.errors import StorageError
from core.listing import Listing
from core.outcome import Acceptance, Answer, PollOutcome, Validators
from crawler.polls import OpenPolls, PollRun

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.decide import IntakePlan
    from core.item import Article, Entry
    from core.ports import Clock
    from core.source import Poll

KNOWN = Listing(entries=(), validators=Validators(etag='"v"'), body_hash="abc", ttl=timedelta(minutes=5))


class Reports:
    """An intake that only hears how polls end."""

    def __init__(self, error: Exception | None = None) -> None:
        self.outcomes: list[PollOutcome] = []
        self._error = error

    async def plan(self, poll: Poll, listing: Listing) -> IntakePlan:
        """Not used here."""
        raise AssertionError(poll, listing)

    async def accept(self, poll: Poll, entry: Entry, article: Article) -> Acceptance:
        """Not used here."""
        raise AssertionError(poll, entry, article)

    async def finish(self, poll: Poll, outcome: PollOutcome) -> None:
        """Keep an outcome, or fail."""
        del poll
        if self._error is not None:
            raise self._error
        self.outcomes.append(outcome)


@pytest.fixture
def accepted(now: datetime) -> Acceptance:
    """What the intake says of a new and relevant article with one alert."""
    return Acceptance(item_id=1, new=True, revised=False, relevant=True, alerts=1, at=now)


@pytest.fixture
def run(make_poll: Callable[..., Poll]) -> PollRun:
    """A poll that began at loop time 10."""
    return PollRun(poll=make_poll(), started=10.0)


def test_a_poll_without_a_list_has_timed_out(run: PollRun) -> None:
    """Nothing but the passing of time is a time-out, which says how long was waited."""
    outcome = run.outcome(now=12.5)
    assert (outcome.answer, outcome.detail, outcome.elapsed_s) == (Answer.TIMEOUT, "no list within 300 s", 2.5)
    assert not run.is_complete


def test_counts_add_up(run: PollRun, accepted: Acceptance, make_article: Callable[..., Article]) -> None:
    """What was accepted is counted, and a poll is complete when everything came back."""
    run.planned(KNOWN, awaited=3, pages=2, deferred=0)
    run.accepted(make_article(), accepted)
    run.accepted(make_article(page_problem=Answer.BLOCKED), replace(accepted, new=False, revised=True, alerts=2))
    before = run.is_complete
    run.accepted(make_article(), replace(accepted, relevant=False))
    outcome = run.outcome(now=11.0)
    assert (before, run.is_complete) == (False, True)
    assert (outcome.new, outcome.revised, outcome.relevant, outcome.alerts) == (2, 1, 2, 4)
    assert (outcome.pages, outcome.pages_missing, outcome.deferred) == (2, 1, 0)
    assert (outcome.validators, outcome.body_hash, outcome.ttl) == (KNOWN.validators, "abc", KNOWN.ttl)


@pytest.mark.parametrize("why", ["deferred", "late", "failed", "page"])
def test_validators_are_kept_only_when_nothing_is_left(
    run: PollRun, accepted: Acceptance, make_article: Callable[..., Article], why: str
) -> None:
    """An entry deferred, late, not stored, or with a page to be asked for again makes the list be read again."""
    run.planned(KNOWN, awaited=1, pages=1, deferred=int(why == "deferred"))
    if why == "failed":
        run.failed("database is locked")
    elif why != "late":
        run.accepted(make_article(page_problem=Answer.TIMEOUT if why == "page" else None), accepted)
    outcome = run.outcome(now=11.0)
    assert (outcome.validators, outcome.body_hash) == (None, "")


def test_the_first_fault_is_told(run: PollRun) -> None:
    """A poll with faults of ours is crashed, and says the first of them."""
    run.planned(KNOWN, awaited=2, pages=2, deferred=0)
    run.failed("first")
    run.failed("second")
    outcome = run.outcome(now=11.0)
    assert (outcome.answer, outcome.detail, outcome.entries) == (Answer.CRASHED, "first", 0)


async def test_a_poll_is_reported_once(clock: Clock, make_poll: Callable[..., Poll]) -> None:
    """However often a complete poll is settled, and though its time runs out then, it has one outcome."""
    intake = Reports()
    polls = OpenPolls(intake=intake, clock=clock)
    run = polls.open(make_poll(deadline=timedelta(seconds=0.05)))
    await polls.settle(run)
    assert polls.busy == 1
    run.ended(Answer.GONE, "gone")
    polls.settle_soon(run)
    await polls.settle(run)
    polls.settle_soon(run)
    await asyncio.sleep(0.1)
    assert [outcome.answer for outcome in intake.outcomes] == [Answer.GONE]
    assert polls.busy == 0


async def test_a_poll_ends_with_its_time(clock: Clock, make_poll: Callable[..., Poll]) -> None:
    """A deadline that has passed already ends a poll in the next turn of the loop, and its downloads with it."""
    intake = Reports()
    polls = OpenPolls(intake=intake, clock=clock)
    run = polls.open(make_poll(started_at=clock.now() - timedelta(hours=1)))
    download = asyncio.get_running_loop().create_task(asyncio.sleep(10))
    run.downloads.add(download)
    assert await polls.wait_idle(within=timedelta(seconds=1))
    assert [outcome.answer for outcome in intake.outcomes] == [Answer.TIMEOUT]
    await asyncio.wait({download})
    assert download.cancelled()


async def test_abandoned_polls_are_not_reported(clock: Clock, make_poll: Callable[..., Poll]) -> None:
    """What is given up is over, and nobody hears of it."""
    intake = Reports()
    polls = OpenPolls(intake=intake, clock=clock)
    run = polls.open(make_poll())
    assert not await polls.wait_idle(within=timedelta(seconds=0.01))
    assert polls.abandon() == 1
    run.ended(Answer.OK)
    await polls.settle(run)
    assert (run.over, intake.outcomes, polls.busy, polls.abandon()) == (True, [], 0, 0)
    assert await polls.wait_idle(within=timedelta())


async def test_an_outcome_that_cannot_be_stored_frees_the_poll(clock: Clock, make_poll: Callable[..., Poll]) -> None:
    """A database that is away when a poll ends leaves no poll open."""
    polls = OpenPolls(intake=Reports(StorageError("database is locked")), clock=clock)
    run = polls.open(make_poll())
    run.ended(Answer.GONE)
    await polls.settle(run)
    assert polls.busy == 0
