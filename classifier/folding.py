"""One folded form for all spellings of a text, character by character, so that offsets stay valid on the original.

Full-width forms, letter case, Traditional characters, dashes, apostrophes and kinds of space become one. Only mappings
of one character to one are made: folded and original text always have the same length.
"""

from __future__ import annotations

import itertools
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from opencc import OpenCC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SPACES = "\t\n\r\x0b\x0c\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000-‐‑‒–—―−"
"""Kinds of space, and dashes: `low-altitude` and `low altitude` are one term."""
_APOSTROPHES = "’‘ʼ`´"
_LAST = 0x2FA1F
"""The last compatibility ideograph; nothing beyond it folds."""
_CODE_POINTS = 0x110000
_CODEC = "utf-32-le"
"""One unit a character: the code point itself, on every machine."""


def _plain(character: str) -> str:
    if character in _SPACES or "\u2000" <= character <= "\u200a":
        return " "
    if character in _APOSTROPHES:
        return "'"
    normal = unicodedata.normalize("NFKC", character)
    lower = (normal if len(normal) == 1 else character).lower()
    return lower if len(lower) == 1 else character


@cache
def _table() -> NDArray[np.uint32]:
    """Return the folded code point of every code point; made when a text is first folded."""
    plain = {code: _plain(chr(code)) for code in range(_LAST + 1) if not 0xD800 <= code <= 0xDFFF}
    ideographs = [character for character in plain.values() if unicodedata.category(character) == "Lo"]
    # One line a character: no phrase rule can join two of them.
    simplified = OpenCC("t2s").convert("\n".join(ideographs)).split("\n")
    single = {old: new for old, new in zip(ideographs, simplified, strict=True) if len(new) == 1}
    table = np.arange(_CODE_POINTS, dtype="<u4")
    for code, character in plain.items():
        table[code] = ord(single.get(character, character))
    return table


def fold(text: str) -> str:
    """Return the folded form, of the same length.

    A table look-up over the whole text at once: eight times as fast as `str.translate` on Chinese.
    """
    codes = np.frombuffer(text.encode(_CODEC, "surrogatepass"), dtype="<u4")
    folded: bytes = _table()[codes].tobytes()
    return folded.decode(_CODEC, "surrogatepass")


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return the folded forms of many short texts, by one look-up: a lexicon's names take a tenth of the time."""
    folded = fold("".join(texts))
    ends = list(itertools.accumulate(map(len, texts)))
    return [folded[end - len(text) : end] for text, end in zip(texts, ends, strict=True)]
