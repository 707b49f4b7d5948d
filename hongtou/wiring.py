"""The composition root: the one place that knows which class stands behind which port."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TextIO

from core.network import NetworkWatch
from crawler.archive import WarcArchive
from crawler.pages.extractor import PageExtractor
from crawler.rendering import warn_without_browser
from crawler.runtime import ScrapyCrawler
from hongtou.aftermath import Aftermath
from hongtou.checking import CheckIntake
from hongtou.clock import SystemClock
from hongtou.copies import KEEP_EVERY, CopyFinder, CopyKeeper
from hongtou.daemon import Daemon, DaemonTimes
from hongtou.dispatch import Dispatcher
from hongtou.fitting import build_notifier, delivery_means, fit, refit
from hongtou.health import REVIEW_EVERY, HealthReviewer
from hongtou.inspection import Inspector
from hongtou.intake import StoringIntake
from hongtou.item_retention import Housekeeper, ItemRetention
from hongtou.live import Live, UseCases
from hongtou.notices import Notices
from hongtou.offload import ThreadOffload
from hongtou.opinions import own_threads, prune_opinions, stop_asking, with_second_opinion
from hongtou.parts import build_classifier, build_copy_finder, build_story_linker, open_database
from hongtou.rechecking import Rechecker
from hongtou.reloading import Reading, Reloader
from hongtou.story_keeping import LINK_EVERY, StoryKeeper, StoryMemory
from hongtou.upkeep import Upkeep
from hongtou.web.starting import build_meters, build_pages
from scheduler.cron import ApsCron
from scheduler.ticks import Ticker

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.loaded import Loaded
    from core.meters import Meters
    from core.outcome import PollOutcome
    from core.ports import Extractor
    from core.repositories import Database
    from hongtou.delivering import DeliveryMeans
    from hongtou.linking import StoryLinker
    from hongtou.live import Effective
    from hongtou.web.meters import PrometheusMeters
    from hongtou.web.serving import WebServer
    from storage.database import SqlDatabase

_THREADS = 4
"""Threads for everything that blocks but for second opinions, which bring their own."""
_PRUNE_EVERY = timedelta(hours=6)
ITEMS_EVERY = timedelta(minutes=15)
"""Gap between two rounds of the housekeeper."""


def build_extractor() -> Extractor:
    """Return the article extractor."""
    return PageExtractor(SystemClock())


def build_inspector(loaded: Loaded, database: Database | None = None) -> Inspector:
    """Return what `hongtou inspect` uses; with a database it asks for second opinions, which are remembered there."""
    classifier = build_classifier(loaded)
    return Inspector(
        extractor=build_extractor(),
        classifier=with_second_opinion(loaded, classifier, database) if database else classifier,
        sources=loaded.sources.values,
    )


def build_dispatcher(loaded: Loaded, database: SqlDatabase, offload: ThreadOffload, *, terminal: TextIO) -> Dispatcher:
    """Return the dispatcher with the configured channels.

    Raises:
        DeliveryError: A channel's address is not understood.
    """
    means = delivery_means(loaded, build_notifier(loaded, terminal=terminal))
    return _dispatcher(means, database, offload, Notices(means.pacing.operators, SystemClock()))


def _dispatcher(
    means: DeliveryMeans,
    database: SqlDatabase,
    offload: ThreadOffload,
    notices: Notices,
    meters: Meters | None = None,
) -> Dispatcher:
    return Dispatcher(
        database=database,
        means=means,
        notices=notices,
        cron=ApsCron(),
        offload=offload,
        clock=SystemClock(),
        jitter=random.random,
        meters=meters,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The running parts of a daemon, to be used on one loop and closed."""

    daemon: Daemon
    crawler: ScrapyCrawler
    dispatcher: Dispatcher
    database: SqlDatabase
    offload: ThreadOffload
    live: Live
    web: WebServer | None = None
    """Pages for operations; None where none are asked for."""

    def close(self) -> None:
        """Give up threads and connections."""
        self.offload.close()
        self.database.close()


