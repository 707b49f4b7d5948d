"""Which days a text states: from when a paper applies, and until when comments on a draft are taken. Pure."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from classifier.calendar_dates import DAY, SPAN, read_day, read_span, spelt_in_digits
from classifier.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    _Patterns = tuple[tuple[bool, re.Pattern[str]], ...]

_SHANGHAI = timezone(timedelta(hours=8))
_READ = 12_000
"""Characters that are read from each end: the clause on entry into force is a paper's last."""
_APPLIES = r"(?:施行|实施|执行|生效|试行|适用|开征|征收|启用|实行|上路|落地)"
_ISSUED = r"(?:印发|发布|公布|颁布|签发|签署|通过|刊宪|刊登|下发|发文|公告)"
_COMES = r"(?:(?:tak|com|go|enter)(?:e|es|ing|s)?|took|came|went|entered|entering)"
_EFFECT = rf"{_COMES}(?: \w+){{0,2}}? (?:effect|force|operation)"
_IN_EFFECT = (
    rf"(?:{_EFFECT}|\beffective|\bin (?:effect|force)|\bappl(?:y|ies|icable)|\bcommenc(?:es?|ing)|\bimplemented)"
)
_MUST = rf"(?:{_EFFECT}|must|will (?:have|need|be required)|shall|appl(?:y|ies))"
_EFFECTIVE_DAY = (
    (
        rf"(?:自|从|由|于|在|将于|定于|拟于)?(?:{DAY})(?:起|开始|正式|全面|全国|全市|全省|全港|在|统一|,|，| )*"
        rf"{_APPLIES}(?!前|之?后)"
    ),
    rf"(?:(?:生效|施行|实施|执行)(?:日期|时间|日)?(?:定)?(?:为|是|[:：]|订于|定于)+|指定)(?:自|从)? ?(?:{DAY})",
    (
        rf"{_IN_EFFECT}(?: nationwide| as| only| starting| beginning| today)*"
        rf"(?: from| on| as of| as from| by| in| at the)?,? (?:{DAY})"
    ),
    rf"(?:starting|beginning|as of|from|on) (?:{DAY}),? (?:\w+ ){{0,8}}?{_MUST}",
    rf"(?:effective date|commencement date|date of commencement)(?: of [^.;]{{0,60}}?)?(?: is| will be|:)+ (?:{DAY})",
)
_EFFECTIVE_AT_ISSUE = re.compile(
    rf"自本?(?:通知|公告|办法|决定|通告)?{_ISSUED}之?日(?:起|开始)[,，]?(?:正式)?(?:{_APPLIES}|废止|失效|不再执行)"
    rf"|(?:即日|今日|今天|今)起?(?:正式)?{_APPLIES}|自即日(?:起)?{_APPLIES}"
    rf"|(?:{_EFFECT}|effective) (?:immediately|today|(?:up)?on (?:the day of )?publication)|with immediate effect"
)
_PUBLICATION = r"(?:publication|issuance|promulgation|gazettal|being published)"
_EFFECTIVE_AFTER_ISSUE = (
    rf"自{_ISSUED}之?日起(?:满)?(?:{SPAN})(?:后|以后|之后|届满)?(?:起|，|,)*{_APPLIES}",
    (
        rf"(?:{_EFFECT}|effective)(?: on)? (?:{SPAN}) (?:after|from|following)(?: its| their| the)*"
        rf"(?: date of)? {_PUBLICATION}"
    ),
    rf"{_EFFECT} (?:in|after) (?:{SPAN})",
)
_EFFECTIVE_WEAK = (
    rf"(?:自|从)(?:{DAY})(?:起|至|到)",
    rf"(?:{DAY})起(?=[，,、；;。 ]|\S{{2,8}}(?:不得|须|应|可|将|必须|禁止|停止|管制|征|收|免|纳入))",
    rf"\b(?:from|as of|starting|beginning) (?:{DAY})(?! to\b| until\b| through\b)",
)
"""Days from which something is so, whatever it is: used where nothing says that the paper applies."""
_STALE = 60
"""A day that lies further back than so many days before publication is told as history."""
_OPINION = r"(?:意见|反馈|建议|提出|咨询|谘询|回应)"
_COMMENT = (
    r"\b(?:answers?|comments?|comment period|feedback|views|submissions|responses|opinions|consultation|replies"
    r"|written)\b"
)
_TO_COMMENT = r"(?:\w+ ){0,4}?(?:comment|respond|feedback|submit|views|submissions)"
_UNTIL = (
    r"(?:by|until|till|before|through|to|(?:closes?|closed|closing)(?: on)?|ends?(?: on)?|due(?: on| by)?"
    r"|deadline(?: is| of)?)"
)
_TAKEN = r"(?:意见|反馈|征求|征询|征集|咨询|谘询|公示|公开|预告|提交|期间|期限|收集)(?:意见|反馈|建议|稿|的|期|书面)*"
_ASKED = r"(?:征求意见|公开征求|咨询|谘询|公示|预告|征询|意见反馈|收集意见|征集意见)"
_LASTS = r"(?:为期|期限为?|期为?|时间为?|期间为?|预告|咨询|公示)(?:约)?"
_COMMENTS_DAY = (
    (
        rf"{_TAKEN}(?:截止|截至|结束)?(?:时间|日期|日|期限|期|为)*(?:截止|截至)?(?:为期(?:{SPAN})[，,]?)?"
        rf"(?:为|是|到|至|于|在|直至|将于|[:：，, ])+"
        rf"(?:(?:(?:19|20)\d\d年)?\d{{1,2}}月[^，。；]{{1,20}}?(?:至|到| )+)?(?:{DAY})"
    ),
    rf"(?:于|在)?(?:{DAY})(?:之前|以前|前|或之前|或以前|日?下班前|止)[^。；]{{0,60}}?{_OPINION}",
    rf"{_OPINION}[^。；]{{0,40}}?(?:截止|截至|结束|届满)(?:时间|日期)?[^。；\d]{{0,8}}(?:{DAY})",
    rf"(?:至|到)(?:{DAY})(?:止|截止|结束|为止)",
    rf"{_COMMENT}(?:(?! effect)[^.;]){{0,90}}?\b{_UNTIL} (?:{DAY})",
    rf"\b(?:until|by|before|have until) (?:{DAY})[^.;]{{0,30}} (?:to|for) {_TO_COMMENT}",
    rf"(?:consultation|comment)[^.;]{{0,60}}?deadline[^.;\d]{{0,30}} (?:{DAY})",
    rf"\bdeadline for (?:feedback|comments?|responses|submissions)[^.;\d]{{0,20}} (?:{DAY})",
    rf"\bwrite to us by (?:{DAY})",
)
_COMMENTS_SPAN = (
    rf"{_ASKED}[^。；]{{0,30}}?{_LASTS}(?:{SPAN})",
    rf"(?:为期|预告)(?:约)?(?:{SPAN})[^。；]{{0,12}}?(?:咨询|谘询|征求|公示|征询)",
    rf"(?:{SPAN})(?:的)?(?:公众|公开)?(?:咨询|谘询|意见征询|征求意见)(?:期)?",
    rf"(?:预告(?:期|期间)?|征求意见|征询意见)(?:为期|为)?(?:{SPAN})",
    rf"(?:自|从)?{_ISSUED}(?:之)?(?:次?日|翌日)起(?:{SPAN})内[^。；]{{0,40}}?{_OPINION}",
    rf"(?:{SPAN}) (?:public )?(?:comment|consultation)(?: period| window)?",
    rf"{_COMMENT}[^.;]{{0,60}}? (?:within|for|of|lasts?|lasting|in the next) (?:{SPAN})",
    rf"\b(?:have|has|given|with|within) (?:{SPAN}) (?:\w+ ){{0,6}}?(?:to|for)? ?(?:comment|respond|feedback|submit)",
)


