"""Contents of alerts: stories with outlets and kin, digests, notices; and the forms of channels."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core.alert import AlertKind, ChannelId, OutletTold, RouteId, StoryTold, Told
from core.classification import Stage
from core.item import ItemId, StoryId
from core.message import ChannelForm, ChannelKind, Content, DigestFrame, QuietSource, Unit
from core.notices import NoticeKind
from core.source import SourceId
from core.stories import Outlet, Relation, Story

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Any]

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)


@pytest.fixture
def make_story() -> Make:
    """Maker of stories; `n` gives each its own number."""

    def make(n: int = 1, **fields: Any) -> Story:
        defaults: dict[str, Any] = {
            "title": f"某市发布区块链产业行动计划（第{n}版）",
            "jurisdiction": "cn-sh",
            "act": "plan",
            "topics": ("blockchain",),
            "languages": ("zh",),
            "items": 3,
            "sources": 3,
            "score": 0.95,
            "relevant": True,
            "began_at": NOW - timedelta(hours=5),
            "first_seen_at": NOW - timedelta(hours=4),
            "last_seen_at": NOW,
        }
        return Story(id=StoryId(n), **{**defaults, **fields})

    return make


@pytest.fixture
def make_outlet() -> Make:
    """Maker of outlets; `n` gives each its own source, and as many hours of lead as n."""

    def make(n: int = 1, **fields: Any) -> OutletTold:
        defaults: dict[str, Any] = {
            "source_id": SourceId(f"outlet-{n}"),
            "item_id": ItemId(900 + n),
            "language": "en",
            "published_at": NOW - timedelta(hours=5) + timedelta(hours=n, minutes=20),
            "first_seen_at": NOW,
            "is_authority": False,
            "lead": timedelta(hours=n, minutes=20),
        }
        return OutletTold(
            outlet=Outlet(**{**defaults, **fields}), name=f"Outlet {n}", url=f"https://outlet{n}.example/a"
        )

    return make


@pytest.fixture
def make_told(make_item: Make, make_source: Make, make_classification: Make) -> Make:
    """Maker of told items without a story; `topic` and `place` choose where a digest lists them."""

    def make(n: int = 1, *, topic: str = "blockchain", place: str = "cn-sh", **fields: Any) -> Told:
        judged = fields.pop("classification", None) or make_classification(topics=(topic,), jurisdiction=place)
        reason = fields.pop("reason", "act plan")
        return Told(item=make_item(n, classification=judged, **fields), source=make_source(), reason=reason)

    return make


@pytest.fixture
def make_full(make_told: Make, make_story: Make, make_outlet: Make, make_item: Make, make_classification: Make) -> Make:
    """Maker of told items with everything there is to say, the authority's document found by `primary`."""

    def make(n: int = 1, *, primary: bool = True, outlets: int = 3) -> Told:
        judged = make_classification(
            gloss=f"City issues blockchain plan {n}",
            translation="A city's plan",
            summary=("It was issued.",),
            documents=("元宇宙产业行动计划",),
            document_numbers=("沪府办发〔2023〕10号",),
            stage=Stage.DRAFT,
            comments_until=date(2023, 7, 1),
        )
        document = make_item(
            1000 + n, source_id=SourceId("shgov"), title=f"上海市行动计划全文{n}", url=f"https://shgov.example/{n}"
        )
        told: Told = make_told(n, classification=judged)
        story = StoryTold(
            story=make_story(n, title=document.title if primary else told.item.title),
            primary=document if primary else None,
            outlets=tuple(make_outlet(one) for one in range(1, outlets + 1)),
            kin=((Relation.FINALISES, True, make_story(500, title="元宇宙行动计划（征求意见稿）")),),
        )
        return replace(told, story=story)

    return make


@pytest.fixture
def make_content(make_told: Make) -> Make:
    """Maker of contents: by default an alert of one item; those with several told items are digests."""

    def make(*told: Told, **fields: Any) -> Content:
        told = told or (make_told(),)
        kind = AlertKind.ITEM if len(told) == 1 else AlertKind.DIGEST
        return Content(**{"kind": kind, "now": NOW, "told": told, "route": RouteId("desk"), **fields})

    return make


@pytest.fixture
def frame() -> DigestFrame:
    """A frame with everything that a digest can tell beside its stories."""
    return DigestFrame(
        since=NOW - timedelta(days=1),
        why="11 alerts came during quiet hours",
        week=tuple((f"2023-06-{9 + day:02}", count) for day, count in enumerate((3, 5, 0, 1, 9, 12, 4))),
        quiet=(QuietSource(source_id=SourceId("bureau"), name="某局", fault="blocked", since=NOW - timedelta(days=5)),),
        silenced=2,
    )


@pytest.fixture
def notice() -> Content:
    """An operator notice of several lines."""
    return Content(
        kind=AlertKind.NOTICE,
        now=NOW,
        subject="Source down",
        body="first <line>\n\nsecond & line",
        notice=NoticeKind.SOURCE,
    )


@pytest.fixture
def make_form() -> Make:
    """Maker of forms: by default mail without bounds."""

    def make(kind: ChannelKind = ChannelKind.EMAIL, **fields: Any) -> ChannelForm:
        defaults: dict[str, Any] = {"max_title": 200 if kind is ChannelKind.EMAIL else 0, "max_body": 0}
        return ChannelForm(channel=ChannelId("desk"), kind=kind, **{**defaults, **fields})

    return make


def unit_length(text: str, unit: Unit) -> int:
    """Measure a text independently of the code under test."""
    if unit is Unit.BYTES:
        return len(text.encode("utf-8"))
    return len(text.encode("utf-16-le")) // 2 if unit is Unit.UTF16 else len(text)
