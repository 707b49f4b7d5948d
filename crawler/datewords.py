"""Text made ready for the date grammar: widths, spaces, Chinese numerals and clock words; and the names of zones."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta, timezone, tzinfo

_DIGITS = {"〇": 0, "○": 0, "零": 0, "O": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
_NUMERAL = re.compile(r"[〇○零O一二两三四五六七八九十]{1,4}(?=\s?[年月日号號时時点點分天小个個秒周週])")
_SPACE = re.compile(r"\s+")
_AROUND_UNITS = re.compile(r" ?([年月时時点點分]) ?| ([日号號])")
_CLOCK = re.compile(r"(?<![0-9])([0-9]{1,2})[时時点點](?:([0-9]{1,2})分?(?:([0-9]{1,2})秒)?|整)?")
_HALF_PAST = re.compile(r"(?<=[0-9])[点點]半")
_OFFSET = re.compile(r"(?:UTC|GMT|UT)? ?([+-])([0-9]{1,2}):?([0-9]{2})?", re.ASCII | re.IGNORECASE)

ZONE_HOURS = {
    "Z": 0.0, "UT": 0.0, "UTC": 0.0, "GMT": 0.0, "WET": 0.0, "BST": 1.0, "CET": 1.0, "CEST": 2.0, "MSK": 3.0,
    "HKT": 8.0, "SGT": 8.0, "JST": 9.0, "KST": 9.0, "AEST": 10.0, "AEDT": 11.0, "EST": -5.0, "EDT": -4.0,
    "CDT": -5.0, "MST": -7.0, "MDT": -6.0, "PST": -8.0, "PDT": -7.0,
}  # fmt: skip
"""Offsets of zone names in hours: RFC 822 §5.1 and those seen in feeds. `CST` is judged by the source's zone."""
_MAX_OFFSET_HOURS = 15


def normalise(text: str) -> str:
    """Return text in NFKC with single spaces, Arabic numerals and clock times as `h:mm`.

    二〇二三年六月十五日下午三时五分 becomes 2023年6月15日下午3:05.
    """
    flat = _SPACE.sub(" ", unicodedata.normalize("NFKC", text))
    numbered = _NUMERAL.sub(_arabic, flat)
    tight = _AROUND_UNITS.sub(r"\1\2", numbered)
    return _CLOCK.sub(_clock, _HALF_PAST.sub("点30分", tight))


def _arabic(match: re.Match[str]) -> str:
    numeral = match[0]
    if "十" not in numeral:
        return "".join(str(_DIGITS[character]) for character in numeral)
    tens, _, ones = numeral.partition("十")
    if not {tens, ones} <= {"", *_DIGITS}:
        return numeral
    return str(10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0))


def _clock(match: re.Match[str]) -> str:
    hour, minute, second = match.groups()
    return f"{hour}:{int(minute or 0):02d}" + (f":{int(second):02d}" if second else "") + " "


def read_offset(words: str, zone: tzinfo) -> tzinfo:
    """Return the zone that an offset or a zone name means, or the source's zone where it means none.

    `CST` is China Standard Time in a source that lives at +08:00, and US Central elsewhere.
    """
    name = words.strip().upper()
    found = _OFFSET.fullmatch(name)
    if found:
        return _fixed(found[1], int(found[2]), int(found[3] or 0), zone)
    if name == "CST":
        return zone if str(zone).startswith("Asia/") else timezone(timedelta(hours=-6))
    return timezone(timedelta(hours=ZONE_HOURS[name])) if name in ZONE_HOURS else zone


def _fixed(sign: str, hours: int, minutes: int, zone: tzinfo) -> tzinfo:
    if hours > _MAX_OFFSET_HOURS or minutes > 59:
        return zone
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if sign == "-" else span)
