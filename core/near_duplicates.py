"""Whether two texts are copies of one another, also edited ones: what is compared, and the decision. Pure.

How texts are folded, cut into shingles and hashed is the fingerprinter's business (`core.ports.Fingerprinter`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.item import ItemId, StoryId

WINDOW = timedelta(days=30)
"""How far back copies are looked for: as far as stories reach."""
MAX_CANDIDATES = 50
"""Candidates compared with a text at most, those with the most keys in common: bounds the cost of each."""
RECURRING = 3
"""Items of one source in which a line stands, from which it is boilerplate."""

CONTAINMENT = 0.65
"""Share of the smaller text's shingles that the larger must hold. Measured on generated copies: docs/stories.md."""
_TITLE_RESEMBLANCE = 0.9
"""Share of the larger text that must be held by one that is no more than a title: titles of two documents often differ
by a word in brackets."""
_SHORT = 150
"""Shingles up to which a text is short: a flash of two or three sentences."""
_LEAST_RATIO = 0.35
"""Size of the smaller text by that of the larger: below it one is a passage of the other. A daily round-up holds many
flashes word by word, and is the copy of none."""
_FIGURES_APART = 0.25
"""Share of the numbers in the same surroundings that may differ in longer texts: editors round and correct. In short
ones none may: flashes are written by template."""
_TITLES_ALIKE = 0.8
"""Share of pairs of characters (Dice) from which two titles are one but for numbers and stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of an item."""

    title: str
    text: str
    """Plain text, one paragraph a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What of a text is compared; boilerplate is left out."""

    shingles: frozenset[int]
    """Hashes of the overlapping pieces of the text; none for a text that is too short to tell anything."""
    title: str
    """The folded title."""
    figures: Mapping[str, frozenset[str]]
    """The numbers that stand in each surrounding in title and text."""
    is_title: bool = False
    """Whether the text says so little that it was taken together with the title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """A text's traits, and the keys under which its copies are found."""

    traits: Traits
    keys: tuple[int, ...]
    """Signed 64-bit numbers, each once; copies have at least one in common with high probability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored item that has keys in common with a text."""

    item_id: ItemId
    story_id: StoryId | None
    """None while it is in no story."""
    source_id: str
    words: Words


class Finding(StrEnum):
    """What comparing two texts gave."""

    COPY = "copy"
    UNLIKE = "unlike"
    """They share too little."""
    PASSAGE = "passage"
    """One is a small part of the other, such as a flash in a round-up."""
    NUMBERS = "numbers"
    """One template filled with other numbers or days."""
    ROUND = "round"
    """Their titles differ in numbers only: two rounds of a list, two years of a programme."""
    STAGE = "stage"
    """Their titles differ in the stage only: a draft and its final form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How two texts compare."""

    finding: Finding
    containment: float
    """Share of the smaller text's shingles that the larger holds, 0 to 1."""

    @property
    def is_copy(self) -> bool:
        """Whether one is a copy of the other."""
        return self.finding is Finding.COPY


def compare(one: Traits, other: Traits) -> Likeness:
    """Compare two texts; the order does not matter."""
    small, large = sorted((len(one.shingles), len(other.shingles)))
    containment = len(one.shingles & other.shingles) / small if small else 0.0
    return Likeness(finding=_finding(one, other, small, large, containment=containment), containment=containment)


def _finding(one: Traits, other: Traits, small: int, large: int, *, containment: float) -> Finding:
    if containment < CONTAINMENT or (
        (one.is_title or other.is_title) and containment * small < _TITLE_RESEMBLANCE * large
    ):
        return Finding.UNLIKE
    if small < _LEAST_RATIO * large:
        return Finding.PASSAGE
    if (difference := _titles_differ(one.title, other.title)) is not None:
        return difference
    if _figures_differ(one.figures, other.figures, is_short=small <= _SHORT):
        return Finding.NUMBERS
    return Finding.COPY


def _figures_differ(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]], *, is_short: bool) -> bool:
    """Whether other numbers stand in the same surroundings; numbers that only one of them has tell nothing."""
    shared = one.keys() & other.keys()
    differing = sum(one[place].isdisjoint(other[place]) for place in shared)
    return differing > (0 if is_short else _FIGURES_APART * len(shared))


