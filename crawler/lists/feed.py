"""Feeds of every kind: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed; and what is said when there is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.errors import FeedParseError, ListParseError
from crawler.decode import decode
from crawler.fields import plain_line
from crawler.lists import sniff
from crawler.lists.jsonfeed import is_json_feed, json_feed_rows
from crawler.lists.jsontext import parse_json
from crawler.lists.xmlfeed import XmlFeed, read_xml_feed

if TYPE_CHECKING:
    from crawler.lists.row import Row

MAX_BYTES = 20_000_000
"""Largest feed that is parsed; the largest captured one has 0.3 MB."""
_BRIDGE_ERROR = re.compile(r"Bridge (?:returned error|Error)|\w{1,40}Bridge (?:failed|was unable)", re.IGNORECASE)
"""Titles of the items by which RSS-Bridge reports its own failures."""


def read_feed(body: bytes, *, content_type: str, override: str, url: str) -> XmlFeed:
    """Read the rows of a feed.

    Raises:
        DecodeError: The bytes are no text.
        FeedParseError: It is no feed; the message says what it is. A feed without items is a feed.
    """
    if len(body) > MAX_BYTES:
        raise FeedParseError(f"a body of {len(body)} bytes, more than the {MAX_BYTES} that are parsed", url=url)
    text = decode(body, content_type=content_type, override=override, kind="xml").text
    feed = _read_json(text, url) if text.lstrip()[:1] in ("{", "[") else _read_xml(text, url)
    _refuse_bridge_errors(feed.rows, url)
    return feed


def _read_json(text: str, url: str) -> XmlFeed:
    try:
        document = parse_json(text, url=url)
    except ListParseError as error:
        raise FeedParseError(f"not a feed but {error}", url=url) from error
    if not is_json_feed(document) or not isinstance(document, dict):
        raise FeedParseError(f"not a feed but {sniff.describe(text)}", url=url)
    return XmlFeed(rows=tuple(json_feed_rows(document)), ttl=None)


def _read_xml(text: str, url: str) -> XmlFeed:
    if not sniff.is_feed_root(sniff.root_name(text)):
        start = sniff.feed_start(text)
        if start < 0:
            raise FeedParseError(f"not a feed but {sniff.describe(text)}", url=url)
        text = text[start:]
    return read_xml_feed(text, url=url)


def _refuse_bridge_errors(rows: tuple[Row, ...], url: str) -> None:
    """An RSS-Bridge error item is a failure of the source, never news."""
    if len(rows) == 1 and _BRIDGE_ERROR.match(rows[0].title):
        raise FeedParseError(f"RSS-Bridge reports a failure: {plain_line(rows[0].title)[:200]}", url=url)
