"""`hongtou alerts silence add|list|end`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from core.alert import RouteMatch
from core.classification import ACTS, TOPICS
from hongtou.cli.alerts_view import silence_json, silences_table
from hongtou.cli.context import ConfigOption, JsonOption, load, out, read_span
from hongtou.clock import SystemClock
from hongtou.opening import open_database
from hongtou.parts import source_lookup
from hongtou.silencing import SilenceError, new_silence, try_silence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hongtou.silencing import Tried

silence_app = typer.Typer(
    help="Times in which what they match is not told; it is counted, and can be listed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

_ZONE = ZoneInfo("Asia/Shanghai")
_FEW = 20
"""So many names are listed where one is unknown."""


@silence_app.command()
def add(  # noqa: PLR0913 - one option a condition
    config: ConfigOption = None,
    *,
    comment: Annotated[str, typer.Option(help="Why, and who asked for it.")],
    lasts: Annotated[str, typer.Option("--for", help="How long, such as 8h or 3d.")] = "",
    until: Annotated[str, typer.Option(help="Such as 2026-12-01T08:00, in Asia/Shanghai.")] = "",
    topics: Annotated[list[str] | None, typer.Option("--topic")] = None,
    jurisdictions: Annotated[list[str] | None, typer.Option("--jurisdiction", help="cn includes cn-sh.")] = None,
    acts: Annotated[list[str] | None, typer.Option("--act")] = None,
    sources: Annotated[list[str] | None, typer.Option("--source")] = None,
    groups: Annotated[list[str] | None, typer.Option("--group", help="Groups of sources.")] = None,
    languages: Annotated[list[str] | None, typer.Option("--language")] = None,
    query: Annotated[str, typer.Option(help='Words, as of a route: (chip OR 芯片) -price.')] = "",
    routes: Annotated[list[str] | None, typer.Option("--route", help="Only what these routes would tell.")] = None,
    everything: Annotated[bool, typer.Option("--everything", help="Silence all alerts; must be said.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would have kept back.")] = False,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Silence alerts that meet all conditions, from now on; say how many of the last week's it would have kept back."""
    loaded, now = load(config), SystemClock().now()
    match = RouteMatch(
        topics=_known(topics, TOPICS, "topic"),
        jurisdictions=frozenset(jurisdictions or ()),
        acts=_known(acts, ACTS, "act"),
        sources=_known(sources, set(loaded.sources), "source"),
        groups=_known(groups, {source.group for source in loaded.sources.values()}, "group"),
        languages=frozenset(languages or ()),
        query=query,
    )
    try:
        silence = new_silence(
            match,
            routes=_known(routes, [route.id for route in loaded.routes], "route"),
            ends_at=_end(lasts, until, now),
            comment=comment,
            everything=everything,
            now=now,
        )
    except SilenceError as error:
        raise typer.BadParameter(str(error)) from None
    database = open_database(loaded)
    with database.unit_of_work() as uow:
        tried = try_silence(uow, silence, source_lookup(loaded.sources), now=now)
        number = 0 if dry_run else uow.silences.add(silence)
        uow.commit()
    database.close()
    if as_json:
        shown = silence_json(silence) | {"id": number or None, "matched": tried.matched, "alerts": tried.alerts}
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    typer.echo(_said(number, silence.ends_at, tried))


@silence_app.command("list")
def list_silences(
    config: ConfigOption = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List the silences that hold."""
    now = SystemClock().now()
    database = open_database(load(config))
    with database.reading() as uow:
        found = uow.silences.all(limit=limit) if everything else uow.silences.active(at=now)[-limit:][::-1]
    database.close()
    if as_json:
        typer.echo(json.dumps([silence_json(one) for one in found], ensure_ascii=False, indent=2))
    elif found:
        out().print(silences_table(found, now=now))
    else:
        typer.echo("no silence was ever made" if everything else "no silence holds; --all shows those that have ended")


@silence_app.command()
def end(
    silence_id: Annotated[int, typer.Argument(help="Number of a silence.", min=1)],
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """End a silence now; what it kept back stays untold."""
    database = open_database(load(config))
    with database.unit_of_work() as uow:
        ended = uow.silences.end(silence_id, at=SystemClock().now())
        uow.commit()
    database.close()
    if not ended:
        raise typer.BadParameter(f"no silence {silence_id} holds; `hongtou alerts silence list` shows those that do")
    typer.echo(json.dumps({"id": silence_id, "ended": True}) if as_json else f"silence {silence_id} has ended")


def _known(words: Sequence[str] | None, known: Collection[str], noun: str) -> frozenset[str]:
    for word in words or ():
        if word not in known:
            listing = f"; there are: {', '.join(sorted(known))}" if len(known) <= _FEW else ""
            raise typer.BadParameter(f"there is no {noun} {word!r}{listing}", param_hint=f"--{noun}")
    return frozenset(words or ())


def _end(lasts: str, until: str, now: datetime) -> datetime:
    if bool(lasts) == bool(until):
        raise typer.BadParameter("say either --for or --until: a silence has an end")
    if lasts:
        return now + read_span(lasts, "--for")
    try:
        at = datetime.fromisoformat(until)
    except ValueError:
        raise typer.BadParameter(f"{until!r} is no moment; write 2026-12-01T08:00", param_hint="--until") from None
    return (at if at.tzinfo else at.replace(tzinfo=_ZONE)).astimezone(UTC)


def _said(number: int, ends_at: datetime, tried: Tried) -> str:
    share = f"it would have kept back {tried.matched} of the {tried.alerts} alerts of the last seven days"
    if not number:
        return f"not made: {share}"
    hint = "" if tried.matched or not tried.alerts else "; is it what you mean?"
    return (
        f"silence {number} holds until {ends_at.astimezone(_ZONE):%Y-%m-%d %H:%M} in Asia/Shanghai; {share}{hint}\n"
        f"End it with: hongtou alerts silence end {number}"
    )
