"""What a configuration decides while the daemon runs, as one object that can be replaced between two steps.

The use cases hold their part of it; `Live` gives all of them theirs in one step of the loop, so that none works by the
old configuration once another works by the new one. What is under way ends by what it met.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from alerts.apprise_notifier import AppriseNotifier
    from config.loaded import Loaded
    from config.settings import CrawlSettings
    from core.incident import HealthRules
    from core.network import NetworkWatch
    from core.recheck import RecheckPlan
    from crawler.archive import WarcArchive
    from hongtou.copies import CopyFinder
    from hongtou.daemon import Daemon, DaemonTimes, Watch
    from hongtou.delivering import DeliveryMeans
    from hongtou.dispatch import Dispatcher
    from hongtou.health import HealthReviewer, Watched
    from hongtou.intake import JudgingRules, StoringIntake
    from hongtou.notices import Notices
    from hongtou.offload import ThreadOffload
    from hongtou.rechecking import Rechecker, RecheckLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """A configuration, and the parts made of it."""

    loaded: Loaded
    notifier: AppriseNotifier
    """What `means` sends by; a later configuration goes on with its channels."""
    rules: JudgingRules
    means: DeliveryMeans
    watch: Watch
    times: DaemonTimes
    threads: int
    """For everything that blocks."""
    archive: WarcArchive | None
    """Where pages of flagged items are kept; None keeps none."""
    watched: Watched
    health: HealthRules
    plan: RecheckPlan
    looks: RecheckLimits

    @property
    def hosts(self) -> int:
        """How many hosts the watched sources are on."""
        return len({urlsplit(source.url).netloc for source in self.watch.sources.values()})


class Crawling(Protocol):
    """What is told of other settings of the crawl."""

    def use(self, settings: CrawlSettings, *, archive: WarcArchive | None) -> None:
        """Crawl by other settings once nothing is under way."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Those that hold parts of what is in force."""

    crawler: Crawling
    copies: CopyFinder
    offload: ThreadOffload
    daemon: Daemon
    intake: StoringIntake
    dispatcher: Dispatcher
    notices: Notices
    reviewer: HealthReviewer
    rechecker: Rechecker
    network: NetworkWatch


class Live:
    """Holds what is in force, and why an edit is not. Replaced on the event loop; read in any thread."""

    def __init__(self, first: Effective, use_cases: UseCases) -> None:
        self._now = first
        self._use_cases = use_cases
        self._told: list[Callable[[], None]] = []
        self.faults: tuple[str, ...] = ()
        """What is wrong with the files, without secrets; empty while what they say is in force."""
        self.needs_restart: tuple[str, ...] = ()
        """Keys of settings that were edited, and wait for a restart."""

    def on_change(self, act: Callable[[], None]) -> None:
        """Declare what is to be done when other parts are in force; must return at once."""
        self._told.append(act)

    @property
    def now(self) -> Effective:
        """What is in force."""
        return self._now

    def replace(self, parts: Effective) -> None:
        """Put other parts in force; does not wait, so that nothing comes between two use cases.

        Sources that are new among those watched must have been registered.
        """
        them, settings = self._use_cases, parts.loaded.settings
        self._now = parts
        them.offload.use(threads=parts.threads)
        them.copies.use(window=settings.copies.within)
        them.intake.use(parts.rules)
        them.dispatcher.use(parts.means)
        them.notices.use(parts.means.pacing.operators)
        them.reviewer.use(parts.watched, parts.health)
        them.rechecker.use(parts.watch.sources, parts.plan, parts.looks)
        them.network.resize(hosts=parts.hosts)
        them.crawler.use(settings.crawl, archive=parts.archive)
        them.daemon.use(parts.watch, parts.times)
        for act in self._told:
            act()
