"""Checks concepts after all files are read: what cannot work, what is missing, and what is doubtful."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from config.common_words import COMMON_WORDS
from core.classification import ACTS, TOPICS
from core.errors import ConfigProblem
from core.lexicon import SIGNALS, ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.lexicon import Concept

ID_PATTERN = r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+"
CODE_PATTERN = r"[a-z]{2}(-[a-z]{2})?|intl"
_ID = re.compile(ID_PATTERN)
_CODE = re.compile(CODE_PATTERN)
_CHINESE = re.compile("[㐀-鿿]")
_TOPICAL = frozenset({ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME})
_PLACED = frozenset({ConceptKind.AUTHORITY, ConceptKind.PLACE})
_NAMING = _TOPICAL | _PLACED
"""Kinds whose names must be rare; verbs and papers are common words by nature."""


def check_concepts(concepts: Mapping[str, Concept], places: Mapping[str, str]) -> Iterator[ConfigProblem]:
    """Find what cannot work in concepts that are each well-formed.

    Args:
        concepts: By id.
        places: Id → file and line where it was last set.
    """
    for concept in concepts.values():
        for key, message in (*_names(concept), *_meaning(concept), *_standing(concept, concepts)):
            yield ConfigProblem(where=places[concept.id], key=f"{concept.id}{key}", message=message)
    for concept, owner, name in _shared(concepts):
        if concept.kind is owner.kind and name not in _folded(concept.meant + owner.meant):
            message = (
                f"{name!r} is also a name of {owner.id} ({places[owner.id]}); give it to one of the two, or list it"
                " under `meant`: it is then found as the first of them"
            )
            yield ConfigProblem(where=places[concept.id], key=concept.id, message=message)
    yield from _shared_hosts(concepts, places)


def check_gaps(concepts: Mapping[str, Concept], places: Mapping[str, str]) -> Iterator[tuple[str, ConfigProblem]]:
    """Find what concepts should say and do not: a language, a rank. Yield the concept's id with each."""
    for concept in concepts.values():
        for key, message in _gaps(concept):
            where = places[concept.id]
            yield concept.id, ConfigProblem(where=where, key=f"{concept.id}{key}", message=message)


def find_doubts(concepts: Mapping[str, Concept], places: Mapping[str, str]) -> Iterator[ConfigProblem]:
    """Find names that will be found where they are not meant, unless `meant` says that they are."""
    for concept in concepts.values():
        meant = _folded(concept.meant)
        for name in concept.names if concept.kind in _NAMING and not concept.only_with else ():
            doubt = _doubt(name)
            if doubt and _key(name) not in meant:
                message = f"{name!r} is {doubt}; leave it out, or list it under `meant`"
                yield ConfigProblem(where=places[concept.id], key=concept.id, message=message)
    for concept, owner, name in _shared(concepts):
        if concept.kind is not owner.kind and name not in _folded(concept.meant + owner.meant):
            message = f"{name!r} is also a name of {owner.id} ({places[owner.id]}), and found as that; see `meant`"
            yield ConfigProblem(where=places[concept.id], key=concept.id, message=message)


def _names(concept: Concept) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(concept.id):
        yield "", "is no id; use lower-case words with dots, such as tech.blockchain"
    if not concept.names:
        yield "", "has no name at all; give it one under zh or en"
    for name in concept.names:
        if len(name.strip()) < (1 if _is_chinese(name) else 2):
            yield "", f"{name!r} is too short to be found reliably"
    folded = _folded(concept.names)
    for phrase in concept.not_in:
        if not any(name in _key(phrase) for name in folded):
            yield ".not_in", f"{phrase!r} holds none of the concept's names, so it guards nothing"
    for name in concept.meant:
        if _key(name) not in folded:
            yield ".meant", f"{name!r} is none of the concept's names"


def _meaning(concept: Concept) -> Iterator[tuple[str, str]]:
    for key, topics in ((".topics", concept.topics), (".only_with", concept.only_with)):
        for topic in set(topics) - set(TOPICS):
            yield key, f"{topic!r} is no topic; use {', '.join(TOPICS)}"
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


def _standing(concept: Concept, concepts: Mapping[str, Concept]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with rank and parent."""
    if concept.rank and concept.kind is not ConceptKind.AUTHORITY:
        yield ".rank", "is for authorities only"
    elif concept.rank and not concept.jurisdiction:
        yield ".jurisdiction", "is missing: a body with a rank has a code; sorts of bodies have neither"
    if not concept.parent:
        return
    parent = concepts.get(concept.parent)
    if concept.kind not in _PLACED:
        yield ".parent", "is for authorities and places only"
    elif parent is None:
        yield ".parent", f"{concept.parent!r} is no concept"
    elif parent.kind is not concept.kind:
        yield ".parent", f"{concept.parent!r} is no {concept.kind}, but a {parent.kind}"
    elif _is_circular(concept, concepts):
        yield ".parent", f"{concept.parent!r} belongs, in the end, to this concept itself"


def _is_circular(concept: Concept, concepts: Mapping[str, Concept]) -> bool:
    seen = {concept.id}
    above = concepts.get(concept.parent)
    while above and above.id not in seen:
        seen.add(above.id)
        above = concepts.get(above.parent)
    return above is not None and above.id == concept.id


def _gaps(concept: Concept) -> Iterator[tuple[str, str]]:
    if not concept.zh:
        yield ".zh", "is missing: every concept has a Chinese name"
    if not concept.en:
        yield ".en", "is missing: every concept has an English name"
    if concept.kind is ConceptKind.AUTHORITY and concept.jurisdiction and not concept.rank:
        yield ".rank", "is missing: an authority of a jurisdiction has a rank"


def _doubt(name: str) -> str:
    """Say why a name will be found too often, or nothing."""
    if _is_chinese(name) and len(name.removeprefix("=")) == 1:
        return "a single character, which words of other meanings hold"
    return "a common word" if not name.startswith("=") and _key(name) in COMMON_WORDS else ""


def _shared(concepts: Mapping[str, Concept]) -> Iterator[tuple[Concept, Concept, str]]:
    """Yield a concept, an earlier one of its family, and a name that both have."""
    owners: dict[tuple[str, str], Concept] = {}
    for concept in concepts.values():
        for name in dict.fromkeys(_key(name) for name in concept.names):
            owner = owners.setdefault((concept.family, name), concept)
            if owner is not concept:
                yield concept, owner, name


def _shared_hosts(concepts: Mapping[str, Concept], places: Mapping[str, str]) -> Iterator[ConfigProblem]:
    owners: dict[str, str] = {}
    for concept in concepts.values():
        for host in concept.hosts:
            owner = owners.setdefault(host, concept.id)
            if owner != concept.id:
                message = f"{host!r} is already a host of {owner} ({places[owner]}); one of the two publishes there"
                yield ConfigProblem(where=places[concept.id], key=f"{concept.id}.hosts", message=message)


def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_key(name) for name in names)


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name.removeprefix("=")).casefold().replace("-", " ")


def _is_chinese(name: str) -> bool:
    return _CHINESE.search(name) is not None
