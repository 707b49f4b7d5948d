"""Routes from their settings: order, channels, and what is suspicious about them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from config.layers import Tree, tree_of
from config.problems import problem_at
from config.yamlfile import parse_yaml
from core.alert import Cadence, ChannelId, Route, RouteId, RouteMatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.settings import RouteSettings, Settings
    from core.errors import ConfigProblem

TERMINAL = ChannelId("terminal")
"""The channel that is always there: it writes to standard output."""
_TERMINAL_URL = "terminal://"
_CONDITIONS = ("topics", "acts", "sources", "groups", "languages", "jurisdictions")
_WITH_PARTS = ("languages", "jurisdictions")
"""Of them, those whose words include their parts: `cn` takes `cn-sh`, `zh` takes `zh-Hant`."""


def shipped_routes() -> Tree:
    """Return the shipped `routes.yaml` as the lowest layer."""
    text = resources.files("config").joinpath("routes.yaml").read_text(encoding="utf-8")
    return tree_of(parse_yaml(text, name="config/routes.yaml"), folder=Path())


def make_channels(settings: Settings) -> dict[ChannelId, SecretStr]:
    """Return every channel's address by name.

    The terminal is among them when nothing else is configured, or when an enabled route or the notices name it.
    """
    channels = {ChannelId(name): channel.url for name, channel in settings.channels.items()}
    named = TERMINAL in settings.alerts.notices or any(
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


def route_warnings(routes: Sequence[Route], tree: Tree) -> list[ConfigProblem]:
    """Return what is legal but hardly meant: no route at all, or one that no item can reach.

    Args:
        routes: In the order in which they are tried.
        tree: Where their origins are looked up.
    """
    if not routes:
        return [problem_at(tree, ("routes",), "no route is enabled, so nothing will ever be told")]
    warnings = []
    for index, route in enumerate(routes):
        blocker = next((before for before in routes[:index] if not before.continue_ and _covers(before, route)), None)
        if blocker is not None:
            message = (
                f"is never reached: `{blocker.id}` before it takes every item it wants; "
                f"give `{blocker.id}` `continue: true`, or this one a lower `order`"
            )
            warnings.append(problem_at(tree, ("routes", route.id), message))
    return warnings


def _route(name: str, route: RouteSettings, everywhere: tuple[ChannelId, ...]) -> Route:
    match = route.match
    return Route(
        id=RouteId(name),
        match=RouteMatch(
            topics=frozenset(match.topics),
            jurisdictions=frozenset(match.jurisdictions),
            acts=frozenset(match.acts),
            sources=frozenset(match.sources),
            groups=frozenset(match.groups),
            languages=frozenset(match.languages),
            min_score=match.min_score,
        ),
        channels=tuple(ChannelId(channel) for channel in dict.fromkeys(route.channels)) or everywhere,
        cadence=Cadence(route.cadence),
        cron=route.cron if route.cadence == "digest" else "",
        zone=route.zone,
        continue_=route.continue_,
    )


def _covers(wide: Route, narrow: Route) -> bool:
    """Whether every item that `narrow` wants is wanted by `wide` too, as far as can be told without items."""
    if wide.match.min_score > narrow.match.min_score:
        return False
    for name in _CONDITIONS:
        wanted: frozenset[str] = getattr(wide.match, name)
        asked: frozenset[str] = getattr(narrow.match, name)
        if wanted and not (asked and all(_includes(wanted, word, parts=name in _WITH_PARTS) for word in asked)):
            return False
    return True


def _includes(wanted: frozenset[str], word: str, *, parts: bool) -> bool:
    return word in wanted or (parts and any(word.startswith(f"{whole}-") for whole in wanted))
