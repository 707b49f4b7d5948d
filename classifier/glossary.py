"""Words for glosses: the glossary file beside this module, and the names that a lexicon has for things."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from classifier.folding import fold
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.lexicon import Concept, Lexicon

_KINDS = (ConceptKind.TECHNOLOGY, ConceptKind.AUTHORITY, ConceptKind.PLACE, ConceptKind.PROGRAMME)
"""Names of things. What is done, and by which paper, has too many words under one concept for one gloss."""
_ALIASED = frozenset({ConceptKind.AUTHORITY, ConceptKind.PLACE})
"""Kinds whose further names are the same thing's; a technology's are often narrower, and made of words known anyway."""
_PARTS = 0.9
"""Least weight of places whose Chinese names are all one place; a district's are of quarters in it too."""


class Word(StrEnum):
    """What part a word plays."""

    VERB = "verb"
    BOTH = "both"
    """A verb before an object, else a noun."""
    NOUN = "noun"
    NAME = "name"
    """A body or place, which can be who acts."""
    PARTICLE = "particle"
    UNKNOWN = "unknown"
    """Chinese that stays."""
    PLAIN = "plain"
    """Latin letters and numbers."""
    MARK = "mark"
    """Punctuation."""


@dataclass(frozen=True, slots=True)
class Term:
    """English for one Chinese word."""

    word: Word
    english: str
    """The noun, where it is both."""
    verb: str = ""
    """The plain form of a verb."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """All words, by their folded Chinese form."""

    terms: Mapping[str, Term]
    papers: Mapping[str, str]
    """What titles of papers end in, with `{}` for their subject."""
    remarks: Mapping[str, str]
    """What stands in brackets behind a title."""
    longest: int
    """Characters of the longest word."""


def build_glossary(lexicon: Lexicon) -> Glossary:
    """Join the glossary file and the names of a lexicon; the file's words win, and a shipped name over a later one."""
    words = _shipped()
    terms: dict[str, Term] = {}
    for concept in lexicon.of(*_KINDS):
        for rank, name in enumerate(_names(concept)):
            if not rank or concept.kind in _ALIASED:
                terms.setdefault(name, _term(concept))
    papers, remarks = words["papers"], words["remarks"]
    terms |= {paper: Term(Word.NOUN, _bare(template)) for paper, template in papers.items()}
    terms |= {word: Term(Word.NOUN, english) for word, english in words["nouns"].items()}
    terms |= {word: Term(Word.PARTICLE, english) for word, english in words["particles"].items()}
    terms |= {word: Term(Word.VERB, english, english) for word, english in words["verbs"].items()}
    for word, english in words["both"].items():
        verb, _, noun = english.partition("/")
        terms[word] = Term(Word.BOTH, noun, verb)
    return Glossary(terms, papers, remarks, max(map(len, terms)))


@cache
def _shipped() -> dict[str, dict[str, str]]:
    text = resources.files("classifier").joinpath("glossary.yaml").read_text(encoding="utf-8")
    return {section: {fold(word): english for word, english in part.items()} for section, part in _load(text).items()}


def _load(text: str) -> dict[str, dict[str, str]]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    # Neither makes anything but texts of texts: `no` stays a word.
    sections: dict[str, dict[str, str]] = yaml.load(text, Loader=loader)  # noqa: S506
    return sections


def _names(concept: Concept) -> Iterator[str]:
    """Yield folded names, the best first; of small places only those that hold the same word: 徐汇区 and 徐汇."""
    names = [fold(name.removeprefix("=").strip("“”")) for name in concept.zh] if concept.en else []
    is_small = concept.kind is ConceptKind.PLACE and concept.weight < _PARTS
    yield from (name for name in names if not is_small or name in names[0] or names[0] in name)


def _term(concept: Concept) -> Term:
    is_actor = concept.kind in {ConceptKind.AUTHORITY, ConceptKind.PLACE}
    return Term(Word.NAME if is_actor else Word.NOUN, concept.english)


def _bare(template: str) -> str:
    """Return `action plan` of `action plan to|for {}`."""
    words = template.removesuffix(" {}").rsplit(" ", 1)
    return words[0] if words[-1] in {"on", "for", "of", "to|for", "to|on", "in"} else template.removesuffix(" {}")
