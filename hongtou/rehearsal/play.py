"""Plays the timeline to a running daemon, step by step, and waits until it has told what there is to tell."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hongtou.rehearsal.record import Record
from hongtou.rehearsal.timeline import FAULTS, SITES

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.repositories import Database
    from hongtou.rehearsal.stage import Rehearsal

STEP_WITHIN_S = 30.0
"""Longest wait for the daemon to have looked at every site of a step: its longest backoff in the rehearsal, twice."""
_SETTLE_WITHIN_S = 90.0
"""Longest wait for the last digest, which closes on a full minute, and for deliveries that are tried again."""
_LOOK_EVERY_S = 0.2
_ALL = 100_000
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def read_record(database: Database) -> Record:
    """Read everything; the rehearsal's database is small."""
    with database.unit_of_work() as uow:
        states = uow.sources.all()
        alerts = tuple(sorted(uow.outbox.list(limit=_ALL), key=lambda alert: alert.id))
        items = tuple(sorted(uow.items.recent(since=_EVER, limit=_ALL), key=lambda item: item.id))
    return Record(items=items, alerts=alerts, sources=states)


def play(
    rehearsal: Rehearsal,
    database: Database,
    *,
    on_step: Callable[[int, Record], None],
    meanwhile: Callable[[], None],
    step_within_s: float = STEP_WITHIN_S,
) -> Record:
    """Play every step and wait for the end of all alerts.

    Args:
        rehearsal: Open, with the daemon started.
        database: The daemon's database.
        on_step: Called after each step with its number and what is stored by then.
        meanwhile: Called again and again while waiting: where a crash test kills and a watcher checks.
        step_within_s: Longest wait for the daemon to have looked at every site of a step, in seconds.

    Returns:
        What is stored at the end, settled or not: the verdict tells.
    """
    web = rehearsal.web
    for step in range(web.steps):
        web.advance(step)
        _wait(lambda step=step: _expected_sites(step) <= web.lists_asked(step), step_within_s, meanwhile)  # type: ignore[misc]
        _wait(lambda: _is_quiet(database), step_within_s, meanwhile)
        on_step(step, read_record(database))
    _wait(lambda: read_record(database).is_settled, _SETTLE_WITHIN_S, meanwhile)
    return read_record(database)


def _expected_sites(step: int) -> frozenset[str]:
    """Return the sites that a polite crawler looks at within a step: those not under a challenge by then."""
    challenged = {site for (site, since), fault in FAULTS.items() if fault == "challenge" and since < step}
    return frozenset(SITES) - challenged


def _is_quiet(database: Database) -> bool:
    """Whether no poll is under way: all that the sites showed so far is stored."""
    with database.unit_of_work() as uow:
        return all(state.claimed_until is None for state in uow.sources.all())


def _wait(condition: Callable[[], bool], seconds: float, meanwhile: Callable[[], None]) -> None:
    """Wait until a condition holds, or give up after a time: the verdict will say what is missing."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        meanwhile()
        if condition():
            return
        time.sleep(_LOOK_EVERY_S)
