"""`hongtou sources check`: one live look at each source, with nothing stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from core.errors import ConfigError, ConfigProblem
from core.source import SourceId
from crawler.runtime import run_on_reactor
from hongtou.checking import Found, check_sources
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.cli.exits import Exit
from hongtou.clock import SystemClock
from hongtou.wiring import build_checker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.loaded import Loaded
    from core.source import Source
    from hongtou.checking import SourceCheck

_STYLES = {Found.OK: "green", Found.DEGRADED: "yellow", Found.FAILED: "red"}


def check(
    source_ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="Sources to check; by default all that are watched.")
    ] = None,
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Ask each source for its list and first article, once; say what was found and what is missing; store nothing."""
    loaded = load(config)
    sources = _named(loaded, source_ids) if source_ids else loaded.watched
    checks: list[SourceCheck] = []

    async def ask() -> int:
        crawler, intake, offload = build_checker(loaded)
        try:
            found = await check_sources(
                crawler, intake, sources, clock=SystemClock(), deadline=loaded.settings.crawl.poll_deadline
            )
        finally:
            offload.close()
        checks.extend(found)
        return Exit.SOURCES if any(one.found is Found.FAILED for one in found) else Exit.OK

    code = run_on_reactor(ask)
    if as_json:
        typer.echo(json.dumps([_row(one) for one in checks], ensure_ascii=False, indent=2))
    else:
        out().print(_table(checks))
        failed = sum(one.found is Found.FAILED for one in checks)
        out().print(f"{len(checks)} checked, {failed} failed", markup=False)
    raise typer.Exit(code)


def _named(loaded: Loaded, source_ids: Sequence[str]) -> tuple[Source, ...]:
    unknown = [source_id for source_id in source_ids if SourceId(source_id) not in loaded.sources]
    if unknown:
        raise ConfigError(
            [ConfigProblem(where="sources check", key=source_id, message="no such source") for source_id in unknown]
        )
    return tuple(loaded.sources[SourceId(source_id)] for source_id in dict.fromkeys(source_ids))


def _table(checks: Sequence[SourceCheck]) -> Table:
    table = Table("source", "found", "answer", "rows", "dated", "newest", "first article", "missing")
    for one in checks:
        table.add_row(
            one.source_id,
            Text(one.found, style=_STYLES[one.found]),
            one.answer,
            str(one.rows),
            str(one.dated),
            f"{one.newest:%Y-%m-%d %H:%M}" if one.newest else "",
            Text(one.article),
            Text("; ".join((*one.missing, one.degraded) if one.degraded else one.missing)),
        )
    return table


def _row(one: SourceCheck) -> dict[str, Any]:
    return {
        "id": one.source_id,
        "found": one.found.value,
        "answer": one.answer.value,
        "status": one.status,
        "rows": one.rows,
        "dated": one.dated,
        "newest": one.newest.isoformat(timespec="seconds") if one.newest else None,
        "article": one.article,
        "missing": list(one.missing),
        "degraded": one.degraded,
        "elapsed_s": round(one.elapsed_s, 3),
    }
