"""Tells a list of articles that came in place of one: servers do so under load, and for what was taken down.

A page is judged against the title that the list gave the article. Source: CSRC's answers after a burst of requests,
docs/sources-kinds.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.pages.blocks import Line

_FRONT = re.compile(r"^/?(?:index|default|home|main)?(?:\.(?:s?html?|jsp|aspx?|php))?$", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")
_TELLING = 12
"""Folded characters of a title that are looked for: lists shorten titles, and pages put the site's name behind."""
_SHORTEST = 6
"""Folded characters under which a title says too little to be missed."""
_FEWEST_LINKS = 12
"""Headlines that a list has at least; an article's page may have as many beside a text, so prose decides."""
_LEAST_HEADLINE = 8
_PROSE_LINE = 30
"""Characters of a line without links from which it is prose."""
_LEAST_PROSE = 150
"""Characters of prose from which a page is no list: a notice of two sentences."""
_MOSTLY_LINKS = 0.5
"""Share of a row that is link text; the rest is its date and its column."""


class IndexPageError(ExtractionError):
    """A list or the site's front page came in place of an article."""


def looks_like_index(lines: Sequence[Line], *, titles: Sequence[str], listed: str, url: str, asked: str) -> bool:
    """Tell whether a list or the front page came in place of an article.

    It is one when the listed title stands nowhere on the page but in links, and the page is the site's front page
    though another was asked for, or holds headlines and next to no prose.

    Args:
        lines: The page's visible lines.
        titles: What the page says it is called: title element, meta tags.
        listed: The title that the list gave the article; nothing is told without one.
        url: The page's address after redirects.
        asked: The address that was asked for.
    """
    wanted = _fold(listed)[:_TELLING]
    if len(wanted) < _SHORTEST or any(wanted in _fold(words) for words in titles):
        return False
    if any(_is_shown(line) and wanted in _fold(line.text) for line in lines):
        return False
    if _is_front(url) and not _is_front(asked):
        return True
    prose = sum(len(line.text) for line in lines if line.link_share < _MOSTLY_LINKS and len(line.text) >= _PROSE_LINE)
    headlines = [line for line in lines if line.link_share >= _MOSTLY_LINKS and len(line.text) >= _LEAST_HEADLINE]
    return prose < _LEAST_PROSE and len(headlines) >= _FEWEST_LINKS


def _is_shown(line: Line) -> bool:
    """Whether a line is the page's own word and no pointer to another; headings may link to their own page."""
    return line.link_share < _MOSTLY_LINKS or line.element.tag == "h1"


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_FRONT.match(parts.path)) and not parts.query


def _fold(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()
