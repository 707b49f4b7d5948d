"""When an article was published."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from core.item import DateOrigin, DatePrecision, Published

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Article, Entry
    from core.source import Source

TITLE = "关于推进区块链应用的若干意见"
STORY = "".join(f"<p>第{n}段，各地要结合实际推进区块链的应用，做好安全评估和保障工作。</p>" for n in range(8))


def page(*, head: str = "", above: str = "", below: str = "", story: str = STORY, behind: str = "") -> str:
    """Return a page with these pieces around its title and text."""
    return (
        f"<html><head><title>{TITLE}</title>{head}</head><body>{above}<h1>{TITLE}</h1>{below}"
        f"<div class='TRS_Editor'>{story}</div>{behind}</body></html>"
    )


def meta(name: str, content: str) -> str:
    """Return a meta tag."""
    return f'<meta name="{name}" content="{content}">'


def local(article: Article, zone: str = "Asia/Shanghai") -> str:
    """Return an article's publish time in a zone, to the minute; empty when it has none."""
    return article.published.at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if article.published else ""


@pytest.mark.parametrize(
    ("name", "content", "at"),
    [
        ("PubDate", "2023-06-15 10:08", "2023-06-15 10:08"),
        ("article:published_time", "2023-06-15T02:08:00Z", "2023-06-15 10:08"),
        ("firstpublishedtime", "2023-06-15-18:30:00", "2023-06-15 18:30"),
        ("publishdate", "2023-06-15", "2023-06-15 00:00"),
        ("PubDate", "2023-06-15 10:082023-06-16 11:00", "2023-06-15 10:08"),
    ],
)
def test_meta_tags(read: Callable[..., Article], name: str, content: str, at: str) -> None:
    """Meta tags of the common systems are read, in the home zone when they name none."""
    article = read(page(head=meta(name, content)))
    assert local(article) == at
    assert article.published is not None
    assert article.published.origin is DateOrigin.META


@pytest.mark.parametrize(
    ("below", "at"),
    [
        ("<div>发布时间：2023-06-15 10:08　来源：市政府</div>", "2023-06-15 10:08"),
        ("<div>日期：2023年6月15日</div>", "2023-06-15 00:00"),
        ("<div class='info'><span>2023/06/15 10:08</span><span>阅读 5</span></div>", "2023-06-15 10:08"),
        ("<div>成文日期：2023年5月30日</div><div>发布日期：2023年6月15日</div>", "2023-06-15 00:00"),
        ("<div>索引号：2026-08-00123</div><div>2023-06-15</div>", "2023-06-15 00:00"),
        ("<div>有效期至2024-01-01</div><div>2023-06-15</div>", "2023-06-15 00:00"),
        ("<p><time datetime='2023-06-15T02:08:00Z'>June 15</time></p>", "2023-06-15 10:08"),
        (f"<div>{'长' * 160}2021-01-01</div><div>2023-06-15</div>", "2023-06-15 00:00"),
        ("<div><a href='/x'>2020-01-01 旧闻</a></div><div>2023-06-15</div>", "2023-06-15 00:00"),
    ],
)
def test_visible_dates(read: Callable[..., Article], below: str, at: str) -> None:
    """The line under the title is read; numbers, signatures, terms and other articles' dates are not taken for it."""
    article = read(page(below=below))
    assert local(article) == at
    assert article.published is not None
    assert article.published.origin is DateOrigin.TEXT


def test_order_of_trust(read: Callable[..., Article], make_source: Callable[..., Source]) -> None:
    """Selector, JSON-LD, meta and text are believed in this order."""
    ld = '<script type="application/ld+json">{"@type": "Article", "datePublished": "2023-06-12"}</script>'
    whole = page(head=ld + meta("PubDate", "2023-06-13"), below="<div>2023-06-14</div><i class='d'>2023-06-11</i>")
    source = make_source()
    chosen = read(whole, source=make_source(article=type(source.article)(date="i.d")))
    assert (local(chosen)[:10], chosen.published and chosen.published.origin) == ("2023-06-11", DateOrigin.SELECTOR)
    linked = read(whole)
    assert (local(linked)[:10], linked.published and linked.published.origin) == ("2023-06-12", DateOrigin.JSON_LD)
    tagged = read(whole.replace("application/ld+json", "text/plain"))
    assert (local(tagged)[:10], tagged.published and tagged.published.origin) == ("2023-06-13", DateOrigin.META)


@pytest.mark.parametrize(("selector", "at"), [("b.d::attr(data-t)", "2023-06-15 10:08"), ("b.d", "2023-06-14 00:00")])
def test_selector_of_an_attribute(
    read: Callable[..., Article], make_source: Callable[..., Source], selector: str, at: str
) -> None:
    """A date selector may end in an attribute's name."""
    source = make_source()
    body = page(below="<b class='d' data-t='2023-06-15 10:08'>2023-06-14</b><b class='d'></b>")
    assert local(read(body, source=make_source(article=type(source.article)(date=selector)))) == at


