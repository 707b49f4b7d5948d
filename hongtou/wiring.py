"""The composition root: the one place that knows which class stands behind which port."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TextIO
from urllib.parse import urlsplit

from alerts.apprise_notifier import AppriseNotifier
from alerts.matcher import OrderedRouteMatcher
from alerts.render import TemplateRenderer
from core.alert import ChannelId
from core.decide import IntakeLimits
from core.incident import HealthRules
from core.network import NetworkWatch
from core.recheck import RecheckPlan
from crawler.archive import WarcArchive
from crawler.pages.extractor import PageExtractor
from crawler.rendering import warn_without_browser
from crawler.runtime import ScrapyCrawler
from hongtou.checking import CheckIntake
from hongtou.clock import SystemClock
from hongtou.daemon import Daemon, DaemonTimes, Watch
from hongtou.dispatch import Dispatcher, DispatchLimits
from hongtou.health import REVIEW_EVERY, HealthReviewer, Watched
from hongtou.heartbeat import heartbeat_path
from hongtou.inspection import Inspector
from hongtou.intake import StoringIntake
from hongtou.offload import ThreadOffload
from hongtou.parts import build_classifier, open_database
from hongtou.rechecking import Rechecker, RecheckLimits
from scheduler.cron import ApsCron
from scheduler.ticks import Ticker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.loaded import Loaded
    from core.outcome import PollOutcome
    from core.ports import Extractor
    from core.source import Source, SourceId
    from storage.database import SqlDatabase


def build_extractor() -> Extractor:
    """Return the article extractor."""
    return PageExtractor(SystemClock())


def build_inspector(loaded: Loaded) -> Inspector:
    """Return what `hongtou inspect` uses."""
    return Inspector(
        extractor=build_extractor(),
        classifier=build_classifier(loaded),
        sources=loaded.sources.values,
    )


def build_dispatcher(loaded: Loaded, database: SqlDatabase, offload: ThreadOffload, *, terminal: TextIO) -> Dispatcher:
    """Return the dispatcher with the configured channels.

    Raises:
        ConfigError: A channel's address is not understood.
    """
    alerts = loaded.settings.alerts
    return Dispatcher(
        database=database,
        renderer=TemplateRenderer(max_per_digest=alerts.max_per_digest),
        notifier=AppriseNotifier(
            {name: secret.get_secret_value() for name, secret in loaded.channels.items()},
            timeout=alerts.timeout,
            terminal=terminal,
        ),
        offload=offload,
        clock=SystemClock(),
        limits=DispatchLimits(
            max_attempts=alerts.max_attempts,
            lease=alerts.lease,
            timeout=alerts.timeout,
            max_per_digest=alerts.max_per_digest,
        ),
        sources=source_lookup(loaded.sources),
        jitter=random.random,
    )


def source_lookup(sources: Mapping[SourceId, Source]) -> Callable[[str], Source | None]:
    """Return a look-up of sources by plain id."""
    by_id = {str(source_id): source for source_id, source in sources.items()}
    return by_id.get


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The running parts of a daemon, to be used on one loop and closed."""

    daemon: Daemon
    crawler: ScrapyCrawler
    dispatcher: Dispatcher
    database: SqlDatabase
    offload: ThreadOffload

    def close(self) -> None:
        """Give up threads and connections."""
        self.offload.close()
        self.database.close()


