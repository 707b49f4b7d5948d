"""A Hong Kong authority's press releases: RSS in Traditional Chinese with bare pages behind it."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from core.source import Source, SourceId, SourceKind, Voice
from hongtou.rehearsal.sites.site import BOUNDS, Page, html_page, paragraphs_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hongtou.rehearsal.sites.site import Stage
    from hongtou.rehearsal.timeline import Piece


class HarbourSite:
    """The Hong Kong authority."""

    key = "harbour"
    list_path = "/chi/rss/press-releases.xml"
    has_validators = True
    robots = "User-agent: *\nDisallow: /cgi-bin/\n"

    def source(self, base: str) -> Source:
        """Return the source that watches it."""
        return Source(
            id=SourceId("demo-harbour"),
            name="演練·香港新聞公報",
            name_en="Rehearsal: Hong Kong press releases",
            kind=SourceKind.FEED,
            url=base + self.list_path,
            group="hk",
            voice=Voice.AUTHORITY,
            jurisdiction="hk",
            issuer="香港特別行政區政府",
            language="zh-Hant",
            zone="Asia/Hong_Kong",
            bounds=BOUNDS,
            allow_private_addresses=True,
        )

    def path(self, piece: Piece, now: datetime) -> str:
        """Return the path of a piece's page."""
        return f"/chi/news/{piece.published(now):%Y/%m/%Y%m%d}-{piece.serial}/"

    def listing(self, pieces: Sequence[Piece], stage: Stage) -> Page:
        """Show the feed."""
        items = "\n".join(
            f"<item><title>{escape(piece.title)}</title>"
            f"<link>{stage.base}{self.path(piece, stage.now)}</link>"
            f"<pubDate>{format_datetime(stage.published(piece))}</pubDate></item>"
            for piece in pieces
        )
        markup = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>新聞公報（演練）</title><link>{stage.base}/chi/</link>
<description>新聞公報</description><language>zh-hk</language>
{items}
</channel></rss>"""
        return Page(body=markup.encode(), content_type="text/xml; charset=utf-8")

    def article(self, piece: Piece, stage: Stage) -> Page:
        """Show one piece."""
        at = stage.published(piece)
        return html_page(f"""<!DOCTYPE html>
<html lang="zh-HK"><head><meta charset="utf-8"><title>新聞公報 - {escape(piece.title)}</title></head><body>
<div class="menu"><a href="/chi/">主頁</a><a href="/eng/">English</a><a href="/chi/sitemap/">網頁指南</a></div>
<div class="press-release">
<h3 class="press-release-title">{escape(piece.title)}</h3>
<div class="press-release-date">{at.year}年{at.month}月{at.day}日 {at:%H:%M}</div>
<div class="template-content-area">
{paragraphs_html(piece)}
</div></div>
<div class="footer">最新修訂日期：{at:%Y-%m-%d}　私隱政策　重要告示</div>
</body></html>""")
