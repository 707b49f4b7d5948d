"""What a text says, apart from how it is set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wording import folded, likeness, says_the_same, text_lines

TEXT = "各区人民政府：\n现将《三年行动计划》印发给你们。到2025年，产业规模达到1.5亿元。"


@pytest.mark.parametrize(
    "line",
    [
        "浏览次数：123",
        "阅读量:1.2万次",
        "点击数（456）",
        "【字体：大 中 小】",
        "【打印本页】 【关闭窗口】",
        "分享到：微信 微博 QQ空间",
        "阅读 12",
        "3 min read",
        "Views: 1,204",
        "Share this article | Facebook | LinkedIn | Email",
        "　　",
    ],
)
def test_counters_and_buttons_are_no_text(line: str) -> None:
    """A page's counter, its rows of buttons and its blank lines say nothing."""
    assert text_lines(line) == ()
    assert says_the_same(TEXT, f"{line}\n{TEXT}\n{line}")


@pytest.mark.parametrize(
    "line", ["120万", "平台访问量达100万次。", "大力发展区块链", "微信支付扩大试点", "2023", "Print money, then reads"]
)
def test_words_that_look_like_them_are_text(line: str) -> None:
    """Amounts and sentences about visits, sharing or size stay."""
    assert text_lines(line) == (line,)


def test_a_counter_inside_a_line_leaves_the_rest() -> None:
    """The source of a paper stays when the counter beside it goes."""
    assert text_lines("来源：市政府办公厅 浏览次数：1,234 次") == ("来源:市政府办公厅",)


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("，", ","),
        TEXT.replace("2025", "２０２５"),
        TEXT.replace("\n", "\n\n　　"),
        TEXT.replace("。到", "。\n到"),
        TEXT.replace("：\n", ":"),
        TEXT + "\n阅读次数：9",
        TEXT.replace("现将", "__现将__"),
    ],
    ids=["marks", "width", "indent", "broken line", "joined lines", "counter", "underscores"],
)
def test_setting_is_no_wording(other: str) -> None:
    """Width, marks, white space, line breaks and counters do not change what a text says."""
    assert other != TEXT
    assert says_the_same(TEXT, other)


@pytest.mark.parametrize(
    "other",
    [TEXT.replace("1.5", "15"), TEXT.replace("2025", "2026"), TEXT.replace("印发", "转发"), TEXT + "特此通知。", ""],
    ids=["point", "year", "word", "sentence", "nothing"],
)
def test_words_and_amounts_are_wording(other: str) -> None:
    """One digit, one decimal point or one word makes another text."""
    assert not says_the_same(TEXT, other)


def test_likeness_goes_from_none_to_all() -> None:
    """The same text is wholly alike, an edited one mostly, another hardly; two empty ones are alike."""
    assert likeness(TEXT, TEXT.replace("，", ",")) == 1.0
    assert 0.6 < likeness(TEXT, TEXT.replace("2025", "2026")) < 1
    assert likeness(TEXT, "The committee will meet again next Thursday.") == 0
    assert likeness("", "") == 1.0
    assert likeness("甲", "甲") == 1.0
    assert likeness("", "甲") == 0


@given(st.text(max_size=200))
def test_folding_is_settled_after_one_round(text: str) -> None:
    """A text says the same as itself, and what is folded has no white space at its ends."""
    assert says_the_same(text, text)
    assert folded(text) == folded(text).strip()
    assert says_the_same(text, f"  {text}\n\n")
