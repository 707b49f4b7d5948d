"""What a configuration decides while the daemon runs, as one object that can be replaced between two steps.

The use cases hold their part of it; `Live` gives all of them theirs in one step of the loop, so that none works by the
old configuration once another works by the new one. What is under way ends by what it met.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from alerts.apprise_notifier import AppriseNotifier
    from config.loaded import Loaded
    from core.incident import HealthRules
    from core.network import NetworkWatch
    from core.recheck import RecheckPlan
    from hongtou.daemon import Daemon, Watch
    from hongtou.delivering import DeliveryMeans
    from hongtou.dispatch import Dispatcher
    from hongtou.health import HealthReviewer, Watched
    from hongtou.intake import JudgingRules, StoringIntake
    from hongtou.notices import Notices
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
    watched: Watched
    health: HealthRules
    plan: RecheckPlan
    looks: RecheckLimits

    @property
    def hosts(self) -> int:
        """How many hosts the watched sources are on."""
        return len({urlsplit(source.url).netloc for source in self.watch.sources.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Those that hold parts of what is in force."""

    daemon: Daemon
    intake: StoringIntake
    dispatcher: Dispatcher
    notices: Notices
    reviewer: HealthReviewer
    rechecker: Rechecker | None
    """None when pages are not looked at again."""
    network: NetworkWatch


class Live:
    """Holds what is in force. Used on the event loop."""

    def __init__(self, first: Effective, use_cases: UseCases) -> None:
        self._now = first
        self._use_cases = use_cases

    @property
    def now(self) -> Effective:
        """What is in force."""
        return self._now

    def replace(self, parts: Effective) -> None:
        """Put other parts in force; does not wait, so that nothing comes between two use cases.

        Sources that are new among those watched must have been registered.
        """
        them, settings = self._use_cases, parts.loaded.settings
        them.intake.use(parts.rules)
        them.dispatcher.use(parts.means)
        them.notices.use(parts.means.pacing.operators)
        them.reviewer.use(parts.watched, parts.health)
        if them.rechecker is not None:
            them.rechecker.use(parts.watch.sources, parts.plan, parts.looks)
        them.network.resize(hosts=parts.hosts)
        them.daemon.use(
            parts.watch,
            poll_deadline=settings.crawl.poll_deadline,
            stop_timeout=settings.schedule.stop_timeout,
            max_polls=settings.schedule.max_polls,
        )
        self._now = parts
