"""Dates of rows: in one piece, beside other words, and in boxes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import parse_date
from crawler.lists.detect.stamps import boxed, stamp_of

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected", "whole"),
    [
        ("2023-06-15", "2023-06-15", True),
        ("[2023/6/5]", "2023-06-05", True),
        ("（2023.06.15）", "2023-06-15", True),
        ("2023年6月15日 10:30", "2023-06-15 10:30", True),
        ("二〇二三年六月十五日", "2023-06-15", True),
        ("发布时间：2023-06-15", "2023-06-15", True),
        ("发布日期: 2023-06-15 08:05:06", "2023-06-15 08:05:06", True),
        ("来源：人民日报 2023-06-15 阅读 23", "2023-06-15", False),
        ("06-15", "06-15", True),
        ("6月5日", "06-05", True),
        ("06-15 10:30", "06-15 10:30", True),
        ("Jun 15, 2023", "2023-06-15", True),
        ("15 June 2023", "2023-06-15", True),
        ("15 Jun", "06-15", True),
        ("15/06/2023", "15/06/2023", True),
        ("20230615", "2023-06-15", True),
        ("3小时前", "3小时前", True),
        ("昨天 10:20", "昨天 10:20", True),
        ("刚刚", "刚刚", True),
        ("2026-07-11T00:55:00.000Z", "2026-07-11 00:55:00.000Z", True),
        ("23年6月15日", "2023-06-15", True),
    ],
)
def test_dates(text: str, expected: str, whole: bool) -> None:
    """A date is given in a form that the date grammar reads, with whether it fills its piece."""
    found = stamp_of(text)
    assert found is not None
    assert (found.text, found.whole) == (expected, whole)
    assert parse_date(found.text, zone="Asia/Shanghai", now=NOW) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "第15条",
        "2023-13-45",
        "13-45",
        "2023-06-00123",
        "6月15日，市政府召开常务会议",
        "第3天",
        "1.5",
        "今天的新闻很多",
        "12:30",
        "关于2023年6月15日至7月15日期间开展专项整治行动并公开征求社会各界意见建议的有关事项的通知全文如下所示",
    ],
)
def test_what_is_no_date(text: str) -> None:
    """Numbers, index numbers, times, and dates within a sentence are no dates of a row."""
    assert stamp_of(text) is None


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["15", "2023-06"], "2023-06-15"),
        (["15日", "2023年6月"], "2023-06-15"),
        (["2023.06", "15"], "2023-06-15"),
        (["06-15", "2023"], "2023-06-15"),
        (["2023", "06/15"], "2023-06-15"),
        (["2023年", "6月15日"], "2023-06-15"),
        (["15", "Jun", "2023"], "2023-06-15"),
        (["Jun", "15", "2023"], "2023-06-15"),
        (["15", "Jun, 2023"], "2023-06-15"),
        (["2023", "06", "15"], "2023-06-15"),
        (["15", "06", "2023"], "2023-06-15"),
        (["06", "25", "2023"], "2023-06-25"),
        (["15", "6月"], "06-15"),
        (["15", "06/2023"], "2023-06-15"),
        (["15", "/", "06"], None),
        (["15", "06"], None),
        (["2023", "2022"], None),
        (["45", "2023-06"], None),
        (["第", "15"], None),
        (["15", "Jun", "16"], None),
    ],
)
def test_boxes(texts: list[str], expected: str | None) -> None:
    """Parts beside each other make a date when only one reading of them is in the calendar."""
    found = boxed(texts)
    assert (found.text if found else None) == expected


@given(st.text(max_size=90))
def test_any_text_is_looked_at(text: str) -> None:
    """No text raises."""
    stamp_of(text)
    boxed([text, text[::-1]])


@given(st.dates(min_value=datetime(1995, 1, 1, tzinfo=UTC).date(), max_value=datetime(2026, 11, 1, tzinfo=UTC).date()))
def test_every_day_is_found_again(day: object) -> None:
    """A day of the calendar reads the same in one piece."""
    found = stamp_of(f"[{day}]")
    assert found is not None
    assert found.text == str(day)
