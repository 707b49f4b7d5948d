"""Every captured feed is read to what its manifest says is in it, or refused with the right words."""

from __future__ import annotations

import csv
import functools
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.errors import FeedParseError
from core.source import JsonPaths, Source, SourceId, SourceKind, Voice
from crawler.answers import Expected, classify_answer
from crawler.lists import parse_list
from crawler.plausibility import chinese_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.listing import Listing

FEEDS = Path(__file__).parents[3] / "shared" / "captures" / "feeds"
pytestmark = [
    pytest.mark.captures,
    pytest.mark.skipif(not FEEDS.is_dir(), reason=f"the captured feeds are not at {FEEDS}"),
]
NOW = datetime(2026, 11, 25, tzinfo=UTC)
URL = "https://feeds.example.com/rss"

NO_FEEDS = {
    "illformed_fp_rss-empty-document.xml": "markup without an element",
    "illformed_mf_iso88591-utf8-mismatch.xml": "XML whose root element is <note>",
    "news60s_20260820.json": "JSON that says",
    "rp_unrecognized-rss.xml": "an HTML page titled “Document Moved”",
}
"""What is no feed, and what must be said of it."""
SAYS_NOTHING = {
    "illformed_fp_rss-incomplete-cdata.xml": 1,  # its one item breaks off inside the title's CDATA mark
    "rp_incomplete-fields-atom.xml": 1,  # an entry with an empty author and nothing else
    "rp_missing-fields-atom.xml": 1,  # an entry with an id that is no address and nothing else
    "zh_tech_techweb_2016.xml": 2,  # two advertising images without title, link and guid
}
"""Items that the manifest counts and that have neither a title nor a link: skipped, and counted as such."""
NO_DATES = {"zh_tech_techweb_2016.xml"}
"""Feeds whose first date in the manifest is the epoch's zero, which is no date."""


def rows() -> list[dict[str, str]]:
    """Return the manifest; empty where there are no captures."""
    if not FEEDS.is_dir():
        return []
    with (FEEDS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def source(language: str) -> Source:
    """Return a feed source; UTC, because that is how the manifest's dates were read."""
    return Source(
        id=SourceId("captured"),
        name="captured",
        name_en="captured",
        kind=SourceKind.FEED,
        url=URL,
        group="press",
        voice=Voice.PRESS,
        language=language,
        zone="UTC",
    )


def read(row: Mapping[str, str]) -> Listing:
    """Read one captured feed."""
    return read_file(row["file"], row["lang"])


@functools.cache
def read_file(name: str, language: str) -> Listing:
    """Read one captured feed, once for all tests."""
    return parse_list(source(language), (FEEDS / name).read_bytes(), url=URL, content_type="", now=NOW)


ROWS = rows()
READABLE = [pytest.param(row, id=row["file"]) for row in ROWS if row["file"] not in NO_FEEDS]


@pytest.mark.parametrize("row", READABLE)
def test_items_are_what_the_manifest_counts(row: Mapping[str, str]) -> None:
    """As many items as feedparser finds, less those that say nothing, which are counted as skipped."""
    listing = read(row)
    skipped = SAYS_NOTHING.get(row["file"], 0)
    expected = int(row["items_feedparser"] or 48)  # the one JSON Feed, which the manifest does not count
    assert (len(listing.entries), listing.skipped) == (expected - skipped, skipped)


@pytest.mark.parametrize("row", READABLE)
def test_words_are_read_right(row: Mapping[str, str]) -> None:
    """No replacement character, no markup, no entity is left in titles; Chinese feeds are Chinese."""
    entries = read(row).entries
    for entry in entries:
        assert "\ufffd" not in entry.title + entry.summary + entry.text
        assert not {"<p", "<br", "&amp;", "&lt;", "&nbsp;", "&#", "]]>"} & {entry.title}
        assert "\n" not in entry.title
    if row["lang"].startswith("zh") and entries:
        words = "".join(entry.title + entry.summary + entry.text for entry in entries)
        assert chinese_share(words) > 0.93


@pytest.mark.parametrize("row", READABLE)
def test_titles_and_addresses_are_there(row: Mapping[str, str]) -> None:
    """Every entry has an absolute address and a title, but for two feeds of one item that lack one of them."""
    entries = read(row).entries
    if row["file"].startswith("illformed"):
        assert all(entry.title or entry.url for entry in entries)
        return
    assert all(entry.title for entry in entries)
    assert all(entry.url.startswith(("http://", "https://")) for entry in entries)


@pytest.mark.parametrize("row", READABLE)
def test_first_and_last_dates_agree(row: Mapping[str, str]) -> None:
    """The oldest and the newest publish time are on the days of the manifest."""
    days = sorted(entry.published.at.date().isoformat() for entry in read(row).entries if entry.published)
    if row["file"] in NO_DATES:
        assert days[-1] == row["last_date"]
        assert days[0] > "2016-10-01"
    elif row["first_date"]:
        assert (days[0], days[-1]) == (row["first_date"], row["last_date"])


@pytest.mark.parametrize("row", READABLE)
def test_identities_are_distinct(row: Mapping[str, str]) -> None:
    """Within a feed, guids are distinct, and so are addresses of entries without a guid."""
    entries = read(row).entries
    guids = [entry.guid for entry in entries if entry.guid]
    urls = [entry.url for entry in entries if not entry.guid and entry.url]
    assert len(guids) == len(set(guids))
    assert len(urls) == len(set(urls))


@pytest.mark.parametrize("name", NO_FEEDS)
def test_what_is_no_feed_is_said(name: str) -> None:
    """Files that are no feed are a typed error that names what they are."""
    row = next(row for row in ROWS if row["file"] == name)
    with pytest.raises(FeedParseError, match=re.escape(NO_FEEDS[name])):
        read(row)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["file"]) for row in ROWS])
