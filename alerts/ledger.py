"""Remembers which parts of a message, and which of a channel's targets, have been served; in memory."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.alert import Message

_MOST = 200
"""Messages remembered a channel; more than are ever being retried at once."""


@dataclass(slots=True)
class Progress:
    """How far one message has got."""

    parts: set[int] = field(default_factory=set)
    """Numbers of the parts that were accepted, from 0."""
    targets: dict[int, set[object]] = field(default_factory=dict)
    """Part → targets that accepted it, in Apprise's own keys."""

    def targets_of(self, part: int) -> set[object]:
        """Return the live set of targets that have a part."""
        return self.targets.setdefault(part, set())


class Ledger:
    """Progress of the messages of one channel, so that trying again does not tell again.

    A message that failed at its third part or its second recipient, or whose answer came too late, is sent again by
    the outbox as a whole; what was accepted before is left out here. It is lost with the process: then, and only
    then, something may be told twice. Used by one thread at a time.
    """

    def __init__(self) -> None:
        self._progress: OrderedDict[str, Progress] = OrderedDict()

    def progress(self, message: Message) -> Progress:
        """Return the progress of a message, a new one when it is not known."""
        key = _key(message)
        known = self._progress.setdefault(key, Progress())
        self._progress.move_to_end(key)
        if len(self._progress) > _MOST:
            self._progress.popitem(last=False)
        return known

    def forget(self, message: Message) -> None:
        """Drop what is known of a message."""
        self._progress.pop(_key(message), None)


def _key(message: Message) -> str:
    return hashlib.sha256(f"{message.subject}\0{message.text}".encode(errors="surrogatepass")).hexdigest()
