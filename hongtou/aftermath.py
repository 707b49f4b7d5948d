"""Tells the log what a reload would have changed on the items of the last days, at low priority."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING

import structlog

from core.backtest import Change
from hongtou.backtest import find_archive, run_backtest
from hongtou.parts import build_judge

if TYPE_CHECKING:
    from core.backtest import BacktestReport, Tally
    from core.ports import Clock, Offload
    from core.repositories import Database
    from hongtou.live import Effective

log = structlog.get_logger(__name__)

_EXAMPLES = 3
"""Titles logged a change."""
_SPAN = 50
"""Items between two looks at whether to go on: a stop waits for few."""


class Aftermath:
    """Judges the last days again after a reload, in one process of its own; the newest reload counts."""

    def __init__(self, *, database: Database, offload: Offload, clock: Clock) -> None:
        self._database = database
        self._offload = offload
        self._clock = clock
        self._cancelled = threading.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(self, parts: Effective) -> None:
        """Begin, and leave off what was begun before."""
        self.cancel()
        if parts.loaded.settings.reload.backtest:
            self._cancelled = threading.Event()
            self._task = asyncio.get_running_loop().create_task(self._run(parts, self._cancelled))

    def cancel(self) -> None:
        """Leave off what was begun; its process ends within a moment."""
        self._cancelled.set()

    async def _run(self, parts: Effective, cancelled: threading.Event) -> None:
        try:
            tally = await self._offload.run(self._judge, parts, cancelled)
        except Exception:
            if not cancelled.is_set():  # stopping may take the process away under our hands
                log.exception("backtest after the reload failed")
            return
        if cancelled.is_set():
            log.info("backtest after the reload left off", items=tally.items)
            return
        settings = parts.loaded.settings
        log_report(tally.report(parts.loaded.routes, threshold=settings.classify.threshold))

    def _judge(self, parts: Effective, cancelled: threading.Event) -> Tally:
        loaded = parts.loaded
        reload = loaded.settings.reload
        since = self._clock.now() - reload.backtest
        spans = find_archive(self._database, since=since, limit=reload.backtest_items, size=_SPAN)
        make = partial(build_judge, loaded, examples=_EXAMPLES)
        # Where nothing is stored the report warns of that, and needs no process.
        processes = 1 if spans else 0
        return run_backtest(spans, make, processes=processes, gentle=True, cancelled=cancelled.is_set)


def log_report(report: BacktestReport) -> None:
    """Write what a reload changes on stored items; what matches nothing is a warning."""
    log.info(
        "backtest after the reload",
        items=report.items,
        flagged_before=report.before,
        flagged_now=report.after,
        **{change.name.lower(): report.changes[change] for change in Change},
        alerts=[
            f"{one.route}/{one.channel}: {one.would} would be sent, {one.new} of them new, {one.gone} not again"
            for one in report.alerts
        ],
        examples=[
            f"{one.change.value}: {one.title} ({one.before.score if one.before else 0:.2f} → {one.after.score:.2f})"
            for one in report.examples
        ]
        or None,
    )
    for warning in report.warnings:
        log.warning("backtest after the reload", reason=warning)
