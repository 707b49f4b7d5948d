"""The title that a link or a row shows, without the tags, ranks, dates and more-links beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.fields import plain_line
from crawler.lists.detect.stamps import Stamp, stamp_of

if TYPE_CHECKING:
    from crawler.lists.detect.page import Node, Page, Piece

_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")
_WORD = re.compile(r"[A-Za-zÀ-ÿА-я]+")
_CUT = re.compile(r"(?:…|\.{3}|⋯|‥)+\s*$")
_BULLET = re.compile(r"^[\s·•●▪■◆◇►▶»›>|○☆★※*・-]+(?=\S)|^\s+")
_END = re.compile(r"[\s|·•]+$")
_RANK = re.compile(r"^(?:(?:no|top)\.?\s?)?\d{1,3}[.、]?$", re.IGNORECASE)
_TAG = re.compile(r"^(?:\[[^\[\]]{1,14}\]|【[^【】]{1,14}】|〔[^〔〕]{1,14}〕|［[^［］]{1,14}］)[:：]?$")
_THINGS = "更多|详细|详情|全文|原文|内容|信息|查看|阅读|下载|附件|链接|正文"
_MORE = re.compile(
    rf"^[\[【(（<《>]*(?:查看|点击|阅读|了解|浏览|进入|展开)?(?:{_THINGS})?(?:内容|信息|查看|阅读)?[\]】)）>》…. →»+]*$"
    r"|^[\[(]?(?:read|learn|view|see|find)?[ -]?(?:more|details?|full (?:story|article|text)|all|download|pdf)"
    r"(?: ?(?:about|on|details|here|>+|»|→|\.+))?[\])]?$"
    r"|^(?:new|hot|top|置顶|最新|推荐|热|新|荐|图|视频|图文)!?$",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLE_NAME = re.compile(r"(?:^|[\s_-])(?:\w{0,12}title|tit|bt|biaoti|headline|subject|heading|name)(?:$|[\s_0-9-])")
_NOT_TITLE = re.compile(r"sub-?title|title-?(?:bar|box|wrap)s?$")
_HIGHLIGHTS = frozenset({"b", "em", "strong", "font", "mark", "u", "i", "sub", "sup", "s", "big", "small", "tt", "wbr"})
_BADGE = 2
"""Weight of the longest badge behind a title."""
_LONGEST = 160
"""Weight of the longest title; the longest of 5,797 State Council titles has 82 characters."""


def weight(text: str) -> float:
    """Return how much a text says: its Chinese characters, and two for each Latin word."""
    return len(_CJK.findall(text)) + 2.0 * len(_WORD.findall(text))


def is_more(text: str) -> bool:
    """Whether a link says only that there is more: 详细, 查看, Read more."""
    return bool(_MORE.match(text.strip()))


def is_title_node(node: Node) -> bool:
    """Whether an element is a heading or calls itself a title."""
    if node.tag in _HEADINGS:
        return True
    return bool(node.names and _TITLE_NAME.search(node.names) and not _NOT_TITLE.search(node.names))


def link_title(page: Page, node: Node) -> str:
    """Return the title that an element shows: its heading, or what stands in it beside dates, ranks and tags.

    Text that is cut, or that holds more than the title, gives way to the `title` attribute.
    """
    shown = _shown(page, node)
    whole = plain_line(str(node.element.get("title") or ""))
    return clean(_better(shown, whole, page.words(node.start, node.stop)))


def _better(shown: str, whole: str, everything: str) -> str:
    if weight(whole) < 3:
        return shown
    stem = _CUT.sub("", shown).strip()
    is_cut = stem != shown.strip()
    if not weight(shown) or is_more(shown):
        return whole
    if is_cut or (len(whole) > len(stem) and whole.startswith(stem) and len(stem) >= 8):
        return whole if whole.startswith(stem[: max(4, len(stem) // 2)]) or is_cut else shown
    return whole if whole in everything and weight(whole) >= 6 else shown


def _shown(page: Page, node: Node) -> str:
    pieces = _plain_pieces(page, node.start, node.stop)
    if len(pieces) <= 1:
        return pieces[0].text if pieces else _alt(node)
    inner = inner_title(page, node)
    if inner:
        return inner
    lines = lines_of(pieces)
    if len(lines) == 1:
        return _one_line(page, node, lines[0])
    words = ["".join(piece.text for piece in line) for line in lines]
    good = [line for line in words if 6 <= weight(line) <= _LONGEST]
    return good[0] if good else max(words, key=weight)


def uncut(page: Page, node: Node, title: str) -> str:
    """Return the whole of a cut title where an element of its row has it as `title` attribute; else the title."""
    stem = _CUT.sub("", title).strip()
    if stem == title or len(stem) < 4:
        return title
    for inner in page.nodes[node.index : node.last]:
        whole = plain_line(str(inner.element.get("title") or ""))
        if len(whole) > len(stem) and whole.startswith(stem) and not _CUT.search(whole):
            return whole
    return title


def inner_title(page: Page, node: Node) -> str:
    """Return the words of the first heading, or of what calls itself a title, inside an element; else empty."""
    for inner in page.nodes[node.index + 1 : node.last]:
        if is_title_node(inner):
            words = "".join(piece.text for piece in _plain_pieces(page, inner.start, inner.stop))
            if 3 <= weight(words) <= _LONGEST and not is_more(words):
                return words
    return ""


def _plain_pieces(page: Page, start: int, stop: int) -> list[Piece]:
    """Return pieces without dates, and without the ranks and tags that stand before."""
    kept: list[Piece] = []
    for piece in page.pieces[start:stop]:
        stamp = stamp_of(piece.text)
        if (stamp and stamp.whole) or (not kept and (_RANK.match(piece.text) or _TAG.match(piece.text))):
            continue
        kept.append(piece)
    while len(kept) > 1 and is_more(kept[-1].text) and weight(kept[-1].text) <= _BADGE:  # NEW, 热
        kept.pop()
    return kept


def lines_of(pieces: list[Piece]) -> list[list[Piece]]:
    """Return pieces by line."""
    lines: list[list[Piece]] = []
    for piece in pieces:
        if piece.breaks or not lines:
            lines.append([])
        lines[-1].append(piece)
    return lines


def _one_line(page: Page, node: Node, pieces: list[Piece]) -> str:
    """Join what is one sentence with marked words in it; of boxes side by side take the fullest."""
    boxes: dict[int, list[str]] = {}
    for piece in pieces:
        owner = page.nodes[piece.owner]
        while owner.index != node.index and owner.tag in _HIGHLIGHTS and owner.parent >= node.index:
            owner = page.nodes[owner.parent]
        boxes.setdefault(owner.index, []).append(piece.text)
    joined = {index: "".join(texts) for index, texts in boxes.items()}
    direct = joined.get(node.index, "")
    if weight(direct) >= 4 and len(joined) > 1:
        return (
            direct if all(weight(text) <= 4 for index, text in joined.items() if index != node.index) else _all(pieces)
        )
    return max(joined.values(), key=lambda text: min(weight(text), _LONGEST))


def _all(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _alt(node: Node) -> str:
    image = node.element.find(".//img[@alt]")
    return plain_line(str(image.get("alt"))) if image is not None else ""


def clean(text: str) -> str:
    """Return a title without bullets before it and a date in brackets or at its very end."""
    bare = _END.sub("", _BULLET.sub("", text))
    return _DATE_END.sub("", _DATE_START.sub("", bare)).strip() or bare


def edge_date(text: str) -> Stamp | None:
    """Return the date that `clean` takes from the end or the beginning of a title; None when there is none."""
    bare = _END.sub("", _BULLET.sub("", text))
    match = _DATE_END.search(bare) or _DATE_START.search(bare)
    return stamp_of(match[0].strip(" []()（）【】")) if match else None


_DAY = r"(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?: \d{1,2}:\d\d(?::\d\d)?)?"
_DATE_END = re.compile(
    rf"\s*[\[(（【]\s*{_DAY}\s*[\])）】]$"
    r"|(?<=\S)\s+(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?: \d{1,2}:\d\d(?::\d\d)?)?$"
)
_DATE_START = re.compile(
    rf"^[\[(（【]\s*{_DAY}\s*[\])）】]\s*(?=\S)|^(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}\s+(?=\S)"
)
