"""Dates of list rows: which pieces of text are dates, also when day, month and year stand in boxes of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.dategrammar import MONTHS
from crawler.datewords import normalise

_LONGEST = 80
"""Characters of a piece in which a date is looked for; longer ones are prose."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date that was found in a piece of text."""

    text: str
    """In a form that `crawler.dates.parse_date` reads."""
    key: tuple[int, int, int]
    """Year (0 where none was written), month, day; all 0 for 3小时前 and its kin."""
    whole: bool
    """Whether the piece holds nothing else but a label."""


_YEAR = r"(?P<year>(?:19|20)\d\d)"
_CLOCK = r"(?:[ T,]{0,3}(?P<clock>\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?(?: ?[ap]\.?m)?))?"
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_FULL = (
    re.compile(
        rf"(?<!\d){_YEAR}\s?[-/.年]\s?(?P<month>\d{{1,2}})\s?[-/.月]\s?(?P<day>\d{{1,2}})(?!\d|-\d)[日号]?{_CLOCK}"
    ),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-]{_YEAR}(?!\d){_CLOCK}"),
    re.compile(
        rf"(?<![a-z]){_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}(?!\d)(?:,? at)?{_CLOCK}", re.IGNORECASE
    ),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_NAME},?[ -]{_YEAR}(?!\d){_CLOCK}", re.IGNORECASE),
    re.compile(rf"(?<![\d./-])(?P<year>[012]\d)(?P<mark>[-.])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?![\d./-]){_CLOCK}"),
    re.compile(r"(?<!\d)(?P<year>\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]" + _CLOCK),
)
_SHORT = (
    re.compile(rf"(?<![\d./-])(?P<month>\d{{1,2}})[-/月](?P<day>\d{{1,2}})(?![\d/.-])[日号]?{_CLOCK}"),
    re.compile(rf"(?<![\d./-])(?P<month>\d\d)\.(?P<day>\d\d)(?![\d/.-]){_CLOCK}"),
    re.compile(rf"(?<![a-z]){_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]){_CLOCK}", re.IGNORECASE),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}}) {_NAME}(?! ?\d){_CLOCK}", re.IGNORECASE),
)
_COMPACT = re.compile(rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:\d{{4,6}})?")
_SPOKEN = re.compile(
    r"(?:刚刚|刚才|just now|(?:[今昨前]天|today|yesterday),?(?: ?(?:at )?\d{1,2}:\d\d(?::\d\d)?)?"
    r"|(?:\d{1,4}|半|an?) ?(?:秒|分|分钟|个?小时|天|日|周|个?星期|个?月|sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?"
    r"|weeks?|months?)钟? ?(?:之?前|ago))",
    re.IGNORECASE,
)
_HINT = re.compile(r"\d|[今昨前]天|刚|半|〇|[一二三四五六七八九十]月|today|yesterday|now|ago", re.IGNORECASE)
_MARKS = r"[\s\[\]()（）【】|·•,，;；:：/-]*"
_LABELS = (
    r"(?:发布|发文|成文|更新|公开|印发|创建|上传|录入|生成|信息)?(?:日期|时间|于)|发布|时间|日期|date|time|posted on"
    r"|published|星期[一二三四五六日天]|周[一二三四五六日]"
)
_REST = re.compile(rf"^{_MARKS}(?:{_LABELS})?{_MARKS}$", re.IGNORECASE)
"""What may stand beside a date that fills its piece."""
_MOST_BESIDE = 30
"""Characters that may stand beside a date in its piece: a source, a counter of readers."""


@lru_cache(maxsize=8_192)
def stamp_of(text: str) -> Stamp | None:
    """Return the date in a short text: the first that stands there with its year, else one that fills it."""
    if len(text) > _LONGEST or not _HINT.search(text):
        return None
    line = normalise(text).strip()
    for pattern in _FULL:
        match = pattern.search(line)
        stamp = _calendar(match, line) if match else None
        if stamp:
            return stamp
    return _yearless(line)


