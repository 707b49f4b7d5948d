"""Rehearsal sites: one of each dialect, in its exact shape, with the quirks that real ones have."""

from __future__ import annotations

import html
import json
from abc import abstractmethod
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest

from core.source import SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.crawler.conftest import Reply, Site

UTF8_HTML = {"Content-Type": "text/html; charset=utf-8"}
NAVIGATION = "".join(f"<li><a href='/nav/{n}/'>栏目导航第{n}项</a></li>" for n in range(8))


@dataclass(frozen=True, slots=True)
class Doc:
    """One document of a site."""

    n: int

    @property
    def title(self) -> str:
        """Its title."""
        return f"关于印发区块链行动计划（第{self.n}批）的通知"

    @property
    def day(self) -> date:
        """When it was published."""
        return date(2023, 1, 1) + timedelta(days=self.n)

    @property
    def number(self) -> str:
        """Its number."""
        return f"某府办发〔2023〕{self.n}号"

    @property
    def path(self) -> str:
        """Its address."""
        return f"/zwgk/{self.day:%Y%m}/t{self.day:%Y%m%d}_{6000 + self.n}.html"


@dataclass(slots=True)
class Rehearsal:
    """A site of one dialect; its documents count down from the newest."""

    newest: int = 5
    size: int = 5
    quirks: frozenset[str] = frozenset()
    """`repeat`: every page is the first; `stub`, `empty`, `gone`, `error`: what stands where the second page was."""
    broken: int = 0
    """How often a further page fails before it is there."""
    failing: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Path → status and body in place of what is there."""

    kind: ClassVar[SourceKind]
    start: ClassVar[str]
    pages: ClassVar[bool] = True
    """Whether it has further pages."""
    numbered: ClassVar[bool] = True
    """Whether its list prints the documents' numbers."""
    counted: ClassVar[bool] = False
    """Whether its first page says how many documents or pages there are."""
    interface: ClassVar[str] = ""
    """Path of the interface behind its column page; empty when it has none."""

    def docs(self, page: int = 1) -> list[Doc]:
        """Return the documents of one page."""
        page = 1 if "repeat" in self.quirks else page
        highest = self.newest - self.size * (page - 1)
        return [Doc(n) for n in range(highest, max(highest - self.size, 0), -1)]

    @abstractmethod
    def answer(self, path: str, query: dict[str, str]) -> tuple[dict[str, str], str | bytes] | None:
        """Return headers and body of an address; None when there is nothing."""

    def reply(self, address: str, nothing: Reply) -> Reply:
        """Answer a request."""
        place = urlsplit(address)
        if place.path in self.failing:
            status, text = self.failing[place.path]
            return replace(nothing, status=status, body=text.encode(), headers=UTF8_HTML)
        if self.broken and self.is_further(place.path, place.query):
            self.broken -= 1
            return replace(nothing, status=503)
        found = self.answer(place.path, dict(parse_qsl(place.query, keep_blank_values=True)))
        if found is None:
            return nothing
        headers, body = found
        return replace(nothing, status=200, headers=headers, body=body if isinstance(body, bytes) else body.encode())

    def is_further(self, path: str, query: str) -> bool:
        """Whether an address is that of a second page."""
        return "index_1" in path or "page=2" in query or "pageNo%22%3A2" in query or "startrecord" in query

    def further(self, page: int, whole: str) -> str:
        """Return what stands where a page is: itself, or what a quirk puts behind the first."""
        if page == 1 or not self.quirks & {"stub", "empty"}:
            return whole
        return "" if "empty" in self.quirks else "<html><body></body></html>"


