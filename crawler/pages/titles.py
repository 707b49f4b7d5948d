"""The title of an article: every place that may hold it votes, and site names are cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from crawler.pages.boilerplate import CONTROLS, STAMP
from crawler.pages.dom import one_line, select
from crawler.pages.labels import label_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from lxml import html

    from crawler.pages.metadata import PageMetadata

MAX_TITLE = 300
"""Characters of a title that are kept; the longest of 5,797 State Council titles has 118."""
_SHORTEST = 2
_BARS = re.compile(r"\s*[_|｜]\s*|\s+[-–—·•»]+\s+|\s*(?:--+|——)\s*|\s+::\s+")
"""Between a title and a site's name."""
_BARE_DASH = re.compile(r"\s?[-–—]\s?")
_ANY_MARK = re.compile(r"\s*[-_|｜–—·•»]+\s*")
_SITE = re.compile(
    r"(?:网|网站|在线|频道|门户|首页|日报|晚报|时报|新闻|资讯|中心|博客|政府|人民政府|委员会|办公室|协会|"
    r"[局厅委办部院会署]|客户端|专栏|平台|\.(?:com|cn|net|org)\S*|news|times|daily|post|blog|journal|official site|"
    r"the white house|techcrunch|reuters)$",
    re.IGNORECASE,
)
_SITE_FIRST = re.compile(r"^.{0,16}(?:网|政府|[局厅委办部院会署]|中心|频道|平台)[\w]{0,10}$")
"""The site's and a column's name in front of a title, marks and spaces left out."""
_TELLING = 8
"""Characters of a title from which what stands before it in the title element may be taken for the site's name."""
_SITE_MARK = re.compile(r"(?:\s*[|｜»]|:\s|：\s)\s*$")
"""What divides a site's name from the title behind it; titles themselves hold colons, but no space after wide ones."""
_AFTER_SITE = re.compile(r"^\s*(?:[|｜»]|:\s|：\s)")
_COLUMN_NAME = re.compile(
    r"^(?:新闻|动态|通知|公告|公示|要闻|资讯|政策|文件|解读|信息|公开|工作|行业|媒体|报道|中心|详情|详细|内容|正文|文章|法规|最新|页面?){1,4}$"
)
_GAP = re.compile(r"[\s_|｜–—:：-]+")
_LONGEST_SITE = 12
"""Characters of a title element that may be a site's name and nothing else (`某省工业和信息化厅`)."""
_SEEN = 2.0
"""More than the title element and one meta tag with the site's name still on them weigh together."""
_CERTAIN = 6.0
"""Weight of the list's title when the page shows it as a line of its own: more than all metadata of a page that is
named after its column."""
_COLUMN = 4
"""Characters below which the first part of a title is the name of a column or author."""
_NOT_WORD = re.compile(r"[\W_]+")
_CUT = re.compile(r"(?:\.{3}|…+)$")
_HAN_BREAK = re.compile(r"(?<=[\u3400-\u9fff，、：；）》”])\s*\n\s*(?=[\u3400-\u9fff（《“])")
_TITLE_METAS = ("articletitle", "og:title", "twitter:title", "dc.title", "dcterms.title", "title", "headline")
_HEADINGS = (
    "h1, h2, ucaptitle, .article-title, .article_title, #title, .title, .tit, .bt, .articleTitle, .content_title, "
    ".info_title, .xl_title, .main-title, .post-title, .entry-title, .arti_title, [itemprop='headline'], #activity-name"
)
_MOST_HEADINGS = 12
_FIRST_LINES = 300
"""Lines of a page among which its date line is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vote:
    text: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleClues:
    """What is known of a title besides the page's own headings and metadata; any may be empty."""

    selector: str
    """The source's CSS selector of the title; what it finds is believed."""
    listed: str
    """The title in the list, perhaps shortened there."""
    labelled: str
    """The title in the page's own table of document data."""
    lines: Sequence[str]
    """The visible lines of the page."""
    lead: Sequence[str]
    """First lines of the article, for a page that has no title anywhere."""


