"""PDF to paragraphs. Scans and locked files have no text here; lines are joined to the paragraphs they were."""

from __future__ import annotations

import logging
import re
from collections import Counter
from io import BytesIO
from time import monotonic
from typing import Any

from pypdf import PasswordType, PdfReader, apply_configuration

from crawler.files.errors import DamagedFileError, UnsupportedFileError
from crawler.pages.dom import one_line

logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it reports each flaw of each file

MAX_STREAM_BYTES = 16_777_216
"""Bytes that one stream may unpack to; a page's text has some ten thousand, and pictures are not unpacked."""
_LIMITS: dict[str, Any] = dict.fromkeys(
    (
        "zlib_maximum_output_length",
        "lzw_maximum_output_length",
        "run_length_maximum_output_length",
        "array_based_stream_maximum_output_length",
    ),
    MAX_STREAM_BYTES,
)
MAX_PAGES = 80
"""Pages that are read; a five-year plan with all annexes has 60."""
MAX_SECONDS = 20.0
"""Time after which no further page is begun; a usual page takes 20 ms."""
_MAX_CHARACTERS = 400_000
_LEAST_PER_PAGE = 10
"""Characters a page on average under which a file is a scan with page numbers."""
_PAGE_NUMBER = re.compile(r"^[\s\-–—_·第/]*\d{1,4}[\s\-–—_·页/]*$|^page \d+(?: of \d+)?$", re.IGNORECASE)
_RUNNING = 3
"""Pages with one and the same first or last line from which it is a running head."""
_FULL = 0.75
"""Share of the usual line length from which a line goes on in the next."""
_ENDS = re.compile(r"[。！？；：!?;:.…”』」）)]$|[〕\])]\s?第?\d{1,5}号$|(?:19|20|二〇).{2,6}年.{1,3}月.{1,3}日$")
"""How a paragraph ends: with a mark, or as the line of the document's number or date."""
_STARTS = re.compile(
    r"^(?:第?[一二三四五六七八九十百]{1,4}[、章节条篇]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．]\s?\D|附件|附：|[•●■◆▪])"
)
_HAN_SPACE = re.compile(r"(?<=[\u3400-\u9fff，。、；：（）《》“”])\s+(?=[\u3400-\u9fff，。、；：（）《》“”])")
_HAN = re.compile(r"[\u3400-\u9fff，。、；：（）《》“”]")


def pdf_paragraphs(body: bytes) -> list[str]:
    """Return the paragraphs of a PDF in page order.

    Raises:
        UnsupportedFileError: It is locked, or holds pictures only.
        DamagedFileError: It cannot be read.
    """
    try:
        with apply_configuration(**_LIMITS):
            pages = _page_texts(body)
    except UnsupportedFileError:
        raise
    except Exception as exc:  # the library raises whatever broken files lead it to
        raise DamagedFileError(f"no readable PDF: {exc}") from exc
    if sum(len(line) for page in pages for line in page) < _LEAST_PER_PAGE * max(1, len(pages)):
        raise UnsupportedFileError("a PDF without text: a scan")
    return _joined(_without_running(pages))


def _page_texts(body: bytes) -> list[list[str]]:
    """Return the lines of each page."""
    reader = PdfReader(BytesIO(body), strict=False)
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise UnsupportedFileError("a locked PDF")
    started, size, pages = monotonic(), 0, []
    for page in reader.pages[:MAX_PAGES]:
        if size > _MAX_CHARACTERS or monotonic() - started > MAX_SECONDS:
            break
        raw = page.extract_text()[:_MAX_CHARACTERS]
        size += len(raw)
        lines = (_HAN_SPACE.sub("", one_line(line)) for line in raw.split("\n"))
        pages.append([line for line in lines if line and not _PAGE_NUMBER.match(line)])
    return pages


def _without_running(pages: list[list[str]]) -> list[str]:
    """Return all lines without running heads: what stands first or last on several pages."""
    edges = Counter(edge for page in pages for edge in {page[0], page[-1]} if page)
    running = {line for line, count in edges.items() if count >= _RUNNING}
    return [
        line
        for page in pages
        for index, line in enumerate(page)
        if not (line in running and index in (0, len(page) - 1))
    ]


def _joined(lines: list[str]) -> list[str]:
    """Join lines to paragraphs: a long one that ends in no full stop goes on, unless the next begins an item."""
    lengths = sorted(map(len, lines))
    usual = lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    paragraphs: list[str] = []
    open_line = False
    for line in lines:
        if open_line and not _STARTS.match(line):
            glue = "" if _HAN.match(paragraphs[-1][-1]) or _HAN.match(line[0]) else " "
            paragraphs[-1] = f"{paragraphs[-1]}{glue}{line}"
        else:
            paragraphs.append(line)
        open_line = len(line) >= _FULL * usual and not _ENDS.search(line)
    return paragraphs
