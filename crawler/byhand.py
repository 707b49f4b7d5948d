"""What a spider works through when a person runs it with `scrapy crawl`: the shipped catalogue, and no storage."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from config.sources import load_catalogue
from core.decide import IntakeLimits, IntakePlan, decide_entries
from core.errors import ConfigError, ConfigProblem
from core.outcome import Acceptance
from core.source import Poll, SourceId, SourceState
from crawler.pages.extractor import PageExtractor
from crawler.polls import OpenPolls
from crawler.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Article, Entry
    from core.listing import Listing
    from core.outcome import PollOutcome
    from core.source import Source, SourceKind

log = logging.getLogger(__name__)
"""Scrapy's own log, since standard output may be the export."""

P = ParamSpec("P")
T = TypeVar("T")


class SystemClock:
    """Implements `core.ports.Clock`."""

    def now(self) -> datetime:
        """Return the present, aware UTC."""
        return datetime.now(tz=UTC)  # noqa: TID251 (this is a Clock)


class ThreadOffload:
    """Implements `core.ports.Offload` with the loop's own threads."""

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the function in a thread."""
        return await asyncio.to_thread(function, *args, **kwargs)


class UnstoredIntake:
    """Implements `core.ports.Intake` without a memory: everything on a list is new, and nothing is kept."""

    def __init__(self, clock: SystemClock, *, limits: IntakeLimits) -> None:
        self._clock = clock
        self._limits = limits

    async def plan(self, poll: Poll, listing: Listing) -> IntakePlan:
        """Have every page fetched, up to the limit of one poll."""
        return decide_entries(
            listing.entries,
            {},
            first_sync=False,
            fetch_articles=poll.source.fetch_articles,
            limits=self._limits,
            now=self._clock.now(),
        )

    async def accept(self, poll: Poll, entry: Entry, article: Article) -> Acceptance:
        """Count an article as new."""
        del poll, entry, article
        return Acceptance(item_id=0, new=True, revised=False, relevant=False, alerts=0, at=self._clock.now())

    async def finish(self, poll: Poll, outcome: PollOutcome) -> None:
        """Say how the poll ended, on the log."""
        level = logging.INFO if outcome.answer.is_success else logging.WARNING
        log.log(level, "%s: %s. %s", poll.source.id, outcome.answer, outcome.detail)


def services_by_hand() -> Services:
    """Return what a spider works through by hand."""
    clock = SystemClock()
    intake = UnstoredIntake(clock, limits=IntakeLimits())
    return Services(
        intake=intake,
        extractor=PageExtractor(clock),
        offload=ThreadOffload(),
        clock=clock,
        polls=OpenPolls(intake=intake, clock=clock),
    )


def shipped_poll(source_id: str, kind: SourceKind, *, now: datetime) -> Poll:
    """Return a first poll of a source of the shipped catalogue.

    Raises:
        ConfigError: There is no such source, or it is of another kind.
    """
    source = _shipped_source(source_id, kind)
    return Poll(source=source, state=SourceState(source_id=source.id, next_due_at=now), started_at=now)


def _shipped_source(source_id: str, kind: SourceKind) -> Source:
    catalogue = load_catalogue()
    if not source_id:
        known = ", ".join(sorted(found.id for found in catalogue.values() if found.kind is kind))
        raise _no_source(f"name a source with -a source=ID; of kind {kind} there are: {known}")
    source = catalogue.get(SourceId(source_id))
    if source is None:
        raise _no_source(f"there is no source {source_id!r} in the shipped catalogue")
    if source.kind is not kind:
        raise _no_source(
            f"source {source_id!r} is of kind {source.kind}: scrapy crawl {source.kind} -a source={source_id}"
        )
    return source


def _no_source(message: str) -> ConfigError:
    return ConfigError([ConfigProblem(where="-a source", key="", message=message)])
