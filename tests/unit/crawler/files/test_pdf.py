"""Text of PDF files."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter

from crawler.files import pdf as module
from crawler.files.errors import DamagedFileError, UnsupportedFileError
from crawler.files.pdf import pdf_paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONG = "为贯彻落实区块链产业发展要求，结合本市实际，制定本行动计划，请各区各部门认真组织"


def test_lines_become_paragraphs(make_pdf: Callable[..., bytes]) -> None:
    """A full line goes on in the next one; headings, items and short lines stand alone; page numbers go."""
    pages = [
        ["某市区块链行动计划", LONG, "实施。", "一、总体要求", LONG, "— 1 —"],
        ["落实到位。", "（一）建设公共服务平台。", "2"],
    ]
    assert pdf_paragraphs(make_pdf(pages)) == [
        "某市区块链行动计划",
        f"{LONG}实施。",
        "一、总体要求",
        f"{LONG}落实到位。",
        "（一）建设公共服务平台。",
    ]


def test_english_lines_are_joined_with_a_space(make_pdf: Callable[..., bytes]) -> None:
    """Words of two lines do not run together."""
    assert pdf_paragraphs(make_pdf([["The council adopts a plan for chips and", "for distributed ledgers."]])) == [
        "The council adopts a plan for chips and for distributed ledgers."
    ]


def test_running_heads_go(make_pdf: Callable[..., bytes]) -> None:
    """What stands at the head of every page is no part of the text."""
    pages = [["某市人民政府公报", f"第{n}段的正文内容在这里结束。"] for n in "一二三"]
    assert pdf_paragraphs(make_pdf(pages)) == [f"第{n}段的正文内容在这里结束。" for n in "一二三"]


def test_a_scan_has_no_text(make_pdf: Callable[..., bytes]) -> None:
    """A file of empty pages, or of page numbers, is of a kind that is not read."""
    with pytest.raises(UnsupportedFileError, match="a scan"):
        pdf_paragraphs(make_pdf([[], ["1"]]))


def test_a_locked_file(make_pdf: Callable[..., bytes], tmp_path: Path) -> None:
    """A file that asks for a password is not read; one whose password is empty is."""
    (tmp_path / "open.pdf").write_bytes(make_pdf([["某市区块链行动计划的全文在此。"]]))
    for password in ("", "secret"):
        writer = PdfWriter()
        writer.append(PdfReader(tmp_path / "open.pdf"))
        writer.encrypt(password, algorithm="RC4-128")
        writer.write(tmp_path / "locked.pdf")
        writer.close()
        if password:
            with pytest.raises(UnsupportedFileError, match="locked"):
                pdf_paragraphs((tmp_path / "locked.pdf").read_bytes())
        else:
            assert pdf_paragraphs((tmp_path / "locked.pdf").read_bytes()) == ["某市区块链行动计划的全文在此。"]


@pytest.mark.parametrize("body", [b"%PDF-1.7\n", b"%PDF-1.4 \x00\xff" * 50, b"%PDF-1.7 trailer << /Root 9 0 R >>"])
def test_damaged_files(body: bytes) -> None:
    """What is no PDF behind its first bytes is damaged."""
    with pytest.raises(DamagedFileError):
        pdf_paragraphs(body)


def test_bounds(make_pdf: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages beyond the limit of number and of time are not read."""
    body = make_pdf([[f"这是第{n}页的正文，内容足够长。"] for n in range(5)])
    monkeypatch.setattr(module, "MAX_PAGES", 2)
    assert len(pdf_paragraphs(body)) == 2
    ticks = iter([0.0, 1.0, 99.0])
    monkeypatch.setattr(module, "monotonic", lambda: next(ticks))
    assert len(pdf_paragraphs(body)) == 1


def test_a_bomb_is_refused(make_pdf: Callable[..., bytes]) -> None:
    """A page that unpacks to more than a page ever holds is not unpacked to its end."""
    plain = make_pdf([["字" * 40]])
    start, end = plain.rindex(b"stream\nBT") + 7, plain.rindex(b"\nendstream")
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_048_576) for _ in range(64)) + packer.flush()
    head = plain[:start].rpartition(b"<< /Length")[0]
    bomb = head + b"<< /Filter /FlateDecode /Length %d >> stream\n" % len(packed) + packed + plain[end:]
    with pytest.raises(DamagedFileError, match=r"(?i)limit"):
        pdf_paragraphs(bomb)