def build_app(
    loaded: Loaded,
    *,
    terminal: TextIO,
    on_outcome: Callable[[PollOutcome], None] = lambda _: None,
    load: Callable[[], Loaded] | None = None,
) -> App:
    """Build the daemon; to be called on its event loop.

    Args:
        loaded: The configuration.
        terminal: Where `terminal:` channels print.
        on_outcome: Told how each poll ended.
        load: Reads the configuration again, for a daemon that takes edits over; None for one that does not.

    Raises:
        ConfigError: The lexicon has faults, or the data directory cannot be used.
        DeliveryError: A channel's address is not understood.
        StorageError: The database cannot be used.
    """
    warn_without_browser(loaded.watched)
    notifier = build_notifier(loaded, terminal=terminal)
    steps: list[tuple[str, str]] = []
    database = open_database(loaded, upgraded=lambda old, new: steps.append((old, new)))
    first = fit(loaded, notifier, database)
    meters = build_meters() if loaded.settings.web.listen else None
    parts = _Parts(
        first=first,
        database=database,
        offload=ThreadOffload(threads=_THREADS + own_threads(loaded)),
        network=NetworkWatch(hosts=first.hosts),
        notices=Notices(first.means.pacing.operators, SystemClock()),
        copies=build_copy_finder(loaded),
        linker=build_story_linker(loaded, first.rules.finder),
        meters=meters,
    )
    intake = _build_intake(parts, on_outcome)
    crawler = ScrapyCrawler(
        settings=loaded.settings.crawl,
        intake=intake,
        extractor=build_extractor(),
        offload=parts.offload,
        clock=SystemClock(),
        archive=_build_archive(loaded),
    )
    dispatcher = _dispatcher(first.means, parts.database, parts.offload, parts.notices, meters)
    daemon = _build_daemon(parts, crawler=crawler, intake=intake, dispatcher=dispatcher)
    reviewer = _build_reviewer(parts)
    daemon.also("health", REVIEW_EVERY, reviewer.review)
    daemon.also("copies", KEEP_EVERY, _build_copy_keeper(parts).keep)
    daemon.also("stories", LINK_EVERY, _build_story_keeper(parts, intake).keep)
    rechecker: Rechecker | None = None
    if loaded.settings.rechecks.enabled:
        rechecker = _build_rechecker(parts, crawler=crawler, intake=intake)
        daemon.also("recheck", loaded.settings.rechecks.tick, partial(_look_again, rechecker, parts.network))
    if loaded.settings.classify.second_opinion.enabled:
        daemon.also("opinions", _PRUNE_EVERY, partial(_prune_opinions, parts))
    use_cases = UseCases(
        daemon=daemon,
        intake=intake,
        dispatcher=dispatcher,
        notices=parts.notices,
        reviewer=reviewer,
        rechecker=rechecker,
        network=parts.network,
    )
    live = Live(first, use_cases)
    daemon.also("items", ITEMS_EVERY, _build_housekeeper(parts, live).keep, once=False)
    _build_upkeep(parts).begin(live, daemon, cron=ApsCron(), upgrades=steps)
    daemon.on_stop(lambda: stop_asking(live.now.rules.classifier))
    if load is not None:
        _watch_files(parts, live, daemon, load)
    return App(
        daemon=daemon,
        crawler=crawler,
        dispatcher=dispatcher,
        database=parts.database,
        offload=parts.offload,
        live=live,
        web=build_pages(live, parts.database, parts.offload, meters) if meters else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What the use cases share."""

    first: Effective
    database: SqlDatabase
    offload: ThreadOffload
    network: NetworkWatch
    notices: Notices
    copies: CopyFinder
    linker: StoryLinker
    meters: PrometheusMeters | None


def _build_housekeeper(parts: _Parts, live: Live) -> Housekeeper:
    def retention() -> tuple[ItemRetention, str, str]:
        settings = live.now.loaded.settings.retention
        return (
            ItemRetention(irrelevant=settings.irrelevant, remember=settings.remember),
            settings.tidy,
            settings.zone,
        )

    return Housekeeper(
        database=parts.database,
        tidyable=parts.database,
        retention=retention,
        cron=ApsCron(),
        offload=parts.offload,
        clock=SystemClock(),
    )


def _build_upkeep(parts: _Parts) -> Upkeep:
    return Upkeep(database=parts.database, notices=parts.notices, offload=parts.offload, clock=SystemClock())


def _watch_files(parts: _Parts, live: Live, daemon: Daemon, load: Callable[[], Loaded]) -> None:
    clock = SystemClock()
    aftermath = Aftermath(database=parts.database, offload=parts.offload, clock=clock)
    reloader = Reloader(
        live=live,
        reading=Reading(load=load, fit=partial(refit, database=parts.database)),
        database=parts.database,
        notices=parts.notices,
        offload=parts.offload,
        clock=clock,
        after=aftermath.begin,
    )
    daemon.also("reload", parts.first.loaded.settings.reload.tick, reloader.look, once=False)
    daemon.on_hangup(reloader.request)
    daemon.on_stop(aftermath.cancel)


def _build_intake(parts: _Parts, on_outcome: Callable[[PollOutcome], None]) -> StoringIntake:
    return StoringIntake(
        database=parts.database,
        rules=parts.first.rules,
        copies=parts.copies,
        linker=parts.linker,
        offload=parts.offload,
        clock=SystemClock(),
        network=parts.network,
        jitter=random.random,
        on_outcome=on_outcome,
        meters=parts.meters,
    )


def _build_daemon(parts: _Parts, *, crawler: ScrapyCrawler, intake: StoringIntake, dispatcher: Dispatcher) -> Daemon:
    settings = parts.first.loaded.settings
    return Daemon(
        watch=parts.first.watch,
        times=DaemonTimes(
            poll_tick=settings.schedule.poll_tick,
            dispatch_tick=settings.schedule.dispatch_tick,
            digest_tick=settings.schedule.digest_tick,
            poll_deadline=settings.crawl.poll_deadline,
            stop_timeout=settings.schedule.stop_timeout,
            max_polls=settings.schedule.max_polls,
        ),
        database=parts.database,
        crawler=crawler,
        intake=intake,
        dispatcher=dispatcher,
        notices=parts.notices,
        network=parts.network,
        offload=parts.offload,
        clock=SystemClock(),
    )


def _build_copy_keeper(parts: _Parts) -> CopyKeeper:
    return CopyKeeper(finder=parts.copies, database=parts.database, offload=parts.offload, clock=SystemClock())


def _build_story_keeper(parts: _Parts, intake: StoringIntake) -> StoryKeeper:
    stories = parts.first.loaded.settings.stories
    return StoryKeeper(
        linker=parts.linker,
        copies=parts.copies,
        database=parts.database,
        offload=parts.offload,
        clock=SystemClock(),
        memory=StoryMemory(within=stories.within, lineage=stories.lineage),
        telling=lambda: intake.telling,
    )


def _build_archive(loaded: Loaded) -> WarcArchive | None:
    settings = loaded.settings.archive
    if not settings.enabled:
        return None
    return WarcArchive(loaded.settings.data_dir / "archive", max_bytes=settings.max_size)


async def _prune_opinions(parts: _Parts) -> None:
    await parts.offload.run(prune_opinions, parts.first.loaded, parts.database)


async def _look_again(rechecker: Rechecker, network: NetworkWatch) -> None:
    """Look at flagged items again, unless our own network is down: then no look would tell anything."""
    if not network.is_down:
        await rechecker.look_again()


def _build_rechecker(parts: _Parts, *, crawler: ScrapyCrawler, intake: StoringIntake) -> Rechecker:
    return Rechecker(
        database=parts.database,
        reader=crawler,
        rereader=intake,
        offload=parts.offload,
        clock=SystemClock(),
        sources=parts.first.watch.sources,
        plan=parts.first.plan,
        limits=parts.first.looks,
        jitter=random.random,
    )


def _build_reviewer(parts: _Parts) -> HealthReviewer:
    return HealthReviewer(
        database=parts.database,
        watched=parts.first.watched,
        network=parts.network,
        rules=parts.first.health,
        notices=parts.notices,
        offload=parts.offload,
        clock=SystemClock(),
    )


def build_checker(loaded: Loaded) -> tuple[ScrapyCrawler, CheckIntake, ThreadOffload]:
    """Return a crawler that stores nothing, what it hands its findings to, and the threads to close in the end."""
    offload, clock = ThreadOffload(), SystemClock()
    intake = CheckIntake(clock)
    crawler = ScrapyCrawler(
        settings=loaded.settings.crawl, intake=intake, extractor=build_extractor(), offload=offload, clock=clock
    )
    return crawler, intake, offload


def build_ticks() -> Ticker:
    """Return the scheduler."""
    return Ticker()
