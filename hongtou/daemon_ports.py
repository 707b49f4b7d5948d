"""What the daemon asks of the crawler and the scheduler, and a job as it is declared to them. No behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import timedelta

    from core.source import Poll


class Crawler(Protocol):
    """What the daemon asks of the crawler."""

    @property
    def busy(self) -> int:
        """Number of polls under way."""
        ...

    @property
    def is_renewing(self) -> bool:
        """Whether it waits for polls under way to end, so that none should begin."""
        ...

    async def start(self) -> None:
        """Make it ready to take polls."""
        ...

    async def submit(self, poll: Poll) -> None:
        """Begin a poll and return at once."""
        ...

    async def stop(self, timeout: timedelta) -> None:  # noqa: ASYNC109 - the crawler finishes in its own way
        """Finish polls under way, within a time, and give up the rest."""
        ...


class Ticks(Protocol):
    """What the daemon asks of the scheduler."""

    def add(
        self, name: str, every: timedelta, job: Callable[[], Awaitable[None]], *, deadline: timedelta | None = None
    ) -> None:
        """Declare a job, and after what time a run of it is broken off."""
        ...

    def pace(self, name: str, every: timedelta) -> None:
        """Run a job at another gap from now on; nothing where it is the same."""
        ...

    def start(self) -> None:
        """Begin ticking."""
        ...

    async def stop(self) -> None:
        """Begin no further job."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What runs at a period of its own."""

    name: str
    every: Callable[[], timedelta]
    """Asked at the start, and again whenever the configuration has changed."""
    run: Callable[[], Awaitable[None]]
    once: bool
    """Whether a run that only polls once ends with it."""
    deadline: timedelta
