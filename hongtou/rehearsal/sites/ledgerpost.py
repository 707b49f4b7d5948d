"""An English crypto site: RSS, and pages full of navigation, a sidebar and a stray advert line after the text."""

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

ADVERT = "Wood Profits Banner>"
"""The stray line that an advert's broken markup leaves under each article; it belongs to no text."""


class LedgerpostSite:
    """The English crypto site."""

    key = "ledgerpost"
    list_path = "/feed/"
    has_validators = True
    robots = "User-agent: *\nDisallow: /wp-admin/\nDisallow: /sponsored/\n"

    def source(self, base: str) -> Source:
        """Return the source that watches it."""
        return Source(
            id=SourceId("demo-ledgerpost"),
            name="Rehearsal: Ledger Post",
            name_en="Rehearsal: Ledger Post",
            kind=SourceKind.FEED,
            url=base + self.list_path,
            group="crypto-en",
            voice=Voice.PRESS,
            language="en",
            zone="UTC",
            bounds=BOUNDS,
            allow_private_addresses=True,
        )

    def path(self, piece: Piece, now: datetime) -> str:  # noqa: ARG002 - its addresses carry no date
        """Return the path of a piece's page."""
        section = "sponsored" if piece.page == "robots" else "news"
        words = "".join(letter if letter.isalnum() else " " for letter in piece.title.lower()).split()
        return f"/{section}/{'-'.join(words[:8])}/"

    def listing(self, pieces: Sequence[Piece], stage: Stage) -> Page:
        """Show the feed; it carries the whole text only of pieces whose pages are gone."""
        items = "\n".join(self._item(piece, stage) for piece in pieces)
        markup = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Ledger Post (rehearsal)</title><link>{stage.base}/</link>
<description>Crypto news for a rehearsal</description><language>en-US</language>
{items}
</channel></rss>"""
        return Page(body=markup.encode(), content_type="application/rss+xml; charset=UTF-8")

    def _item(self, piece: Piece, stage: Stage) -> str:
        whole = ""
        if piece.page == "gone":
            whole = f"<content:encoded><![CDATA[{paragraphs_html(piece)}]]></content:encoded>"
        return f"""<item><title>{escape(piece.title)}</title>
<link>{stage.base}{self.path(piece, stage.now)}?utm_source=rss&amp;utm_medium=rss</link>
<dc:creator><![CDATA[Ledger Post staff]]></dc:creator>
<pubDate>{format_datetime(stage.published(piece))}</pubDate>
<guid isPermaLink="false">{stage.base}/?p={7_700 + piece.serial}</guid>
<description><![CDATA[<p>{escape(piece.paragraphs[0])}</p>]]></description>
{whole}</item>"""

    def article(self, piece: Piece, stage: Stage) -> Page:
        """Show one piece."""
        at = stage.published(piece)
        return html_page(f"""<!DOCTYPE html>
<html lang="en-US"><head><meta charset="utf-8"><title>{escape(piece.title)} | Ledger Post</title>
<meta property="og:title" content="{escape(piece.title)}">
<meta property="article:published_time" content="{at.isoformat()}"></head><body>
<header><a href="/">Ledger Post</a>
<nav><ul><li><a href="/news/">News</a></li><li><a href="/prices/">Prices</a></li><li><a href="/nft/">NFT</a></li>
<li><a href="/metaverse/">Metaverse</a></li><li><a href="/learn/">Learn</a></li></ul></nav></header>
<main><article class="post">
<h1 class="entry-title">{escape(piece.title)}</h1>
<p class="byline">By Ledger Post staff on <time datetime="{at.isoformat()}">{at:%B} {at.day}, {at.year}</time></p>
<div class="entry-content">
{paragraphs_html(piece)}
<div class="ad-slot">{escape(ADVERT)}</div>
</div>
</article></main>
<aside class="sidebar"><h3>Most read</h3><ul>
<li><a href="/news/a/">Ten coins to watch this summer</a></li>
<li><a href="/news/b/">How to keep a seed phrase safe</a></li></ul>
<form><input name="email" placeholder="Your email"><button>Get the newsletter</button></form></aside>
<footer>Ledger Post, a rehearsal site. Nothing here is financial advice.</footer>
</body></html>""")
