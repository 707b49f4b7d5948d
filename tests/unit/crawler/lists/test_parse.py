"""Any bytes at all, for every kind of list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ParseError
from core.source import JsonPaths, RowSelectors

if TYPE_CHECKING:
    from core.listing import Listing
    from tests.unit.crawler.lists.conftest import Read, ReadHtml, ReadJson

FEED = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE rss><rss version="2.0" xml:base="https://a.cn/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>t</title><ttl>5</ttl>
<item><title>甲 &amp;amp; <b>乙</b></title><link>/1</link><guid>1</guid>
<pubDate>Thu, 15 Jun 2023 10:00:00 GMT</pubDate>
<description><![CDATA[<p>摘要<img src='x'></p>]]></description>
<content:encoded>&lt;p&gt;文&lt;/p&gt;</content:encoded></item>
<item><title>丙</title><link>http://[::1</link><pubDate>3分钟前</pubDate></item></channel></rss>""".encode()
JSON = json.dumps({"data": {"rows": [{"t": "甲", "u": "/1", "d": 1686825000}, {"t": ["x"], "u": None}]}}).encode()
HTML = b"""<html><meta charset=gbk><ul><li><a href='/1' title='t'>x...</a><i>06-15</i></li><li><a href='//['>y</a></li>
</ul>"""
PATHS = JsonPaths(
    rows="data.rows", title="t | u", link="u", date="d", link_template="https://a.cn/{t}", title_pattern="(.)"
)
ROWS = RowSelectors(row="li", date="i", summary="i")


@st.composite
def mutated(draw: st.DrawFn, body: bytes) -> bytes:
    """Return a body with a few pieces cut out, doubled, or overwritten."""
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 40)))
        piece = draw(
            st.sampled_from(
                [
                    b"",
                    body[start:end] * 2,
                    b"<",
                    b"&",
                    b"]]>",
                    b"\xff\xfe",
                    b"\x00",
                    b"\\ud800",
                    b"&#xd800;",
                    b'"',
                    b"<![CDATA[",
                ]
            )
        )
        body = body[:start] + piece + body[end:]
    return body


def bodies(body: bytes) -> st.SearchStrategy[bytes]:
    """Return random bytes, random text, and mutations of a body."""
    return (
        st.binary(max_size=200)
        | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))
        | mutated(body)
    )


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def outcome(read: Read, body: bytes) -> tuple[Listing | None, ParseError | None]:
    """Return the listing or the one kind of error that may be."""
    try:
        return read(body), None
    except ParseError as error:
        return None, error


def check(read: Read, body: bytes) -> None:
    """Read a list, and look at what must hold of every entry."""
    listing, error = outcome(read, body)
    if error:
        assert str(error).encode()
        assert error.source_id == "example"
    for entry in listing.entries if listing else ():
        assert entry.title or entry.url
        assert "\n" not in entry.title
        assert "".join((entry.title, entry.url, entry.guid or "", entry.summary, entry.text, entry.author)).encode()
        assert entry.url[:4] in ("", "http")
        if entry.published:
            assert entry.published.at.utcoffset() is not None
            assert entry.published.raw.encode()


@unhurried
@given(bodies(FEED))
def test_feeds_raise_parse_errors_only(read_feed_list: Read, body: bytes) -> None:
    """Random bytes and mutated feeds are read or refused with a typed error of the source."""
    check(read_feed_list, body)


@unhurried
@given(bodies(JSON))
def test_json_lists_raise_parse_errors_only(json_reader: ReadJson, body: bytes) -> None:
    """Random bytes and mutated JSON are read or refused with a typed error of the source."""
    check(json_reader(PATHS), body)


@unhurried
@given(bodies(HTML))
def test_html_lists_raise_parse_errors_only(html_reader: ReadHtml, body: bytes) -> None:
    """Random bytes and mutated pages are read or refused with a typed error of the source."""
    check(html_reader(ROWS), body)


@pytest.mark.parametrize(
    "repeated", [b"<item>", b"<!--", b"<![CDATA[", b"&#1;", b"<rss ", b"<?xml ", b"<a ", b"&", b"{", b"<!DOCTYPE "]
)
def test_long_noise_is_read_in_seconds(read_feed_list: Read, html_reader: ReadHtml, repeated: bytes) -> None:
    """Half a megabyte of one fragment makes no parser slow: the test's own time limit would end it."""
    noise = repeated * (200_000 // len(repeated))
    check(read_feed_list, b"<rss version='2.0'><channel>" + noise)
    check(read_feed_list, noise)
    check(html_reader(ROWS), noise)
