"""The pages: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from core.errors import StorageError
from hongtou.web.gauges import Reading, configuration_faults, families, polling_budget, read
from hongtou.web.readiness import look_alive, look_ready

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric
    from starlette.responses import Response

    from core.ports import Clock, Offload
    from core.source import SourceId
    from hongtou.web.readiness import Health
    from storage.database import SqlDatabase

log = structlog.get_logger(__name__)


class OperationsPages:
    """What the pages look at. Used on the event loop; the database is looked at off it."""

    def __init__(
        self,
        *,
        database: SqlDatabase,
        registry: CollectorRegistry,
        heartbeat: Path,
        watched: Callable[[], Collection[SourceId]],
        faults: Callable[[], Sequence[str]],
        budget: Callable[[], float],
        offload: Offload,
        clock: Clock,
    ) -> None:
        """Wire them.

        Args:
            database: Whose figures are told.
            registry: What has been counted.
            heartbeat: File whose age tells whether the loop is alive.
            watched: Says which sources are watched now.
            faults: Says what is wrong with the configuration's files, without secrets.
            budget: Says how many lists may be asked for in an hour.
            offload: Where the database is looked at.
            clock: The time.
        """
        self._database = database
        self._registry = registry
        self._heartbeat = heartbeat
        self._watched = watched
        self._faults = faults
        self._offload = offload
        self._clock = clock
        self._gauges = _Gauges(faults, budget)
        registry.register(self._gauges)

    async def alive(self) -> Response:
        """Answer 200 while the loop goes on, else 503."""
        return _answer(look_alive(self._heartbeat, now=self._clock.now()))

    async def ready(self) -> Response:
        """Answer 200 while work can be done, else 503 with what is wrong."""
        alive = look_alive(self._heartbeat, now=self._clock.now())
        return _answer(await self._offload.run(look_ready, self._database, alive, self._faults()))

    async def metrics(self) -> Response:
        """Answer with all figures; those of the database are left out while it cannot be used."""
        try:
            self._gauges.reading = await self._offload.run(self._read)
        except StorageError as error:
            log.warning("no figures of the database", reason=str(error))
            self._gauges.reading = None
        return PlainTextResponse(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def _read(self) -> Reading:
        with self._database.reading() as uow:
            return read(uow, self._watched(), now=self._clock.now())


class _Gauges(Collector):
    """Holds the last reading for the registry, which asks for it in the same answer."""

    def __init__(self, faults: Callable[[], Sequence[str]], budget: Callable[[], float]) -> None:
        self._faults = faults
        self._budget = budget
        self.reading: Reading | None = None

    def collect(self) -> Iterable[Metric]:
        yield configuration_faults(self._faults())
        yield polling_budget(self._budget())
        if self.reading is not None:
            yield from families(self.reading)


def build_web(pages: OperationsPages) -> FastAPI:
    """Return the application."""
    app = FastAPI(title="Hongtou", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/healthz", pages.alive, methods=["GET"], response_model=None)
    app.add_api_route("/readyz", pages.ready, methods=["GET"], response_model=None)
    app.add_api_route("/metrics", pages.metrics, methods=["GET"], response_model=None)
    return app


def _answer(health: Health) -> JSONResponse:
    return JSONResponse(
        {"status": "ok" if health.ok else "unwell", "checks": health.checks},
        status_code=200 if health.ok else 503,
        headers={"Cache-Control": "no-store"},
    )