_PAST = re.compile(r"\b(?:took|came|went|entered|has been)\b")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PROSE = re.compile(r"[a-z]{2} [a-z]{2,} [a-z]")
"""English sentences, unlike single Latin names in a Chinese text."""


def _compiled(patterns: tuple[str, ...]) -> tuple[tuple[bool, re.Pattern[str]], ...]:
    """Return patterns with whether they are Chinese: those of the other language need not be searched for."""
    own = (pattern.replace(DAY, "").replace(SPAN, "") for pattern in patterns)
    return tuple((bool(_HAN.search(left)), re.compile(pattern)) for left, pattern in zip(own, patterns, strict=True))


_EFFECTIVE = _compiled(_EFFECTIVE_DAY)
_EFFECTIVE_AFTER = _compiled(_EFFECTIVE_AFTER_ISSUE)
_WEAK = _compiled(_EFFECTIVE_WEAK)
_COMMENTS = _compiled(_COMMENTS_DAY)
_COMMENTS_WITHIN = _compiled(_COMMENTS_SPAN)


def day_of(moment: datetime | None) -> date | None:
    """Return the day of a publication time where it was published.

    A time in UTC has lost its zone: a day is stored as midnight in the source's zone, so that Shanghai's is the
    right one for every source to the west of it, and for Chinese ones at any hour.
    """
    if moment is None:
        return None
    return (moment.astimezone(_SHANGHAI) if not moment.utcoffset() else moment).date()


