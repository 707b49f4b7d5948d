"""Serves the pages on the daemon's own loop: while it answers, the loop is alive."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

log = structlog.get_logger(__name__)

_START_WITHIN_S = 5.0
_STOP_WITHIN_S = 5
"""Longest wait for those who are slow to take their answer."""


class _Server(uvicorn.Server):
    """Uvicorn's server, which leaves signals to the daemon."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class WebServer:
    """One listener; a daemon goes on when it cannot be had."""

    def __init__(self, app: FastAPI, *, host: str, port: int) -> None:
        """Describe it.

        Args:
            app: What is served.
            host: Address to listen on.
            port: Port; 0 lets the system choose.
        """
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=_STOP_WITHIN_S,
        )
        self._server = _Server(config)
        self._where = f"{host}:{port}"
        self._task: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port that it listens on; 0 while it does not."""
        sockets = [socket for server in getattr(self._server, "servers", []) for socket in server.sockets]
        return int(sockets[0].getsockname()[1]) if sockets else 0

    async def start(self) -> bool:
        """Begin to listen; False, with a line in the log, when that is not possible."""
        self._task = asyncio.create_task(self._serve(), name="web")
        for _ in range(round(_START_WITHIN_S / 0.02)):
            if self._server.started or self._task.done():
                break
            await asyncio.sleep(0.02)
        if self._server.started:
            log.info("pages for operations", address=f"http://{self._where}/readyz")
        return self._server.started

    async def stop(self) -> None:
        """Close the listener, and answer what was asked."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task

    async def _serve(self) -> None:
        try:
            await self._server.serve()
        except (OSError, SystemExit) as error:  # uvicorn leaves the program when it cannot listen; we do not
            reason = getattr(error, "strerror", None) or "the address cannot be listened on"
            log.error("no pages for operations", address=self._where, reason=reason)  # noqa: TRY400
