"""The bilingual lexicon: what things are called, in Chinese and English, and what they mean for a judgement.

Only the words; matching them in text is the classifier's work, reading them from files the configuration's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


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


_SUBJECTS = frozenset({ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME})
_WHERE = frozenset({ConceptKind.AUTHORITY, ConceptKind.PLACE})

SIGNALS = (
    "price", "product", "funding-round", "company", "procurement", "contest", "training", "job", "visit", "opinion",
    "exhibition", "crime", "advert", "usage", "personnel", "service", "research", "conflict", "background",
)  # fmt: skip
"""What a market concept can be a sign of."""


class Rank(StrEnum):
    """Where a named authority stands among authorities."""

    CENTRAL_PARTY = "central-party"
    """An organ of the Party's centre, its commissions and their offices."""
    STATE_COUNCIL = "state-council"
    """The State Council of China, its offices and meetings."""
    MINISTRY = "ministry"
    """A ministry, commission or body of ministerial rank of the mainland's centre."""
    BUREAU = "bureau"
    """A ministry's department, a national bureau under one, or an institute that does its work."""
    PROVINCE = "province"
    """Government or Party committee of a province, autonomous region or centrally governed city."""
    PROVINCE_DEPARTMENT = "province-department"
    """A department or commission of one, or the local office of a national regulator."""
    CITY = "city"
    """Government or Party committee of a city below a province."""
    CITY_DEPARTMENT = "city-department"
    """A bureau or commission of one."""
    DISTRICT = "district"
    """Government or committee of a district, county, new area or zone."""
    GOVERNMENT = "government"
    """Cabinet, head or part of a government outside the mainland: of a country, a state of one, or Hong Kong."""
    DEPARTMENT = "department"
    """A ministry, department or agency of such a government."""
    REGULATOR = "regulator"
    """A regulator or central bank outside the mainland, whether or not it is independent."""
    LEGISLATURE = "legislature"
    """A legislature or advisory assembly of any level, with its committees."""
    COURT = "court"
    """A court or procuratorate of any level."""
    STANDARDS = "standards"
    """A body that writes standards."""
    ASSOCIATION = "association"
    """An association or institute of the trade with a public function, such as self-regulation."""
    EXCHANGE = "exchange"
    """A state-run exchange."""
    INTERNATIONAL = "international"
    """An organisation, forum or committee of several countries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A name, in one language or both, that a body or place has no longer. It still matches: texts keep it."""

    zh: str = ""
    en: str = ""
    since: date | None = None
    """First day of the name; None when it does not matter."""
    until: date | None = None
    """Last day of the name, or the day on which the successor took over; None when it is not known."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that there are, Chinese first."""
        return tuple(name for name in (self.zh, self.en) if name)


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
    rank: Rank | None = None
    """Where a named authority stands; None for sorts of bodies and all other kinds."""
    parent: str = ""
    """Id of the body that an authority belongs to, or of the place that a place lies in; empty for none."""
    former: tuple[Former, ...] = ()
    """Names of old."""
    act: str = ""
    """Kind of act that a verb or instrument speaks for, of `core.classification.ACTS`; empty when it could be any."""
    signal: str = ""
    """What a market concept is a sign of, of `SIGNALS`."""
    weight: float = 1.0
    """How much of it counts, above 0 and at most 1: less for words at the rim of a field."""
    not_in: tuple[str, ...] = ()
    """Longer phrases inside which a name does not count: 预算法 for 算法."""
    only_with: tuple[str, ...] = ()
    """Topics of which the document must name something unconditional for this to count: `miners` beside `bitcoin`."""
    hosts: tuple[str, ...] = ()
    """Web hosts that an authority publishes on, without `www.`; their subdomains are included."""
    masks: bool = False
    """Whether names of other concepts inside its own names do not count: 世界人工智能大会 is an event, not AI."""
    meant: tuple[str, ...] = ()
    """Names that are meant although they are doubtful: one character, a common word, or another's name as well."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names by which it is found, Chinese first, former ones last, as written in the lexicon."""
        return self.zh + self.en + tuple(name for former in self.former for name in former.names)

    @property
    def family(self) -> str:
        """Which concepts compete for the longest match: a place inside an authority's name is not one."""
        if self.kind in _SUBJECTS:
            return "subject"
        if self.kind in _WHERE:
            return "where"
        # Counter-signals speak for different things, and may share words.
        return self.signal or self.kind.value

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
