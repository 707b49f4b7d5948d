"""Delivers alerts against receivers that fail, by a daemon that is killed again and again, and counts what arrived.

    python -m benchmarks.alert_chaos [--alerts 10000] [--kills 50] [--share 0.333] [--json]

Six receivers on loopback, spoken to through the program's own channels: mail with STARTTLS and a login, imitations of
Slack, Telegram, Discord and Feishu, and our signed webhook over TLS. In a share of all calls something goes wrong: too
many requests with a time to wait, too long, a server error, no answer, a connection cut before or after the message was
taken, an answer that drips; now and then certificates are wrong. Alerts go in while the daemon runs; it is killed with
SIGKILL at random moments and started again. Then the faults cease, and it delivers what is left.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.chaos_daemon import FastClock, run_daemon
from benchmarks.chaos_world import CHANNELS, CHAPTERS, ChaosWorld
from config.loader import load_settings
from core.alert import AlertState
from hongtou.heartbeat import heartbeat_path
from hongtou.opening import open_database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.context import ForkServerProcess

    from benchmarks.chaos_world import Arrival
    from storage.database import SqlDatabase

_PRELOAD = ["benchmarks.chaos_daemon", "alerts.rendering", "alerts.apprise_notifier", "apprise"]
_IN_DIGESTS = 0.1
"""Share of alerts that wait for a digest."""
_OPEN = (AlertState.PENDING, AlertState.CLAIMED, AlertState.RETRYING, AlertState.HELD, AlertState.BUNDLED)
_READY_S = 60.0
_WRONG_S = 1.0
"""How long certificates are wrong in every fifth life: minutes by the daemon's clock, too short to die of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCount:
    """What became of the alerts to one channel."""

    channel: str
    alerts: int
    accepted: int
    """Told at least once."""
    lost: int
    repeated_unmarked: int
    repeated_marked: int
    marked_once: int
    """Said to be possible repeats, and were none: a crash or a lost answer left it open."""
    out_of_order: int
    """Stories of which a later alert arrived before an earlier one."""
    calls: int
    faults: int

    @property
    def is_right(self) -> bool:
        """Whether all promises are kept."""
        return not (self.lost or self.repeated_unmarked or self.out_of_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to."""

    channels: tuple[ChannelCount, ...]
    kills: int
    died: int
    """Alerts that were dead in between; the operators were told, and they were sent again as the notice says."""
    dead: int
    """Alerts that are dead in the end."""
    missing: int
    """Alerts that the outbox's own account does not find."""
    seconds: float
    is_drained: bool

    @property
    def is_right(self) -> bool:
        """Whether all promises are kept."""
        right = all(one.is_right for one in self.channels)
        return right and self.is_drained and not self.dead and not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much of everything."""

    alerts: int
    kills: int
    share: float
    seed: int
    speed: float
    timeout_s: float
    drain_s: float
    life_s: float = 90.0
    """How long a daemon lives at most before it is killed, also when it has delivered little."""


class Chaos:
    """One run in one folder."""

    def __init__(self, plan: Plan, folder: Path, world: ChaosWorld) -> None:
        self._plan = plan
        self._folder = folder
        self._world = world
        self._random = random.Random(plan.seed)  # noqa: S311 - chance, nothing secret
        self._config = world.write_config(timeout_s=plan.timeout_s)
        self._clock = FastClock(began_at=datetime.now(UTC), speed=plan.speed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOAD)
        self._single = plan.alerts * (1 - _IN_DIGESTS)
        """Alerts that are told one by one."""
        self._tokens: set[str] = set()
        self._stocked = 0
        self._died = 0

    def run(self) -> Outcome:
        """Let everything happen, and count."""
        begun = time.monotonic()
        database = open_database(load_settings(self._config, environ={}))
        for number in range(self._plan.kills):
            self._live_and_die(database, number)
            _say(f"killed {number + 1} times, {self._world.taken} messages taken")
        is_drained = self._drain(database)
        with database.reading() as uow:
            totals = uow.outbox.totals()
        database.close()
        return Outcome(
            channels=tuple(self._count(name, arrived) for name, arrived in sorted(self._world.arrivals().items())),
            kills=self._plan.kills,
            died=self._died,
            dead=totals.states.get(AlertState.DEAD, 0),
            missing=totals.missing,
            seconds=round(time.monotonic() - begun, 1),
            is_drained=is_drained,
        )

    def _live_and_die(self, database: SqlDatabase, number: int) -> None:
        process = self._start()
        self._stock(database, portions=self._plan.kills)
        if number % 5 == 3:
            self._world.use_wrong_certificate(wrong=True)
            time.sleep(_WRONG_S)
        self._world.use_wrong_certificate(wrong=False)
        share = (number + self._random.random()) / self._plan.kills
        self._wait_for_messages(self._single * share)
        time.sleep(self._random.uniform(0, 0.3))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()

    def _wait_for_messages(self, wanted: float) -> None:
        """Wait until so many were taken in all, so that the kills are spread over the whole of the work."""
        end = time.monotonic() + self._plan.life_s
        while self._world.taken < wanted and time.monotonic() < end:
            time.sleep(0.01)

    def _drain(self, database: SqlDatabase) -> bool:
        """Let a last daemon deliver what is left, and stop it in its own way; return whether nothing is left."""
        process = self._start()
        self._stock(database, portions=1)
        self._wait_for_messages(self._single * 0.95)
        self._world.cease()
        end = time.monotonic() + self._plan.drain_s
        left = 1
        while left and time.monotonic() < end:
            time.sleep(0.5)
            with database.unit_of_work() as uow:
                self._died += sum(uow.outbox.revive(one.id) for one in uow.outbox.list(states=[AlertState.DEAD]))
                counts = uow.outbox.counts()
                uow.commit()
            left = sum(counts.get(state, 0) for state in _OPEN)
        process.terminate()
        process.join(30)
        return not left

    def _start(self) -> ForkServerProcess:
        heartbeat = heartbeat_path(self._folder / "data")
        heartbeat.unlink(missing_ok=True)
        process = self._context.Process(
            target=run_daemon, args=(self._config, self._clock, self._world.authority, self._folder / "daemon.log")
        )
        process.start()
        end = time.monotonic() + _READY_S
        while not heartbeat.exists():
            if time.monotonic() > end or not process.is_alive():
                raise RuntimeError(f"the daemon did not begin; see {self._folder / 'daemon.log'}")
            time.sleep(0.02)
        return process

    def _stock(self, database: SqlDatabase, *, portions: int) -> None:
        """Put a portion of the alerts in, or all that are left; as intake does, in many transactions."""
        of_story = CHAPTERS * len(CHANNELS)
        stories = round(self._plan.alerts * (1 - _IN_DIGESTS) / of_story)
        digests = round(self._plan.alerts * _IN_DIGESTS / len(CHANNELS))
        total = stories + digests
        upto = total if portions == 1 else min(total, self._stocked + -(-total // portions))
        for number in range(self._stocked, upto):
            is_digest = self._is_digest(number, digests, total)
            chosen: tuple[list[int], list[int]] = ([], [number]) if is_digest else ([number], [])
            with database.unit_of_work() as uow:
                self._tokens |= self._world.stock(uow, stories=chosen[0], digests=chosen[1], now=self._clock.now())
                uow.commit()
        self._stocked = upto

    @staticmethod
    def _is_digest(number: int, digests: int, total: int) -> bool:
        """Spread so many evenly among all."""
        return (number + 1) * digests // total > number * digests // total

    def _count(self, channel: str, arrived: Sequence[Arrival]) -> ChannelCount:
        first: dict[str, int] = {}
        copies: dict[str, list[bool]] = defaultdict(list)
        for order, one in enumerate(arrived):
            for token in one.tokens:
                first.setdefault(token, order)
                copies[token].append(one.is_marked)
        chapters: dict[str, list[int]] = defaultdict(list)
        for token in sorted(first):
            chapters[token.partition("x")[0]].append(first[token])
        plan = self._world.plans[channel]
        return ChannelCount(
            channel=channel,
            alerts=len(self._tokens),
            accepted=len(self._tokens & first.keys()),
            lost=len(self._tokens - first.keys()),
            repeated_unmarked=sum(marks[1:].count(False) for marks in copies.values()),
            repeated_marked=sum(marks[1:].count(True) for marks in copies.values()),
            marked_once=sum(marks == [True] for marks in copies.values()),
            out_of_order=sum(orders != sorted(orders) for orders in chapters.values()),
            calls=plan.calls,
            faults=sum(plan.drawn.values()),
        )


def table(outcome: Outcome) -> str:
    """Return the outcome as a table for a person."""
    columns = (
        "channel", "alerts", "accepted", "lost", "repeated unmarked", "repeated marked", "marked, but once",
        "out of order", "calls", "faults",
    )  # fmt: skip
    rows = [[str(value) for value in asdict(one).values()] for one in outcome.channels]
    sums = [sum(int(row[at]) for row in rows) for at in range(1, len(columns))]
    lines = ["| " + " | ".join(cells) + " |" for cells in (columns, ["---"] * len(columns), *rows)]
    lines.append("| all | " + " | ".join(map(str, sums)) + " |")
    ending = "everything delivered" if outcome.is_drained else "NOT drained in time"
    lines.append(
        f"\n{outcome.kills} kills, {outcome.seconds:.0f} s, {ending}; "
        f"{outcome.died} died and were sent again by hand, {outcome.dead} are dead, "
        f"{outcome.missing} missing in the outbox's account: {'right' if outcome.is_right else 'WRONG'}"
    )
    return "\n".join(lines)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Deliver alerts through faults and kills, and count what arrived.")
    parser.add_argument("--alerts", type=int, default=10_000, help="in all, over six channels")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--share", type=float, default=1 / 3, help="of calls that go wrong")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=100.0, help="of the daemon's clock")
    parser.add_argument("--timeout", type=float, default=1.5, help="longest wait for an answer, real seconds")
    parser.add_argument("--drain", type=float, default=3600.0, help="longest time for what is left, real seconds")
    parser.add_argument("--folder", type=Path, help="keep configuration, database and log here")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; return 0 where all promises were kept."""
    given = _parse(arguments)
    plan = Plan(
        alerts=given.alerts,
        kills=given.kills,
        share=given.share,
        seed=given.seed,
        speed=given.speed,
        timeout_s=given.timeout,
        drain_s=given.drain,
    )
    logging.getLogger("mail.log").addHandler(logging.NullHandler())  # it tells every handshake that fails
    logging.getLogger("mail.log").propagate = False
    with contextlib.ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hongtou-chaos-")))
        world = stack.enter_context(ChaosWorld(folder, share=plan.share, seed=plan.seed))
        outcome = Chaos(plan, folder, world).run()
    print(json.dumps(asdict(outcome) | {"is_right": outcome.is_right}) if given.json else table(outcome))
    return 0 if outcome.is_right else 1


if __name__ == "__main__":
    sys.exit(main())