class Routes(dict[str, Any]):
    """Answers of a `Site` that a rehearsal gives."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        super().__init__()
        self._rehearsal = rehearsal

    def get(self, path: str, default: Any = None) -> Any:
        """Return the answer to a path with its query."""
        own = super().get(path)
        return own if own is not None else self._rehearsal.reply(path, default)


def page(body: str, head: str = "") -> str:
    """Return a whole page with navigation around its content."""
    about = "<p>政务公开 机构职能 通知公告 政策解读 网站地图 联系我们 版权所有</p>" * 3
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>通知公告_某市政府</title>{head}</head>"
        f"<body><ul class='nav'>{NAVIGATION}</ul>{body}<div class='foot'>{about}</div></body></html>"
    )


def items(docs: list[Doc]) -> str:
    """Return rows as list items with a date and a number beside the link."""
    return "".join(
        f"<li class='clearfix'><a href='{doc.path}' title='{doc.title}' target='_blank'>{doc.title[:12]}…</a>"
        f"<i>{doc.number}</i><span class='time'>{doc.day}</span></li>"
        for doc in docs
    )


class GovCn(Rehearsal):
    """A column whose list is a static JSON file with a byte-order mark, sent as plain text."""

    kind = SourceKind.GOVCN
    start = "/zhengce/zuixin/"
    pages = False
    numbered = False
    interface = "/zhengce/zuixin/ZUIXINZHENGCE.json"

    def answer(self, path: str, query: dict[str, str]) -> tuple[dict[str, str], str | bytes] | None:
        """Answer."""
        del query
        if path == self.start:
            script = "$.ajax({type: 'get', url: './ZUIXINZHENGCE.json?_=' , dataType: 'json'})"
            return UTF8_HTML, page("<div class='news_box'><ul></ul></div>" + f"<script>{script}</script>")
        if path != self.interface:
            return None
        rows = [
            {"TITLE": doc.title, "SUB_TITLE": "", "URL": doc.path, "DOCRELPUBTIME": str(doc.day)} for doc in self.docs()
        ]
        return {"Content-Type": "text/plain"}, b"\xef\xbb\xbf" + json.dumps(rows, ensure_ascii=False).encode()


class Jpaas(Rehearsal):
    """A column page with two units, whose ids stand in single-quoted attributes; HTML inside JSON."""

    kind = SourceKind.JPAAS
    counted = True
    start = "/col/col1229/index.html"
    interface = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    ids: ClassVar[dict[str, str]] = {"webId": "149", "tplSetId": "LWYU", "pageId": "1229", "tagId": "当前栏目列表"}

    def answer(self, path: str, query: dict[str, str]) -> tuple[dict[str, str], str | bytes] | None:
        """Answer."""
        if path == self.start:
            return UTF8_HTML, page(self._unit("左侧导航") + self._unit(self.ids["tagId"]))
        if path != self.interface or any(query.get(name) != value for name, value in self.ids.items()):
            return None
        position = json.loads(query["paramJson"])
        assert position["pageSize"] == self.size
        rows = f'<div class="page-content" count="{self.newest}"><ul>{items(self.docs(position["pageNo"]))}</ul></div>'
        inner = self.further(position["pageNo"], rows)
        inner = html.escape(inner) if "escaped" in self.quirks else inner
        body = {"success": True, "code": "200", "data": {"html": inner}}
        return {"Content-Type": "text/html"}, json.dumps(body, ensure_ascii=False)

    def _unit(self, tag: str) -> str:
        known = {"parseType": "bulidstatic", **self.ids, "tagId": tag, "pageType": "column", "editType": "null"}
        inside = ",".join(f"'{name}':'{value}'" for name, value in known.items())
        size = f"'paramJson':'{{\\'pageNo\\':1,\\'pageSize\\':{self.size}}}'"
        return f'<script url="{self.interface}" querydata="{{{inside},{size}}}"></script>'


class Gkmlpt(Rehearsal):
    """An index page with SID and TREE in a script, and the interface."""

    kind = SourceKind.GKMLPT
    counted = True
    start = "/gkmlpt/index"
    interface = "/gkmlpt/api/all/0"

    def answer(self, path: str, query: dict[str, str]) -> tuple[dict[str, str], str | bytes] | None:
        """Answer."""
        if path == self.start:
            tree = [{"id": 2810, "name": "机构职能", "children": [{"id": 2811, "name": "规范性文件", "children": []}]}]
            script = f"window._CONFIG = {{'SID': '755031', TREE: {json.dumps(tree, ensure_ascii=False)}, CUR: 0}};"
            return UTF8_HTML, f"<html><head></head><body><div id='app'></div><script>{script}</script></body></html>"
        if not path.startswith("/gkmlpt/api/all/") or query.get("sid") != "755031":
            return None
        number = int(query["page"])
        articles = [] if number > 1 and self.quirks & {"stub", "empty"} else [*map(self._article, self.docs(number))]
        body = {"articles": articles, "classify": {"id": 0, "post_count": self.newest}}
        return {"Content-Type": "application/json"}, json.dumps(body)

    @staticmethod
    def _article(doc: Doc) -> dict[str, object]:
        epoch = (doc.day - date(1970, 1, 1)).days * 86_400 - 8 * 3_600
        return {
            "id": 10_000 + doc.n, "title": doc.title, "url": doc.path, "post_url": "", "publisher": "某市科技创新局",
            "document_number": doc.number, "identifier": f"11440300-2023-00{doc.n}", "display_publish_time": epoch,
            "date": "2019-01-01 00:00:00", "abstract": "", "is_expired": 0, "is_abolished": int(doc.n == 3),
        }  # fmt: skip


class Jpage(Rehearsal):
    """A column page with server-rendered rows and a proxy that gives the next records as XML."""

    kind = SourceKind.JPAGE
    start = "/col/col84242/index.html"
    proxy = "/module/web/jpage/dataproxy.jsp"
    ids: ClassVar[str] = "unitid:'356383', webid:1, columnid:84242"

    def answer(self, path: str, query: dict[str, str]) -> tuple[dict[str, str], str | bytes] | None:
        """Answer."""
        if path == self.start:
            ids = "unitid:'JTJBxyz==', webid:'JTJB', columnid:'84242'" if "encrypted" in self.quirks else self.ids
            script = f"$('#356383').jpage({{proxyUrl:'{self.proxy}', {ids}, perPage:{self.size}}});"
            return UTF8_HTML, page(f"<ul class='RcontUl'>{items(self.docs())}</ul><script>{script}</script>")
        if path != self.proxy or (query["unitid"], query["webid"], query["columnid"]) != ("356383", "1", "84242"):
            return None
        first, last = int(query["startrecord"]), int(query["endrecord"])
        docs = self.docs() if "repeat" in self.quirks else [Doc(self.newest - n + 1) for n in range(first, last + 1)]
        records = "".join(f"<record><![CDATA[{items([doc])}]]></record>" for doc in docs if doc.n > 0)
        inner = f"<datastore><totalrecord>{self.newest}</totalrecord><recordset>{records}</recordset></datastore>"
        return {"Content-Type": "text/html"}, self.further(2, f"<?xml version='1.0' encoding='utf-8'?>{inner}")


class TrsRecords(Rehearsal):
    """A column page whose rows are CDATA records with index numbers that look like dates; encrypted groups behind."""

    kind = SourceKind.TRS_RECORDS
    start = "/col/col112/index.html"
    group = "/module/web/jpage/dataproxy.jsp"

    def answer(self, path: str, query: dict[str, str]) -> tuple[dict[str, str], str | bytes] | None:
        """Answer."""
        if path == self.start:
            return UTF8_HTML, page(f"<div id='5'><script type='text/xml'>{self._group(1)}</script></div>")
        if path == self.group:
            number = int(query["page"])
            return {"Content-Type": "text/html"}, self.further(number, self._group(number))
        return None

    def _group(self, number: int) -> str:
        records = "".join(
            f"<record><![CDATA[<tr><td>2023-08-00{doc.n:03}</td><td><a href='../..{doc.path}' title='{doc.title}'>"
            f"{doc.title[:10]}...</a></td><td><span>{doc.number}</span></td><td><span>{doc.day}</span></td></tr>]]></record>"
            for doc in self.docs(number)
        )
        onward = f"<a href='{self.group}?page={number + 1}&amp;path=JTJBxyz==&amp;unitid=JTNC'>下一页</a>"
        return f"<datastore><nextgroup><![CDATA[{onward}]]></nextgroup><recordset>{records}</recordset></datastore>"


class TrsDated(Rehearsal):
    """A static list with links to dated paths, a hot list beside it, and pages `index_1.html`."""

    kind = SourceKind.TRS_DATED
    counted = True
    start = "/zwgk/zcfb/"

    def answer(self, path: str, query: dict[str, str]) -> tuple[dict[str, str], str | bytes] | None:
        """Answer."""
        del query
        name = path.removeprefix(self.start)
        number = 1 if not name else int(name[6:-5] or 0) + 1 if name.startswith("index_") else 0
        if not path.startswith(self.start) or number < 1:
            return None
        total = -(-self.newest // self.size)
        docs = self.docs(number)
        if not docs:
            return None
        hot = "".join(f"<p><a href='/rd/202001/t20200101_{n}.html'>热点文章点击排行第{n}名</a></p>" for n in range(3))
        pager = f"<script>createPageHTML({total}, {number - 1}, 'index', 'html');</script>"
        body = self.further(number, page(f"<ul class='u-list'>{items(docs)}</ul><div class='hot'>{hot}</div>{pager}"))
        return UTF8_HTML, body or "<html></html>"


class Ucap(Rehearsal):
    """A list page without rows whose meta element names the channel, and the search interface."""

    kind = SourceKind.UCAP
    counted = True
    start = "/szf/c100/list.shtml"
    interface = "/searchList/a1a078"
    numbered = False

    def answer(self, path: str, query: dict[str, str]) -> tuple[dict[str, str], str | bytes] | None:
        """Answer."""
        if path == self.start:
            rows = f"<ul class='list'>{items(self.docs())}</ul>" if "rows" in self.quirks else "<ucaplist></ucaplist>"
            return UTF8_HTML, page(rows, head="<meta name='ChannelId' content='a1a078'>")
        if path != self.interface or query.get("_isJson") != "true":
            return None
        number, size = int(query["page"]), int(query["_pageSize"])
        docs = [] if number > 1 and self.quirks & {"stub", "empty"} else self.docs(number)
        results = [
            {
                "title": doc.title,
                "url": doc.path,
                "manuscriptId": f"m{doc.n}",
                "contentHtml": "<p>正文</p>",
                "publishedTime": ((doc.day - date(1970, 1, 1)).days * 86_400 - 28_800) * 1000,
            }
            for doc in docs
        ]
        body = {"data": {"total": self.newest, "rows": size, "results": results}}
        return {"Content-Type": "application/json;charset=utf-8"}, json.dumps(body)


class NewsSitemap(Rehearsal):
    """An index of sitemaps, the newest of which is Google's kind."""

    kind = SourceKind.SITEMAP
    start = "/sitemap.xml"
    pages = False
    numbered = False

    def answer(self, path: str, query: dict[str, str]) -> tuple[dict[str, str], str | bytes] | None:
        """Answer."""
        del query
        ns = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
        if path == self.start:
            children = (("/news.xml", "2023-06-15"), ("/old.xml", "2019-01-01"))
            inner = "".join(
                f"<sitemap><loc>{{root}}{loc}</loc><lastmod>{day}</lastmod></sitemap>" for loc, day in children
            ).replace("{root}", "")
            return {"Content-Type": "text/xml"}, f"<sitemapindex {ns}>{inner}</sitemapindex>"
        if path == "/old.xml":
            return {"Content-Type": "text/xml"}, f"<urlset {ns}></urlset>"
        if path != "/news.xml":
            return None
        urls = "".join(
            f"<url><loc>{doc.path}</loc><news:news><news:publication><news:name>某报</news:name>"
            f"<news:language>zh</news:language></news:publication><news:publication_date>{doc.day}</news:publication_date>"
            f"<news:title>{doc.title}</news:title></news:news></url>"
            for doc in self.docs()
        )
        return {"Content-Type": "text/xml"}, f"<urlset {ns}>{urls}</urlset>"


