"""Lines of an article without what sites put between and behind them: share bars, credits, teasers, adverts.

Rules are about shape and place. A line that reads as a sentence is dropped only when it is a call of a newsletter or
cookie box; tables, signatures and attachments (`附件：…`) never are: losing the last paragraph of a decree is worse
than keeping a stray word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.pages.boilerplate import (
    ADVERT,
    BOX,
    CALL,
    CONTROLS,
    CREDIT,
    CREDIT_LABEL,
    DATELINE,
    GLUED,
    KEEP,
    POINTS_ON,
    STAMP,
    TEASER,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHORT = 80
"""Characters of the longest line that the rules for stray lines look at; longer ones are prose."""
_ADVERT_LIMIT = 60
_BOX_LIMIT = 160
"""Characters of the longest line of a newsletter or cookie box: two sentences."""
_EDGE_LINES = 6
"""Lines from either end among which a header (`来源：… 时间：…`) or a credit (`责任编辑：…`) is looked for."""
_HEAD_LINES = 3
_NAME = 12
"""Characters of a name that stands on a line of its own above the date."""
_MOST_REST = 24
"""Word characters besides date and labels of a line that is a date line: source, author, edition."""
_WORDS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")
"""Without one, a line of bare numbers is a row of a table."""
_SENTENCE = re.compile(r".{8,}[。！？!?.…;；:：”\"』」）)]$", re.DOTALL)


def clean_lines(lines: Sequence[str]) -> list[str]:
    """Return an article's lines in order without what is not its own.

    Cleaning twice changes nothing.
    """
    before: list[str] = []
    current = [GLUED.sub("", line) for line in lines]
    while current != before:
        rest = current[_length_of_header(current) :]
        before, current = current, list(_outside_teasers(_without_stray(rest)))
    return current


def _length_of_header(lines: Sequence[str]) -> int:
    """Return how many of an article's first lines say who wrote it and when: the last with a date, and names before."""
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if _is_dateline(line):
            return index + 1
        if len(line) > _NAME or _is_sentence(line) or KEEP.match(line) or line.endswith("号"):
            break
    return 0


def _is_dateline(line: str) -> bool:
    """Whether a line is a date with its time, source and author, and next to nothing else."""
    stamp = STAMP.search(line)
    if stamp is None or len(line) > _SHORT or line[:1] in "（(〔" or line[-1] in "。！？!?":
        return False
    rest = _WORDS.sub("", CREDIT_LABEL.sub("", STAMP.sub("", line)))
    timed = stamp["time"] or stamp["ago"]
    return len(rest) <= _MOST_REST and (timed is not None or bool(CREDIT_LABEL.search(line)))


def is_advert(line: str) -> bool:
    """Whether a line is an advert by its shape: short, and pointing onwards with `>` or naming itself an advert."""
    if len(line) > _ADVERT_LIMIT or KEEP.match(line):
        return False
    return bool(POINTS_ON.match(line) or ADVERT.match(line))


def _without_stray(lines: Sequence[str]) -> list[str]:
    last = len(lines) - _EDGE_LINES
    return [
        line
        for index, line in enumerate(lines)
        if line
        and not _is_stray(line, at_edge=index < _EDGE_LINES or index >= last)
        and not (index < _HEAD_LINES and len(line) <= _SHORT and DATELINE.match(line) and not _is_sentence(line))
    ]


def _is_stray(line: str, *, at_edge: bool) -> bool:
    if KEEP.match(line):
        return False
    if not _WORD.search(line):
        return True
    if len(line) <= _BOX_LIMIT and BOX.search(line) and CALL.match(line):
        return True
    if len(line) > _SHORT:
        return False
    if CONTROLS.match(line) and _LETTER.search(line):
        return True
    return is_advert(line) or (at_edge and bool(CREDIT.match(line)) and not line.endswith(("。", ".")))


def _outside_teasers(lines: Sequence[str]) -> Iterator[str]:
    """Leave out teaser headings (`相关阅读`, `Related posts`) with the titles under them, up to the next sentence."""
    inside = False
    for line in lines:
        if KEEP.match(line) or len(line) > _SHORT or _is_sentence(line):
            inside = False
        elif TEASER.match(line):
            inside = True
        if not inside:
            yield line


def _is_sentence(line: str) -> bool:
    return bool(_SENTENCE.match(line))
