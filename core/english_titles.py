"""Finds the English titles of official documents in running text: quoted, or bare in title case. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INSTRUMENTS = _words("""
    Plan Plans Measures Guidelines Guideline Guide Ordinance Act Regulation Regulations Rule Rules Opinions Notice
    Circular Framework Strategy Roadmap Standard Standards Law Bill Code Directive Decision Provisions Programme
    Outline Blueprint Guidance Declaration Catalogue Catalog Specification Specifications Paper Statement Order
    Principles Agreement Convention Interpretation Protocol List
""")
_WEAK = _words(
    "Rules Rule Order List Guide Statement Decision Standard Standards Notice Code Guidance Principles Paper"
)
"""Instruments that are everyday words too; bare ones count only with their subject (`Statement on …`)."""
_LOOSE = _words("Plan Plans Bill Law Strategy Programme Outline Blueprint Agreement")
"""Instruments that headlines use loosely (`Peace Plan`); in title case throughout they prove nothing by themselves."""
_FIRM_PAIRS = frozenset({("Action", "Plan"), ("White", "Paper"), ("Implementation", "Plan"), ("R&D", "Plan")})
_LINKS = _words("for on of concerning regarding governing against")
"""What joins an instrument to its subject: `Measures for …`, `Opinions on …`."""
_SMALL = _LINKS | _words("and the in to with a an by from into as at or its under over through & between")
"""Words that a title writes small."""
_GENERIC = _words("""
    Action Draft New Interim Provisional Final National Federal State Local Municipal Provincial Central Policy White
    Working Work Master Executive Consultation Discussion Key Development Implementation Management Administrative
    Judicial Joint Risk Special Overall Annual First Second Third Existing Proposed Current Relevant Chinese American
    European Three-Year Five-Year Two-Year Ten-Year Business Marketing Business Court Price Pricing Game Floor Data
""")
"""Words that say nothing of the subject; a title made of these and instruments alone is a mention of `the plan`."""
_OPENERS = _words("""
    The A An Its This These That Those In On Under With After Before Since While When As At By For From But And Or
    However Both Although Our Their His Her Meanwhile According Also Such Per Via Through Following Despite Unlike
    Last Next Yesterday Today Monday Tuesday Wednesday Thursday Friday Saturday Sunday Another Any All Each Every If
    Once Though Like Where What Which Why How Who Will Would Can Could Should May Might Not No
    January February March April June July August September October November December
""")
_VERBS = _words("""
    Releases Released Issues Issued Unveils Unveiled Publishes Published Announces Announced Launches Launched Passes
    Passed Adopts Adopted Proposes Plans Sets Targets Says Said Approves Approved Signs Signed Seeks Warns Bans Banned
    Gets Got Faces Advances Becomes Aims Clears Takes Took Could Will Would Is Are Was Were Be Has Have Had May Might
    Should Can Starts Begins Begin Ends Drafts Introduces Introduced Rolls Backs Vows Pledges Eyes Mulls Considers
    Moves Wants Calls Urges Tells Told Puts Opens Lays Maps Outlines Revises Amends Updates Finalizes Finalises
    Finalized Finalised Enacts Enacted Repeals Extends Delays Votes Promises Pushes Names Lists Includes Explained
    Explains Means Makes Brings Requires Enters Come Comes Into Effect Out Up Ahead Amid Over Under Against
    Versus After Before
