"""Who is behind an article: its author or source, the issuing organ, and the numbers of documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.documents import find_document_numbers
from crawler.pages.dom import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.pages.metadata import PageMetadata

_LONGEST = 80
"""Characters of the longest author or organ that is believed; longer values are prose that followed a label."""
_TOO_MUCH = re.compile(r"https?://|[。；;@]|\d{4}[-年/]|[:：|]|转载")
_NOBODY = frozenset(
    {"未知", "佚名", "匿名", "全部", "网络", "互联网", "本站", "本网", "原创", "admin", "administrator", "editor"}
)
"""What content systems fill in when nobody is named."""
_BY = re.compile(r"^(?:by|作者|文[/|｜]|记者)[\s:：]+", re.IGNORECASE)
_BYLINE = re.compile(
    r"^\s*(?:[Ww]ritten\s|[Rr]eported\s)?[Bb][Yy]:?\s+(?P<name>[A-Z][\w.'’-]*(?:\s[A-Z][\w.'’-]*){1,3}"
    r"(?:(?:,|\sand|\s&)\s[A-Z][\w.'’-]*(?:\s[A-Z][\w.'’-]*){1,3}){0,3})(?=\s*(?:$|[|·•,–—-]|\d))"
)
"""`By Ann Lee and Bo Chan`, up to what follows on the line."""
_CONTROL = re.compile(r"\s*[\[【(（]?\s*(?:打印|字体|字号|浏览|点击|阅读|关闭|分享|收藏|举报|大\s?中\s?小)\b.*$")
"""Buttons and counters that stand behind a name on its line."""
_AUTHOR_METAS = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
)
_SOURCE_METAS = ("contentsource", "source", "article:source", "mediaid", "dc.source", "og:article:author")
_ISSUER_METAS = ("publisher_organ", "issuer", "dc.publisher.organ", "fwjg", "publishorgan", "fbjg")
_HEAD_LINES = 5
"""First lines of a decree among which its own number stands alone."""


def find_author(
    labels: Mapping[str, str], metadata: PageMetadata, *, selected: str, header: Sequence[str], listed: str
) -> str:
    """Return who wrote an article, else the source it names (`来源：…`), else what the list says; may be empty.

    Args:
        labels: Labelled values around the title.
        metadata: What the page says of itself.
        selected: What the source's selector finds.
        header: Pieces of text between title and article, among which an English byline is looked for.
        listed: The author that the list names.
    """
    byline = next((match["name"] for piece in header if (match := _BYLINE.match(piece))), "")
    names = (
        selected,
        labels.get("author", ""),
        metadata.linked("author"),
        byline,
        labels.get("source", ""),
        metadata.first(*_AUTHOR_METAS),
        metadata.first(*_SOURCE_METAS),
        listed,
    )
    return next((name for raw in names if (name := _name(raw))), "")


def find_issuer(labels: Mapping[str, str], metadata: PageMetadata) -> str:
    """Return the issuing organ that the page's table or meta tags name; empty when they do not."""
    return _name(labels.get("issuer", "")) or _name(metadata.first(*_ISSUER_METAS))


def find_numbers(labels: Mapping[str, str], title: str, header: Sequence[str], body: Sequence[str]) -> tuple[str, ...]:
    """Return normalised document numbers, the document's own first, then those it names, each once.

    Its own is what the page's table calls so, else what stands alone between the title and the first sentences.
    """
    own = find_document_numbers(labels.get("number", ""))
    if not own:
        alone = (line for line in [*header, *body[:_HEAD_LINES]] if len(line) <= 40)
        own = next((found for line in alone if (found := _alone(line))), ())
    named = find_document_numbers("\n".join([title, *body]))
    return tuple(dict.fromkeys([*own, *named]))


def _alone(line: str) -> tuple[str, ...]:
    found = find_document_numbers(line)
    return found if len(found) == 1 and len(re.sub(r"\W", "", line)) <= len(found[0]) + 4 else ()


def _name(raw: str) -> str:
    name = _CONTROL.sub("", _BY.sub("", one_line(raw))).strip(" |,，:：[]【】")
    if name[:1] in "(（" and name[-1:] in ")）":
        name = name[1:-1]
    known = 1 < len(name) <= _LONGEST and re.search(r"[^\W\d_]", name) and name.lower() not in _NOBODY
    return name if known and not _TOO_MUCH.search(name) else ""
