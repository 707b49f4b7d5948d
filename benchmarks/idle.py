"""Measures what the daemon costs while nothing happens: processor, memory, start, and what importing it takes.

    python -m benchmarks.idle [--sources 130] [--seconds 300] [--json]

The daemon is a process of its own with the shipped settings and so many sources, whose feeds stand on loopback, each on
an address of its own, and never change. After each has been asked once, the daemon is started again with their turns
spread evenly, so that as many fall into the time that is measured as into any other.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ENTRIES = 20
_SLOWEST = 12
_BUDGET = 240
"""Lists asked for in an hour: the default of `polling.budget_per_hour`."""
_SETTLE_S = 45
"""Until the start is over, on a busy machine too."""
_IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|(\s+)(\S+)")
_ROOT = Path(__file__).resolve().parents[1]
_IMPORTING = (
    "from hongtou.collection import uncollected\nwith uncollected(forever=True): import hongtou.cli.run_command"
)
"""As the command line imports a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was measured."""

    sources: int
    import_s: float
    """Wall time to import what `hongtou run` needs, the interpreter's own start left out; the best of three."""
    import_cpu_s: float
    """Processor time of the same: what a machine that does nothing else would need."""
    slowest_imports: tuple[str, ...]
    """Packages by the time that they themselves take, in milliseconds."""
    start_to_first_poll_s: float
    """From the start of the process to the first request."""
    after_import_s: float
    after_import_cpu_s: float
    first_polls_s: float
    """Until each source had been asked once."""
    polls: int
    """Requests for lists while it was counted."""
    seconds: float
    cpu_share: float
    """Of one processor."""
    rss_mib: int
    pss_mib: int
    threads: int
    files: int


class _Sites:
    """Feeds that never change; half of them answer 304 to those who ask for changes alone."""

    def __init__(self, count: int) -> None:
        self.asked: set[int] = set()
        self.polls = 0
        self.first: float | None = None
        self.servers = [_Site(self, number) for number in range(count)]

    def start(self) -> None:
        """Serve."""
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(5,), daemon=True).start()

    def note_any(self) -> None:
        """Note a request: the first of a poll is for robots.txt, and the list follows after the host's gap."""
        self.first = self.first or time.monotonic()

    def note(self, number: int) -> None:
        """Note a request for a list."""
        self.asked.add(number)
        self.polls += 1


class _Site(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, sites: _Sites, number: int) -> None:
        address = f"127.0.{1 + number // 250}.{1 + number % 250}"
        super().__init__((address, 0), _Handler)
        self.sites, self.number = sites, number
        self.base = f"http://{address}:{self.server_address[1]}"
        rows = "".join(
            f"<item><title>第{row}号通报 {number}</title><link>{self.base}/{row}</link>"
            f"<pubDate>Mon, 05 Jan 2026 08:{row:02}:00 +0800</pubDate><description>无</description></item>"
            for row in range(_ENTRIES)
        )
        self.feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{number}</title>{rows}</channel></rss>'


