"""Pacing, parts, silences and what is remembered of pruned alerts: one suite for both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from core.alert import AlertId, AlertKind, AlertState, ChannelId, Hold, NewAlert, RouteId, RouteMatch, Silence
from core.delivery_repositories import StoredPart
from core.message import Part
from core.pacing import HeldBack

if TYPE_CHECKING:
    from storage.database import SqlDatabase
    from storage.unit_of_work import SqlUnitOfWork

_NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
_DESK, _MAIL = RouteId("desk"), ChannelId("mail")
_MINUTE = timedelta(minutes=1)


def _add(
    uow: SqlUnitOfWork,
    key: str,
    *,
    state: AlertState = AlertState.PENDING,
    hold: Hold | None = None,
    age: timedelta = timedelta(),
) -> AlertId:
    alert_id = uow.outbox.add(
        NewAlert(
            dedup_key=key,
            kind=AlertKind.ITEM,
            channel=_MAIL,
            route=_DESK,
            state=state,
            created_at=_NOW - age,
            held_for=hold,
        )
    )
    assert alert_id is not None
    return alert_id


def _send(uow: SqlUnitOfWork, alert_id: AlertId, *, at: datetime = _NOW) -> None:
    uow.outbox.claim(now=at, limit=50, lease=_MINUTE, only=[alert_id])
    uow.outbox.mark_sent(alert_id, at=at)


def test_only_what_was_never_tried_is_paced(database: SqlDatabase) -> None:
    """Held, claimed, tried and sent alerts are not asked about again."""
    with database.unit_of_work() as uow:
        first, second = _add(uow, "b", age=_MINUTE), _add(uow, "a")
        _add(uow, "digest", state=AlertState.HELD)
        claimed, tried = _add(uow, "claimed"), _add(uow, "tried")
        uow.outbox.claim(now=_NOW, limit=9, lease=_MINUTE, only=[claimed, tried])
        uow.outbox.mark_retry(tried, error="later", next_attempt_at=_NOW)
        assert [alert.id for alert in uow.pacing.pending(limit=9)] == [first, second]
        assert [alert.id for alert in uow.pacing.pending(limit=1)] == [first]


def test_what_is_held_comes_back_with_its_reason(database: SqlDatabase) -> None:
    """A held alert says why and until when; one that waits for a digest is not among them, and none is claimed."""
    with database.unit_of_work() as uow:
        quiet, group = _add(uow, "quiet"), _add(uow, "group")
        _add(uow, "digest", state=AlertState.HELD)
        uow.pacing.hold(
            {
                quiet: HeldBack(hold=Hold.QUIET, release_at=_NOW + _MINUTE),
                group: HeldBack(hold=Hold.GROUP, release_at=_NOW, group="ai"),
            }
        )
        uow.commit()
    with database.unit_of_work() as uow:
        held = uow.pacing.held(limit=9)
        assert [(alert.id, alert.held_for, alert.release_at, alert.group) for alert in held] == [
            (quiet, Hold.QUIET, _NOW + _MINUTE, ""),
            (group, Hold.GROUP, _NOW, "ai"),
        ]
        assert uow.outbox.claim(now=_NOW, limit=9, lease=_MINUTE) == ()
        assert uow.pacing.known(now=_NOW).groups == {((_DESK, _MAIL), "ai"): _NOW}
        uow.pacing.release([group])
        (alert,) = uow.outbox.claim(now=_NOW, limit=9, lease=_MINUTE)
        assert (alert.id, alert.group, alert.held_for) == (group, "ai", None)


def test_the_last_hour_is_known(database: SqlDatabase) -> None:
    """Messages of the last hour and those under way count; older ones, and rows that a digest carried, do not."""
    with database.unit_of_work() as uow:
        _send(uow, _add(uow, "old"), at=_NOW - timedelta(minutes=61))
        _send(uow, _add(uow, "recent"), at=_NOW - 5 * _MINUTE)
        uow.outbox.claim(now=_NOW, limit=9, lease=_MINUTE, only=[_add(uow, "under way")])
        _add(uow, "row", state=AlertState.HELD)
        digest = uow.outbox.bundle(route=_DESK, channel=_MAIL, now=_NOW, limit=9)
        assert digest is not None
        _send(uow, digest)
        assert sorted(uow.pacing.known(now=_NOW).lately[_DESK, _MAIL]) == [_NOW - 5 * _MINUTE, _NOW]


def test_a_storm_is_remembered(database: SqlDatabase) -> None:
    """The storm that goes on is the latest release of what it holds."""
    with database.unit_of_work() as uow:
        assert uow.pacing.known(now=_NOW).storm_until is None
        ids = [_add(uow, "a"), _add(uow, "b")]
        uow.pacing.hold({ids[0]: HeldBack(hold=Hold.STORM, release_at=_NOW)})
        uow.pacing.hold({ids[1]: HeldBack(hold=Hold.STORM, release_at=_NOW + _MINUTE)})
        assert uow.pacing.known(now=_NOW).storm_until == _NOW + _MINUTE


def test_held_alerts_become_a_digest_that_says_why(database: SqlDatabase) -> None:
    """What is bundled is sent with its digest; when that dies it is held again, and due later."""
    with database.unit_of_work() as uow:
        ids = [_add(uow, key) for key in "abc"]
        uow.pacing.hold({one: HeldBack(hold=Hold.STORM, release_at=_NOW) for one in ids})
        digest = uow.pacing.bundle(ids[:2], now=_NOW, why="2 came in a storm of alerts")
        assert digest is not None
        stored = uow.outbox.get(digest)
        assert stored is not None
        assert (stored.kind, stored.reason) == (AlertKind.DIGEST, "2 came in a storm of alerts")
        assert [alert.id for alert in uow.outbox.members(digest)] == ids[:2]
        uow.outbox.claim(now=_NOW, limit=9, lease=_MINUTE)
        uow.outbox.mark_dead(digest, error="no", again_at=_NOW + timedelta(hours=6))
        held = uow.pacing.held(limit=9)
        assert {(alert.id, alert.release_at) for alert in held} == {
            (ids[0], _NOW + timedelta(hours=6)),
            (ids[1], _NOW + timedelta(hours=6)),
            (ids[2], _NOW),
        }
        assert uow.pacing.bundle([AlertId(999)], now=_NOW, why="") is None


def test_a_schedules_digest_takes_only_what_waits_for_it(database: SqlDatabase) -> None:
    """What is held for quiet hours is not told by the route's own digest before they end."""
    with database.unit_of_work() as uow:
        quiet, waits = _add(uow, "quiet"), _add(uow, "waits", state=AlertState.HELD)
        uow.pacing.hold({quiet: HeldBack(hold=Hold.QUIET, release_at=_NOW)})
        digest = uow.outbox.bundle(route=_DESK, channel=_MAIL, now=_NOW, limit=9)
        assert digest is not None
        assert [alert.id for alert in uow.outbox.members(digest)] == [waits]
        assert uow.outbox.held_routes() == ()


