"""Routes and channels from their settings."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from config.fields import parse_quiet_time
from config.layers import Tree, tree_of
from config.yamlfile import parse_yaml
from core.alert import Cadence, ChannelId, GroupBy, Route, RouteId, RouteMatch

if TYPE_CHECKING:
    from config.route_settings import RouteSettings
    from config.settings import Settings

TERMINAL = ChannelId("terminal")
"""The channel that is always there: it writes to standard output."""
_TERMINAL_URL = "terminal://"


def shipped_routes() -> Tree:
    """Return the shipped `routes.yaml` as the lowest layer."""
    text = resources.files("config").joinpath("routes.yaml").read_text(encoding="utf-8")
    return tree_of(parse_yaml(text, name="config/routes.yaml"), folder=Path())


def make_channels(settings: Settings) -> dict[ChannelId, SecretStr]:
    """Return every channel's address by name.

    The terminal is among them when nothing else is configured, or when an enabled route or the notices name it.
    """
    channels = {ChannelId(name): channel.url for name, channel in settings.channels.items()}
    named = TERMINAL in (*settings.operators.channels, *settings.alerts.notices) or any(
        TERMINAL in route.channels for route in settings.routes.values() if route.enabled
    )
    if TERMINAL not in channels and (named or not channels):
        channels[TERMINAL] = SecretStr(_TERMINAL_URL)
    return channels


def make_routes(settings: Settings) -> tuple[Route, ...]:
    """Return the enabled routes in the order in which they are tried."""
    everywhere = tuple(ChannelId(name) for name in settings.channels) or (TERMINAL,)
    enabled = ((name, route) for name, route in settings.routes.items() if route.enabled)
    ordered = sorted(enabled, key=lambda pair: (pair[1].order, pair[0]))
    return tuple(_route(name, route, everywhere) for name, route in ordered)


def _route(name: str, route: RouteSettings, everywhere: tuple[ChannelId, ...]) -> Route:
    match = route.match
    return Route(
        id=RouteId(name),
        match=RouteMatch(
            topics=frozenset(match.topics),
            jurisdictions=frozenset(match.jurisdictions),
            acts=frozenset(match.acts),
            stages=frozenset(match.stages),
            sources=frozenset(match.sources),
            groups=frozenset(match.groups),
            languages=frozenset(match.languages),
            min_score=match.min_score,
            query=match.query.strip(),
        ),
        channels=tuple(ChannelId(channel) for channel in dict.fromkeys(route.channels)) or everywhere,
        cadence=Cadence(route.cadence),
        cron="" if route.cadence == "now" else route.cron,
        zone=route.zone,
        continue_=route.continue_,
        updates=frozenset(route.updates),
        group_by=GroupBy(route.group_by),
        group_wait=route.group_wait,
        quiet=tuple(parse_quiet_time(time, route.zone) for time in route.quiet_hours),
        max_per_hour=route.max_per_hour,
        language=route.language or "",
        template=route.template,
    )
