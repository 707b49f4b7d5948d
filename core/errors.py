"""Every error Hongtou raises on purpose.

::

    HongtouError                      base; attributes, not text, carry ids
    ├─ ConfigError(problems)          all faults of the configuration at once, with file, line and key
    ├─ SourceError(source_id)
    │  ├─ FetchError(url, answer)     the answer class says what happened on the wire
    │  └─ ParseError(url)             the bytes came, but they are not what the source promised
    │     ├─ DecodeError
    │     ├─ FeedParseError
    │     ├─ ListParseError
    │     └─ ExtractionError
    ├─ StorageError                   database locked, away, full, or of another version
    │  ├─ SchemaError                 migrations are missing, or the database is newer than this program
    │  └─ InstanceLockedError         another daemon holds the data directory
    └─ DeliveryError(channel)         a channel could not be built or used

Expected outcomes (nothing new, no match, a throttled alert) are values, not errors; bugs are never caught by type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.outcome import Answer


class HongtouError(Exception):
    """Base of all expected failures; its text is fit to be shown to a user as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigProblem:
    """One fault of one configuration file, as a user can mend it."""

    where: str
    """File and line (`hongtou.yaml:12`), or the name of an environment variable or option."""
    key: str
    """Dotted path of the key, `routes.desk.match.topics`; empty for a fault of the whole file."""
    message: str
    """What is wrong and what would be right, in one sentence."""

    def __str__(self) -> str:
        """Return the problem as one line."""
        return f"{self.where}: {self.key}: {self.message}" if self.key else f"{self.where}: {self.message}"


class ConfigError(HongtouError):
    """The configuration has faults; `problems` holds all of them, in file order."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SourceError(HongtouError):
    """One source failed; the others are not affected."""

    def __init__(self, message: str, *, source_id: str = "") -> None:
        self.source_id = source_id
        super().__init__(message)


class FetchError(SourceError):
    """No usable answer for an address; `answer` is its class."""

    def __init__(self, message: str, *, url: str, answer: Answer, source_id: str = "") -> None:
        self.url = url
        self.answer = answer
        super().__init__(message, source_id=source_id)


class ParseError(SourceError):
    """The bytes are not what the source promised."""

    def __init__(self, message: str, *, url: str = "", source_id: str = "") -> None:
        self.url = url
        super().__init__(message, source_id=source_id)


class DecodeError(ParseError):
    """The bytes are no text in any charset they may be in."""


class FeedParseError(ParseError):
    """Not a feed, or one whose root element is unknown; the message says what it is instead."""


class ListParseError(ParseError):
    """A list page or JSON list without the rows that the source's selectors or paths promise."""


class ExtractionError(ParseError):
    """No article could be read from a page."""


class StorageError(HongtouError):
    """The database cannot be used now: locked, away, full, or damaged."""


class SchemaError(StorageError):
    """The database's schema is not the one this program knows."""


class InstanceLockedError(StorageError):
    """Another process already works on this data directory."""


class DeliveryError(HongtouError):
    """A channel cannot be built or used; the message never holds the channel's address."""

    def __init__(self, message: str, *, channel: str) -> None:
        self.channel = channel
        super().__init__(message)
