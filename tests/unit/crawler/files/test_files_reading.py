"""Files by their content: text, or the mark that says why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.item import PageMark
from crawler.files import reading as module
from crawler.files.reading import is_file, is_readable_name, read_file

if TYPE_CHECKING:
    from collections.abc import Callable


def test_both_kinds(make_pdf: Callable[..., bytes], make_docx: Callable[..., bytes]) -> None:
    """PDF and DOCX are told by their first bytes and read."""
    for body in (
        make_pdf([["某市区块链行动计划的全文。"]]),
        b"\n" + make_pdf([["某市区块链行动计划的全文。"]]),
        make_docx("<w:p><w:r><w:t>某市区块链行动计划的全文。</w:t></w:r></w:p>"),
    ):
        found = read_file(body)
        assert (found.text, found.mark) == ("某市区块链行动计划的全文。", PageMark.FILE_TEXT)
        assert is_file(body)


@pytest.mark.parametrize(
    ("body", "mark"),
    [
        (b"", PageMark.FILE_UNSUPPORTED),
        (b"\xd0\xcf\x11\xe0 old office", PageMark.FILE_UNSUPPORTED),
        (b"Rar!\x1a\x07", PageMark.FILE_UNSUPPORTED),
        (b"<html><body>not found</body></html>", PageMark.FILE_UNSUPPORTED),
        (b"PK\x03\x04 broken", PageMark.FILE_MISSING),
        (b"%PDF-1.7 broken", PageMark.FILE_MISSING),
    ],
)
def test_marks(body: bytes, mark: PageMark) -> None:
    """What is not read is told apart from what is broken."""
    found = read_file(body)
    assert (found.text, found.mark) == ("", mark)


def test_other_archives_and_scans(make_pdf: Callable[..., bytes], make_docx: Callable[..., bytes]) -> None:
    """An OFD and a scan are of kinds that are not read."""
    for body in (make_pdf([[]]), make_docx("", name="OFD.xml")):
        assert read_file(body).mark is PageMark.FILE_UNSUPPORTED


def test_bounds(make_pdf: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Long texts are cut, and files beyond the limit are not opened."""
    body = make_pdf([["某市区块链行动计划的全文。"]])
    monkeypatch.setattr(module, "MAX_FILE_TEXT", 4)
    assert read_file(body).text == "某市区块"
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    assert read_file(body).mark is PageMark.FILE_MISSING


def test_names() -> None:
    """Names tell which files are worth asking for; pages are no files."""
    assert is_readable_name("/files/PLAN.PDF")
    assert is_readable_name("计划.docx")
    assert not is_readable_name("计划.ofd")
    assert not is_file(b"<html>")


@settings(max_examples=60)
@given(st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04", b""]), st.binary(max_size=300))
def test_any_bytes(head: bytes, tail: bytes) -> None:
    """No bytes make it raise."""
    assert read_file(head + tail).mark in PageMark
