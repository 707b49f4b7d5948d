"""A Chinese crypto news site: an Atom feed with summaries, and pages with recommendations around the text."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from core.source import Source, SourceId, SourceKind, Voice
from hongtou.rehearsal.sites.site import BOUNDS, Page, html_page, paragraphs_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hongtou.rehearsal.sites.site import Stage
    from hongtou.rehearsal.timeline import Piece


class LianwenSite:
    """The Chinese crypto news site."""

    key = "lianwen"
    list_path = "/feed/atom.xml"
    has_validators = True
    robots = "User-agent: *\nAllow: /\n"

    def source(self, base: str) -> Source:
        """Return the source that watches it."""
        return Source(
            id=SourceId("demo-lianwen"),
            name="演练·链闻",
            name_en="Rehearsal: Lianwen",
            kind=SourceKind.FEED,
            url=base + self.list_path,
            group="crypto-zh",
            voice=Voice.PRESS,
            bounds=BOUNDS,
            allow_private_addresses=True,
        )

    def path(self, piece: Piece, now: datetime) -> str:  # noqa: ARG002 - its addresses carry no date
        """Return the path of a piece's page."""
        return f"/article/{3_100 + piece.serial}"

    def listing(self, pieces: Sequence[Piece], stage: Stage) -> Page:
        """Show the feed."""
        newest = max(stage.published(piece) for piece in pieces)
        entries = "\n".join(self._entry(piece, stage) for piece in pieces)
        markup = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">
<title>演练·链闻</title><id>{stage.base}/</id><updated>{newest.isoformat()}</updated>
<link rel="self" href="{stage.base}{self.list_path}"/><link rel="alternate" href="{stage.base}/"/>
{entries}
</feed>"""
        return Page(body=markup.encode(), content_type="application/atom+xml; charset=utf-8")

    def _entry(self, piece: Piece, stage: Stage) -> str:
        at = stage.published(piece)
        is_edited = piece.edit is not None and stage.step >= piece.edit.step
        updated = at + timedelta(minutes=5) if is_edited else at
        link = stage.base + self.path(piece, stage.now)
        return f"""<entry><title>{escape(piece.title)}</title><id>{link}</id>
<link rel="alternate" type="text/html" href="{link}?utm_source=atom&amp;utm_medium=feed"/>
<published>{at.isoformat()}</published><updated>{updated.isoformat()}</updated>
<author><name>链闻编辑部</name></author>
<summary type="html">{escape(f"<p>{escape(piece.paragraphs[0])}</p>")}</summary></entry>"""

    def article(self, piece: Piece, stage: Stage) -> Page:
        """Show one piece."""
        at = stage.published(piece)
        return html_page(f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(piece.title)} - 演练·链闻</title>
<meta property="og:title" content="{escape(piece.title)}">
<meta property="article:published_time" content="{at.isoformat()}"></head><body>
<nav><a href="/">首页</a><a href="/flash">快讯</a><a href="/market">行情</a><a href="/topic">专题</a></nav>
<article>
<h1>{escape(piece.title)}</h1>
<div class="meta"><span class="author">链闻编辑部</span> <time>{at:%Y-%m-%d %H:%M}</time></div>
<div class="content">
{paragraphs_html(piece)}
</div>
<p class="disclaimer">声明：本文不构成投资建议。</p>
</article>
<aside><h3>热门文章</h3><ul>
<li><a href="/article/1">一文读懂质押</a></li>
<li><a href="/article/2">钱包使用指引</a></li></ul></aside>
<footer>演练·链闻　关于我们　加入社群</footer>
</body></html>""")
