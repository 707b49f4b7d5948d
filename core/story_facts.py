"""What the items of one story say together: its document, its outlets, its summary, and what an item adds. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.documents import document_key, find_document_titles
from core.item import BodyOrigin, DateOrigin, DatePrecision
from core.source import Voice
from core.stories import Outlet, Story, StoryChange

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from core.classification import Classification
    from core.item import Item, ItemId, StoryId
    from core.source import Source, SourceId

_NOON = timedelta(hours=12)
_ISSUING = frozenset(
    {"plan", "guideline", "rule", "draft", "notice", "funding", "tax", "standard", "paper", "list", "licence", "ban"}
)
"""Acts that are the issuing of a document: there an authority's explanation of it is not the document."""
_EXPLAINS = re.compile(
    r"解读|解讀|图解|圖解|一图|一圖|答记者问|答記者問|问答|問答|发布会|發布會|\bQ ?& ?A\b|\bFAQs?\b|\bexplainer\b",
    re.IGNORECASE,
)
_FORWARDS = re.compile("转发|轉發|批转|批轉")
"""An authority passes on the paper of one above it, in a paper of its own."""
_DISTINCT = 6
"""Folded characters from which a document's title can be looked for in others: below stand `实施方案` and its like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One item of a story, with the source it came from."""

    item: Item
    source: Source | None
    """None when the source has since left the configuration."""


def said_at(item: Item) -> datetime:
    """Return when an item was published, as near as can be told, aware UTC.

    Where only the day is known its noon, or when the item was first seen, if that was earlier on the day.
    """
    published = item.published
    if published.precision is not DatePrecision.DAY or published.origin is DateOrigin.FIRST_SEEN:
        return published.at
    return min(published.at + _NOON, max(published.at, item.first_seen_at))


def base_language(code: str) -> str:
    """Return a language without its script or region: `zh` of `zh-Hant`."""
    return code.split("-", maxsplit=1)[0].lower()


def find_primary(reports: Collection[Report]) -> Report | None:
    """Return the authority's own page of what a story is about; None when there is none.

    It comes from an authority's source that tells an act of its own jurisdiction: a city's copy of a ministry's paper
    is a report, and so is, of a paper, what explains it. Of several that one is taken that is of the jurisdiction most
    reports tell of, whose issuing organ is that of its source, which carries a document number, is named like the
    document, and was read from its page; of equal ones the earliest.
    """
    jurisdiction = _jurisdiction(reports)
    names = _names([report.item for report in reports])
    own = [report for report in reports if _is_own(report, jurisdiction)]
    ranked = sorted(
        own, key=lambda report: (*_lacks(report, jurisdiction, names), said_at(report.item), report.item.id)
    )
    return ranked[0] if ranked else None


def are_two_papers(one: Item, other: Item) -> bool:
    """Whether two items are official documents, and not the same one.

    What has a number of its own, or a title as documents have it, is a document. Two of them are one when they share
    their number, or when the title of one holds that of the other, as a notice holds that of the plan it issues; in
    different languages titles do not tell. A paper that passes another on (转发) is another one, though it holds the
    title.
    """
    if len(_FORWARDS.findall(one.title)) != len(_FORWARDS.findall(other.title)):
        return _is_paper(one) and _is_paper(other)
    if set(one.document_numbers[:1]) & set(other.document_numbers[:1]):
        return False
    if base_language(one.language) != base_language(other.language):
        return False
    keys = document_key(one.title), document_key(other.title)
    return keys[0] not in keys[1] and keys[1] not in keys[0] and _is_paper(one) and _is_paper(other)


def is_about(item: Item, paper: Item) -> bool:
    """Whether a document is what an item names in its title, or else names first."""
    key = document_key(paper.title)
    return any(name in key or key in name for name in _names([item]))


def list_outlets(reports: Iterable[Report], primary: Item | None) -> tuple[Outlet, ...]:
    """Return one outlet a source, with its first report, the earliest first.

    Args:
        reports: Of one story.
        primary: The authority's own document, from which leads are counted; None where there is none.
    """
    by_source: dict[SourceId, list[Report]] = {}
    for report in sorted(reports, key=_order):
        by_source.setdefault(report.item.source_id, []).append(report)
    return tuple(_outlet(theirs, primary) for theirs in by_source.values())


