"""Feeds of every kind, and what is said when there is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import feedparser
import pytest

from core.errors import DecodeError, FeedParseError, ParseError
from core.hashing import body_hash
from core.item import DateOrigin, DatePrecision
from crawler.lists import feed

if TYPE_CHECKING:
    from tests.unit.crawler.lists.conftest import Read

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>示例</title><link>https://news.example.com/</link><ttl>15</ttl>
<item>
  <title><![CDATA[ 某市发布<b>元宇宙</b>行动计划 &amp; 清单 ]]></title>
  <link> https://news.example.com/a/1?x=1&amp;y=2
  </link>
  <guid isPermaLink="false">a-1</guid>
  <pubDate>Thu, 15 Jun 2023 18:30:00 +0800</pubDate>
  <dc:creator>记者甲</dc:creator>
  <description>&lt;p&gt;摘要第一段&lt;/p&gt;&lt;p&gt;第二段&amp;nbsp;完&lt;/p&gt;</description>
  <content:encoded><![CDATA[<p>正文第一段</p><p>正文第二段<script>x()</script></p>]]></content:encoded>
</item>
<item><title>无日期</title><link>b/2.html</link></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://cdn.example.com/blog/">
<title>t</title><id>tag:example.com,2023:feed</id><updated>2023-06-15T10:00:00Z</updated>
<entry><title type="html">Sandbox &amp;lt;b&amp;gt;rules&amp;lt;/b&amp;gt;</title><link rel="alternate" href="posts/1"/>
<id>tag:example.com,2023:1</id><updated>2023-06-16T00:00:00Z</updated><published>2023-06-15T10:30:00Z</published>
<summary>Short</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><p>Two</p></div></content>
<author><name>Ann</name></author></entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="https://example.com/"><title>t</title><link>https://example.com/</link>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>
<item rdf:about="https://example.com/1"><title>甲</title><link>https://example.com/1</link><dc:date>2023-06-15T18:30+08:00</dc:date></item>
</rdf:RDF>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "t",
    "items": [
        {
            "id": 7,
            "url": "/p/7",
            "title": "Seven",
            "content_html": "<p>Body</p>",
            "summary": "Sum",
            "date_published": "2023-06-15T18:30:00+08:00",
            "authors": [{"name": "Ann"}, {"name": "Bob"}, "junk"],
        },
        {"id": "8", "external_url": "https://other.example/8", "content_text": "First line.\nMore.", "title": None},
        "junk",
    ],
}
PUBLISHED = datetime(2023, 6, 15, 10, 30, tzinfo=UTC)


def test_rss_is_read_whole(read_feed_list: Read) -> None:
    """An RSS item gives a clean title and link, guid, author, time, summary and text."""
    listing = read_feed_list(RSS)
    first, second = listing.entries
    assert first.title == "某市发布元宇宙行动计划 & 清单"
    assert first.url == "https://news.example.com/a/1?x=1&y=2"
    assert (first.guid, first.author) == ("a-1", "记者甲")
    assert first.summary == "摘要第一段\n第二段 完"
    assert first.text == "正文第一段\n正文第二段"
    assert first.published is not None
    assert (first.published.at, first.published.origin) == (PUBLISHED, DateOrigin.LIST)
    assert first.published.raw == "Thu, 15 Jun 2023 18:30:00 +0800"
    assert (second.url, second.guid) == ("https://news.example.com/feed/b/2.html", None)
    assert second.published is None
    assert (listing.ttl, listing.skipped) == (timedelta(minutes=15), 0)
    assert listing.body_hash == body_hash(RSS.encode())


def test_atom_is_read_whole(read_feed_list: Read) -> None:
    """An Atom entry takes its published time before its update, its content as text, and xml:base for its link."""
    entry = read_feed_list(ATOM).entries[0]
    assert entry.title == "Sandbox rules"
    assert entry.url == "https://cdn.example.com/blog/posts/1"
    assert entry.guid == "tag:example.com,2023:1"
    assert (entry.summary, entry.text, entry.author) == ("Short", "One\nTwo", "Ann")
    assert entry.published is not None
    assert entry.published.at == PUBLISHED


def test_rdf_is_read(read_feed_list: Read) -> None:
    """RSS 1.0 gives entries with the date of Dublin Core, and its update period as the wait."""
    listing = read_feed_list(RDF)
    assert [entry.title for entry in listing.entries] == ["甲"]
    assert listing.entries[0].published is not None
    assert listing.entries[0].published.at == PUBLISHED
    assert listing.ttl == timedelta(hours=6)


def test_json_feed_is_read(read_feed_list: Read) -> None:
    """JSON Feed gives the same entries; an item without a title takes the beginning of its text."""
    first, second = read_feed_list(json.dumps(JSON_FEED)).entries
    assert (first.url, first.guid, first.title) == ("https://news.example.com/p/7", "7", "Seven")
    assert (first.text, first.summary, first.author) == ("Body", "Sum", "Ann, Bob")
    assert first.published is not None
    assert first.published.at == PUBLISHED
    assert (second.url, second.title) == ("https://other.example/8", "First line.")


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030"])
def test_native_bytes_are_read(read_feed_list: Read, charset: str) -> None:
    """A feed in a GB charset, declared or mislabelled as UTF-8, comes out in Chinese."""
    for declared in (charset, "UTF-8"):
        body = RSS.replace("UTF-8", declared, 1).encode(charset)
        assert read_feed_list(body).entries[0].title == "某市发布元宇宙行动计划 & 清单"
        assert read_feed_list(body, encoding=charset).entries[0].summary.startswith("摘要第一段")


def test_a_chinese_date_without_zone_is_local(read_feed_list: Read) -> None:
    """A naive date of a feed is read in the source's zone, not as UTC."""
    body = RSS.replace("Thu, 15 Jun 2023 18:30:00 +0800", "2023年6月15日 18:30")
    published = read_feed_list(body).entries[0].published
    assert published is not None
    assert (published.at, published.precision) == (PUBLISHED, DatePrecision.MINUTE)


