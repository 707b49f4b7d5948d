"""`hongtou demo`: the whole product offline, on a rehearsal web, judged by its own timeline."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from core.alert import AlertKind
from hongtou.cli.context import out
from hongtou.cli.exits import Exit
from hongtou.clock import SystemClock
from hongtou.rehearsal.play import play
from hongtou.rehearsal.stage import Rehearsal
from hongtou.rehearsal.verdict import judge, stories_told

if TYPE_CHECKING:
    from rich.console import Console

    from core.item import Item, StoryId
    from hongtou.rehearsal.record import Record
    from hongtou.rehearsal.verdict import Check, Sent


def demo(
    folder: Annotated[
        Path | None, typer.Option("--keep", help="Keep configuration, database and log in this folder.")
    ] = None,
) -> None:
    """Show everything offline: seven small sites and local receivers on loopback, and the real daemon."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        raise typer.Exit(_run(folder.absolute()))
    with tempfile.TemporaryDirectory(prefix="hongtou-demo-") as temporary:
        code = _run(Path(temporary))
    raise typer.Exit(code)


def _run(folder: Path) -> Exit:
    console = out()
    started = time.monotonic()
    with Rehearsal(folder, now=SystemClock().now()) as rehearsal:
        console.print(
            f"Seven sites, a mail server and a Slack receiver play on loopback; state in {folder}", markup=False
        )
        rehearsal.start_daemon()
        database = rehearsal.open_database()
        shown: set[int] = set()
        stories: set[StoryId | None] = set()

        def on_step(step: int, record: Record) -> None:
            console.rule(f"step {step + 1} of {rehearsal.web.steps}")
            for item in record.items:
                if item.id not in shown:
                    shown.add(item.id)
                    _show_item(console, item, is_known=item.story_id in stories)
                    stories.add(item.story_id)

        record = play(rehearsal, database, on_step=on_step, meanwhile=rehearsal.check_daemon)
        database.close()
        code = rehearsal.stop_daemon()
        sent = rehearsal.sent()
        expected = rehearsal.web.expected()
        checks = judge(record, expected, sent)
        _show_sent(console, record, sent)
        _show_checks(console, checks)
        again = {story: count for story, count in stories_told(record, expected).items() if count > 1}
        if again:
            console.print(f"told in parts: {again}", markup=False)
        console.print(f"{time.monotonic() - started:.0f} s; the daemon stopped with exit code {code}", markup=False)
    return Exit.OK if code == 0 and all(check.holds for check in checks) else Exit.CRASH


def _show_item(console: Console, item: Item, *, is_known: bool) -> None:
    judged = item.classification
    if item.baseline:
        console.print(Text(f"  baseline  {item.title}", style="dim"))
    elif judged is None or not judged.relevant:
        console.print(Text(f"     noise  {item.title}", style="dim"))
    else:
        again = f"  (again story {item.story_id})" if is_known else f"  (story {item.story_id})"
        line = Text(f"   {judged.score:5.2f}    ", style="green")
        console.print(line.append(item.title, style="bold").append(f"  {item.source_id}{again}", style="dim"))
        console.print(Text(f"            {', '.join(judged.topics)} · {judged.jurisdiction} · {judged.act}"))
        console.print(Text(f"            {judged.reason}", style="italic"))


def _show_sent(console: Console, record: Record, sent: Sent) -> None:
    console.rule("sent")
    for subject in sent.mails:
        console.print(Text(f"  mail   {subject}"))
    for text in sent.slack:
        console.print(Text(f"  Slack  {text.splitlines()[0] if text else ''}"))
    digests = sum(alert.kind is AlertKind.DIGEST for alert in record.alerts)
    console.print(f"{len(sent.mails)} mails ({digests} digests), {len(sent.slack)} Slack messages", markup=False)


def _show_checks(console: Console, checks: tuple[Check, ...]) -> None:
    console.rule("verdict")
    table = Table(show_header=False, box=None)
    for check in checks:
        mark = Text("kept", style="green") if check.holds else Text("BROKEN", style="bold red")
        table.add_row(mark, Text(check.promise), Text("; ".join(check.missing), style="red"))
    console.print(table)