def _yearless(line: str) -> Stamp | None:
    """Read what is a date only when nothing else stands there."""
    bare = line.strip(" []()【】|·•")
    compact = _COMPACT.fullmatch(bare)
    if compact:
        return _calendar(compact, bare)
    for pattern in _SHORT:
        match = pattern.search(line)
        stamp = _calendar(match, line) if match else None
        if stamp and (stamp.whole or (match and match["clock"] and ":" in match["clock"])):
            return stamp
    spoken = _SPOKEN.search(line)
    if spoken and _REST.match(line[: spoken.start()] + " " + line[spoken.end() :]):
        return Stamp(spoken[0], (0, 0, 0), whole=True)
    return None


def _calendar(match: re.Match[str], line: str) -> Stamp | None:
    parts = match.groupdict()
    month = MONTHS.index(parts["name"][:3].lower()) + 1 if parts.get("name") else int(parts["month"])
    day, year = int(parts["day"]), int(parts.get("year") or 0)
    year += 2000 if 0 < year < 100 else 0
    if month > 12 and day <= 12 and not parts.get("name"):
        month, day = day, month
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    beside = line[: match.start()] + " " + line[match.end() :]
    whole = bool(_REST.match(beside))
    if not whole and len(beside) > _MOST_BESIDE:
        return None
    text = match[0] if match.re is _FULL[1] else written(year, month, day, parts.get("clock") or "")
    return Stamp(text, (year, month, day), whole=whole)


def written(year: int, month: int, day: int, clock: str = "") -> str:
    """Return a date as `parse_date` reads it: with its year, or as month and day."""
    date = f"{year:04d}-{month:02d}-{day:02d}" if year else f"{month:02d}-{day:02d}"
    return f"{date} {clock}".strip()


_BOX = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d)\s?年?\s?(?:[-/.]?\s?(?P<month>\d{{1,2}})\s?月?)?|(?P<m>\d{{1,2}})\s?[-/.月]\s?(?P<d>\d{{1,2}})\s?日?"
    rf"|(?P<my>\d{{1,2}})\s?[-/.月]\s?(?P<y>(?:19|20)\d\d)年?|(?P<onlymonth>\d{{1,2}})\s?月|[-/.]?(?P<number>\d{{1,2}})[日号]?[-/.]?"
    rf"|{_NAME}(?:,? (?P<ny>(?:19|20)\d\d))?)",
    re.IGNORECASE,
)


def boxed(texts: list[str]) -> Stamp | None:
    """Read a date whose parts stand in two or three pieces beside each other, such as `15` and `2023-06`.

    Year first means month before day; year last, day before month, unless only the other order is in the calendar.
    """
    year, month, numbers, order = 0, 0, [], ""
    for text in texts:
        match = _BOX.fullmatch(normalise(text).strip(" []()|,"))
        if match is None:
            return None
        part = _box(match)
        year, month = part[0] or year, part[1] or month
        numbers += part[2]
        order += "y" if part[0] else "n"
    return _from_boxes(year, month, numbers, year_first=order[:1] == "y")


def _box(match: re.Match[str]) -> tuple[int, int, list[int]]:
    parts = match.groupdict()
    year = int(parts["year"] or parts["y"] or parts["ny"] or 0)
    month = int(parts["month"] or parts["my"] or parts["onlymonth"] or 0)
    if parts["name"]:
        month = MONTHS.index(parts["name"][:3].lower()) + 1
    if parts["m"]:
        return year, int(parts["m"]), [int(parts["d"])]
    return year, month, [int(parts["number"])] if parts["number"] else []


def _from_boxes(year: int, month: int, numbers: list[int], *, year_first: bool) -> Stamp | None:
    if month and len(numbers) == 1:
        day = numbers[0]
    elif not month and year and len(numbers) == 2:
        month, day = numbers if year_first else numbers[::-1]
        if month > 12:
            month, day = day, month
    else:
        return None
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Stamp(written(year, month, day), (year, month, day), whole=True)
