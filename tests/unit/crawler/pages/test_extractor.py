"""The extractor as the crawler uses it."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DecodeError, ExtractionError
from core.item import Article, BodyOrigin
from core.source import ArticleSelectors
from crawler.pages import extractor as module
from crawler.pages.extractor import PageExtractor

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Entry
    from core.ports import Extractor
    from core.source import Source

SEED = Path(__file__).parents[3] / "data" / "pages" / "seed"
PAGES = [(SEED / name).read_bytes() for name in ("page.html", "gov.html")]
PIECES = [
    b"<div>", b"</div>", b"<table><tr><td>", b"</td>", b"<p>", b"<a href='x.pdf'>", b"</a>", b"<h1>", b"<title>",
    b"<script type='application/ld+json'>", b"</script>", b"<meta name='PubDate' content='", b"'>", b"2023-99-99",
    b"&#0;", b"<!--", b"<base href='http://[x'>", b"]]>", "来源：".encode(), "发布时间：2023-06-15".encode(), b"<form>",
    b"<time datetime='x'>", "上海市区块链行动计划。".encode() * 9, b"\xa1\xa1\xce\xc4", b"A plan for chips. " * 5,
    b"\x00", b"\xff",
]  # fmt: skip


class _Clock:
    """Tells one day in 2026; property tests cannot use fixtures."""

    def now(self) -> datetime:
        """Return that day."""
        return datetime(2026, 11, 25, tzinfo=UTC)


def test_is_an_extractor(extractor: PageExtractor) -> None:
    """It has the shape of the port, and travels to another process."""
    port: Extractor = extractor
    travelled: Extractor = pickle.loads(pickle.dumps(port))  # noqa: S301 - our own bytes
    article = travelled.extract(PAGES[0], url="https://a.example/x", content_type="", source=None, entry=None)
    assert article.title.startswith("Shanghai Puts")


def test_selectors(read: Callable[..., Article], make_source: Callable[..., Source]) -> None:
    """A source's selectors decide on title, body, author and what is dropped."""
    page = """<html><head><title>Wrong</title></head><body><h2 class="t">A plan for chips</h2><i class="a">By Mara</i>
    <div class="b"><p>First words of it.</p><p class="x">Dropped words.</p><p>Last words of it.</p></div>
    <p>Other words of the page that are no part of it.</p></body></html>"""
    selectors = ArticleSelectors(title="h2.t", body="div.b", author="i.a", drop=".x")
    article = read(page, source=make_source(article=selectors))
    assert article.title == "A plan for chips"
    assert article.text == "First words of it.\nLast words of it."
    assert article.author == "Mara"


def test_selectors_that_find_nothing(read: Callable[..., Article], make_source: Callable[..., Source]) -> None:
    """When the site changed and its selectors find nothing, the generic way is taken."""
    selectors = ArticleSelectors(title="h9", body=".gone", author=".gone", date=".gone", drop=".gone")
    article = read(PAGES[0].decode(), source=make_source(article=selectors))
    assert article.title.startswith("Shanghai Puts")
    assert article.text.startswith("Factories in Shanghai")


def test_charset_of_the_source(extractor: PageExtractor, make_source: Callable[..., Source]) -> None:
    """A page in GBK is read by its declaration, and by the source's setting when it has none."""
    page = "<head><title>数字人民币试点扩围</title></head><body><p>人民银行发布试点办法，明确用户权益。</p></body>"
    source = make_source(encoding="gbk")
    for body in (page.encode("gbk"), page.replace("<head>", '<head><meta charset="gb2312">').encode("gbk")):
        article = extractor.extract(body, url="https://a.example/", content_type="", source=source, entry=None)
        assert article.title == "数字人民币试点扩围"


def test_entry_helps(read: Callable[..., Article], make_entry: Callable[..., Entry]) -> None:
    """The list's author and title fill what the page lacks."""
    page = f"<html><body><div><p>{'Words of an article about chips. ' * 20}</p></div></body></html>"
    article = read(page, entry=make_entry(title="A plan for chips", author="Mara"))
    assert (article.title, article.author) == ("A plan for chips", "Mara")


def test_list_has_more(read: Callable[..., Article], make_entry: Callable[..., Entry]) -> None:
    """The list's text stands in for a page that shows none, or only the beginning of what the feed has whole."""
    story = "Words of an article about chips. " * 9
    teaser = f"<title>A plan for chips</title><p>{story}</p>"
    blank = "<title>A plan for chips</title><div id='app'></div>"
    for page, fields, origin in (
        (blank, {"summary": "The bank published its rules."}, BodyOrigin.LIST),
        (blank, {}, BodyOrigin.NONE),
        (teaser, {"summary": story * 3}, BodyOrigin.PAGE),
        (teaser, {"text": story * 3}, BodyOrigin.LIST),
        (teaser, {"text": story}, BodyOrigin.PAGE),
    ):
        assert read(page, entry=make_entry(title="A plan for chips", **fields)).body_origin is origin


