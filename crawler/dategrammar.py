"""The patterns of written dates, over text in the form that `crawler.datewords.normalise` gives.

Every quantifier is bounded, so a search is linear in the length of the text. The groups are read by `crawler.dates`:
`year`, `month`, `month_name`, `day`, `first`/`other` (day and month in either order), and those of a clock time.
"""

from __future__ import annotations

import re

from crawler.datewords import ZONE_HOURS

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""First three letters of the English months, January first."""


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


_WEEKDAY = r"(?:[(\[]?(?:星期|周|週|礼拜)[一二三四五六日天][)\]]?[ ,]{0,2})?"
_HALF = r"(?:(?P<half>上午|下午|凌晨|早上|早晨|清晨|中午|晚上|晚间|傍晚|夜间) ?)?"
_NAMES = "|".join(sorted([*ZONE_HOURS, "CST"], key=len, reverse=True))
_HOURS_AWAY = r"[0-9]{1,2}(?::?[0-9]{2})?(?![0-9:])"
_SIGNED = rf"(?:\+{_HOURS_AWAY}|(?(second)-{_HOURS_AWAY}|-[0-9]{{4}}(?![0-9])))"
"""10:00-12:00 is a span of time, not an offset: a negative offset with a colon follows seconds only."""
_OFFSET = (
    rf"(?: ?(?P<offset>(?:UTC|GMT|UT) ?[+-]{_HOURS_AWAY}|{_SIGNED}|(?:{_NAMES})(?![a-z])))?(?: \([a-z ]{{2,40}}\))?"
)
_FRACTION = r"(?:[.,](?!(?:19|20)[0-9]{2}-)[0-9]{1,9})?"
"""A year behind the comma begins a second stamp: some metadata hold two in one value."""
_HOURS = (
    rf"{_HALF}(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?::(?P<second>[0-9]{{2}}){_FRACTION})?"
    rf" ?(?P<meridiem>[ap]\.?m\b)?\.?{_OFFSET}"
)
_CLOCK = rf"[ T,|_·\-]{{0,4}}{_WEEKDAY}(?:at )?{_HOURS}"
_TIME = rf"(?:{_CLOCK})?"
_MONTH = (
    r"(?P<month_name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ENGLISH_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_DAY_ENDS = r"(?:[日号號]|(?![0-9])|(?=(?:19|20)[0-9]{2}[-/.年])|(?=[0-9]{2}:[0-9]{2}))"
"""After a day: its unit, no further digit, or a second stamp or a clock time glued to it by markup that was removed."""

_YEAR_MONTH_DAY = r"(?<![0-9])(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
_CHINESE = r"(?<![0-9])(?P<year>[0-9]{4}|[0-9]{2})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})"
_SHORT_YEAR_LAST = r"(?P<year>[0-9]{4}|[0-9]{2}(?= ))(?![0-9])"
_YEAR_LAST = r"(?P<year>[0-9]{4})(?![0-9])"
_TWO_NUMBERS = r"(?<![0-9./-])(?P<first>[0-9]{1,2})(?P<mark>[/.-])(?P<other>[0-9]{1,2})(?P=mark)"
_NO_YEAR = r"(?<![0-9年./-])(?P<month>[0-9]{1,2})"

DATED = (
    # 2023-06-15 18:30, 2023/6/15, 2023.6.15, and 2023-06-15-18:30:00 as gov.cn's meta tags write it
    _compile(rf"{_YEAR_MONTH_DAY}{_DAY_ENDS}{_TIME}"),
    # 2023年6月15日 18:30, 23年6月15日
    _compile(rf"{_CHINESE}{_DAY_ENDS}{_TIME}"),
    # Thu, 15 Jun 2023 10:00:00 GMT; 15th June, 2023; 15-Jun-23 10:00
    _compile(rf"(?<![0-9]){_ENGLISH_DAY}[ -]{_MONTH}[ ,-]{{1,2}}{_SHORT_YEAR_LAST}{_TIME}"),
    # June 15, 2023 at 3:45 pm
    _compile(rf"(?<![a-z]){_MONTH} {_ENGLISH_DAY},? {_YEAR_LAST}{_TIME}"),
    # Thu Jun 15 10:00:00 CST 2023
    _compile(rf"(?<![a-z]){_MONTH} {_ENGLISH_DAY} {_HOURS} {_YEAR_LAST}"),
    # 15/06/2023, 15.06.2023
    _compile(rf"{_TWO_NUMBERS}{_YEAR_LAST}{_TIME}"),
    # 6月15日 18:30
    _compile(rf"{_NO_YEAR}月(?P<day>[0-9]{{1,2}})[日号號]{_TIME}"),
    # 06-15 18:30
    _compile(rf"{_NO_YEAR}[-/](?P<day>[0-9]{{1,2}})(?= ){_CLOCK}"),
)
"""Calendar dates that may stand anywhere in a text."""

NAMED_DAY = _compile(rf"(?P<name>[今昨前][天日]|today|yesterday){_CLOCK}")
"""今天 10:30."""

AGO = _compile(
    r"(?<![0-9.])(?P<count>[0-9]{1,4}|半|an?(?= )) ?"
    r"(?P<unit>秒|分|个?小时|個?小時|天|日|周|週|个?星期|个月|個月"
    r"|sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?)[钟鐘]? ?(?:之?前|ago)"
)
"""3分钟前, 3 小時前, 2 days ago."""

BARE_NAMED_DAY = _compile(r"(?P<name>[今昨前][天日]|today|yesterday)")
"""今天, as the whole of a date."""

JUST_NOW = _compile(r"刚刚|剛剛|刚才|剛才|just now|now")
"""刚刚, as the whole of a date."""

BARE_MONTH_DAY = _compile(r"(?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})")
"""06-15, as the whole of a date."""

COMPACT = _compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"(?:T?(?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2}):?(?P<second>[0-9]{2})?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
"""20230615, 20230615183000, as the whole of a date."""

EPOCH = _compile(
    r"(?:/date\()?(?P<seconds>[0-9]{9,10})(?:[0-9]{3}|[0-9]{6})?(?:\.[0-9]{1,9})?(?:[+-][0-9]{4})?(?:\)/)?"
)
"""Seconds, milliseconds or microseconds since 1970, also in .NET's `/Date(…)/` wrapping."""

LABEL = _compile(r"^[^0-9:]{1,20}: ?")
"""发布时间: and its kin."""

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_TWO_DIGITS = r"(?P<month>[0-9]{2})[-/_]?(?P<day>[0-9]{2})"
_NODE = r"(?P<year>20[12][0-9])(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
_NODE_TIME = r"(?P<hour>[01][0-9]|2[0-3])(?P<minute>[0-5][0-9])(?P<second>[0-5][0-9])"

ADDRESS = (
    # /202306/t20230615_1234.html, the files of TRS
    _compile(rf"/[a-z]{{0,2}}{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})_[0-9]"),
    # /2023061518300512345/, the node ids of the People's Bank
    _compile(rf"/{_NODE}{_NODE_TIME}[0-9]{{0,6}}(?![0-9])"),
    # /2023-06/15/, /2023/06/15/, /2023-06-15/, /2023/0615/, /20230615/
    _compile(rf"/{_YEAR}[-/_]?{_TWO_DIGITS}(?![0-9])"),
    # /2023/6/15/
    _compile(rf"/{_YEAR}/(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})/"),
    # /art/policy-2023-06-15.html, ?date=2023-06-15
    _compile(rf"(?<![0-9]){_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})(?![0-9])"),
)
"""Dates in the path of an address."""
