"""Dates in every form that feeds, lists, pages and addresses write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.item import DatePrecision
from crawler.dates import FIRST_YEAR, ParsedDate, date_from_url, find_date, parse_date

NOW = datetime(2026, 11, 25, 10, 0, 30, tzinfo=UTC)
SHANGHAI = "Asia/Shanghai"
MINUTE, DAY = DatePrecision.MINUTE, DatePrecision.DAY

STAMPS = [
    ("2023-06-15T18:30:00Z", "2023-06-15T18:30:00"),
    ("2023-06-15T18:30:00.123+08:00", "2023-06-15T10:30:00"),
    ("2023-06-15T18:30:05+0800", "2023-06-15T10:30:05"),
    ("2023-06-15T18:30", "2023-06-15T10:30:00"),
    ("2023-06-15 18:30:00 +00:00", "2023-06-15T18:30:00"),
    ("2023-06-15T05:30:00-05:00", "2023-06-15T10:30:00"),
    ("2023-06-15 24:00", "2023-06-15T16:00:00"),
    ("2023-06-15 23:59:60", "2023-06-15T15:59:59"),
    ("2023-06-15-18:30:00", "2023-06-15T10:30:00"),
    ("2023/6/15 18:30", "2023-06-15T10:30:00"),
    ("2023.06.15 18:30", "2023-06-15T10:30:00"),
    ("2023-06-15 10:00-12:00", "2023-06-15T02:00:00"),
    ("Thu, 15 Jun 2023 10:00:00 GMT", "2023-06-15T10:00:00"),
    ("Thu, 15 Jun 2023 10:00:00 +0800", "2023-06-15T02:00:00"),
    ("Thu, 15 Jun 2023 10:00:00 -0500", "2023-06-15T15:00:00"),
    ("Thu, 15 Jun 2023 10:00:00 EST", "2023-06-15T15:00:00"),
    ("Thu, 15 Jun 2023 10:00:00 HKT", "2023-06-15T02:00:00"),
    ("Thu, 15 Jun 2023 10:00:00 CST", "2023-06-15T02:00:00"),
    ("Thu, 15 Jun 2023 10:00:00 XYZ", "2023-06-15T02:00:00"),
    ("Thu, 15 Jun 2023 10:00:00 +9900", "2023-06-15T02:00:00"),
    ("Thu, 15 Jun 23 10:00:00 UT", "2023-06-15T10:00:00"),
    ("Thu Jun 15 10:00:00 CST 2023", "2023-06-15T02:00:00"),
    ("Thu Jun 15 2023 10:00:00 GMT+0800 (China Standard Time)", "2023-06-15T02:00:00"),
    ("15-Jun-2023 10:00 GMT", "2023-06-15T10:00:00"),
    ("15 Jun 2023 10:00 GMT", "2023-06-15T10:00:00"),
    ("Jun. 15, 2023 10:05 PM", "2023-06-15T14:05:00"),
    ("June 15, 2023 at 12:10 a.m.", "2023-06-14T16:10:00"),
    ("1686825000", "2023-06-15T10:30:00"),
    ("1686825000.5", "2023-06-15T10:30:00"),
    ("1686825000123", "2023-06-15T10:30:00"),
    ("1686825000123.0", "2023-06-15T10:30:00"),
    ("/Date(1686825000123+0800)/", "2023-06-15T10:30:00"),
    ("20230615183000", "2023-06-15T10:30:00"),
    ("20230615T183000Z", "2023-06-15T18:30:00"),
    ("2023年6月15日 18:30", "2023-06-15T10:30:00"),
    ("2023 年 06 月 15 日 18:30:05", "2023-06-15T10:30:05"),
    ("2023年6月15日 星期四 18:30", "2023-06-15T10:30:00"),
    ("2023年6月15日（周四）18时30分", "2023-06-15T10:30:00"),
    ("2023年6月15日18时", "2023-06-15T10:00:00"),
    ("2023年6月15日 下午3:30", "2023-06-15T07:30:00"),
    ("2023年6月15日下午三点半", "2023-06-15T07:30:00"),
    ("2023年6月15日上午12:10", "2023-06-14T16:10:00"),
    ("2023年6月15日中午12:10", "2023-06-15T04:10:00"),
    ("23年6月15日 18:30", "2023-06-15T10:30:00"),
    ("２０２３－０６－１５　１８：３０", "2023-06-15T10:30:00"),
    ("发布时间：2023-06-15 18:30", "2023-06-15T10:30:00"),
    ("時間: 2023-06-15 18:30", "2023-06-15T10:30:00"),
    ("来源：市经信委　2023-06-15 18:30　浏览：35", "2023-06-15T10:30:00"),
    ("2023-06-15 18:302023-06-15 19:00", "2023-06-15T10:30:00"),
    ("2023-06-1518:30", "2023-06-15T10:30:00"),
    ("06-15 18:30", "2026-06-15T10:30:00"),
    ("12/25 18:30", "2025-12-25T10:30:00"),
    ("昨天 10:30", "2026-11-24T02:30:00"),
    ("刚刚", "2026-11-25T10:00:00"),
    ("just now", "2026-11-25T10:00:00"),
    ("3分钟前", "2026-11-25T09:57:00"),
    ("3 分鐘前", "2026-11-25T09:57:00"),
    ("30秒前", "2026-11-25T10:00:00"),
    ("3小时前", "2026-11-25T07:00:00"),
    ("三個小時前", "2026-11-25T07:00:00"),
    ("半小时前", "2026-11-25T09:30:00"),
    ("an hour ago", "2026-11-25T09:00:00"),
    ("5 mins ago", "2026-11-25T09:55:00"),
]
DAYS = [
    ("2023-06-15", "2023-06-15"),
    ("2023/6/5", "2023-06-05"),
    ("2023-06-15 25:10", "2023-06-15"),
    ("2023-06-15 10:75", "2023-06-15"),
    ("2023.6.15", "2023-06-15"),
    ("20230615", "2023-06-15"),
    ("2023年6月15日", "2023-06-15"),
    ("2023年6月15號", "2023-06-15"),
    ("二〇二三年六月十五日", "2023-06-15"),
    ("二○二三年十二月三十一日", "2023-12-31"),
    ("二零二三年十月二十日", "2023-10-20"),
    ("发布日期：2023-06-15", "2023-06-15"),
    ("日期 2023-06-15", "2023-06-15"),
    ("【2023-06-15】", "2023-06-15"),
    ("2023-06-152023-06-16", "2023-06-15"),
    ("June 15, 2023", "2023-06-15"),
    ("Sept 5, 2023", "2023-09-05"),
    ("15th June, 2023", "2023-06-15"),
    ("15/06/2023", "2023-06-15"),
    ("06/15/2023", "2023-06-15"),
    ("05/06/2023", "2023-06-05"),
    ("15.06.2023", "2023-06-15"),
    ("6月15日", "2026-06-15"),
    ("11月26日", "2026-11-26"),
    ("11月27日", "2025-11-27"),
    ("12月25日", "2025-12-25"),
    ("2月29日", "2024-02-29"),
    ("06-15", "2026-06-15"),
    ("[06-15]", "2026-06-15"),
    ("今天", "2026-11-25"),
    ("昨日", "2026-11-24"),
    ("前天", "2026-11-23"),
    ("2天前", "2026-11-23"),
    ("三天前", "2026-11-22"),
    ("2周前", "2026-11-11"),
    ("2 months ago", "2026-09-26"),
]
NONE = [
    "", " ", "hello", "2023", "2023-06", "2023-13-15", "2023-02-30", "2023年2月30日", "2023-00-10", "13月5日",
    "2026-08-00123", "索引号：000014349/2023-00045", "沪府办发〔2023〕10号", "112年6月15日", "1066-10-14", "2099-01-01",
    "2028-01-01", "2023-06-15001", "3.14", "18:30", "12345678", "99999999999", "0000000000", "25:61", "九九月",
    "9999周前", "20231345", "19860101", "13-45", "十一百月",
]  # fmt: skip


def at(text: str) -> datetime:
    """Return a moment of UTC from its ISO form."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("raw", "expected"), STAMPS)
