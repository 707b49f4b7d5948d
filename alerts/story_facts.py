"""What a message says about one item and its story, as plain values for templates; knows no markup."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.moments import Moments
from alerts.outlet_facts import (
    MAX_OUTLETS,
    KinFacts,
    OutletFacts,
    PrimaryFacts,
    first_lead,
    kin_facts,
    outlet_facts,
    primary_facts,
)
from alerts.reasons import reason_in, route_reason_in
from alerts.wording import clip, one_line, safe_url
from core.item import BodyOrigin, DateOrigin, DatePrecision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from alerts.words import Words
    from core.alert import Told
    from core.classification import Classification
    from core.item import Item
    from core.source import Source
    from core.stories import Story

UNSORTED = "other"
"""Topic of what has none."""
_MAX_WORDS = 6
"""Evidence words told; enough to see why, few enough to read."""
_MAX_NAMES = 5
"""Document names, numbers and attachments told of one item."""
_MAX_TITLE = 300
_MAX_GLOSS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One labelled fact."""

    key: str
    """Its name in the catalogue of words, the same in every language."""
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """One item with its story as a message tells it.

    Every text is one line, without control characters, and not escaped; what is unknown is empty.
    """

    id: int
    """Number of the story, or of the item where there is none yet."""
    title: str
    """As it was published, in its own language."""
    gloss: str = ""
    """The title in English by the lexicon; empty for titles that need none, and for readers of Chinese."""
    by_machine: tuple[str, ...] = ()
    """Title and summary in English by a language model, a line each; to be shown as such."""
    url: str = ""
    """An http(s) address, or empty."""
    who: str = ""
    """Issuer and source."""
    place: str = ""
    """Jurisdiction in words."""
    when: str = ""
    """In the route's zone and UTC, as exactly as it is known."""
    topic: str = UNSORTED
    """Id of the strongest topic, under which a digest lists it."""
    topics: tuple[str, ...] = ()
    """In words, the strongest first."""
    act: str = ""
    """In words; empty for none."""
    stage: str = ""
    """How far the paper has come, with its day and how far off that is."""
    why: str = ""
    words: tuple[str, ...] = ()
    """Strongest evidence, in the document's own words."""
    documents: tuple[str, ...] = ()
    """Names of the official documents that it tells of."""
    numbers: tuple[str, ...] = ()
    """Document numbers (文号)."""
    score: str = ""
    """0.00 to 1.00."""
    route_reason: str = ""
    """Which of the route's conditions it met."""
    note: str = ""
    """What a reader must know of how it was read; empty when nothing is out of the ordinary."""
    is_primary: bool = False
    """Whether `url` leads to the authority's own document."""
    story_title: str = ""
    """What the story is known by, where that is neither `title` nor the primary document's."""
    primary: PrimaryFacts | None = None
    """The authority's own document, where that is another than `url`."""
    outlets: tuple[OutletFacts, ...] = ()
    """Other reports of the story, the first published first."""
    others: int = 0
    """How many other outlets reported it, also where `outlets` is left out or cut."""
    lead: str = ""
    """How long after (or before) the authority the first other outlet reported it."""
    kin: tuple[KinFacts, ...] = ()
    """Related stories."""
    page: str = ""
    """Its page on the dashboard; empty where no address of one is configured."""
    rows: tuple[Row, ...] = ()
    """The facts from `who` to `note` as label and value, without those that are empty."""

    @property
    def label(self) -> str:
        """Place and act in words: `Shanghai · plan`."""
        return " · ".join(part for part in (self.place, self.act) if part)

    @property
    def progress(self) -> str:
        """Act and stage, without saying `draft · draft`."""
        bare = self.stage.partition(",")[0].partition("，")[0]
        if bare and (bare in self.act or self.act in bare):
            return self.stage
        return " · ".join(part for part in (self.act, self.stage) if part)


def story_facts(
    told: Told, words: Words, *, now: datetime, zone: str, of_story: bool, base_url: str = ""
) -> StoryFacts:
    """Gather what there is to say about one item and its story.

    Args:
        told: The item.
        words: In whose language.
        now: Aware UTC; days are counted from it.
        zone: IANA zone in which times are told beside UTC.
        of_story: Whether the story is told rather than the item: by the authority's own document, where there is one.
        base_url: Address of the dashboard, without a slash at its end; empty for none.
    """
    moments = Moments(words, now=now, zone=zone)
    story = told.story
    shown = story.primary if of_story and story and story.primary else told.item
    source = told.source if shown.source_id == told.item.source_id else None
    primary = story.primary if story and story.primary and story.primary.id != shown.id else None
    outlets = outlet_facts(story, shown, moments) if story else ()
    facts = StoryFacts(
        id=int(story.story.id if story else told.item.story_id or told.item.id),
        title=one_line(shown.title, _MAX_TITLE) or words.say("no-title"),
        url=safe_url(shown.url),
        who=_who(shown, source, told, words),
        when=_when(shown, source, moments),
        route_reason=route_reason_in(words, one_line(told.reason, 500)),
        note=_note(shown, words),
        is_primary=bool(story and story.primary and story.primary.id == shown.id),
        primary=primary_facts(primary, moments) if primary else None,
        outlets=outlets[:MAX_OUTLETS],
        others=len(outlets),
        lead=first_lead(outlets, words),
        kin=kin_facts(story, words) if story else (),
        page=f"{base_url}/stories/{int(story.story.id)}" if base_url and story else "",
    )
    judged = shown.classification or told.item.classification
    facts = _with_story(facts, story.story, words) if story else facts
    facts = _judged(facts, judged, moments) if judged else facts
    if story and not facts.primary and not of_story:
        known = one_line(story.story.title, _MAX_TITLE)
        facts = replace(facts, story_title="" if known == facts.title else known)
    return replace(facts, rows=_rows(facts, words))


