"""How much a block of rows looks like the main list of its page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.dates import date_from_url
from crawler.lists.detect.titles import weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.lists.detect.page import Page
    from crawler.lists.detect.rows import Found

_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav\w{0,4}|navbar|navigation|menus?|submenu|foot\w{0,8}|header|sidebar|side|aside|friend\w{0,6}|yqlj|crumbs?|breadcrumbs?"
    r"|pagination|pager|pages?|tags?|tagcloud|tagbox|login|calendar|copyright|share|comments?|sitemap|dropdown|toolbar)(?:$|[\s_0-9-])"
)
_HOT = re.compile(
    r"(?:^|[\s_-])(?:hot\w{0,6}|rank\w{0,6}|phb|related\w{0,6}|recommend\w{0,8}|tuijian|rdph|relate|recent|popular|trending|banner|slides?\w{0,6}"
    r"|swiper\w{0,8}|carousel\w{0,6}|focus\w{0,4}|widget\w{0,6}|xgyd|xglj|topbar)(?:$|[\s_0-9-])"
)
_SEVERAL = 3
"""Rows from which short titles count."""
_SHORT_TITLE = 0.6
"""What a short title beside a date counts at least."""
_CHROME_TAGS = frozenset({"nav", "footer", "header", "aside", "map"})
_ARTICLE = re.compile(
    r"\d{4,}|[a-z0-9]{16,}|/[^/]*[a-z]+-[a-z0-9]+-[a-z0-9-]+|[?&](?:id|aid|docid|article\w*|newsid|infoid|contentid)=\w+",
    re.IGNORECASE,
)
_FILE = re.compile(r"/[^/]{1,200}\.(?:s?html?|jhtml|jsp|aspx?|php|pdf|docx?|ofd|wps)$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default|list|home|main)(?:_\d+)?\.\w{2,5}$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Judged:
    """A block with how good it is."""

    rows: tuple[Found, ...]
    score: float
    """To compare blocks of one page; grows with the number of rows."""
    quality: float
    """0 to 1, of its rows on average."""
    dated: float
    """Share of rows with a date beside them or in their address."""


def judge(page: Page, rows: Sequence[Found], possible: int) -> Judged:
    """Judge a block.

    Args:
        page: The page it stands on.
        rows: Its rows that could be read, without repeated links.
        possible: How many elements it has that could be rows.
    """
    count = len(rows)
    dates = [_dated(row) for row in rows]
    qualities = [
        _quality(row, dated, page.url, short=count >= _SEVERAL) for row, dated in zip(rows, dates, strict=True)
    ]
    quality = sum(qualities) / count
    context = _place(page, rows) * _shape(rows) * (0.4 + 0.6 * count / possible)
    score = quality * context * min(count, 200) ** 0.6 * _order(rows) * _below(page.url, rows)
    return Judged(tuple(rows), score, quality * context, sum(dated > 0.5 for dated in dates) / count)


def _dated(row: Found) -> float:
    if row.stamp:
        return 1.0 if row.stamp.whole else 0.9
    return 0.75 if date_from_url(row.link, zone="UTC") else 0.38


def _quality(row: Found, dated: float, url: str, *, short: bool) -> float:
    said = weight(row.title)
    title = min(1.0, max(0.05, (said - 3) / 9)) if said <= 200 else 0.5
    if short and row.stamp and row.stamp.whole and said >= 2:  # 令第5号, 公告: beside a date also a short title is one
        title = max(title, _SHORT_TITLE)
    return title * dated * _target(row.link, url)


def _target(link: str, url: str) -> float:
    """Return how much an address looks like that of an article of the same site."""
    parts, own = urlsplit(link), urlsplit(url)
    path = parts.path
    if path in ("", "/") and not parts.query:
        return 0.1
    site = 1.0 if _site(parts.hostname) == _site(own.hostname) else 0.7
    if link.partition("#")[0] == url.partition("#")[0]:
        return 0.1
    if _INDEX.search(path) and not parts.query:
        return 0.3 * site
    if _ARTICLE.search(link[len(parts.scheme) + 3 + len(parts.netloc) :]):
        return site
    return (0.8 if _FILE.search(path) else 0.5) * site


def _site(host: str | None) -> str:
    labels = (host or "").split(".")
    return ".".join(
        labels[-3:] if labels[-1:] == ["cn"] and labels[-2:-1] in (["gov"], ["com"], ["org"], ["net"]) else labels[-2:]
    )


def _place(page: Page, rows: Sequence[Found]) -> float:
    """Return how likely the place of a block holds the page's own list; low in menus, footers and side boxes."""
    factor, node = 1.0, page.nodes[page.nodes[rows[0].span.node].parent]
    while True:
        if node.tag in _CHROME_TAGS or _CHROME.search(node.names):
            factor = min(factor, 0.35)
        elif _HOT.search(node.names):
            factor = min(factor, 0.55)
        if node.parent < 0 or node.tag == "body":
            return factor
        node = page.nodes[node.parent]


def _shape(rows: Sequence[Found]) -> float:
    """Return how alike the addresses of the rows are."""
    shapes = Counter(_DIGITS.sub("0", urlsplit(row.link).path.rpartition("/")[2])[:12] for row in rows)
    hosts = Counter(urlsplit(row.link).netloc for row in rows)
    most = max(shapes.most_common(1)[0][1], sum(count for shape, count in shapes.items() if shape[:1] in "0t"))
    return 0.6 + 0.2 * most / len(rows) + 0.2 * hosts.most_common(1)[0][1] / len(rows)


def _order(rows: Sequence[Found]) -> float:
    """Return more than 1 for dates that go down the page from new to old."""
    keys = [row.stamp.key for row in rows if row.stamp and row.stamp.key[1]]
    if len(keys) < 3 or len(keys) < 0.5 * len(rows):
        return 1.0
    falling = sum(one >= other for one, other in pairwise(keys))
    return 1.2 if falling >= 0.85 * (len(keys) - 1) else 1.0


def _below(url: str, rows: Sequence[Found]) -> float:
    """Return more than 1 when most rows lie below the folder of the page."""
    folder = url.partition("#")[0].partition("?")[0].rpartition("/")[0] + "/"
    inside = sum(row.link.startswith(folder) for row in rows)
    return 1.15 if len(folder) > 12 and folder.count("/") > 3 and inside >= 0.5 * len(rows) else 1.0
