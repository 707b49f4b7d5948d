"""Fingerprints texts so that copies are found: banded MinHash over shingles, and hashes of chosen sentences.

Broder 1997 (resemblance by min-wise hashing), Leskovec et al. 2014 §3.4 (bands); settings measured in docs/stories.md.
"""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from classifier.folding import fold
from classifier.shingles import canonical, hash_pieces, mix, shingle
from core.near_duplicates import Fingerprint, Traits, Words, figures_in

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

BANDS = 32
ROWS = 4
"""Texts of resemblance J share a band with probability 1 - (1 - J^4)^32: 0.87 at 0.5, 0.999 at 0.67."""
LEADS = 3
"""First sentences that are keys: they find truncated copies, whose resemblance is low."""
CHOSEN = 3
"""Sentences with the lowest hashes that are keys: they find copies with another beginning or end."""
_SEED = 20230613
_AT_ONCE = 512
"""Shingles hashed at once: 512 × 128 numbers of 32 bits stay in the cache of a core."""
_EDGE_LINES = (3, 5)
"""First and last lines that can be boilerplate."""
_LEAST_LINE = 6
"""Letters from which a line counts: shorter ones (`分享到`) weigh nothing."""
_LEAST_SENTENCE = 8
"""Letters from which a sentence is a key."""
_LEAST_TEXT = 40
"""Letters from which a text speaks for itself; a shorter one is compared with its title."""
_MAX_LENGTH = 60_000
"""Characters read of a text: beyond any article; a longer one is told by its beginning."""
_AMPLE = 1000
"""Characters from which a text is certainly long enough, so that its letters need not be counted."""
_SENTENCE_ENDS = "。！？!?；;\n."


class ShingleFingerprinter:
    """Implements `core.ports.Fingerprinter`."""

    version = "1"

    def lines(self, source_id: str, text: str) -> tuple[int, ...]:
        """Return hashes of the first and last lines of a source's text, each once, in order."""
        first, last = _EDGE_LINES
        lines = text.split("\n")
        edges = lines if len(lines) <= first + last else lines[:first] + lines[-last:]
        return tuple(dict.fromkeys(_line_hashes(source_id, "\n".join(edges))))

    def traits(self, words: Words, *, source_id: str = "", boilerplate: Collection[int] = ()) -> Traits:
        """Return what of a text is compared, without the lines whose hashes are given as boilerplate."""
        body, is_title = _body(words, source_id, boilerplate)
        return _traits(words.title, body, shingle(canonical(body)), is_title=is_title)

    def fingerprint(self, words: Words, *, source_id: str = "", boilerplate: Collection[int] = ()) -> Fingerprint:
        """Return a text's traits and its keys, without the lines whose hashes are given as boilerplate."""
        body, is_title = _body(words, source_id, boilerplate)
        shingles = shingle(canonical(body))
        keys = (*_bands(shingles), *_sentence_keys(body)) if len(shingles) else ()
        traits = _traits(words.title, body, shingles, is_title=is_title)
        return Fingerprint(traits=traits, keys=tuple(dict.fromkeys(keys)))


def _traits(title: str, body: str, shingles: NDArray[np.uint64], *, is_title: bool) -> Traits:
    figures = figures_in(fold(body if is_title else f"{title}\n{body}"))
    return Traits(shingles=frozenset(shingles.tolist()), title=fold(title), figures=figures, is_title=is_title)


def _line_hashes(source_id: str, text: str) -> list[int]:
    return hash_pieces(text, "\n", least=_LEAST_LINE, salt=zlib.crc32(source_id.encode()))


def _body(words: Words, source_id: str, boilerplate: Collection[int]) -> tuple[str, bool]:
    """Return the text without boilerplate, and whether so little of it is left that the title was put before it."""
    text = words.text[:_MAX_LENGTH]
    left = _without(text, source_id, boilerplate) if boilerplate else text
    if not left.strip():  # nothing but what recurs: a page that says this only, or the same page again and again
        left = text
    if len(left) >= _AMPLE or len(canonical(left)) >= _LEAST_TEXT:
        return left, False
    return f"{words.title}\n{left}", True


def _without(text: str, source_id: str, boilerplate: Collection[int]) -> str:
    """Return the text without those lines, which are looked for only where lines can be boilerplate."""
    lines = text.split("\n")
    first, last = _EDGE_LINES
    edges = {*range(min(first, len(lines))), *range(max(len(lines) - last, 0), len(lines))}
    gone = {number for number in edges if any(line in boilerplate for line in _line_hashes(source_id, lines[number]))}
    return "\n".join(line for number, line in enumerate(lines) if number not in gone)


def _sentence_keys(body: str) -> list[int]:
    hashes = hash_pieces(body, _SENTENCE_ENDS, least=_LEAST_SENTENCE)
    return hashes[:LEADS] + sorted(hashes)[:CHOSEN]


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    generator = np.random.Generator(np.random.PCG64(_SEED))
    shape = (BANDS * ROWS, 1)
    factors = generator.integers(0, 1 << 31, shape, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, generator.integers(0, 1 << 32, shape, dtype=np.uint32)


def _bands(shingles: NDArray[np.uint64]) -> list[int]:
    """Return one key a band: the least values of four permutations of the shingles, mixed."""
    factors, terms = _permutations()
    low = (shingles >> np.uint64(32)).astype(np.uint32)
    least = np.full(BANDS * ROWS, 0xFFFFFFFF, dtype=np.uint32)
    for start in range(0, len(low), _AT_ONCE):
        permuted = factors * low[start : start + _AT_ONCE] + terms
        np.minimum(least, permuted.min(axis=1), out=least)
    rows = least.reshape(BANDS, ROWS).astype(np.uint64)
    keys = np.arange(1, BANDS + 1, dtype=np.uint64)
    for column in range(ROWS):
        keys = mix(keys * np.uint64(0x9E3779B97F4A7C15) + rows[:, column])
    bands: list[int] = keys.astype(np.int64).tolist()
    return bands
