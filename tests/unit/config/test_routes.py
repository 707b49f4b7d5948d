"""Routes and channels as they come out of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.routes import shipped_routes
from core.alert import Cadence, Route, RouteMatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.loaded import Loaded

    Load = Callable[..., Loaded]

TWO_CHANNELS = "channels: {desk: {url: 'json://a'}, team: {url: 'json://b'}}\n"


def by_id(loaded: Loaded) -> dict[str, Route]:
    """Return the routes by id."""
    return {str(route.id): route for route in loaded.routes}


def test_the_shipped_routes_tell_at_once_and_once_more_each_morning(load: Load) -> None:
    """Everything relevant goes out now, and again in a digest at nine in Shanghai."""
    now, daily = load().routes
    assert (now.id, now.cadence, now.continue_, now.match) == ("now", Cadence.NOW, True, RouteMatch())
    assert (daily.id, daily.cadence, daily.cron, daily.zone) == ("daily", Cadence.DIGEST, "0 9 * * *", "Asia/Shanghai")
    assert set(shipped_routes().data) == {"routes"}


def test_routes_go_by_order_and_then_by_id(load: Load) -> None:
    """A user's route comes before the shipped ones unless it says otherwise."""
    text = "routes: {b: {continue: true}, a: {continue: true}, z: {order: 1, continue: true}, late: {order: 950}}"
    assert list(by_id(load(text))) == ["z", "a", "b", "now", "daily", "late"]


def test_a_route_that_is_off_is_gone(load: Load) -> None:
    """`enabled: false` takes a shipped route away."""
    assert list(by_id(load("routes: {daily: {enabled: false}}"))) == ["now"]


def test_every_field_of_a_match_arrives(load: Load) -> None:
    """What the file says of a match is what the route wants."""
    text = """
routes:
  a:
    match: {topics: [ai], jurisdictions: [cn-sh], acts: [plan], sources: [panews], groups: [hk], languages: [en],
            min_score: 0.7}
"""
    match = by_id(load(text))["a"].match
    assert match == RouteMatch(
        topics=frozenset({"ai"}),
        jurisdictions=frozenset({"cn-sh"}),
        acts=frozenset({"plan"}),
        sources=frozenset({"panews"}),
        groups=frozenset({"hk"}),
        languages=frozenset({"en"}),
        min_score=0.7,
    )


def test_a_route_without_channels_has_all(load: Load) -> None:
    """Naming none means every configured channel, once each; naming some, those."""
    routes = by_id(load(TWO_CHANNELS + "routes: {a: {channels: [team, team], continue: true}}"))
    assert routes["now"].channels == ("desk", "team")
    assert routes["a"].channels == ("team",)


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("", ["terminal"]),
        (TWO_CHANNELS, ["desk", "team"]),
        (TWO_CHANNELS + "routes: {now: {channels: [terminal]}}", ["desk", "team", "terminal"]),
        (TWO_CHANNELS + "routes: {now: {channels: [terminal], enabled: false}}", ["desk", "team"]),
        (TWO_CHANNELS + "alerts: {notices: [terminal]}", ["desk", "team", "terminal"]),
        ("channels: {terminal: {url: 'json://mine'}}", ["terminal"]),
    ],
)
def test_the_terminal_is_there_when_it_is_needed(load: Load, text: str, channels: list[str]) -> None:
    """It takes part when nothing else is configured, or when a route names it."""
    assert list(load(text).channels) == channels


def test_a_channel_called_terminal_is_the_users(load: Load) -> None:
    """A configured channel of that name keeps its address."""
    loaded = load("channels: {terminal: {url: 'json://mine'}}")
    assert [url.get_secret_value() for url in loaded.channels.values()] == ["json://mine"]


def test_no_route_at_all_is_a_warning(load: Load) -> None:
    """A daemon that tells nobody is legal, and hardly meant."""
    loaded = load("routes: {now: {enabled: false}, daily: {enabled: false}}")
    assert [warning.message for warning in loaded.warnings] == ["no route is enabled, so nothing will ever be told"]


@pytest.mark.parametrize(
    ("first", "second", "is_dead"),
    [
        ("", "", True),
        ("continue: true", "", False),
        ("match: {topics: [ai, web3]}", "match: {topics: [ai]}", True),
        ("match: {topics: [ai]}", "match: {topics: [ai, web3]}", False),
        ("match: {topics: [ai]}", "", False),
        ("match: {jurisdictions: [cn]}", "match: {jurisdictions: [cn-sh]}", True),
        ("match: {jurisdictions: [cn-sh]}", "match: {jurisdictions: [cn]}", False),
        ("match: {languages: [zh]}", "match: {languages: [zh-Hant]}", True),
        ("match: {groups: [hk]}", "match: {groups: [cn-central]}", False),
        ("match: {min_score: 0.8}", "match: {min_score: 0.7}", False),
        ("match: {min_score: 0.7}", "match: {min_score: 0.8}", True),
        ("match: {topics: [ai], acts: [plan]}", "match: {topics: [ai]}", False),
    ],
)
def test_a_route_that_no_item_reaches_is_a_warning(load: Load, first: str, second: str, *, is_dead: bool) -> None:
    """An earlier route that takes all it wants and does not pass on leaves it nothing."""
    body = f"routes:\n  a: {{{first}}}\n  b: {{{second or 'order: 200'}, continue: true}}\n"
    warnings = [warning for warning in load(body).warnings if warning.key == "routes.b"]
    assert bool(warnings) is is_dead
    assert all("`a` before it takes every item it wants" in warning.message for warning in warnings)
