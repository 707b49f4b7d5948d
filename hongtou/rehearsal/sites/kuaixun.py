"""A flash wire: a JSON API whose rows hold `【title】text` in one field and a time in seconds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.source import JsonPaths, Source, SourceId, SourceKind, Voice
from hongtou.rehearsal.sites.site import BOUNDS, Page, html_page, paragraphs_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hongtou.rehearsal.sites.site import Stage
    from hongtou.rehearsal.timeline import Piece


class KuaixunSite:
    """The flash wire."""

    key = "kuaixun"
    list_path = "/api/v1/flash?limit=50"
    has_validators = True
    robots = "User-agent: *\nDisallow: /user/\n"

    def source(self, base: str) -> Source:
        """Return the source that watches it."""
        return Source(
            id=SourceId("demo-kuaixun"),
            name="演练·快讯",
            name_en="Rehearsal: flash wire",
            kind=SourceKind.JSON,
            url=base + self.list_path,
            group="crypto-zh",
            voice=Voice.PRESS,
            paths=JsonPaths(
                rows="data.list[*]",
                title="content",
                guid="id",
                date="created_at",
                text="content",
                link_template=base + "/flash/{id}",
                title_pattern="【([^】]+)】",
            ),
            fetch_articles=False,
            bounds=BOUNDS,
            allow_private_addresses=True,
        )

    def path(self, piece: Piece, now: datetime) -> str:  # noqa: ARG002 - its addresses carry no date
        """Return the path of a piece's page."""
        return f"/flash/{self._id(piece)}"

    def _id(self, piece: Piece) -> int:
        return 920_400 + piece.serial

    def listing(self, pieces: Sequence[Piece], stage: Stage) -> Page:
        """Show the list."""
        rows = [
            {
                "id": self._id(piece),
                "content": f"【{piece.title}】{''.join(piece.paragraphs)}",
                "created_at": int(stage.published(piece).timestamp()),
                "grade": 3,
                "images": [],
            }
            for piece in pieces
        ]
        answer = {"code": 0, "msg": "ok", "data": {"total": len(rows), "list": rows}}
        return Page(body=json.dumps(answer).encode(), content_type="application/json; charset=utf-8")

    def article(self, piece: Piece, stage: Stage) -> Page:
        """Show one piece, for readers who follow its link."""
        at = stage.published(piece)
        return html_page(
            f"<html><head><title>{piece.title}</title></head><body><h1>{piece.title}</h1>"
            f"<time>{at:%Y-%m-%d %H:%M}</time>{paragraphs_html(piece)}</body></html>"
        )