def test_stamps_are_read_to_the_minute(raw: str, expected: str) -> None:
    """A date with a time, in whatever form, is read in the source's zone unless it names its own."""
    assert parse_date(raw, zone=SHANGHAI, now=NOW) == ParsedDate(at=at(expected), precision=MINUTE, raw=raw.strip())


@pytest.mark.parametrize(("raw", "expected"), DAYS)
def test_days_are_midnight_in_the_zone(raw: str, expected: str) -> None:
    """A date without a time is midnight in the source's zone, and says that it is only a day."""
    midnight = at(expected) - timedelta(hours=8)
    assert parse_date(raw, zone=SHANGHAI, now=NOW) == ParsedDate(at=midnight, precision=DAY, raw=raw.strip())


@pytest.mark.parametrize("raw", NONE)
def test_what_is_no_date_is_none(raw: str) -> None:
    """Numbers, impossible days, implausible years and document numbers are no dates."""
    assert parse_date(raw, zone=SHANGHAI, now=NOW) is None


def test_month_comes_first_in_the_americas() -> None:
    """05/06/2023 is the sixth of May in an American zone."""
    found = parse_date("05/06/2023", zone="America/New_York", now=NOW)
    assert found is not None
    assert found.at == at("2023-05-06T04:00:00")


def test_cst_is_central_time_outside_asia() -> None:
    """CST means -06:00 where the source does not live in Asia."""
    found = parse_date("Thu, 15 Jun 2023 10:00:00 CST", zone="America/New_York", now=NOW)
    assert found is not None
    assert found.at == at("2023-06-15T16:00:00")


