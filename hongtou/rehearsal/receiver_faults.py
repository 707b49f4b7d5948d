"""Which calls of a receiver go wrong, and how: by script, or in a share of all calls. Pure, and safe in any thread."""

from __future__ import annotations

import random
import threading
from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Fault(Enum):
    """What goes wrong in one call."""

    RATE_LIMITED = "rate-limited"
    """Refused with the time to wait, in the service's own words."""
    TOO_LONG = "too-long"
    """Refused as too long, whatever its length."""
    SERVER_ERROR = "server-error"
    REFUSED = "refused"
    """Refused for good: token, address, rights."""
    HANG = "hang"
    """Nothing is taken, and no answer comes for a while."""
    RESET = "reset"
    """Nothing is taken, and the connection is cut."""
    DRIP = "drip"
    """Taken, and answered byte by byte."""
    LOST_ANSWER = "lost-answer"
    """Taken, and the connection cut before the answer: the one fault after which nobody can know."""

    @property
    def takes(self) -> bool:
        """Whether the message was taken all the same."""
        return self in (Fault.DRIP, Fault.LOST_ANSWER)


PASSING = (Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.HANG, Fault.RESET)
"""Those after which the same message may be sent again, and has not arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultTimes:
    """How long faults take, in seconds."""

    retry_after: int = 1
    """What a receiver asks for that is called too often."""
    hang: float = 3600.0
    drip: float = 0.1
    """Between two bytes."""


class FaultPlan:
    """Says of each call, in the order in which they come, what goes wrong; a seed makes it repeatable."""

    def __init__(
        self,
        script: Iterable[Fault | None] = (),
        *,
        share: float = 0.0,
        kinds: tuple[Fault, ...] = PASSING,
        seed: int = 0,
        times: FaultTimes = FaultTimes(),
    ) -> None:
        """Write the plan.

        Args:
            script: Of the first calls; None for one that goes well.
            share: Of the calls after those, 0 to 1.
            kinds: Of faults, each as likely as the others.
            seed: Of chance.
            times: How long faults take.
        """
        self.times = times
        self._script = deque(script)
        self._share = share
        self._kinds = kinds
        self._random = random.Random(seed)  # noqa: S311  # nothing secret depends on it
        self._turn = threading.Lock()
        self.drawn: dict[Fault, int] = dict.fromkeys(Fault, 0)
        """How often each fault was drawn."""

    def add(self, *faults: Fault | None) -> None:
        """Write more calls to the end of the script."""
        with self._turn:
            self._script.extend(faults)

    def draw(self) -> Fault | None:
        """Return what goes wrong in the next call."""
        with self._turn:
            fault = self._script.popleft() if self._script else self._by_chance()
            if fault is not None:
                self.drawn[fault] += 1
            return fault

    def _by_chance(self) -> Fault | None:
        return self._random.choice(self._kinds) if self._random.random() < self._share else None