def build_app(loaded: Loaded, *, terminal: TextIO, on_outcome: Callable[[PollOutcome], None] = lambda _: None) -> App:
    """Build the daemon; to be called on its event loop.

    Raises:
        ConfigError: A channel's address is not understood, or the data directory cannot be used.
        StorageError: The database cannot be used.
    """
    settings = loaded.settings
    warn_without_browser(loaded.watched)
    offload, clock = ThreadOffload(), SystemClock()
    database = open_database(loaded)
    network = NetworkWatch(hosts=len({urlsplit(source.url).netloc for source in loaded.watched}))
    intake = StoringIntake(
        database=database,
        classifier=build_classifier(loaded),
        matcher=OrderedRouteMatcher(loaded.routes),
        offload=offload,
        clock=clock,
        limits=IntakeLimits(
            first_sync_max_age=settings.first_sync.max_age,
            max_item_age=settings.alerts.max_item_age,
            max_pages=settings.crawl.max_pages_per_poll,
        ),
        network=network,
        jitter=random.random,
        on_outcome=on_outcome,
    )
    crawler = ScrapyCrawler(
        settings=settings.crawl,
        intake=intake,
        extractor=build_extractor(),
        offload=offload,
        clock=clock,
        archive=_build_archive(loaded),
    )
    dispatcher = build_dispatcher(loaded, database, offload, terminal=terminal)
    daemon = Daemon(
        watch=Watch(
            sources={source.id: source for source in loaded.watched},
            routes=loaded.routes,
            heartbeat=heartbeat_path(settings.data_dir),
        ),
        times=DaemonTimes(
            poll_tick=settings.schedule.poll_tick,
            dispatch_tick=settings.schedule.dispatch_tick,
            digest_tick=settings.schedule.digest_tick,
            poll_deadline=settings.crawl.poll_deadline,
            stop_timeout=settings.schedule.stop_timeout,
            max_polls=settings.schedule.max_polls,
        ),
        database=database,
        crawler=crawler,
        intake=intake,
        dispatcher=dispatcher,
        cron=ApsCron(),
        network=network,
        offload=offload,
        clock=clock,
    )
    daemon.also("health", REVIEW_EVERY, _build_reviewer(loaded, database, offload, network).review)
    if settings.rechecks.enabled:
        rechecker = _build_rechecker(loaded, database, crawler=crawler, intake=intake, offload=offload)
        daemon.also("recheck", settings.rechecks.tick, partial(_look_again, rechecker, network))
    return App(daemon=daemon, crawler=crawler, dispatcher=dispatcher, database=database, offload=offload)


def _build_archive(loaded: Loaded) -> WarcArchive | None:
    settings = loaded.settings.archive
    if not settings.enabled:
        return None
    return WarcArchive(loaded.settings.data_dir / "archive", max_bytes=settings.max_size)


async def _look_again(rechecker: Rechecker, network: NetworkWatch) -> None:
    """Look at flagged items again, unless our own network is down: then no look would tell anything."""
    if not network.is_down:
        await rechecker.look_again()


def _build_rechecker(
    loaded: Loaded, database: SqlDatabase, *, crawler: ScrapyCrawler, intake: StoringIntake, offload: ThreadOffload
) -> Rechecker:
    rechecks = loaded.settings.rechecks
    return Rechecker(
        database=database,
        reader=crawler,
        rereader=intake,
        offload=offload,
        clock=SystemClock(),
        sources={source.id: source for source in loaded.watched},
        plan=RecheckPlan(steps=tuple(sorted(set(rechecks.after)))),
        limits=RecheckLimits(max_looks=rechecks.max_per_tick, notify_removed=rechecks.notify_removed),
        jitter=random.random,
    )


def health_rules(loaded: Loaded) -> HealthRules:
    """Return how patient notices about sources are."""
    health = loaded.settings.health
    return HealthRules(
        grace=health.grace,
        reminder=health.reminder,
        network_grace=health.network_grace,
        least_silence=health.least_silence,
    )


def _build_reviewer(
    loaded: Loaded, database: SqlDatabase, offload: ThreadOffload, network: NetworkWatch
) -> HealthReviewer:
    notices = tuple(ChannelId(name) for name in loaded.settings.alerts.notices)
    return HealthReviewer(
        database=database,
        watched=Watched(
            sources={source.id: source for source in loaded.watched}, channels=notices or tuple(loaded.channels)
        ),
        network=network,
        rules=health_rules(loaded),
        offload=offload,
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
