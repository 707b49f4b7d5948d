"""Amounts, shares, counts, days, periods and rounds of a text, in one form for Chinese and English. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_LARGE = {"万": 10**4, "亿": 10**8}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ONES = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = _words("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = _words("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
_MONTHS = _words("january february march april may june july august september october november december")
_SCALES = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "tn": 1e12, "万": 1e4, "亿": 1e8, "万亿": 1e12, "千": 1e3, "百": 1e2, "百万": 1e6, "千万": 1e7,
}  # fmt: skip

_MONTH = "|".join([*_MONTHS, *(f"{month[:3]}t?\\.?(?![a-z])" for month in _MONTHS if month != "may")])
_HAN_NUMBER = "[零〇○一二两三四五六七八九十百千万亿]"
_WORD = rf"(?:(?:{'|'.join(_TENS)}) (?:{'|'.join(_ONES[1:10])})|{'|'.join([*_TENS, *reversed(_ONES)])})"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_COIN = r"(?:us|hk|nt|s|a|c|r)?\$|€|£|¥|rmb|cny|usd|hkd|eur"
_MONEY = (
    r"元|美[元金]|人民币|港[币元]|欧元|英镑|日元|韩元|台币|卢比|yuan|renminbi|rmb|dollars?|euros?|pounds?|won\b|yen|usd|hkd|"
    r"(?:us|hong kong|singapore|new taiwan|australian|canadian) dollars?|rupees?"
)
_FIGURE = re.compile(
    rf"(?P<first>20\d\d)年?(?: |至|到|~|to|through|and|until)+(?P<last>20\d\d)(?!\d)"
    rf"|(?:(?:20\d\d|[二][〇○零]{_HAN_NUMBER}{{2}})年)?(?P<month>\d{{1,2}}|{_HAN_NUMBER}{{1,2}})月"
    rf"(?P<day>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})[日号]"
    rf"|\b(?P<emonth>{_MONTH}) (?P<eday>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,]\d|:)"
    rf"|\b(?P<eday2>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<emonth2>{_MONTH})"
    rf"|第(?P<nth>\d+|{_HAN_NUMBER}+)(?P<of>[批轮期届版次])"
    r"|(?P<head>首)(?:[批轮期]|个?名单)"
    rf"|\b(?P<enth>\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)}) (?:\w+ )?"
    r"(?:batch|round|list|tranche|edition|phase|group|cohort|set)(?:es|s)?\b"
    r"|第[\d零〇○一二两三四五六七八九十百千]+[条章号款项编]"
    r"|〔\d{4}〕 ?\d+ ?号|\d{1,2}[:：]\d\d"
    r"|(?P<year>20\d\d)(?:年(?!\d)|(?![\d%]|[.,]\d))"
    rf"|(?:(?P<coin>{_COIN}) ?)?(?<![\d.])(?P<number>{_NUMBER})(?: ?(?P<scale>万亿|百万|千万|万|亿|千|百)"
    r"|(?: |(?<=\d))(?P<escale>thousand|million|billion|trillion|mn|bn|tn|[kmb])\b)?"
    r"(?: (?P<cents>(?:us )?cents?)\b)?"
    rf"(?: ?(?P<percent>%|per ?cent\b|percent\b)| ?余?多?(?P<money>{_MONEY}))?"
    rf"|百分之(?P<hundredths>{_HAN_NUMBER}+|\d+(?:\.\d+)?)"
    rf"|(?P<han>{_HAN_NUMBER}+)(?P<hmoney>余?多?(?:{_MONEY}))?"
    rf"|\b(?P<word>{_WORD})\b(?: (?P<wscale>thousand|million|billion|hundred))?(?: (?P<wpercent>per ?cent))?"
)
_NEAR = 2
"""Days around the publication that every report of that week names."""
_LEAST_COUNT = 1
"""A count of one is an article."""
_HAN_ALONE = frozenset("一十百千万亿零")
"""Numerals that are parts of words more often than numbers."""


_WEIGHTS = {"money": 1.0, "percent": 0.8, "count": 0.7, "day": 0.7, "years": 0.8, "year": 0.2}
_SMALL_COUNT = 12
"""Counts up to it are shared by chance."""


class Figures(NamedTuple):
    """What a text counts."""

    figures: frozenset[str]
    rounds: frozenset[str]


def find_figures(folded: str, published: date) -> Figures:
    """Find the figures of a text.

    Args:
        folded: Text in folded form: lower case, plain width, Simplified, dashes as spaces.
        published: Day of publication; days around it, and its year, say nothing and are left out.

    Returns:
        Figures such as `money 1e+10`, `percent 15`, `count 5000`, `day 06-13`, `years 2023-2025`, `year 2027`, without
        their currency (元 is that of the place); and rounds such as `4`.
    """
    figures: set[str] = set()
    rounds: set[str] = set()
    for match in _FIGURE.finditer(folded):
        for kind, value in _read(match, published):
            if kind == "round":
                rounds.add(value)
            else:
                figures.add(f"{kind} {value}")
    return Figures(frozenset(figures), frozenset(rounds))


def _read(match: re.Match[str], published: date) -> Iterator[tuple[str, str]]:
    groups = match.groupdict()
    if groups["first"]:
        yield "years", f"{groups['first']}-{groups['last']}"
    elif groups["month"] or groups["emonth"] or groups["emonth2"]:
        yield from _day(groups, published)
    elif groups["nth"] or groups["head"] or groups["enth"]:
        yield "round", _round(groups)
    elif groups["year"]:
        if int(groups["year"]) > published.year + 1 or int(groups["year"]) < published.year - 1:
            yield "year", groups["year"]
    else:
        yield from _amount(groups)


def _day(groups: dict[str, str | None], published: date) -> Iterator[tuple[str, str]]:
    name = groups["emonth"] or groups["emonth2"]
    if name:
        month = next(index for index, full in enumerate(_MONTHS, 1) if full.startswith(name[:3]))
        day = int(groups["eday"] or groups["eday2"] or 0)
    else:
        month, day = int(_whole(groups["month"] or "0")), int(_whole(groups["day"] or "0"))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return
    apart = abs((month - published.month) * 30.4 + day - published.day)
    if min(apart, 365 - apart) > _NEAR:
        yield "day", f"{month:02}-{day:02}"


def _round(groups: dict[str, str | None]) -> str:
    if groups["head"]:
        return "1"
    if groups["enth"]:
        name = groups["enth"]
        return str(_ORDINALS.index(name) + 1 if name in _ORDINALS else int(name[:-2]))
    return f"{_whole(groups['nth'] or '0'):g}"


def _amount(groups: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    value = _value(groups)
    if value is None:
        return
    if groups["percent"] or groups["hundredths"] or groups["wpercent"]:
        yield "percent", f"{value:.6g}"
    elif groups["coin"] or groups["cents"] or groups["money"] or groups["hmoney"]:
        yield "money", f"{value:.4g}"
    elif value > _LEAST_COUNT:
        yield "count", f"{value:.6g}"


def _value(groups: dict[str, str | None]) -> float | None:
    if groups["number"]:
        scale = _SCALES.get(groups["scale"] or groups["escale"] or "", 0.01 if groups["cents"] else 1.0)
        return float(groups["number"].replace(",", "")) * scale
    if groups["hundredths"]:
        return _whole(groups["hundredths"])
    if groups["han"]:
        return None if groups["han"] in _HAN_ALONE and not groups["hmoney"] else _whole(groups["han"])
    if groups["word"]:
        return _spelt(groups["word"]) * (_SCALES | {"hundred": 100.0}).get(groups["wscale"] or "", 1.0)
    return None


def _spelt(words: str) -> float:
    return float(sum(_ONES.index(word) if word in _ONES else 10 * _TENS.index(word) + 20 for word in words.split()))


def _whole(text: str) -> float:
    """Read a number in digits or Chinese numerals: `三十七`, `五千`, `二〇二五`, `一亿三千万`."""
    if text[0].isascii():
        return float(text)
    if not any(character in _HAN_UNITS or character in _HAN_LARGE for character in text):
        return float("".join(str(_HAN_DIGITS[character]) for character in text))
    total, part, digit = 0, 0, 0
    for character in text:
        if character in _HAN_LARGE:
            total = (
                (total + part + digit or 1) * _HAN_LARGE[character]
                if character == "亿"
                else total + (part + digit or 1) * _HAN_LARGE[character]
            )
            part = digit = 0
        elif character in _HAN_UNITS:
            part += (digit or 1) * _HAN_UNITS[character]
            digit = 0
        else:
            digit = _HAN_DIGITS[character]
    return float(total + part + digit)


def weigh_figure(figure: str) -> float:
    """Return how much it tells that two items share a figure, at most 1: more for sums and for what is not round."""
    kind, _, value = figure.partition(" ")
    weight = _WEIGHTS[kind]
    if kind in ("day", "years", "year"):
        return weight
    if kind == "count" and float(value) <= _SMALL_COUNT:
        return 0.1
    telling = len(value.partition("e")[0].replace(".", "").rstrip("0"))
    return weight * min(1.0, 0.5 + 0.25 * telling)
