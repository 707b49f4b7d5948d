"""Text queries: what they find, and what they refuse."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text_query import QuerySyntaxError, parse_query


def _fold(text: str) -> str:
    return text.lower().replace("-", " ").replace("稳", "穩")


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("stablecoin", "A Stablecoin bill", ("stablecoin",)),
        ("US", "a focus group", None),
        ("US", "“US” said, in quotation marks", ("US",)),
        ("=US", "tell us more", None),
        ("=US", "the US said", ("US",)),
        ("稳定币", "《穩定币條例》生效", ("稳定币",)),
        ("low-altitude", "the low altitude economy", ("low-altitude",)),
        ('"red packet"', "a red  packet in Suzhou", ("red packet",)),
        ('"red packet"', "a packet in red", None),
        ("tokeni*", "Tokenisation", ("tokeni",)),
        ("tokeni", "Tokenisation", None),
        ("chip quantum", "quantum chip", ("chip", "quantum")),
        ("chip AND quantum", "a chip", None),
        ("chip OR quantum", "quantum", ("quantum",)),
        ("chip OR ai quantum", "chip", ("chip",)),
        ("(chip OR ai) quantum", "chip", None),
        ("chip NOT price", "chip price", None),
        ("chip -price", "chip act", ("chip",)),
        ("-price", "an act", ()),
        ('NOT (price OR "funding round")', "a funding round", None),
        ("ＮＯＴ", "ＮＯＴ", ("ＮＯＴ",)),
    ],
)
def test_finds(query: str, text: str, found: tuple[str, ...] | None) -> None:
    """Words must all be there, whole where Latin, in any case, with the operators as documented."""
    assert parse_query(query).find(text, _fold) == found


@pytest.mark.parametrize(
    ("query", "position", "says"),
    [
        ("", 0, "missing at the end"),
        ("chip OR", 7, "missing at the end"),
        ("OR chip", 0, "missing before OR"),
        ("(chip", 0, "not closed"),
        ("chip)", 4, "not opened"),
        ('chip "red', 5, "not closed"),
        ("chip ...", 5, "neither letters nor digits"),
        ("(" * 30 + "a" + ")" * 30, 61, "too many brackets"),
        ("a" * 2001, 2000, "longer than"),
    ],
)
def test_refuses_with_the_place(query: str, position: int, says: str) -> None:
    """A query that cannot be read is refused with the offset of the fault and what is wrong."""
    with pytest.raises(QuerySyntaxError, match=says) as caught:
        parse_query(query)
    assert caught.value.position == position


def test_lists_its_terms() -> None:
    """All terms are listed, excluded ones too, so that a lint can look at them."""
    terms = parse_query('a (b OR "c d") NOT =e f*').terms()
    assert [(term.text, term.exact, term.prefix) for term in terms] == [
        ("a", False, False),
        ("b", False, False),
        ("c d", False, False),
        ("e", True, False),
        ("f", False, True),
    ]


_WORDS = st.sampled_from(["chip", "act", "芯片", "ai"])


@given(st.lists(_WORDS, min_size=1, max_size=4), st.lists(_WORDS, max_size=5))
def test_not_is_the_opposite(wanted: list[str], words: list[str]) -> None:
    """NOT of a query holds exactly where the query does not, and AND never finds more than OR."""
    text = " ".join(words)
    every, some = parse_query(" AND ".join(wanted)), parse_query(" OR ".join(wanted))
    assert (parse_query(f"NOT ({every.source})").find(text, _fold) is None) == (every.find(text, _fold) is not None)
    assert every.find(text, _fold) is None or some.find(text, _fold) is not None


@given(st.text(alphabet='()"-=*aA芯 ORNT', max_size=30))
def test_any_text_is_read_or_refused(source: str) -> None:
    """No text ends in another error than the documented one."""
    with contextlib.suppress(QuerySyntaxError):
        parse_query(source).find("a 芯片 A", _fold)