REHEARSALS = (GovCn, Jpaas, Gkmlpt, Jpage, TrsRecords, TrsDated, Ucap, NewsSitemap)


@pytest.fixture
def rehearse(site: Site) -> Callable[[type[Rehearsal]], Rehearsal]:
    """Puts a rehearsal on the loopback site."""

    def put(kind: type[Rehearsal]) -> Rehearsal:
        rehearsal = kind()
        site.answers = Routes(rehearsal)
        return rehearsal

    return put


@pytest.fixture(params=REHEARSALS, ids=lambda found: found.kind.value)
def rehearsal(request: pytest.FixtureRequest, rehearse: Callable[[type[Rehearsal]], Rehearsal]) -> Rehearsal:
    """A site of each dialect in turn."""
    return rehearse(request.param)


@pytest.fixture(params=[found for found in REHEARSALS if found.pages], ids=lambda found: found.kind.value)
def paged(request: pytest.FixtureRequest, rehearse: Callable[[type[Rehearsal]], Rehearsal]) -> Rehearsal:
    """A site of each dialect that has further pages."""
    return rehearse(request.param)


@pytest.fixture(params=[found for found in REHEARSALS if found.interface], ids=lambda found: found.kind.value)
def interfaced(request: pytest.FixtureRequest, rehearse: Callable[[type[Rehearsal]], Rehearsal]) -> Rehearsal:
    """A site of each dialect that has an interface behind its column page."""
    return rehearse(request.param)
