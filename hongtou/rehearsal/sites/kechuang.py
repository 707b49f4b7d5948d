"""A regional paper in the shape of an old CMS: an HTML list and pages in GBK bytes that call themselves gb2312."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from core.source import RowSelectors, Source, SourceId, SourceKind, Voice
from hongtou.rehearsal.sites.site import BOUNDS, html_page, paragraphs_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hongtou.rehearsal.sites.site import Page, Stage
    from hongtou.rehearsal.timeline import Piece


class KechuangSite:
    """The regional paper. Its editor's name (喆 is GBK, not GB 2312) makes the declaration wrong, as is usual."""

    key = "kechuang"
    list_path = "/news/index.htm"
    has_validators = False
    robots = ""

    def source(self, base: str) -> Source:
        """Return the source that watches it."""
        return Source(
            id=SourceId("demo-kechuang"),
            name="演练·科创晚报",
            name_en="Rehearsal: Kechuang Evening News",
            kind=SourceKind.LISTING,
            url=base + self.list_path,
            group="press",
            voice=Voice.PRESS,
            rows=RowSelectors(row="td.newslist tr", title="a", link="a::attr(href)", date="font.date"),
            bounds=BOUNDS,
            allow_private_addresses=True,
        )

    def path(self, piece: Piece, now: datetime) -> str:
        """Return the path of a piece's page."""
        return f"/news/{piece.published(now):%Y-%m/%d}/content_{50_100 + piece.serial}.htm"

    def listing(self, pieces: Sequence[Piece], stage: Stage) -> Page:
        """Show the list."""
        rows = "\n".join(
            f'<tr><td>·<a href="{self.path(piece, stage.now)}">{escape(piece.title)}</a></td>'
            f'<td><font class="date">{stage.published(piece):%Y-%m-%d %H:%M}</font></td></tr>'
            for piece in pieces
        )
        return _page("新闻", f'<table><tr><td class="newslist"><table>\n{rows}\n</table></td></tr></table>')

    def article(self, piece: Piece, stage: Stage) -> Page:
        """Show one piece."""
        at = stage.published(piece)
        return _page(
            piece.title,
            f"""<h1>{escape(piece.title)}</h1>
<p class="info">{at:%Y年%m月%d日 %H:%M}　来源：科创晚报　责任编辑：王喆</p>
<div id="zoom" class="content">
{paragraphs_html(piece)}
</div>
<p class="links"><a href="/news/index.htm">返回列表</a>　<a href="/about.htm">联系我们</a></p>""",
        )


def _page(title: str, inner: str) -> Page:
    markup = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{escape(title)}-演练·科创晚报</title></head><body>
<div class="top"><a href="/">首页</a>　<a href="/news/index.htm">新闻</a>　<a href="/bbs/">论坛</a></div>
{inner}
<div class="foot">科创晚报社版权所有　演练站点</div>
</body></html>"""
    return html_page(markup, "gbk", declared="gb2312")
