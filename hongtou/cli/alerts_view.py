"""Shows alerts: tables for a terminal, and the documented JSON objects."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from core.alert import AlertKind, AlertState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from rich.console import Console

    from core.alert import Alert, Silence
    from core.delivery_repositories import OutboxTotals
    from hongtou.alert_lookup import AlertDetails

_WAITING = (AlertState.PENDING, AlertState.CLAIMED, AlertState.RETRYING)


def alerts_table(alerts: Iterable[Alert]) -> Table:
    """Return one row an alert."""
    table = Table()
    for column in ("id", "state", "kind", "route", "channel", "created", "attempts", "error"):
        table.add_column(column)
    for alert in alerts:
        table.add_row(
            str(alert.id),
            f"{alert.state} ({alert.held_for})" if alert.held_for and alert.state is AlertState.HELD else alert.state,
            alert.kind,
            alert.route or "",
            alert.channel,
            alert.created_at.isoformat(timespec="seconds"),
            str(alert.attempts),
            Text(alert.last_error),
        )
    return table


def account_line(totals: OutboxTotals) -> str:
    """Return what went into the outbox, and what became of it, as one sum."""
    states = totals.states
    holds = ", ".join(f"{hold.value} {number}" for hold, number in sorted(totals.holds.items()))
    terms = (
        f"{states.get(AlertState.SENT, 0)} sent",
        f"{sum(states.get(state, 0) for state in _WAITING)} waiting",
        f"{states.get(AlertState.HELD, 0)} held" + (f" ({holds})" if holds else ""),
        f"{states.get(AlertState.BUNDLED, 0)} in digests",
        f"{states.get(AlertState.SILENCED, 0)} silenced",
        f"{states.get(AlertState.DEAD, 0)} dead",
        f"{sum(totals.pruned.values())} pruned",
    )
    return f"{totals.added} in = {' + '.join(terms)}"


def mismatch_line(totals: OutboxTotals) -> str:
    """Return what to say loudly where the sum does not come out; empty where it does."""
    if not totals.missing:
        return ""
    word = f"{totals.missing} are missing" if totals.missing > 0 else f"{-totals.missing} are too many"
    return (
        f"THE ACCOUNT DOES NOT ADD UP: {word}. Somebody edited the database, or Hongtou has a fault: keep a copy "
        "(hongtou db backup), and report it."
    )


def account_json(totals: OutboxTotals) -> dict[str, Any]:
    """Return the documented JSON object of the account; see docs/alerts.md."""
    return {
        "in": totals.added,
        "states": {state.value: totals.states.get(state, 0) for state in AlertState},
        "held": {hold.value: number for hold, number in totals.holds.items()},
        "pruned": {state.value: number for state, number in totals.pruned.items()},
        "missing": totals.missing,
    }


def alert_json(alert: Alert) -> dict[str, Any]:
    """Return the documented JSON object of an alert; see docs/alerts.md."""
    fields = asdict(alert)
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in fields.items()}


def details_json(details: AlertDetails) -> dict[str, Any]:
    """Return the documented JSON object of `hongtou alerts show --json`; see docs/alerts.md."""
    item, story = details.item, details.story
    return alert_json(details.alert) | {
        "item": {"id": item.id, "title": item.title, "url": item.url, "source": item.source_id} if item else None,
        "story": {"id": story.id, "title": story.title} if story else None,
        "log": [asdict(one) for one in details.attempts],
        "parts": [asdict(one.part) | {"sent_at": one.sent_at} for one in details.parts],
        "members": [alert_json(one) for one in details.members],
        "silence": silence_json(details.silence) if details.silence else None,
    }


def show_details(console: Console, details: AlertDetails) -> None:
    """Print all that is known of an alert."""
    for name, value in _facts(details):
        if value:
            console.print(Text(f"{name:>12}  ", style="dim").append(value, style=""))
    if details.attempts:
        table = _table("attempt", "at", "outcome", "what the channel said")
        for one in details.attempts:
            table.add_row(str(one.number), _at(one.at), one.outcome, Text(one.error))
        console.print(table)
    if details.parts:
        table = _table("part", "stories", "sent", "subject")
        for part in details.parts:
            sent = _at(part.sent_at) if part.sent_at else "not yet"
            table.add_row(f"{part.part.number}/{part.part.count}", str(part.part.items), sent, Text(part.part.subject))
        console.print(table)
    if details.members:
        console.print("It carries:")
        console.print(alerts_table(details.members))


def _facts(details: AlertDetails) -> Iterable[tuple[str, str]]:
    alert, item, story = details.alert, details.item, details.story
    yield "alert", f"{alert.id} ({alert.kind}{f', {alert.change}' if alert.change else ''})"
    yield "state", _state(details)
    yield "route", alert.route or ""
    yield "channel", alert.channel
    yield "created", _at(alert.created_at)
    yield "sent", _at(alert.sent_at) if alert.sent_at else ""
    yield "why", alert.reason
    yield "notice", alert.notice.value if alert.notice else ""
    yield "subject", alert.subject
    yield "body", alert.body
    yield "item", f"{item.id}  {item.title}\n{' ' * 14}{item.url}" if item else ""
    yield "story", f"{story.id}  {story.title}" if story else ""
    yield "in digest", str(alert.digest_id) if alert.digest_id else ""
    yield "group", alert.group
    yield "last error", alert.last_error
    yield "repeat", "it may have arrived before, and says so" if alert.possible_repeat else ""
    yield "key", alert.dedup_key


def _state(details: AlertDetails) -> str:
    alert, silence = details.alert, details.silence
    if alert.state is AlertState.HELD:
        until = f" until {_at(alert.release_at)}" if alert.release_at else ""
        return f"held: {alert.held_for}{until}{', again: its last digest died' if alert.returned else ''}"
    if alert.state is AlertState.RETRYING and alert.next_attempt_at:
        return f"retrying at {_at(alert.next_attempt_at)}, after {alert.attempts} attempts"
    if alert.state is AlertState.CLAIMED and alert.claimed_until:
        return f"being delivered; claimed until {_at(alert.claimed_until)}"
    if silence is not None:
        return f"silenced by {silence.id}: {silence.comment}"
    again = alert.state is AlertState.DEAD and alert.kind is not AlertKind.NOTICE
    return f"{alert.state}{f'; send it again with: hongtou alerts retry {alert.id}' if again else ''}"


def silences_table(silences: Sequence[Silence], *, now: datetime) -> Table:
    """Return one row a silence."""
    table = _table("id", "holds", "from", "to", "routes", "what", "comment")
    for one in silences:
        holds = "yes" if one.starts_at <= now < one.ends_at else "ended"
        routes = ", ".join(sorted(one.routes)) or "all"
        table.add_row(
            str(one.id), holds, _at(one.starts_at), _at(one.ends_at), routes, Text(_what(one)), Text(one.comment)
        )
    return table


def silence_json(silence: Silence) -> dict[str, Any]:
    """Return the documented JSON object of a silence; see docs/alerts.md."""
    return {
        "id": silence.id,
        "starts_at": silence.starts_at.isoformat(),
        "ends_at": silence.ends_at.isoformat(),
        "comment": silence.comment,
        "routes": sorted(silence.routes),
        "match": _conditions(silence),
    }


def _conditions(silence: Silence) -> dict[str, Any]:
    fields = asdict(silence.match)
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in fields.items() if value}


def _what(silence: Silence) -> str:
    said = [f"{name}: {', '.join(value) if isinstance(value, list) else value}"
            for name, value in _conditions(silence).items()]  # fmt: skip
    return "; ".join(said) or "everything"


def _table(*columns: str) -> Table:
    table = Table()
    for column in columns:
        table.add_column(column)
    return table


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
