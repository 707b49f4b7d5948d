"""How a document is written and who speaks: its form, its source, its years; interpretable, and weak each alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from classifier.evidence import at_span
from classifier.features import SUBJECTS
from core.classification import Zone
from core.source import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifier.actors import Deed
    from classifier.evidence import Measure
    from classifier.reading import Reading

_SHORTEST_TEXT = 40
"""Characters below which a text says no more than its title."""
_LONG_TEXT = 2_000
_MANY_NORMS = 2
"""Words of norms in the lead from which it tells one."""
_COMPILED = 5
"""Papers, years or acting jurisdictions of the text, beyond the first few, from which it retells many acts."""
_TITLE_FORMS = (
    (
        "form.question",
        re.compile(
            r"[?？]|如何|为何|為何|怎么|怎麼|什么|什麼|^(?:how|why|what|who|should|will|can|is|are)\b", re.IGNORECASE
        ),
    ),
    (
        "form.figures",
        re.compile(
            r"\d(?:\.\d+)?\s?%|[$€£¥]\s?\d|\d\s?(?:亿|億|万|萬|百万)?(?:元|美元|港元|美金)|\b(?:million|billion|bn|mln)\b"
        ),
    ),
    (
        "form.digest",
        re.compile(
            r"(?:早报|晚报|日报|周报|早參|早参|速览|速覽|一周|要闻|要聞|盘点|盤點|汇总|匯總|合集|回顾|回顧|前瞻"
            r"|roundup|round-up|newsletter|digest|daily|weekly|week in|recap|brief(?:ing)?s?:|takeaways|things to)",
            re.IGNORECASE,
        ),
    ),
    ("form.first-person", re.compile(r"我们|我們|我司|本公司|\b(?:[Ww]e|[Oo]ur|[Mm]y|I)\b")),
)
"""Forms that headlines of policy seldom have."""
_OTHER_ACTOR = re.compile(
    r"公司|集团|集團|股份|科技|创始人|創辦人|CEO|教授|学者|分析师|专家|學者|大学|大學|银行|\b(?:CEO|founder|co-founder|startup|start-up|firm|company"
    r"|maker|giant|analyst|professor|investor|lender|exchange)s?\b",
)
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)\s*(?:年)?(?![-—–至到]\d)")
_PAST = re.compile(
    r"去年|前年|此前|早在|曾经|曾於|曾于|当年|當年|年前|回顾"
    r"|\b(?:last year|years? ago|earlier|previously|back in|had already|since 20\d\d)\b",
    re.IGNORECASE,
)
_NORM = re.compile(
    r"不得|应当|應當|必须|必須|须于|須於|严禁|嚴禁|禁止|起施行|起实施|起實施|起执行|生效|罚款|罰款|吊销|吊銷|责令|責令|逐案|备案|備案"
    r"|豁免|准许|允许|允許"
    r"|\b(?:must(?:n't)?|shall|may not|penalt(?:y|ies)|deadline|have your say|your views|comments? (?:by|until|are)"
    r"|(?:is|are|be) (?:required|allowed|permitted|barred|banned|prohibited|obliged|exempt|fined|taxed)"
    r"|(?:takes?|comes? into|entered into|in) (?:effect|force)|(?:effective|starting|applies|apply) from)\b",
    re.IGNORECASE,
)
"""What norms say, whoever tells them: duties, bans, permits, days from which they hold, calls for comment."""
_QUOTED = re.compile(r"[“「\"][^”」\"]{6,}[”」\"]")


def find_manner(reading: Reading, deeds: Sequence[Deed]) -> Iterator[Measure]:
    """Yield the forms of title and text, and what the source is."""
    text = reading.text.strip()
    if len(text) < _SHORTEST_TEXT:
        yield at_span("form.title-only", 1.0, reading, Zone.TITLE, (0, 0))
    if not reading.is_chinese:
        yield at_span("form.latin", 1.0, reading, Zone.TITLE, (0, 0))
    if text:
        yield at_span("form.length", min(1.0, len(text) / _LONG_TEXT), reading, Zone.TITLE, (0, 0))
    for feature, pattern in _TITLE_FORMS:
        match = pattern.search(reading.title)
        if match:
            yield at_span(feature, 1.0, reading, Zone.TITLE, match.span())
    yield from _norms(reading)
    yield from _others(reading)
    yield from _told_as_past(reading, deeds)
    yield from _compiled(reading, deeds)
    yield from _source(reading)


def _norms(reading: Reading) -> Iterator[Measure]:
    """Yield the words of norms, in the title and in the lead."""
    match = _NORM.search(reading.title)
    if match:
        yield at_span("norm.title", 1.0, reading, Zone.TITLE, match.span())
    lead = reading.zone(Zone.LEAD)
    found = list(_NORM.finditer(reading.text, 0, lead[-1].end)) if lead else []
    if found:
        yield at_span("norm.lead", min(1.0, len(found) / _MANY_NORMS), reading, Zone.LEAD, found[0].span())


def _others(reading: Reading) -> Iterator[Measure]:
    """Yield companies and private persons of the title, and quoted speech in the lead."""
    match = _OTHER_ACTOR.search(reading.title)
    if match:
        yield at_span("form.other-actor", 1.0, reading, Zone.TITLE, match.span())
    lead = reading.zone(Zone.LEAD)
    if lead:
        opening = reading.text[: lead[-1].end]
        quoted = sum(len(match.group()) for match in _QUOTED.finditer(opening))
        if quoted:
            yield at_span("form.quoted", min(1.0, quoted / len(opening)), reading, Zone.TITLE, (0, 0))


def _told_as_past(reading: Reading, deeds: Sequence[Deed]) -> Iterator[Measure]:
    """Yield that the surest act is told as an old one: a year before the item's own, or words for the past."""
    if not deeds:
        return
    surest = max(deeds, key=lambda deed: deed.strength)
    clause = surest.clause
    words = reading.surface(clause.zone, clause.start, clause.end)
    match = _PAST.search(words)
    published = reading.document.published_at
    years = [int(year) for year in _YEAR.findall(words)]
    is_old = bool(published and years and max(years) < published.year)
    if surest.strength > 0 and (match or is_old):
        start = clause.start + match.start() if match else clause.start
        end = clause.start + match.end() if match else clause.start
        yield at_span("form.past", 1.0, reading, clause.zone, (start, end))


