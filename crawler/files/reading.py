"""From the bytes of a file to its text, or to the mark that says why there is none. Told by content, not by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.item import PageMark
from crawler.files.docx import docx_paragraphs
from crawler.files.errors import DamagedFileError, UnsupportedFileError
from crawler.files.pdf import pdf_paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_FILE_BYTES = 20_971_520
"""Bytes of a file that is read; larger ones are collections of scans."""
MAX_FILE_TEXT = 200_000
"""Characters of a file's text that are kept: half of what an article may hold."""
_PDF_HEAD = 1_024
"""Bytes among which a PDF begins (readers accept what stands before it)."""
_READABLE_NAMES = (".pdf", ".docx")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """What a file says."""

    text: str
    """Paragraphs separated by one newline; empty when it was not read."""
    mark: PageMark
    """`FILE_TEXT`, or why there is no text."""


def read_file(body: bytes) -> FileText:
    """Read the text of a PDF or DOCX file.

    Args:
        body: The file as it came. It may be anything: nothing is raised for it.
    """
    reader = _reader(body)
    if reader is None:
        return FileText(text="", mark=PageMark.FILE_UNSUPPORTED)
    if len(body) > MAX_FILE_BYTES:
        return FileText(text="", mark=PageMark.FILE_MISSING)
    try:
        paragraphs = reader(body)
    except UnsupportedFileError:
        return FileText(text="", mark=PageMark.FILE_UNSUPPORTED)
    except DamagedFileError:
        return FileText(text="", mark=PageMark.FILE_MISSING)
    return FileText(text="\n".join(paragraphs)[:MAX_FILE_TEXT], mark=PageMark.FILE_TEXT)


def is_file(body: bytes) -> bool:
    """Whether an answer is a PDF, an Office file or an archive rather than a page."""
    return b"%PDF-" in body[:_PDF_HEAD] or body.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def is_readable_name(name: str) -> bool:
    """Whether a file of that name or address path may be one that is read."""
    return name.lower().endswith(_READABLE_NAMES)


def _reader(body: bytes) -> Callable[[bytes], list[str]] | None:
    if b"%PDF-" in body[:_PDF_HEAD]:
        return pdf_paragraphs
    return docx_paragraphs if body.startswith(b"PK\x03\x04") else None
