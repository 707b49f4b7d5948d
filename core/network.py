"""Tells a dead network of our own from sources that fail: when nobody answers, nobody is to blame."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.outcome import Answer

if TYPE_CHECKING:
    from core.source import SourceId

_WITNESSES = 4
"""Hosts in a row that must fail on the wire, with no answer between, before the network is blamed. One host that is
down is one witness however many sources it has and however often it is asked; four are hardly down at once."""
_FEWEST = 2
"""With a single host, its being down and the network's cannot be told apart, so the network is never blamed."""

_SAYS_NOTHING = frozenset({Answer.ADDRESS, Answer.CRASHED})
"""Answers that we gave ourselves, without a look at the network."""


class NetworkWatch:
    """Watches the answers of all sources; holds no clock and does no I/O."""

    retry_after = timedelta(seconds=60)
    """How long a source waits for its next try while the network is down."""

    def __init__(self, *, hosts: int) -> None:
        self.resize(hosts=hosts)
        self._silent: dict[str, set[SourceId]] = {}
        self.is_down = False
        """Whether the last answers say that our own network is down."""

    def resize(self, *, hosts: int) -> None:
        """Reckon with another number of watched hosts from the next answer on."""
        self._needed = max(_FEWEST, min(_WITNESSES, hosts))

    def observe(self, source_id: SourceId, host: str, answer: Answer) -> frozenset[SourceId]:
        """Take note of how one poll ended.

        Returns:
            When this answer is the one that tells that the network is down: the sources that failed before it was
            known, this one left out, which are to be cleared of blame. Else nothing.
        """
        if answer in _SAYS_NOTHING:
            return frozenset()
        if not answer.is_network:
            self._silent.clear()
            self.is_down = False
            return frozenset()
        self._silent.setdefault(host, set()).add(source_id)
        was_down = self.is_down
        self.is_down = len(self._silent) >= self._needed
        if self.is_down and not was_down:
            return frozenset().union(*self._silent.values()) - {source_id}
        return frozenset()