def test_article_in_json_ld(read: Callable[..., Article]) -> None:
    """A page whose script writes the article is read from the text that it gives to machines."""
    story = "Words of an article about chips. " * 9
    ld = f'{{"@type": "NewsArticle", "headline": "Chips", "articleBody": "{story}\\n\\n {story}"}}'
    article = read(f'<script type="application/ld+json">{ld}</script><div id="app">Loading</div>')
    assert article.text == f"{story.strip()}\n{story.strip()}"


def test_pictures_only(read: Callable[..., Article]) -> None:
    """A notice that is a picture keeps its title, and says that it has no text."""
    article = read(
        '<html><head><title>图解行动计划</title></head><body><div id="zoom"><img src="a.jpg"></div></body></html>'
    )
    assert (article.title, article.text, article.body_origin) == ("图解行动计划", "", BodyOrigin.NONE)


@pytest.mark.parametrize("body", [b"", b"   ", b"<html></html>", b"<p>hi</p>"[:3], b"<body><div></div></body>"])
def test_no_article(extractor: PageExtractor, body: bytes) -> None:
    """A page with neither title nor text is an error that names its address."""
    with pytest.raises(ExtractionError) as caught:
        extractor.extract(body, url="https://a.example/x", content_type="", source=None, entry=None)
    assert caught.value.url == "https://a.example/x"


def test_no_text_at_all(extractor: PageExtractor, make_source: Callable[..., Source]) -> None:
    """Bytes that are no text are an error that says so and names the source."""
    with pytest.raises(ExtractionError) as caught:
        extractor.extract(
            b"%PDF-1.7\x00\x01\x02" * 50, url="https://a.example/x", content_type="", source=make_source(), entry=None
        )
    assert isinstance(caught.value.__cause__, DecodeError)
    assert caught.value.source_id == "lianwen"


def test_title_is_not_repeated(read: Callable[..., Article]) -> None:
    """A first line that only repeats the title goes; a longer one that begins with it stays."""
    story = "<p>各地要结合实际推进区块链的应用，做好安全评估。</p>" * 4
    page = "<title>关于区块链的意见</title><div class='TRS_Editor'><p>{}</p>" + story + "</div>"
    assert read(page.format("关于区块链的意见")).text.startswith("各地")
    assert read(page.format("关于区块链的意见（试行）")).text.startswith("关于")


def test_text_is_bounded(read: Callable[..., Article], monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless text is cut."""
    monkeypatch.setattr(module, "_MAX_TEXT", 1000)
    assert len(read("<title>Long</title>" + "<p>Words of an article about chips.</p>" * 200).text) == 1000


@given(st.lists(st.sampled_from(PIECES), max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_markup(pieces: list[bytes]) -> None:
    """Any heap of markup gives an article or an extraction error."""
    _extract(b"".join(pieces))


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes(body: bytes) -> None:
    """Any bytes give an article or an extraction error."""
    _extract(body)


@given(st.sampled_from(PAGES), st.data())
@settings(max_examples=40, deadline=None)
def test_damaged_pages(page: bytes, data: st.DataObject) -> None:
    """A page that is cut, or has a part missing, doubled or overwritten gives an article or an extraction error."""
    start, end = sorted(data.draw(st.integers(0, len(page))) for _ in range(2))
    filler = data.draw(st.sampled_from([b"", page[start:end] * 2, *PIECES]))
    _extract(page[:start] + filler + page[end:])


@pytest.mark.parametrize(
    "opening", [b"<div>", b"<table><tr><td>", b"<b><a href=x>", b"<ul><li>", b"<span>", b"<blockquote>"]
)
def test_deep_nesting(opening: bytes) -> None:
    """Nesting without end overflows nothing."""
    _extract(b"<title>A title here</title>" + opening * 20_000 + b"deep words")


def _extract(body: bytes) -> None:
    try:
        article = PageExtractor(_Clock()).extract(
            body, url="https://a.example/x", content_type="", source=None, entry=None
        )
    except ExtractionError:
        return
    assert isinstance(article, Article)
    assert "\x00" not in article.title + article.text
    assert "\n" not in article.title
    assert bool(article.text) is (article.body_origin is BodyOrigin.PAGE)