""")
"""Words at which a headline in title case is cut: what is before and after them are different things."""
_CAPITAL = r"(?:[A-Z](?:[\w&'’/+-]|\.(?=\w))*|\d+th\b)"
_WORD = rf"(?:{_CAPITAL}|\d{{1,4}}(?:\.\d)?\b(?!%))"
_RUN = re.compile(rf"(?<![\w'’.-]){_CAPITAL}(?:(?: (?:{'|'.join(sorted(_SMALL))}))*,? {_WORD})*")
_TAIL = re.compile(
    r"\s?[(（](?:\d{4}(?:\s?[-–—~]\s?\d{2,4})?|[^()（）]{0,20}\b(?:[Dd]raft|[Tt]rial|[Ii]nterim)\b[^()（）]{0,20})[)）]"
)
"""A year range or the stage of a draft, which belongs to the title."""
_QUOTED = re.compile(r"“([^“”\n]{6,200})”|\"([^\"\n]{6,200})\"|‘([^‘’\n]{6,200})’")
_MAX_WORDS = 30
_HEADLINE = 200
"""Characters of a line that are looked at to tell a headline from running text."""


def find_english_titles(text: str) -> Iterator[tuple[int, str]]:
    """Find official-looking titles.

    A title names an instrument (`Plan`, `Measures`, `Act`) and a subject. Quoted ones must be in title case, so that
    quoted speech is left alone; bare ones are the longest run of capitalised words without a headline's verb.

    Args:
        text: Text in any language.

    Yields:
        Offset of the title, and the title without quotation marks; quoted ones first, none inside another.
    """
    taken: list[tuple[int, int]] = []
    for quoted in _QUOTED.finditer(text):
        title = next(group for group in quoted.groups() if group).strip().rstrip(",.;")
        if _is_title_case(title) and _names_document(title.split()):
            taken.append(quoted.span())
            yield quoted.start() + 1, title
    for run in _RUN.finditer(text):
        if any(start < run.end() and run.start() < end for start, end in taken):
            continue
        for start, title in _titles_in_run(run[0], headline=_is_headline(text, run.start())):
            tail = _TAIL.match(text, run.start() + start + len(title))
            yield run.start() + start, title + (tail[0] if tail else "")


def _is_headline(text: str, offset: int) -> bool:
    """Tell whether the line at an offset is in title case throughout, so that capitals say nothing."""
    start = text.rfind("\n", 0, offset) + 1
    line = text[start : start + _HEADLINE].split("\n", 1)[0]
    words = re.findall(r"[A-Za-z][\w'’-]{3,}", line)
    return len(words) > 3 and sum(word[0].isupper() for word in words) >= 0.9 * len(words)


def _is_title_case(title: str) -> bool:
    words = [word for word in re.findall(r"[A-Za-z][\w'’-]*", _TAIL.sub("", title)) if word not in _SMALL]
    return len(words) > 1 and all(word[0].isupper() for word in words) and len(words) <= _MAX_WORDS


def _names_document(words: Sequence[str]) -> bool:
    """Tell whether the words hold an instrument and a subject."""
    bare = [word.strip("(),.") for word in words if word not in _SMALL]
    instruments = [word for word in bare if word in _INSTRUMENTS]
    subject = [
        word
        for word in bare
        if word not in _INSTRUMENTS and word not in _GENERIC and not re.fullmatch(r"[\d–—-]*", word)
    ]
    points_back = len(words) > 1 and words[-1] in _INSTRUMENTS and words[-2] in ("the", "a", "an", "of")
    return bool(instruments and subject) and len(bare) <= _MAX_WORDS and not points_back


def _titles_in_run(run: str, *, headline: bool) -> Iterator[tuple[int, str]]:
    """Find the titles in one run of capitalised words."""
    words = list(re.finditer(r"\S+", run))
    begin = 0
    for index in range(len(words) + 1):
        if index == len(words) or words[index][0].rstrip(",") in _VERBS or words[index - 1][0].endswith(","):
            yield from _title_in_piece(run, words[begin:index], headline=headline)
            begin = index + 1 if index < len(words) and words[index][0] in _VERBS else index


def _title_in_piece(run: str, words: Sequence[re.Match[str]], *, headline: bool) -> Iterator[tuple[int, str]]:
    words = _cut_end(_cut_start(words), headline=headline)
    if len(words) > 1 and _names_document([word[0] for word in words]):
        start = words[0].start()
        yield start, run[start : words[-1].end()].rstrip(",.;")


def _cut_start(words: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
    """Leave out what leads up to a title: sentence openers, a verb with its article, an owner (`City's Plan`)."""
    for index in range(len(words) - 2, -1, -1):
        is_owner = re.search(r"['’]s$|s['’]$", words[index][0]) is not None and len(words) - index > 2
        begins = words[index][0] in ("the", "a") and (index == 0 or words[index - 1][0] not in _SMALL)
        if is_owner or begins:
            words = words[index + 1 :]
            break
    while words and (words[0][0] in _OPENERS or words[0][0] in _SMALL):
        words = words[1:]
    return words


def _cut_end(words: Sequence[re.Match[str]], *, headline: bool) -> Sequence[re.Match[str]]:
    """End a title at its last instrument, unless an instrument goes on with its subject (`Measures for …`)."""
    for place, word in enumerate(words):
        after = words[place + 1][0] if place + 1 < len(words) else ""
        if word[0] not in _INSTRUMENTS or (after and after not in _LINKS and after != "to"):
            continue
        if after in _LINKS and not headline:
            return words
        if _is_firm(words, place, headline=headline):
            return words if after in _LINKS else words[: place + 1]
    return ()


def _is_firm(words: Sequence[re.Match[str]], place: int, *, headline: bool) -> bool:
    """Tell whether an instrument is more than an everyday word where it stands."""
    word = words[place][0]
    if place and (words[place - 1][0], word) in _FIRM_PAIRS:
        return True
    return word not in _WEAK and not (headline and word in _LOOSE)
