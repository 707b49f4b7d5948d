"""When an article was published: machine-readable stamps, the line under the title, the list, the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.item import DateOrigin, DatePrecision, Published
from crawler.dates import ParsedDate, date_from_url, find_date, parse_date
from crawler.pages.dom import name_of, select, text_of
from crawler.pages.labels import label_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import html

    from core.item import Entry
    from crawler.pages.blocks import Line
    from crawler.pages.metadata import PageMetadata

_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "pubdate", "pubtime",
    "publishdate", "publish_date", "publish-date", "publishtime", "publish_time", "publication_date", "publicationdate",
    "firstpublishedtime", "apub:time", "apub:date", "bt:pubdate", "parsely-pub-date", "sailthru.date", "_pubtime",
    "weibo: article:create_at", "weibo:article:create_at", "bytedance:published_time", "article.published",
    "og:release_date", "release_date", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.created", "dcterms.date",
    "date", "og:time", "createdate",
)  # fmt: skip
"""Meta tags that hold a publish time, the clearest first."""
_ATTRIBUTE = re.compile(r"^(?P<css>.*)::attr\((?P<name>[\w-]+)\)$", re.DOTALL)
_DATE_NAMED = re.compile(r"date|time|pub|info|source|author|meta|byline|riqi|shijian|post")
_NOT_PUBLISHED = re.compile(r"索\s*引\s*号|有效期|施行|截止|生效|失效|废止|版权|copyright|©|备案|ICP", re.IGNORECASE)
_BARE_DATE = re.compile(
    r"^(?:(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|[一二][〇零○Ｏ九]..年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)$"
)
_ENDS = re.compile(r"^(?:Ends|完)\s?[/／]\s?(?P<date>.{6,60}?)\s*$")
_END = re.compile(r"^(?:Ends|完)$")
_ISSUED = re.compile(r"(?:Issued at HKT|香港[时時][间間])\s?(?P<hour>\d{1,2})\s?[:：時时]\s?(?P<minute>\d{2})")
"""How press releases of the Hong Kong government end: `Ends/Monday, June 5, 2023`, `Issued at HKT 16:30`."""
_GLUED = re.compile(r"(?<![\d/.-])(\d{2}-\d{2})(?=\d{2}:\d{2}(?!\d))")
"""A day without its year whose time the markup alone divided from it: `09-3022:46`."""
_HEADER_LINE = 160
"""Characters of the longest line that is taken for the one with date and source; longer ones are prose."""
_NEAR = 12
"""Lines after the title among which the date line is looked for when the article's first line is not found."""
_FUTURE = timedelta(days=1)
"""How far ahead a stamp may lie: zones and embargoes, not more (issue 2 §5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateContext:
    """What dates are read against."""

    zone: str
    """IANA zone of dates without an offset."""
    now: datetime
    """Aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePlaces:
    """Everywhere on a page that a publish date may stand."""

    root: html.HtmlElement
    selector: str
    metadata: PageMetadata
    header: Sequence[Line]
    """Lines around the title and at the head of the article, the likeliest first."""
    behind: Sequence[Line]
    """Lines that follow the article."""
    signature: Sequence[str]
    """The article's last lines, where a decree is signed and dated."""
    signed: str
    """The date of signature (成文日期) that the page's table names; the last resort before the list."""
    url: str
    entry: Entry | None


def find_published(places: DatePlaces, context: DateContext) -> Published | None:
    """Return when the article was published, from the most trusted place that says so.

    A place that names only the day yields its time to the first less trusted one that names a time on that day.
    Stamps more than a day in the future are passed over.
    """
    best: Published | None = None
    for candidate in _candidates(places, context):
        if candidate.at > context.now + _FUTURE:
            continue
        if best is None:
            best = candidate
        if _has_time(candidate, context) and (candidate is best or _same_day(candidate, best, context)):
            return candidate
    return best


def _candidates(places: DatePlaces, context: DateContext) -> Iterator[Published]:
    for origin, raw in _stamps(places):
        found = parse_date(raw, zone=context.zone, now=context.now)
        if found:
            yield _published(found, origin)
    yield from _from_header(places.header, context)
    yield from _from_press_release(places.signature, context)
    if places.entry and places.entry.published:
        yield places.entry.published
    if places.signed and (found := parse_date(places.signed, zone=context.zone, now=context.now)):
        yield _published(found, DateOrigin.TEXT)
    yield from (found for found in _from_header(places.behind, context) if _has_time(found, context))
    if found := date_from_url(places.url, zone=context.zone):
        yield _published(found, DateOrigin.URL)
    for line in places.signature:
        if _BARE_DATE.match(line) and (found := find_date(line, zone=context.zone, now=context.now)):
            yield _published(found, DateOrigin.TEXT)