def test_silenced_alerts_stay_and_are_counted(database: SqlDatabase) -> None:
    """A silenced alert is never claimed, and its story is not told a second time."""
    with database.unit_of_work() as uow:
        one = _add(uow, "a")
        uow.pacing.silence({one: 3})
        stored = uow.outbox.get(one)
        assert stored is not None
        assert stored.state is AlertState.SILENCED
        assert uow.outbox.claim(now=_NOW, limit=9, lease=_MINUTE) == ()
        assert uow.pacing.silenced(_DESK, _MAIL, since=_NOW) == 1
        assert uow.pacing.silenced(_DESK, _MAIL, since=_NOW + _MINUTE) == 0
        assert uow.pacing.silenced(_DESK, ChannelId("other"), since=None) == 0


def test_what_waits_for_a_digest_can_be_silenced(database: SqlDatabase) -> None:
    """A silence keeps held alerts back too, and none of them is told by the digest."""
    with database.unit_of_work() as uow:
        ids = [_add(uow, key, state=AlertState.HELD) for key in "ab"]
        assert [alert.id for alert in uow.pacing.for_digest(_DESK, _MAIL)] == ids
        assert uow.pacing.for_digest(_DESK, ChannelId("other")) == ()
        uow.pacing.silence({ids[0]: 3})
        assert [alert.id for alert in uow.pacing.for_digest(_DESK, _MAIL)] == ids[1:]


def test_what_a_dead_digest_gave_back_is_known_until_it_is_released(database: SqlDatabase) -> None:
    """A returned alert is told again at its time; once released it is an alert like any other."""
    with database.unit_of_work() as uow:
        one = _add(uow, "a")
        uow.pacing.hold({one: HeldBack(hold=Hold.QUIET, release_at=_NOW)})
        assert not uow.pacing.held(limit=9)[0].returned
        digest = uow.pacing.bundle([one], now=_NOW, why="")
        assert digest is not None
        uow.outbox.claim(now=_NOW, limit=9, lease=_MINUTE)
        uow.outbox.mark_dead(digest, error="no", again_at=_NOW)
        assert uow.pacing.held(limit=9)[0].returned
        uow.pacing.release([one])
        (alert,) = uow.outbox.claim(now=_NOW, limit=9, lease=_MINUTE)
        assert (alert.id, alert.digest_id, alert.returned) == (one, None, False)


