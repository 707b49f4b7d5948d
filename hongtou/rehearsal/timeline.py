"""What the rehearsal's sites publish, and when: the pieces in `content/`, told step by step. No clock, no network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

SITES = ("council", "shanghai", "kechuang", "lianwen", "ledgerpost", "kuaixun", "harbour")
"""Keys of the sites, which are also their source ids (with `demo-` in front)."""
STEPS = 8
"""Steps of the timeline, counted from 0: what is there at the first polls. The last one is quiet."""
FAULTS: Mapping[tuple[str, int], str] = {
    ("kuaixun", 3): "unavailable",
    ("kuaixun", 4): "closed",
    ("council", 5): "challenge",
    ("council", 6): "challenge",
}
"""(site, step) → what is wrong there: 503, connections closed without an answer, or a challenge page (412).

The flash wire recovers at step 5 and tells then what happened in between. The portal is challenged only after its last
piece is out, because a crawler that is told to stay away rightly comes back much later than the rehearsal lasts.
"""
ZONE = ZoneInfo("Asia/Shanghai")
BASELINE_AGE = timedelta(hours=24)
"""Pieces of step 0 older than this are not news (the default of `first_sync.max_age`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a good monitor makes of a relevant piece."""

    story: str
    """Pieces with the same story report one act of one authority, in any language."""
    topics: frozenset[str]
    """Topics that must be among the ones found."""
    jurisdiction: str
    act: str
    """Kind of act; `any` where two readings are fair."""
    copy_of: str = ""
    """Key of the piece that this one repeats word for word."""
    edit_of: str = ""
    """Key of the piece that this one repeats with another headline and edits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A later wording of a piece at the same address."""

    step: int
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article of one site."""

    key: str
    site: str
    serial: int
    """Number in its address, unique in its site."""
    step: int
    """From which step on its site has it."""
    age: timedelta
    """How long before the rehearsal's start it says it was published."""
    title: str
    paragraphs: tuple[str, ...]
    number: str = ""
    issuer: str = ""
    page: str = "ok"
    """`ok`, `gone` (its page answers 404) or `robots` (robots.txt forbids its page)."""
    edit: Edit | None = None
    expect: Expectation | None = None
    """None for noise."""

    def at(self, step: int) -> Piece:
        """Return the piece as it is worded at a step."""
        if self.edit and step >= self.edit.step:
            return replace(self, title=self.edit.title, paragraphs=self.edit.paragraphs)
        return self

    def published(self, now: datetime) -> datetime:
        """Return when it says it was published, in China's zone, to the second."""
        return (now - self.age).astimezone(ZONE).replace(microsecond=0)

    @property
    def is_baseline(self) -> bool:
        """Whether it is there at the first poll and too old to be news."""
        return self.step == 0 and self.age > BASELINE_AGE


@cache
def pieces() -> tuple[Piece, ...]:
    """Return every piece of every site, by site, in file order."""
    read = [_piece(site, serial, row) for site in SITES for serial, row in enumerate(_rows(site), start=1)]
    by_key = {piece.key: piece for piece, _ in read}
    return tuple(
        replace(piece, paragraphs=by_key[twin].paragraphs, number=by_key[twin].number) if twin else piece
        for piece, twin in read
    )


def pieces_at(site: str, step: int) -> tuple[Piece, ...]:
    """Return what a site has at a step, newest first, in the wording of that step."""
    there = [piece for piece in pieces() if piece.site == site and piece.step <= step]
    return tuple(piece.at(step) for piece in sorted(there, key=lambda piece: (-piece.step, piece.age)))


def _rows(site: str) -> list[dict[str, Any]]:
    text = files("hongtou.rehearsal").joinpath("content", f"{site}.yaml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.safe_load(text)
    return rows


def _piece(site: str, serial: int, row: Mapping[str, Any]) -> tuple[Piece, str]:
    """Read one piece, and the key of the piece whose body it repeats (or an empty string)."""
    piece = Piece(
        key=row["key"],
        site=site,
        serial=serial,
        step=row.get("step", 0),
        age=timedelta(minutes=row["minutes_ago"]),
        title=row["title"],
        paragraphs=_paragraphs(row.get("body", "")),
        number=row.get("number", ""),
        issuer=row.get("issuer", ""),
        page=row.get("page", "ok"),
        edit=_edit(row["edit"]) if "edit" in row else None,
        expect=_expectation(row["expect"]) if "expect" in row else None,
    )
    return piece, row.get("body_of", "")


def _paragraphs(body: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in body.splitlines() if line.strip())


def _edit(row: Mapping[str, Any]) -> Edit:
    return Edit(step=row["step"], title=row["title"], paragraphs=_paragraphs(row["body"]))


def _expectation(row: Mapping[str, Any]) -> Expectation:
    return Expectation(**{**row, "topics": frozenset(row["topics"])})