def find_title(root: html.HtmlElement, metadata: PageMetadata, clues: TitleClues) -> str:
    """Return a page's title on one line; empty when it has none."""
    chosen = next((text for element in select(root, clues.selector) if (text := heading_text(element))), "")
    if chosen:
        return chosen[:MAX_TITLE].rstrip()
    votes = _without_shortened([vote for vote in _votes(root, metadata, clues) if len(vote.text) >= _SHORTEST])
    if not votes:
        return next((line for line in clues.lead if len(line) >= _SHORTEST), "")[:MAX_TITLE].rstrip()
    folded = [_fold(vote.text) for vote in votes]
    visible = {_fold(line) for line in clues.lines}
    scores = [
        _score(index, votes, folded) + _bonus(vote.text, metadata.title, visible) for index, vote in enumerate(votes)
    ]
    return votes[scores.index(max(scores))].text[:MAX_TITLE].rstrip()


def heading_text(element: html.HtmlElement) -> str:
    """Return a heading on one line; a line break between two Chinese characters is no space."""
    pieces = [piece for node in element.iter() for piece in _pieces(node, element)]
    return one_line(_HAN_BREAK.sub("", "".join(pieces).strip()))


def _pieces(node: html.HtmlElement, root: html.HtmlElement) -> list[str]:
    return ["\n" if node.tag == "br" else "", node.text or "", (node.tail or "") if node is not root else ""]


def without_site(title: str, site: str = "") -> str:
    """Return a title without the site and column names behind it.

    Behind a bar (`_`, `|`, ` - `) everything goes that leaves a title in front; behind a bare dash, which titles
    themselves contain (`2023-2025`), only what looks like the name of a site.
    """
    parts = _BARS.split(title)
    head = _joined_head(title, parts)
    pieces = _BARE_DASH.split(head)
    while len(pieces) > 1 and _is_site(pieces[-1], site) and len(pieces[0]) >= 4:
        head = head[: head.rindex(pieces[-1])].rstrip(" -–—")
        pieces.pop()
    return head.strip()


def _names_a_site(title: str) -> bool:
    """Whether a title is that of the site, or of a column in it (`新闻动态`)."""
    return bool(_COLUMN_NAME.match(title)) or (len(title) <= _LONGEST_SITE and bool(_SITE.search(title)))


def _joined_head(title: str, parts: Sequence[str]) -> str:
    """Return the head with those parts that are themselves title.

    A part belongs to the title when what stands before it is only a column's name (`深度 | …`), or when it is long and
    not the name of a site.
    """
    head = parts[0]
    for part in parts[1:]:
        if len(head) >= _COLUMN and (len(part) < 12 or _SITE.search(part) or len(part) < len(head) / 2):
            break
        head = title[: title.index(part, len(head)) + len(part)]
    return head


def _is_site(tail: str, site: str) -> bool:
    return bool(_SITE.search(tail)) or (bool(site) and _fold(site) == _fold(tail))


def _votes(root: html.HtmlElement, metadata: PageMetadata, clues: TitleClues) -> Iterator[_Vote]:
    if clues.labelled:
        yield _Vote(text=clues.labelled, weight=3.0)
    visible = {_fold(line) for line in clues.lines}
    if clues.listed and not _CUT.search(clues.listed):
        yield _Vote(text=one_line(clues.listed), weight=_CERTAIN if _fold(clues.listed) in visible else 3.0)
    yield from _metadata_votes(metadata)
    parts = (*_heads(metadata.title), *_tails(metadata.title))
    yield from (_Vote(text=part, weight=1.4) for part in parts if _fold(part) in visible)
    yield from (_Vote(text=line, weight=1.0) for line in _above_dates(clues.lines))
    for element in select(root, _HEADINGS)[:_MOST_HEADINGS]:
        text = heading_text(element)
        if text and len(text) <= MAX_TITLE and element.find(".//li") is None and not CONTROLS.match(text):
            yield _Vote(text=text, weight=1.2 if element.tag in ("h1", "ucaptitle") else 0.6)


