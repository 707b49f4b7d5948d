"""Articles that are put together from several answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ExtractionError
from core.item import Attachment, BodyOrigin, DocumentFacts, PageMark
from core.outcome import Answer
from crawler import whole as module
from crawler.pages.extractor import PageExtractor
from crawler.pages.further import MAX_PAGES
from crawler.whole import MAX_FILES, Part, PartKind, begin, with_file, with_page, without

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.item import Article

PIECES = [
    b"<table><tr><td>", b"</td><td>", "索引号：".encode(), "有效性：已废止".encode(), b"<dl><dt>", b"</dt><dd>",
    b"<script>createPageHTML(9,0,'t1','html')</script>", b'<script>var a={"title":"t","content":"', b'"}</script>',
    b"<a href='t1_2.html'>2</a>", b"<a href='http://[x'>2</a>", b"<a href='/x.pdf'>", b"<iframe src='v?file=%'>",
    b"<h1>", b"<title>", b"<base href='http://[x'>", "某市发布区块链产业行动计划，支持试点。".encode() * 6, b"\xa1\xfe",
    b"<img src=a>",
]  # fmt: skip
URL = "https://gov.example/t1.html"
PLAIN = b"<html><body><p>text</p></body></html>"
PAGED = b'<html><body><script>createPageHTML(3,0,"t1","html")</script></body></html>'


def attached(*names: str) -> tuple[Attachment, ...]:
    """Return files by name."""
    return tuple(Attachment(url=f"https://gov.example/{name}", name=name) for name in names)


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    """A short article."""
    return make_article(url=URL, text="第一页的文字。")


def page(article: Article, text: str, **fields: object) -> Article:
    """Return a further page of an article."""
    return replace(article, text=text, **fields)  # type: ignore[arg-type]  # fields of Article


def test_most_articles_are_done(article: Article) -> None:
    """A page without a pager and without files waits for nothing and is not touched."""
    whole = begin(article, PLAIN, content_type="")
    assert whole.next is None
    assert whole.article is article


def test_pages_are_joined(article: Article) -> None:
    """Pages are asked for in order; their texts, numbers and files are put behind the first one's, each once."""
    whole = begin(replace(article, attachments=attached("a.doc")), PAGED, content_type="")
    assert whole.waiting == (
        Part(url="https://gov.example/t1_1.html", kind=PartKind.PAGE),
        Part(url="https://gov.example/t1_2.html", kind=PartKind.PAGE),
    )
    second = page(article, "第二页。", document_numbers=("沪府〔2023〕1号",), attachments=attached("a.doc", "b.doc"))
    whole = with_page(whole, second, PAGED, content_type="")
    assert whole.next == Part(url="https://gov.example/t1_2.html", kind=PartKind.PAGE)
    whole = with_page(whole, page(article, "第三页。"), PAGED, content_type="")
    assert whole.next is None
    assert whole.article.text == "第一页的文字。\n第二页。\n第三页。"
    assert whole.article.document_numbers == ("沪府〔2023〕1号",)
    assert whole.article.attachments == attached("a.doc", "b.doc")
    assert whole.article.facts == DocumentFacts(pages=3)


def test_a_later_page_may_know_of_more(article: Article) -> None:
    """Where each page links only the next one, they are followed one by one, and none twice."""
    whole = begin(article, "<a href='t1_2.html'>下一页</a>".encode(), content_type="text/html; charset=utf-8")
    links = "<a href='t1_2.html'>2</a><a href='t1.html'>1</a><a href='t1_3.html'>下一页</a>".encode()
    whole = with_page(whole, page(article, "第二页。"), links, content_type="")
    assert [part.url for part in whole.waiting] == ["https://gov.example/t1_3.html"]


def test_a_page_that_repeats_ends_the_article(article: Article) -> None:
    """A server that gives its first page for every number is asked no more."""
    whole = with_page(begin(article, PAGED, content_type=""), article, PAGED, content_type="")
    assert whole.next is None
    assert whole.article is article


@pytest.mark.parametrize(
    "fields", [{"page_problem": Answer.GONE}, {"body_origin": BodyOrigin.NONE}, {"body_origin": BodyOrigin.LIST}]
)
def test_a_page_that_is_missing_is_marked(article: Article, fields: dict[str, object]) -> None:
    """Pages behind a missing one are not asked for: the text would have a hole."""
    whole = with_page(begin(article, PAGED, content_type=""), page(article, "x", **fields), b"", content_type="")
    assert whole.next is None
    assert whole.article.facts == DocumentFacts(marks=(PageMark.PAGES_MISSING,))


