"""Whatever bytes come, parsers end in values or typed errors, and keep their promises about both."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from core.diff import diff_texts
from core.errors import DecodeError, ParseError
from core.outcome import Answer
from core.source import JsonPaths, RowSelectors, SourceKind
from core.wording import says_the_same
from crawler.answers import Expected
from crawler.dates import date_from_url, find_date, parse_date
from crawler.decode import decode
from crawler.files.reading import read_file
from crawler.lists import parse_list
from crawler.pages.extractor import PageExtractor
from crawler.reading import Received, classify, read_list, read_page, read_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from core.item import Article, Entry, Published
    from core.source import Source

    Fuzz = Callable[[Callable[[Any], None], st.SearchStrategy[Any]], None]
    Hostile = Callable[[Sequence[bytes]], st.SearchStrategy[bytes]]
    Corpus = Callable[..., list[bytes]]

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
URL = "https://www.a.example/zwgk/list.html"


def is_sound_time(published: Published | None) -> bool:
    """Whether a publish time is none, or an aware one in UTC."""
    return published is None or published.at.utcoffset() == timedelta(0)


def check_entries(entries: Sequence[Entry]) -> None:
    """Check what every entry promises: a title on one line, or at least something to know it by; a sound time."""
    for entry in entries:
        assert entry.title == " ".join(entry.title.split())
        assert entry.title or entry.url or entry.guid
        assert is_sound_time(entry.published)


def check_article(article: Article) -> None:
    """Check what every article promises: a title on one line, clean text, a sound time."""
    assert "\n" not in article.title
    assert article.title.strip() == article.title
    assert is_sound_time(article.published)
    article.text.encode()
    assert len(article.text) <= 400_000


@pytest.fixture
def source(make_source: Callable[..., Source]) -> Callable[..., Source]:
    """Maker of sources at `URL`."""
    return lambda **fields: make_source(url=URL, **fields)


LISTS: dict[str, dict[str, Any]] = {
    "feed": {"kind": SourceKind.FEED},
    "json": {
        "kind": SourceKind.JSON,
        "paths": JsonPaths(rows="data.list[*]", title="title", link="url", date="time"),
    },
    "listing": {"kind": SourceKind.LISTING},
    "selectors": {"kind": SourceKind.LISTING, "rows": RowSelectors(row="li, tr", date="span")},
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_end_in_entries_or_a_parse_error(
    name: str, source: Callable[..., Source], fuzz: Fuzz, hostile: Hostile, corpus: Corpus
) -> None:
    """Feeds, JSON and HTML lists, by detection and by selectors."""
    own = source(**LISTS[name])
    some = corpus("fuzz", f"{name}-*") or corpus("lists")

    def check(body: bytes) -> None:
        with suppress(ParseError):
            check_entries(parse_list(own, body, url=URL, content_type="text/html", now=NOW).entries)

    fuzz(check, hostile(some))


@pytest.mark.parametrize("kind", list(SourceKind))
def test_answers_to_list_requests_are_told_apart(
    kind: SourceKind, source: Callable[..., Source], make_state: Any, fuzz: Fuzz, hostile: Hostile, corpus: Corpus
) -> None:
    """Whatever a server sends for a list of any kind, dialects included, has a class; only an OK has entries."""
    own = source(kind=kind, **({"paths": LISTS["json"]["paths"]} if kind is SourceKind.JSON else {}))
    some = [*corpus("fuzz", "*"), *corpus("sources", "*.*"), *corpus("lists")[:9]]
    state = make_state(source_id=own.id)

    def check(body: bytes) -> None:
        answer = Received(url=URL, status=200, headers={"content-type": "text/html"}, body=body)
        read = read_list(own, state, answer, expected=Expected.LISTING, now=NOW)
        if read.listing is not None:
            assert read.answer is Answer.OK
            check_entries(read.listing.entries)
        assert read.answer is not Answer.CRASHED
        assert read.answer is Answer.OK or read.detail

    fuzz(check, hostile(some))


def test_pages_end_in_an_article_or_a_parse_error(
    source: Callable[..., Source], make_entry: Any, clock: Any, fuzz: Fuzz, hostile: Hostile, corpus: Corpus
) -> None:
    """Of a source with an entry, and from nowhere."""
    extractor, own, entry = PageExtractor(clock), source(), make_entry()

    def check(body: bytes) -> None:
        for whose, listed in ((own, entry), (None, None)):
            with suppress(ParseError):
                check_article(extractor.extract(body, url=URL, content_type="", source=whose, entry=listed))

    fuzz(check, hostile(corpus("pages")))


def test_no_page_counts_as_our_own_fault(
    source: Callable[..., Source], make_entry: Any, clock: Any, fuzz: Fuzz, hostile: Hostile, corpus: Corpus
) -> None:
    """A poll always gets an article; no hostile page is put down to a crash of the extractor."""
    extractor, own, entry = PageExtractor(clock), source(), make_entry()

    def check(body: bytes) -> None:
        answer = Received(url=URL, status=200, headers={}, body=body)
        article = read_page(extractor, answer, source=own, entry=entry)
        assert article.page_problem is not Answer.CRASHED
        check_article(article)
        whole = read_whole(extractor, answer, source=own, entry=entry)
        assert len(whole.waiting) < 100

    fuzz(check, hostile(corpus("pages")))


STATUSES = st.sampled_from([200, 202, 204, 206, 304, 400, 403, 404, 410, 412, 418, 429, 500, 503, 521, 999])


def test_every_answer_has_a_class(fuzz: Fuzz, hostile: Hostile, corpus: Corpus) -> None:
    """Of any status, headers and body; a class that is no success has a sentence."""
    headers = st.dictionaries(
        st.sampled_from(["content-type", "set-cookie", "server", "cf-mitigated", "retry-after", "location"]),
        st.text(max_size=40),
    )

    def check(example: tuple[int, dict[str, str], bytes, Expected]) -> None:
        status, fields, body, expected = example
        answer, detail = classify(Received(url=URL, status=status, headers=fields, body=body), expected)
        assert answer in (Answer.OK, Answer.NOT_MODIFIED) or detail
        assert answer is not Answer.CRASHED

    bodies = hostile([*corpus("pages"), *corpus("fuzz", "*")])
    fuzz(check, st.tuples(STATUSES, headers, bodies, st.sampled_from(list(Expected))))


CHARSETS = st.one_of(
    st.sampled_from(
        ["", "text/html", "text/html; charset=gb2312", "charset=utf-16", 'x; charset="', "; charset=base64"]
    ),
    st.text(max_size=30),
)


def test_bytes_are_text_or_a_decode_error(fuzz: Fuzz, hostile: Hostile, corpus: Corpus) -> None:
    """Whatever charset is claimed; text has no half surrogate pairs."""

    def check(example: tuple[bytes, str, str]) -> None:
        body, content_type, override = example
        with suppress(DecodeError):
            decode(body, content_type=content_type, override=override).text.encode()

    overrides = st.sampled_from(["", "gb18030", "big5", "utf-8"])
    fuzz(check, st.tuples(hostile(corpus("pages")), CHARSETS, overrides))


WORDS_OF_DATES = (
    "2023 ２０２３ 二〇二三 年 6 六 十 月 15 三十一 日 - / . T : 09:30 +08:00 Z GMT 昨天 前天 今天 3 小时前 分钟前 "
    "刚刚 Jun June 15th , 上午 下午 发布时间： 1686792600 1686792600000 99999999999999 0000 13 32 25:61 〔 〕 号"
)
PIECES = st.one_of(
    st.sampled_from(WORDS_OF_DATES.split(" ")),
    st.text(max_size=4),
)
ZONES = st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Asia/Kathmandu"])
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (in `timezones`)


def test_dates_are_read_or_not(fuzz: Fuzz) -> None:
    """Any text in any zone at any time gives an aware time in UTC or nothing; a found one is in the text."""

    def check(example: tuple[list[str], str, datetime]) -> None:
        pieces, zone, now = example
        text = "".join(pieces)
        for found in (parse_date(text, zone=zone, now=now), find_date(text, zone=zone, now=now)):
            if found is not None:
                assert found.at.utcoffset() == timedelta(0)
                found.at.astimezone(ZoneInfo(zone))
        dated = date_from_url(f"https://a.example/{text}", zone=zone)
        assert dated is None or dated.at.utcoffset() == timedelta(0)

    fuzz(check, st.tuples(st.lists(PIECES, max_size=12), ZONES, MOMENTS))


def test_files_are_read_or_marked(fuzz: Fuzz, hostile: Hostile) -> None:
    """Bytes that begin like a PDF or an archive never break the reader."""
    some = [
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]>>endobj\n",
        b"PK\x03\x04" + b"\x00" * 60 + b"word/document.xml",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500,
    ]

    def check(body: bytes) -> None:
        read_file(body).text.encode()

    fuzz(check, hostile(some))


def test_any_two_texts_can_be_compared(fuzz: Fuzz) -> None:
    """Their difference is empty when, and only when, they say the same by sentences; it never breaks."""
    words = st.lists(
        st.one_of(
            st.sampled_from(["甲方。", "乙1.5元；", "It is. ", "\n", "浏览次数：9", "大 中 小"]), st.text(max_size=6)
        )
    )

    def check(example: tuple[list[str], list[str]]) -> None:
        old, new = "".join(example[0]), "".join(example[1])
        assert diff_texts(old, old) == ()
        if says_the_same(old, new):
            assert all(change.before or change.after for change in diff_texts(old, new))

    fuzz(check, st.tuples(words, words))


REGRESSIONS: dict[str, bytes] = {
    "base that is no address": b"<base href='http://['><h1>title of it</h1><p>text of it</p><a href='a_2.html'>2</a>",
    "title cut at a space": b"<title>" + b"x" * 299 + b" yy</title><p>some text of the page</p>",
    "half a character in a name": b"<urlset\xed\xa0\x80><url/></urlset>",
}


@pytest.mark.parametrize("name", REGRESSIONS)
def test_what_broke_once_stays_mended(
    name: str, source: Callable[..., Source], make_entry: Any, make_state: Any, clock: Any
) -> None:
    """Findings of the long runs, in small."""
    answer = Received(url=URL, status=200, headers={"content-type": "text/html"}, body=REGRESSIONS[name])
    whole = read_whole(PageExtractor(clock), answer, source=source(), entry=make_entry())
    check_article(whole.article)
    for kind in (SourceKind.SITEMAP, SourceKind.LISTING):
        own = source(kind=kind)
        read_list(own, make_state(source_id=own.id), answer, expected=Expected.LISTING, now=NOW)
