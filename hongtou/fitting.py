"""Makes of a configuration the parts that can be replaced while the daemon runs; see `hongtou.live`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from alerts.apprise_notifier import AppriseNotifier
from alerts.matcher import OrderedRouteMatcher
from alerts.render import TemplateRenderer
from classifier.folding import fold
from core.alert import ChannelId
from core.decide import IntakeLimits
from core.incident import HealthRules
from core.recheck import RecheckPlan
from crawler.rendering import warn_without_browser
from hongtou.daemon import Watch
from hongtou.dispatch import DeliveryMeans, DispatchLimits
from hongtou.health import Watched
from hongtou.heartbeat import heartbeat_path
from hongtou.intake import JudgingRules
from hongtou.live import Effective
from hongtou.opinions import with_second_opinion
from hongtou.parts import build_classifier, build_lexicon, build_story_finder, source_lookup
from hongtou.rechecking import RecheckLimits

if TYPE_CHECKING:
    from config.loaded import Loaded
    from core.repositories import Database


def fit(loaded: Loaded, notifier: AppriseNotifier, database: Database | None = None) -> Effective:
    """Make all parts.

    Args:
        loaded: The configuration.
        notifier: For its channels.
        database: Where second opinions are remembered; None goes without them.

    Raises:
        ConfigError: The lexicon has faults, or the prompt of the second opinion.
    """
    sources = {source.id: source for source in loaded.watched}
    rechecks = loaded.settings.rechecks
    return Effective(
        loaded=loaded,
        notifier=notifier,
        rules=_rules(loaded, database),
        means=delivery_means(loaded, notifier),
        watch=Watch(sources=sources, routes=loaded.routes, heartbeat=heartbeat_path(loaded.settings.data_dir)),
        watched=Watched(sources=sources, channels=notice_channels(loaded)),
        health=health_rules(loaded),
        plan=RecheckPlan(steps=tuple(sorted(set(rechecks.after)))),
        looks=RecheckLimits(max_looks=rechecks.max_per_tick, notify_removed=rechecks.notify_removed),
    )


def refit(loaded: Loaded, running: Effective, database: Database | None = None) -> Effective:
    """Make all parts anew; channels that stay go on with what they have accepted.

    Args:
        loaded: The configuration to come.
        running: What is in force.
        database: As of `fit`.

    Raises:
        ConfigError: The lexicon has faults, or the prompt of the second opinion.
        DeliveryError: A channel's address is not understood.
    """
    warn_without_browser(loaded.watched)
    notifier = running.notifier.renewed(channel_addresses(loaded), timeout=loaded.settings.alerts.timeout)
    return fit(loaded, notifier, database)


def build_notifier(loaded: Loaded, *, terminal: TextIO) -> AppriseNotifier:
    """Return a notifier of the configured channels.

    Raises:
        DeliveryError: A channel's address is not understood.
    """
    return AppriseNotifier(channel_addresses(loaded), timeout=loaded.settings.alerts.timeout, terminal=terminal)


def channel_addresses(loaded: Loaded) -> dict[ChannelId, str]:
    """Return the addresses of the channels; they are secret."""
    return {name: secret.get_secret_value() for name, secret in loaded.channels.items()}


def notice_channels(loaded: Loaded) -> tuple[ChannelId, ...]:
    """Return the channels that operator notices go to."""
    settings = loaded.settings
    named = tuple(ChannelId(name) for name in settings.operators.channels or settings.alerts.notices)
    return named or tuple(loaded.channels)


def delivery_means(loaded: Loaded, notifier: AppriseNotifier) -> DeliveryMeans:
    """Return what the dispatcher works with."""
    alerts = loaded.settings.alerts
    return DeliveryMeans(
        renderer=TemplateRenderer(max_per_digest=alerts.max_per_digest),
        notifier=notifier,
        limits=DispatchLimits(
            max_attempts=alerts.max_attempts,
            lease=alerts.lease,
            timeout=alerts.timeout,
            max_per_digest=alerts.max_per_digest,
        ),
        sources=source_lookup(loaded.sources),
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


def _rules(loaded: Loaded, database: Database | None) -> JudgingRules:
    settings = loaded.settings
    lexicon = build_lexicon(loaded)
    words = build_classifier(loaded, lexicon)
    classifier = (
        with_second_opinion(loaded, words, database, notices=notice_channels(loaded)) if database is not None else words
    )
    return JudgingRules(
        classifier=classifier,
        finder=build_story_finder(loaded, lexicon),
        matcher=OrderedRouteMatcher(loaded.routes, fold=fold),
        limits=IntakeLimits(
            first_sync_max_age=settings.first_sync.max_age,
            max_item_age=settings.alerts.max_item_age,
            max_pages=settings.crawl.max_pages_per_poll,
        ),
        routes=loaded.routes,
        sources=source_lookup(loaded.sources),
    )
