"""A central portal in the shape of gov.cn: a static JSON list of days, and UCAP pages with a metadata table."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from core.source import ArticleSelectors, JsonPaths, Source, SourceId, SourceKind, Voice
from hongtou.rehearsal.sites.site import BOUNDS, Page, html_page, paragraphs_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hongtou.rehearsal.sites.site import Stage
    from hongtou.rehearsal.timeline import Piece


class CouncilSite:
    """The central portal."""

    key = "council"
    list_path = "/zhengce/zuixin/ZUIXINZHENGCE.json"
    has_validators = True
    robots = "User-agent: *\nDisallow: /premier/\nDisallow: /2016gov/\n"

    def source(self, base: str) -> Source:
        """Return the source that watches it."""
        return Source(
            id=SourceId("demo-council"),
            name="演练·中央政府门户",
            name_en="Rehearsal: central portal",
            kind=SourceKind.JSON,
            url=base + self.list_path,
            group="cn-central",
            voice=Voice.AUTHORITY,
            jurisdiction="cn",
            issuer="国务院",
            paths=JsonPaths(rows="$[*]", title="TITLE", link="URL", date="DOCRELPUBTIME", summary="SUB_TITLE"),
            article=ArticleSelectors(title="h1.pages-title", body="#UCAP-CONTENT"),
            bounds=BOUNDS,
            allow_private_addresses=True,
        )

    def path(self, piece: Piece, now: datetime) -> str:
        """Return the path of a piece's page."""
        return f"/zhengce/content/{piece.published(now):%Y%m}/content_{6_880_000 + piece.serial}.htm"

    def listing(self, pieces: Sequence[Piece], stage: Stage) -> Page:
        """Show the list."""
        rows = [
            {
                "TITLE": piece.title,
                "SUB_TITLE": "",
                "URL": stage.base + self.path(piece, stage.now),
                "DOCRELPUBTIME": f"{stage.published(piece):%Y-%m-%d}",
            }
            for piece in pieces
        ]
        return Page(body=json.dumps(rows, ensure_ascii=False).encode(), content_type="application/json")

    def article(self, piece: Piece, stage: Stage) -> Page:
        """Show one piece."""
        at = stage.published(piece)
        return html_page(f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{escape(piece.title)}_演练门户</title>
<meta name="firstpublishedtime" content="{at:%Y-%m-%d-%H:%M:%S}">
<meta name="lastmodifiedtime" content="{at:%Y-%m-%d-%H:%M:%S}">
<meta name="catalog" content="最新政策"></head>
<body>
<div class="header"><a href="/">首页</a> | <a href="/zhengce/">政策</a> | <a href="/fuwu/">服务</a></div>
<table class="bd1"><tbody>
<tr><td><b>索 引 号：</b></td><td>000014349/{at:%Y}-{piece.serial:05d}</td>
<td><b>主题分类：</b></td><td>综合政务</td></tr>
<tr><td><b>发文机关：</b></td><td>{escape(piece.issuer)}</td>
<td><b>成文日期：</b></td><td>{at.year}年{at.month}月{at.day}日</td></tr>
<tr><td><b>标　　题：</b></td><td colspan="3">{escape(piece.title)}</td></tr>
<tr><td><b>发文字号：</b></td><td>{escape(piece.number)}</td>
<td><b>发布日期：</b></td><td>{at.year}年{at.month}月{at.day}日</td></tr>
</tbody></table>
<h1 class="pages-title">{escape(piece.title)}</h1>
<div class="pages_content" id="UCAP-CONTENT">
{paragraphs_html(piece, ' style="text-indent: 2em;"')}
</div>
<div class="share">分享到： 微信 微博 <a href="javascript:window.print()">打印</a></div>
<div class="footer">主办单位：演练门户编辑部　网站标识码 00000000</div>
</body></html>""")
