"""Contents of our own making, to try templates and channels with; nothing in them has happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from core.alert import AlertKind, OutletTold, RouteId, StoryTold, Told
from core.classification import Classification, Evidence, Stage, Zone
from core.item import DateOrigin, DatePrecision, Item, ItemId, Published, StoryId
from core.message import Content, DigestFrame, QuietSource
from core.notices import NoticeKind
from core.source import Source, SourceId, SourceKind, Voice
from core.stories import Outlet, Relation, Story, StoryChange

if TYPE_CHECKING:
    from datetime import datetime

_ROUTE = RouteId("desk")
_BUREAU = "示例市经济和信息化局"


def sample_contents(now: datetime) -> dict[str, Content]:
    """Return one content of every kind that templates are written for, by its name.

    Args:
        now: Aware UTC; everything in them lies shortly before.
    """
    told = _stories(now)
    item = Content(kind=AlertKind.ITEM, now=now, told=(told[0],), route=_ROUTE)
    notice = Content(
        kind=AlertKind.NOTICE,
        now=now,
        notice=NoticeKind.SOURCE,
        subject="Source example-bureau is blocked",
        body="The list answered 403 to the last 12 polls, since yesterday.\n\n"
        "Look at it with: hongtou sources check example-bureau",
    )
    return {
        "item": item,
        "update": replace(item, kind=AlertKind.UPDATE, change=StoryChange.PRIMARY_FOUND, told=(told[1],)),
        "digest": Content(kind=AlertKind.DIGEST, now=now, told=told, route=_ROUTE, frame=_frame(now)),
        "notice": notice,
        "recovery": replace(
            notice,
            notice=NoticeKind.RECOVERY,
            subject="Source example-bureau is well again",
            body="The list answers again, after 26 hours. Nothing was missed.",
        ),
        "test": Content(
            kind=AlertKind.TEST,
            now=now,
            subject="This channel works",
            body="A real alert takes the same way.\n渠道正常。",
        ),
    }


def bare_contents(now: datetime) -> dict[str, Content]:
    """Return the same with as little in them as an alert can have: no story, no classification, no frame, no body."""
    told = tuple(
        replace(one, item=replace(one.item, classification=None, title="", url=""), source=None, story=None, reason="")
        for one in _stories(now)[:2]
    )
    contents = sample_contents(now)
    bare = {
        "item": replace(contents["item"], told=told[:1], route=None),
        "update": replace(contents["update"], told=told[:1], change=None),
        "digest": replace(contents["digest"], told=told, frame=None, route=None),
    }
    return {name: bare.get(name, replace(content, subject="", body="")) for name, content in contents.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """What one made-up item says."""

    number: int
    title: str
    topics: tuple[str, ...]
    act: str
    reason: str
    words: tuple[str, ...]
    gloss: str = ""
    stage: Stage | None = None
    place: str = "cn-sh"
    language: str = "zh"


_SAMPLES = (
    _Sample(
        number=1,
        title=f"{_BUREAU}关于印发《元宇宙产业创新发展行动计划（2026—2028年）》的通知",
        gloss="Notice of the Example City bureau of economy and informatisation on issuing an action plan for the "
        "innovative development of the metaverse industry (2026–2028)",
        topics=("metaverse", "ai"),
        act="plan",
        stage=Stage.IN_FORCE,
        reason="Example City issues an action plan on the metaverse, in force in January.",
        words=("元宇宙", "行动计划", "印发"),
    ),
    _Sample(
        number=2,
        title="《示例市区块链应用管理办法（征求意见稿）》公开征求意见",
        gloss="Comments are sought on the Example City measures for blockchain applications (draft)",
        topics=("blockchain", "data-elements"),
        act="draft",
        stage=Stage.DRAFT,
        reason="Example City seeks comments on draft measures on blockchain.",
        words=("区块链", "征求意见稿"),
    ),
    _Sample(
        number=3,
        title="Example Monetary Authority consults on custody rules for stablecoin issuers",
        topics=("stablecoin", "virtual-assets"),
        place="hk",
        act="draft",
        stage=Stage.DRAFT,
        reason="Example Monetary Authority proposes rules on stablecoin custody.",
        words=("stablecoin", "consults"),
        language="en",
    ),
    _Sample(
        number=4,
        title="示例省设立区块链产业引导基金",
        gloss="Example Province sets up a guidance fund for the blockchain industry",
        topics=("blockchain",),
        place="cn-zj",
        act="funding",
        reason="Funding for blockchain is offered.",
        words=("区块链", "引导基金"),
    ),
)


def _stories(now: datetime) -> tuple[Told, ...]:
    plan, draft, guide, fund = (_told(now, sample) for sample in _SAMPLES)
    return (
        replace(plan, story=_story(now, plan, outlets=3, lead=timedelta(hours=3, minutes=20))),
        replace(draft, story=_story(now, draft, outlets=2, lead=timedelta(minutes=-40), finds_primary=True)),
        replace(guide, story=_story(now, guide, outlets=4, lead=timedelta(minutes=12))),
        fund,
    )


def _told(now: datetime, sample: _Sample) -> Told:
    source = _source(sample.number, sample.language)
    item = Item(
        id=ItemId(sample.number),
        source_id=source.id,
        url=f"{source.url}/2026/{sample.number:04}.html",
        canonical_url="",
        guid=None,
        title=sample.title,
        text="",
        summary="",
        language=sample.language,
        published=_published(now - timedelta(hours=5 * sample.number)),
        first_seen_at=now,
        updated_at=now,
        issuer=source.issuer,
        classification=_judged(now, sample),
    )
    return Told(item=item, source=source, reason=f"topic {sample.topics[0]}; jurisdiction {sample.place}")


def _judged(now: datetime, sample: _Sample) -> Classification:
    stage = sample.stage
    return Classification(
        relevant=True,
        score=0.97 - sample.number / 50,
        topics=sample.topics,
        jurisdiction=sample.place,
        act=sample.act,
        evidence=tuple(
            Evidence(concept="", kind="", zone=Zone.TITLE, start=0, end=len(word), text=word, contribution=1.0)
            for word in sample.words
        ),
        documents=(),
        document_numbers=("示经信发〔2026〕18号",) if sample.number == 1 else (),
        reason=sample.reason,
        classifier="sample",
        stage=stage,
        comments_until=(now + timedelta(days=26)).date() if stage is Stage.DRAFT else None,
        effective_on=(now + timedelta(days=36)).date() if stage is Stage.IN_FORCE else None,
        gloss=sample.gloss,
    )


def _source(number: int, language: str) -> Source:
    is_press = number in (2, 4)
    name = ("链上观察", "Chain Observer") if is_press else (_BUREAU, "Example City bureau")
    return Source(
        id=SourceId(f"sample-{number}"),
        name="Example Monetary Authority" if language == "en" else name[0],
        name_en="" if language == "en" else name[1],
        kind=SourceKind.FEED,
        url=f"https://source{number}.example/news",
        group="sample",
        voice=Voice.PRESS if is_press else Voice.AUTHORITY,
        issuer="" if is_press or language == "en" else _BUREAU,
    )


def _published(at: datetime) -> Published:
    return Published(at=at, precision=DatePrecision.MINUTE, origin=DateOrigin.LIST)


def _story(now: datetime, told: Told, *, outlets: int, lead: timedelta, finds_primary: bool = False) -> StoryTold:
    item, judged = told.item, told.item.classification
    primary = item
    if finds_primary:
        primary = replace(
            item,
            id=ItemId(item.id + 100),
            source_id=SourceId("sample-document"),
            url="https://bureau.example/drafts/7.html",
            title="示例市区块链应用管理办法（征求意见稿）",
            issuer=_BUREAU,
        )
    story = Story(
        id=StoryId(item.id),
        title=primary.title,
        gloss=judged.gloss if judged else "",
        language=item.language,
        relevant=True,
        score=judged.score if judged else 0.0,
        jurisdiction=(judged.jurisdiction or "") if judged else "",
        act=judged.act if judged else "none",
        stage=judged.stage if judged else None,
        topics=judged.topics if judged else (),
        languages=("zh", "en"),
        items=outlets + 1,
        sources=outlets + 1,
        primary_item_id=primary.id,
        began_at=item.published.at,
        first_seen_at=now,
        last_seen_at=now,
    )
    kin = (
        (Relation.FINALISES, True, replace(story, id=StoryId(90), title="元宇宙产业创新发展行动计划（征求意见稿）")),
    )
    return StoryTold(
        story=story,
        primary=primary,
        outlets=(
            _document(primary),
            *(_outlet(item, number, lead * (number + 1)) for number in range(outlets)),
        ),
        kin=kin if item.id == 1 else (),
    )


def _document(primary: Item) -> OutletTold:
    return OutletTold(
        outlet=Outlet(
            source_id=primary.source_id,
            item_id=primary.id,
            language=primary.language,
            published_at=primary.published.at,
            first_seen_at=primary.published.at,
            is_authority=True,
            lead=timedelta(),
        ),
        name=_BUREAU,
        url=primary.url,
    )


def _outlet(item: Item, number: int, lead: timedelta) -> OutletTold:
    names = ("Example Daily", "区块观察", "Ledger Weekly", "示例财经")
    return OutletTold(
        outlet=Outlet(
            source_id=SourceId(f"sample-outlet-{number}"),
            item_id=ItemId(1000 + number),
            language="zh" if number % 2 else "en",
            published_at=item.published.at + lead,
            first_seen_at=item.published.at + lead,
            is_authority=False,
            lead=lead,
            reports=number + 1,
        ),
        name=names[number % len(names)],
        url=f"https://outlet{number}.example/{int(item.id)}",
    )


def _frame(now: datetime) -> DigestFrame:
    counts = (4, 7, 3, 0, 2, 9, 5)
    days = [(now - timedelta(days=len(counts) - 1 - back)).date().isoformat() for back in range(len(counts))]
    return DigestFrame(
        since=now - timedelta(days=1),
        why="2 came during quiet hours",
        week=tuple(zip(days, counts, strict=True)),
        quiet=(
            QuietSource(
                source_id=SourceId("example-bureau"),
                name="示例省数据局",
                fault="blocked",
                since=now - timedelta(days=5),
            ),
            QuietSource(
                source_id=SourceId("example-press"), name="Example Daily", fault="quiet", since=now - timedelta(days=9)
            ),
        ),
        silenced=2,
    )
