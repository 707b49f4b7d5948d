"""Pacing: what is told now, held, silenced, and released together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, GroupBy, Hold, QuietHours, Route, RouteId
from core.notices import NoticeKind
from core.pacing import HoldRules, Pace, StormRules, Waiting, due, pace

_NOW = datetime(2026, 11, 26, 15, tzinfo=UTC)  # 23:00 in Shanghai
_DESK = Route(id=RouteId("desk"), channels=(ChannelId("mail"),))
_CALM = StormRules(most=0)
_MINUTE = timedelta(minutes=1)
_RULES = HoldRules(routes={_DESK.id: _DESK})
_NIGHT = (QuietHours(start=time(22), end=time(7)),)


def _alert(number: int, *, kind: AlertKind = AlertKind.ITEM, age: timedelta = timedelta()) -> Alert:
    return Alert(
        id=AlertId(number),
        dedup_key=f"key-{number}",
        kind=kind,
        channel=ChannelId("mail"),
        state=AlertState.PENDING,
        created_at=_NOW - age,
        route=RouteId("desk"),
    )


def _waiting(number: int, route: Route = _DESK, *, group: str = "", kind: AlertKind = AlertKind.ITEM) -> Waiting:
    return Waiting(alert=_alert(number, kind=kind), route=route, group=group)


def _held(number: int, hold: Hold, *, release_at: datetime | None = _NOW, age: timedelta = timedelta()) -> Alert:
    return replace(_alert(number, age=age), state=AlertState.HELD, held_for=hold, release_at=release_at)


def test_what_nothing_speaks_against_is_told() -> None:
    """Alerts, notices and alerts of routes that are gone pass when nothing holds them."""
    waiting = [_waiting(1), Waiting(alert=_alert(2, kind=AlertKind.NOTICE), route=None), _waiting(3)]
    pacing = pace(waiting, Pace(), storm=StormRules(), now=_NOW)
    assert (pacing.held, pacing.silenced, pacing.storm_began) == ({}, {}, 0)


def test_silence_comes_first() -> None:
    """A silenced alert is neither held nor counted for the hour's fill."""
    route = replace(_DESK, max_per_hour=1)
    pacing = pace([replace(_waiting(1, route), silence=7), _waiting(2, route)], Pace(), storm=_CALM, now=_NOW)
    assert pacing.silenced == {1: 7}
    assert pacing.held == {}


def test_quiet_hours_hold_items_updates_and_digests_but_no_notices() -> None:
    """What rings is held until the quiet hours end, exactly; a notice of the operators is not the route's."""
    route = replace(_DESK, quiet=(QuietHours(start=time(22), end=time(7)),))
    kinds = [AlertKind.ITEM, AlertKind.UPDATE, AlertKind.DIGEST, AlertKind.NOTICE]
    pacing = pace([_waiting(n, route, kind=kind) for n, kind in enumerate(kinds)], Pace(), storm=_CALM, now=_NOW)
    assert set(pacing.held) == {0, 1, 2}
    assert {(back.hold, back.release_at) for back in pacing.held.values()} == {
        (Hold.QUIET, datetime(2026, 11, 26, 23, tzinfo=UTC))
    }


def test_groups_wait_from_their_first_alert() -> None:
    """Alerts of one topic share the release of the first; one that has waited is told."""
    route = replace(_DESK, group_by=GroupBy.TOPIC, group_wait=5 * _MINUTE)
    known = Pace(groups={((RouteId("desk"), ChannelId("mail")), "ai"): _NOW + _MINUTE})
    waited = replace(_waiting(3, route, group="ai"), alert=replace(_alert(3), group="ai"))
    pacing = pace(
        [_waiting(1, route, group="ai"), _waiting(2, route, group="chips"), waited], known, storm=_CALM, now=_NOW
    )
    assert {number: (back.release_at, back.group) for number, back in pacing.held.items()} == {
        1: (_NOW + _MINUTE, "ai"),
        2: (_NOW + 5 * _MINUTE, "chips"),
    }


def test_more_than_the_fill_waits_until_there_is_room() -> None:
    """What is over the hour's fill is held until the oldest message that fills it is an hour old."""
    route = replace(_DESK, max_per_hour=3)
    lane = (RouteId("desk"), ChannelId("mail"))
    known = Pace(lately={lane: [_NOW - timedelta(minutes=50), _NOW - timedelta(minutes=61), _NOW - _MINUTE]})
    pacing = pace([_waiting(1, route), _waiting(2, route), _waiting(3, route)], known, storm=_CALM, now=_NOW)
    assert {number: back.release_at for number, back in pacing.held.items()} == {
        2: _NOW + timedelta(minutes=10),
        3: _NOW + timedelta(minutes=10),
    }