def tell_story(story_id: StoryId, reports: Sequence[Report], *, before: Story | None = None, items: int = 0) -> Story:
    """Return what is known of a story.

    Args:
        story_id: Its number.
        reports: Its items, at least one, in any order.
        before: What was known of it; its document stays where its source has left the configuration.
        items: How many items it has, where that is more than those given.
    """
    ordered = [report.item for report in sorted(reports, key=_order)]
    primary = _primary_item(reports, before)
    relevant = [item for item in ordered if _is_relevant(item)]
    named = primary or (relevant or ordered)[0]
    judged = [item.classification for item in (*filter(None, [primary]), *relevant, *ordered) if item.classification]
    return Story(
        id=story_id,
        title=named.title,
        gloss=named.classification.gloss if named.classification else "",
        language=named.language,
        relevant=bool(relevant),
        score=max((said.score for said in judged), default=0.0),
        jurisdiction=_jurisdiction(reports, primary),
        act=_act(judged, primary),
        stage=next((said.stage for said in judged if said.stage), None),
        topics=_by_count(topic for item in ordered if item.classification for topic in item.classification.topics),
        languages=tuple(dict.fromkeys(base_language(item.language) for item in ordered if item.language)),
        items=max(items, len(ordered)),
        sources=len({item.source_id for item in ordered}),
        primary_item_id=primary.id if primary else None,
        began_at=said_at(ordered[0]),
        first_seen_at=min(item.first_seen_at for item in ordered),
        last_seen_at=max(item.first_seen_at for item in ordered),
    )


def changes_by(item: Item, *, before: Story, after: Story) -> frozenset[StoryChange]:
    """Return what an item that joined a story changed in it.

    Args:
        item: The item.
        before: The story without it.
        after: The story with it.
    """
    changes = {StoryChange.REPORT}
    language = base_language(item.language)
    if language and before.languages and language not in before.languages:
        changes.add(StoryChange.NEW_LANGUAGE)
    if before.primary_item_id is None and after.primary_item_id == item.id:
        changes.add(StoryChange.PRIMARY_FOUND)
    return frozenset(changes)


def _is_paper(item: Item) -> bool:
    return bool(item.document_numbers or find_document_titles(f"《{item.title}》"))


def _order(report: Report) -> tuple[datetime, ItemId]:
    return said_at(report.item), report.item.id


def _is_relevant(item: Item) -> bool:
    return item.classification is not None and item.classification.relevant


def _jurisdiction(reports: Iterable[Report], primary: Item | None = None) -> str:
    """Return whose authority acts: as the document says, else as most relevant reports do, else as most do."""
    if primary is not None and primary.classification and primary.classification.jurisdiction:
        return primary.classification.jurisdiction
    told = [report.item for report in sorted(reports, key=_order)]
    for items in ([item for item in told if _is_relevant(item)], told):
        codes = _by_count(
            item.classification.jurisdiction
            for item in items
            if item.classification and item.classification.jurisdiction
        )
        if codes:
            return codes[0]
    return ""


def _act(judged: Sequence[Classification], primary: Item | None) -> str:
    acts = [said.act for said in judged if said.act != "none"]
    if primary is not None and primary.classification and primary.classification.act != "none":
        return primary.classification.act
    return next(iter(_by_count(acts)), "none")


def _by_count(values: Iterable[str]) -> tuple[str, ...]:
    """Return values, the most frequent first, equally frequent ones in order of first appearance."""
    return tuple(value for value, _ in Counter(values).most_common())


def _is_own(report: Report, jurisdiction: str) -> bool:
    """Whether an authority speaks of its own act, and not only to explain it."""
    source, judged = report.source, report.item.classification
    if source is None or source.voice is not Voice.AUTHORITY:
        return False
    acting = (judged.jurisdiction if judged else None) or jurisdiction
    if acting and source.jurisdiction and acting != source.jurisdiction:
        return False
    return not (judged is not None and judged.act in _ISSUING and _EXPLAINS.search(report.item.title))


def _lacks(report: Report, jurisdiction: str, names: frozenset[str]) -> tuple[bool, ...]:
    """Return what speaks against a page as the document, the weightiest first."""
    item, source = report.item, report.source
    issuer = source.issuer if source else ""
    key = document_key(item.title)
    return (
        bool(jurisdiction) and source is not None and source.jurisdiction != jurisdiction,
        bool(issuer and item.issuer) and not (issuer in item.issuer or item.issuer in issuer),
        not item.document_numbers,
        not any(name in key for name in names),
        item.body_origin is not BodyOrigin.PAGE,
    )


def _names(items: Iterable[Item]) -> frozenset[str]:
    """Return the keys of the documents that items name first, or in their titles: what they are about."""
    names: set[str] = set()
    for item in items:
        keys = [document_key(name) for name in item.classification.documents] if item.classification else []
        title = document_key(item.title)
        names |= {key for key in keys if key in title} or set(keys[:1])
    return frozenset(name for name in names if len(name) >= _DISTINCT)


def _primary_item(reports: Collection[Report], before: Story | None) -> Item | None:
    found = find_primary(reports)
    known = before.primary_item_id if before else None
    orphan = next((report.item for report in reports if report.item.id == known and report.source is None), None)
    return found.item if found else orphan


def _outlet(reports: Sequence[Report], primary: Item | None) -> Outlet:
    first, source = reports[0].item, reports[0].source
    return Outlet(
        source_id=first.source_id,
        item_id=first.id,
        language=base_language(first.language),
        published_at=said_at(first),
        first_seen_at=first.first_seen_at,
        is_authority=source is not None and source.voice is Voice.AUTHORITY,
        lead=said_at(first) - said_at(primary) if primary else None,
        reports=len(reports),
    )
