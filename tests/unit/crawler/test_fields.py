"""Titles, texts and links made plain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields import absolute_link, plain_id, plain_line, plain_text, plain_title, unescape

BASE = "https://www.example.gov.cn/zwgk/list/index.html"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("关于<em>元宇宙</em>的通知", "关于元宇宙的通知"),
        ("  第一行\n　第二行\t", "第一行 第二行"),
        ("R&amp;D &quot;plan&quot;", 'R&D "plan"'),
        ("R&amp;amp;D", "R&D"),
        ("&lt;b&gt;Policy&lt;/b&gt; &amp;#8212; now", "Policy — now"),
        ("<![CDATA[标题]]>", "标题"),
        ("a<br>b<p class='x'>c</p>", "a b c"),
        ("<!-- note -->标题", "标题"),
        ("<!-- never closed", ""),
        ("x < y and <元宇宙> stay, 3 > 2", "x < y and <元宇宙> stay, 3 > 2"),
        ("AT&T and ?a=1&copy=2", "AT&T and ?a=1&copy=2"),
        ("标\u200b题\ufeff", "标题"),
        ("标\x01\ud83d题\x7f", "标题"),
        ('<font color="red">[置顶]</font> 公告', "[置顶] 公告"),
        ("", ""),
    ],
)
def test_lines_are_plain(markup: str, expected: str) -> None:
    """Tags, doubly escaped entities, CDATA marks and line breaks go; characters that only look like tags stay."""
    assert plain_line(markup) == expected


def test_identifiers_are_verbatim() -> None:
    """Entities and tags in an identifier are its own; only white space and impossible characters go."""
    assert plain_id(" a&amp;<b>\n c\ud800 ") == "a&amp;<b> c"


def test_a_text_glued_to_a_title_is_cut_off() -> None:
    """A long title in several lines keeps its first line; a short one in two lines keeps both."""
    assert plain_title("某市发布行动计划\n   " + "正文内容" * 40) == "某市发布行动计划"
    assert plain_title("某市发布\n行动计划") == "某市发布 行动计划"
    assert plain_title("长" * 130) == "长" * 130


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>第一段&nbsp;文字</p><p>第二段</p>", "第一段 文字\n第二段"),
        ("<div>a<br/>b</div><script>alert(1)</script>", "a\nb"),
        ("&lt;p&gt;escaped&lt;/p&gt;&lt;p&gt;twice&lt;/p&gt;", "escaped\ntwice"),
        ("one line\n\n  another  line ", "one line\nanother line"),
        ("<p>A&amp;nbsp;B</p>", "A B"),
        ("<![CDATA[<p>x</p>]]>", "x"),
        ("a < b & c", "a < b & c"),
        ("<p>whole</p><p>cut <a href='http://exam", "whole\ncut"),
        ("<ul><li>甲</li><li>乙</li></ul>", "甲\n乙"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_texts_are_paragraphs(markup: str, expected: str) -> None:
    """HTML becomes lines of text; plain text keeps its lines."""
    assert plain_text(markup) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("./202306/t20230615_1.html", "https://www.example.gov.cn/zwgk/list/202306/t20230615_1.html"),
        ("../a.htm", "https://www.example.gov.cn/zwgk/a.htm"),
        ("/a b.htm", "https://www.example.gov.cn/a%20b.htm"),
        ("//m.example.cn/x", "https://m.example.cn/x"),
        ("?id=1&amp;x=2", "https://www.example.gov.cn/zwgk/list/index.html?id=1&x=2"),
        (" http://a.cn/\n x\u200b ", "http://a.cn/%20x"),
        ("www.a.cn/x", "https://www.a.cn/x"),
        ("https://a.cn/政策?题=1", "https://a.cn/政策?题=1"),
        ("javascript:void(0)", ""),
        ("mailto:a@b.cn", ""),
        ("tel:123", ""),
        ("#top", ""),
        ("", ""),
        ("   ", ""),
        ("http://[::1", ""),
        ("ftp://a.cn/x", ""),
    ],
)
def test_links_are_absolute_or_none(link: str, expected: str) -> None:
    """Links are joined to their page; what leads to no web page is none."""
    assert absolute_link(link, BASE) == expected


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    """No text raises; lines hold no line break, and paragraphs no empty line."""
    assert "\n" not in plain_line(text)
    assert "\n" not in plain_title(text)
    assert "\n\n" not in plain_text(text)
    assert absolute_link(text, BASE)[:4] in ("", "http")
    unescape(text)
