"""One answer becomes a list or an article, or says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.errors import DecodeError, ExtractionError
from core.hashing import body_hash
from core.item import Article, Attachment, BodyOrigin, DocumentFacts, PageMark
from core.outcome import Answer, Validators
from core.source import JsonPaths, RowSelectors, SourceKind
from crawler.answers import Expected
from crawler.pages.index_page import IndexPageError
from crawler.reading import Received, read_list, read_page, read_part, read_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.item import Entry
    from core.source import Source, SourceState

FEED = (
    "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>链闻</title>"
    "<item><title>某市发布区块链行动计划</title><link>https://lianwen.example/1</link></item></channel></rss>"
).encode()
PAGE = (
    "<html><body><h1>标题</h1><p>" + "某市政府办公厅印发行动计划，提出建设公共服务平台。" * 10 + "</p></body></html>"
).encode()


def answer(
    body: bytes = FEED, url: str = "https://lianwen.example/feed.xml", status: int = 200, **headers: str
) -> Received:
    """Return an answer; keywords are headers, with underscores for hyphens."""
    plain = {name.replace("_", "-"): value for name, value in headers.items()}
    return Received(url=url, status=status, headers=plain, body=body)


class Extractor:
    """Gives an article, or fails as told."""

    def __init__(self, result: Article | Exception) -> None:
        self._result = result

    def extract(
        self, body: bytes, *, url: str, content_type: str, source: Source | None, entry: Entry | None
    ) -> Article:
        """Return or raise what was given."""
        del body, url, content_type, source, entry
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


@pytest.fixture
def source(make_source: Callable[..., Source]) -> Source:
    """A feed."""
    return make_source()


def test_a_list_carries_validators_and_hash(
    source: Source, make_state: Callable[..., SourceState], now: datetime
) -> None:
    """What the next poll needs to ask conditionally comes with the list."""
    read = read_list(source, make_state(), answer(etag='"v1"'), expected=Expected.FEED, now=now)
    assert read.answer is Answer.OK
    assert read.listing is not None
    assert read.listing.validators == Validators(etag='"v1"')
    assert read.listing.body_hash == body_hash(FEED)
    assert [entry.title for entry in read.listing.entries] == ["某市发布区块链行动计划"]


def test_the_same_bytes_are_not_read_again(
    source: Source, make_state: Callable[..., SourceState], now: datetime
) -> None:
    """A remembered body is not modified, but only where the server calls it a success."""
    state = make_state(body_hash=body_hash(FEED))
    assert read_list(source, state, answer(), expected=Expected.FEED, now=now).answer is Answer.NOT_MODIFIED
    failing = read_list(source, state, answer(status=503), expected=Expected.FEED, now=now)
    assert failing.answer is Answer.HTTP_ERROR


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("https://lianwen.example/other.xml", ""),
        ("http://lianwen.example/feed.xml", "redirected from https to http"),
        ("https://new.example/feed.xml", "redirected to new.example"),
    ],
)
def test_where_a_list_came_from_is_noted(
    source: Source, make_state: Callable[..., SourceState], now: datetime, url: str, detail: str
) -> None:
    """Another host, or a lost TLS, is told with the list; another path is not."""
    assert read_list(source, make_state(), answer(url=url), expected=Expected.FEED, now=now).detail == detail


@pytest.mark.parametrize(
    ("kind", "body", "content_type", "expected"),
    [
        (SourceKind.FEED, b"<rss version='2.0'><channel><title>t</title></channel></rss>", "text/xml", Answer.EMPTY),
        (SourceKind.FEED, b"<opml version='2.0'><body/></opml>", "text/xml", Answer.PARSE),
        (SourceKind.JSON, b'{"code": 1, "rows": null}', "application/json", Answer.SELECTOR_BROKEN),
        (SourceKind.LISTING, PAGE, "text/html", Answer.SELECTOR_BROKEN),
    ],
)
def test_a_list_without_rows_says_why(
    make_source: Callable[..., Source],
    make_state: Callable[..., SourceState],
    now: datetime,
    kind: SourceKind,
    body: bytes,
    content_type: str,
    expected: Answer,
) -> None:
    """An empty feed, another format, and paths or selectors that find nothing are told apart."""
    paths, rows = JsonPaths(rows="data[*]", title="title", link="url"), RowSelectors(row="li.news")
    source = make_source(kind=kind, paths=paths, rows=rows)
    read = read_list(
        source, make_state(), answer(body, content_type=content_type), expected=Expected(kind.value), now=now
    )
    assert (read.answer, read.listing) == (expected, None)
    assert read.detail


def test_a_list_whose_rows_hold_nothing_is_not_empty(
    make_source: Callable[..., Source], make_state: Callable[..., SourceState], now: datetime
) -> None:
    """Rows without title and link mean that the paths lead nowhere, not that there is no news."""
    source = make_source(kind=SourceKind.JSON, paths=JsonPaths(rows="$[*]", title="TITLE", link="URL"))
    body = b'[{"v2_TITLE": "a", "v2_URL": "/1"}, {"v2_TITLE": "b", "v2_URL": "/2"}]'
    read = read_list(source, make_state(), answer(body), expected=Expected.JSON, now=now)
    assert (read.answer, read.detail) == (Answer.SELECTOR_BROKEN, "none of 2 rows has a title or a link")


def test_a_page_gives_its_article(
    source: Source, make_entry: Callable[..., Entry], make_article: Callable[..., Article]
) -> None:
    """What the extractor reads is what comes out."""
    article = make_article()
    assert read_page(Extractor(article), answer(PAGE), source=source, entry=make_entry()) is article


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (ExtractionError("no article"), Answer.PARSE),
        (DecodeError("no text"), Answer.DECODE),
        (RuntimeError("a bug"), Answer.CRASHED),
    ],
)
def test_a_page_without_an_article_gives_the_entrys(
    source: Source, make_entry: Callable[..., Entry], error: Exception, problem: Answer
) -> None:
    """Whatever the extractor fails with, the entry's words are kept, with the class of the fault."""
    entry = make_entry(summary="列表里的摘要")
    article = read_page(Extractor(error), answer(PAGE), source=source, entry=entry)
    assert (article.title, article.text, article.url) == (entry.title, "列表里的摘要", entry.url)
    assert (article.page_problem, article.body_origin) == (problem, BodyOrigin.LIST)


