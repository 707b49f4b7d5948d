"""Makes of a configuration the parts that can be replaced while the daemon runs; see `hongtou.live`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from alerts.apprise_notifier import AppriseNotifier
from alerts.channel_forms import ChannelOptions
from alerts.matcher import OrderedRouteMatcher
from alerts.rendering import ChannelRenderer
from classifier.folding import fold
from config.fields import parse_quiet_time
from core.alert import ChannelId
from core.decide import IntakeLimits
from core.pacing import StormRules
from core.recheck import RecheckPlan
from crawler.archive import WarcArchive
from crawler.rendering import warn_without_browser
from hongtou.clock import SystemClock
from hongtou.contents import Lookups
from hongtou.daemon import DaemonTimes, Watch
from hongtou.delivering import DeliveryMeans, DispatchLimits
from hongtou.file_checks import check_times
from hongtou.health import Watched
from hongtou.health_rules import health_rules
from hongtou.heartbeat import heartbeat_path
from hongtou.intake import JudgingRules
from hongtou.live import Effective
from hongtou.notices import Notices, Operators
from hongtou.opinions import own_threads, with_second_opinion
from hongtou.own_templates import own_templates
from hongtou.pacing import PacingMeans
from hongtou.parts import build_classifier, build_lexicon, build_story_finder, source_lookup
from hongtou.polling import SourcePacer
from hongtou.polling_rules import calendar_of_source, polling_rules
from hongtou.rechecking import RecheckLimits
from hongtou.silencing import silence_matcher

if TYPE_CHECKING:
    from config.loaded import Loaded
    from core.repositories import Database


_THREADS = 4
"""Threads for everything that blocks but for second opinions, which bring their own."""


def fit(
    loaded: Loaded,
    notifier: AppriseNotifier,
    database: Database | None = None,
    *,
    archive: WarcArchive | None = None,
) -> Effective:
    """Make all parts.

    Args:
        loaded: The configuration.
        notifier: For its channels.
        database: Where second opinions are remembered; None goes without them.
        archive: One to go on with where the configuration wants the same.

    Raises:
        ConfigError: The lexicon has faults, or the prompt of the second opinion, or a time never comes.
    """
    check_times(loaded)
    sources = {source.id: source for source in loaded.watched}
    rechecks = loaded.settings.rechecks
    return Effective(
        loaded=loaded,
        notifier=notifier,
        rules=_rules(loaded, database),
        means=delivery_means(loaded, notifier),
        watch=Watch(sources=sources, heartbeat=heartbeat_path(loaded.settings.data_dir)),
        times=daemon_times(loaded),
        threads=_THREADS + own_threads(loaded),
        archive=build_archive(loaded, archive),
        watched=Watched(sources=sources),
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
    notifier = running.notifier.renewed(
        channel_addresses(loaded), timeout=loaded.settings.alerts.timeout, options=channel_options(loaded)
    )
    return fit(loaded, notifier, database, archive=running.archive)


def daemon_times(loaded: Loaded) -> DaemonTimes:
    """Return the daemon's periods and bounds."""
    schedule = loaded.settings.schedule
    return DaemonTimes(
        poll_tick=schedule.poll_tick,
        dispatch_tick=schedule.dispatch_tick,
        digest_tick=schedule.digest_tick,
        poll_deadline=loaded.settings.crawl.poll_deadline,
        stop_timeout=schedule.stop_timeout,
        max_polls=schedule.max_polls,
    )


def build_archive(loaded: Loaded, running: WarcArchive | None = None) -> WarcArchive | None:
    """Return where pages of flagged items are kept; `running` where it stays as it is, None where none are kept."""
    settings = loaded.settings.archive
    if not settings.enabled:
        return None
    wanted = WarcArchive(loaded.settings.data_dir / "archive", max_bytes=settings.max_size)
    return running if running is not None and running.is_like(wanted) else wanted


