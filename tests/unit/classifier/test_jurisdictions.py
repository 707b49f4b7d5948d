"""Tests of whose authority acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.actors import find_deed
from classifier.jurisdictions import find_jurisdiction

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.matching import LexiconMatcher
    from classifier.reading import Reading


def _code(reading: Reading, *, is_official: bool = False) -> str | None:
    deeds = tuple(find_deed(reading, clause) for clause in reading.clauses)
    return find_jurisdiction(reading, deeds, is_official=is_official)


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("工信部印发行动计划", "", "cn"),
        ("上海：三年计划出炉", "", "cn-sh"),
        ("杭州市人民政府出台若干措施", "", "cn-zj"),
        ("深圳发布低空条例", "", "cn-sz"),
        ("美SEC起诉某交易所", "", "us"),
        ("證監會發表諮詢總結", "", "hk"),
        ("金管會公布草案", "", "tw"),
        ("FCA consults on crypto rules", "", "gb"),
        ("Europe approves AI Act", "The European Parliament voted on Wednesday.", "eu"),
        ("FATF updates its guidance", "", "intl"),
        (
            "Another Chinese city bets on virtual worlds",
            "Nanjing's municipal government has issued a plan. China wants more.",
            "cn-js",
        ),
        ("Chinese regulators ban coin trading", "The People's Bank of China said Friday.", "cn"),
        ("Nigeria's Securities and Exchange Commission amends rules", "", "ng"),
        ("泰国财政部公布草案", "", "th"),
        ("Vietnam’s Ministry of Science and Technology drafts AI rules", "", "vn"),
        ("针对美国，商务部发布公告", "", "cn"),
        ("Beijing tells carmakers to stop", "Chinese officials have ordered a halt.", "cn"),
        (
            "Beijing offers computing vouchers",
            "The Beijing municipal government issued measures. China waits.",
            "cn-bj",
        ),
        (
            "A Chinese city bets on drones",
            "The municipal government in the valley near Chengdu will pay. China has many plans.",
            "cn-sc",
        ),
        ("Market news", "", None),
        ("大模型备案开闸", "", "cn"),
        ("穩定幣觀察", "", None),
    ],
)
def test_codes(title: str, text: str, code: str | None, read: Callable[..., Reading]) -> None:
    """Named authorities, acting places, and sorts of bodies beside a place say whose act it is."""
    assert _code(read(title, text)) == code


def test_source_speaks_for_itself_unless_the_title_names_another(read: Callable[..., Reading]) -> None:
    """An authority's own page is its own act; one that passes on another's names it."""
    assert _code(read("关于印发行动方案的通知", jurisdiction="cn-sh"), is_official=True) == "cn-sh"
    assert _code(read("国务院关于印发行动方案的通知", jurisdiction="cn-sh"), is_official=True) == "cn"


def test_a_paper_on_a_place_is_that_places(read: Callable[..., Reading]) -> None:
    """The centre's site carries Shanghai's paper: the title's only name is Shanghai."""
    assert _code(read("关于全面推进上海城市数字化转型的意见", jurisdiction="cn"), is_official=True) == "cn-sh"


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("Beijing's Chaoyang district bars crypto events", "", "cn-bj"),
        ("China's Hangzhou pays for agents", "The bureau in Hangzhou will pay.", "cn-zj"),
        ("China's MIIT praises Hangzhou", "", "cn"),
        ("財政部：出售虛擬資產應課稅", "新臺幣計價的部分由行政院核定。", "tw"),
        ("财政部：出售虚拟资产应课税", "台湾地区的做法不同。", "cn"),
        ("Diet passes 100 billion yen stake", "", "jp"),
        ("A 10 billion yuan fund for chips", "", "cn"),
        ("家長須知", "資助上限為港幣五千元。", "hk"),
        ("Seattle court jails founder", "", "us"),
        ("国家税务总局大连市税务局公告", "", "cn-ln"),
        ("外汇局上海市分局通报三起案件", "", "cn-sh"),
        ("工信部上海调研座谈会举行", "", "cn"),
    ],
)
def test_classes_of_texts_that_do_not_say_whose_they_are(
    title: str, text: str, code: str | None, read: Callable[..., Reading]
) -> None:
    """A part named in the title, Taiwan's ministries, and sums of money say it for them."""
    assert _code(read(title, text)) == code


def test_the_issuer_goes_before_the_source(read: Callable[..., Reading], matcher: LexiconMatcher) -> None:
    """A page of the centre's site that Shanghai's commission issued is Shanghai's; a sort of body is its place's."""
    reading = read("关于印发行动方案的通知", jurisdiction="cn")
    for issuer, code in (("上海市经济和信息化委员会", "cn-sh"), ("杭州市互联网法院", "cn-zj"), ("某报社", "cn")):
        assert find_jurisdiction(reading, (), is_official=True, issuer=matcher.find(issuer)) == code
