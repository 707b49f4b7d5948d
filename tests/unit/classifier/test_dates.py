"""Tests of the days that a text states for a paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.dates import day_of, find_comments_until, find_effective_on

PUBLISHED = date(2025, 7, 10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2026年1月1日起施行，有效期至2028年12月31日。", date(2026, 1, 1)),
        ("本条例自二〇二五年八月一日起施行。", date(2025, 8, 1)),
        ("本办法自印发之日起施行。", PUBLISHED),
        ("自本公告发布之日起废止旧指引。", PUBLISHED),
        ("本办法自公布之日起30日后施行。", date(2025, 8, 9)),
        ("新规今起施行", PUBLISHED),
        ("指定二○二五年八月一日為條例開始實施的日期", date(2025, 8, 1)),
        ("本令民國114年9月1日生效。", date(2025, 9, 1)),
        ("施行日期：2025年10月1日", date(2025, 10, 1)),
        ("The rules take effect on 1 August.", date(2025, 8, 1)),
        ("The act will apply from August 1, 2026.", date(2026, 8, 1)),
        ("It comes into force in December 2026, the ministry said.", date(2026, 12, 1)),
        ("From 1 September firms must register.", date(2025, 9, 1)),
        ("It is effective 30 days after publication.", date(2025, 8, 9)),
        ("The law takes effect in 90 days.", date(2025, 10, 8)),
        ("The order takes effect immediately.", PUBLISHED),
        ("The law takes effect on Monday.", date(2025, 7, 14)),
        ("The law took effect on Monday.", date(2025, 7, 7)),
        ("The rules came into force on Thursday.", PUBLISHED),
        ("The effective date of the final rule is January 2, 2026.", date(2026, 1, 2)),
        ("明年1月1日起，平台须加贴标识", date(2026, 1, 1)),
        ("会议于3月1日召开，强调创新。", None),
        ("自2017年1月1日起，公司从事算力业务", None),
        ("Shares rose 3% on Monday.", None),
        ("", None),
    ],
)
def test_from_when_a_paper_applies(text: str, day: date | None) -> None:
    """The clause on entry into force is read in both languages; other days are not."""
    assert find_effective_on(text, PUBLISHED) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("意见反馈截止时间为2025年8月10日。", date(2025, 8, 10)),
        ("请于2025年8月9日前将意见反馈至邮箱。", date(2025, 8, 9)),
        ("征求意见时间为2025年7月11日至2025年8月11日。", date(2025, 8, 11)),
        ("公示时间：7月11日—7月20日", date(2025, 7, 20)),
        ("公开征求意见，为期一个月。", date(2025, 8, 10)),
        ("自即日起預告60日，歡迎各界提供意見", date(2025, 9, 8)),
        ("諮詢期至9月30日。", date(2025, 9, 30)),
        ("公眾可於9月1日或之前就建議提交意見。", date(2025, 9, 1)),
        ("Comments are due by Aug. 15, 2025.", date(2025, 8, 15)),
        ("The consultation is open until 12 September.", date(2025, 9, 12)),
        ("The agency opened a 60-day comment period.", date(2025, 9, 8)),
        ("The public has 30 days to comment.", date(2025, 8, 9)),
        ("The deadline for feedback is 20 August.", date(2025, 8, 20)),
        ("意见反馈截止时间为2024年8月10日。", None),
        ("请于2025年8月9日前完成项目申报。", None),
        ("The committee will vote on 1 August.", None),
    ],
)
def test_until_when_comments_are_taken(text: str, day: date | None) -> None:
    """Deadlines for comments are read; those that are over and those for other things are not."""
    assert find_comments_until(text, PUBLISHED) == day


def test_without_a_publication_relative_days_are_left_out() -> None:
    """What hangs on the day of publication can't be told without it; whole dates can."""
    assert find_effective_on("自印发之日起施行", None) is None
    assert find_effective_on("自公布之日起30日后施行", None) is None
    assert find_comments_until("公开征求意见，为期一个月。", None) is None
    assert find_effective_on("自2026年1月1日起施行", None) == date(2026, 1, 1)
    assert find_comments_until("意见反馈截止时间为2025年8月10日", None) == date(2025, 8, 10)


@given(text=st.text(max_size=200), day=st.none() | st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_any_text_is_read(text: str, day: date | None) -> None:
    """No text makes the readers fail."""
    for found in (find_effective_on(text, day), find_comments_until(text, day)):
        assert found is None or isinstance(found, date)


@given(day=st.dates(date(2000, 1, 1), date(2050, 1, 1)), noise=st.text("甲乙丙丁，。 ", max_size=40))
def test_surroundings_do_not_matter(day: date, noise: str) -> None:
    """The clause is found wherever it stands, also behind a long text."""
    clause = f"本办法自{day.year}年{day.month}月{day.day}日起施行"
    assert find_effective_on(f"{noise}。{clause}。{noise}", day) == day
    assert find_effective_on("甲。" * 20_000 + clause, day) == day


def test_the_day_of_a_time() -> None:
    """A time with a zone keeps its day; UTC is taken for Shanghai's, where days begin eight hours earlier."""
    assert day_of(None) is None
    assert day_of(datetime(2025, 7, 10, 23, tzinfo=timezone(timedelta(hours=-5)))) == date(2025, 7, 10)
    assert day_of(datetime(2025, 7, 9, 16, tzinfo=UTC)) == date(2025, 7, 10)