def test_a_storm_holds_everything_at_once() -> None:
    """When more came than the breaker allows, none is told by itself, and the storm says how many."""
    rules = StormRules(most=3, within=10 * _MINUTE)
    lane = (RouteId("other"), ChannelId("slack"))
    pacing = pace([_waiting(n) for n in range(3)], Pace(lately={lane: [_NOW - _MINUTE]}), storm=rules, now=_NOW)
    assert pacing.storm_began == 4
    assert {back.hold for back in pacing.held.values()} == {Hold.STORM}
    assert {back.release_at for back in pacing.held.values()} == {_NOW + 10 * _MINUTE}


def test_a_storm_that_goes_on_takes_all_that_comes() -> None:
    """Until the storm is told, further alerts join it, however few, and it begins no second time."""
    known = Pace(storm_until=_NOW + _MINUTE)
    pacing = pace([_waiting(1)], known, storm=StormRules(most=3), now=_NOW)
    assert pacing.held[AlertId(1)].release_at == _NOW + _MINUTE
    assert pacing.storm_began == 0


def test_three_in_ten_minutes_are_no_storm() -> None:
    """The breaker's own number passes; old messages do not count."""
    lane = (RouteId("desk"), ChannelId("mail"))
    known = Pace(lately={lane: [_NOW - timedelta(minutes=11)] * 5})
    assert pace([_waiting(n) for n in range(3)], known, storm=StormRules(most=3), now=_NOW).held == {}


def test_one_is_released_by_itself_and_several_as_a_digest() -> None:
    """What a route held back for different reasons comes together, and says why."""
    releases = due([_held(1, Hold.QUIET), _held(2, Hold.OVERFLOW), _held(3, Hold.QUIET)], _RULES, now=_NOW)
    assert [[alert.id for alert in release.alerts] for release in releases] == [[1, 2, 3]]
    assert releases[0].why == "2 came during quiet hours; 1 were more than the route tells in an hour"
    single = due([_held(1, Hold.STORM), _held(2, Hold.STORM, release_at=_NOW + _MINUTE)], _RULES, now=_NOW)
    assert [(len(release.alerts), release.why) for release in single] == [(1, "")]


def test_groups_and_lanes_stay_apart() -> None:
    """Groups, channels and held digests are told each by themselves."""
    held = [
        replace(_held(1, Hold.GROUP), group="ai"),
        replace(_held(2, Hold.GROUP), group="chips"),
        replace(_held(3, Hold.GROUP), group="ai"),
        replace(_held(4, Hold.QUIET), channel=ChannelId("slack")),
        replace(_held(5, Hold.QUIET), kind=AlertKind.DIGEST),
    ]
    assert sorted([alert.id for alert in release.alerts] for release in due(held, _RULES, now=_NOW)) == [
        [1, 3],
        [2],
        [4],
        [5],
    ]


@pytest.mark.parametrize(("ages", "is_due"), [((30, 9), False), ((30, 10), True), ((59, 1), False), ((60, 1), True)])
def test_a_catch_up_ends_with_a_lull_or_after_an_hour(ages: tuple[int, int], *, is_due: bool) -> None:
    """It is told ten minutes after the last find, or an hour after the first, all at once."""
    held = [_held(n, Hold.CATCH_UP, release_at=None, age=age * _MINUTE) for n, age in enumerate(ages)]
    assert [len(release.alerts) for release in due(held, _RULES, now=_NOW)] == ([2] if is_due else [])


def _rules(**changes: Any) -> HoldRules:
    return HoldRules(routes={_DESK.id: replace(_DESK, **changes)})


@pytest.mark.parametrize(
    ("notice", "is_held"),
    [(NoticeKind.SOURCE, True), (NoticeKind.HEARTBEAT, True), (NoticeKind.DISK, False), (NoticeKind.DELIVERY, False)],
)
def test_operator_notices_keep_the_operators_quiet_hours(notice: NoticeKind, *, is_held: bool) -> None:
    """What can wait for the morning does; what says that alerts may be lost rings at night."""
    operators = replace(_DESK, quiet=_NIGHT)
    alert = replace(_alert(1, kind=AlertKind.NOTICE), notice=notice)
    pacing = pace([Waiting(alert=alert, route=operators)], Pace(), storm=_CALM, now=_NOW)
    assert bool(pacing.held) is is_held


