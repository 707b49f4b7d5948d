"""Cuts texts into hashed shingles, lines and sentences: by their letters and digits, whatever their spelling.

Arrays are one-dimensional; code points are `uint32`, hashes `uint64`, made by polynomials modulo 2^64.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from classifier.folding import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

HAN_SIZE = 5
LATIN_SIZE = 9
"""Characters of a shingle: some three words' worth in either script (measured beside others: docs/stories.md)."""
_HAN_SHARE = 0.2
"""Share of Chinese characters from which a text counts as Chinese: names and figures in Latin are common in one."""
_LAST = 0x323AF
"""The last CJK ideograph; nothing beyond it is a letter of a language that is watched."""
_BASE = 0x9E3779B97F4A7C15
"""An odd multiplier with well spread bits (of the golden ratio, as in Steele et al. 2014, SplitMix)."""
_INVERSE = pow(_BASE, -1, 1 << 64)


@cache
def _letters() -> NDArray[np.bool_]:
    """Return for every code point whether it is a letter or a digit; made when it is first needed."""
    table = np.zeros(0x110000, dtype=np.bool_)
    table[: _LAST + 1] = [chr(code).isalnum() for code in range(_LAST + 1)]
    return table


def folded_codes(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text, folded: Simplified, narrow, lower case; as many as the text has characters."""
    return np.frombuffer(fold(text).encode("utf-32-le", "surrogatepass"), dtype="<u4")


def canonical(text: str) -> NDArray[np.uint32]:
    """Return the folded code points of the letters and digits of a text."""
    codes = folded_codes(text)
    letters: NDArray[np.uint32] = codes[_letters()[codes]]
    return letters


def shingle(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return the hashes of all shingles of canonical text, each once, ascending; none for a text shorter than one."""
    size = HAN_SIZE if _is_chinese(codes) else LATIN_SIZE
    count = len(codes) - size + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    wide = codes.astype(np.uint64)
    rolled = np.zeros(count, dtype=np.uint64)
    for offset in range(size):
        rolled *= np.uint64(_BASE)
        rolled += wide[offset : offset + count]
    return np.unique(mix(rolled))


def hash_pieces(text: str, ends: str, *, least: int, salt: int = 0) -> list[int]:
    """Return the hashes of the pieces of a text, in order; equal for pieces with the same letters and digits.

    Args:
        text: Any text.
        ends: Characters that end a piece; a full stop does so only before a space.
        least: Letters and digits from which a piece counts, > 0.
        salt: Makes other hashes of the same pieces.

    Returns:
        Signed numbers of 64 bits.
    """
    codes = folded_codes(text)
    letters = _letters()[codes]
    counts = np.concatenate(([0], np.cumsum(letters)[_piece_ends(text, ends)], [np.count_nonzero(letters)]))
    lengths = np.diff(counts)
    chosen = lengths >= least
    if not chosen.any():
        return []
    weighed = (codes[letters].astype(np.uint64) + np.uint64(1)) * _powers(_BASE, len(text))[: counts[-1]]
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(weighed, dtype=np.uint64)))
    starts = counts[:-1][chosen]
    # Counted from the piece's own beginning, wherever it stands: powers of an odd base can be divided away.
    values = (sums[counts[1:][chosen]] - sums[starts]) * _powers(_INVERSE, len(text))[starts]
    hashes: list[int] = mix(values + np.uint64(salt)).astype(np.int64).tolist()
    return hashes


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the bits of hashes (the finaliser of SplitMix64); one to one."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return mixed


def _piece_ends(text: str, ends: str) -> NDArray[np.intp]:
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    at_end = np.isin(raw, [ord(character) for character in ends if character != "."])
    if "." in ends:
        at_end[:-1] |= (raw[:-1] == ord(".")) & (raw[1:] == ord(" "))
    return np.flatnonzero(at_end)


@cache
def _powers_of(base: int, count: int) -> NDArray[np.uint64]:
    powers = np.full(count, base, dtype=np.uint64)
    powers[0] = 1
    raised: NDArray[np.uint64] = np.multiply.accumulate(powers, dtype=np.uint64)
    return raised


def _powers(base: int, length: int) -> NDArray[np.uint64]:
    """Return the powers of a base from the noughth to one beyond a length; made for few lengths, each once."""
    return _powers_of(base, max(1 << 16, 1 << length.bit_length()))


def _is_chinese(codes: NDArray[np.uint32]) -> bool:
    return bool(np.count_nonzero((codes >= 0x3400) & (codes <= 0x9FFF)) > _HAN_SHARE * len(codes))
