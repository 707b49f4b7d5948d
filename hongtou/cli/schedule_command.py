"""`hongtou schedule`: when each source is asked next, why, and what other budgets would bring."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from core.health import in_words
from core.polling_budget import Budget
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.clock import SystemClock
from hongtou.opening import open_database
from hongtou.polling_outlook import replay_stored
from hongtou.polling_rules import calendar_of_source, outlook_of, polling_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.loaded import Loaded
    from core.polling_replay import Delays
    from core.repositories import UnitOfWork
    from hongtou.polling_outlook import Ahead, Outlook

_MINUTES = 60


def schedule(
    ids: Annotated[list[str] | None, typer.Argument(help="Only these sources.")] = None,
    config: ConfigOption = None,
    *,
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Replay stored news under half, all and twice the budget.")
    ] = False,
    budget: Annotated[
        list[float] | None, typer.Option("--budget", min=1, help="Budget an hour to replay; may be repeated.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell when each watched source is asked next, and why; with --simulate what other budgets would bring."""
    loaded = load(config)
    database = open_database(loaded)
    with database.reading() as uow:
        if simulate or budget:
            _simulate(uow, loaded, budget or [], as_json=as_json)
        else:
            outlook = outlook_of(uow, loaded, now=SystemClock().now())
            _show(outlook, loaded, frozenset(ids or ()), as_json=as_json)
    database.close()


def _show(outlook: Outlook, loaded: Loaded, ids: frozenset[str], *, as_json: bool) -> None:
    unknown = ids - {source.id for source in loaded.watched}
    if unknown:
        raise typer.BadParameter(f"not watched: {', '.join(sorted(unknown))}", param_hint="IDS")
    shown = [each for each in outlook.sources if not ids or each.source.id in ids]
    if as_json:
        typer.echo(json.dumps([_row(each) for each in shown], ensure_ascii=False, indent=2))
        return
    table = Table("source", "interval", "next polls (UTC)", "polls a day", "expected delay", "why")
    for each in sorted(shown, key=lambda one: one.polls[0]):
        moments = ", ".join(f"{moment:%H:%M}" for moment in each.polls)
        table.add_row(
            each.source.id,
            in_words(each.interval),
            f"{each.polls[0]:%m-%d} {moments}",
            f"{each.polls_per_day:.1f}",
            in_words(each.delay),
            Text(each.why),
        )
    out().print(table)
    asked = f"{outlook.per_hour:.0f} lists an hour on average over a week, {outlook.busiest:.0f} in the busiest hour"
    out().print(f"{asked}; budget {polling_rules(loaded).budget.per_hour:g}", markup=False)


def _row(each: Ahead) -> dict[str, Any]:
    return {
        "id": each.source.id,
        "interval_s": round(each.interval.total_seconds()),
        "why": each.why,
        "next_polls": [moment.isoformat(timespec="seconds") for moment in each.polls],
        "expected_delay_s": round(each.delay.total_seconds()),
        "items_per_day": round(each.per_day, 3),
        "polls_per_day": round(each.polls_per_day, 2),
    }


def _simulate(uow: UnitOfWork, loaded: Loaded, wanted: Sequence[float], *, as_json: bool) -> None:
    rules = polling_rules(loaded)
    own = rules.budget.per_hour
    budgets = [Budget(per_hour=each, peak=rules.budget.peak) for each in wanted or (own / 2, own, own * 2)]
    found = replay_stored(uow, loaded.watched, rules, budgets, calendar_of=calendar_of_source, now=SystemClock().now())
    rows = [row for budget, delays in found.items() for row in _rows(budget, delays, sources=len(loaded.watched))]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(
        "budget an hour", "asked an hour", "group", "items", "mean delay", "95 % within", "fixed interval: mean"
    )
    for row in rows:
        table.add_row(
            f"{row['budget_per_hour']:g}",
            f"{row['asked_per_hour']:.0f}",
            row["group"],
            str(row["items"]),
            _words(row["mean_min"]),
            _words(row["p95_min"]),
            _words(row["fixed_mean_min"]),
        )
    out().print(table)


def _rows(budget: Budget, delays: Delays, *, sources: int) -> list[dict[str, Any]]:
    """Return a row a group that had news, and one of all; minutes."""
    groups: Mapping[str | None, str] = {None: "all", **{group: group for group in sorted(delays.by_group)}}
    fixed = sources / delays.requests * _MINUTES / 2 if delays.requests else None
    rows = []
    for group, name in groups.items():
        mean, late = delays.mean(group), delays.percentile(0.95, group)
        if mean is None or late is None:
            continue
        rows.append(
            {
                "budget_per_hour": budget.per_hour,
                "asked_per_hour": round(delays.requests, 1),
                "group": name,
                "items": round(delays.items(group)),
                "mean_min": round(mean * _MINUTES, 1),
                "p95_min": round(late * _MINUTES, 1),
                "fixed_mean_min": round(fixed, 1) if fixed is not None else None,
            }
        )
    return rows


def _words(minutes: float | None) -> str:
    return "" if minutes is None else f"{minutes:.1f} min"
