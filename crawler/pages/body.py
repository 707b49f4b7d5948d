"""Which part of a page is the article: a source's selector, a known container, or the better of two extractors."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from lxml import html

from crawler.pages.blocks import Line, page_lines, texts
from crawler.pages.boilerplate import KEEP
from crawler.pages.dom import select, text_of
from crawler.pages.engines import read_with_readability, read_with_trafilatura
from crawler.pages.refill import common_part, refill

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

_CONTAINERS = (
    "#UCAP-CONTENT, .TRS_Editor, .trs_editor_view, .TRS_UEDITOR, .TRS_PreAppend, .Custom_UnionStyle, #zoom, #zoomcon, "
    "#Zoom, #con_con, #info_cont, #ContentRegion, .pages_content, .view.TRS_UEDITOR, .article_con, .article-con, "
    ".wp_articlecontent, .content_body_box, #fontzoom, #js_content, .rich_media_content, #artibody, #endText, "
    ".post_body, [itemprop='articleBody'], .entry-content, .article-body, .article__body, .post-content, .rm_txt_con"
)
"""Containers that content systems put around the text and nothing else: gov.cn's UCAP, TRS, jpage, Wangsheng, gkmlpt,
WordPress and the big portals. Wider ones (`.article-content`, `.main-content`, `article`) also hold side columns on
real pages and are left to the extractors."""
_ENOUGH = 100
"""Characters below which an extractor has found too little; the next one is asked (measured on 45 Chinese pages:
F1 0.959 with this fall-back, 0.957 without)."""
_MOSTLY_LINKS = 0.5
_NEARLY_ALL = 0.9
_FEWEST_LINKS = 2
_FEWEST_TEASERS = 4
_TEASER_LINES = 2
_CLEARLY_BETTER = 2.0
"""How much more prose the second extractor must find to be believed over the language's usual one."""
_CONTAINER_SHARE = 0.25
"""A known container without a sentence, and with less than this share of the prose that an extractor found elsewhere,
is some other box."""
_SENTENCE = re.compile(r".{20,}[。！？.!?”\"]$")
_DATE = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/]\d{1,2}|\d{1,2}:\d\d(?::\d\d)?")

_NOT_WORD = re.compile(r"[\W_]+")


def select_body(root: html.HtmlElement, selector: str) -> list[str]:
    """Return the lines of the elements that a source's selector finds; nested finds are read once."""
    found = select(root, selector)
    inner = {id(child) for element in found for child in element.iterdescendants()}
    return [line for element in found if id(element) not in inner for line in texts(page_lines(element))]


def choose_body(root: html.HtmlElement, *, language: str) -> list[str]:
    """Return the lines of a page's article, as they stand; empty when there is none.

    Args:
        root: The page, pruned of what surrounds articles.
        language: The page's language; `zh` and `zh-Hant` prefer readability, all others trafilatura.

    Source: F1 of both extractors by language, docs/extraction.md.
    """
    lines = page_lines(root)
    container = _known_container(root)
    if container is not None and _is_pictures(container):
        return texts(page_lines(container))
    engine = refill(_better_extractor(html.tostring(root, encoding="unicode"), lines, language=language), lines)
    if container is None:
        return engine
    inside = texts(page_lines(container))
    weight, rival = _prose(inside, lines), _prose(engine, lines)
    speaks = weight > 0 and any(_SENTENCE.match(line) for line in inside)
    return inside if speaks or weight >= max(1, _CONTAINER_SHARE * rival) else engine


def without_link_tail(body: Sequence[str], lines: Sequence[Line]) -> list[str]:
    """Return a body without the list of other articles at its end.

    Such a list is two lines or more that are nothing but links and dates; or, in another part of the page than the rest
    of the body, four or more teasers: a link with up to two lines under it. Links to files and what stands under
    `附件` stay, and so does a list that is most of the body and in the same part of the page.

    Args:
        body: The article's lines.
        lines: The page's own, which know what is a link.
    """
    links = {line.text for line in lines if _is_headline(line)}
    plain = len(list(takewhile(links.__contains__, reversed(body))))
    start = len(body) - plain if plain >= _FEWEST_LINKS else _start_of_teasers(body, links)
    kept, tail = list(body[:start]), list(body[start:])
    if not kept or not tail or KEEP.match(kept[-1]):
        return list(body)
    is_small = plain >= _FEWEST_LINKS and sum(map(len, kept)) > sum(map(len, tail))
    return kept if is_small or _stand_apart(kept, tail, lines) else list(body)


def _stand_apart(kept: Sequence[str], tail: Sequence[str], lines: Sequence[Line]) -> bool:
    """Whether two runs of lines stand in different parts of a page: the part of the first holds none of the second."""
    places = {line.text: line.element for line in reversed(lines)}
    part = common_part([places[text] for text in kept if text in places])
    tails = (places[text] for text in tail if text in places)
    return part is not None and not any(part in set(block.iterancestors()) for block in tails)


def _start_of_teasers(body: Sequence[str], links: Set[str]) -> int:
    """Return the index from which a body is only teasers; its length when it does not end in any."""
    start, found, gap = len(body), 0, 0
    for index in range(len(body) - 1, -1, -1):
        gap = 0 if body[index] in links else gap + 1
        if gap > _TEASER_LINES:
            break
        if not gap:
            start, found = index, found + 1
    return start if found >= _FEWEST_TEASERS else len(body)


def _is_headline(line: Line) -> bool:
    """Whether a line is a link to another page, perhaps with its date."""
    words = len(_NOT_WORD.sub("", _DATE.sub("", line.text)))
    return words > 0 and line.linked >= _NEARLY_ALL * words and line.link_share > 0 and not line.offers_file


def _better_extractor(page: str, lines: Sequence[Line], *, language: str) -> list[str]:
    readers = [read_with_readability, read_with_trafilatura]
    if not language.startswith("zh"):
        readers.reverse()
    usual, other = (reader(page) for reader in readers)
    usual_prose, other_prose = _prose(usual, lines), _prose(other, lines)
    if usual_prose < _ENOUGH:
        return other if other_prose > usual_prose else usual
    return other if other_prose > _CLEARLY_BETTER * usual_prose else usual


def _known_container(root: html.HtmlElement) -> html.HtmlElement | None:
    """Return the known container with the most text, the innermost of equals; None without one."""
    best, size = None, -1
    for element in select(root, _CONTAINERS):
        length = len(text_of(element))
        if (length and length >= 0.9 * size and (length > size or best in element.iterancestors())) or best is None:
            best, size = element, length
    return best


def _is_pictures(container: html.HtmlElement) -> bool:
    """Whether a notice is only pictures or files: next to no text, but something to look at."""
    return len(text_of(container)) < _ENOUGH // 2 and container.find(".//img") is not None


def _prose(body: Sequence[str], lines: Sequence[Line]) -> int:
    """Return how many characters of a body are text, less those that are links, judged by the page's own lines.

    Extractors join and split lines, so a line of the page counts when its words stand anywhere in the body.
    """
    words = _fold("".join(body))
    covered = [line for line in lines if _fold(line.text) in words]
    return sum(len(line.text) if line.link_share < _MOSTLY_LINKS else -len(line.text) for line in covered)


def _fold(text: str) -> str:
    return _NOT_WORD.sub("", text)
