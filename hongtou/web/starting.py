"""Serves the pages where the configuration in force says, and moves them when it says otherwise.

What they need takes a second to import, and is left alone where no pages are asked for.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from hongtou.clock import SystemClock
from hongtou.heartbeat import heartbeat_path
from hongtou.version import program_version

if TYPE_CHECKING:
    from fastapi import FastAPI

    from hongtou.live import Live
    from hongtou.meter_relay import MeterRelay
    from hongtou.offload import ThreadOffload
    from hongtou.web.serving import WebServer
    from storage.database import SqlDatabase

log = structlog.get_logger(__name__)


class Pages:
    """Listens between `start` and `stop`, where `web.listen` says. Used on the event loop."""

    def __init__(self, live: Live, database: SqlDatabase, offload: ThreadOffload, meters: MeterRelay) -> None:
        """Wire it; nothing is served, imported or counted before it is asked for.

        Args:
            live: What is in force.
            database: Whose figures are told.
            offload: Where it is looked at.
            meters: Told what to count by once pages are asked for.
        """
        self._live = live
        self._database = database
        self._offload = offload
        self._meters = meters
        self._app: FastAPI | None = None
        self._server: WebServer | None = None
        self._at = ""
        self._is_open = False
        self._moving = asyncio.Lock()
        self._moves: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port that is listened on; 0 while there is none."""
        return self._server.port if self._server is not None else 0

    async def start(self) -> None:
        """Begin to listen, where that is asked for; a line in the log says when it is not possible."""
        self._is_open = True
        await self._move()

    def follow(self) -> None:
        """Listen where the configuration says by now; returns at once."""
        if self._is_open and self._wanted != self._at:
            move = asyncio.get_running_loop().create_task(self._move())
            self._moves.add(move)
            move.add_done_callback(self._moves.discard)

    async def stop(self) -> None:
        """Answer what was asked, and listen no more."""
        self._is_open = False
        await asyncio.gather(*self._moves, return_exceptions=True)
        async with self._moving:
            await self._close()

    @property
    def _wanted(self) -> str:
        return self._live.now.loaded.settings.web.listen

    async def _move(self) -> None:
        async with self._moving:
            wanted, before = self._wanted, self._at
            if wanted == before or not self._is_open:
                return
            # The old address first: the new one may be the same port.
            await self._close()
            if wanted and not await self._listen(wanted) and before:
                log.warning("pages for operations stay where they were", address=before)
                await self._listen(before)

    async def _listen(self, address: str) -> bool:
        from hongtou.web.serving import WebServer  # noqa: PLC0415

        if self._app is None:
            self._app = await self._offload.run(self._build)
        host, _, port = address.rpartition(":")
        server = WebServer(self._app, host=host.strip("[]"), port=int(port))
        if not await server.start():
            await server.stop()
            return False
        self._server, self._at = server, address
        return True

    async def _close(self) -> None:
        server, self._server, self._at = self._server, None, ""
        if server is not None:
            await server.stop()

    def _build(self) -> FastAPI:
        """Import everything, and begin to count."""
        from hongtou.web.app import OperationsPages, build_web  # noqa: PLC0415
        from hongtou.web.meters import PrometheusMeters  # noqa: PLC0415

        live, meters = self._live, PrometheusMeters(version=program_version())
        pages = OperationsPages(
            database=self._database,
            registry=meters.registry,
            heartbeat=heartbeat_path(live.now.loaded.settings.data_dir),
            watched=lambda: frozenset(live.now.watch.sources),  # of the configuration in force when it is asked
            faults=lambda: live.faults,
            budget=lambda: live.now.loaded.settings.polling.budget_per_hour,
            offload=self._offload,
            clock=SystemClock(),
        )
        self._meters.use(meters)
        return build_web(pages)
