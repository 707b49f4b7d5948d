"""Which papers an item is about, and which it names, in forms that compare across spellings and languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from classifier.folding import fold
from core.documents import document_key, find_document_titles
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from classifier.matching import LexiconMatcher

_SHORTEST = 8
"""Letters from which a title is a paper's own: shorter ones (`实施方案`, `AI Act`) are shared by many."""
_YEARS = re.compile(r"(20\d\d)年?(?: |至|to)+(20\d\d)")
_SUBJECTS = frozenset({ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME})
_ROUND_KEY = re.compile(r"[\(（][^()（）]*(?:征求意见|草案|试行|修订|draft|trial|interim)[^()（）]*[\)）]")
MOST = 8
"""Papers kept of an item beside its subject."""


class Papers(NamedTuple):
    """Keys of papers; those that begin with `~` are free of language."""

    subjects: frozenset[str]
    """Of those in the title, else of the first that is named."""
    others: frozenset[str]


def find_papers(title: str, text: str, matcher: LexiconMatcher) -> Papers:
    """Find the papers of an item and make keys of their names."""
    in_title = find_document_titles(title)
    named = find_document_titles(text)
    about = in_title or named[:1]
    subjects = frozenset(key for name in about for key in _keys(name, matcher))
    others = frozenset(key for name in named[: MOST + 1] for key in _keys(name, matcher))
    return Papers(subjects, others - subjects)


def _keys(name: str, matcher: LexiconMatcher) -> tuple[str, ...]:
    folded = fold(_ROUND_KEY.sub("", name))
    written = document_key(folded)
    neutral = _neutral(name, folded, matcher)
    return tuple(key for key in (written if len(written) >= _SHORTEST else "", neutral) if key)


def _neutral(name: str, folded: str, matcher: LexiconMatcher) -> str:
    """Return what the paper is on, what it is, and its years; empty when nothing tells it from others."""
    concepts = [hit.concept for hit in matcher.find(name)]
    on = sorted({concept.id for concept in concepts if concept.kind in _SUBJECTS})
    kinds = sorted({concept.act for concept in concepts if concept.kind is ConceptKind.INSTRUMENT and concept.act})
    years = _YEARS.search(folded)
    if not on:
        return ""
    return f"~{'+'.join(on)} {'+'.join(kinds)} {'-'.join(years.groups()) if years else ''}".rstrip()