class _Handler(BaseHTTPRequestHandler):
    server: _Site

    def do_GET(self) -> None:
        """Answer a GET."""
        self.server.sites.note_any()
        is_list = self.path == "/feed.xml"
        if is_list:
            self.server.sites.note(self.server.number)
        has_tag = is_list and self.server.number % 2 == 0
        status = 404 if not is_list else 304 if has_tag and "If-None-Match" in self.headers else 200
        body = self.server.feed.encode() if status == 200 else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
        if has_tag:
            self.send_header("ETag", '"1"')
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Write nothing."""


def measure(folder: Path, *, sources: int, seconds: float) -> Outcome:
    """Measure in a folder."""
    import_s, import_cpu_s, slowest = _imports()
    sites = _Sites(sources)
    sites.start()
    config = _write_config(folder, sites)
    begun = time.monotonic()
    with _daemon(folder, config) as daemon:
        cpu_first = 0.0
        while len(sites.asked) < sources:
            if sites.first is None:
                cpu_first = _cpu_s(daemon.pid)
            if daemon.poll() is not None:
                raise RuntimeError((folder / "daemon.log").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.02)
        first, first_polls = (sites.first or begun) - begun, time.monotonic() - begun
    _spread(folder, over=timedelta(hours=sources / _BUDGET))
    with _daemon(folder, config) as daemon:
        time.sleep(_SETTLE_S)
        polls, cpu, since = sites.polls, _cpu_s(daemon.pid), time.monotonic()
        time.sleep(seconds)
        share = (_cpu_s(daemon.pid) - cpu) / (time.monotonic() - since)
        return Outcome(
            sources=sources,
            import_s=round(import_s, 2),
            import_cpu_s=round(import_cpu_s, 2),
            slowest_imports=slowest,
            start_to_first_poll_s=round(first, 2),
            after_import_s=round(first - import_s, 2),
            after_import_cpu_s=round(cpu_first - import_cpu_s, 2),
            first_polls_s=round(first_polls, 1),
            polls=sites.polls - polls,
            seconds=seconds,
            cpu_share=round(share, 4),
            rss_mib=_figure(daemon.pid, "smaps_rollup", "Rss") // 1024,
            pss_mib=_figure(daemon.pid, "smaps_rollup", "Pss") // 1024,
            threads=_figure(daemon.pid, "status", "Threads"),
            files=sum(1 for _ in Path(f"/proc/{daemon.pid}/fd").iterdir()),
        )


@contextmanager
def _daemon(folder: Path, config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the daemon, and stop it in good order."""
    with (folder / "daemon.log").open("ab") as log:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "hongtou", "run", "--config", str(config)],
            cwd=folder, env=_environment(), stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield daemon
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(timeout=60)


def _spread(folder: Path, *, over: timedelta) -> None:
    """Let the sources be due one after another, as they are after some days, not all at once, as after the first."""
    now = datetime.now(UTC)
    with SqlDatabase(f"sqlite:///{folder / 'data' / 'hongtou.db'}") as database, database.unit_of_work() as uow:
        states = uow.sources.all()
        for number, state in enumerate(states):
            uow.sources.put(replace(state, next_due_at=now + over * number / len(states)))
        uow.commit()


def _imports() -> tuple[float, float, tuple[str, ...]]:
    empty = [_run_s("pass") for _ in range(3)]
    whole = [_run_s(_IMPORTING) for _ in range(3)]
    wall, cpu = (min(run[part] for run in whole) - min(run[part] for run in empty) for part in (0, 1))
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", _IMPORTING],
        env=_environment(), capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    own: dict[str, int] = {}
    for match in _IMPORTED.finditer(told):
        package = match[4].partition(".")[0]
        own[package] = own.get(package, 0) + int(match[1])
    slowest = sorted(own.items(), key=lambda one: -one[1])[:_SLOWEST]
    return wall, cpu, tuple(f"{name} {micros // 1000}" for name, micros in slowest)


def _run_s(program: str) -> tuple[float, float]:
    """Run a program, and return the time that passed and that of the processor."""
    begun, before = time.monotonic(), os.times()
    subprocess.run([sys.executable, "-c", program], env=_environment(), check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - begun, cpu


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"}


def _write_config(folder: Path, sites: _Sites) -> Path:
    sources = {
        f"idle-{server.number}": {
            "name": "x", "name_en": "x", "language": "zh", "group": "idle", "kind": "feed", "voice": "press",
            "url": f"{server.base}/feed.xml",
        }
        for server in sites.servers
    }  # fmt: skip
    settings = {
        "data_dir": str(folder / "data"),
        "watch": {"groups": ["idle"]},
        "crawl": {"allow_private_addresses": True},
        "log": {"format": "json"},
    }
    (folder / "sources.d").mkdir()
    (folder / "sources.d" / "idle.yaml").write_text(yaml.safe_dump({"sources": sources}), encoding="utf-8")
    path = folder / "hongtou.yaml"
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return float(int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _figure(pid: int, file: str, name: str) -> int:
    text = Path(f"/proc/{pid}/{file}").read_text(encoding="utf-8")
    found = re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what the daemon costs while nothing happens.")
    parser.add_argument("--sources", type=int, default=130)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hongtou-idle-") as folder:
        figures = asdict(measure(Path(folder), sources=given.sources, seconds=given.seconds))
    print(json.dumps(figures) if given.json else "\n".join(f"{name:>22}  {value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
