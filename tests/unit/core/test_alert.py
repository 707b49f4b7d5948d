"""Routes, alerts and what they match by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.alert import AlertState, Cadence, RouteMatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.alert import Alert, NewAlert, Route


def test_a_route_tells_everything_at_once_by_default(make_route: Callable[..., Route]) -> None:
    """A route without conditions wants every relevant item, now, and is the last one tried."""
    route = make_route()
    assert (route.match, route.cadence, route.continue_) == (RouteMatch(), Cadence.NOW, False)


def test_a_new_alert_was_never_tried(make_alert: Callable[..., Alert]) -> None:
    """A row of the outbox begins without attempts and without the mark of a possible repeat."""
    alert = make_alert()
    assert (alert.state, alert.attempts, alert.possible_repeat) == (AlertState.PENDING, 0, False)


def test_a_row_keeps_the_key_it_was_added_with(
    make_new_alert: Callable[..., NewAlert], make_alert: Callable[..., Alert]
) -> None:
    """What says that an alert was told before is the same before and after storing."""
    assert make_new_alert(7).dedup_key == make_alert(7).dedup_key