def test_a_date_only_the_library_knows(read_feed_list: Read) -> None:
    """What our grammar does not read is taken from feedparser, in UTC, when it is plausible."""
    greek = RSS.replace("Thu, 15 Jun 2023 18:30:00 +0800", "Πεμ, 15 Ιούν 2023 10:30:00 GMT")
    published = read_feed_list(greek).entries[0].published
    assert published is not None
    assert published.at == PUBLISHED
    ancient = RSS.replace("Thu, 15 Jun 2023 18:30:00 +0800", "Thu, 01 Jan 1970 08:00:00 +0800")
    assert read_feed_list(ancient).entries[0].published is None


@pytest.mark.parametrize(
    "body",
    [
        "\n\n" + RSS,
        "<br />\n<b>Warning</b>: something in <b>x.php</b> on line 3<br />\n" + RSS,
        RSS.replace("</channel></rss>", ""),
        RSS.replace("&amp;y", "&y"),
        RSS.replace("发布", "发\x01布").replace("摘要", "摘\x02要"),
        RSS.replace('<?xml version="1.0" encoding="UTF-8"?>', "<!-- feed -->"),
        RSS.replace("<channel>", "<channel><itunes:subtitle>x</itunes:subtitle>"),
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">' + RSS[39:],
        '<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>' + RSS[39:] + "</body></html>",
    ],
)
def test_ill_formed_feeds_are_read(read_feed_list: Read, body: str) -> None:
    """Stray words in front, a missing end, bare ampersands, control characters: the items are found all the same."""
    entries = read_feed_list(body).entries
    assert len(entries) == 2
    assert entries[0].title == "某市发布元宇宙行动计划 & 清单"
    assert entries[0].url == "https://news.example.com/a/1?x=1&y=2"


def test_an_empty_feed_is_a_feed(read_feed_list: Read) -> None:
    """A valid feed without items is a listing without entries."""
    assert read_feed_list("<rss version='2.0'><channel><title>t</title></channel></rss>").entries == ()
    assert read_feed_list('{"version": "https://jsonfeed.org/version/1", "items": []}').entries == ()


def test_items_without_title_and_link_are_counted(read_feed_list: Read) -> None:
    """An item that says nothing is left out and counted."""
    body = "<rss version='2.0'><channel><item><author>x</author></item><item><link>http://a.cn/1</link></item></channel></rss>"
    listing = read_feed_list(body)
    assert ([entry.url for entry in listing.entries], listing.skipped) == (["http://a.cn/1"], 1)


def test_a_guid_that_is_an_address_is_the_link(read_feed_list: Read) -> None:
    """An item with a permalink guid and no link leads to the guid; a relative guid is kept as it is."""
    item = "<item><title>t</title><guid{}>{}</guid></item>"
    body = f"<rss version='2.0'><channel>{item.format('', 'https://a.cn/1')}{item.format('', 'x2')}</channel></rss>"
    first, second = read_feed_list(body).entries
    assert (first.url, first.guid) == ("https://a.cn/1", "https://a.cn/1")
    assert second.guid == "x2"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "an empty body"),
        ("<!-- nothing -->", "markup without an element"),
        ("just words", "plain text"),
        ("<!DOCTYPE html><html><head><title>首页 - 某站</title></head></html>", "an HTML page titled “首页 - 某站”"),
        ("<div>x</div>", "an HTML page"),
        ("<opml version='2.0'><body/></opml>", "OPML, a list of feeds"),
        ("<?xml version='1.0'?><urlset/>", "a sitemap"),
        ("<note><to>x</to></note>", "XML whose root element is <note>"),
        ('{"code": 500, "message": "内部错误"}', "JSON that says “内部错误”"),
        ('{"error": {"message": "no such route"}}', "JSON that says “no such route”"),
        ("[1, 2]", "JSON of another shape"),
        ("{broken", "broken JSON"),
        (
            "<rss version='2.0'><channel><item><title>Bridge returned error 404!</title></item></channel></rss>",
            "RSS-Bridge reports a failure: Bridge returned error 404!",
        ),
    ],
)
def test_what_is_no_feed_is_named(read_feed_list: Read, body: str, said: str) -> None:
    """What comes in place of a feed is a typed error that says what it is, and of which source."""
    with pytest.raises(FeedParseError) as caught:
        read_feed_list(body)
    assert said in str(caught.value)
    assert (caught.value.source_id, caught.value.url) == ("example", "https://news.example.com/feed/list.xml")