def find_effective_on(text: str, published: date | None) -> date | None:
    """Return the first day that a text names as the one from which a paper applies.

    Understood: 自…起施行, 自印发之日起施行, 自公布之日起30日后施行, 将于…生效, `takes effect on`, `effective from`,
    `30 days after publication`; a month alone is its first day. A day of publication stands in for the day of issue.
    Where nothing says that a paper applies, the first 自…起 or `from` counts, unless it lies long before publication.

    Args:
        text: Title and text, of either language.
        published: Day of publication in the source's zone; None when unknown, which leaves relative days out.
    """
    plain = _plain(text)
    found = [*_days(_EFFECTIVE, plain, published, is_last=False), *_days_after(_EFFECTIVE_AFTER, plain, published)]
    issued = _EFFECTIVE_AT_ISSUE.search(plain)
    if issued and published:
        found.append((issued.start(), published))
    if not found and published:
        stale = published - timedelta(days=_STALE)
        found = [
            (at, day) for at, day in _days(_WEAK, plain, published, is_last=False) if day >= stale and day != published
        ]
    return min(found, default=(0, None))[1]


def find_comments_until(text: str, published: date | None) -> date | None:
    """Return the last day for comments that a text names, or counts from its publication.

    Understood: 意见反馈截止时间为…, 请于…前反馈, 征求意见时间为…至…, 为期一个月, 諮詢期至…, `comments are due by`,
    `open until`, `a 60-day comment period`; a month alone is its last day.

    Args:
        text: Title and text, of either language.
        published: Day of publication in the source's zone; None when unknown, which leaves relative days out.
    """
    plain = _plain(text)
    found = [*_days(_COMMENTS, plain, published, is_last=True)]
    if published:
        found = [(where, day) for where, day in found if day >= published]
    if found:
        return min(found)[1]
    return min(_days_after(_COMMENTS_WITHIN, plain, published), default=(0, None))[1]


def _plain(text: str) -> str:
    kept = text if len(text) <= 2 * _READ else f"{text[:_READ]}\n{text[-_READ:]}"
    return spelt_in_digits(fold(kept))


def _days(patterns: _Patterns, text: str, published: date | None, *, is_last: bool) -> Iterator[tuple[int, date]]:
    for match in _matches(patterns, text):
        is_past = _PAST.search(match[0]) is not None
        day = read_day(match.groupdict(), published, is_last=is_last, is_past=is_past)
        if day:
            yield match.start(), day


def _days_after(patterns: _Patterns, text: str, published: date | None) -> Iterator[tuple[int, date]]:
    for match in _matches(patterns, text) if published else ():
        span = read_span(match.groupdict())
        if published and span:
            yield match.start(), span.after(published)


def _matches(patterns: _Patterns, text: str) -> Iterator[re.Match[str]]:
    has = {True: _HAN.search(text) is not None, False: _PROSE.search(text) is not None}
    for is_chinese, pattern in patterns:
        if has[is_chinese]:
            yield from pattern.finditer(text)
