"""Checks concepts after all files are read: languages, topics, acts, signals, codes, and ambiguous names."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from core.classification import ACTS, TOPICS
from core.errors import ConfigProblem
from core.lexicon import SIGNALS, ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.lexicon import Concept

_ID = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")
_CODE = re.compile(r"[a-z]{2}(-[a-z]{2})?|intl")
_TOPICAL = frozenset({ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME})
_PLACED = frozenset({ConceptKind.AUTHORITY, ConceptKind.PLACE})


def check_concepts(concepts: Mapping[str, Concept], places: Mapping[str, str]) -> Iterator[ConfigProblem]:
    """Find what is wrong with concepts that are each well-formed.

    Args:
        concepts: By id.
        places: Id → file and line where it was last set.
    """
    for concept in concepts.values():
        for key, message in (*_names(concept), *_meaning(concept)):
            yield ConfigProblem(where=places[concept.id], key=f"{concept.id}{key}", message=message)
    yield from _ambiguities(concepts, places)


def _names(concept: Concept) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(concept.id):
        yield "", "is no id; use lower-case words with dots, such as tech.blockchain"
    if not concept.zh:
        yield ".zh", "is missing: every concept has a Chinese name"
    if not concept.en:
        yield ".en", "is missing: every concept has an English name"
    for name in concept.names:
        if len(name.strip()) < (1 if _is_chinese(name) else 2):
            yield "", f"{name!r} is too short to be found reliably"
    folded = [_key(name) for name in concept.names]
    for phrase in concept.not_in:
        if not any(name in _key(phrase) for name in folded):
            yield ".not_in", f"{phrase!r} holds none of the concept's names, so it guards nothing"


def _meaning(concept: Concept) -> Iterator[tuple[str, str]]:
    for topic in concept.topics:
        if topic not in TOPICS:
            yield ".topics", f"{topic!r} is no topic; use {', '.join(TOPICS)}"
    if concept.kind in _TOPICAL and not concept.topics:
        yield ".topics", f"is missing: a {concept.kind} says what an item is about"
    if concept.act and concept.act not in ACTS:
        yield ".act", f"{concept.act!r} is no act; use {', '.join(ACTS)}"
    if concept.jurisdiction and not _CODE.fullmatch(concept.jurisdiction):
        yield ".jurisdiction", f"{concept.jurisdiction!r} is no code; use such as cn, cn-sh, hk, us, eu, intl"
    if concept.jurisdiction and concept.kind not in _PLACED:
        yield ".jurisdiction", "is for authorities and places only"
    if concept.kind is ConceptKind.PLACE and not concept.jurisdiction:
        yield ".jurisdiction", "is missing: a place has a code"
    if concept.kind is ConceptKind.MARKET and concept.signal not in SIGNALS:
        yield ".signal", f"{concept.signal!r} is no signal; use {', '.join(SIGNALS)}"


def _ambiguities(concepts: Mapping[str, Concept], places: Mapping[str, str]) -> Iterator[ConfigProblem]:
    """Find names that two concepts of one kind share."""
    owners: dict[tuple[ConceptKind, str], str] = {}
    for concept in concepts.values():
        for name in dict.fromkeys(_key(name) for name in concept.names):
            owner = owners.setdefault((concept.kind, name), concept.id)
            if owner != concept.id:
                yield ConfigProblem(
                    where=places[concept.id],
                    key=concept.id,
                    message=f"{name!r} is also a name of {owner} ({places[owner]}); give it to one of the two",
                )


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name.removeprefix("=")).casefold().replace("-", " ")


def _is_chinese(name: str) -> bool:
    return any("㐀" <= char <= "鿿" for char in name)
