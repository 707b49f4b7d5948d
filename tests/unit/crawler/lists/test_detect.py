"""Detection of rows: laws, bounds and single decisions; the layouts are in tests/quality/test_lists.py."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ParseError
from crawler.lists.detect import DetectedRows, detect

if TYPE_CHECKING:
    from crawler.lists import RowFinder
    from crawler.lists.row import Row
    from tests.unit.crawler.lists.conftest import ReadHtml

URL = "https://www.example.gov.cn/zwgk/tzgg/index.html"
FINDER: RowFinder = DetectedRows()


def page(body: str) -> str:
    """Return a page."""
    return f"<html><body>{body}</body></html>"


def listed(
    count: int, *, title: str = "关于开展第{n}批试点工作的通知", tail: str = "<span>2023-06-{d:02d}</span>"
) -> str:
    """Return a list of dated rows."""
    items = (
        f'<li><a href="/a/{n}00417.html">{title.format(n=n)}</a>{tail.format(n=n, d=29 - n % 28)}</li>'
        for n in range(1, count + 1)
    )
    return f"<ul>{''.join(items)}</ul>"


def titles(rows: tuple[Row, ...]) -> list[str]:
    """Return the titles of rows."""
    return [row.title for row in rows]


@pytest.mark.parametrize("text", ["", " ", "x", "<", "<html></html>", "<a href='/1.html'>one link</a>", "{}"])
def test_nothing_gives_nothing(text: str) -> None:
    """Where nothing repeats there is no row and no confidence."""
    assert FINDER.find(text, URL) == ()
    assert detect(text, URL).confidence < 0.3


def test_confidence_grows_with_rows_and_dates() -> None:
    """A long dated list is surer than a short one, and a dated one than one without dates."""
    many, few = detect(page(listed(12)), URL), detect(page(listed(2)), URL)
    bare = detect(page(listed(12, tail="")), URL)
    assert many.confidence > 0.9
    assert many.confidence > few.confidence > 0
    assert many.confidence > bare.confidence > 0
    assert (many.dated, bare.dated) == (1.0, 0.0)


def test_prose_beside_a_list_takes_its_confidence() -> None:
    """The same list below an article is papers beside it."""
    prose = (
        "<p>各单位要加强组织领导，明确责任分工，细化工作举措，确保各项任务落实到位并取得实效，及时总结经验做法。</p>"
        * 20
    )
    assert detect(page(prose + listed(6)), URL).confidence < 0.3 < detect(page(listed(6)), URL).confidence


def test_a_page_that_calls_itself_an_article_is_doubted() -> None:
    """Open Graph's type and the title meta of government sites speak against a list."""
    for mark in ('<meta property="og:type" content="article">', '<meta name="ArticleTitle" content="通知">'):
        marked = f"<html><head>{mark}</head><body>{listed(12)}</body></html>"
        assert detect(marked, URL).confidence < detect(page(listed(12)), URL).confidence


def test_rows_come_in_page_order_once_each() -> None:
    """A row that is repeated, as in a second tab, counts where it stands first."""
    found = FINDER.find(page(listed(9) + listed(9)), URL)
    assert [row.link for row in found] == [f"https://www.example.gov.cn/a/{n}00417.html" for n in range(1, 10)]


def test_names_of_chrome_count() -> None:
    """Of two equal lists the one in a sidebar is left."""
    side = listed(9, title="旁栏里的第{n}篇文章标题").replace("/a/", "/b/")
    for wrapper in ('<div class="sidebar">{}</div>', "<aside>{}</aside>", '<div id="hot-list">{}</div>'):
        found = FINDER.find(page(wrapper.format(side) + listed(9)), URL)
        assert found[0].title.startswith("关于开展"), wrapper


@pytest.mark.parametrize(
    "chrome",
    [
        "<table>" + "".join(f'<tr><td><a href="/rl/{d}.html">{d}</a></td></tr>' for d in range(1, 31)) + "</table>",
        "<div>" + "".join(f'<a href="/tag/{n}.html">标签{n}</a>' for n in range(30)) + "</div>",
        "<div>" + "".join(f'<a href="https://www.s{n}.gov.cn/">第{n}区人民政府网站</a>' for n in range(30)) + "</div>",
        "<div>"
        + "".join(f'<a href="index_{n}.html">{n}</a>' for n in range(1, 9))
        + '<a href="index_2.html">下一页</a></div>',
        "<nav><ul>" + "".join(f'<li><a href="/c{n}/">政务公开栏目{n}</a></li>' for n in range(20)) + "</ul></nav>",
    ],
)
def test_what_repeats_beside_a_list_is_none(chrome: str) -> None:
    """Calendars, tag clouds, friend links, pagination and menus are no lists, alone or beside one."""
    assert FINDER.find(page(chrome), URL) == ()
    assert len(FINDER.find(page(chrome + listed(5)), URL)) == 5


