"""What is asked for to read one list, what an answer says, and what a dialect is. No network, no Scrapy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from crawler.answers import Expected
from crawler.decode import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.source import Source
    from crawler.charsets import MarkupKind
    from crawler.lists.row import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request on the way to a list."""

    url: str
    expected: Expected = Expected.LISTING
    referer: str = ""
    """Address of the column page, which some interfaces want to see; empty for none."""
    number: int = 1
    """Which page of the list it is, or leads to; from 1."""
    known: Mapping[str, str] = field(default_factory=dict)
    """What earlier answers of the same poll said, by names of the dialect's own."""
    shared: bool = False
    """Whether the page of the list consists of several answers, of which this asks for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer, which the server calls a success."""

    url: str
    """The address after redirects."""
    body: bytes
    """Decompressed, otherwise raw."""
    content_type: str = ""
    """The Content-Type header, empty when there was none."""

    def text(self, source: Source, kind: MarkupKind = "html") -> str:
        """Return it as text.

        Raises:
            DecodeError: It is none.
        """
        return decode(self.body, content_type=self.content_type, override=source.encoding, kind=kind).text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one answer says of a list."""

    rows: tuple[Row, ...] = ()
    """In the order of the list; links are still relative."""
    base: str = ""
    """Address that the links are relative to; empty for that of the answer."""
    needs: tuple[Ask, ...] = ()
    """What is to be asked for before this page of the list is whole."""
    following: Ask | None = None
    """The next page of the list; None when there is none, or none that can be asked for."""
    degraded: str = ""
    """Why the list was read in another way than its source says, in one sentence; empty when it was not."""


class Dialect(Protocol):
    """How the sites of one content management system give their lists. Pure: may run in any thread."""

    def first(self, source: Source) -> Ask:
        """Return what is asked for first: the list itself where the source's params suffice, else its column page."""
        ...

    def read(self, source: Source, ask: Ask, page: Page) -> Reading:
        """Read one answer.

        Returns:
            Rows, or what is needed to get them. Neither means a list that is there and empty.

        Raises:
            ParseError: The answer is not what was asked for; only DecodeError and ListParseError are raised, whatever
                the bytes.
        """
        ...

    def recognise(self, url: str, text: str) -> Mapping[str, str] | None:
        """Return the params with which a source of this dialect needs no discovery; None when a page is of another.

        Args:
            url: Address of the page after redirects.
            text: The page, decoded.
        """
        ...
