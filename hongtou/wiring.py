"""The composition root: the one place that knows which class stands behind which port."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TextIO

from core.network import NetworkWatch
from crawler.pages.extractor import PageExtractor
from crawler.rendering import warn_without_browser
from crawler.runtime import ScrapyCrawler
from hongtou.aftermath import Aftermath
from hongtou.checking import CheckIntake
from hongtou.clock import SystemClock
from hongtou.copies import KEEP_EVERY, CopyFinder, CopyKeeper
from hongtou.daemon import Daemon
from hongtou.dispatch import Dispatcher
from hongtou.fitting import build_notifier, delivery_means, fit, refit
from hongtou.health import REVIEW_EVERY, HealthReviewer
from hongtou.inspection import Inspector
from hongtou.intake import StoringIntake
from hongtou.item_retention import Housekeeper, ItemRetention
from hongtou.live import Live, UseCases
from hongtou.meter_relay import MeterRelay
from hongtou.notices import Notices
from hongtou.offload import ThreadOffload
from hongtou.opening import open_database
from hongtou.opinions import prune_opinions, stop_asking, with_second_opinion
from hongtou.parts import build_classifier, build_copy_finder, build_story_linker
from hongtou.rechecking import Rechecker
from hongtou.reloading import Reading, Reloader
from hongtou.story_keeping import LINK_EVERY, StoryKeeper, StoryMemory
from hongtou.upkeep import Upkeep
from hongtou.web.starting import Pages
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
    from storage.database import SqlDatabase

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
    web: Pages
    """Pages for operations, where they are asked for."""

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
    parts = _Parts(
        first=first,
        database=database,
        offload=ThreadOffload(threads=first.threads),
        network=NetworkWatch(hosts=first.hosts),
        notices=Notices(first.means.pacing.operators, SystemClock()),
        copies=build_copy_finder(loaded),
        linker=build_story_linker(loaded, first.rules.finder),
        meters=MeterRelay(),
    )
    intake = _build_intake(parts, on_outcome)
    crawler = ScrapyCrawler(
        settings=loaded.settings.crawl,
        intake=intake,
        extractor=build_extractor(),
        offload=parts.offload,
        clock=SystemClock(),
        archive=first.archive,
    )
    dispatcher = _dispatcher(first.means, parts.database, parts.offload, parts.notices, parts.meters)
    daemon = _build_daemon(parts, crawler=crawler, intake=intake, dispatcher=dispatcher)
    reviewer = _build_reviewer(parts)
    rechecker = _build_rechecker(parts, crawler=crawler, intake=intake)
    use_cases = UseCases(
        crawler=crawler,
        copies=parts.copies,
        offload=parts.offload,
        daemon=daemon,
        intake=intake,
        dispatcher=dispatcher,
        notices=parts.notices,
        reviewer=reviewer,
        rechecker=rechecker,
        network=parts.network,
    )
    live = Live(first, use_cases)
    daemon.also("health", REVIEW_EVERY, reviewer.review)
    daemon.also("copies", KEEP_EVERY, _build_copy_keeper(parts).keep)
    daemon.also("stories", LINK_EVERY, _build_story_keeper(parts, intake, live).keep)
    recheck = partial(_look_again, rechecker, parts.network, lambda: live.now.loaded.settings.rechecks.enabled)
    daemon.also("recheck", lambda: live.now.loaded.settings.rechecks.tick, recheck)
    daemon.also("opinions", _PRUNE_EVERY, partial(_prune_opinions, live, parts.database, parts.offload))
    daemon.also("items", ITEMS_EVERY, _build_housekeeper(parts, live).keep, once=False)
    _build_upkeep(parts).begin(live, daemon, cron=ApsCron(), upgrades=steps)
    daemon.on_stop(lambda: stop_asking(live.now.rules.classifier))
    if load is not None:
        _watch_files(parts, live, daemon, load)
    pages = Pages(live, parts.database, parts.offload, parts.meters)
    live.on_change(pages.follow)
    return App(
        daemon=daemon,
        crawler=crawler,
        dispatcher=dispatcher,
        database=parts.database,
        offload=parts.offload,
        live=live,
        web=pages,
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
    meters: MeterRelay


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
    daemon.also("reload", lambda: live.now.loaded.settings.reload.tick, reloader.look, once=False)
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
    return Daemon(
        watch=parts.first.watch,
        times=parts.first.times,
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


def _build_story_keeper(parts: _Parts, intake: StoringIntake, live: Live) -> StoryKeeper:
    def memory() -> StoryMemory:
        stories = live.now.loaded.settings.stories
        return StoryMemory(within=stories.within, lineage=stories.lineage)

    return StoryKeeper(
        linker=parts.linker,
        copies=parts.copies,
        database=parts.database,
        offload=parts.offload,
        clock=SystemClock(),
        memory=memory,
        telling=lambda: intake.telling,
    )


async def _prune_opinions(live: Live, database: SqlDatabase, offload: ThreadOffload) -> None:
    loaded = live.now.loaded
    if loaded.settings.classify.second_opinion.enabled:
        await offload.run(prune_opinions, loaded, database)


async def _look_again(rechecker: Rechecker, network: NetworkWatch, is_enabled: Callable[[], bool]) -> None:
    """Look at flagged items again where that is wanted, unless our network is down: no look would tell anything."""
    if is_enabled() and not network.is_down:
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
