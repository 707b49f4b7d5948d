"""The shipped sources read lists of the shapes their sites have; every sample is made up by us."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.sources import load_catalogue
from core.source import SourceId, SourceKind
from crawler.lists.detect import DetectedRows
from crawler.lists.parse import parse_list

if TYPE_CHECKING:
    from core.item import Entry
    from core.source import Source

CATALOGUE = load_catalogue()
SAMPLE_FILES = Path(__file__).parents[1] / "data" / "sources"
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = "2026-02-27T16:00+00:00"
"""28 February 2026, midnight in Shanghai and Hong Kong."""
TITLE = "关于促进某产业发展的若干措施"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One list as a site would send it, and what its first row says."""

    source: str
    body: object
    """Text, or data to be sent as JSON."""
    link: str
    at: str = DAY
    """Publish time as ISO in UTC; empty when the list tells none."""
    title: str = TITLE
    text: str = ""


def page(rows: str, *, before: str = "", after: str = "") -> str:
    """Return a page with navigation round the rows."""
    navigation = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/a/">机构</a></li></ul></div>'
    head = '<head><meta charset="utf-8"><title>列表</title></head>'
    return f"<html>{head}<body>{navigation}{before}{rows}{after}<p>版权所有</p></body></html>"


def row(link: str, date: str = "2026-02-28", *, tag: str = "span", css: str = "", a: str = "") -> str:
    """Return a list item with a link and a date."""
    return f'<li><a {a} href="{link}">{TITLE}</a><{tag} class="{css}">{date}</{tag}></li>'


MIIT = {"data": {"searchResult": {"dataResults": [{"groupData": [{"data": {
    "title": TITLE, "url": "/zwgk/zcwj/art_1.html", "deploytime": "1772208000000"}}]}]}}}  # fmt: skip
CSRC = {"data": {"results": [{
    "title": TITLE, "url": "//www.csrc.gov.cn/csrc/c1/content.shtml", "manuscriptId": "m1",
    "publishedTime": 1772208000000, "contentHtml": "<p>第一段。</p><p>第二段。</p>"}]}}  # fmt: skip
NFRA = {"data": {"rows": [
    {"docId": 77, "docTitle": TITLE, "docSubtitle": "解读", "publishDate": "2026-02-28 00:00:00"}]}}  # fmt: skip
JINSE = {"list": [{"date": "2026-02-28", "lives": [
    {"id": 9, "content_prefix": TITLE, "content": f"【{TITLE}】某日消息。", "created_at": 1772208000}]}]}  # fmt: skip
XINHUA = {"datasource": [{"title": "", "showTitle": TITLE, "publishUrl": "/tech/20260228/abc/c.html",
    "contentId": "x1", "publishTime": "2026-02-28 00:00:00", "summary": "摘要"}]}  # fmt: skip
HASH = "0123456789abcdef0123456789abcdef"