def _with_story(facts: StoryFacts, story: Story, words: Words) -> StoryFacts:
    """Take from the story what is best known of all its items together."""
    return replace(
        facts,
        gloss=_gloss(story, facts, words),
        place=words.place(one_line(story.jurisdiction, 40)) if story.jurisdiction else "",
        topic=story.topics[0] if story.topics else UNSORTED,
        topics=tuple(words.name("topics", topic) for topic in story.topics),
        act="" if story.act == "none" else words.name("acts", story.act),
        stage=words.name("stages", story.stage.value) if story.stage else "",
        score=f"{story.score:.2f}",
    )


def _gloss(story: Story, facts: StoryFacts, words: Words) -> str:
    is_its_title = one_line(story.title, _MAX_TITLE) == facts.title
    return one_line(story.gloss, _MAX_GLOSS) if is_its_title and words.language == "en" else ""


def _judged(facts: StoryFacts, judged: Classification, moments: Moments) -> StoryFacts:
    """Add what the classifier said of the item; the story's word goes first where both have one."""
    words = moments.words
    topics = tuple(words.name("topics", topic) for topic in judged.topics)
    place = words.place(one_line(judged.jurisdiction or "", 40)) if judged.jurisdiction else ""
    act = "" if judged.act == "none" else words.name("acts", judged.act)
    return replace(
        facts,
        gloss=(facts.gloss or one_line(judged.gloss, _MAX_GLOSS)) if words.language == "en" else "",
        by_machine=_lines(
            (*((judged.translation,) if words.language == "en" else ()), *judged.summary), limit=_MAX_GLOSS
        ),
        place=facts.place or place,
        topic=facts.topic if facts.topics else next(iter(judged.topics), UNSORTED),
        topics=facts.topics or topics,
        act=facts.act or act,
        stage=moments.stage(judged) or facts.stage,
        why=reason_in(words, judged),
        words=_lines((proof.text for proof in judged.evidence if proof.contribution > 0), _MAX_WORDS),
        documents=_lines(judged.documents),
        numbers=_lines(judged.document_numbers),
        score=facts.score or f"{judged.score:.2f}",
    )


def _who(item: Item, source: Source | None, told: Told, words: Words) -> str:
    issuer = one_line(item.issuer or (source.issuer if source else ""), 120)
    name = one_line(source.name if source else _outlet_name(told, item), 120)
    other = one_line(source.name_en, 120) if source else ""
    if source and other and other != name:
        name = words.say("named", name=name, other=other)
    if issuer and not name.startswith(issuer):
        return words.say("on-source", issuer=issuer, source=name)
    return name


def _outlet_name(told: Told, item: Item) -> str:
    outlets = told.story.outlets if told.story else ()
    return next((one.name for one in outlets if one.outlet.source_id == item.source_id), item.source_id)


def _when(item: Item, source: Source | None, moments: Moments) -> str:
    published, words = item.published, moments.words
    if published.origin is DateOrigin.FIRST_SEEN:
        return words.say("first-seen", when=moments.both_zones(published.at))
    if published.precision is DatePrecision.DAY:
        zone = ZoneInfo(source.zone) if source else moments.zone
        return words.say("day-only", day=f"{published.at.astimezone(zone):%Y-%m-%d}")
    return moments.both_zones(published.at)


def _note(item: Item, words: Words) -> str:
    if item.body_origin is BodyOrigin.PAGE:
        return ""
    if item.page_problem is not None:
        return words.say("page-unread", fault=item.page_problem.value)
    return words.say("by-list" if item.body_origin is BodyOrigin.LIST else "by-title")


def _lines(texts: Iterable[str], most: int = _MAX_NAMES, *, limit: int = 200) -> tuple[str, ...]:
    """Return the first distinct texts as single lines of limited length."""
    distinct = dict.fromkeys(line for text in texts if (line := one_line(text, limit)))
    return tuple(distinct)[:most]


def _rows(facts: StoryFacts, words: Words) -> tuple[Row, ...]:
    values = (
        ("story", facts.story_title),
        ("from", facts.who),
        ("where", facts.place),
        ("published", facts.when),
        ("topics", words.comma.join(facts.topics)),
        ("act", facts.act),
        ("stage", facts.stage),
        ("documents", "; ".join(facts.documents)),
        ("numbers", "; ".join(facts.numbers)),
        ("why", facts.why),
        ("words", " · ".join(facts.words)),
        ("score", facts.score),
        ("route", facts.route_reason),
        ("note", facts.note),
    )
    return tuple(Row(key=key, label=words.say(key), value=value) for key, value in values if value)


_EVIDENCE_ROWS = frozenset({"words", "documents", "numbers", "score"})
THINNEST = 4
"""The last step of `thinned`."""
_SHORT_TITLE = (120, 40)


def thinned(facts: StoryFacts, step: int) -> StoryFacts:
    """Return less of the same.

    Args:
        facts: All of it.
        step: 0 for all; 1 without evidence and outlets; 2 title and link; 3 a short title and link; 4 a shorter title.
    """
    if step <= 0:
        return facts
    if step == 1:
        rows = tuple(row for row in facts.rows if row.key not in _EVIDENCE_ROWS)
        return replace(facts, words=(), documents=(), numbers=(), score="", outlets=(), kin=(), rows=rows)
    title = facts.title if step == 2 else clip(facts.title, _SHORT_TITLE[0 if step == 3 else 1])
    return StoryFacts(
        id=facts.id,
        title=title,
        url=facts.url if step < THINNEST else "",
        topic=facts.topic,
        place=facts.place if step == 2 else "",
        is_primary=facts.is_primary,
    )
