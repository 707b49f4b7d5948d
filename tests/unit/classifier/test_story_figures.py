"""Figures have one form in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.folding import fold
from classifier.story_figures import find_figures, weigh_figure

DAY = date(2024, 5, 21)


def figures(text: str) -> set[str]:
    """Return the figures of a text published on 21 May 2024."""
    return set(find_figures(fold(text), DAY).figures)


@pytest.mark.parametrize(
    ("chinese", "english", "figure"),
    [
        ("设立100亿元基金", "a RMB 10bn fund", "money 1e+10"),
        ("總額五億港元", "a 500-million-Hong Kong-dollar scheme", "money 5e+08"),
        ("不超过2500万港元", "up to HK$25 million", "money 2.5e+07"),
        ("损失一亿三千万元", "losses of 130 million yuan", "money 1.3e+08"),
        ("1.2万亿美元", "US$1.2 trillion", "money 1.2e+12"),
        ("跌至0.91美元", "slips to 91 cents", "money 0.91"),
        ("百分之十五", "15 per cent", "percent 15"),
        ("三十七份意见书", "thirty-seven responses", "count 37"),
        ("五千小时", "5,000 hours", "count 5000"),
        ("6万平方米", "60,000 square metres", "count 60000"),
        ("4月12日前反馈", "comments until April 12", "day 04-12"),
        ("四月八日", "8 April 2024", "day 04-08"),
        ("二○二五年一月一日起", "from 1st January", "day 01-01"),
        ("2025—2028年", "from 2025 to 2028", "years 2025-2028"),
        ("到2030年", "by 2030", "year 2030"),
    ],
)
def test_both_languages_have_one_form(chinese: str, english: str, figure: str) -> None:
    """The same figure is read in a Chinese and in an English text."""
    assert figure in figures(chinese)
    assert figure in figures(english)


@pytest.mark.parametrize("text", ["第四批清单", "fourth batch", "4th round", "the fourth official list"])
def test_rounds_are_told_apart_from_figures(text: str) -> None:
    """A batch, round or list has its number, which is no count."""
    found = find_figures(fold(text), DAY)
    assert found.rounds == {"4"}
    assert not found.figures


def test_the_first_batch_has_a_number() -> None:
    """首批 is the first."""
    assert find_figures("首批名单", DAY).rounds == {"1"}


@pytest.mark.parametrize(
    "text", ["5月21日电", "May 22", "in 2024", "15:30", "第三十一条", "国办发〔2023〕10号", "一", "one"]
)
def test_what_every_text_holds_is_left_out(text: str) -> None:
    """Days around the publication, its year, times of day, articles and numbers of papers say nothing."""
    assert figures(text) == set()


def test_what_looks_like_a_day_and_is_none_is_left_out() -> None:
    """There is no 45th day."""
    assert not {one for one in figures("3月45日") if one.startswith("day")}


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("money 1.23e+08", "money 1e+08"),
        ("money 1e+10", "count 100"),
        ("count 137", "count 100"),
        ("count 37", "count 9"),
        ("years 2023-2025", "year 2025"),
    ],
)
def test_rarer_figures_weigh_more(more: str, less: str) -> None:
    """Sums before counts, and figures that are not round before those that are."""
    assert weigh_figure(more) > weigh_figure(less) > 0


@given(st.text(alphabet="0123456789一二三十百千万亿元%.,$年月日第批 abdefhilnortuwy", max_size=40))
def test_no_text_raises(text: str) -> None:
    """Every text has figures, if only none, and each weighs something up to 1."""
    found = find_figures(fold(text), DAY)
    assert all(0 < weigh_figure(figure) <= 1 for figure in found.figures)