SAMPLES = [
    Sample(source="gov-cn-policy-latest",
           body=[{"TITLE": TITLE, "SUB_TITLE": "", "URL": "https://www.gov.cn/zhengce/content/1.htm",
                  "DOCRELPUBTIME": "2026-02-28"}],
           link="https://www.gov.cn/zhengce/content/1.htm"),
    Sample(source="miit-search", body=MIIT, link="https://www.miit.gov.cn/zwgk/zcwj/art_1.html"),
    Sample(source="ndrc-policy",
           body=page(f'<ul class="u-list">{row("./202602/t20260228_1.html", "2026/02/28")}</ul>'),
           link="https://www.ndrc.gov.cn/xxgk/zcfb/ghxwj/202602/t20260228_1.html"),
    Sample(source="cac-policy",
           body={"list": [{"topic": TITLE, "infourl": "//www.cac.gov.cn/2026-02/28/c_1.htm", "pubtime": "2026-02-28"}],
                 "totalRec": 1},
           link="https://www.cac.gov.cn/2026-02/28/c_1.htm"),
    Sample(source="pboc-news",
           body=page('<table><tr><td><font class="newslist_style"><a title="" href="/goutongjiaoliu/113456/113469/'
                     f'2026022800004512345/index.html">{TITLE}</a></font></td></tr></table>'),
           link="http://www.pbc.gov.cn/goutongjiaoliu/113456/113469/2026022800004512345/index.html"),
    Sample(source="pboc-rules",
           body=page(f'<div><a href="/tiaofasi/144941/3581332/2026022800004512345/index.html">{TITLE}</a></div>'),
           link="http://www.pbc.gov.cn/tiaofasi/144941/3581332/2026022800004512345/index.html"),
    Sample(source="pboc-orders",
           body=page(f'<div><a href="/tiaofasi/144941/144957/2026022800004512345/index.html">{TITLE}</a></div>'),
           link="http://www.pbc.gov.cn/tiaofasi/144941/144957/2026022800004512345/index.html"),
    Sample(source="nda-policy",
           body=page(f'<ul class="u-list">{row("/sjj/zwgk/zcfb/0228/20260228_pc.html", "2026.02.28")}</ul>'),
           link="https://www.nda.gov.cn/sjj/zwgk/zcfb/0228/20260228_pc.html"),
    Sample(source="csrc-news", body=CSRC, link="https://www.csrc.gov.cn/csrc/c1/content.shtml",
           text="第一段。\n第二段。"),
    Sample(source="nfra-rules", body=NFRA,
           link="https://www.nfra.gov.cn/cn/view/pages/ItemDetail.html?docId=77"),
    Sample(source="shanghai-gov-latest",
           body=page(f'<ul class="tadaty-list list-date">{row(f"/nw12344/20260228/{HASH}.html")}</ul>'),
           link=f"https://www.shanghai.gov.cn/nw12344/20260228/{HASH}.html"),
    Sample(source="shanghai-gov-docs",
           body=page(f"<ul>{row(f'/nw11408/20260228/{HASH}.html', css='time', a='title=x')}</ul>"),
           link=f"https://www.shanghai.gov.cn/nw11408/20260228/{HASH}.html"),
    Sample(source="shanghai-sheitc",
           body=page(f'<div id="zl2"><ul>{row(f"/cyfz/20260228/{HASH}.html")}</ul></div>'),
           link=f"https://www.sheitc.sh.gov.cn/cyfz/20260228/{HASH}.html"),
    Sample(source="shanghai-sheitc-funds",
           body=page(f'<ul class="j-list-ul"><li><a href="/zxxx/20260228/{HASH}.html"><h2>{TITLE}</h2>'
                     "<span>2026-02-28</span></a></li></ul>"),
           link=f"https://www.sheitc.sh.gov.cn/zxxx/20260228/{HASH}.html"),
    Sample(source="shanghai-stcsm",
           body=page('<div class="m-zxgk"><ul class="common"><li><span class="date">2026-02-28</span>'
                     f'<a class="a-hvr" href="/zwgk/kjzc/20260228/{HASH}.html">{TITLE}</a></li></ul></div>'),
           link=f"https://stcsm.sh.gov.cn/zwgk/kjzc/20260228/{HASH}.html"),
    Sample(source="shanghai-fgw",
           body=page(f'<ul class="zzwj-list"><li><a href="/fgw_zcwj/20260228/{HASH}.html">{TITLE}</a>'
                     '<p class="clearfix"><span>2026-02-28</span></p></li></ul>'),
           link=f"https://fgw.sh.gov.cn/fgw_zcwj/20260228/{HASH}.html"),
    Sample(source="beijing-gov-policy",
           body=page(f'<ul class="default_news">{row("./202602/t20260228_1.html")}</ul>'),
           link="https://www.beijing.gov.cn/zhengce/zhengcefagui/202602/t20260228_1.html"),
    Sample(source="beijing-policy-api",
           body={"data": {"list": [{"id": "p1", "title": TITLE, "createdAt": None, "publishDate": "2026-02-28"}]}},
           link="https://zhengce.beijing.gov.cn/policy/detail/p1"),
    Sample(source="suzhou-gov",
           body={"data": {"list": [{"TITLE": TITLE, "URL": "http://www.suzhou.gov.cn/a.shtml", "MANUSCRIPT_ID": "m",
                                    "PUBLISHED_TIME_FORMAT": "2026-02-28"}]}},
           link="http://www.suzhou.gov.cn/a.shtml"),
    Sample(source="hk-hkma-press",
           body={"header": {"success": True}, "result": {"datasize": 1, "records": [
               {"title": TITLE, "link": "https://www.hkma.gov.hk/chi/news/1/", "date": "2026-02-28"}]}},
           link="https://www.hkma.gov.hk/chi/news/1/"),
    Sample(source="jinse-lives", body=JINSE, link="https://jinse.com.cn/lives/9.html",
           text=f"【{TITLE}】某日消息。"),
    Sample(source="jinse-articles",
           body={"list": [{"title": TITLE, "extra": {"topic_url": "https://www.jinse.com.cn/news/1.html",
                                                     "published_at": 1772208000, "summary": "摘要"}}]},
           link="https://www.jinse.com.cn/news/1.html"),
    Sample(source="xinhua-tech", body=XINHUA, link="https://www.news.cn/tech/20260228/abc/c.html"),
    Sample(source="yicai",
           body=[{"NewsTitle": TITLE, "url": "/news/1.html", "CreateDate": "2026-02-28T00:00:00", "NewsNotes": ""}],
           link="https://www.yicai.com/news/1.html"),
    Sample(source="gov-cn-gazette",
           body={"issues": [], "values": {"2026年": {"第6号": {
               "issue": TITLE, "gname": "https://www.gov.cn/gongbao/2026/issue_1/"}}}},
           link="https://www.gov.cn/gongbao/2026/issue_1/", at=""),
    Sample(source="gov-cn-policy-library",
           body={"searchVO": {"totalCount": 1, "listVO": [{
               "title": f"<em>{TITLE}</em>", "url": "https://www.gov.cn/zhengce/zhengceku/202602/content_1.htm",
               "pubtime": 1772208000000, "pubtimeStr": "2026.02.28", "puborg": "某部", "summary": "摘要"}]}},
           link="https://www.gov.cn/zhengce/zhengceku/202602/content_1.htm"),
    Sample(source="safe-news",
           body=page(f"<ul>{row('/safe/2026/0228/1.html')}</ul>"), link="https://www.safe.gov.cn/safe/2026/0228/1.html"),
    Sample(source="spc-news",
           body=page(f'<ul><li><a href="/zixun/xiangqing/1.html">{TITLE}</a><i>2026-02-28</i></li></ul>'),
           link="https://www.court.gov.cn/zixun/xiangqing/1.html", at=""),
    Sample(source="npc-law-db",
           body={"code": 200, "rows": [{"bbbs": "b1", "title": TITLE, "gbrq": "2026-02-28"}]},
           link="https://flk.npc.gov.cn/detail?id=b1"),
    Sample(source="npc-legislation",
           body=page(f'<div class="clist"><ul><li><a href="202602/t20260228_1.html">{TITLE}</a></li></ul></div>'),
           link="http://www.npc.gov.cn/npc/c2/c183/202602/t20260228_1.html"),
    Sample(source="ccdi-news",
           body=page(f'<ul class="list_news_dl2">{row("./202602/t20260228_1.html", css="more")}</ul>'),
           link="https://www.ccdi.gov.cn/yaowenn/202602/t20260228_1.html"),
    Sample(source="sasac-policy",
           body=page(f'<div class="zsy_conlist"><ul><li style="display:none"><a href="#">无</a></li>'
                     f'{row("../../n2588035/c1/content.html", "[2026-02-28]")}</ul></div>'),
           link="http://www.sasac.gov.cn/n2588035/c1/content.html"),
    Sample(source="shanghai-jrj",
           body=page(f'<div><a href="/ZXYW178/20260228/{HASH}.html" title="{TITLE}">关于促进某产业…</a></div>'),
           link=f"https://jrj.sh.gov.cn/ZXYW178/20260228/{HASH}.html"),
    Sample(source="shanghai-pudong",
           body={"data": {"list": [{"title": TITLE, "url": "/zwgk/1.html", "display_date": "2026-02-28T00:00:00"}]}},
           link="https://www.pudong.gov.cn/zwgk/1.html"),
    Sample(source="shanghai-data-bureau",
           body=page(f'<div class="news-item"><a class="news-content" href="/gzdt/20260228/{HASH}.html">'
                     f'<h3 class="news-title">{TITLE}</h3></a><span class="date-day">28</span>'
                     '<span class="date-month">02月</span></div>'),
           link=f"https://sdb.sh.gov.cn/gzdt/20260228/{HASH}.html"),
    Sample(source="suzhou-news",
           body={"infolist": [{"title": TITLE, "link": "/szsrmzf/1.shtml", "pubtime": "2026-02-28 00:00:00"}]},
           link="https://www.suzhou.gov.cn/szsrmzf/1.shtml"),
    Sample(source="guangzhou-gov",
           body=page(f'<ul class="news_list">{row("/xw/tzgg/content/post_1.html")}</ul>'),
           link="https://www.gz.gov.cn/xw/tzgg/content/post_1.html"),
    Sample(source="chongqing-data-bureau",
           body=page(f'<div class="tab-item"><ul>{row("./202602/t20260228_1.html")}</ul></div>'),
           link="https://dsjj.cq.gov.cn/zwgk_533/zcwj/zcqtwj/202602/t20260228_1.html"),
    Sample(source="anhui-kjt",
           body=page(f'<ul class="doc_list">{row("/kjzx/tzgg/1.html", css="date")}</ul>'),
           link="https://kjt.ah.gov.cn/kjzx/tzgg/1.html"),
    Sample(source="blockbeats-flash",
           body={"data": {"list": [{"article_id": 7, "title": TITLE, "content": "<p>某日消息。</p>",
                                    "add_time": "1772208000"}]}},
           link="https://www.theblockbeats.info/flash/7", text="某日消息。"),
    Sample(source="foresight-news",
           body={"data": {"list": [{"id": 7, "title": TITLE, "content": "", "brief": "某日消息。",
                                    "published_at": 1772208000}]}},
           link="https://foresightnews.pro/news/detail/7", text="某日消息。"),
    Sample(source="marsbit",
           body={"data": [{"id": "20260228000000123", "title": TITLE, "synopsis": "摘要",
                           "publishTime": 1772208000000}]},
           link="https://news.marsbit.co/20260228000000123.html"),
    Sample(source="web3caff",
           body=[{"id": 7, "date": "2026-02-28T00:00:00", "date_gmt": "2026-02-27T16:00:00",
                  "link": "https://research.web3caff.com/archives/7", "title": {"rendered": TITLE},
                  "excerpt": {"rendered": "<p>摘要</p>"}, "content": {"rendered": "<p>某日消息。</p>"}}],
           link="https://research.web3caff.com/archives/7", text="某日消息。"),
    Sample(source="caixin-scroll",
           body={"data": {"articleList": [{"title": TITLE, "url": "https://www.caixin.com/2026-02-28/1.html",
                                           "time": 1772208000000}]}},
           link="https://www.caixin.com/2026-02-28/1.html"),
    Sample(source="caixin-global",
           body={"datas": [{"desc": TITLE, "link": "https://www.caixinglobal.com/2026-02-28/a-1.html",
                            "time": "2026-02-28 00:00", "summ": "摘要"}]},
           link="https://www.caixinglobal.com/2026-02-28/a-1.html"),
    Sample(source="stcn-kx",
           body={"state": 1, "data": [{"title": TITLE, "url": "/article/detail/1.html", "time": 1772208000}]},
           link="https://www.stcn.com/article/detail/1.html"),
    Sample(source="wallstreetcn",
           body={"code": 20000, "data": {"items": [{"id": 7, "title": "", "content_text": TITLE,
                                                    "uri": "https://wallstreetcn.com/livenews/7",
                                                    "display_time": 1772208000}]}},
           link="https://wallstreetcn.com/livenews/7", text=TITLE),
    Sample(source="cls-telegraph",
           body={"data": {"roll_data": [{"id": 7, "title": TITLE, "content": "某日消息。", "ctime": 1772208000}]}},
           link="https://www.cls.cn/detail/7", text="某日消息。"),
    Sample(source="36kr-newsflashes",
           body=page(f'<div class="newsflash-item"><a class="item-title" href="/newsflashes/7">{TITLE}</a>'
                     '<span class="time">10小时前</span></div>'),
           link="https://36kr.com/newsflashes/7", at="2026-03-01T18:00+00:00"),
    Sample(source="people-opinion",
           body=page(f'<ul class="p6"><li><a href="/n1/2026/0228/c1-2.html">{TITLE}</a></li></ul>'),
           link="http://opinion.people.com.cn/n1/2026/0228/c1-2.html"),
]  # fmt: skip