def test_a_refused_page_gives_the_entrys(
    source: Source, make_entry: Callable[..., Entry], make_article: Callable[..., Article]
) -> None:
    """A page that is none is not even shown to the extractor."""
    article = read_page(Extractor(make_article()), answer(PAGE, status=404), source=source, entry=make_entry())
    assert (article.page_problem, article.body_origin) == (Answer.GONE, BodyOrigin.NONE)


def test_an_index_in_place_of_an_article(source: Source, make_entry: Callable[..., Entry]) -> None:
    """A list that came in place of the article is no article, and has the class of pages that are not there."""
    article = read_page(Extractor(IndexPageError("a list")), answer(PAGE), source=source, entry=make_entry())
    assert article.page_problem is Answer.SOFT_404


SHELL = b"<html><head><title>x</title></head><body><div id='app'></div><script>var s = {}</script></body></html>"


@pytest.mark.parametrize(("text", "problem"), [("某市区块链行动计划。" * 50, None), ("页面不存在。", Answer.SOFT_404)])
def test_a_shell_that_carries_its_article(
    source: Source,
    make_entry: Callable[..., Entry],
    make_article: Callable[..., Article],
    text: str,
    problem: Answer | None,
) -> None:
    """What a page of scripts carries is believed when it is more than such a page can show."""
    article = read_page(Extractor(make_article(text=text)), answer(SHELL), source=source, entry=make_entry())
    assert article.page_problem is problem
    broken = read_page(Extractor(ExtractionError("none")), answer(SHELL), source=source, entry=make_entry())
    assert broken.page_problem is Answer.SOFT_404


def test_a_link_to_a_file(
    source: Source, make_entry: Callable[..., Entry], make_pdf: Callable[..., bytes], make_docx: Callable[..., bytes]
) -> None:
    """A file that a list links to is the article itself; one that is not read leaves the list's words and a mark."""
    url = "https://lianwen.example/20230614/plan.pdf"
    pdf = answer(make_pdf([["沪府办发〔2023〕10号", "某市区块链行动计划的全文。"]]), url=url)
    article = read_page(Extractor(ExtractionError("none")), pdf, source=source, entry=make_entry(published=None))
    assert article.text.endswith("某市区块链行动计划的全文。")
    assert article.document_numbers == ("沪府办发〔2023〕10号",)
    assert article.published is not None
    assert article.published.at.isoformat() == "2023-06-13T16:00:00+00:00"
    assert [file.name for file in article.attachments] == ["plan.pdf"]
    assert article.facts == DocumentFacts(marks=(PageMark.FILE_TEXT,))
    ofd = answer(make_docx("", name="OFD.xml"), url="https://lianwen.example/")
    article = read_page(Extractor(ExtractionError("none")), ofd, source=source, entry=make_entry(summary="摘要"))
    assert (article.text, article.page_problem) == ("摘要", Answer.DECODE)
    assert article.facts == DocumentFacts(marks=(PageMark.FILE_UNSUPPORTED,))


def test_parts_of_an_article(
    source: Source,
    make_entry: Callable[..., Entry],
    make_article: Callable[..., Article],
    make_pdf: Callable[..., bytes],
) -> None:
    """Pages and files that an article waits for are taken in by their kind; a file's error page is no file."""
    url, entry = "https://lianwen.example/t1.html", make_entry()
    paged = answer(b'<p>x</p><script>createPageHTML(2,0,"t1","html")</script>' + PAGE, url=url)
    whole = read_whole(Extractor(make_article(url=url)), paged, source=source, entry=entry)
    second = read_part(Extractor(make_article(text="第二页。")), answer(PAGE), source=source, entry=entry, whole=whole)
    assert second.article.text.endswith("\n第二页。")
    file = Attachment(url="https://lianwen.example/plan.pdf", name="plan")
    cover = read_whole(Extractor(make_article(attachments=(file,))), answer(PAGE), source=source, entry=entry)
    body = make_pdf([["某市区块链行动计划的全文。"]])
    for status, mark in ((200, PageMark.FILE_TEXT), (404, PageMark.FILE_MISSING)):
        done = read_part(
            Extractor(RuntimeError()), answer(body, status=status), source=source, entry=entry, whole=cover
        )
        assert done.article.facts == DocumentFacts(marks=(mark,))
