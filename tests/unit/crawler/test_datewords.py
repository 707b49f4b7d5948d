"""Normalisation of written dates, and names of zones."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from crawler.datewords import normalise, read_offset

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇二三年六月十五日下午三时五分", "2023年6月15日下午3:05 "),
        ("２０２３ 年 ６ 月 １５ 日", "2023年6月15日"),
        ("十点整", "10:00 "),
        ("9点半", "9:30 "),
        ("18时30分15秒", "18:30:15 "),
        ("三十一日、十日、二十号", "31日、10日、20号"),
        ("两天前", "2天前"),
        ("十十月", "十十月"),
        ("a \n\t b", "a b"),
    ],
)
def test_normal_form(text: str, expected: str) -> None:
    """Widths, spaces, Chinese numerals before units and clock words take one form; a faulty numeral stays."""
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("words", "hours"),
    [("+08:00", 8), ("-0530", -5.5), ("GMT+8", 8), ("UTC 8", 8), ("Z", 0), ("pst", -8), ("+99:00", 8), ("+01:75", 8)],
)
def test_offsets(words: str, hours: float) -> None:
    """An offset or a zone's name is read; what is none leaves the source's zone."""
    zone = read_offset(words, SHANGHAI)
    assert zone.utcoffset(None) in (timedelta(hours=hours), None)
    assert (zone is SHANGHAI) == (zone.utcoffset(None) is None)