def read(source: Source, body: object) -> tuple[Entry, ...]:
    """Return the entries of a list sent as the source's own server would; it is read as its source says."""
    is_text = isinstance(body, str)
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    kind = "application/xml" if source.kind is SourceKind.FEED else "text/html" if is_text else "application/json"
    listing = parse_list(source, raw, url=source.url, content_type=kind, now=NOW)
    assert listing.degraded == ""
    return listing.entries


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.source)
def test_a_list_of_the_sites_shape_is_read(sample: Sample) -> None:
    """Title, absolute address, time in UTC and text come out of one row; navigation does not."""
    (entry,) = read(CATALOGUE[SourceId(sample.source)], sample.body)
    assert (entry.title, entry.url) == (sample.title, sample.link)
    assert (entry.published.at.isoformat(timespec="minutes") if entry.published else "") == sample.at
    assert entry.text == sample.text


def test_every_kind_of_list_has_a_sample() -> None:
    """Each set of paths or selectors in use was tried: by itself, or by a sibling that shares it."""
    tried = {(CATALOGUE[SourceId(s.source)].paths, CATALOGUE[SourceId(s.source)].rows) for s in SAMPLES}
    plain = [source for source in CATALOGUE.values() if source.kind in (SourceKind.JSON, SourceKind.LISTING)]
    own = [source for source in plain if source.paths or source.rows]
    assert len(own) > 80
    assert not {source.id for source in own if (source.paths, source.rows) not in tried}


