"""The dialects by kind, and which of them a page speaks."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.errors import DecodeError, ListParseError
from core.source import SourceKind
from crawler.decode import decode
from crawler.dialects.gkmlpt import Gkmlpt
from crawler.dialects.govcn import GovCn
from crawler.dialects.jpaas import Jpaas
from crawler.dialects.jpage import Jpage
from crawler.dialects.sitemaps import Sitemaps
from crawler.dialects.trsdated import TrsDated
from crawler.dialects.trsrecords import TrsRecords
from crawler.dialects.ucap import Ucap
from crawler.lists.sitemap import unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.dialects.ask import Dialect

DIALECTS: Mapping[SourceKind, Dialect] = MappingProxyType(
    {
        SourceKind.SITEMAP: Sitemaps(),
        SourceKind.GOVCN: GovCn(),
        SourceKind.JPAAS: Jpaas(),
        SourceKind.GKMLPT: Gkmlpt(),
        SourceKind.JPAGE: Jpage(),
        SourceKind.TRS_RECORDS: TrsRecords(),
        SourceKind.UCAP: Ucap(),
        SourceKind.TRS_DATED: TrsDated(),
    }
)
"""The most telling marks first: a page is taken for the first dialect that recognises it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Which dialect a page speaks."""

    kind: SourceKind
    params: Mapping[str, str]
    """Params with which a source of this kind needs no discovery; empty when it needs none, or there are none."""


def recognise(url: str, body: bytes, *, content_type: str = "") -> Recognised | None:
    """Tell which dialect a page speaks, and find the ids that its interface wants.

    Args:
        url: Address of the page after redirects.
        body: The page as it came.
        content_type: The Content-Type header, empty when there was none.

    Returns:
        The dialect; None when it is none of them, or the bytes are no text.
    """
    try:
        text = decode(unpacked(body, url), content_type=content_type).text
    except (DecodeError, ListParseError):
        return None
    for kind, dialect in DIALECTS.items():
        params = dialect.recognise(url, text)
        if params is not None:
            return Recognised(kind=kind, params=params)
    return None