def test_notices_that_were_held_come_one_by_one() -> None:
    """Notices of a night are messages of their own, when it is over or no longer quiet."""
    held = [replace(_held(n, Hold.QUIET), kind=AlertKind.NOTICE, route=None) for n in (1, 2)]
    night = HoldRules(operators=replace(_DESK, quiet=_NIGHT))
    assert due(held, night, now=_NOW) == ()
    assert [len(release.alerts) for release in due(held, night, now=_NOW + timedelta(hours=8))] == [1, 1]
    assert len(due(held, HoldRules(), now=_NOW)) == 2


def test_quiet_hours_end_when_the_route_says_so_now() -> None:
    """What counts are the quiet hours of today's configuration, not the moment that was foreseen."""
    held = [_held(1, Hold.QUIET, release_at=_NOW + 8 * 60 * _MINUTE)]
    assert due(held, _rules(quiet=_NIGHT), now=_NOW) == ()
    assert len(due(held, _rules(), now=_NOW)) == 1
    assert len(due(held, HoldRules(), now=_NOW)) == 1
    late = [_held(1, Hold.QUIET, release_at=_NOW - _MINUTE)]
    assert due(late, _rules(quiet=_NIGHT), now=_NOW) == ()


@pytest.mark.parametrize(
    ("hold", "changes", "longest"),
    [
        (Hold.OVERFLOW, {"max_per_hour": 3}, timedelta(hours=1)),
        (Hold.GROUP, {"group_by": GroupBy.TOPIC, "group_wait": 5 * _MINUTE}, 5 * _MINUTE),
        (Hold.STORM, {}, 10 * _MINUTE),
    ],
)
def test_no_hold_outlasts_its_reason(hold: Hold, changes: dict[str, Any], longest: timedelta) -> None:
    """What a clock that was wrong put off for longer than its kind is ever held for is due."""
    for wait, is_due in ((timedelta(), True), (longest, False), (longest + _MINUTE, True), (timedelta(365), True)):
        assert bool(due([_held(1, hold, release_at=_NOW + wait)], _rules(**changes), now=_NOW)) is is_due
    assert len(due([_held(1, hold, release_at=None)], _rules(**changes), now=_NOW)) == 1


def test_what_a_route_no_longer_asks_for_is_released() -> None:
    """An edit that lifts the fill, the grouping or the breaker frees what they held."""
    for hold in (Hold.OVERFLOW, Hold.GROUP):
        assert len(due([_held(1, hold, release_at=_NOW + _MINUTE)], _rules(), now=_NOW)) == 1
    rules = replace(_RULES, storm=_CALM)
    assert len(due([_held(1, Hold.STORM, release_at=_NOW + _MINUTE)], rules, now=_NOW)) == 1


def test_rows_of_a_dead_digest_wait_until_another_is_tried() -> None:
    """They are not told at once, though the reason for which they were held is long over."""
    for hold in Hold:
        back = replace(_held(1, hold, release_at=_NOW + _MINUTE, age=timedelta(days=1)), returned=True)
        assert due([back], _RULES, now=_NOW) == ()
        assert len(due([back], _RULES, now=_NOW + _MINUTE)) == 1
        assert len(due([replace(back, release_at=_NOW + timedelta(hours=7))], _RULES, now=_NOW)) == 1


def test_a_catch_up_found_by_a_clock_that_was_ahead_is_told() -> None:
    """Finds of the future do not keep a catch-up open until then."""
    assert due([_held(1, Hold.CATCH_UP, release_at=None, age=-5 * _MINUTE)], _RULES, now=_NOW) == ()
    assert len(due([_held(1, Hold.CATCH_UP, release_at=None, age=-60 * _MINUTE)], _RULES, now=_NOW)) == 1


def test_a_storm_put_off_by_a_wrong_clock_is_none() -> None:
    """A storm that would be told in a year does not keep everything back until then."""
    known = Pace(storm_until=_NOW + timedelta(days=365))
    assert pace([_waiting(1)], known, storm=StormRules(most=3), now=_NOW).held == {}


@given(st.integers(0, 40), st.integers(0, 10), st.integers(0, 10))
def test_every_alert_has_one_fate(count: int, most: int, fill: int) -> None:
    """No alert is both held and silenced, and of those told now there are never more than breaker and fill allow."""
    route = replace(_DESK, max_per_hour=fill)
    waiting = [replace(_waiting(n, route), silence=1 if n % 5 == 0 else None) for n in range(count)]
    pacing = pace(waiting, Pace(), storm=StormRules(most=most), now=_NOW)
    assert not pacing.held.keys() & pacing.silenced.keys()
    told = count - len(pacing.held) - len(pacing.silenced)
    assert told <= (most or count)
    assert told <= (fill or count)
