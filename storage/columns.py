"""Column types that behave the same on SQLite and PostgreSQL: UTC times, durations, and text of any page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import JSON, DateTime, Double, Enum, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out; microsecond resolution on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, whose zone could only be guessed.

        Raises:
            ValueError: The time is naive.
        """
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value!r} has no time zone")
        moment = value.astimezone(UTC)
        # SQLite has no zone to keep: everything in it is UTC, and sorts as text.
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, whatever zone the server's session is in."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Seconds(TypeDecorator[timedelta]):
    """A duration, kept as a number of seconds."""

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> float | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the seconds."""
        return None if value is None else value.total_seconds()

    def process_result_value(self, value: float | None, dialect: Dialect) -> timedelta | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the duration."""
        return None if value is None else timedelta(seconds=value)


class PlainText(TypeDecorator[str]):
    """Text from anywhere.

    PostgreSQL refuses NUL, and neither database can store half a surrogate pair; both come in broken pages. The first
    is left out and the second becomes U+FFFD, so that one bad page never blocks a source.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the text as every database takes it."""
        return None if value is None else storable(value)


class PlainJson(TypeDecorator[object]):
    """JSON whose strings are cleaned like `PlainText`; JSONB on PostgreSQL."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[object]:
        """Return the database's own type."""
        return dialect.type_descriptor(JSONB(none_as_null=True) if dialect.name == "postgresql" else self.impl_instance)

    def process_bind_param(self, value: object, dialect: Dialect) -> object:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the value with clean strings."""
        return _clean(value)


def word_of(kind: type[StrEnum]) -> Enum:
    """Return the column type of an enumeration: its words as text, so that a new word needs no migration."""
    return Enum(kind, native_enum=False, create_constraint=False, length=20, values_callable=_values)


def storable(text: str) -> str:
    """Return text without NUL and lone surrogates; the same text when it has none."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass").decode(errors="replace")
    return text


def _values(kind: Iterable[StrEnum]) -> list[str]:
    return [member.value for member in kind]


def _clean(value: object) -> object:
    match value:
        case str():
            return storable(value)
        case dict():
            return {key: _clean(part) for key, part in value.items()}
        case list() | tuple():
            return [_clean(part) for part in value]
        case _:
            return value
