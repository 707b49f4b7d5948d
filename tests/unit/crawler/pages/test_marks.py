"""Pages whose text is in pictures or files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.item import BodyOrigin, DocumentFacts, PageMark

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Article

FILE = "<p><a href='/files/plan.pdf'>附件：某市区块链行动计划.pdf</a></p>"


@pytest.mark.parametrize(
    ("inside", "marks"),
    [
        ("<p><img src='/W020230615.jpg'></p><p><img data-src='/W020230616.jpg'></p>", (PageMark.IMAGES_ONLY,)),
        ("<p><img src='/W020230615.jpg' width='800px'></p><p>某市办公室 2023年6月15日</p>", (PageMark.IMAGES_ONLY,)),
        (FILE, (PageMark.FILES_ONLY,)),
        ("<iframe src='/viewer.html?file=%2Ffiles%2Fplan.pdf'></iframe>", (PageMark.FILES_ONLY,)),
        ("<embed src='/files/plan.pdf'>", (PageMark.FILES_ONLY,)),
        ("<img src='/images/icon_print.png'><img src='a.jpg' width=20><img class='logo' src='b.jpg'><img>", ()),
        ("<p>" + "某市发布区块链产业行动计划，支持企业开展试点。" * 5 + "<img src='/a.jpg'></p>" + FILE, ()),
    ],
    ids=["pictures", "pictures and signature", "file", "viewer", "embedded", "ornaments", "text"],
)
def test_marks(read: Callable[..., Article], inside: str, marks: tuple[PageMark, ...]) -> None:
    """What is only pictures or files is marked; ornaments and articles with both are not."""
    article = read(f"<body><h1>某市区块链行动计划公告</h1><div id='zoom'>{inside}</div></body>")
    assert (article.facts or DocumentFacts()).marks == marks


def test_pictures_leave_no_text(read: Callable[..., Article]) -> None:
    """A notice of pictures has a title and no body."""
    article = read("<body><h1>某市区块链行动计划公告</h1><div id='zoom'><img src='/a.jpg'></div></body>")
    assert (article.text, article.body_origin) == ("", BodyOrigin.NONE)


def test_a_framed_file_is_an_attachment(read: Callable[..., Article]) -> None:
    """What a page shows in a frame is among its files, under its own name and address."""
    article = read(
        "<body><h1>某市公告标题</h1><iframe src='/viewer.html?file=/f/%E8%AE%A1%E5%88%92.pdf'></iframe></body>"
    )
    assert [file.name for file in article.attachments] == ["计划.pdf"]
    assert article.attachments[0].url == "https://site.example/f/计划.pdf"
