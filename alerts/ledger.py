"""Remembers which of a channel's targets have been served with a part; in memory."""

from __future__ import annotations

from collections import OrderedDict

_MOST = 200
"""Parts remembered a channel; more than are ever being retried at once."""


class Ledger:
    """What the parts for one channel have got done, so that trying again does not tell again.

    A part that failed at its second recipient, or whose answer came too late, is sent again by the outbox; whom it
    reached before is left out here. It is lost with the process: then, and only then, something may be told twice.
    Used by one thread at a time.
    """

    def __init__(self) -> None:
        self._reached: OrderedDict[str, set[object]] = OrderedDict()

    def reached(self, key: str) -> set[object]:
        """Return the live set of targets that have a part, in keys of Apprise's own; empty when nothing is known."""
        targets = self._reached.setdefault(key, set())
        self._reached.move_to_end(key)
        if len(self._reached) > _MOST:
            self._reached.popitem(last=False)
        return targets

    def drop(self, key: str) -> None:
        """Drop what is known of a part."""
        self._reached.pop(key, None)