def build_notifier(loaded: Loaded, *, terminal: TextIO) -> AppriseNotifier:
    """Return a notifier of the configured channels.

    Raises:
        DeliveryError: A channel's address is not understood.
    """
    return AppriseNotifier(
        channel_addresses(loaded),
        timeout=loaded.settings.alerts.timeout,
        terminal=terminal,
        options=channel_options(loaded),
    )


def channel_addresses(loaded: Loaded) -> dict[ChannelId, str]:
    """Return the addresses of the channels; they are secret."""
    return {name: secret.get_secret_value() for name, secret in loaded.channels.items()}


def channel_options(loaded: Loaded) -> dict[ChannelId, ChannelOptions]:
    """Return what is said of channels beside their addresses."""
    return {
        ChannelId(name): ChannelOptions(
            language=channel.language,
            template=channel.template,
            gap=channel.gap,
            max_size=channel.max_size,
            secret=channel.secret.get_secret_value() if channel.secret else "",
        )
        for name, channel in loaded.settings.channels.items()
    }


def operators_of(loaded: Loaded) -> Operators:
    """Return who is told what the program has to say, and when."""
    settings, operators = loaded.settings, loaded.settings.operators
    named = tuple(ChannelId(name) for name in operators.channels or settings.alerts.notices)
    return Operators(
        channels=named or tuple(loaded.channels),
        never=frozenset(operators.never),
        quiet=tuple(parse_quiet_time(time, operators.zone) for time in operators.quiet_hours),
        zone=operators.zone,
        heartbeat=operators.heartbeat,
        least_free=operators.least_free,
    )


def delivery_means(loaded: Loaded, notifier: AppriseNotifier) -> DeliveryMeans:
    """Return what the dispatcher works with.

    Raises:
        ConfigError: The user's templates have faults.
    """
    alerts, sources = loaded.settings.alerts, source_lookup(loaded.sources)
    routes = {route.id: route for route in loaded.routes}
    return DeliveryMeans(
        renderer=ChannelRenderer(own_templates(loaded), base_url=alerts.base_url),
        sender=notifier,
        limits=DispatchLimits(
            max_attempts=alerts.max_attempts,
            lease=alerts.lease,
            timeout=alerts.timeout,
            max_per_digest=alerts.max_per_digest,
        ),
        lookups=Lookups(sources=sources, routes=routes),
        pacing=PacingMeans(
            routes=routes,
            operators=operators_of(loaded),
            storm=StormRules(most=alerts.storm_most, within=alerts.storm_within),
            lull=alerts.catch_up,
            matcher=silence_matcher,
            sources=sources,
        ),
    )


def build_pacer(loaded: Loaded, database: Database) -> SourcePacer:
    """Return what says when sources are asked again."""
    return SourcePacer(
        database=database,
        sources={source.id: source for source in loaded.watched},
        rules=polling_rules(loaded),
        calendar_of=calendar_of_source,
    )


def _rules(loaded: Loaded, database: Database | None) -> JudgingRules:
    settings = loaded.settings
    lexicon = build_lexicon(loaded)
    words = build_classifier(loaded, lexicon)
    classifier = (
        with_second_opinion(loaded, words, database, notices=Notices(operators_of(loaded), SystemClock()))
        if database is not None
        else words
    )
    return JudgingRules(
        classifier=classifier,
        finder=build_story_finder(loaded, lexicon, matcher=words.matcher),
        matcher=OrderedRouteMatcher(loaded.routes, fold=fold),
        pacer=build_pacer(loaded, database) if database is not None else None,
        limits=IntakeLimits(
            first_sync_max_age=settings.first_sync.max_age,
            max_item_age=settings.alerts.max_item_age,
            max_pages=settings.crawl.max_pages_per_poll,
        ),
        routes=loaded.routes,
        sources=source_lookup(loaded.sources),
        catch_up=bool(settings.alerts.catch_up),
    )