def test_time_of_the_same_day_is_preferred(read: Callable[..., Article]) -> None:
    """A bare day gives way to a time on that day, and not to one on another."""
    same = read(page(head=meta("PubDate", "2023-06-15"), below="<div>发布时间：2023-06-15 10:08</div>"))
    assert local(same) == "2023-06-15 10:08"
    other = read(page(head=meta("PubDate", "2023-06-15"), below="<div>发布时间：2023-06-16 10:08</div>"))
    assert local(other) == "2023-06-15 00:00"
    midnight = read(page(head=meta("PubDate", "2023-06-15 00:00:00"), below="<div>2023-06-15 10:08</div>"))
    assert local(midnight) == "2023-06-15 10:08"


def test_future_dates_are_passed_over(read: Callable[..., Article]) -> None:
    """A stamp more than a day ahead of now is no publish date; the next place is asked."""
    article = read(page(head=meta("PubDate", "2026-12-24"), below="<div>2026-11-20</div>"))
    assert local(article) == "2026-11-20 00:00"
    assert local(read(page(head=meta("PubDate", "2026-11-26 08:00")))) == "2026-11-26 08:00"


def test_marked_elements(read: Callable[..., Article]) -> None:
    """Elements that are marked as the publish date count like meta tags."""
    article = read(page(behind="<span itemprop='datePublished' content='2023-06-15 10:08'>then</span>"))
    assert (local(article), article.published and article.published.origin) == ("2023-06-15 10:08", DateOrigin.META)


def test_list_entry(read: Callable[..., Article], make_entry: Callable[..., Entry]) -> None:
    """The list's date is taken when the page has none, and lends its time to the page's bare day."""
    listed = Published(
        at=datetime(2023, 6, 15, 2, 8, tzinfo=UTC), precision=DatePrecision.MINUTE, origin=DateOrigin.LIST
    )
    entry = make_entry(title=TITLE, published=listed)
    assert read(page(), entry=entry).published == listed
    assert read(page(below="<div>2023-06-15</div>"), entry=entry).published == listed
    assert local(read(page(below="<div>2023-06-14</div>"), entry=entry)) == "2023-06-14 00:00"


def test_last_resorts(read: Callable[..., Article]) -> None:
    """A line behind the article counts when it has a time; then the address; then the signature."""
    assert local(read(page(behind="<p>2023-06-15 10:08</p>"))) == "2023-06-15 10:08"
    assert read(page(behind="<p>2023-06-15</p>")).published is None
    dated = read(page(story=STORY + "<p>2023年5月30日</p>"), url="https://a.example/art/2023/6/15/t20230615_1.html")
    assert (local(dated), dated.published and dated.published.origin) == ("2023-06-15 00:00", DateOrigin.URL)
    signed = read(page(story=STORY + "<p>某市人民政府</p><p>2023年5月30日</p>"))
    assert local(signed) == "2023-05-30 00:00"
    table = read(
        page(above="<table><tr><td>文号：</td><td>无</td><td>成文日期：</td><td>2023年05月30日</td></tr></table>")
    )
    assert local(table) == "2023-05-30 00:00"


@pytest.mark.parametrize(
    ("tail", "at"),
    [
        (["Ends/Monday, June 5, 2023", "Issued at HKT 16:30", "NNNN"], "2023-06-05 16:30"),
        (["完／2023年6月5日（星期一）", "香港時間16時30分", "NNNN"], "2023-06-05 16:30"),
        (["Ends/Monday, June 5, 2023"], "2023-06-05 00:00"),
        (["Ends/at last, some day"], ""),
    ],
)
def test_press_releases(read: Callable[..., Article], tail: list[str], at: str) -> None:
    """The last lines of a Hong Kong press release say when it was issued."""
    assert local(read(page(story=STORY + "".join(f"<p>{line}</p>" for line in tail)))) == at


def test_pages_from_nowhere(read: Callable[..., Article]) -> None:
    """Without a source, a Chinese page is read in China's zone and any other in UTC."""
    story = "".join(f"<p>Part {n} of the plan for quantum chips was published by the commission.</p>" for n in range(9))
    english = f"<title>A plan for chips</title><h1>A plan for chips</h1><p>June 15, 2023 10:08</p>{story}"
    assert local(read(english), "UTC") == "2023-06-15 10:08"


def test_zone_of_the_source(read: Callable[..., Article], make_source: Callable[..., Source]) -> None:
    """A time without offset is read in the source's zone."""
    article = read(page(head=meta("PubDate", "2023-06-15 10:08")), source=make_source(zone="America/New_York"))
    assert local(article, "UTC") == "2023-06-15 14:08"


def test_no_date(read: Callable[..., Article]) -> None:
    """A page without any date has none."""
    assert read(page()).published is None
