"""What a text says apart from how it is set: fit to tell an edit from a counter that ticked. Pure."""

from __future__ import annotations

import re
import unicodedata

_COUNTER = re.compile(
    r"(?:浏览|阅读|閱讀|瀏覽|点击|點擊|访问|訪問|查看)(?:次数|次數|量|数|數|人数)?\s*(?::\s*[\d,.]*\s*[万萬kw]?\s*次?|[(\[]\s*[\d,.]+\s*[)\]])"
    r"|\b(?:views?|reads?|hits|pageviews?|page views)\s*:\s*[\d,.]*\s*[km]?\b",
    re.IGNORECASE,
)
"""A label and its number; without colon or brackets the words may be the document's own (访问量达百万)."""
_WIDGET_WORDS = (
    r"分享到?|微信|微博|新浪微博|qq空间|qq好友|qq|朋友圈|打印(?:本页|此页|文章)?|列印|关闭(?:本页|窗口|此页)?|關閉|收藏(?:本页)?|"
    r"复制链接|返回(?:顶部|首页)|扫一扫(?:在手机打开当前页)?|字体|字號|字号|大|中|小|默认|超大|纠错|点赞|點讚|语音播报|无障碍|"
    r"share(?:\s+(?:this(?:\s+(?:article|page|story))?|on))?|tweet|facebook|twitter|linkedin|whatsapp|telegram|e?mail|"
    r"print(?:\s+this\s+page)?|copy\s+link|back\s+to\s+top|x"
)
_WIDGET = re.compile(rf"\W*(?:(?:{_WIDGET_WORDS})\W*)+", re.IGNORECASE)
"""A whole line of them: what pages offer to do with a text is not the text."""
_COUNTED = r"浏览|阅读|閱讀|瀏覽|点击|點擊|点赞|收藏|转发|评论|views?|reads?|likes?|comments?"
_NUMBER = r"[\d,.]+\s?[万萬km]?"
_BARE_COUNT = re.compile(
    rf"\W*(?:(?:{_COUNTED})\W*{_NUMBER}次?|{_NUMBER}\s?次?(?:{_COUNTED}|min(?:ute)?s? read))\W*", re.IGNORECASE
)
"""A whole line of a label and a number, in either order."""
_LONGEST_WIDGET = 80
"""Characters of the longest line that may be all widgets: a row of eight to ten buttons."""
_DASHES = str.maketrans("‐‑‒–—―−～", "--------")
_BETWEEN_DIGITS = re.compile(r"(?<!\d)[^\w%$€£¥]+|[^\w%$€£¥]+(?!\d)|_+")
"""Marks and white space that no digit stands on both sides of: `10.5` and `1 05` keep theirs, so that 1.5 is not 15."""


def text_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text that say something: without counters, rows of buttons and white space."""
    stripped = (_without_counters(line) for line in text.splitlines())
    return tuple(line for line in stripped if line and not _is_widget(line))


def folded(text: str) -> str:
    """Fold a text so that only a change of words, numbers or amounts changes it.

    Width, case, white space, line breaks and punctuation do not count, except between digits.
    """
    narrow = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    return _BETWEEN_DIGITS.sub("", re.sub(r"\s+", " ", narrow))


def says_the_same(one: str, other: str) -> bool:
    """Whether two texts differ at most in how they are set and in what surrounds them."""
    return one == other or folded("\n".join(text_lines(one))) == folded("\n".join(text_lines(other)))


def likeness(one: str, other: str) -> float:
    """Return how much of two texts is common, 0 to 1: the shared pairs of characters in all pairs (Jaccard).

    Two empty texts are alike. Order plays no part beyond the pairs, so that moved paragraphs do not count.
    """
    ours, theirs = _pairs(folded(one)), _pairs(folded(other))
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 1.0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(max(len(text) - 1, min(len(text), 1)))}


def _without_counters(line: str) -> str:
    narrow = unicodedata.normalize("NFKC", line)
    found = _COUNTER.sub(" ", narrow)
    return " ".join((line if found == narrow else found).split())


def _is_widget(line: str) -> bool:
    if len(line) > _LONGEST_WIDGET:
        return False
    narrow = unicodedata.normalize("NFKC", line)
    return bool(_WIDGET.fullmatch(narrow) or _BARE_COUNT.fullmatch(narrow))
