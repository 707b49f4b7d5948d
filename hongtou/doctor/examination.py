"""The doctor use case: every look, one after the other, and none of them able to end the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from alerts.channel_endpoints import endpoint_of
from hongtou.doctor.finding import failure
from hongtou.doctor.local import (
    look_at_configuration,
    look_at_daemon,
    look_at_data,
    look_at_database,
    look_at_extras,
    look_at_program,
    look_at_zones,
)
from hongtou.doctor.network import hosts_of, look_at_channel, look_at_network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from config.loaded import Loaded
    from hongtou.doctor.finding import Finding

log = structlog.get_logger(__name__)


def examine(loaded: Loaded, *, now: Callable[[], datetime], network: bool = True) -> Iterator[Finding]:
    """Look at everything, and yield each finding as soon as it is there.

    Args:
        loaded: The configuration.
        now: Reads the clock.
        network: Whether hosts of sources, mail servers and webhooks are asked too. Nothing is sent to any channel.
    """
    looks: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
        ("program", look_at_program),
        ("configuration", lambda: look_at_configuration(loaded)),
        ("data directory", lambda: look_at_data(loaded)),
        ("database", lambda: look_at_database(loaded)),
        ("daemon", lambda: look_at_daemon(loaded, now=now())),
        ("time zones", lambda: look_at_zones(loaded)),
        ("extras", lambda: look_at_extras(loaded)),
    ]
    if network:
        looks.append(("network", lambda: look_at_network(hosts_of(loaded), now=now)))
        looks += [(f"channel {name}", _channel(loaded, name)) for name in loaded.channels]
    for topic, look in looks:
        yield from _safely(topic, look)


def _channel(loaded: Loaded, name: object) -> Callable[[], Iterable[Finding]]:
    channel = next(one for one in loaded.channels if one == name)
    address = loaded.channels[channel].get_secret_value()
    return lambda: [look_at_channel(endpoint_of(channel, address))]


def _safely(topic: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except Exception as error:  # a look that breaks is itself a finding, and must not hide the others
        log.exception("look failed", topic=topic)
        yield failure(
            topic, f"could not be looked at: {type(error).__name__}", "please report this; the log tells more"
        )
