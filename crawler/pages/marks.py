"""What is particular about a page: its text is in pictures, or there is nothing on it but files to open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.item import PageMark
from crawler.pages.dom import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import html

    from core.item import Attachment

_FEW_WORDS = 60
"""Characters of an article, names of its files aside, that say nothing: a signature with its date, `详见附件`."""
_SMALLEST = 120
"""Pixels of a picture's given width or height under which it is an ornament."""
_ORNAMENT = re.compile(
    r"(?:^|[/_\W])(?:icon|ico|logo|qr|qrcode|ewm|erweima|wechat|weixin|btn|button|arrow|avatar|bg|blank|spacer|pixel|"
    r"loading|share|print|banner|line|dot|guohui|jiucuo|dzjg|red|blue)s?\d*(?:[/_\W]|$)",
    re.IGNORECASE,
)
_NOT_WORD = re.compile(r"[\W_]+")
_PIXELS = re.compile(r"^\s*(\d+)(?:px)?\s*$")


def page_marks(root: html.HtmlElement, *, text: str, attachments: Sequence[Attachment]) -> tuple[PageMark, ...]:
    """Return the marks of a page whose article says next to nothing; none when it has a text.

    Args:
        root: The page without what surrounds its article.
        text: The article's text.
        attachments: The files that it offers.
    """
    words = _NOT_WORD.sub("", text)
    for attachment in attachments:
        words = words.replace(_NOT_WORD.sub("", attachment.name), "")
    if len(words) >= _FEW_WORDS:
        return ()
    if any(_is_content(image) for image in root.iter("img")):
        return (PageMark.IMAGES_ONLY,)
    return (PageMark.FILES_ONLY,) if attachments else ()


def _is_content(image: html.HtmlElement) -> bool:
    address = image.get("src") or image.get("data-src") or ""
    sides = [_PIXELS.match(image.get(side) or "") for side in ("width", "height")]
    small = any(side and int(side[1][:6]) < _SMALLEST for side in sides)
    return bool(address) and not small and not _ORNAMENT.search(address) and not _ORNAMENT.search(name_of(image))
