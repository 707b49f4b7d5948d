"""Pages for operations follow `web.listen` while the daemon runs."""

from __future__ import annotations

import asyncio
import socket
import urllib.request
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from structlog.testing import capture_logs

from config.settings import Settings
from core.outcome import Answer, PollOutcome
from core.source import SourceId
from hongtou.meter_relay import MeterRelay
from hongtou.offload import ThreadOffload
from hongtou.web.starting import Pages
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.integration


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Stage:
    """Pages over a configuration that can be edited."""

    def __init__(self, folder: Path) -> None:
        self.database = SqlDatabase(f"sqlite:///{folder / 'hongtou.db'}")
        self.database.migrate()
        self.offload, self.meters = ThreadOffload(), MeterRelay()
        self.folder = folder
        self.live: Any = SimpleNamespace(faults=())
        self.listen("")
        self.pages = Pages(cast("Any", self.live), self.database, self.offload, self.meters)

    def listen(self, address: str) -> None:
        """Edit the configuration."""
        settings = Settings.model_validate({"data_dir": str(self.folder), "web": {"listen": address}})
        loaded, watch = SimpleNamespace(settings=settings), SimpleNamespace(sources={})
        self.live.now = SimpleNamespace(loaded=loaded, watch=watch)

    async def move(self, address: str) -> None:
        """Edit the configuration, and wait until the pages have followed."""
        self.listen(address)
        self.pages.follow()
        await asyncio.gather(*self.pages._moves)

    async def ask(self, port: int, path: str = "/metrics") -> str:
        """Return an answer."""

        def get() -> str:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return cast("str", answer.read().decode())

        return await asyncio.to_thread(get)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Pages that are started, and listen nowhere yet."""
    made = Stage(tmp_path)
    await made.pages.start()
    yield made
    await made.pages.stop()
    made.offload.close()
    made.database.close()


async def test_pages_come_move_and_go(stage: Stage) -> None:
    """Counts begin with the first pages, and go on wherever they move."""
    first, second = free_port(), free_port()
    stage.meters.polled(PollOutcome(source_id=SourceId("a"), answer=Answer.OK))
    assert stage.pages.port == 0
    await stage.move(f"127.0.0.1:{first}")
    stage.meters.polled(PollOutcome(source_id=SourceId("a"), answer=Answer.OK))
    assert 'hongtou_polls_total{answer="ok"} 1.0' in await stage.ask(first)
    await stage.move(f"127.0.0.1:{second}")
    assert stage.pages.port == second
    assert 'hongtou_polls_total{answer="ok"} 1.0' in await stage.ask(second)
    with pytest.raises(OSError, match="refused"):
        await stage.ask(first)
    await stage.move("")
    assert stage.pages.port == 0
    with pytest.raises(OSError, match="refused"):
        await stage.ask(second)


async def test_the_same_port_on_all_addresses(stage: Stage) -> None:
    """The old address is left first, or the new one could not be had."""
    port = free_port()
    await stage.move(f"127.0.0.1:{port}")
    await stage.move(f"0.0.0.0:{port}")
    assert "hongtou_items" in await stage.ask(port)


async def test_an_address_that_cannot_be_had_leaves_the_pages_where_they_were(stage: Stage) -> None:
    """The log says so; another edit is tried again."""
    port = free_port()
    await stage.move(f"127.0.0.1:{port}")
    with socket.create_server(("127.0.0.1", 0)) as taken, capture_logs() as logs:
        await stage.move(f"127.0.0.1:{taken.getsockname()[1]}")
    assert [entry["event"] for entry in logs if entry["log_level"] in ("warning", "error")] == [
        "no pages for operations",
        "pages for operations stay where they were",
    ]
    assert "hongtou_items" in await stage.ask(port)
    last = free_port()
    await stage.move(f"127.0.0.1:{last}")
    assert stage.pages.port == last


async def test_nothing_is_listened_on_before_the_start_and_after_the_end(tmp_path: Path) -> None:
    """An edit that comes while the daemon stops opens nothing."""
    stage = Stage(tmp_path)
    await stage.move(f"127.0.0.1:{free_port()}")
    assert stage.pages.port == 0
    await stage.pages.start()
    assert stage.pages.port > 0
    await stage.pages.stop()
    await stage.move(f"127.0.0.1:{free_port()}")
    assert stage.pages.port == 0
    stage.offload.close()
    stage.database.close()
