"""Builds the pages where they are asked for; what they need takes a second to import, and is left alone elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hongtou.clock import SystemClock
from hongtou.heartbeat import heartbeat_path
from hongtou.version import program_version

if TYPE_CHECKING:
    from hongtou.live import Live
    from hongtou.offload import ThreadOffload
    from hongtou.web.meters import PrometheusMeters
    from hongtou.web.serving import WebServer
    from storage.database import SqlDatabase


def build_meters() -> PrometheusMeters:
    """Return counts that stand at nought."""
    from hongtou.web.meters import PrometheusMeters  # noqa: PLC0415

    return PrometheusMeters(version=program_version())


def build_pages(live: Live, database: SqlDatabase, offload: ThreadOffload, meters: PrometheusMeters) -> WebServer:
    """Return the server of the pages, which does not listen yet.

    Args:
        live: What is in force, and says which sources are watched.
        database: Whose figures are told.
        offload: Where it is looked at.
        meters: What has been counted.
    """
    from hongtou.web.app import OperationsPages, build_web  # noqa: PLC0415
    from hongtou.web.serving import WebServer  # noqa: PLC0415

    settings = live.now.loaded.settings
    pages = OperationsPages(
        database=database,
        registry=meters.registry,
        heartbeat=heartbeat_path(settings.data_dir),
        watched=lambda: frozenset(live.now.watch.sources),  # of the configuration that is in force when it is asked
        offload=offload,
        clock=SystemClock(),
    )
    host, _, port = settings.web.listen.rpartition(":")
    return WebServer(build_web(pages), host=host.strip("[]"), port=int(port))