def test_answers_are_worth_parsing(row: Mapping[str, str]) -> None:
    """Every capture passes as an answer to a feed, but for the page in place of one."""
    body = (FEEDS / row["file"]).read_bytes()
    answer, _ = classify_answer(status=200, headers={}, body=body, url=URL, expected=Expected.FEED)
    assert answer == ("soft-404" if row["file"] == "rp_unrecognized-rss.xml" else "ok")


def test_charsets_are_those_of_the_manifest() -> None:
    """The GB and Big5 feeds come out the same when their declaration is taken away or falsified."""
    for row in ROWS:
        if not row["file"].startswith(("gb2312_", "big5_")):
            continue
        body = (FEEDS / row["file"]).read_bytes()
        declared = row["encoding_declared"].encode()
        for claim in (b"utf-8", b"iso-8859-1"):
            lying = body.replace(declared, claim, 1)
            listing = parse_list(source("zh"), lying, url=URL, content_type="", now=NOW)
            assert [entry.title for entry in listing.entries] == [entry.title for entry in read(row).entries]


def test_two_polls_of_one_feed_share_most_entries() -> None:
    """Of two polls on one day, entries that are in both have one identity and the same words."""
    earlier, later = (
        {entry.guid: entry for entry in read(row).entries}
        for row in sorted(ROWS, key=lambda row: row["file"], reverse=True)
        if row["file"].startswith("crypto_cointelegraph")
    )
    both = earlier.keys() & later.keys()
    assert 0 < len(both) < len(later)
    assert [earlier[guid].title for guid in both] == [later[guid].title for guid in both]
    assert all(earlier[guid].url == later[guid].url for guid in both)


def test_waits_are_read() -> None:
    """Feeds that ask for a wait are heard."""
    waits = {row["file"]: read(row).ttl for row in ROWS if row["file"].startswith("zh_tech_geek")}
    assert waits == {"zh_tech_geekfan_2016.xml": timedelta(hours=1), "zh_tech_geekpark_2016.xml": timedelta(minutes=10)}


def test_the_json_digest_is_read_by_paths() -> None:
    """The one JSON file that is no feed gives its rows to a source with paths."""
    paths = JsonPaths(rows="data.news[*]", title="$")
    of = Source(
        id=SourceId("digest"),
        name="digest",
        name_en="digest",
        kind=SourceKind.JSON,
        url=URL,
        group="press",
        voice=Voice.PRESS,
        paths=paths,
    )
    body = (FEEDS / "news60s_20260820.json").read_bytes()
    listing = parse_list(of, body, url=URL, content_type="application/json", now=NOW)
    assert len(listing.entries) > 10
    assert all(chinese_share(entry.title) > 0.9 for entry in listing.entries)
