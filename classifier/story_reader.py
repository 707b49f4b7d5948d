"""Reads in an item by what its event is known again, whatever its language."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from classifier.folding import fold
from classifier.matching import LexiconMatcher
from classifier.reading import read_document
from classifier.story_bridge import Bridge
from classifier.story_documents import find_papers
from classifier.story_figures import find_figures, weigh_figure
from classifier.story_keys import find_keys
from classifier.story_names import find_names
from classifier.story_rarity import shipped_rarity
from classifier.story_words import MOST_MEANINGS, MOST_WORDS, pieces, weigh_words
from core.classification import Document, Zone
from core.documents import find_document_numbers
from core.lexicon import ConceptKind, Rank
from core.source import Voice
from core.story_traits import StoryMarks, StoryTraits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from classifier.reading import Reading
    from classifier.story_rarity import Rarity
    from core.classification import Classification
    from core.lexicon import Concept, Lexicon
    from core.story_traits import Telling

_VERSION = "stories-2"
_MAX_TEXT = 4_000
"""Characters of the text that are read: what follows in a long paper is its detail."""
_OPENING = 700
"""Characters of the text whose words and names are taken; a Chinese text says as much in a third of them."""
_FIRST = 150
"""Characters of the text that make its first sentences."""
_IN_OPENING = 0.6
"""Weight of what stands in the opening, where the title's is 1."""
_MOST_FIGURES = 24
_ROUNDUP = re.compile(
    r"早报|晚报|日报[|:：]|周报|周刊|简报|速览|速递|要闻|一周(?:回顾|大事|要闻|盘点|热点|综述|政策|加密|复盘|速览|观察|新闻|动态)|本周(?:要|大|热|最|必|回)|盘点|汇总|午报|晨报|早餐|早读|今日必读"
    r"|\b(?:week(?:ly)?|daily|friday|monday|morning|evening) (?:in (?:\w+ ){0,2}\w+|"
    r"roundup|round up|wrap|briefing|brief|"
    r"digest|review|recap|news|five|notes|bulletin)\b|\b(?:round ?up|recap|digest|newsletter)\b|\bin brief\b|"
    r"\bthe week (?:in|that)\b"
)
"""Words of titles that tell several events."""
_ZONES = {Zone.TITLE: 1.0, Zone.LEAD: 0.7, Zone.BODY: 0.35}
_SUBJECTS = frozenset({ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME})
_DEEDS = frozenset({ConceptKind.ACT, ConceptKind.INSTRUMENT, ConceptKind.MARKET})
_SENIORS = frozenset({Rank.MINISTRY, Rank.DEPARTMENT, Rank.REGULATOR})
"""Ranks of bodies that are named for a part of them, and the other way round."""
_OF_PART = 0.8
_PLACE_OF_ACTOR = 0.8
_FORWARDS = re.compile("转发|批转")