def _above_dates(lines: Sequence[str]) -> list[str]:
    """Return the line above the first labelled date, where a title stands that no markup tells from other text."""
    for line, below in pairwise(lines[:_FIRST_LINES]):
        if STAMP.search(below) and any(field == "published" for field, _ in label_values(below)):
            is_title = _TELLING <= len(line) <= MAX_TITLE and not CONTROLS.match(line) and not any(label_values(line))
            return [line] if is_title else []
    return []


def _heads(title: str) -> Iterator[str]:
    """Return a title element's text as far as each of its dashes and bars: one of them ends the title."""
    for match in islice(_ANY_MARK.finditer(title), _MOST_HEADINGS):
        if match.start() >= 6:
            yield title[: match.start()]


def _tails(title: str) -> Iterator[str]:
    """Return what stands behind the site's and the column's name in a title element."""
    for match in islice(_GAP.finditer(title), _MOST_HEADINGS):
        if _SITE_FIRST.match(_fold(title[: match.start()])) and len(title) - match.end() >= _TELLING:
            yield title[match.end() :]


def _metadata_votes(metadata: PageMetadata) -> Iterator[_Vote]:
    site = metadata.first("og:site_name", "sitename", "application-name")
    for name in _TITLE_METAS:
        if metadata.first(name):
            weight = 3.0 if name == "articletitle" else 1.5
            yield _Vote(text=without_site(metadata.first(name), site), weight=weight)
    headline = metadata.linked("headline")
    if headline:
        yield _Vote(text=without_site(headline, site), weight=2.0)
    title = without_site(metadata.title, site)
    yield _Vote(text=title, weight=0.2 if _names_a_site(title) else 1.4)


def _without_shortened(votes: list[_Vote]) -> list[_Vote]:
    """Leave out what ends in dots when there is something else; shortened titles only stand in for whole ones."""
    return [vote for vote in votes if not _CUT.search(vote.text)] or votes


def _bonus(text: str, page_title: str, visible: Set[str]) -> float:
    """Return what speaks for a title besides votes: the title element begins with it, and readers see it, too.

    Also when what stands before it there is the site's name, or a shorter heading of the page, divided by a mark.
    """
    mine, whole = _fold(text), _fold(page_title)
    if len(mine) < 4 or _names_a_site(mine):
        return 0.0
    if _follows_site(mine, whole) or (mine in visible and _follows_mark(text, page_title)):
        return 1.0 + (_SEEN if mine in visible else 0.0)
    if not whole.startswith(mine):
        return 0.0
    rest = page_title[len(text) :] if page_title.startswith(text) else ""
    if rest and _AFTER_SITE.match(rest) and _fold(rest) in visible and len(_fold(rest)) > len(mine):
        return 0.0
    return 1.0 + (_SEEN if mine in visible else 0.0)


def _follows_mark(text: str, page_title: str) -> bool:
    """Whether a title element is something shorter, a bar or colon, and then this title."""
    before = page_title.removesuffix(text)
    return before != page_title and len(_fold(before)) < len(_fold(text)) and bool(_SITE_MARK.search(before))


def _follows_site(mine: str, page_title: str) -> bool:
    """Whether a title element is the site's name, perhaps a column's, and then this title."""
    before = page_title.removesuffix(mine) if len(mine) >= _TELLING else page_title
    return before != page_title and bool(_SITE_FIRST.match(before))


def _score(index: int, votes: Sequence[_Vote], folded: Sequence[str]) -> float:
    """Return how well a vote is supported: by its own weight, by equal votes, less by longer and shorter ones."""
    mine = folded[index]
    if not mine:
        return 0.0
    score = 0.0
    for other, vote in zip(folded, votes, strict=True):
        if other == mine:
            score += vote.weight
        elif len(other) >= 6 and other in mine:
            score += 0.5 * vote.weight
        elif len(mine) >= 6 and mine in other:
            score += 0.3 * vote.weight
    return score


def _fold(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()
