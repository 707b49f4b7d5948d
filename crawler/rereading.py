"""Reads an article anew, outside of any poll: whole or not at all, since a missing part would look like an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import FetchError
from core.outcome import Answer
from crawler.answers import Expected
from crawler.reading import classify, read_part, read_whole
from crawler.whole import PartKind, without

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from core.item import Article, Entry
    from core.ports import Extractor, Offload
    from core.source import Source
    from crawler.reading import Received
    from crawler.whole import Part

    Download = Callable[[str], Awaitable[Received]]

_PASSES = frozenset({Answer.BLOCKED, Answer.DECODE, Answer.CRASHED})
"""Besides what is transient: faults of a part for which the whole is given up rather than read without it."""


async def read_article(
    download: Download, *, extractor: Extractor, offload: Offload, source: Source, entry: Entry
) -> Article:
    """Read an article with its further pages and files, as a poll does.

    Args:
        download: Fetches one address, whatever its status; raises `FetchError`.
        extractor: Reads articles.
        offload: Where they are read.
        source: Whose article it is.
        entry: What the list said of it.

    Raises:
        FetchError: There is no article, or not the whole of it now; its class says why.
    """
    answer = await download(entry.url)
    whole = await offload.run(read_whole, extractor, answer, source=source, entry=entry)
    problem = whole.article.page_problem
    if problem is not None:
        raise FetchError(f"no article at {entry.url}: {problem}", url=answer.url, answer=problem, source_id=source.id)
    while (part := whole.next) is not None:
        found = await _part(download, part, offload)
        if found is None:
            whole = without(whole)
        else:
            whole = await offload.run(read_part, extractor, found, source=source, entry=entry, whole=whole)
    return whole.article


async def _part(download: Download, part: Part, offload: Offload) -> Received | None:
    """Return a further page or file; None when it is not there, as it may never have been.

    Raises:
        FetchError: It cannot be had now.
    """
    try:
        found = await download(part.url)
    except FetchError as error:
        if _may_pass(error.answer):
            raise
        return None
    if part.kind is PartKind.FILE and 200 <= found.status < 300:
        return found
    kind, detail = await offload.run(classify, found, Expected.PAGE)
    if _may_pass(kind):
        raise FetchError(detail, url=part.url, answer=kind)
    return found if kind is Answer.OK else None


def _may_pass(answer: Answer) -> bool:
    return answer.is_transient or answer in _PASSES
