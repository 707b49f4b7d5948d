"""Text of DOCX files."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from crawler.files.docx import MAX_INNER_BYTES, docx_paragraphs
from crawler.files.errors import DamagedFileError, UnsupportedFileError

if TYPE_CHECKING:
    from collections.abc import Callable


def paragraph(text: str) -> str:
    """Return a paragraph of one run."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_paragraphs_and_tables(make_docx: Callable[..., bytes]) -> None:
    """Runs are joined, breaks and tabs count, rows of tables are single lines, deleted words are gone."""
    cells = "".join(f"<w:tc>{paragraph(text)}{paragraph('')}</w:tc>" for text in ("序号", "任务"))
    inner = (
        "<w:p><w:r><w:t>某市</w:t></w:r><w:r><w:t>行动计划</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>一</w:t><w:tab/><w:t>总则</w:t><w:br/><w:t>第二行</w:t></w:r>"
        "<w:del><w:r><w:delText>删去的话</w:delText></w:r></w:del></w:p>"
        f"<w:tbl><w:tr>{cells}</w:tr></w:tbl><w:p/>" + paragraph("某市人民政府")
    )
    assert docx_paragraphs(make_docx(inner)) == ["某市行动计划", "一 总则", "第二行", "序号 | 任务", "某市人民政府"]


def test_other_archives(make_docx: Callable[..., bytes]) -> None:
    """OFD and spreadsheets are archives, too, and are not read; nor is a document without a word."""
    for body in (make_docx(paragraph("字"), name="OFD.xml"), make_docx("<w:p/>")):
        with pytest.raises(UnsupportedFileError):
            docx_paragraphs(body)


def test_entities_are_not_resolved(make_docx: Callable[..., bytes]) -> None:
    """A document that declares entities is refused, whatever they stand for."""
    for entity in ('SYSTEM "file:///etc/hostname"', '"lol"'):
        with pytest.raises(DamagedFileError, match="DTD"):
            docx_paragraphs(make_docx(paragraph("&e;"), head=f"<!DOCTYPE x [<!ENTITY e {entity}>]>"))


def test_a_bomb_is_refused() -> None:
    """A document that unpacks to much more than it should is refused before it is unpacked."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * (MAX_INNER_BYTES + 1))
    with pytest.raises(DamagedFileError, match="unpacks to too much"):
        docx_paragraphs(held.getvalue())


def test_a_bomb_that_lies_about_its_size(make_docx: Callable[..., bytes]) -> None:
    """The size that an archive tells is not believed: what it holds is checked against it."""
    body = bytearray(make_docx(paragraph("字" * 5_000)))
    entry = body.rindex(b"PK\x01\x02")
    body[entry + 24 : entry + 28] = (64).to_bytes(4, "little")
    with pytest.raises(DamagedFileError):
        docx_paragraphs(bytes(body))


@pytest.mark.parametrize("cut", [10, 200, -30])
def test_damaged_archives(make_docx: Callable[..., bytes], cut: int) -> None:
    """A file that ends too early is damaged."""
    with pytest.raises(DamagedFileError):
        docx_paragraphs(make_docx(paragraph("某市行动计划"))[:cut])


def test_broken_markup(make_docx: Callable[..., bytes]) -> None:
    """A document that is no XML is damaged."""
    with pytest.raises(DamagedFileError, match="no readable document"):
        docx_paragraphs(make_docx("<w:p>"))
