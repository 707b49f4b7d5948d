"""What an item says by which the event it tells is known again, whatever its language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.classification import Classification, Stage
    from core.item import ItemId, StoryId
    from core.source import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One item as the story reader is given it."""

    title: str
    text: str
    language: str
    """`zh`, `zh-Hant`, `en`; empty when it is not known."""
    published_at: datetime
    """Aware UTC."""
    classification: Classification | None = None
    """None where it failed or was not asked for."""
    voice: Voice | None = None
    """Who speaks: the source's voice; None when the source is unknown."""
    issuer: str = ""
    jurisdiction: str = ""
    """Of the source's authority; empty for the press."""
    document_numbers: tuple[str, ...] = ()
    """Of the document itself first, as its page gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTraits:
    """What of an item is compared with others.

    Every field may be empty; all but `words` and the written titles among the documents are free of language.
    """

    published_at: datetime
    """Aware UTC."""
    language: str = ""
    """`zh` for all Chinese, `en`, or another ISO 639-1 code."""
    relevant: bool = False
    is_official: bool = False
    """Whether an authority speaks itself."""
    jurisdiction: str = ""
    act: str = "none"
    stage: Stage | None = None
    topics: tuple[str, ...] = ()
    own_numbers: frozenset[str] = frozenset()
    """Document numbers, normalised, of the document that the item is."""
    numbers: frozenset[str] = frozenset()
    """Further document numbers that it cites."""
    subjects: frozenset[str] = frozenset()
    """Keys of the documents that it is about: named in its title, or the first named."""
    documents: frozenset[str] = frozenset()
    """Keys of further documents that it names."""
    concepts: Mapping[str, float] = field(default_factory=dict)
    """Lexicon ids of technologies and programmes → how much of the item speaks of them, times how rare they are: above
    0 and at most 1; title before lead before body."""
    actors: Mapping[str, float] = field(default_factory=dict)
    """The same of authorities; sorts of bodies are left out."""
    places: Mapping[str, float] = field(default_factory=dict)
    """The same of places, also those of the authorities. An id begins with that of the place it lies in."""
    deeds: Mapping[str, float] = field(default_factory=dict)
    """The same of acts, instruments and signs of the market."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Amounts, shares, counts, days and periods in one form for all languages: `money 1e+10`, `percent 15`,
    `count 5000`, `day 06-13`, `years 2023-2025`, `year 2027`; with weights as those of the concepts."""
    rounds: frozenset[str] = frozenset()
    """Which batches, rounds or editions title and first sentence speak of: `4`."""
    names: Mapping[str, float] = field(default_factory=dict)
    """Proper names that read the same in every language, folded: companies, coins, people in Latin letters; with
    weights as those of the concepts."""
    words: Mapping[int, float] = field(default_factory=dict)
    """Hashes of the words or character pieces of title and lead → weight; compared within one language only."""
    meanings: Mapping[int, float] = field(default_factory=dict)
    """Hashes of English stems of what title and lead say, Chinese by the glossary → weight; compared in all."""
    is_roundup: bool = False
    """Whether it tells several events, as the news of a day or week."""
    forwards: bool = False
    """Whether an authority passes on another's paper (转发)."""
    vector: tuple[float, ...] = ()
    """Meaning as numbers where the semantic extra is on; compared by cosine; empty without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMarks:
    """An item's traits, and the keys under which other tellings of its event are found."""

    traits: StoryTraits
    keys: tuple[int, ...]
    """Signed 64-bit numbers, each once; of every key only the newest items are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCandidate:
    """A stored item that may tell the same event."""

    item_id: ItemId
    story_id: StoryId
    traits: StoryTraits
    is_copy: bool = False
    """Whether its text is a copy of the new item's, edited or not."""
