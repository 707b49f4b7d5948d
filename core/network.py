"""Tells a dead network of our own from sources that fail: when nobody answers, nobody is to blame."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.outcome import Answer

_WITNESSES = 4
"""Different sources in a row that must fail on the wire, with no answer between, before the network is blamed. One host
that is down gives one witness however often it is asked; four unrelated ones are hardly down at once."""


class NetworkWatch:
    """Watches the answers of all sources; holds no clock and does no I/O."""

    retry_after = timedelta(seconds=60)
    """How long a source waits for its next try while the network is down."""

    def __init__(self, *, sources: int) -> None:
        self._needed = max(1, min(_WITNESSES, sources))
        self._silent: deque[str] = deque(maxlen=self._needed)
        self.is_down = False
        """Whether the last answers say that our own network is down."""

    def observe(self, source_id: str, answer: Answer) -> None:
        """Take note of how one poll ended."""
        if not answer.is_network:
            self._silent.clear()
            self.is_down = False
            return
        if source_id not in self._silent:
            self._silent.append(source_id)
        self.is_down = len(self._silent) >= self._needed
