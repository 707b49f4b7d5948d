"""Files that an article offers."""

from __future__ import annotations

import pytest

from core.item import Attachment
from crawler.pages.attachments import find_attachments
from crawler.pages.dom import parse_page

URL = "https://gov.example/zwgk/2023/t1.html"


def found(page: str) -> list[tuple[str, str]]:
    """Return address and name of each file on a page."""
    root = parse_page(page)
    assert root is not None
    return [(file.url, file.name) for file in find_attachments(root, url=URL)]


@pytest.mark.parametrize("ending", ["pdf", "PDF", "doc", "docx", "xls", "xlsx", "wps", "ofd", "zip", "rar"])
def test_kinds(ending: str) -> None:
    """Documents, tables and archives are attachments, whatever the case of their ending."""
    assert found(f'<a href="./f.{ending}">任务分工表</a>') == [
        (f"https://gov.example/zwgk/2023/f.{ending}", "任务分工表")
    ]


@pytest.mark.parametrize(
    "href",
    ["a.html", "a.pdfx", "#", "", "javascript:void(0)", "mailto:a@b.c", "http://[bad/a.pdf", "ftp://x/a.pdf", "/pdf"],
)
def test_other_links(href: str) -> None:
    """Pages, scripts, mail and broken addresses are none."""
    assert found(f'<a href="{href}">x</a>') == []


def test_file_in_the_query_or_name() -> None:
    """A download script is known by the file it is asked for, or by the name it shows."""
    page = '<a href="/down?file=%E8%A1%A8.doc&id=1">表</a><a href="/attach/77">行动计划.pdf</a>'
    assert found(page) == [
        ("https://gov.example/down?file=%E8%A1%A8.doc&id=1", "表"),
        ("https://gov.example/attach/77", "行动计划.pdf"),
    ]


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ('<a href="a.pdf" title="重点任务">点击下载</a>', "重点任务"),
        ('<a href="a.pdf" download="plan.pdf">here</a>', "plan.pdf"),
        ('<a href="%E6%96%B9%E6%A1%88.pdf">下载</a>', "方案.pdf"),
        ('<a href="a.pdf"><img src="i.png"></a>', "a.pdf"),
        ('<a href="/x?f=a.pdf"></a>', "x"),
    ],
)
def test_names(link: str, name: str) -> None:
    """A file is named by its link, else by the link's title, else by itself."""
    assert [shown for _, shown in found(link)] == [name]


def test_base_and_repeats() -> None:
    """The page's base counts unless it is broken, and an address is listed once."""
    assert found('<base href="https://files.example/d/"><a href="a.pdf">甲</a><a href="a.pdf">乙</a>') == [
        ("https://files.example/d/a.pdf", "甲")
    ]
    assert found('<base href="http://[x"><a href="a.pdf">甲</a>') == [("https://gov.example/zwgk/2023/a.pdf", "甲")]


def test_many() -> None:
    """The number of attachments is bounded."""
    root = parse_page("".join(f'<a href="{n}.pdf">{n}</a>' for n in range(300)))
    assert root is not None
    files = find_attachments(root, url=URL)
    assert len(files) == 100
    assert isinstance(files[0], Attachment)
