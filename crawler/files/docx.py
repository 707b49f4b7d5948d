"""DOCX to paragraphs (ECMA-376 §17): paragraphs and table rows in order. Bounded, and deaf to entities."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from lxml import etree

from crawler.files.errors import DamagedFileError, UnsupportedFileError
from crawler.pages.dom import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_INNER_BYTES = 20_971_520
"""Bytes of the unpacked document; a text of 400,000 characters takes about 8 MiB with its markup."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_DOCUMENT = "word/document.xml"
_MAX_RATIO = 200
"""How many times its packed size a document may have; Word's own reach 30."""


def docx_paragraphs(body: bytes) -> list[str]:
    """Return the paragraphs of a DOCX file; a row of a table becomes one line with ` | ` between its cells.

    Raises:
        UnsupportedFileError: It is another kind of archive: OFD, XLSX, a bundle of files; or it holds no text.
        DamagedFileError: It cannot be read, or unpacks to too much.
    """
    root = _document(_unpacked(body))
    found = [line for line in map(one_line, _lines(root)) if line]
    if not found:
        raise UnsupportedFileError("a document without text")
    return found


def _unpacked(body: bytes) -> bytes:
    try:
        with ZipFile(BytesIO(body)) as archive:
            if _DOCUMENT not in archive.namelist():
                raise UnsupportedFileError("an archive that is no DOCX")
            info = archive.getinfo(_DOCUMENT)
            if info.file_size > min(MAX_INNER_BYTES, _MAX_RATIO * max(info.compress_size, 1_024)):
                raise DamagedFileError("a document that unpacks to too much")
            with archive.open(info) as stream:
                inner = stream.read(MAX_INNER_BYTES + 1)
    # NotImplementedError: zipfile knows no such compression; RuntimeError: a password is asked for.
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, zlib.error) as exc:
        raise DamagedFileError(f"no readable archive: {exc}") from exc
    if len(inner) > MAX_INNER_BYTES:
        raise DamagedFileError("a document that unpacks to too much")
    return inner


def _document(inner: bytes) -> etree._Element:
    if b"<!DOCTYPE" in inner[:4_096]:  # Word writes none; entities are declared there
        raise DamagedFileError("a document with a DTD")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(inner, parser=parser)
    except etree.XMLSyntaxError as exc:
        raise DamagedFileError(f"no readable document: {exc}") from exc


def _lines(root: etree._Element) -> Iterator[str]:
    """Yield the lines of a document: rows of tables whole, and the paragraphs that stand in none."""
    rows: set[etree._Element] = set()
    for element in root.iter(f"{_W}tr", f"{_W}p", f"{_STRICT}tr", f"{_STRICT}p"):
        inside = any(parent in rows for parent in element.iterancestors(f"{_W}tr", f"{_STRICT}tr"))
        if inside:
            continue
        if element.tag in (f"{_W}tr", f"{_STRICT}tr"):
            rows.add(element)
            cells = (one_line(_text(cell)) for cell in element if _local(cell) == "tc")
            yield " | ".join(cell for cell in cells if cell)
        else:
            yield from _text(element).split("\n")


def _text(element: etree._Element) -> str:
    """Return an element's visible text: runs, tabs and breaks; deleted text is not in `w:t`."""
    pieces = []
    for node in element.iter():
        match _local(node):
            case "t":
                pieces.append(node.text or "")
            case "tab":
                pieces.append(" ")
            case "br" | "cr":
                pieces.append("\n")
            case "p" if node is not element:
                pieces.append(" ")
    return "".join(pieces)


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
