"""The bilingual lexicon: what things are called, in Chinese and English, and what they mean for a judgement.

Only the words; matching them in text is the classifier's work, reading them from files the configuration's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ConceptKind(StrEnum):
    """What sort of thing a concept is."""

    TECHNOLOGY = "technology"
    """An emerging technology or the industry built on it; says what an item is about."""
    AUTHORITY = "authority"
    """A body that can act; without a jurisdiction it is a sort of body (`市政府`, `regulator`), placed by context."""
    PLACE = "place"
    """A country, province, city or district; in headlines it often stands for its government."""
    ACT = "act"
    """What authorities do: a verb such as 印发 or `unveils`."""
    INSTRUMENT = "instrument"
    """What authorities do it with: a plan, measure, notice, standard, ruling."""
    PROGRAMME = "programme"
    """A named public programme such as 东数西算."""
    MARKET = "market"
    """Counter-vocabulary: prices, products, funding rounds, tenders, contests, visits; its `signal` says which."""


SIGNALS = (
    "price", "product", "funding-round", "company", "procurement", "contest", "training", "job", "visit", "opinion",
    "exhibition", "crime", "advert", "usage", "personnel", "service", "research", "conflict", "background",
)  # fmt: skip
"""What a market concept can be a sign of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing with its names."""

    id: str
    """Dotted and unique: `tech.blockchain`, `org.cn.ndrc`."""
    kind: ConceptKind
    zh: tuple[str, ...] = ()
    """Chinese names, the best one first; Traditional and full-width forms need not be listed."""
    en: tuple[str, ...] = ()
    """English names, the best one first. All capitals match only capitals; a leading `=` asks for the exact case."""
    topics: tuple[str, ...] = ()
    """Topics a technology or programme belongs to, of `core.classification.TOPICS`, the nearest first."""
    jurisdiction: str = ""
    """Code of the authority or place: `cn`, `cn-sh`, `hk`; empty for sorts of bodies and all other kinds."""
    act: str = ""
    """Kind of act that a verb or instrument speaks for, of `core.classification.ACTS`; empty when it could be any."""
    signal: str = ""
    """What a market concept is a sign of, of `SIGNALS`."""
    weight: float = 1.0
    """How much of it counts, above 0 and at most 1: less for words at the rim of a field."""
    not_in: tuple[str, ...] = ()
    """Longer phrases inside which a name does not count: 预算法 for 算法."""
    hosts: tuple[str, ...] = ()
    """Web hosts that an authority publishes on, without `www.`; their subdomains are included."""
    masks: bool = False
    """Whether names of other concepts inside its own names do not count: 世界人工智能大会 is an event, not AI."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names, Chinese first, as written in the lexicon."""
        return self.zh + self.en

    @property
    def english(self) -> str:
        """The best English name, else the best Chinese one, else the id."""
        return next((name.removeprefix("=") for name in self.en + self.zh), self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All concepts, in file order, each id once."""

    concepts: tuple[Concept, ...]
    version: str
    """Changes whenever a concept does."""

    def of(self, *kinds: ConceptKind) -> tuple[Concept, ...]:
        """Return the concepts of some kinds, in order."""
        return tuple(concept for concept in self.concepts if concept.kind in kinds)

    def get(self, concept_id: str) -> Concept | None:
        """Return the concept with an id, or None."""
        return next((concept for concept in self.concepts if concept.id == concept_id), None)