class LexiconStoryReader:
    """A `core.ports.StoryReader`. Immutable after construction, deterministic, safe in any thread."""

    def __init__(
        self, lexicon: Lexicon, *, matcher: LexiconMatcher | None = None, rarity: Rarity | None = None
    ) -> None:
        """Prepare a reader.

        Args:
            lexicon: Concepts.
            matcher: Of the same lexicon, where there is one already.
            rarity: What is common; the shipped counts when None.
        """
        self._matcher = matcher or LexiconMatcher(lexicon)
        self._rarity = rarity or shipped_rarity()
        self._bridge = Bridge()
        self._concepts = {concept.id: concept for concept in lexicon.concepts}
        self._seats = {
            concept.id: seat for concept in lexicon.of(ConceptKind.AUTHORITY) if (seat := self._seat(concept))
        }
        counts = f"{self._rarity.items} {sorted(self._rarity.concepts.items())} {sorted(self._rarity.words.items())}"
        self._version = f"{_VERSION}+{hashlib.sha256(counts.encode()).hexdigest()[:6]}.{lexicon.version}"

    @property
    def version(self) -> str:
        """Of code, counts and lexicon."""
        return self._version

    def read(self, telling: Telling) -> StoryMarks:
        """Return an item's traits and keys; never raises on any text."""
        traits = self._traits(telling)
        return StoryMarks(traits=traits, keys=find_keys(traits))

    def _traits(self, telling: Telling) -> StoryTraits:
        text = telling.text[:_MAX_TEXT]
        reading = read_document(Document(title=telling.title[:400], text=text), self._matcher)
        title, opening = reading.title, text[: _OPENING // 2 if reading.is_chinese else _OPENING]
        folded_title, folded_opening = fold(title), fold(opening)
        meant = [
            (one, self._bridge.meanings(folded, one))
            for folded, one in ((folded_title, title), (folded_opening, opening))
        ]
        weighed = self._weigh(reading, telling.issuer)
        papers = find_papers(telling.title, text, self._matcher)
        numbers = find_document_numbers(f"{telling.title}\n{text}")
        figures, rounds = self._figures(folded_title, fold(text), telling.published_at.date())
        is_official = telling.voice is Voice.AUTHORITY
        own = frozenset(telling.document_numbers[:1]) if is_official else frozenset()
        judged = telling.classification
        return StoryTraits(
            published_at=telling.published_at,
            language=telling.language.partition("-")[0],
            relevant=judged is not None and judged.relevant,
            is_official=is_official,
            jurisdiction=self._jurisdiction(telling, {**weighed[1], **weighed[2]}),
            act=judged.act if judged else "none",
            stage=judged.stage if judged else None,
            topics=_topics(judged, self._concepts, weighed[0]),
            own_numbers=own,
            numbers=frozenset(numbers[:6]) - own,
            subjects=papers.subjects,
            documents=papers.others,
            concepts=weighed[0],
            actors=weighed[1],
            places=weighed[2],
            deeds=weighed[3],
            figures=figures,
            rounds=rounds,
            names=find_names(meant, self._rarity, self._bridge, is_chinese=reading.is_chinese),
            words=weigh_words(
                [(pieces(folded_title), 1.0), (pieces(folded_opening), _IN_OPENING)],
                self._rarity.of_word,
                most=MOST_WORDS,
            ),
            meanings=weigh_words(
                [(meant[0][1], 1.0), (meant[1][1], _IN_OPENING)], self._rarity.of_meaning, most=MOST_MEANINGS
            ),
            is_roundup=_is_roundup(folded_title),
            forwards=_FORWARDS.search(folded_title) is not None,
        )

    def _jurisdiction(self, telling: Telling, named: Iterable[str]) -> str:
        """Return whose act it is where body, place or source say so: not what was taken for granted of the language."""
        judged = telling.classification.jurisdiction if telling.classification else None
        told = {self._concepts[one].jurisdiction for one in named}
        if judged and any(f"{code}-".startswith(f"{judged}-") for code in told):
            return judged
        return telling.jurisdiction

    def _figures(self, title: str, text: str, day: date) -> tuple[dict[str, float], frozenset[str]]:
        """Return the weights of figures, and the rounds that title and first sentences speak of."""
        found: dict[str, float] = {}
        rounds: frozenset[str] = frozenset()
        for part, share in ((title, 1.0), (text[:_FIRST], 0.8), (text[_FIRST:], 0.5)):
            figures = find_figures(part, day)
            rounds |= figures.rounds if share > 0.5 else frozenset()
            for figure in figures.figures:
                rare = self._rarity.of_figure(figure)
                found.setdefault(figure, weigh_figure(figure) * rare * rare * share)
        best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_FIGURES]
        return dict(best), rounds

    def _weigh(self, reading: Reading, issuer: str) -> tuple[dict[str, float], ...]:
        """Return the weights of what, who, where and how."""
        what: dict[str, float] = {}
        who: dict[str, float] = {}
        where: dict[str, float] = {}
        how: dict[str, float] = {}
        for hit in self._matcher.find(issuer) if issuer else ():
            if hit.concept.kind is ConceptKind.AUTHORITY:
                self._add_actor(who, where, hit.concept, 1.0)
        for clause in reading.clauses:
            share = _ZONES[clause.zone]
            for hit in clause.hits:
                kind = hit.concept.kind
                if kind in _SUBJECTS:
                    self._add(what, hit.concept.id, share)
                elif kind is ConceptKind.AUTHORITY:
                    self._add_actor(who, where, hit.concept, share)
                elif kind is ConceptKind.PLACE:
                    self._add(where, hit.concept.id, share)
                elif kind in _DEEDS:
                    self._add(how, hit.concept.id, share)
        return what, who, where, how

    def _add(self, weights: dict[str, float], concept_id: str, share: float) -> None:
        weight = share * self._rarity.of_concept(concept_id)
        weights[concept_id] = max(weights.get(concept_id, 0.0), weight)

    def _add_actor(self, who: dict[str, float], where: dict[str, float], concept: Concept, share: float) -> None:
        if not concept.jurisdiction:
            return
        self._add(who, concept.id, share)
        senior = self._concepts.get(concept.parent)
        if senior and senior.rank in _SENIORS:
            self._add(who, senior.id, share * _OF_PART)
        if seat := self._seats.get(concept.id):
            self._add(where, seat, share * _PLACE_OF_ACTOR)

    def _seat(self, concept: Concept) -> str:
        """Return the place that an authority governs: the nearest that its id names."""
        parts = concept.id.split(".")[1:]
        names = (f"place.{'.'.join(parts[:end])}" for end in range(len(parts), 0, -1))
        return next((name for name in names if name in self._concepts), "")


def _is_roundup(title: str) -> bool:
    return _ROUNDUP.search(title) is not None or len(re.findall(r"[;；]", title)) > 2


def _topics(
    judged: Classification | None, concepts: Mapping[str, Concept], what: Mapping[str, float]
) -> tuple[str, ...]:
    """Return the topics of a relevant item; of others those of the technologies it speaks of most."""
    if judged is not None and judged.relevant:
        return judged.topics
    best: Iterable[str] = sorted(what, key=lambda name: (-what[name], name))[:3]
    return tuple(dict.fromkeys(topic for name in best for topic in concepts[name].topics[:1]))
