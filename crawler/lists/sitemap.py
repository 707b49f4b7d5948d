"""Rows of XML sitemaps and their indexes (https://www.sitemaps.org/protocol.html), Google News' extension included."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree

from core.errors import ListParseError
from crawler.decode import decode
from crawler.lists import sniff
from crawler.lists.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 20_000_000
"""Largest sitemap that is unpacked; the protocol allows 50 MB, but those of news hold a thousand addresses at most."""
MAX_ROWS = 50_000
"""The protocol's own bound."""
_GZIP = b"\x1f\x8b"
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_SLUG_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap says."""

    rows: tuple[Row, ...]
    """Of a `urlset`, newest first where all have a date; empty for an index."""
    children: tuple[str, ...]
    """Addresses of an index's sitemaps, the last changed first; those without a date come last, from the end."""


def read_sitemap(body: bytes, *, content_type: str, override: str, url: str) -> Sitemap:
    """Read a sitemap or a sitemap index, plain or gzipped.

    Raises:
        DecodeError: The bytes are no text.
        ListParseError: It is no sitemap, declares entities, or is too large once unpacked.
    """
    text = decode(unpacked(body, url), content_type=content_type, override=override, kind="xml").text
    if _ENTITY.search(text, 0, 4_000):
        raise ListParseError("refused: the sitemap declares entities of its own", url=url)
    root = _parse(text)
    name = _name(root) if root is not None else ""
    if root is None or name not in ("urlset", "sitemapindex"):
        raise ListParseError(f"not a sitemap but {sniff.describe(text)}", url=url)
    if name == "sitemapindex":
        return Sitemap(rows=(), children=_newest(root))
    rows = [row for element in _children(root, "url") if (row := _row(element)).link][:MAX_ROWS]
    return Sitemap(rows=tuple(_newest_first(rows)), children=())


def unpacked(body: bytes, url: str) -> bytes:
    """Return a body without the gzip around it.

    Raises:
        ListParseError: The gzip is broken, or holds more than `MAX_BYTES`.
    """
    if not body.startswith(_GZIP):
        return body
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise ListParseError(f"a broken gzip file: {error}", url=url) from error
    if len(plain) > MAX_BYTES:
        raise ListParseError(f"more than {MAX_BYTES} bytes once unpacked", url=url)
    return plain


def _parse(text: str) -> etree._Element | None:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(text.strip().encode("utf-8", "replace"), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _newest(root: etree._Element) -> tuple[str, ...]:
    found = [(_words(child, "lastmod"), _words(child, "loc")) for child in _children(root, "sitemap")]
    dated = sorted((pair for pair in found if pair[0]), reverse=True)
    undated = [pair for pair in reversed(found) if not pair[0]]
    return tuple(dict.fromkeys(loc for _, loc in [*dated, *undated] if loc))


def _newest_first(rows: list[Row]) -> list[Row]:
    if all(row.date for row in rows):
        return sorted(rows, key=lambda row: row.date, reverse=True)
    return rows


def _row(element: etree._Element) -> Row:
    news = next(_children(element, "news"), None)
    link = _words(element, "loc")
    title = _words(news, "title") if news is not None else ""
    date = _words(news, "publication_date") if news is not None else ""
    return Row(title=title or title_of_address(link), link=link, date=date or _words(element, "lastmod"))


def title_of_address(url: str) -> str:
    """Return a title for an address without one: the words of its last part, marked as incomplete by an ellipsis.

    The page's own title then goes before it, as before every title that was cut off.
    """
    try:
        place = urlsplit(url)
    except ValueError:
        return ""
    last = next((part for part in reversed(place.path.split("/")) if part), "")
    slug = _SLUG_ENDING.sub("", unquote(last))
    words = " ".join(re.split(r"[-_+\s]+", slug)).strip()
    return f"{words if _WORDS.search(words) else place.netloc + place.path}…"


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _name(child) == name)


def _words(element: etree._Element, name: str) -> str:
    found = next(_children(element, name), None)
    return " ".join("".join(str(part) for part in found.itertext()).split()) if found is not None else ""


def _name(element: etree._Element) -> str:
    try:
        tag = str(element.tag)  # of a comment it is the name of a function
    except UnicodeDecodeError:  # the lenient parser lets half a character into a name
        return ""
    return tag.rpartition("}")[2].lower()
