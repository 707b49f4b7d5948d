"""What changed between two texts, for a person: paragraph by paragraph, sentence by sentence, word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from core.wording import folded, text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SENTENCE_END = re.compile(r"(?<=[。！？；])(?![”’」』）)])|(?<=[。！？；][”’」』）)])|(?<=[.!?;])\s+(?=[A-Z“\"(])")
_TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*%?|[A-Za-z]+(?:['’-][A-Za-z]+)*|\s+|.", re.DOTALL)
"""Numbers and Latin words whole, anything else (Chinese above all) character by character."""
_ALIKE = 0.5
"""Share of common tokens from which two sentences are one that was edited, rather than one gone and another new."""
_ISLAND = 2
"""Characters up to which what stayed between two changes reads better as part of them."""
_MANY = 2000
"""Sentences in a run of differences beyond which they are compared as sets: matching in order takes quadratic time."""
_LONGEST = 2000
"""Characters of the longest sentence that is compared word by word, for the same reason."""
_REACH = 20
"""Removed sentences among which the one is looked for that a new sentence was made from."""


class PieceKind(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of characters with one fate."""

    kind: PieceKind
    text: str

    @property
    def marked(self) -> str:
        """The text in the marks of `git diff --word-diff`: `[-gone-]` and `{+new+}`."""
        return _MARKS[self.kind].format(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One sentence or paragraph that was added, removed, or edited."""

    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        """How it read; empty when it is new."""
        return "".join(piece.text for piece in self.pieces if piece.kind is not PieceKind.ADDED)

    @property
    def after(self) -> str:
        """How it reads now; empty when it is gone."""
        return "".join(piece.text for piece in self.pieces if piece.kind is not PieceKind.REMOVED)

    @property
    def marked(self) -> str:
        """Both in one line, in the marks of its pieces."""
        return "".join(piece.marked for piece in self.pieces)


_MARKS = {PieceKind.KEPT: "{}", PieceKind.REMOVED: "[-{}-]", PieceKind.ADDED: "{{+{}+}}"}


def diff_texts(old: str, new: str) -> tuple[Change, ...]:
    """Compare two texts.

    Args:
        old: The earlier text; lines are paragraphs.
        new: The later one.

    Returns:
        What changed, in the order of the texts; empty when both say the same. Width, case, white space, punctuation
        and the counters and buttons around a text are no change, as in `core.wording.says_the_same`.
    """
    before, after = _sentences(old), _sentences(new)
    changes: list[Change] = []
    for gone, come in _differences(before, after):
        changes += _pair(gone, come)
    return tuple(changes)


def _sentences(text: str) -> list[str]:
    pieces = (piece.strip() for line in text_lines(text) for piece in _SENTENCE_END.split(line))
    return [piece for piece in pieces if folded(piece)]


def _differences(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield the runs of sentences that differ, unless they differ only in where sentences end."""
    old, new = [folded(one) for one in before], [folded(one) for one in after]
    if max(len(old), len(new)) > _MANY:
        had, has = set(old), set(new)
        yield (
            [one for one, key in zip(before, old, strict=True) if key not in has],
            [one for one, key in zip(after, new, strict=True) if key not in had],
        )
        return
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal" and "".join(old[old_from:old_to]) != "".join(new[new_from:new_to]):
            yield before[old_from:old_to], after[new_from:new_to]


def _pair(gone: Sequence[str], come: Sequence[str]) -> Iterator[Change]:
    """Put each new sentence beside the removed one it was made from, in order; the rest came or went whole."""
    at = 0
    reach = _REACH if len(come) <= _MANY else 1
    for sentence in come:
        near = range(at, min(at + reach, len(gone)))
        found = next((index for index in near if _are_alike(gone[index], sentence)), None)
        if found is None:
            yield Change(pieces=(Piece(kind=PieceKind.ADDED, text=sentence),))
            continue
        yield from _removed(gone[at:found])
        yield Change(pieces=_pieces(gone[found], sentence))
        at = found + 1
    yield from _removed(gone[at:])


def _removed(sentences: Sequence[str]) -> Iterator[Change]:
    for sentence in sentences:
        yield Change(pieces=(Piece(kind=PieceKind.REMOVED, text=sentence),))


def _are_alike(one: str, other: str) -> bool:
    if max(len(one), len(other)) > _LONGEST:
        return False
    matcher = SequenceMatcher(None, _TOKEN.findall(one), _TOKEN.findall(other))
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    runs: list[tuple[PieceKind, str, str]] = []
    opcodes = SequenceMatcher(None, old, new).get_opcodes()
    for index, (tag, old_from, old_to, new_from, new_to) in enumerate(opcodes):
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        is_island = 0 < index < len(opcodes) - 1 and len(gone) <= _ISLAND
        kept = tag == "equal" and not is_island
        runs.append((PieceKind.KEPT if kept else PieceKind.REMOVED, gone, come))
    pieces: list[Piece] = []
    for kind, group in groupby(runs, key=lambda run: run[0]):
        parts = [*group]
        gone, come = "".join(part[1] for part in parts), "".join(part[2] for part in parts)
        pieces += [Piece(kind=kind, text=gone)] if gone else []
        pieces += [Piece(kind=PieceKind.ADDED, text=come)] if come and kind is PieceKind.REMOVED else []
    return tuple(pieces)
