"""Lets the real daemon work through tens of thousands of articles while things go wrong, and watches what it uses.

    python -m benchmarks.soak [--articles 50000] [--feeds 40] [--faults 0.1] [--json]

The daemon is a process of its own (`hongtou run`); feeds and receiver are on loopback. Each list that is asked for
shows some more articles, one in so many of them a policy. A share of lists and deliveries fails in many ways; now and
then the database is locked, and the configuration read again. What counts: memory after a warm-up (a quarter of the
articles), threads, open files, sources that got stuck, and alerts that were lost or repeated without saying so.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from benchmarks.soak_world import REPEAT, Pace, SoakWorld
from core.alert import AlertState
from hongtou.heartbeat import heartbeat_path
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAMPLE_S = 2.0
_LOCK_EVERY_S, _LOCK_S, _RELOAD_EVERY_S = 90.0, 5.0, 300.0
_OPEN = (AlertState.PENDING, AlertState.CLAIMED, AlertState.RETRYING, AlertState.HELD, AlertState.BUNDLED)
_WARM = 0.25
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the daemon used at one moment."""

    at_s: float
    stored: int
    rss: int
    threads: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to."""

    seconds: float
    polls: int
    published: int
    stored: int
    list_faults: int
    delivery_faults: int
    relevant: int
    alerts: int
    untold: int
    """Stories with a flagged item of which no alert was sent."""
    undelivered: int
    """Alerts that did not reach their end, or died."""
    missing: int
    """Alerts that the outbox's own account does not find."""
    repeated_unmarked: int
    repeated_marked: int
    stuck: tuple[str, ...]
    """Sources that were not polled in the last minute of the run."""
    rss_warm_mib: float
    rss_end_mib: float
    rss_growth: float
    rss_peak_mib: float
    threads: tuple[int, int]
    """Medians after the warm-up and at the end."""
    files: tuple[int, int]
    cpu_s: float
    clean_end: bool

    @property
    def is_right(self) -> bool:
        """Whether all promises but that on memory are kept; a short run says little of memory."""
        lost = self.untold or self.undelivered or self.missing or self.repeated_unmarked or self.published - self.stored
        return self.clean_end and not lost and not self.stuck


