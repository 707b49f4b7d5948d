"""A city portal in the shape of a TRS site: a dated HTML list with relative links, and pages with a metadata table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from core.source import ArticleSelectors, RowSelectors, Source, SourceId, SourceKind, Voice
from hongtou.rehearsal.sites.site import BOUNDS, html_page, paragraphs_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hongtou.rehearsal.sites.site import Page, Stage
    from hongtou.rehearsal.timeline import Piece

_FOLDER = "/nw12344/"


class ShanghaiSite:
    """The city portal."""

    key = "shanghai"
    list_path = f"{_FOLDER}index.html"
    has_validators = True
    robots = "User-agent: *\nDisallow: /search/\n"

    def source(self, base: str) -> Source:
        """Return the source that watches it."""
        return Source(
            id=SourceId("demo-shanghai"),
            name="演练·上海市政府公文",
            name_en="Rehearsal: Shanghai documents",
            kind=SourceKind.LISTING,
            url=base + self.list_path,
            group="cn-shanghai",
            voice=Voice.AUTHORITY,
            jurisdiction="cn-sh",
            issuer="上海市人民政府",
            rows=RowSelectors(row="ul.list-date li", title="a::attr(title)", link="a::attr(href)", date="span.time"),
            article=ArticleSelectors(title="#ivs_title", body="#ivs_content"),
            bounds=BOUNDS,
            allow_private_addresses=True,
        )

    def path(self, piece: Piece, now: datetime) -> str:
        """Return the path of a piece's page."""
        return _FOLDER + self._name(piece, now)

    def _name(self, piece: Piece, now: datetime) -> str:
        return f"t{piece.published(now):%Y%m%d}_{1_430_000 + piece.serial}.html"

    def listing(self, pieces: Sequence[Piece], stage: Stage) -> Page:
        """Show the list; long titles are cut in the text of their links, as such sites do."""
        rows = "\n".join(
            f'<li><a href="./{self._name(piece, stage.now)}" target="_blank" title="{escape(piece.title)}">'
            f"{escape(piece.title[:24])}{'…' if len(piece.title) > 24 else ''}</a>"
            f'<span class="time">{stage.published(piece):%Y-%m-%d}</span></li>'
            for piece in pieces
        )
        return html_page(f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>最新公文_演练·上海</title></head><body>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/nw12343/">政务公开</a></li></ul>
<div class="trout-region-content"><ul class="list-date">
{rows}
</ul></div>
<div class="page">共 1 页 <a href="./index.html">1</a></div>
</body></html>""")

    def article(self, piece: Piece, stage: Stage) -> Page:
        """Show one piece."""
        at = stage.published(piece)
        return html_page(f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{escape(piece.title)}_最新公文_演练·上海</title>
<meta name="ArticleTitle" content="{escape(piece.title)}">
<meta name="PubDate" content="{at:%Y-%m-%d %H:%M:%S}">
<meta name="ContentSource" content="{escape(piece.issuer)}"></head><body>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/nw12343/">政务公开</a></li></ul>
<div class="Article">
<h2 class="Article-title" id="ivs_title">{escape(piece.title)}</h2>
<table class="table table-bordered"><tbody>
<tr><th>索取号</th><td>AA000{piece.serial}-{at:%Y}-{piece.serial:03d}</td><th>发文机关</th>
<td>{escape(piece.issuer)}</td></tr>
<tr><th>发文字号</th><td>{escape(piece.number)}</td><th>发布日期</th><td>{at:%Y-%m-%d}</td></tr>
</tbody></table>
<div class="Article_content trout-region-content" id="ivs_content"><div class="TRS_UEDITOR">
{paragraphs_html(piece)}
</div></div>
<div class="Article-tool">【字体：大 中 小】【打印】【关闭】</div>
</div>
<div class="footer">演练站点，仅供测试</div>
</body></html>""")