def test_a_listing_without_selectors_is_detected() -> None:
    """The one enabled list page without selectors is read from a sample of its shape by detection."""
    plain = [source for source in CATALOGUE.values() if source.kind is SourceKind.LISTING and source.rows is None]
    assert {source.id for source in plain if source.enabled} == {"beijing-kw"}
    source = CATALOGUE[SourceId("beijing-kw")]
    body = (SAMPLE_FILES / source.id / "1.html").read_bytes()
    listing = parse_list(source, body, url=source.url, content_type="text/html", now=NOW, row_finder=DetectedRows())
    first, *others = listing.entries
    assert (first.title, first.url) == (TITLE, "http://kw.beijing.gov.cn/art/2026/2/28/art_736_1.html")
    assert first.published is not None
    assert first.published.at.isoformat(timespec="minutes") == DAY
    assert (len(others), listing.degraded) == (2, "")


@pytest.mark.parametrize(
    "source", [source for source in CATALOGUE.values() if source.kind is SourceKind.FEED], ids=lambda source: source.id
)
def test_every_feed_source_reads_rss_and_atom(source: Source) -> None:
    """Nothing in a feed's entry stands in the way of reading it, whatever its format."""
    rss = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item>'
        f"<title>{TITLE}</title><link>https://example.org/1</link>"
        "<pubDate>Sat, 28 Feb 2026 00:00:00 +0800</pubDate></item></channel></rss>"
    )
    atom = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry>'
        f'<title>{TITLE}</title><id>u:1</id><link href="https://example.org/1"/>'
        "<updated>2026-02-27T16:00:00Z</updated></entry></feed>"
    )
    for body in (rss, atom):
        (entry,) = read(source, body)
        assert (entry.title, entry.url) == (TITLE, "https://example.org/1")
        assert entry.published is not None
        assert entry.published.at.isoformat(timespec="minutes") == DAY