class Soak:
    """One run in one folder."""

    def __init__(self, folder: Path, world: SoakWorld, *, within_s: float) -> None:
        self._folder, self._world, self._within_s = folder, world, within_s
        self._data = folder / "data"
        self._samples: list[Sample] = []
        self._begun = time.monotonic()
        self._next_lock, self._next_reload = _LOCK_EVERY_S, _RELOAD_EVERY_S

    def run(self) -> Outcome:
        """Let everything happen, and count."""
        config = self._write_config()
        with (self._folder / "daemon.log").open("ab") as log:
            daemon = subprocess.Popen(
                [sys.executable, "-m", "hongtou", "run", "--config", str(config)],
                cwd=self._folder,
                env={**os.environ, "PYTHONPATH": str(Path.cwd()), "PYTHONUTF8": "1"},
                stdout=log,
                stderr=log,
            )
        try:
            return self._watch(daemon)
        finally:
            if daemon.poll() is None:
                daemon.kill()

    def _watch(self, daemon: subprocess.Popen[bytes]) -> Outcome:
        while not heartbeat_path(self._data).exists():
            if daemon.poll() is not None:
                raise RuntimeError((self._folder / "daemon.log").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.1)
        with SqlDatabase(f"sqlite:///{self._data / 'hongtou.db'}") as database:
            while not self._is_over(database):
                time.sleep(_SAMPLE_S)
                self._take_sample(_sample(daemon.pid, self._now(), _stored(database)))
                self._trouble(daemon)
            self._world.is_calm = self._world.receiver.is_calm = True
            end = self._now() + 300
            while self._is_behind(database) and self._now() < end:
                time.sleep(_SAMPLE_S)
            cpu = _cpu_s(daemon.pid)
            daemon.send_signal(signal.SIGTERM)
            clean = daemon.wait(timeout=60) == 0
            return self._count(database, cpu_s=cpu, clean=clean)

    def _take_sample(self, sample: Sample) -> None:
        self._samples.append(sample)
        with (self._folder / "samples.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(sample)) + "\n")

    def _is_over(self, database: SqlDatabase) -> bool:
        return _stored(database) >= self._world.pace.articles or self._now() >= self._within_s

    def _is_behind(self, database: SqlDatabase) -> bool:
        return _stored(database) < self._world.published or _open_alerts(database) > 0

    def _now(self) -> float:
        return time.monotonic() - self._begun

    def _trouble(self, daemon: subprocess.Popen[bytes]) -> None:
        """Lock the database, or have the configuration read again, when it is time."""
        if daemon.poll() is not None:
            raise RuntimeError(f"the daemon ended with {daemon.returncode}")
        if self._now() >= self._next_reload:
            self._next_reload += _RELOAD_EVERY_S
            daemon.send_signal(signal.SIGHUP)
        if self._now() >= self._next_lock:
            self._next_lock += _LOCK_EVERY_S
            with contextlib.closing(sqlite3.connect(self._data / "hongtou.db", isolation_level=None)) as other:
                other.execute("PRAGMA busy_timeout = 30000")
                other.execute("BEGIN IMMEDIATE")
                time.sleep(_LOCK_S)
                other.execute("ROLLBACK")

    def _count(self, database: SqlDatabase, *, cpu_s: float, clean: bool) -> Outcome:
        with database.reading() as uow:
            sources, totals = uow.sources.all(), uow.outbox.totals()
            counts = uow.outbox.counts()
        told = Counter(self._world.receiver.taken)
        marked = sum(count for text, count in told.items() if REPEAT in text.lower())
        repeated = sum(count - 1 for text, count in told.items() if REPEAT not in text.lower())
        warm, late = self._windows()
        last = datetime.now(UTC) - timedelta(minutes=6)
        growth = _median(late, "rss") / _median(warm, "rss") - 1
        return Outcome(
            seconds=round(self._now(), 1),
            polls=sum(state.polls for state in sources),
            published=self._world.published,
            stored=_stored(database),
            list_faults=self._world.faults,
            delivery_faults=self._world.receiver.faults,
            relevant=_query(database, "SELECT count(*) FROM items WHERE relevant"),
            alerts=sum(counts.values()),
            untold=_query(database, _UNTOLD),
            undelivered=sum(counts.get(state, 0) for state in (*_OPEN, AlertState.DEAD)),
            missing=totals.missing,
            repeated_unmarked=repeated,
            repeated_marked=marked,
            stuck=tuple(one.source_id for one in sources if not one.last_polled_at or one.last_polled_at < last),
            rss_warm_mib=round(_median(warm, "rss") / _MIB, 1),
            rss_end_mib=round(_median(late, "rss") / _MIB, 1),
            rss_growth=round(growth, 4),
            rss_peak_mib=round(max(sample.rss for sample in self._samples) / _MIB, 1),
            threads=(round(_median(warm, "threads")), round(_median(late, "threads"))),
            files=(round(_median(warm, "files")), round(_median(late, "files"))),
            cpu_s=round(cpu_s, 1),
            clean_end=clean,
        )

    def _windows(self) -> tuple[list[Sample], list[Sample]]:
        """Return the samples of a tenth of the work after the warm-up, and those of the last tenth."""
        all_of_it = self._samples[-1].stored
        warm = [one for one in self._samples if _WARM <= one.stored / all_of_it < _WARM + 0.1]
        late = [one for one in self._samples if one.stored / all_of_it >= 0.9]
        return warm or self._samples[:1], late

    def _write_config(self) -> Path:
        names = {f"soak-{number}": url for number, url in enumerate(self._world.urls)}
        sources = {
            name: {
                "name": name, "name_en": name, "language": "zh", "group": "soak", "kind": "feed", "voice": "authority",
                "jurisdiction": "cn", "issuer": name,
                "url": url, "fetch_articles": False, "poll": {"min": "2s", "max": "6s"},
            }
            for name, url in names.items()
        }  # fmt: skip
        settings = {
            "data_dir": str(self._data),
            "watch": {"groups": ["soak"]},
            "crawl": {
                "allow_private_addresses": True, "delay": "0s", "timeout": "5s", "retries": 0, "obey_robots": False,
            },
            "polling": {"budget_per_hour": 100_000},
            "channels": {"desk": {"url": self._world.receiver.url}},
            "routes": {"now": {"channels": ["desk"]}, "daily": {"enabled": False}},
            "alerts": {"catch_up": "0s", "storm_most": 0, "max_attempts": 50},
            "operators": {"never": ["source", "recovery", "network", "database"]},
            "schedule": {"poll_tick": "0.5s", "dispatch_tick": "0.5s"},
            "log": {"format": "json"},
        }  # fmt: skip
        (self._folder / "sources.d").mkdir()
        _write(self._folder / "sources.d" / "soak.yaml", {"sources": sources})
        return _write(self._folder / "hongtou.yaml", settings)


_UNTOLD = """
SELECT count(DISTINCT story_id) FROM items WHERE relevant AND story_id NOT IN (
    SELECT told.story_id FROM outbox JOIN items AS told ON told.id = outbox.item_id
    WHERE outbox.state = 'sent' AND told.story_id IS NOT NULL)
"""


def _write(path: Path, content: object) -> Path:
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def _query(database: SqlDatabase, query: str) -> int:
    with contextlib.closing(sqlite3.connect(database.name)) as connection:
        return int(connection.execute(query).fetchone()[0])


def _stored(database: SqlDatabase) -> int:
    return _query(database, "SELECT count(*) FROM items")


def _open_alerts(database: SqlDatabase) -> int:
    with database.reading() as uow:
        counts = uow.outbox.counts()
    return sum(counts.get(state, 0) for state in _OPEN)


def _sample(pid: int, at_s: float, stored: int) -> Sample:
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines())
    return Sample(
        at_s=at_s,
        stored=stored,
        rss=int(fields["VmRSS"].split()[0]) * 1024,
        threads=int(fields["Threads"]),
        files=sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()),
    )


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _median(samples: Sequence[Sample], name: str) -> float:
    return statistics.median(float(getattr(sample, name)) for sample in samples)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Let the daemon work through faults, and watch what it uses.")
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--feeds", type=int, default=40)
    parser.add_argument("--per-poll", type=int, default=5, help="articles that a list gains each time it is shown")
    parser.add_argument("--relevant-every", type=int, default=25)
    parser.add_argument("--faults", type=float, default=0.1, help="share of lists and deliveries that fail")
    parser.add_argument("--within", type=float, default=6 * 3600.0, help="longest time in seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep configuration, database and log here")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; return 0 where all promises were kept."""
    given = _parse(arguments)
    pace = Pace(
        articles=given.articles,
        per_poll=given.per_poll,
        relevant_every=given.relevant_every,
        faults=given.faults,
    )
    with contextlib.ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hongtou-soak-")))
        world = SoakWorld(pace, feeds=given.feeds, seed=given.seed)
        world.start()
        stack.callback(world.stop)
        outcome = Soak(folder, world, within_s=given.within).run()
    figures = asdict(outcome) | {"is_right": outcome.is_right}
    print(json.dumps(figures) if given.json else "\n".join(f"{name:>18}  {value}" for name, value in figures.items()))
    return 0 if outcome.is_right else 1


if __name__ == "__main__":
    sys.exit(main())
