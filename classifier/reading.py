"""A document as the features see it: zones, clauses, and the concepts in each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.classification import Zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from classifier.matching import Hit, LexiconMatcher
    from core.classification import Document
    from core.lexicon import ConceptKind

MAX_TEXT = 20_000
"""Characters of the text that are read. The longest plans repeat their subject long before."""
LEAD_CHINESE = 220
LEAD_LATIN = 600
"""Characters of the lead: about the first two paragraphs of a news story in either script."""

_SAMPLE = 400
_HAN_SHARE = 3
"""A text is Chinese where at least a third of its first characters are: names and numbers are Latin in both scripts."""

_CLAUSE_END = re.compile(
    r"[。！？!?；\n]+[”’」』\"]?"
    # A Latin full stop ends a sentence after a small letter, digit or bracket, before a capital: not in `U.S. agency`.
    r"|(?<=[a-z0-9)%\"”’])[.][\"”’)]*\s+(?=[A-Z“\"‘(])|;\s"
)
_TITLE_BREAK = re.compile(r"[；;。！？?!]|\s[|｜]\s|[|｜]")
_SITE_SUFFIX = re.compile(
    r"_|--|\s[-|]\s?(?=.{2,40}$)|\s[–—]\s(?=\S{2,12}$)"
    # A bare hyphen parts a site's name in Chinese only, and never the years of a plan.
    r"|(?<!\d)-(?=[\u4e00-\u9fff][^-]{1,19}$)"
)
_SHORTEST_TITLE = 10
"""A title's part before a separator must be this long for what follows it to be the site's name."""
_BOOK_TITLE = re.compile(r"[《〈]([^《》]{4,120})[》〉]")
_HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of one zone with the concepts in it, in order."""

    zone: Zone
    start: int
    end: int
    hits: tuple[Hit, ...]

    def of(self, *kinds: ConceptKind) -> tuple[Hit, ...]:
        """Return the hits of some kinds."""
        # A list first: a generator costs half as much again, and this is asked hundreds of times a document.
        return tuple([hit for hit in self.hits if hit.concept.kind in kinds]) if self.hits else ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A document with its clauses."""

    document: Document
    title: str
    """The title without a site's name behind it; offsets are those of the whole title."""
    text: str
    clauses: tuple[Clause, ...]
    """Title clauses first, then those of the text in order."""
    book_titles: tuple[tuple[Zone, int, int], ...]
    """Places of what stands between 《 and 》."""
    is_chinese: bool

    @property
    def opening(self) -> Clause | None:
        """The text's first clause, which tells the news; None without a text."""
        return next((clause for clause in self.clauses if clause.zone is Zone.LEAD), None)

    def zone(self, *zones: Zone) -> tuple[Clause, ...]:
        """Return the clauses of some zones."""
        return tuple([clause for clause in self.clauses if clause.zone in zones])

    def surface(self, zone: Zone, start: int, end: int) -> str:
        """Return the characters at a place."""
        return (self.title if zone is Zone.TITLE else self.text)[start:end]

    def is_in_book_title(self, zone: Zone, hit: Hit) -> bool:
        """Tell whether a hit stands between 《 and 》."""
        side = zone is Zone.TITLE
        return any(
            (where is Zone.TITLE) == side and start <= hit.start and hit.end <= end
            for where, start, end in self.book_titles
        )


def read_document(document: Document, matcher: LexiconMatcher) -> Reading:
    """Split a document into clauses and find the concepts in each."""
    title = document.title[: _title_end(document.title)]
    text = document.text[:MAX_TEXT]
    sample = title + text[:_SAMPLE]
    is_chinese = sum(map(len, _HAN.findall(sample))) * _HAN_SHARE > len(sample)
    lead_end = _lead_end(text, is_chinese=is_chinese)
    in_title, in_text = _borne_out(matcher.find(title), matcher.find(text))
    clauses = [*_clauses(title, in_title, Zone.TITLE, lead_end)]
    clauses += _clauses(text, in_text, Zone.BODY, lead_end)
    books = [(Zone.TITLE, *match.span(1)) for match in _BOOK_TITLE.finditer(title)]
    books += [(_text_zone(match.start(), lead_end), *match.span(1)) for match in _BOOK_TITLE.finditer(text)]
    return Reading(document, title, text, tuple(clauses), tuple(books), is_chinese)


def _borne_out(*places: tuple[Hit, ...]) -> Iterator[tuple[Hit, ...]]:
    """Yield the hits of each place without those that need company (`only_with`) and have none in the document."""
    if not any(hit.concept.only_with for hits in places for hit in hits):
        yield from places
        return
    sure = {topic for hits in places for hit in hits if not hit.concept.only_with for topic in hit.concept.topics}
    for hits in places:
        yield tuple(hit for hit in hits if not hit.concept.only_with or not sure.isdisjoint(hit.concept.only_with))


def _title_end(title: str) -> int:
    match = _SITE_SUFFIX.search(title, _SHORTEST_TITLE)
    return match.start() if match else len(title)


def _lead_end(text: str, *, is_chinese: bool) -> int:
    """Return where the lead ends: at the end of the clause that passes its length."""
    length = LEAD_CHINESE if is_chinese else LEAD_LATIN
    match = _CLAUSE_END.search(text, length)
    return match.end() if match else len(text)


def _text_zone(start: int, lead_end: int) -> Zone:
    return Zone.LEAD if start < lead_end else Zone.BODY


def _clauses(text: str, hits: tuple[Hit, ...], zone: Zone, lead_end: int) -> Iterator[Clause]:
    pattern = _TITLE_BREAK if zone is Zone.TITLE else _CLAUSE_END
    position = index = 0
    for end in (*(match.end() for match in pattern.finditer(text)), len(text)):
        first = index
        while index < len(hits) and hits[index].start < end:
            index += 1
        if text[position:end].strip():
            where = zone if zone is Zone.TITLE else _text_zone(position, lead_end)
            yield Clause(where, position, end, hits[first:index])
        position = end
