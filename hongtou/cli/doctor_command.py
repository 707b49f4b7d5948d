"""`hongtou doctor`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from config.loader import load_settings
from core.errors import ConfigError
from hongtou.cli.context import ConfigOption, JsonOption, out
from hongtou.cli.exits import Exit
from hongtou.clock import SystemClock
from hongtou.doctor.examination import examine
from hongtou.doctor.finding import Finding, Verdict, failure
from hongtou.logs import configure_logging

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_MARKS = {
    Verdict.OK: ("ok  ", "green"),
    Verdict.WARNING: ("warn", "yellow"),
    Verdict.FAILURE: ("FAIL", "bold red"),
    Verdict.SKIPPED: ("-   ", "dim"),
}


def doctor(
    config: ConfigOption = None,
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask hosts, mail servers and webhooks.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at everything that is needed, and say what to do about what is missing. Sends and changes nothing."""
    configure_logging("error", "auto")
    findings: list[Finding] = []
    for finding in _findings(config, network=not offline):
        findings.append(finding)
        if not as_json:
            _show(finding)
    failed = sum(finding.verdict is Verdict.FAILURE for finding in findings)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        _sum_up(findings, failed)
    raise typer.Exit(Exit.UNHEALTHY if failed else Exit.OK)


def _findings(config: Path | None, *, network: bool) -> Iterator[Finding]:
    try:
        loaded = load_settings(config, environ=os.environ)
    except ConfigError as error:
        advice = "correct it; `hongtou config check` tells the same, docs/configuration.md every setting"
        yield from (failure("configuration", str(problem), advice) for problem in error.problems)
        return
    yield from examine(loaded, now=SystemClock().now, network=network)


def _show(finding: Finding) -> None:
    mark, style = _MARKS[finding.verdict]
    console = out()
    console.print(mark, style=style, end="  ")
    console.print(f"{finding.topic}: {finding.detail}", markup=False)
    if finding.advice:
        console.print(f"      → {finding.advice}", markup=False)


def _sum_up(findings: Iterable[Finding], failed: int) -> None:
    warned = sum(finding.verdict is Verdict.WARNING for finding in findings)
    out().print(f"{failed} failures, {warned} warnings" if failed or warned else "all is well")
