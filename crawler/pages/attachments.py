"""Files that an article offers: their absolute addresses and the names that people see."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from core.item import Attachment
from crawler.pages.blocks import FILE_NAME
from crawler.pages.dom import one_line, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import html

_EMPTY_NAME = re.compile(
    r"^(?:点击|下载|附件|此处|查看|download|here|click|pdf|word|>|\W)*(?:下载|附件|pdf|here)?$", re.IGNORECASE
)
_VIEWED = re.compile(r"[?&](?:file|url|src|pdf)=(?P<file>[^&#]+)", re.IGNORECASE)
_MOST = 100
_LONGEST_NAME = 200


def find_attachments(
    root: html.HtmlElement, *, url: str, whole: html.HtmlElement | None = None
) -> tuple[Attachment, ...]:
    """Return the files linked from a page in page order, each address once; those it shows in a frame first.

    Args:
        root: The page without what surrounds its article.
        url: The page's address, against which links are resolved, after its own `<base>`.
        whole: The page as it came, in which frames are looked for.
    """
    base = next((joined for tag in root.iter("base") if (joined := _join(url, tag.get("href") or ""))), url)
    found = {address: _shown(address) for address in _framed(whole, base)} if whole is not None else {}
    for link in root.iter("a"):
        address = _join(base, link.get("href") or "")
        if address and address not in found and len(found) < _MOST and _is_file(link, address):
            found[address] = Attachment(url=address, name=_name(link, address))
    return tuple(found.values())


def _framed(root: html.HtmlElement, base: str) -> Iterator[str]:
    """Yield the addresses of files that a page shows in a frame, by itself or through a viewer (`?file=`)."""
    for frame in islice(root.iter("iframe", "embed", "object"), _MOST):
        shown = frame.get("src") or frame.get("data") or ""
        inner = _VIEWED.search(unquote(shown))
        address = _join(base, inner["file"] if inner else shown)
        if address and FILE_NAME.search(urlsplit(address).path):
            yield address


def _shown(address: str) -> Attachment:
    return Attachment(url=address, name=unquote(urlsplit(address).path.rsplit("/", 1)[-1])[:_LONGEST_NAME])


def _join(base: str, href: str) -> str:
    try:
        address = urljoin(base, re.sub(r"[\x00-\x20]+", "", href) if href else "")
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if href and parts.scheme in ("http", "https") else ""


def _is_file(link: html.HtmlElement, address: str) -> bool:
    parts = urlsplit(address)
    if FILE_NAME.search(parts.path) or FILE_NAME.search(unquote(parts.query)):
        return True
    return bool(FILE_NAME.search(text_of(link))) and "." not in parts.path.rsplit("/", 1)[-1]


def _name(link: html.HtmlElement, address: str) -> str:
    for name in (text_of(link), one_line(link.get("title") or ""), one_line(link.get("download") or "")):
        if name and not _EMPTY_NAME.match(name):
            return name[:_LONGEST_NAME]
    return unquote(urlsplit(address).path.rsplit("/", 1)[-1])[:_LONGEST_NAME] or address[:_LONGEST_NAME]
