"""What an alert says about an item, as plain values for the templates; knows no markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.wording import one_line, safe_url
from core.classification import Stage
from core.item import BodyOrigin, DateOrigin, DatePrecision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.alert import Told
    from core.classification import Classification
    from core.item import Item
    from core.source import Source

SHANGHAI = ZoneInfo("Asia/Shanghai")
_MAX_WORDS = 6
"""Evidence words told; enough to see why, few enough to read."""
_MAX_NAMES = 5
"""Document names, numbers and attachments told of one item."""
_MAX_TITLE = 300
_MAX_GLOSS = 500
UNSORTED = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """One item as a message tells it: every text is one line, without control characters, and not escaped."""

    title: str
    gloss: str
    """The title in English, as far as it is known; empty for titles that need none."""
    by_machine: tuple[str, ...]
    """Title and summary in English by a language model, a line each; to be shown as such."""
    url: str
    """An http(s) address, or empty."""
    who: str
    """Issuer and source."""
    jurisdiction: str
    when: str
    topics: tuple[str, ...]
    act: str
    stage: str
    """How far the paper has come, with its day: `draft, comments until 2025-08-10`."""
    why: str
    words: tuple[str, ...]
    """Strongest evidence, in the document's own words."""
    documents: tuple[str, ...]
    numbers: tuple[str, ...]
    score: str
    route_reason: str
    note: str
    """What a reader must know of how it was read; empty when nothing is out of the ordinary."""

    @property
    def topic(self) -> str:
        """The strongest topic, under which a digest lists the item."""
        return self.topics[0] if self.topics else UNSORTED

    @property
    def label(self) -> str:
        """Jurisdiction and act in one word each: `cn-sh plan`."""
        return " ".join(part for part in (self.jurisdiction, self.act) if part)


def item_facts(told: Told) -> ItemFacts:
    """Gather what there is to say about one item."""
    item, judged = told.item, told.item.classification
    return ItemFacts(
        title=one_line(item.title, _MAX_TITLE) or "(no title)",
        gloss=one_line(judged.gloss, _MAX_GLOSS) if judged else "",
        by_machine=_lines((judged.translation, *judged.summary), limit=_MAX_GLOSS) if judged else (),
        url=safe_url(item.url),
        who=_who(item, told.source),
        jurisdiction=one_line(judged.jurisdiction or "") if judged else "",
        when=_when(item, told.source),
        topics=judged.topics if judged else (),
        act="" if judged is None or judged.act == "none" else judged.act,
        stage=_stage(judged) if judged else "",
        why=one_line(judged.reason, 500) if judged else "",
        words=_words(judged) if judged else (),
        documents=_lines(judged.documents if judged else ()),
        numbers=_lines((*item.document_numbers, *(judged.document_numbers if judged else ()))),
        score=f"{judged.score:.2f}" if judged else "",
        route_reason=one_line(told.reason),
        note=_note(item),
    )


def _who(item: Item, source: Source | None) -> str:
    issuer = one_line(item.issuer or (source.issuer if source else ""), 120)
    name = one_line(source.name if source else item.source_id, 120)
    if source and source.name_en and source.name_en != source.name:
        name = f"{name} ({one_line(source.name_en, 120)})"
    return f"{issuer}, on {name}" if issuer and not name.startswith(issuer) else name


def _when(item: Item, source: Source | None) -> str:
    published = item.published
    if published.origin is DateOrigin.FIRST_SEEN:
        return f"first seen {_both_zones(published.at)}; no usable date was given"
    if published.precision is DatePrecision.DAY:
        zone = ZoneInfo(source.zone) if source else SHANGHAI
        return f"{published.at.astimezone(zone):%Y-%m-%d} (only the day is known)"
    return _both_zones(published.at)


def _both_zones(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} Shanghai ({at.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M} UTC)"


def _words(judged: Classification) -> tuple[str, ...]:
    return _lines((proof.text for proof in judged.evidence if proof.contribution > 0), _MAX_WORDS)


def _stage(judged: Classification) -> str:
    """Return the stage with the day that goes with it; the day alone where no stage is known."""
    if judged.comments_until:
        day = f"comments until {judged.comments_until.isoformat()}"
    else:
        day = f"from {judged.effective_on.isoformat()}" if judged.effective_on else ""
    stage = judged.stage.value.replace("-", " ") if judged.stage else ""
    between = " " if judged.stage is Stage.IN_FORCE else ", "
    return between.join(part for part in (stage, day) if part)


def _lines(texts: Iterable[str], most: int = _MAX_NAMES, *, limit: int = 200) -> tuple[str, ...]:
    """Return the first distinct texts as single lines of limited length."""
    distinct = dict.fromkeys(line for text in texts if (line := one_line(text, limit)))
    return tuple(distinct)[:most]


def _note(item: Item) -> str:
    if item.body_origin is BodyOrigin.PAGE:
        return ""
    if item.page_problem is not None:
        return f"The page itself could not be read ({item.page_problem.value}); judged by what the list says."
    return "Judged by what the list says." if item.body_origin is BodyOrigin.LIST else "Judged by the title alone."