def test_parts_are_kept_as_they_were_rendered(database: SqlDatabase) -> None:
    """Parts come back in order, with what was accepted; new ones take their place, and they go with their alert."""
    parts = [
        Part(
            number=n,
            count=2,
            subject=f"s{n}",
            body="<b>芯片</b>",
            text="t",
            data={"blocks": [1]},
            thread="x",
            items=n,
            stories=(7, 9),
        )
        for n in (1, 2)
    ]
    new = [StoredPart(part=part, sent_at=None, marked=replace(part, subject="again")) for part in parts]
    with database.unit_of_work() as uow:
        one = _add(uow, "a")
        assert uow.parts.of(one) == ()
        uow.parts.put(one, new)
        uow.parts.mark_sent(one, 1, at=_NOW)
        uow.commit()
    with database.unit_of_work() as uow:
        stored = uow.parts.of(one)
        assert [part.part for part in stored] == parts
        assert [part.marked for part in stored] == [part.marked for part in new]
        assert [part.sent_at for part in stored] == [_NOW, None]
        uow.parts.put(one, [StoredPart(part=parts[0], sent_at=None)])
        assert [part.sent_at for part in uow.parts.of(one)] == [None]


def test_silences_hold_between_their_ends(database: SqlDatabase) -> None:
    """A silence comes back as it was made, holds from its start until its end, and can be ended once."""
    silence = Silence(
        id=0,
        match=RouteMatch(topics=frozenset({"ai", "chips"}), min_score=0.5, query="a OR b"),
        routes=frozenset({"desk"}),
        starts_at=_NOW,
        ends_at=_NOW + timedelta(days=1),
        comment="known",
        created_at=_NOW,
    )
    with database.unit_of_work() as uow:
        number = uow.silences.add(silence)
        (active,) = uow.silences.active(at=_NOW)
        assert (active.match, active.routes, active.comment) == (silence.match, silence.routes, "known")
        assert uow.silences.active(at=_NOW - _MINUTE) == ()
        assert uow.silences.active(at=silence.ends_at) == ()
        assert uow.silences.end(number, at=_NOW + _MINUTE)
        assert not uow.silences.end(number, at=_NOW + _MINUTE)
        assert not uow.silences.end(99, at=_NOW)
        assert uow.silences.active(at=_NOW + _MINUTE) == ()
        assert [one.id for one in uow.silences.all(limit=5)] == [number]


def test_pruned_alerts_are_never_told_again(database: SqlDatabase) -> None:
    """Only what has reached its end is forgotten; its key is not, and all that ever went in can be accounted for."""
    with database.unit_of_work() as uow:
        sent, silenced, waits = _add(uow, "sent", age=_MINUTE), _add(uow, "silenced", age=_MINUTE), _add(uow, "waits")
        _send(uow, sent)
        uow.pacing.silence({silenced: 1})
        assert uow.outbox.prune(before=_NOW - 2 * _MINUTE, now=_NOW, limit=9) == 0
        assert uow.outbox.prune(before=_NOW + _MINUTE, now=_NOW, limit=9) == 2
        assert uow.outbox.get(sent) is None
        assert uow.outbox.get(waits) is not None
        again = NewAlert(
            dedup_key="sent", kind=AlertKind.ITEM, channel=_MAIL, state=AlertState.PENDING, created_at=_NOW
        )
        assert uow.outbox.add(again) is None
        totals = uow.outbox.totals()
        assert (totals.added, totals.found, totals.missing) == (3, 3, 0)
        assert totals.pruned == {AlertState.SENT: 1, AlertState.SILENCED: 1}
        assert uow.outbox.forget_keys(before=_NOW + _MINUTE, limit=9) == 2
        assert uow.outbox.add(again) is not None


def test_a_digest_goes_after_its_rows(database: SqlDatabase) -> None:
    """Rows that a digest carried are forgotten first, a portion at a time, and the digest when none is left."""
    with database.unit_of_work() as uow:
        for key in "ab":
            _add(uow, key, state=AlertState.HELD)
        digest = uow.outbox.bundle(route=_DESK, channel=_MAIL, now=_NOW, limit=9)
        assert digest is not None
        _send(uow, digest)
        assert uow.outbox.delivered_at(_DESK, _MAIL) == _NOW
        later = _NOW + _MINUTE
        gone = []
        for _ in range(4):
            gone.append(uow.outbox.prune(before=later, now=_NOW, limit=1))
            if uow.outbox.get(digest) is not None:
                assert gone.count(1) < 3
        assert gone == [1, 1, 1, 0]


def test_a_row_that_was_taken_away_is_missed(database: SqlDatabase) -> None:
    """What somebody deleted by hand shows as a difference between what went in and what is there."""
    with database.unit_of_work() as uow:
        _add(uow, "a")
        _add(uow, "b", hold=Hold.CATCH_UP, state=AlertState.HELD)
        totals = uow.outbox.totals()
        assert (totals.added, totals.missing, totals.holds) == (2, 0, {Hold.CATCH_UP: 1})


@pytest.mark.parametrize("hold", list(Hold))
def test_every_hold_can_be_stored(database: SqlDatabase, hold: Hold) -> None:
    """Each reason comes back as the one it was."""
    with database.unit_of_work() as uow:
        one = _add(uow, "a", state=AlertState.HELD, hold=hold)
        stored = uow.outbox.get(one)
        assert stored is not None
        assert stored.held_for is hold