_NUMERAL = "一二三四五六七八九十百零〇两"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_FIGURE = re.compile(
    rf"((?<=第)[{_NUMERAL}]+|\d+(?:[.,]\d+)*"
    rf"|\b(?:{'|'.join(_ORDINALS)})(?= (?:batch|round|list|tranche|edition|phase|quarter|group)\b))"
)
_FURNITURE = re.compile(
    r"(?:\b20\d\d[年 /.]\d{1,2}[月 /.]\d{1,2}日?\s*)?\d{1,2}[:：]\d\d(?:[:：]\d\d)?|\b20\d\d[ /.]\d{1,2}[ /.]\d{1,2}\b"
)
"""Times of day and dates in digits, as pages print them beside a text: each outlet has its own."""
_BEFORE, _AFTER = 4, 2
"""Letters before and after a number that make its surroundings."""


def figures_in(folded: str) -> Mapping[str, frozenset[str]]:
    """Find the numbers of a text, each with its surroundings: a few letters before and after it.

    Args:
        folded: Text in folded form: lower case, plain width, Simplified.
    """
    pieces = _FIGURE.split(_FURNITURE.sub("", folded))
    found: dict[str, set[str]] = {}
    before = ""
    for text, figure, after in zip(pieces[::2], pieces[1::2], pieces[2::2], strict=False):
        before = (before + _NOT_WORD.sub("", text[-_REACH:]))[-_BEFORE:]
        found.setdefault(f"{before}#{_NOT_WORD.sub('', after[:_REACH])[:_AFTER]}", set()).add(_plain(figure))
        before += "#"
    return {place: frozenset(numbers) for place, numbers in found.items()}


_NOT_WORD = re.compile(r"[\W_]+")
_REACH = 12
"""Characters looked at for the letters around a number: punctuation and spaces may lie between."""


def _plain(figure: str) -> str:
    if figure in _ORDINALS:
        return str(_ORDINALS.index(figure) + 1)
    if not figure[0].isascii():
        return _value(figure)
    bare = re.sub(r",(?=\d{3})", "", figure)
    return bare.rstrip("0").rstrip(".") if "." in bare else bare.lstrip("0") or "0"


def _value(numeral: str) -> str:
    """Return the value of a Chinese numeral below a thousand, in digits."""
    total, digit = 0, 0
    for character in numeral:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = "零一二三四五六七八九".find(character.replace("〇", "零").replace("两", "二"))
    return str(total + digit)


_DRAFT = re.compile(
    r"[(（\[【]?(?:公开|向社会)*征求(?:.{0,12}的)?意见稿?[)）\]】]?|草案|讨论稿|送审稿|意见征集"
    r"|\b(?:exposure )?draft\b|\bconsultations?\b|\bproposed\b|\bfor comments?\b"
)
"""Marks of a draft in a folded title."""
_FRAME = re.compile(r"关于|印发|发布|公布|公开|的?(?:通知|公告|通告|函)|\b(?:the|on|of)\b")
"""Words around a document's name in a title."""


def _titles_differ(one: str, other: str) -> Finding | None:
    """Return how titles that are one otherwise differ; None when they do not, or are two altogether."""
    if one == other or not _alike(_bare(one), _bare(other)):
        return None
    if bool(_DRAFT.search(one)) != bool(_DRAFT.search(other)):
        return Finding.STAGE
    ours, theirs = _numbers(one), _numbers(other)
    return Finding.ROUND if ours - theirs and theirs - ours else None


def _bare(title: str) -> str:
    return _NOT_WORD.sub("", _FIGURE.sub("", _FRAME.sub("", _DRAFT.sub("", title))))


def _numbers(title: str) -> frozenset[str]:
    return frozenset(map(_plain, _FIGURE.findall(title)))


def _alike(one: str, other: str) -> bool:
    ours, theirs = _pairs(one), _pairs(other)
    return 2 * len(ours & theirs) >= _TITLES_ALIKE * max(len(ours) + len(theirs), 1)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[start : start + 2] for start in range(len(text) - 1))