def _from_press_release(lines: Sequence[str], context: DateContext) -> Iterator[Published]:
    joined = [f"{line}/{after}" if _END.match(line) else line for line, after in pairwise([*lines, ""])]
    for index, line in enumerate(joined):
        following = " ".join(joined[index + 1 : index + 3])
        ended, issued = _ENDS.match(line), _ISSUED.search(f"{line} {following}")
        if ended:
            stamp = f"{ended['date']} {issued['hour']}:{issued['minute']} HKT" if issued else ended["date"]
            if found := find_date(stamp, zone=context.zone, now=context.now):
                yield _published(found, DateOrigin.TEXT)


def _stamps(places: DatePlaces) -> Iterator[tuple[DateOrigin, str]]:
    if places.selector:
        yield from ((DateOrigin.SELECTOR, raw) for raw in _selected(places.root, places.selector))
    for key in ("datePublished", "dateCreated"):
        if raw := places.metadata.linked(key):
            yield DateOrigin.JSON_LD, raw
    for name in _METAS:
        if raw := places.metadata.first(name):
            yield DateOrigin.META, raw
    for element in select(places.root, "[itemprop='datePublished'], time[pubdate], abbr.published"):
        yield DateOrigin.META, _stamp_on(element)


def _stamp_on(element: html.HtmlElement) -> str:
    """Return the machine-readable time of an element (of an `<abbr>` in its title), else its text."""
    named = (element.get(name) for name in ("content", "datetime", "title"))
    return next((stamp for stamp in named if stamp), "") or text_of(element)


def _selected(root: html.HtmlElement, selector: str) -> Iterator[str]:
    match = _ATTRIBUTE.match(selector)
    for element in select(root, match["css"] if match else selector):
        yield (element.get(match["name"]) or "") if match else element.get("datetime") or text_of(element)


def _from_header(lines: Sequence[Line], context: DateContext) -> list[Published]:
    """Return the dates of header lines, those that look most like a publish date first."""
    ranked: list[tuple[int, int, Published]] = []
    for index, line in enumerate(lines):
        found = _line_date(line, context)
        if found:
            ranked.append((-_rank(line), index, _published(found, DateOrigin.TEXT)))
    return [published for _, _, published in sorted(ranked, key=lambda item: item[:2])]


def _line_date(line: Line, context: DateContext) -> ParsedDate | None:
    if len(line.text) > _HEADER_LINE:
        return None
    values = list(label_values(line.text))
    for field, value in values:
        if field == "published" and (found := find_date(value, zone=context.zone, now=context.now)):
            return found
    if _NOT_PUBLISHED.search(line.text) or any(field == "signed" for field, _ in values):
        return None
    forms = (_stamp_of(line) or line.text, " ".join(line.element.itertext()) if len(line.element) else "")
    dates = (
        find_date(_GLUED.sub(r"\1 ", form[:_HEADER_LINE]), zone=context.zone, now=context.now) for form in forms if form
    )
    return next((date for date in dates if date), None)


def _stamp_of(line: Line) -> str:
    """Return the machine-readable time of a `<time>` element whose text the line shows; else an empty string."""
    times = (time for time in line.element.iter("time") if text_of(time) in line.text)
    return next((stamp for time in times if (stamp := time.get("datetime") or "")), "")


def _rank(line: Line) -> int:
    fields = {field for field, _ in label_values(line.text)}
    rank = 4 if "published" in fields else 0
    rank += 2 if "source" in fields or "author" in fields else 0
    named = name_of(line.element)
    rank += 2 if _stamp_of(line) or _DATE_NAMED.search(named) else 0
    rank += 1 if len(line.text) <= 40 else 0
    return rank - (3 if line.link_share > 0.5 else 0)


def _published(found: ParsedDate, origin: DateOrigin) -> Published:
    return Published(at=found.at, precision=found.precision, origin=origin, raw=found.raw[:200])


def _has_time(published: Published, context: DateContext) -> bool:
    """Whether a time was given; midnight is what systems write that know only the day."""
    local = published.at.astimezone(ZoneInfo(context.zone))
    return published.precision is DatePrecision.MINUTE and (local.hour, local.minute) != (0, 0)


def _same_day(one: Published, other: Published, context: DateContext) -> bool:
    zone = ZoneInfo(context.zone)
    return one.at.astimezone(zone).date() == other.at.astimezone(zone).date()
