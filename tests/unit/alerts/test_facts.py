"""What a message says about an item."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from alerts.facts import item_facts
from core.alert import Told
from core.classification import Stage
from core.item import BodyOrigin, DateOrigin, DatePrecision
from core.outcome import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Any]

TEN_IN_SHANGHAI = datetime(2023, 6, 14, 2, 0, tzinfo=UTC)


def test_a_full_item(
    make_item: Make, make_source: Make, make_classification: Make, make_evidence: Make, make_published: Make
) -> None:
    """Issuer, source, both zones, evidence and numbers are gathered, each once."""
    judged = make_classification(
        topics=("metaverse", "web3"),
        evidence=(
            make_evidence(text="元宇宙", contribution=2.0),
            make_evidence(text="预算法", contribution=-1.0),
            make_evidence(text="行动方案", contribution=1.0),
            make_evidence(text="元宇宙", contribution=0.5),
            make_evidence(text="上海", contribution=0.0),
        ),
        documents=("上海市“元宇宙”关键技术攻关行动方案",),
        document_numbers=("沪科〔2023〕1号", "沪科〔2023〕2号"),
        score=0.934,
    )
    item = make_item(
        issuer="上海市科学技术委员会",
        document_numbers=("沪科〔2023〕1号",),
        published=make_published(at=TEN_IN_SHANGHAI),
        classification=judged,
    )
    facts = item_facts(Told(item=item, source=make_source(), reason="topic metaverse"))
    assert facts.who == "上海市科学技术委员会, on 链闻 (Chain Gazette)"
    assert facts.when == "2023-06-14 10:00 Shanghai (2023-06-14 02:00 UTC)"
    assert facts.words == ("元宇宙", "行动方案")
    assert facts.numbers == ("沪科〔2023〕1号", "沪科〔2023〕2号")
    assert facts.documents == ("上海市“元宇宙”关键技术攻关行动方案",)
    assert (facts.topic, facts.label, facts.score) == ("metaverse", "cn-sh plan", "0.93")
    assert (facts.route_reason, facts.note) == ("topic metaverse", "")


def test_an_item_that_was_never_judged(make_item: Make) -> None:
    """Without classification and source there is still something to say."""
    facts = item_facts(Told(item=make_item(title="\u200b", url="javascript:x", classification=None), source=None))
    assert (facts.title, facts.url, facts.who) == ("(no title)", "", "lianwen")
    assert (facts.topic, facts.label, facts.why, facts.score) == ("other", "", "", "")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, ""),
        ({"stage": Stage.REPEALED}, "repealed"),
        ({"stage": Stage.IN_FORCE, "effective_on": date(2026, 1, 1)}, "in force from 2026-01-01"),
        ({"stage": Stage.AMENDED, "effective_on": date(2026, 1, 1)}, "amended, from 2026-01-01"),
        ({"stage": Stage.DRAFT, "comments_until": date(2025, 8, 10)}, "draft, comments until 2025-08-10"),
        ({"effective_on": date(2026, 1, 1)}, "from 2026-01-01"),
    ],
)
def test_stage_and_day(make_item: Make, make_classification: Make, fields: dict[str, Any], told: str) -> None:
    """The stage is told with the day that goes with it."""
    item = make_item(classification=make_classification(**fields))
    assert item_facts(Told(item=item, source=None)).stage == told


def test_a_gloss_is_one_line(make_item: Make, make_classification: Make) -> None:
    """What the lexicon makes of a title is made safe like the title."""
    item = make_item(classification=make_classification(gloss="Notice\r\non \u202eAI"))
    assert item_facts(Told(item=item, source=None)).gloss == "Notice on AI"


def test_an_issuer_is_not_told_twice(make_item: Make, make_source: Make) -> None:
    """A source named after its issuer is named once."""
    source = make_source(issuer="上海市经信委", name="上海市经信委", name_en="上海市经信委")
    assert item_facts(Told(item=make_item(), source=source)).who == "上海市经信委"


def test_an_act_of_nobody_is_left_out(make_item: Make, make_classification: Make) -> None:
    """`none` is no word for a reader."""
    item = make_item(classification=make_classification(act="none", jurisdiction=None))
    assert (item_facts(Told(item=item, source=None)).act, item_facts(Told(item=item, source=None)).label) == ("", "")


@pytest.mark.parametrize(
    ("published", "zone", "when"),
    [
        ({"precision": DatePrecision.DAY, "at": datetime(2023, 6, 13, 16, tzinfo=UTC)}, "Asia/Shanghai", "2023-06-14"),
        (
            {"precision": DatePrecision.DAY, "at": datetime(2023, 6, 14, 4, tzinfo=UTC)},
            "America/New_York",
            "2023-06-14",
        ),
        ({"origin": DateOrigin.FIRST_SEEN, "at": TEN_IN_SHANGHAI}, "UTC", "first seen 2023-06-14 10:00 Shanghai"),
    ],
)
def test_how_sure_a_date_is(
    make_item: Make, make_source: Make, make_published: Make, *, published: dict[str, Any], zone: str, when: str
) -> None:
    """A bare day is told as the day in the source's zone, and a guess as a guess."""
    item = make_item(published=make_published(**published))
    told = item_facts(Told(item=item, source=make_source(zone=zone))).when
    assert told.startswith(when)
    assert "only the day is known" in told or "no usable date" in told


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"body_origin": BodyOrigin.LIST, "page_problem": Answer.BLOCKED}, "could not be read (blocked)"),
        ({"body_origin": BodyOrigin.LIST}, "Judged by what the list says."),
        ({"body_origin": BodyOrigin.NONE}, "Judged by the title alone."),
    ],
)
def test_what_a_reader_must_know(make_item: Make, fields: dict[str, Any], note: str) -> None:
    """An item that was not read from its page says so."""
    assert note in item_facts(Told(item=make_item(**fields), source=None)).note
