"""What a page's own table says of its document: index number, class, days, and whether it is in force."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.item import DocumentFacts, Validity
from crawler.dates import find_date
from crawler.datewords import normalise
from crawler.pages.labels import LABEL, label_values, read_labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crawler.pages.metadata import PageMetadata
    from crawler.pages.published import DateContext

_INDEX_METAS = ("indexno", "index_no", "indexnumber", "syh", "idxid")
_TOPIC_METAS = ("topicclass", "ztfl", "themecategory")
_WORDS = (
    (Validity.NOT_YET, re.compile(r"尚未(?:生效|施行|实施)|未生效|待生效")),
    (Validity.AMENDED, re.compile(r"部分(?:有效|失效|废止|修改)|已?(?:被)?(?:修改|修订)")),
    (
        Validity.ABOLISHED,
        re.compile(r"废止|失效|无效|已作废|过期|廢止|失效|abolished|repealed|expired|superseded", re.IGNORECASE),
    ),
    (Validity.EFFECTIVE, re.compile(r"有效|生效|in force|effective", re.IGNORECASE)),
)
"""Words of a validity value, the most particular first: `部分失效` is not abolished, `尚未生效` not in force."""
_YES, _NO = re.compile(r"^(?:是|yes)$", re.IGNORECASE), re.compile(r"^(?:否|no)$", re.IGNORECASE)
_STAMP = re.compile(
    r"^[\s（(【\[]*(?:(?:本|该|此)(?:文件|文|规范性文件|通知|办法|规定|政策)?)?(?:现)?(?:已|已经|全文|已被|已于.{4,16})(?:被)?"
    r"(?:废止|失效|宣布失效)(?:文件)?[\s）)】\].。]*$"
)
"""A line that is nothing but the stamp of an abolished document: `【已废止】`, `本文件已失效`."""
_IN_TITLE = re.compile(
    r"[（(【\[〔](?:已|全文|已被|已经)?(?:废止|失效)[）)】\]〕]\s*$|^[（(【\[](?:已|全文)?(?:废止|失效)[）)】\]]"
)
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_TABLE_FIELDS = frozenset(
    {"index", "topic", "validity", "abolished", "effective", "ends", "signed", "issuer", "number", "published"}
)
_FEWEST_ROWS = 2
_MOST_ROWS = 14
"""Rows of the longest table of document data."""
_LONGEST_VALUE = 120
_LONGEST_INDEX = 60
_LONGEST_TOPIC = 120
_NUMBERED = re.compile(r"[\dA-Za-z]")


def find_facts(
    labels: Mapping[str, str], *, title: str, notes: Sequence[str], metadata: PageMetadata, context: DateContext
) -> DocumentFacts | None:
    """Return what a page says of its document; None when that is nothing.

    Args:
        labels: Labelled values of the page (`crawler.pages.labels`).
        title: The document's title, which may carry `（已废止）`.
        notes: Short lines around title and text, and the words of pictures there, one of which may be a stamp.
        metadata: What the page says of itself to machines.
        context: Zone of the days.
    """
    facts = DocumentFacts(
        index_number=_index(labels.get("index", "")) or _index(metadata.first(*_INDEX_METAS)),
        topic_class=(labels.get("topic", "") or metadata.first(*_TOPIC_METAS))[:_LONGEST_TOPIC],
        written_on=_day(labels.get("signed", ""), context),
        effective_on=_day(labels.get("effective", ""), context),
        ends_on=_last_day(labels.get("ends", "")),
        validity=_validity(labels) or _stamped(title, notes),
    )
    return None if facts == DocumentFacts() else facts


def labels_outside(lines: Iterable[str], body: Sequence[str]) -> Mapping[str, str]:
    """Return the labelled values of a page's lines that are not its article's own; those of a table anywhere."""
    inside = set(body)
    return read_labels(line for line in lines if line not in inside)


def without_table(body: Sequence[str]) -> list[str]:
    """Return an article's lines without the table of document data at their head or behind them.

    Such a table is two lines or more, each of which begins with one of its labels; a single one (`有效期：五年`) is the
    article's own.
    """
    head = _table_length(body)
    rest = body[head:]
    tail = _table_length(rest[::-1])
    return list(rest[: len(rest) - tail])


def _table_length(lines: Sequence[str]) -> int:
    count = 0
    for line in lines[:_MOST_ROWS]:
        if not _begins_with_label(line):
            break
        count += 1
    return count if count >= _FEWEST_ROWS else 0


def _begins_with_label(line: str) -> bool:
    """Whether a line is a row of a table: it begins with a label, and that is one of a document."""
    fields = [field for field, _ in label_values(line)]
    return bool(fields) and fields[0] in _TABLE_FIELDS and LABEL.match(line.lstrip("【[ ")) is not None


def _index(value: str) -> str:
    return value if len(value) <= _LONGEST_INDEX and _NUMBERED.search(value) else ""


def _validity(labels: Mapping[str, str]) -> Validity | None:
    gone = labels.get("abolished", "")
    if _YES.match(gone):
        return Validity.ABOLISHED
    value = labels.get("validity", "")
    if _YES.match(value) or (_NO.match(gone) and not value):
        return Validity.EFFECTIVE
    if _NO.match(value):
        return Validity.ABOLISHED
    return next((kind for kind, words in _WORDS if words.search(value)), None) if len(value) <= 40 else None


def _stamped(title: str, notes: Sequence[str]) -> Validity | None:
    if _IN_TITLE.search(title) or any(len(note) <= 40 and _STAMP.match(note) for note in notes):
        return Validity.ABOLISHED
    return None


def _day(value: str, context: DateContext) -> date | None:
    days = _days(value)
    if days:
        return days[0]
    found = find_date(value, zone=context.zone, now=context.now)
    return found.at.astimezone(ZoneInfo(context.zone)).date() if found else None


def _last_day(value: str) -> date | None:
    """Return the last day of a span (`2023-07-01至2028-06-30`); None for a length of time (`五年`)."""
    return next(reversed(_days(value)), None)


def _days(value: str) -> list[date]:
    """Return the days named in figures, which may lie decades ahead."""
    days = []
    for match in _DAY.finditer(normalise(value[:_LONGEST_VALUE])):
        with suppress(ValueError):  # a 31 June
            days.append(date(*map(int, match.groups())))
    return days
