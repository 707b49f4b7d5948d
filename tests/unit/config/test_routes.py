"""Routes and channels as they come out of the settings."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from config.routes import shipped_routes
from core.alert import Cadence, GroupBy, QuietHours, Route, RouteMatch
from core.stories import StoryChange

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.loaded import Loaded

    Load = Callable[..., Loaded]
    Faults = Callable[..., list[str]]

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


def test_everything_about_telling_arrives(load: Load) -> None:
    """Cadence, grouping, quiet hours in the route's zone, fill, updates, stages and query come out as written."""
    text = """
routes:
  a:
    match: {stages: [draft], query: ' chip -price '}
    cadence: both
    zone: Europe/Berlin
    updates: [primary-found]
    group_by: topic
    group_wait: 2m
    quiet_hours: ["22:00-07:00", "sat-mon,wed 00:00-24:00"]
    max_per_hour: 7
    language: zh
    template: desk
  b: {updates: every}
  c: {updates: none}
"""
    routes = by_id(load(text))
    a = routes["a"]
    assert (a.match.stages, a.match.query, a.cadence, a.cron) == (
        frozenset({"draft"}),
        "chip -price",
        Cadence.BOTH,
        "0 9 * * *",
    )
    assert (a.group_by, a.group_wait, a.max_per_hour) == (GroupBy.TOPIC, timedelta(minutes=2), 7)
    assert (a.language, a.template) == ("zh", "desk")
    assert a.quiet == (
        QuietHours(start=time(22), end=time(7), zone="Europe/Berlin"),
        QuietHours(start=time(0), end=time(0), days=frozenset({5, 6, 0, 2}), zone="Europe/Berlin"),
    )
    assert [routes[name].updates for name in "abc"] == [
        {StoryChange.PRIMARY_FOUND},
        set(StoryChange),
        set(),
    ]


@pytest.mark.parametrize(
    "text", ["22-07", "25:00-07:00", "foo 22:00-07:00", "", "22:00", "mon- 22:00-07:00", "24:00-07:00"]
)
def test_quiet_hours_that_are_none_are_refused(faults: Faults, text: str) -> None:
    """A time that cannot be read is refused with the form to write."""
    (told,) = faults(f"routes: {{now: {{quiet_hours: ['{text}']}}}}")
    assert "write it as 22:00-07:00" in told


def test_a_query_that_cannot_be_read_is_refused_with_its_place(faults: Faults) -> None:
    """The fault names the character and what is wrong there."""
    (told,) = faults("routes: {now: {match: {query: 'chip (ai'}}}")
    assert "routes.now.match.query" in told
    assert "at character 6: a bracket is not closed" in told


@pytest.mark.parametrize(
    ("route", "key", "says"),
    [
        ("quiet_hours: ['00:00-24:00']", "quiet_hours", "leave no hour of the week"),
        ("quiet_hours: ['20:00-09:00', '08:00-21:00']", "quiet_hours", "leave no hour of the week"),
        ("cadence: digest, max_per_hour: 3", "max_per_hour", "has no effect"),
        ("cadence: digest, group_by: topic", "group_by", "has no effect"),
        ("group_by: item, updates: every", "updates", "has no effect"),
        ("match: {query: 'chip or ai'}", "match.query", "write OR"),
        ("match: {sources: [panews]}", "match.sources", "none of these sources is watched"),
        ("match: {groups: [hk]}", "match.groups", "no watched source is in these groups"),
    ],
)
def test_what_is_hardly_meant_is_a_warning(load: Load, route: str, key: str, says: str) -> None:
    """Hours that contradict, settings without effect and routes that nothing can meet are told, and nothing else."""
    loaded = load(f"watch: {{only: [miit-search]}}\nroutes: {{now: {{{route}}}}}")
    assert [(warning.key, says in warning.message) for warning in loaded.warnings] == [(f"routes.now.{key}", True)]


def test_a_route_behind_one_with_another_query_is_reached(load: Load) -> None:
    """A query takes only some items: what stands behind it is shadowed by the same query alone."""
    loaded = load("routes: {a: {match: {query: chip}}, b: {match: {query: ai}}, c: {match: {query: chip}}}")
    assert [warning.key for warning in loaded.warnings] == ["routes.c"]