def _compiled(reading: Reading, deeds: Sequence[Deed]) -> Iterator[Measure]:
    """Yield that the text tells of many papers, years and authorities: a survey, a portal, a history; not one act."""
    papers = {reading.surface(zone, start, end) for zone, start, end in reading.book_titles}
    years = set(_YEAR.findall(reading.text))
    actors = {deed.actor.concept.jurisdiction for deed in deeds if deed.strength > 0 and deed.actor}
    for feature, found, spared in (
        ("many.papers", papers, 1),
        ("many.years", years, 2),
        ("many.actors", actors - {""}, 1),
    ):
        if len(found) > spared:
            yield at_span(feature, min(1.0, (len(found) - spared) / _COMPILED), reading, Zone.TITLE, (0, 0))


def _source(reading: Reading) -> Iterator[Measure]:
    """Yield what the source and the naming of papers add."""
    document = reading.document
    if document.voice is Voice.AUTHORITY:
        yield at_span("authority-voice", 1.0, reading, Zone.TITLE, (0, 0))
        subject = max(
            (hit.concept.weight for clause in reading.zone(Zone.TITLE) for hit in clause.of(*SUBJECTS)), default=0.0
        )
        if subject:
            yield at_span("authority-voice.on-technology", subject, reading, Zone.TITLE, (0, 0))
    if document.document_numbers:
        yield at_span("document-number", 1.0, reading, Zone.TITLE, (0, 0))
    named = next((book for book in reading.book_titles if book[0] is Zone.LEAD), None)
    if named:
        yield at_span("document-title", 1.0, reading, Zone.LEAD, named[1:])
