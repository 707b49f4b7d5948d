"""One part on its way to one channel, with the name by which it is known again."""

from __future__ import annotations

import hashlib
import json
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.alert import ChannelId
    from core.message import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSending:
    """What a service is given."""

    channel: ChannelId
    part: Part
    key: str
    """32 hex digits, the same at every attempt: the idempotency key of HTTP services, the Message-ID of mails."""

    @classmethod
    def of(cls, channel: ChannelId, part: Part) -> PartSending:
        """Name a part: by its own key where it has one, else by all that it says."""
        return cls(channel=channel, part=part, key=_digest(channel, part.key or _words(part)))

    @property
    def thread_key(self) -> str:
        """Name of the story in this channel, 32 hex digits; empty without a story."""
        return _digest(self.channel, f"thread {self.part.thread}") if self.part.thread else ""


PRESENT: ContextVar[PartSending | None] = ContextVar("hongtou_present_part", default=None)
"""The part being sent, for the services of our own: Apprise hands on a title and a body only."""


def writable(text: str) -> str:
    """Return text that can be written as UTF-8: halves of characters (lone surrogates) become question marks."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _words(part: Part) -> str:
    said = [part.number, part.count, part.subject, part.body, part.text, part.thread, part.data]
    return json.dumps(said, sort_keys=True, default=str)


def _digest(channel: ChannelId, words: str) -> str:
    return hashlib.sha256(f"{channel}\0{words}".encode(errors="surrogatepass")).hexdigest()[:32]
