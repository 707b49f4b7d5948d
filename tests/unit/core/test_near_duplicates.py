"""Tests of whether two texts are copies."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.near_duplicates import Finding, Traits, compare, figures_in


def traits(shingles: range, title: str = "", text: str = "", *, is_title: bool = False) -> Traits:
    """Return traits with these shingles."""
    figures = figures_in(f"{title}\n{text}")
    return Traits(shingles=frozenset(shingles), title=title, figures=figures, is_title=is_title)


some_traits = st.builds(
    Traits,
    shingles=st.frozensets(st.integers(0, 300), max_size=300),
    title=st.text(max_size=30),
    figures=st.text(alphabet="ab12.,第批 :", max_size=60).map(figures_in),
)


@given(some_traits, some_traits)
def test_the_order_of_two_texts_does_not_matter(one: Traits, other: Traits) -> None:
    """Comparing is symmetrical."""
    assert compare(one, other) == compare(other, one)


@given(some_traits)
def test_a_text_is_its_own_copy(one: Traits) -> None:
    """Every text that says something is a copy of itself, and none that says nothing."""
    assert compare(one, one).is_copy == bool(one.shingles)


@pytest.mark.parametrize(
    ("other", "finding"),
    [
        (range(1000), Finding.COPY),
        (range(500), Finding.COPY),
        (range(300, 1300), Finding.COPY),
        (range(500, 1500), Finding.UNLIKE),
        (range(100), Finding.PASSAGE),
        (range(0), Finding.UNLIKE),
    ],
)
def test_the_smaller_text_must_stand_in_the_larger(other: range, finding: Finding) -> None:
    """A cut text is a copy, a little passage is none, and what shares half of its words is unlike."""
    assert compare(traits(range(1000)), traits(other)).finding is finding


def test_a_title_must_be_the_same_but_for_a_few_letters() -> None:
    """So few words are shared by chance: documents of one authority differ by a word, and a text holds many a title."""
    title = traits(range(50), is_title=True)
    assert compare(title, traits(range(5, 55), is_title=True)).is_copy
    assert compare(title, traits(range(8, 58), is_title=True)).finding is Finding.UNLIKE
    assert compare(title, traits(range(70))).finding is Finding.UNLIKE


FLASHES = [
    "比特币现报30,000美元,日内涨3%",
    "比特币现报31,500美元,日内涨3%",
    "比特币现报30,000美元,日内涨4.2%",
]


def test_flashes_of_one_template_with_other_numbers_are_no_copies() -> None:
    """In short texts no number may differ where the words around it are the same."""
    for one, other in permutations(FLASHES, 2):
        assert compare(traits(range(60), text=one), traits(range(60), text=other)).finding is Finding.NUMBERS
    for one in FLASHES:
        assert compare(traits(range(60), text=one), traits(range(60), text=one)).is_copy


def test_numbers_that_one_text_lacks_tell_nothing() -> None:
    """Dropped sentences and a new beginning with numbers of their own leave a copy a copy."""
    one = traits(range(60), text="据12家媒体,比特币现报30,000美元")
    other = traits(range(60), text="比特币现报30000美元,日内涨3%,成交额达8亿")
    assert compare(one, other).is_copy


def test_few_numbers_may_differ_in_a_long_text() -> None:
    """Editors round and correct; a report of which most numbers differ is another period's."""
    report = "产量{}吨,销量{}台,出口{}件,进口{}箱,用电{}度".format
    one = traits(range(900), text=report(10, 20, 30, 40, 50))
    assert compare(one, traits(range(900), text=report(11, 20, 30, 40, 50))).is_copy
    assert compare(one, traits(range(900), text=report(11, 21, 31, 41, 50))).finding is Finding.NUMBERS


@pytest.mark.parametrize(
    ("one", "other", "finding"),
    [
        (
            "关于发布第十五批境内区块链信息服务备案清单的公告",
            "关于发布第十六批境内区块链信息服务备案清单的公告",
            Finding.ROUND,
        ),
        ("第15批次人工智能标准清单", "第十五批次人工智能标准清单", Finding.COPY),
        ("deep synthesis filings: third batch", "deep synthesis filings: fourth batch", Finding.ROUND),
        ("2023年人工智能专项申报指南", "2024年人工智能专项申报指南", Finding.ROUND),
        ("关于《算力管理办法(征求意见稿)》公开征求意见的通知", "关于印发《算力管理办法》的通知", Finding.STAGE),
        ("draft rules on ai labels: consultation", "rules on ai labels", Finding.STAGE),
        ("工信部拟出新规管算力", "算力管理办法公开征求意见", Finding.COPY),
        ("市府印发3年行动计划", "三年行动计划来了", Finding.COPY),
        ("", "", Finding.COPY),
        ("一", "二", Finding.COPY),
    ],
)
def test_titles_tell_rounds_and_stages_apart(one: str, other: str, finding: Finding) -> None:
    """Titles that are one but for a number or the stage keep even equal texts apart; other headlines do not."""
    assert compare(traits(range(900), title=one), traits(range(900), title=other)).finding is finding


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("共有1,200.50元", {"共有#元": {"1200.5"}}),
        ("第三十二批,第两批", {"第#批": {"32"}, "第#批第#批": {"2"}}),
        ("10:30 报价 5 元", {"报价#元": {"5"}}),
        ("2023 06 15 08:00 发布 007 号", {"发布#号": {"7"}}),
        ("第一百二十批", {"第#批": {"120"}}),
        ("the second batch of 12", {"the#ba": {"2"}, "chof#": {"12"}}),
        ("没有数字", {}),
    ],
)
def test_numbers_are_read_with_their_surroundings(text: str, figures: dict[str, set[str]]) -> None:
    """Spellings of a number are one; times and dates in digits, which pages print beside a text, do not count."""
    found = {place: set(numbers) for place, numbers in figures_in(text).items()}
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, figures.values()))
    assert all(any(place.endswith(wanted.rpartition("#")[2]) for place in found) for wanted in figures)


@given(st.text(alphabet="0123456789.,:/第批一二十百零〇两first batchq 年月日", max_size=80))
def test_any_text_has_figures(text: str) -> None:
    """No text breaks the reading of its numbers."""
    assert all(numbers for numbers in figures_in(text).values())