def test_hidden_lists_are_asked_for_when_the_page_shows_less() -> None:
    """A list in a script wins over a short one at the side, and loses against a longer one that is shown."""
    script = "<script>var html='" + listed(20).replace("'", "\\'").replace("/a/", "/s/") + "';</script>"
    assert len(FINDER.find(page(listed(4) + script), URL)) == 20
    shown = FINDER.find(page(listed(30) + script), URL)
    assert len(shown) == 30
    assert "/a/" in shown[0].link


def test_comments_are_the_last_resort() -> None:
    """A list that was taken out by a comment does not stand in for the one that is shown."""
    old = f"<!--{listed(30).replace('/a/', '/old/')}-->"
    assert len(FINDER.find(page(listed(4) + old), URL)) == 4
    assert len(FINDER.find(page(old), URL)) == 30


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 5_000 + '<a href="/1.html">一二三四五六七八</a>' + "</div>" * 5_000,
        "".join(f'<p><a href="/{n}.html">第{n}条新闻的标题</a></p>' for n in range(12_000)),
        '<a href="/1.html">' * 9_000,
        "<li onclick=\"x('/1.html')\">" * 9_000,
        "<script>" * 30_000,
        "<script>[" + "[{" * 40_000 + "</script>",
        "<!--" * 40_000,
        "<table>" + "<tr><td><a href='/1.html'>二〇二三年" * 10_000,
        "<ul>" + "<li><a href='/1.html'>x</a><span>2023-06-15</span>" * 9_000,
    ],
    ids=["deep", "long", "open links", "open rows", "scripts", "brackets", "comments", "cells", "same"],
)
def test_hostile_pages_are_bounded(body: str) -> None:
    """Huge, deep and unclosed pages take seconds of CPU at most."""
    started = time.process_time()
    detect(f"<html><body>{body}", URL)
    assert time.process_time() - started < 15


_MARKUP = st.sampled_from(
    [
        "<ul>",
        "</ul>",
        "<li>",
        "</li>",
        '<a href="/a/20230615.html">',
        "</a>",
        "关于印发办法的通知",
        "2023-06-15",
        "15",
        "06",
        "<script>",
        "</script>",
        '[{"title":"x","url":"/1.html"}]',
        "<!--",
        "-->",
        "<table><tr><td>",
        "</table>",
        "<br>",
        "…",
        "<dl><dt>",
        "<dd>",
        "</dl>",
        "&nbsp;",
        "昨天",
        "<div onclick=\"go('/x.html')\">",
        "\x00",
        "<template>",
        chr(0xD800),
        "]]>",
    ]
)


@given(st.lists(_MARKUP, max_size=60).map("".join))
def test_any_markup_is_read(html_reader: ReadHtml, text: str) -> None:
    """No markup raises anything but a typed error; what is found has a title and an absolute link."""
    for row in DetectedRows().find(text, URL):
        assert row.title
        assert row.link.startswith("https://")
    with contextlib.suppress(ParseError):
        html_reader(None)(text.encode("utf-8", errors="surrogatepass"), url=URL)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Nor does any text."""
    assert 0 <= detect(text, URL).confidence <= 1


@pytest.mark.parametrize("form", ["{t} [{d}]", "{t}（{d}）", "[{d}] {t}", "{t} 2023-{d}", "2023-{d} {t}"])
def test_a_date_at_the_edge_of_a_title_is_no_part_of_it(form: str) -> None:
    """Where nothing else tells the day, a date in brackets or at the end of the link's text does."""
    rows = "".join(
        f'<p><a href="/a/{n}00417.html">{form.format(t=f"关于公布第{n}批名单的通知", d=f"06-{n:02d}")}</a></p>'
        for n in range(10, 20)
    )
    found = detect(page(rows), URL)
    assert titles(found.rows)[0] == "关于公布第10批名单的通知"
    assert found.rows[0].date.endswith("06-10")