def test_entities_of_its_own_are_refused(read_feed_list: Read) -> None:
    """A feed that declares entities is refused before anything expands them; the words in an article are none."""
    bomb = "<!DOCTYPE rss [<!ENTITY a 'lol'><!ENTITY b '&a;&a;'>]>" + RSS[39:]
    with pytest.raises(FeedParseError, match="entities"):
        read_feed_list(bomb)
    assert read_feed_list(RSS.replace("正文第一段", "How &lt;!ENTITY works")).entries
    assert read_feed_list(RSS.replace("<p>正文第一段", "<p>How <!ENTITY works")).entries


def test_items_that_cannot_be_read_are_an_error(read_feed_list: Read) -> None:
    """Broken XML that mentions items, of which none can be read, is a fault and no empty feed."""
    with pytest.raises(FeedParseError, match="no item can be read"):
        read_feed_list("<rss version='2.0'><channel><!-- <item> </channel></rss>")


def test_sizes_are_bounded(read_feed_list: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body above the bound is refused unparsed."""
    monkeypatch.setattr(feed, "MAX_BYTES", 100)
    with pytest.raises(FeedParseError, match="more than the 100"):
        read_feed_list(RSS)


def test_binary_is_a_decode_error(read_feed_list: Read) -> None:
    """Bytes that are no text keep their own error."""
    with pytest.raises(DecodeError):
        read_feed_list(b"\x1f\x8b\x08\x00rest")


def test_whatever_the_library_raises_is_a_parse_error(read_feed_list: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of the feed library on one feed is that feed's parse error."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("we should not get here!")

    monkeypatch.setattr(feedparser, "parse", fail)
    with pytest.raises(FeedParseError, match="AssertionError: we should not"):
        read_feed_list(RSS)


@pytest.mark.parametrize("date", ["0000-01-01", "9999-12-31T23:59:60-12:00"])
def test_dates_out_of_range_are_none(read_feed_list: Read, date: str) -> None:
    """Years that the library reads and the calendar does not have are no date."""
    body = RSS.replace("Thu, 15 Jun 2023 18:30:00 +0800", date)
    assert read_feed_list(body).entries[0].published is None


def test_deep_nesting_is_survived(read_feed_list: Read) -> None:
    """Ten thousand nested elements end in a listing or a parse error."""
    try:
        read_feed_list("<rss version='2.0'><channel><item><description>" + "<div>" * 10_000 + "x")
        read_feed_list('{"version": "jsonfeed.org", "items": ' + "[" * 100_000)
    except ParseError:
        pass


@pytest.mark.parametrize(
    ("channel", "ttl"),
    [
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl>999999</ttl>", timedelta(days=7)),
        ("<ttl>0</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", timedelta(minutes=30)),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", timedelta(days=7)),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("", None),
    ],
)
def test_the_asked_wait(read_feed_list: Read, channel: str, ttl: timedelta | None) -> None:
    """`ttl` in minutes, else the update period by its frequency, at most a week; nonsense asks for nothing."""
    head = '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>t</title>'
    assert read_feed_list(f"{head}{channel}</channel></rss>").ttl == ttl


@pytest.mark.parametrize(
    ("channel", "hours", "weekdays"),
    [
        ("<skipHours><hour>0</hour><hour> 24 </hour><hour>5</hour></skipHours>", {0, 5}, set()),
        ("<skipDays><day>Saturday</day>\n<day>sunday</day><day>Someday</day></skipDays>", set(), {5, 6}),
        ("<SKIPHOURS><HOUR>7</HOUR></SKIPHOURS><skipDays><day>Monday</day></skipDays>", {7}, {0}),
    ],
)
def test_hours_and_days_to_be_left_alone(
    read_feed_list: Read, channel: str, hours: set[int], weekdays: set[int]
) -> None:
    """`skipHours` (0 to 23, and the 24 of old feeds) and `skipDays` of the channel are read."""
    closed = read_feed_list(f'<rss version="2.0"><channel><title>t</title>{channel}</channel></rss>').closed
    assert closed is not None
    assert (set(closed.hours), set(closed.weekdays)) == (hours, weekdays)


@pytest.mark.parametrize(
    "channel",
    [
        "",
        "<skipHours></skipHours><skipDays><day>Never</day></skipDays>",
        "<item><title>a</title><skipHours><hour>3</hour></skipHours></item>",
        "<skipHours><hour>3</hour>",
    ],
)
def test_nothing_asked_leaves_no_hour_out(read_feed_list: Read, channel: str) -> None:
    """Empty, unknown or unfinished lists, and those within items, ask for nothing."""
    assert read_feed_list(f'<rss version="2.0"><channel><title>t</title>{channel}</channel></rss>').closed is None
