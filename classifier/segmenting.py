"""Parts a Chinese title into words for its gloss: numbers and dates first, then the fewest words that cover most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from classifier.glossary import Term, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from classifier.glossary import Glossary

_MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NUMERALS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九十")} | {"两": 2, "零": 0}
_EDGES = {"起": "from", "前": "before"}
_PLAIN_MARKS = str.maketrans("（）【】「」『』，：；！？、　", "()[]“”“”,:;!?, ")
_SURE = frozenset("的和与及等在对将就为是以至")
"""Single characters that are words by themselves, also beside characters that are not known."""
_UNITS = {"万": ("0,000", 4), "亿": ("", 8), "万亿": ("", 12)}
_MONEY = {
    "元": " yuan",
    "美元": " US dollars",
    "港元": " Hong Kong dollars",
    "人民币": " renminbi",
    "欧元": " euros",
    "": "",
}
_SPECIAL = re.compile(
    r"(?P<years>(?:19|20)\d\d)年?(?: |至|到|~)*(?P<until>(?:19|20)\d\d)(?!\d)(?:年度?)?"
    r"|(?P<dy>(?:19|20)\d\d)年(?P<dm>\d{1,2})月(?:(?P<dd>\d{1,2})[日号])?(?P<mod>起|前)?"
    r"|(?P<year>(?:19|20)\d\d)(?:年度?|(?=版))(?P<edition>版)?"
    r"|(?P<month>\d{1,2}|(?<!\d)[一二三四五六七八九十]{1,2})月(?:(?P<day>\d{1,2})[日号])?(?P<edge>起|前)?"
    r"|(?P<first>\d{1,2})[日号](?=消息|讯|电|,|，|起|发布|印发|在)"
    r"|第(?P<nth>\d+|[一二三四五六七八九十]{1,3})(?P<of>批|届|次|号|条|期|轮|章|版)"
    r"|(?P<latin>\d{0,2}[a-z][a-z0-9+./&']*)"
    r"|(?P<amount>\d[\d,]*(?:\.\d+)?)(?P<unit>万亿|亿|万)?(?P<money>元人民币|美元|港元|欧元|人民币|元)?(?P<count>[项个家名条]|余[项个家名条])?"
    r"|等(?P<bodies>\d+|[一二三四五六七八九十]{1,3})(?:部门|部委|单位|机构)"
    r"|(?P<few>[一二三四五六七八九十]{1,3})(?P<what>条|项|个|家|大|起|名|类|款)"
    r"|(?P<mark>[^\w\u3400-\u9fff]+)"
)


class Token(NamedTuple):
    """One word of a title."""

    term: Term
    start: int
    end: int


def segment(folded: str, surface: str, glossary: Glossary) -> tuple[Token, ...]:
    """Return the words of a folded title, in order and without gaps.

    Args:
        folded: The title, folded.
        surface: The same title as written, from which unknown stretches and Latin letters are taken.
        glossary: Words.
    """
    tokens: list[Token] = []
    position = 0
    for match in _SPECIAL.finditer(folded):
        if match.start() < position:
            continue
        tokens += _words(folded, surface, (position, match.start()), glossary=glossary)
        term = _special(match, surface[match.start() : match.end()])
        tokens.append(Token(term, match.start(), match.end()))
        position = match.end()
    tokens += _words(folded, surface, (position, len(folded)), glossary=glossary)
    return tuple(tokens)


def _words(folded: str, surface: str, span: tuple[int, int], *, glossary: Glossary) -> Iterator[Token]:
    """Yield the words of a stretch of Chinese by the cheapest way through it; unknown characters stay together.

    A single character beside an unknown one is most likely part of a word that is not known, and stays with it.
    """
    start, end = span
    spans = [(start + first, start + last) for first, last in _cheapest(folded[start:end], glossary)]
    known = [folded[first:last] in glossary.terms for first, last in spans]
    unknown = start
    for index, (first, last) in enumerate(spans):
        beside = not all(known[max(0, index - 1) : index + 2])
        if not known[index] or (beside and last - first == 1 and folded[first] not in _SURE):
            continue
        if unknown < first:
            yield _left(surface, unknown, first)
        yield Token(glossary.terms[folded[first:last]], first, last)
        unknown = last
    if unknown < end:
        yield _left(surface, unknown, end)


def _left(surface: str, start: int, end: int) -> Token:
    return Token(Term(Word.UNKNOWN, surface[start:end]), start, end)


def _cheapest(text: str, glossary: Glossary) -> list[tuple[int, int]]:
    """Return spans of words and of single unknown characters with the least cost: ten for these, one for a word.

    Of ways that cost the same the one with the longer word at the end is taken. Work is length times longest word.
    """
    costs: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        best = (costs[end - 1][0] + 10.0, end - 1)
        for start in range(max(0, end - glossary.longest), end):
            if text[start:end] in glossary.terms:
                cost = costs[start][0] + (1.0 if end - start > 1 else 2.5)
                if cost < best[0]:
                    best = (cost, start)
        costs.append(best)
    spans: list[tuple[int, int]] = []
    end = len(text)
    while end:
        spans.append((costs[end][1], end))
        end = costs[end][1]
    return spans[::-1]


def _special(match: re.Match[str], surface: str) -> Term:
    groups = match.groupdict()
    if groups["mark"]:
        return Term(Word.MARK, surface.translate(_PLAIN_MARKS))
    if groups["latin"]:
        return Term(Word.PLAIN, surface)
    if groups["amount"]:
        return Term(Word.PLAIN, _amount(groups))
    if groups["bodies"]:
        return Term(Word.NAME, f"and others ({_number(groups['bodies'])} bodies)")
    if groups["few"]:
        return Term(Word.PLAIN, f"{_number(groups['few'])}{'-point' if groups['what'] == '条' else ''}")
    if groups["nth"]:
        return Term(Word.PLAIN, _ordinal(_number(groups["nth"]), groups["of"] or ""))
    return Term(Word.PLAIN, _calendar(groups))


def _calendar(groups: dict[str, str | None]) -> str:
    if groups["years"]:
        return f"{groups['years']}–{groups['until']}"
    if groups["year"]:
        return f"{groups['year']} edition" if groups["edition"] else str(groups["year"])
    day = groups["dd"] or groups["day"] or groups["first"] or ""
    month = _number(groups["dm"] or groups["month"] or "0")
    name = _MONTHS[month] if 0 < month <= 12 else ""
    edge = _EDGES.get(groups["mod"] or groups["edge"] or "", "")
    return " ".join(part for part in (edge, day, name, groups["dy"] or "") if part)


def _amount(groups: dict[str, str | None]) -> str:
    """Write 30亿元 as 3 billion yuan and 500万 as 5 million."""
    digits, unit = str(groups["amount"]), groups["unit"] or ""
    money = _MONEY.get((groups["money"] or "").removeprefix("元") or (groups["money"] or ""), " yuan")
    if not unit:
        return digits + money
    value = float(digits.replace(",", "")) * 10 ** _UNITS[unit][1]
    for name, size in ((" trillion", 1e12), (" billion", 1e9), (" million", 1e6)):
        if value >= size:
            return f"{value / size:.6g}{name}{money}"
    return f"{value:,.0f}{money}"


def _ordinal(number: int, what: str) -> str:
    if what in {"号", "条", "章", "版"}:
        name = {"号": "No.", "条": "article", "章": "chapter", "版": "edition"}[what]
        return f"{name} {number}"
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    name = {"批": " batch", "轮": " round", "期": " issue"}.get(what, "")
    return f"{number}{ending}{name}"


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, is_ten, ones = text.partition("十")
    if is_ten:
        return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)
    return int("".join(str(_NUMERALS[part]) for part in text))
