"""What a server says about asking again: validators, Retry-After and Cache-Control. Pure."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from core.outcome import Validators

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})")
_LONGEST = timedelta(days=366)


def plain_headers(headers: Iterable[tuple[bytes, list[bytes]]]) -> dict[str, str]:
    """Return headers as text by lower-case name; several values of one name are joined by a comma."""
    return {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in headers}


def validators(headers: Mapping[str, str]) -> Validators:
    """Return an answer's validators, verbatim (RFC 9110 §8.8).

    Args:
        headers: Header values by lower-case name.
    """
    return Validators(etag=headers.get("etag") or None, last_modified=headers.get("last-modified") or None)


def conditions(known: Validators) -> dict[str, str]:
    """Return the request headers that ask for an answer only when something changed (RFC 9110 §13.1)."""
    wanted = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in wanted.items() if value}


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Return the wait that a server asks for (RFC 9110 §10.2.3): seconds, or an HTTP date.

    Returns:
        Zero or more, at most a year; None when nothing legible is asked for.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value), int(_LONGEST.total_seconds())))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), _LONGEST)


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long an answer stays fresh by its Cache-Control (RFC 9111 §5.2.2.1); None when it says nothing."""
    found = _MAX_AGE.search(headers.get("cache-control", "").lower())
    if found is None or found[1].lstrip("0") == "":
        return None
    return min(timedelta(seconds=int(found[1])), _LONGEST)