def test_pages_are_bounded(article: Article) -> None:
    """No more pages are asked for than one article may have, and it is marked that there are others."""
    pager = b'<html><body><script>createPageHTML(99,0,"t1","html")</script></body></html>'
    whole = begin(article, pager, content_type="")
    assert len(whole.waiting) == MAX_PAGES - 1
    assert whole.article.facts == DocumentFacts(marks=(PageMark.PAGES_MISSING,))


def test_a_cover_notice_waits_for_its_document(article: Article, make_pdf: Callable[..., bytes]) -> None:
    """The first files that can be read are asked for, forms aside, and their text is put behind the notice's."""
    files = attached("申报表.pdf", "old.doc", "plan.pdf", "annex.docx", "more.pdf")
    whole = begin(replace(article, attachments=files), PLAIN, content_type="")
    assert [part.url.rsplit("/", 1)[1] for part in whole.waiting] == ["plan.pdf", "annex.docx"]
    assert len(whole.waiting) == MAX_FILES
    whole = with_file(whole, make_pdf([["沪府办发〔2023〕10号", "某市区块链行动计划的全文。"]]))
    whole = without(whole)
    assert whole.next is None
    assert whole.article.text == "第一页的文字。\n沪府办发〔2023〕10号\n某市区块链行动计划的全文。"
    assert whole.article.document_numbers == ("沪府办发〔2023〕10号",)
    assert whole.article.facts == DocumentFacts(marks=(PageMark.FILE_TEXT, PageMark.FILE_MISSING))


def test_a_file_alone_becomes_the_text(article: Article, make_pdf: Callable[..., bytes]) -> None:
    """A page without a word takes the text of its file, and that counts as the page's."""
    bare = replace(article, text="", body_origin=BodyOrigin.NONE, attachments=attached("plan.pdf"))
    whole = with_file(begin(bare, PLAIN, content_type=""), make_pdf([["某市区块链行动计划的全文。"]]))
    assert (whole.article.text, whole.article.body_origin) == ("某市区块链行动计划的全文。", BodyOrigin.PAGE)


def test_files_of_other_kinds_are_marked(article: Article) -> None:
    """A notice whose only document is an OFD or DOC says so; one with nothing but forms says nothing."""
    whole = begin(replace(article, attachments=attached("plan.ofd")), PLAIN, content_type="")
    assert whole.article.facts == DocumentFacts(marks=(PageMark.FILE_UNSUPPORTED,))
    forms = begin(replace(article, attachments=attached("报名表.doc")), PLAIN, content_type="")
    assert forms.article.facts is None
    scan = with_file(begin(replace(article, attachments=attached("a.pdf")), PLAIN, content_type=""), b"GIF89a")
    assert scan.article.facts == DocumentFacts(marks=(PageMark.FILE_UNSUPPORTED,))


def test_long_articles_do_not_need_their_files(article: Article) -> None:
    """A page with a text of its own, or with the list's, is no cover notice."""
    long = replace(article, text="字" * (module.COVER_TEXT + 1), attachments=attached("a.pdf"))
    assert begin(long, PLAIN, content_type="").next is None
    listed = replace(article, body_origin=BodyOrigin.LIST, attachments=attached("a.pdf"))
    assert begin(listed, PLAIN, content_type="").next is None


def test_what_could_not_be_had_waits_for_nothing(article: Article) -> None:
    """Neither a page with a problem nor bytes that are no text are looked into."""
    assert begin(replace(article, page_problem=Answer.GONE), PAGED, content_type="").next is None
    assert begin(article, b"%PDF-1.7", content_type="").next is None
    assert begin(article, b"\x00\x01" * 50, content_type="").next is None


class _Clock:
    """Tells one day in 2026; property tests cannot use fixtures."""

    def now(self) -> datetime:
        """Return that day."""
        return datetime(2026, 11, 25, tzinfo=UTC)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_any_page(pieces: Sequence[bytes]) -> None:
    """Whatever is on a page, it is an article or an extraction error, and what it waits for is bounded."""
    body = b"".join(pieces)
    try:
        article = PageExtractor(_Clock()).extract(body, url=URL, content_type="", source=None, entry=None)
    except ExtractionError:
        return
    whole = begin(article, body, content_type="")
    assert len(whole.waiting) < MAX_PAGES
    assert URL not in {part.url for part in whole.waiting}
