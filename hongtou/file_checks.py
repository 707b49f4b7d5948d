"""Looks for what is wrong with a configuration beyond what reading it shows: times that never come, words and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.lexicon import read_lexicon
from core.alert import Cadence
from core.errors import ConfigError, ConfigProblem
from hongtou.clock import SystemClock
from hongtou.opinions import check_second_opinion
from hongtou.own_templates import own_templates
from hongtou.semantics import check_semantic
from scheduler.cron import ApsCron

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.loaded import Loaded


def check_times(loaded: Loaded) -> None:
    """Make sure that all times that are written as cron fields come.

    Raises:
        ConfigError: Some never do, or are no times.
    """
    if problems := list(time_faults(loaded)):
        raise ConfigError(problems)


def time_faults(loaded: Loaded) -> Iterator[ConfigProblem]:
    """Yield the times that are none, or never come: of digests, of the heartbeat, of the night's tidying."""
    settings = loaded.settings
    times = [
        (f"routes.{route.id}.cron", route.cron, route.zone)
        for route in loaded.routes
        if route.cadence is not Cadence.NOW
    ]
    times.append(("operators.heartbeat", settings.operators.heartbeat, settings.operators.zone))
    times.append(("retention.tidy", settings.retention.tidy, settings.retention.zone))
    for key, cron, zone in times:
        try:
            if cron:
                ApsCron().next_after(cron, zone=zone, after=SystemClock().now())
        except ValueError as error:
            yield ConfigProblem(where=loaded.origins.get(key, key), key=key, message=str(error))


def file_faults(loaded: Loaded) -> Iterator[ConfigProblem]:
    """Yield what is wrong with the prompt and with templates, and what is wanting for meaning to be weighed."""
    for check in (check_second_opinion, check_semantic, own_templates):
        try:
            check(loaded)
        except ConfigError as error:
            yield from error.problems


def lexicon_faults(loaded: Loaded) -> Iterator[ConfigProblem]:
    """Yield what is wrong with the user's words."""
    try:
        read_lexicon(extra=loaded.lexicon_paths)
    except ConfigError as error:
        yield from error.problems
