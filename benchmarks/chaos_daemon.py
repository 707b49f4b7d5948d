"""The delivering half of the daemon in a process that may be killed at any moment, by a clock that runs faster.

Dispatcher, pacer, digests, renderer, channels and database are those of the program, put together as it does; what
polls sources is left out. Backoff, leases and digests take their time by the clock, so that a wait of an hour takes
seconds; what is measured by the system's own clock, such as how long an answer is waited for, is not shortened.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from config.loader import load_settings
from core.network import NetworkWatch
from hongtou.daemon import Daemon, DaemonTimes, Watch
from hongtou.dispatch import Dispatcher
from hongtou.fitting import build_notifier, delivery_means
from hongtou.heartbeat import heartbeat_path
from hongtou.logs import configure_logging
from hongtou.notices import Notices
from hongtou.offload import ThreadOffload
from hongtou.opening import open_database
from scheduler.cron import ApsCron
from scheduler.ticks import Ticker

if TYPE_CHECKING:
    from pathlib import Path

    from core.source import Poll
    from hongtou.delivering import DeliveryMeans
    from hongtou.intake import StoringIntake

_TICK = timedelta(seconds=0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FastClock:
    """A clock that was right at one moment, and is so many times as fast since."""

    began_at: datetime
    speed: float

    def now(self) -> datetime:
        """Return the present by this clock, aware UTC."""
        return self.began_at + (datetime.now(UTC) - self.began_at) * self.speed


class _NoCrawler:
    """Polls nothing."""

    busy = 0
    is_renewing = False

    async def start(self) -> None:
        """Do nothing."""

    async def submit(self, poll: Poll) -> None:
        """Never asked: nothing is watched."""

    async def stop(self, timeout: timedelta) -> None:  # noqa: ASYNC109 - as the daemon calls it
        """Do nothing."""


class _NoIntake:
    """Judges nothing."""

    async def judge_waiting(self, _: object) -> int:
        """Find nothing to judge."""
        return 0


def run_daemon(config: Path, clock: FastClock, authority: Path, log: Path) -> None:
    """Deliver until told to stop; the target of a process of its own.

    Args:
        config: The configuration.
        clock: By which it lives.
        authority: File with the certificate that it trusts.
        log: Where its output goes.
    """
    with log.open("ab") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    os.environ["SSL_CERT_FILE"] = os.environ["REQUESTS_CA_BUNDLE"] = str(authority)
    asyncio.run(_run(config, clock))


async def _run(config: Path, clock: FastClock) -> None:
    loaded = load_settings(config, environ={})
    configure_logging(loaded.settings.log.level, loaded.settings.log.format)
    database, offload = open_database(loaded), ThreadOffload()
    means = _hastened(delivery_means(loaded, build_notifier(loaded, terminal=sys.stdout)), clock.speed)
    notices = Notices(means.pacing.operators, clock)
    dispatcher = Dispatcher(
        database=database,
        means=means,
        notices=notices,
        cron=ApsCron(),
        offload=offload,
        clock=clock,
        jitter=random.random,
    )
    daemon = Daemon(
        watch=Watch(sources={}, heartbeat=heartbeat_path(loaded.settings.data_dir)),
        times=DaemonTimes(
            poll_tick=timedelta(hours=1),
            dispatch_tick=_TICK,
            digest_tick=_TICK,
            poll_deadline=timedelta(minutes=1),
            stop_timeout=timedelta(seconds=10),
            max_polls=0,
        ),
        database=database,
        crawler=_NoCrawler(),
        intake=cast("StoringIntake", _NoIntake()),
        dispatcher=dispatcher,
        notices=notices,
        network=NetworkWatch(hosts=1),
        offload=offload,
        clock=clock,
    )
    await daemon.run(Ticker())
    offload.close()
    database.close()


def _hastened(means: DeliveryMeans, speed: float) -> DeliveryMeans:
    """Return means whose leases outlast the real waits for answers, by a clock that is so fast."""
    limits = means.limits
    return replace(means, limits=replace(limits, lease=limits.lease * speed, timeout=limits.timeout * speed))
