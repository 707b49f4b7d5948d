"""`hongtou sources health`."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from core.health import HealthState, in_words
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.clock import SystemClock
from hongtou.health import report_health
from hongtou.health_rules import health_rules
from hongtou.opening import open_database
from hongtou.polling_rules import outlook_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from config.loaded import Loaded
    from core.health import SourceHealth
    from core.repositories import UnitOfWork
    from core.source import Source
    from hongtou.polling_outlook import Ahead

_STYLES = {
    HealthState.OK: "green",
    HealthState.NEW: "dim",
    HealthState.OFF: "dim",
    HealthState.DEGRADED: "yellow",
    HealthState.QUIET: "yellow",
    HealthState.BLOCKED: "red",
    HealthState.BROKEN: "red",
}
_WORST_FIRST = (
    HealthState.BROKEN,
    HealthState.BLOCKED,
    HealthState.QUIET,
    HealthState.DEGRADED,
    HealthState.NEW,
    HealthState.OK,
    HealthState.OFF,
)


def health(
    config: ConfigOption = None,
    *,
    all_known: Annotated[bool, typer.Option("--all", help="Also those that are not watched.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell how sources do: the worst first, with since when, their last news, when they are asked again, and why."""
    loaded = load(config)
    database = open_database(loaded)
    with database.unit_of_work() as uow:
        found = health_of_sources(uow, loaded, list(loaded.sources.values() if all_known else loaded.watched))
        ahead = {each.source.id: each for each in outlook_of(uow, loaded, now=SystemClock().now()).sources}
    database.close()
    found = tuple(sorted(found, key=lambda one: _WORST_FIRST.index(one.state)))
    if as_json:
        rows = [_row(one) | _polls(ahead.get(one.source_id)) for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("source", "state", "since", "last answer", "last news", "expected gap", "asked every", "why")
    for one in found:
        gap = in_words(one.expected_gap) if one.expected_gap else ""
        since, last_new = _minutes(one.since), _minutes(one.last_new_at)
        word = Text(one.state, style=_STYLES[one.state])
        polls = ahead.get(one.source_id)
        every = in_words(polls.interval) if polls else ""
        why = Text("; ".join(filter(None, (one.why, polls.why if polls else ""))))
        table.add_row(one.source_id, word, since, one.last_answer or "", last_new, gap, every, why)
    out().print(table)
    counts = Counter(one.state for one in found)
    out().print(", ".join(f"{counts[state]} {state}" for state in _WORST_FIRST if counts[state]), markup=False)


def health_of_sources(uow: UnitOfWork, loaded: Loaded, sources: Sequence[Source]) -> tuple[SourceHealth, ...]:
    """Return how sources do now, in the order given."""
    watched = {source.id for source in loaded.watched}
    return report_health(uow, sources, watched=watched, rules=health_rules(loaded), now=SystemClock().now())


def _polls(ahead: Ahead | None) -> dict[str, Any]:
    return {
        "interval_s": round(ahead.interval.total_seconds()) if ahead else None,
        "interval_why": ahead.why if ahead else "",
        "next_poll_at": ahead.polls[0].isoformat(timespec="seconds") if ahead else None,
    }


def _minutes(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _row(one: SourceHealth) -> dict[str, Any]:
    def moment(at: datetime | None) -> str | None:
        return at.isoformat(timespec="seconds") if at else None

    return {
        "id": one.source_id,
        "state": one.state.value,
        "since": moment(one.since),
        "last_answer": one.last_answer.value if one.last_answer else None,
        "last_answer_at": moment(one.last_answer_at),
        "last_success_at": moment(one.last_success_at),
        "last_new_at": moment(one.last_new_at),
        "expected_gap_s": one.expected_gap.total_seconds() if one.expected_gap else None,
        "why": one.why,
    }
