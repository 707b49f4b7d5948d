"""What every rehearsal site offers, and the plain pieces that their pages are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, Protocol

from core.source import PollBounds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.source import Source
    from hongtou.rehearsal.timeline import Piece

BOUNDS = PollBounds(min_interval=timedelta(seconds=1), max_interval=timedelta(seconds=2))
"""Polls are seconds apart, so that the rehearsal ends within about a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer's body."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where a site stands, and when."""

    base: str
    """`http://127.0.0.1:PORT`, without a slash at its end."""
    now: datetime
    """The start of the rehearsal, from which every date is counted; aware."""
    step: int

    def published(self, piece: Piece) -> datetime:
        """Return when a piece says it was published, in China's zone."""
        return piece.published(self.now)


class Site(Protocol):
    """One small site. Stateless: what it shows depends on the stage alone."""

    key: str
    list_path: str
    has_validators: bool
    """Whether it sends ETag and Last-Modified and answers 304."""
    robots: str
    """Its robots.txt."""

    def source(self, base: str) -> Source:
        """Return the source that watches it."""
        ...

    def path(self, piece: Piece, now: datetime) -> str:
        """Return the path of a piece's page."""
        ...

    def listing(self, pieces: Sequence[Piece], stage: Stage) -> Page:
        """Show the list of these pieces, newest first."""
        ...

    def article(self, piece: Piece, stage: Stage) -> Page:
        """Show one piece."""
        ...


def paragraphs_html(piece: Piece, attributes: str = "") -> str:
    """Return a piece's paragraphs as `<p>` elements, one a line."""
    return "\n".join(f"<p{attributes}>{escape(paragraph)}</p>" for paragraph in piece.paragraphs)


def html_page(markup: str, charset: str = "utf-8", declared: str = "") -> Page:
    """Encode a page; `declared` is what its header says when that differs from `charset`."""
    return Page(body=markup.encode(charset), content_type=f"text/html; charset={declared or charset}")
