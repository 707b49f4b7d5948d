"""What a message says about the reports of a story, its primary document and its kin, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alerts.wording import one_line, safe_url
from core.item import DateOrigin, DatePrecision

if TYPE_CHECKING:
    from alerts.moments import Moments
    from alerts.words import Words
    from core.alert import OutletTold, StoryTold
    from core.item import Item

MAX_OUTLETS = 8
"""Reports told of one story; the rest is counted."""
MAX_KIN = 3
"""Related stories told of one; the closest relations are named first."""
_MAX_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryFacts:
    """The authority's own document."""

    title: str
    url: str
    """An http(s) address, or empty."""
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletFacts:
    """One source's report of the story."""

    name: str
    url: str
    """An http(s) address, or empty."""
    when: str
    """In the route's zone and UTC."""
    lead: str
    """How long after the authority's own document: `+3 h 20 min`; empty where there is none."""
    language: str
    """In words."""
    is_authority: bool
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KinFacts:
    """One related story."""

    relation: str
    """Of `core.stories.Relation`, with `-back` where this story is the earlier one."""
    title: str
    text: str
    """Both in words: `final form of …`."""


def primary_facts(primary: Item, moments: Moments) -> PrimaryFacts:
    """Return the authority's own document; the day alone where no more is known of its time."""
    published = primary.published
    by_day = published.precision is DatePrecision.DAY
    day = f"{published.at.astimezone(moments.zone):%Y-%m-%d}"
    return PrimaryFacts(
        title=one_line(primary.title, _MAX_TITLE) or moments.words.say("no-title"),
        url=safe_url(primary.url),
        when=day if by_day else moments.both_zones(published.at),
    )


def outlet_facts(told: StoryTold, shown: Item, moments: Moments) -> tuple[OutletFacts, ...]:
    """Return the reports of a story in the given order, without the item that is shown and the primary document."""
    left_out = {shown.source_id, told.primary.source_id if told.primary else shown.source_id}
    by_day = told.primary is not None and (
        told.primary.published.precision is DatePrecision.DAY or told.primary.published.origin is DateOrigin.FIRST_SEEN
    )
    return tuple(_outlet(one, moments, by_day=by_day) for one in told.outlets if one.outlet.source_id not in left_out)


def _outlet(told: OutletTold, moments: Moments, *, by_day: bool) -> OutletFacts:
    outlet = told.outlet
    return OutletFacts(
        name=one_line(told.name, 120) or outlet.source_id,
        url=safe_url(told.url),
        when=moments.both_zones(outlet.published_at),
        lead="" if outlet.lead is None else moments.lead(outlet.lead, by_day=by_day),
        language=moments.words.name("languages", outlet.language) if outlet.language else "",
        is_authority=outlet.is_authority,
        reports=outlet.reports,
    )


def first_lead(outlets: tuple[OutletFacts, ...], words: Words) -> str:
    """Return how long after the authority the first other outlet reported; nothing where no lead is known."""
    lead = next((one.lead for one in outlets if one.lead and not one.is_authority), "")
    return words.say("first-report", lead=lead) if lead else ""


def kin_facts(told: StoryTold, words: Words) -> tuple[KinFacts, ...]:
    """Return the first related stories, in the given order."""
    return tuple(
        KinFacts(relation=key, title=title, text=words.say(key, title=title))
        for relation, is_later, other in told.kin[:MAX_KIN]
        for key in (relation.value if is_later else f"{relation.value}-back",)
        for title in (one_line(other.title, _MAX_TITLE),)
    )
