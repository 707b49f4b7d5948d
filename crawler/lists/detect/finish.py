"""Found rows made ready: the year from the address where the list prints none, and no running numbers in titles."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from crawler.dates import date_from_url
from crawler.lists.detect.stamps import written
from crawler.lists.row import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.lists.detect.rows import Found
    from crawler.lists.detect.stamps import Stamp

_NUMBER = re.compile(r"^(\d{1,3})\s{0,2}[.、．)）]\s{0,3}(?=\D)")
_NEAR = 45
"""Days by which a printed day and that of the address may differ and still mean one year."""
_LEAST = 3


def as_row(found: Found) -> Row:
    """Return a found row as lists of all kinds give theirs."""
    stamp = found.stamp
    return Row(title=found.title, link=found.link, date=_with_year(stamp, found.link) if stamp else "")


def _with_year(stamp: Stamp, link: str) -> str:
    year, month, day = stamp.key
    in_address = date_from_url(link, zone="UTC") if month and not year else None
    if in_address is None:
        return stamp.text
    near = in_address.at.astimezone(UTC)
    years = [near.year + shift for shift in (-1, 0, 1)]
    gaps = {candidate: _gap(candidate, month, day, near) for candidate in years}
    best = min(gaps, key=lambda candidate: gaps[candidate])
    clock = stamp.text.partition(" ")[2]
    return written(best, month, day, clock) if gaps[best] <= _NEAR else stamp.text


def _gap(year: int, month: int, day: int, near: datetime) -> int:
    try:
        return abs((date(year, month, day) - near.date()).days)
    except ValueError:
        return _NEAR + 1


def without_numbers(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows whose titles do not count: 1., 2., 3. before every one of them is no part of any."""
    matches = [_NUMBER.match(row.title) for row in rows]
    numbers = [int(match[1]) for match in matches if match]
    if len(rows) < _LEAST or len(numbers) < len(rows) or numbers != list(range(numbers[0], numbers[0] + len(rows))):
        return tuple(rows)
    return tuple(replace(row, title=_NUMBER.sub("", row.title)) for row in rows)
