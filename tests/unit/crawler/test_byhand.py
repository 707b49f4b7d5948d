"""What a spider works through by hand."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest

from config.sources import load_catalogue
from core.decide import IntakeLimits, Intent
from core.errors import ConfigError
from core.listing import Listing
from core.outcome import Answer, PollOutcome
from core.source import SourceKind
from crawler.byhand import SystemClock, ThreadOffload, UnstoredIntake, services_by_hand, shipped_poll

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.item import Article, Entry
    from core.source import Poll


@pytest.fixture
def intake() -> UnstoredIntake:
    """An intake without a memory that lets two pages be fetched."""
    return UnstoredIntake(SystemClock(), limits=IntakeLimits(max_pages=2))


async def test_everything_is_new(
    intake: UnstoredIntake, make_poll: Callable[..., Poll], make_entry: Callable[..., Entry]
) -> None:
    """Every page of a list is fetched, up to the limit, also when the list is asked about twice."""
    listing = Listing(entries=tuple(make_entry(n) for n in range(3)))
    for _ in range(2):
        plan = await intake.plan(make_poll(), listing)
        assert [decision.intent for decision in plan.decisions] == [Intent.FETCH, Intent.FETCH, Intent.DEFER]


async def test_nothing_is_stored(
    intake: UnstoredIntake,
    make_poll: Callable[..., Poll],
    make_entry: Callable[..., Entry],
    make_article: Callable[..., Article],
) -> None:
    """An accepted article is new each time."""
    for _ in range(2):
        assert (await intake.accept(make_poll(), make_entry(), make_article())).new


@pytest.mark.parametrize(("answer", "level"), [(Answer.OK, logging.INFO), (Answer.BLOCKED, logging.WARNING)])
async def test_the_end_is_told_on_the_log(
    intake: UnstoredIntake, make_poll: Callable[..., Poll], caplog: pytest.LogCaptureFixture, answer: Answer, level: int
) -> None:
    """A poll that failed warns, one that did not informs, so that the default log shows failures only."""
    caplog.set_level(logging.INFO)
    await intake.finish(make_poll(), PollOutcome(source_id="lianwen", answer=answer, detail="why"))
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [(level, f"lianwen: {answer}. why")]


async def test_work_leaves_the_loop() -> None:
    """Blocking work runs in another thread."""
    assert await ThreadOffload().run(threading.get_ident) != threading.get_ident()


@pytest.mark.parametrize("kind", list(SourceKind))
def test_every_kind_has_a_shipped_source(kind: SourceKind, now: datetime) -> None:
    """A shipped source is polled as one that was never polled."""
    source = next(source for source in load_catalogue().values() if source.kind is kind)
    poll = shipped_poll(source.id, kind, now=now)
    assert (poll.source, poll.is_first_sync, poll.started_at) == (source, True, now)


def test_a_source_of_another_kind_is_pointed_to_its_spider(now: datetime) -> None:
    """A wrong spider is told with the right command."""
    source = next(source for source in load_catalogue().values() if source.kind is SourceKind.JSON)
    with pytest.raises(ConfigError, match=f"scrapy crawl json -a source={source.id}"):
        shipped_poll(source.id, SourceKind.FEED, now=now)


def test_services_share_one_intake() -> None:
    """What spiders hand over and where polls are reported is the same place."""
    services = services_by_hand()
    assert services.polls.busy == 0
    assert services.clock.now().tzinfo is not None
