"""What pages say that stand in for others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.outcome import Answer
from crawler.standins import asks_to_slow_down, by_words, speaks_of_maintenance, speaks_of_moving, stand_in


@pytest.mark.parametrize(
    "words",
    ["访问过于频繁", "您的操作太快了", "请求次数过多", "Rate limit exceeded", "429 Too Many Requests", "访问频率过高"],
)
def test_pleas_to_slow_down(words: str) -> None:
    """The usual pleas are understood in both languages."""
    assert asks_to_slow_down(words)


@pytest.mark.parametrize("words", ["Growth to slow down", "利率限制", "频繁访问基层", "The rate limited growth"[:8]])
def test_other_words_are_no_plea(words: str) -> None:
    """Words that only sound alike are none."""
    assert not asks_to_slow_down(words)


@pytest.mark.parametrize(
    "words", ["系统维护", "网站正在升级改造", "本站暂停服务", "Site is under maintenance", "栏目建设中"]
)
def test_announcements_of_maintenance(words: str) -> None:
    """A pause of a site is understood in both languages."""
    assert speaks_of_maintenance(words)


def test_what_is_no_maintenance() -> None:
    """Maintaining other things than a site is none."""
    assert not speaks_of_maintenance("关于加强道路养护和设备维护的通知")
    assert not speaks_of_moving("关于印发行动计划的通知")


def test_by_words_and_stand_ins_have_their_order() -> None:
    """Pace and network come first, then errors, maintenance and parked domains; anything else is none of them."""
    assert by_words("", "请求过于频繁", "") == (Answer.RATE_LIMITED, "a page that asks to slow down: “请求过于频繁”")
    assert by_words("WiFi login", "", "") is not None
    assert by_words("通知", "正文", "") is None
    assert stand_in("404 not found", "维护", "") == "an error page titled “404 not found”"
    assert stand_in("", "", "<a href='https://www.hugedomains.com/x'>") == "the page of a parked domain"
    assert stand_in("通知", "正文", "") == ""


@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(text: str) -> None:
    """No text breaks a rule."""
    assert isinstance(stand_in(text, text, text), str)
    assert asks_to_slow_down(text) in (True, False)
