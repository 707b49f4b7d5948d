"""Fields of lists and feeds made plain: titles on one line, HTML as paragraphs, links absolute. Reads no dates."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from crawler.pages.blocks import paragraphs
from crawler.pages.dom import one_line, parse_page

_INLINE = "a|abbr|b|big|code|em|font|i|img|mark|s|small|span|strike|strong|sub|sup|tt|u|wbr|ins|del|highlight"
_BLOCK = (
    "article|blockquote|body|br|center|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|html|iframe|li|link|main|ol|p"
    "|pre|script|section|style|table|tbody|td|th|thead|tr|ul|video|audio|source|figure|object|embed|param|svg"
)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})(?=[\s/>])[^<>]{{0,2000}}>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_INLINE}|{_BLOCK})(?=[\s/>])[^<>]{{0,2000}}>|<!--", re.IGNORECASE)
"""Tags of HTML only: `<` in running text (`x < y`, `<元宇宙>`) is none."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)
_NOISE = re.compile("<!\\[CDATA\\[|\\]\\]>|[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Marks of CDATA sections, and characters that no text has: controls, and half surrogates, which JSON can spell."""
_CUT = re.compile(r"<[/!a-z][^<>]{0,200}$", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_LONG_TITLE = 120
"""Characters; the longest of 5,797 titles of State Council documents has 82."""
_LINK_NOISE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\u200b-\u200f\u2028-\u202f\u2060\ufeff\u00ad]")
_NO_SCHEME = re.compile(r"(?:www\.)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?:[/?#]|$)", re.IGNORECASE)


def plain_line(markup: str) -> str:
    """Return text on one line, without tags and with its entities resolved, also doubly escaped ones."""
    text = _NOISE.sub("", markup)
    for _ in range(2):
        text = unescape(_without_tags(text))
    return one_line(_without_tags(text))


def plain_id(text: str) -> str:
    """Return an identifier on one line, verbatim but for its white space and characters that no text has."""
    return " ".join(_NOISE.sub("", text).split())


def plain_title(markup: str) -> str:
    """Return a title on one line.

    A long one in several lines is a title with an article's text glued to it, of which the first line is taken.
    """
    title = plain_line(markup)
    return title if len(title) <= _LONG_TITLE else plain_line(markup.strip().partition("\n")[0]) or title


def _without_tags(text: str) -> str:
    return _TAG.sub(" ", _INLINE_TAG.sub("", _COMMENT.sub(" ", text)))


def plain_text(markup: str) -> str:
    """Return the text of HTML, or of plain text, as paragraphs separated by one newline."""
    text = _NOISE.sub("", markup)
    text = text if _TAG.search(text) else unescape(text)
    if not _TAG.search(text):
        lines = [one_line(line) for line in unescape(text).splitlines()]
    else:
        root = parse_page(f"<div>{_CUT.sub('', text)}</div>")
        lines = [] if root is None else [one_line(unescape(line)) for line in paragraphs(root)]
    return "\n".join(line for line in lines if line)


def unescape(text: str) -> str:
    """Resolve entities that end in a semicolon; `?a=1&copy=2` is left as it is."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def absolute_link(link: str, base: str) -> str:
    """Return the absolute http(s) address that a link on a page leads to; empty for any other link.

    Line breaks and invisible characters inside it are removed, spaces are percent-encoded.

    Args:
        link: As it stands in the list.
        base: Absolute address of the page or feed.
    """
    bare = unescape(_LINK_NOISE.sub("", link)).strip().replace(" ", "%20")
    if not bare or bare.startswith("#"):
        return ""
    try:
        address = urljoin(base, f"https://{bare}" if _NO_SCHEME.match(bare) else bare)
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname else ""