def test_a_naive_time_takes_the_season_of_its_zone() -> None:
    """A time without an offset follows the summer time of the source's zone."""
    summer = parse_date("2023-06-15 10:00", zone="Europe/London", now=NOW)
    winter = parse_date("2023-01-15 10:00", zone="Europe/London", now=NOW)
    assert summer
    assert winter
    assert (summer.at.hour, winter.at.hour) == (9, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("为贯彻落实……，经市政府同意，2023年6月15日起施行，至2025年12月31日止。", "2023-06-14T16:00:00"),
        ("Updated by staff\nPublished June 15, 2023 at 3:45 pm in Policy", "2023-06-15T07:45:00"),
        ("共 1234 条 第 3-5 页 今天 10:30 发布", "2026-11-25T02:30:00"),
        ("版本 2023-02-30 有误，2023-02-28 更正", "2023-02-27T16:00:00"),
        ("6月15日印发，2023-07-01 起施行", "2026-06-14T16:00:00"),
        ("图：3小时前", "2026-11-25T07:00:00"),
        ("2023-06-15 起，至 6月30日 止", "2023-06-14T16:00:00"),
    ],
)
def test_the_first_date_in_a_text_is_found(text: str, expected: str) -> None:
    """Of several dates the first that exists is taken, wherever the grammar lists its form."""
    found = find_date(text, zone=SHANGHAI, now=NOW)
    assert found is not None
    assert found.at == at(expected)
    assert found.raw


@pytest.mark.parametrize("text", ["今天我们讨论 1686825000 号文件", "第 06-15 页", "编号 20230615", "刚刚过去的一年"])
def test_bare_words_and_digits_inside_prose_are_no_dates(text: str) -> None:
    """Forms that mean a date only when they stand alone are not found inside a text."""
    assert find_date(text, zone=SHANGHAI, now=NOW) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://a.gov.cn/xxgk/202306/t20230615_1234.html",
        "https://a.gov.cn/2023-06/15/content_5763219.htm",
        "https://a.cn/20230615/8f2c.html",
        "https://a.cn/2023/06/15/story",
        "https://a.cn/n1/2023/0615/c1001-1.html",
        "https://a.cn/2023/6/15/story.html",
        "https://a.cn/a-2023-06-15.html",
        "https://a.cn/20231399/2023-06-15/x",
    ],
)
def test_days_are_read_from_addresses(url: str) -> None:
    """The date habits of government and press sites' addresses are known."""
    found = date_from_url(url, zone=SHANGHAI)
    assert found is not None
    assert (found.at, found.precision) == (at("2023-06-14T16:00:00"), DAY)


def test_node_ids_give_the_time() -> None:
    """An id that begins with a stamp to the second gives that time; a longer number gives nothing."""
    found = date_from_url("http://a.gov.cn/113456/2023061518300512345/index.html", zone=SHANGHAI)
    assert found == ParsedDate(at=at("2023-06-15T10:30:05"), precision=MINUTE, raw="/2023061518300512345")
    assert date_from_url("https://a.cn/status/202306151830051234567", zone=SHANGHAI) is None


@pytest.mark.parametrize(
    "url", ["", "https://a.cn/", "https://a.cn/p/12345678", "https://a.cn/20231315/", "https://a.cn/id/120230615"]
)
def test_addresses_without_a_day_give_none(url: str) -> None:
    """Other numbers in an address are no dates."""
    assert date_from_url(url, zone=SHANGHAI) is None


moments = st.datetimes(min_value=datetime(FIRST_YEAR, 1, 2), max_value=datetime(2026, 11, 24))  # noqa: DTZ001
offsets = st.integers(min_value=-12 * 4, max_value=14 * 4).map(
    lambda quarter: timezone(quarter * timedelta(minutes=15))
)


@given(moments, offsets)
def test_iso_stamps_come_back(moment: datetime, offset: timezone) -> None:
    """Whatever `isoformat` writes is read as the same second."""
    stamp = moment.replace(microsecond=0, tzinfo=offset)
    found = parse_date(stamp.isoformat(), zone=SHANGHAI, now=NOW)
    assert found is not None
    assert found.at == stamp


@given(moments)
def test_chinese_days_come_back(moment: datetime) -> None:
    """A day written in Chinese is read as the same day of the zone."""
    found = parse_date(f"{moment.year}年{moment.month}月{moment.day}日", zone="Etc/UTC", now=NOW)
    assert found is not None
    assert found.at.date() == moment.date()


date_like = st.text(alphabet="0123456789-/.:年月日时分 前天今昨二〇十TZ+GMTJun,前小", max_size=60)


@given(st.one_of(st.text(max_size=300), date_like))
def test_no_text_raises(text: str) -> None:
    """Any text is read without an error, and what is found lies between the plausible years."""
    for found in (parse_date(text, zone=SHANGHAI, now=NOW), find_date(text, zone=SHANGHAI, now=NOW)):
        if found:
            assert FIRST_YEAR - 1 <= found.at.year <= NOW.year + 1
    date_from_url(text, zone=SHANGHAI)
