"""Reads in an item by what its event is known again, whatever its language."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from classifier.folding import fold
from classifier.matching import LexiconMatcher
from classifier.reading import read_document
from classifier.story_documents import find_papers
from classifier.story_figures import find_figures
from classifier.story_keys import find_keys
from classifier.story_rarity import shipped_rarity
from classifier.story_words import MOST_MEANINGS, MOST_WORDS, Bridge, find_names, pieces, weigh_words
from core.classification import Document, Zone
from core.documents import find_document_numbers
from core.lexicon import ConceptKind, Rank
from core.source import Voice
from core.story_traits import StoryMarks, StoryTraits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from classifier.reading import Reading
    from classifier.story_rarity import Rarity
    from core.classification import Classification
    from core.lexicon import Concept, Lexicon
    from core.story_traits import Telling

_VERSION = "stories-1"
_MAX_TEXT = 4_000
"""Characters of the text that are read: what follows in a long paper is its detail."""
_OPENING = 700
"""Characters of the text whose words and names are taken; a Chinese text says as much in a third of them."""
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
        weighed = self._weigh(reading, telling.issuer)
        papers = find_papers(telling.title, text, self._matcher)
        numbers = find_document_numbers(f"{telling.title}\n{text}")
        figures = find_figures(f"{folded_title}\n{fold(text)}", telling.published_at.date())
        rounds = find_figures(f"{folded_title}\n{folded_opening[:120]}", telling.published_at.date()).rounds
        own = frozenset(telling.document_numbers[:1])
        judged = telling.classification
        return StoryTraits(
            published_at=telling.published_at,
            language=telling.language.partition("-")[0],
            relevant=judged is not None and judged.relevant,
            is_official=telling.voice is Voice.AUTHORITY,
            jurisdiction=(judged.jurisdiction if judged else "") or telling.jurisdiction,
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
            figures=figures.figures,
            rounds=rounds,
            names=find_names([(title, 1.0), (opening, 0.8)], self._rarity, known={}),
            words=weigh_words(
                [(pieces(folded_title), 1.0), (pieces(folded_opening), 0.6)], self._rarity, most=MOST_WORDS
            ),
            meanings=weigh_words(
                [(self._bridge.stems(folded_title), 1.0), (self._bridge.stems(folded_opening), 0.6)],
                self._rarity,
                most=MOST_MEANINGS,
            ),
            forwards=_FORWARDS.search(folded_title) is not None,
        )

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


def _topics(
    judged: Classification | None, concepts: Mapping[str, Concept], what: Mapping[str, float]
) -> tuple[str, ...]:
    """Return the topics of a relevant item; of others those of the technologies it speaks of most."""
    if judged is not None and judged.relevant:
        return judged.topics
    best: Iterable[str] = sorted(what, key=lambda name: (-what[name], name))[:3]
    return tuple(dict.fromkeys(topic for name in best for topic in concepts[name].topics[:1]))
