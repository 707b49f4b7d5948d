"""How much a decoded text looks like text that somebody wrote, to tell right charsets from wrong ones.

Chinese: the share of characters that stand in the first level of GB 2312 (3,755 frequent simplified characters) or of
Big5 (5,401 frequent traditional ones); both levels are read from Python's own codecs. Nearly all running text is in
them, and about half of what a wrong charset makes of it.
"""

from __future__ import annotations

import re
from itertools import islice

_SAMPLE = 6_000
"""Characters beyond ASCII that are judged; more adds nothing."""
REPLACEMENT = "\ufffd"
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_RUNS = re.compile(r"[^\x00-\x7f]+")
_PUNCTUATION = frozenset("，。、：；？！（）《》〈〉“”‘’—…·【】「」『』〔〕～￥％－／＋０１２３４５６７８９　•－")
_LATIN = frozenset("àâäáãåæçèéêëìíîïñòóôöõøœùúûüÿßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜ“”‘’–—…•«»€£©®™°·¿¡ªº\xa0")


def _level(codec: str, leads: range, trails: tuple[range, ...]) -> frozenset[str]:
    cells = (bytes((lead, trail)) for lead in leads for span in trails for trail in span)
    return frozenset(cell.decode(codec, "ignore") for cell in cells) - {""}


SIMPLIFIED = _level("gb2312", range(0xB0, 0xD8), (range(0xA1, 0xFF),))
"""GB 2312 level 1."""
TRADITIONAL = _level("big5", range(0xA4, 0xC7), (range(0x40, 0x7F), range(0xA1, 0xFF)))
"""Big5 level 1, with a few cells of its neighbourhood."""


def chinese_share(text: str) -> float:
    """Return the share, 0 to 1, of characters beyond ASCII that are frequent in Chinese writing of one script.

    1.0 for text with none.
    """
    sample = _sample(text)
    if not sample:
        return 1.0
    return max(sum(c in level or c in _PUNCTUATION for c in sample) for level in (SIMPLIFIED, TRADITIONAL)) / len(
        sample
    )


def kana_share(text: str) -> float:
    """Return the share, 0 to 1, of characters beyond ASCII that are Japanese syllables; 0.0 for text with none."""
    sample = _sample(text)
    return sum("\u3040" <= c <= "\u30ff" for c in sample) / len(sample) if sample else 0.0


def latin_share(text: str) -> float:
    """Return the share, 0 to 1, of characters beyond ASCII that stand as accents do: alone or in pairs among ASCII.

    Double-byte text that is read as Latin comes in long runs instead. 1.0 for text with none.
    """
    runs = list(islice(_RUNS.finditer(text), _SAMPLE))
    total = sum(len(run[0]) for run in runs)
    good = sum(sum(c in _LATIN for c in run[0]) for run in runs if len(run[0]) <= 2)
    return good / total if total else 1.0


def replacement_share(text: str) -> float:
    """Return the share, 0 to 1, of U+FFFD among characters beyond ASCII; 0.0 for text with none."""
    bad = text.count(REPLACEMENT)
    return bad / sum(1 for _ in _BEYOND_ASCII.finditer(text)) if bad else 0.0


def _sample(text: str) -> list[str]:
    return [match[0] for match in islice(_BEYOND_ASCII.finditer(text), _SAMPLE)]
