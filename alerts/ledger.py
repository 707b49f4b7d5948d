"""Remembers which parts of a message, and which of a channel's targets, have been served; in memory."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.alert import Message

_MOST = 200
"""Messages remembered a channel; more than are ever being retried at once."""


Targets = dict[int, set[object]]
"""Number of a part, from 0 → targets that accepted it, in keys of Apprise's own; one key stands for the whole part."""


class Ledger:
    """What the messages of one channel have got done, so that trying again does not tell again.

    A message that failed at its third part or its second recipient, or whose answer came too late, is sent again by
    the outbox as a whole; what was accepted before is left out here. It is lost with the process: then, and only
    then, something may be told twice. Used by one thread at a time.
    """

    def __init__(self) -> None:
        self._served: OrderedDict[str, Targets] = OrderedDict()

    def served(self, message: Message, part: int) -> set[object]:
        """Return the live set of targets that have a part of a message; empty when nothing is known."""
        return self._parts(_key(message)).setdefault(part, set())

    def forget(self, message: Message) -> None:
        """Drop what is known of a message."""
        self.drop(_key(message))

    def reached(self, key: str) -> set[object]:
        """Return the live set of targets that have the part of a name; empty when nothing is known."""
        return self._parts(key).setdefault(0, set())

    def drop(self, key: str) -> None:
        """Drop what is known of the part of a name."""
        self._served.pop(key, None)

    def _parts(self, key: str) -> Targets:
        parts = self._served.setdefault(key, {})
        self._served.move_to_end(key)
        if len(self._served) > _MOST:
            self._served.popitem(last=False)
        return parts


def _key(message: Message) -> str:
    return hashlib.sha256(f"{message.subject}\0{message.text}".encode(errors="surrogatepass")).hexdigest()
