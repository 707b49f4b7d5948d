"""Where on a page the article begins and ends, and which lines stand around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.pages.blocks import Line

_ABOVE = 15
"""Lines above a title that may belong to its document: the rows of a metadata table."""
_BETWEEN = 40
"""Lines between a title and its article at most; there the source, the date and the share bar stand."""
_BEHIND = 10
"""Lines behind an article among which some sites put its date."""
_TELLING = 20
"""Characters from which a line of the article is told apart from the same words elsewhere on the page."""
_SENTENCE = re.compile(r"[。！？.!?”\"]$")
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The lines around a title that are not the article's own."""

    below: tuple[Line, ...]
    """From the title, itself included, to the article's first line."""
    above: tuple[Line, ...]
    """The lines before the title, in page order."""
    behind: tuple[Line, ...]
    """The lines that follow the article's last line."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines before the article, those below the title first."""
        return self.below + self.above


def find_header(lines: Sequence[Line], *, title: str, body: Sequence[str]) -> Header:
    """Find the lines between and above title and article.

    Args:
        lines: The whole page.
        title: The article's title.
        body: The article's lines.
    """
    folded = [_fold(line.text) for line in lines]
    start = _start_of_body(folded, body)
    name = _fold(title)
    places = [
        index for index in range(start) if name and name in folded[index] and len(folded[index]) <= len(name) + 40
    ]
    at = places[-1] if places else max(0, start - _BETWEEN)
    end = _end_of_body(folded, body, start)
    return Header(
        below=tuple(lines[at:start][:_BETWEEN]),
        above=tuple(lines[max(0, at - _ABOVE) : at]),
        behind=tuple(lines[end : end + _BEHIND]),
    )


def _start_of_body(folded: Sequence[str], body: Sequence[str]) -> int:
    """Return the index of the page's line with which the article begins; the number of lines when it is not found."""
    prose = [(offset, line) for offset, line in enumerate(body[:10]) if _SENTENCE.search(line)]
    for offset, line in [*prose, *enumerate(body[:10])]:
        words = _fold(line)
        if len(words) >= _TELLING and words in folded:
            return _first_of_run(folded, [_fold(before) for before in body[:offset]], folded.index(words))
    first = _fold(body[0]) if body else ""
    return folded.index(first) if first and first in folded else len(folded)


def _first_of_run(folded: Sequence[str], before: Sequence[str], found: int) -> int:
    """Go back from a found line over the lines before it that are the article's, too."""
    for words in reversed(before):
        if not found or folded[found - 1] != words:
            break
        found -= 1
    return found


def _end_of_body(folded: Sequence[str], body: Sequence[str], start: int) -> int:
    """Return the index after the page's line with which the article ends; the number of lines when it is not found."""
    for offset, line in enumerate(reversed(body[-10:])):
        words = _fold(line)
        if words and words in folded[start:]:
            return len(folded) - folded[::-1].index(words) + offset
    return len(folded)


def _fold(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()
