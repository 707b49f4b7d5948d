"""Which part of a page is the article."""

from __future__ import annotations

import pytest

from crawler.pages.blocks import page_lines
from crawler.pages.body import choose_body, select_body, without_link_tail
from crawler.pages.dom import parse_page

SENTENCE = "各地要结合实际推进区块链和元宇宙的应用，做好安全评估和保障工作，按时报送进展情况。"
STORY = "".join(f"<p>第{n}段，{SENTENCE}</p>" for n in range(8))
LINKS = "".join(f'<li><a href="/{n}">另一条新闻的题目之{n}号</a></li>' for n in range(30))


def choose(page: str, language: str = "zh") -> list[str]:
    """Return the chosen lines of a page."""
    root = parse_page(page)
    assert root is not None
    return choose_body(root, language=language)


@pytest.mark.parametrize("name", ['id="UCAP-CONTENT"', 'class="TRS_Editor"', 'id="zoom"', 'class="x pages_content"'])
def test_known_container(name: str) -> None:
    """What stands in a content system's own container is the article, short lines and all."""
    lines = choose(f"<body><ul>{LINKS}</ul><div {name}><p>甲</p>{STORY}<p>乙</p></div><ul>{LINKS}</ul></body>")
    assert (lines[0], lines[-1], len(lines)) == ("甲", "乙", 10)


def test_innermost_of_nested_containers() -> None:
    """Of containers in one another the innermost with nearly all the text is read."""
    page = f'<div class="pages_content"><p>当前位置</p><div class="TRS_Editor">{STORY * 3}</div></div>'
    assert choose(page)[0].startswith("第0段")


def test_container_that_is_something_else() -> None:
    """A known name on a small box does not hide the article beside it."""
    page = f'<body><div id="zoom"><p>放大</p></div><div class="main"><h1>题目</h1>{STORY * 3}</div></body>'
    assert any(line.startswith("第5段") for line in choose(page))


def test_notice_of_pictures() -> None:
    """A container with nothing but a picture means that there is no text, not that the side column is the text."""
    page = f'<body><div class="TRS_Editor"><img src="a.jpg"><p>见图</p></div><div class="side">{STORY}</div></body>'
    assert choose(page) == ["见图"]


@pytest.mark.parametrize("language", ["zh", "zh-Hant", "en", ""])
def test_generic_page(language: str) -> None:
    """Without a known container the extractors find the paragraphs and leave the links."""
    page = f"<body><ul>{LINKS}</ul><div class='wrap'><div class='text'>{STORY}</div></div><ul>{LINKS}</ul></body>"
    text = "\n".join(choose(page, language))
    assert "第0段" in text
    assert "第5段" in text
    assert "另一条新闻" not in text


def test_no_article() -> None:
    """A page of links alone has no prose."""
    assert not any(SENTENCE in line for line in choose(f"<body><ul>{LINKS}</ul></body>"))


def test_better_extractor_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second extractor wins when the usual one finds next to nothing, or much less prose; else it does not."""
    story = [f"第{n}段，{SENTENCE}" for n in range(8)]
    found: dict[str, list[str]] = {}
    monkeypatch.setattr("crawler.pages.body.read_with_readability", lambda _: found["zh"])
    monkeypatch.setattr("crawler.pages.body.read_with_trafilatura", lambda _: found["en"])
    page = f"<body>{STORY}</body>"
    for usual, other, chosen in (
        (story[:1], story[:2], story[:2]),
        (story[:1], [], story[:1]),
        (story[:3], story, story),
        (story[:4], story, story[:4]),
        (story[:4], [*story, *story], story[:4]),
        (["x", *story[:2]], story, story),
        (story, ["".join(story)], story),
    ):
        found.update(zh=usual, en=other)
        assert choose(page, "zh") == chosen
        found.update(zh=other, en=usual)
        assert choose(page, "en") == chosen


def test_selector() -> None:
    """A source's selector may find several parts; nested finds are read once."""
    root = parse_page('<div class="a"><p>1</p><div class="a">2</div></div><div class="b">x</div><div class="a">3</div>')
    assert root is not None
    assert select_body(root, ".a") == ["1", "2", "3"]
    assert select_body(root, ".none") == []
    assert select_body(root, "") == []


def test_tail_of_links() -> None:
    """Two lines or more of nothing but links at the end go; one stays, and so do files."""
    root = parse_page(
        "<p>正文在此。</p><p><a href='a.pdf'>1.表格</a></p><p><a href='b.doc'>2.名单</a></p>"
        "<p><a href='c.html'>新闻一</a></p><p><a href='d.html'>新闻二</a></p>"
    )
    assert root is not None
    lines = page_lines(root)
    body = [line.text for line in lines]
    assert without_link_tail(body, lines) == body[:3]
    assert without_link_tail(body[:4], lines) == body[:4]
    assert without_link_tail([], lines) == []
