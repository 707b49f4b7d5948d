"""A daemon in its own process takes over what once needed a restart, while a poll is under way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 90.0
PLAN = "市政府印发区块链产业发展行动计划第{n}号"
SOURCE = {
    "name": "源", "name_en": "Source", "kind": "feed", "group": "own", "voice": "authority", "language": "zh",
    "jurisdiction": "cn-sh", "poll": {"min": "1s", "max": "1s"},
}  # fmt: skip


class Site(ThreadingHTTPServer):
    """A feed of plans; the page of one of them takes its time."""

    daemon_threads = True

    def __init__(self) -> None:
        self.plans: list[int] = []
        self.slow = 0
        self.asked: list[tuple[str, str]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def root(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def agents(self, path: str) -> list[str]:
        """Return who asked for a path, in order."""
        return [agent for asked, agent in self.asked if asked == path]

    def answer(self, path: str) -> bytes:
        """Return the feed or a page."""
        now = format_datetime(datetime.now(UTC))  # noqa: TID251 - the daemon's clock is real
        if path == "/feed":
            rows = "".join(
                f"<item><title>{PLAN.format(n=n)}</title><link>{self.root}/{n}</link><guid>{n}</guid>"
                f"<pubDate>{now}</pubDate></item>"
                for n in reversed(self.plans)
            )
            return f"<rss version='2.0'><channel><title>x</title>{rows}</channel></rss>".encode()
        n = int(path.strip("/"))
        if n == self.slow:
            time.sleep(3)
        words = f"<p>第{n}号文件提出建设区块链公共服务平台，支持区块链技术创新，并给出时间表和责任分工。</p>" * 6
        title = PLAN.format(n=n)
        return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{words}</body></html>".encode()


class Handler(BaseHTTPRequestHandler):
    """Answers for a site."""

    def do_GET(self) -> None:
        """Answer."""
        site = cast("Site", self.server)
        if self.path == "/robots.txt":
            self.send_error(404)
            return
        site.asked.append((self.path, self.headers["User-Agent"]))
        body = site.answer(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/xml" if self.path == "/feed" else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that serves."""
    with Site() as made:
        thread = Thread(target=made.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield made
        made.shutdown()


class Daemon:
    """The program, its files and its log."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder, self.log = folder, folder / "daemon.log"
        self.settings: dict[str, Any] = {
            "data_dir": str(folder / "data"),
            "watch": {"groups": ["own"]},
            "crawl": {"allow_private_addresses": True, "delay": "0.05s", "user_agent": "before/1"},
            "channels": {"desk": {"url": "terminal:"}},
            "routes": {"now": {"channels": ["desk"], "group_by": "item"}, "daily": {"enabled": False}},
            "alerts": {"catch_up": "0s", "storm_most": 0},
            "schedule": {"poll_tick": "0.3s", "dispatch_tick": "0.3s"},
            "reload": {"tick": "0.2s", "backtest": "0s"},
            "log": {"format": "json"},
        }
        (folder / "sources.d").mkdir()
        sources = {"own": {**SOURCE, "url": f"{site.root}/feed"}}
        (folder / "sources.d" / "own.yaml").write_text(yaml.safe_dump({"sources": sources}), encoding="utf-8")
        self.edit()
        environ = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hongtou", "run", "--config", str(folder / "hongtou.yaml")],
                cwd=folder,
                env={**environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def edit(self, **sections: dict[str, Any]) -> None:
        """Put values over those of sections."""
        for name, values in sections.items():
            self.settings[name] = {**self.settings.get(name, {}), **values}
        fresh = self.folder / "fresh"
        fresh.write_text(yaml.safe_dump(self.settings, allow_unicode=True), encoding="utf-8")
        fresh.rename(self.folder / "hongtou.yaml")

    def lines(self, event: str) -> list[dict[str, Any]]:
        """Return what was logged under an event."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        entries = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        return [entry for entry in entries if entry["event"] == event]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds; the daemon must go on meanwhile."""
        end = time.monotonic() + WITHIN_S
        while not condition():
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")[-3000:]
            assert time.monotonic() < end, self.log.read_text(encoding="utf-8")[-3000:]
            time.sleep(0.05)

    def deliveries(self) -> int:
        """Return how many alerts of items were accepted."""
        return sum((entry["outcome"], entry["kind"]) == ("sent", "item") for entry in self.lines("delivery"))


@pytest.fixture
def daemon(tmp_path: Path, site: Site) -> Iterator[Daemon]:
    """The program, running."""
    made = Daemon(tmp_path, site)
    yield made
    if made.process.poll() is None:
        made.process.kill()
    made.process.wait()


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def ask(port: int) -> tuple[int, str]:
    """Return what the readiness page answers; 0 where nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def test_everything_counts_while_a_poll_is_under_way(daemon: Daemon, site: Site, tmp_path: Path) -> None:
    """The poll ends as it began and the next has the new settings; nothing is lost, asked or told twice."""
    daemon.wait_for(lambda: len(daemon.lines("poll")) >= 2)
    site.slow, site.plans = 2, [1, 2]
    daemon.wait_for(lambda: bool(site.agents("/2")))
    first, second = free_port(), free_port()
    daemon.edit(
        crawl={"user_agent": "after/2", "timeout": "9s"},
        archive={"enabled": True},
        web={"listen": f"127.0.0.1:{first}"},
        log={"level": "debug"},
        schedule={"poll_tick": "0.2s"},
        rechecks={"enabled": False},
        copies={"within": "3d"},
    )
    daemon.wait_for(lambda: bool(daemon.lines("crawler renewed")))
    site.plans = [1, 2, 3]
    daemon.wait_for(lambda: daemon.deliveries() >= 3)
    agents = [agent for _, agent in site.asked]
    assert agents == sorted(agents, reverse=True)  # none of before/1 after the first of after/2
    assert (site.agents("/1"), site.agents("/2"), site.agents("/3")) == (["before/1"], ["before/1"], ["after/2"])
    daemon.wait_for(lambda: bool(list((tmp_path / "data" / "archive").glob("*.warc.gz"))))
    daemon.wait_for(lambda: ask(first)[0] == 200)

    (tmp_path / "hongtou.yaml").write_text("routes: [\n", encoding="utf-8")
    daemon.wait_for(lambda: ask(first)[0] == 503)
    assert "hongtou.yaml" in json.loads(ask(first)[1])["checks"]["configuration"]
    daemon.edit(web={"listen": f"127.0.0.1:{second}"})
    daemon.wait_for(lambda: ask(second)[0] == 200)
    assert ask(first)[0] == 0

    begun = time.monotonic()
    daemon.process.send_signal(signal.SIGTERM)
    assert daemon.process.wait(timeout=30) == 0
    assert time.monotonic() - begun < 20
    assert daemon.deliveries() == 3
    text = daemon.log.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("Traceback")] == []
    with SqlDatabase(f"sqlite:///{tmp_path / 'data' / 'hongtou.db'}") as database, database.reading() as uow:
        assert uow.items.count(relevant_only=True) == 3
        assert uow.outbox.totals().missing == 0
