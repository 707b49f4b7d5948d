"""Which items tell the same event."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.item import ItemId
from core.story import find_story, same_event

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.classification import Classification
    from core.item import Item, Published

    Report = Callable[..., Item]

PLAN = "上海市推动制造业高质量发展三年行动计划（2023-2025年）"
PLAN_EN = "Three-Year Action Plan for Promoting High-Quality Development of Manufacturing (2023-2025)"
OTHER = "上海市“元宇宙”关键技术攻关行动方案（2023-2025年）"


@pytest.fixture
def report(
    make_item: Callable[..., Item],
    make_classification: Callable[..., Classification],
    make_published: Callable[..., Published],
    now: datetime,
) -> Report:
    """Maker of relevant items: fields of the classification, and `days` after `now` as publish time."""

    def make(
        n: int = 1,
        *,
        days: float = 0,
        documents: tuple[str, ...] = (PLAN,),
        judged: dict[str, Any] | None = None,
        **fields: Any,
    ) -> Item:
        classification = make_classification(documents=documents, **(judged or {}))
        published = make_published(at=now + timedelta(days=days))
        return make_item(n, **{"published": published, "classification": classification, **fields})

    return make


def test_two_reports_that_name_one_document_are_one_event(report: Report) -> None:
    """The first document named is what an item is about, however its title is spelt."""
    other = report(2, documents=("上海市推动制造业高质量发展三年行动计划(2023—2025年)",))
    assert same_event(report(1), other).startswith("same document")


def test_a_document_in_the_title_goes_before_one_named_first(report: Report) -> None:
    """An item is about the document in its title, though its text names another one first."""
    about_other = report(2, title=f"解读《{OTHER}》", documents=(PLAN, OTHER))
    assert same_event(report(1), about_other) == ""
    assert same_event(report(3, documents=(OTHER,)), about_other) != ""


def test_one_number_is_one_event(report: Report) -> None:
    """Items that carry the same document number tell the same event."""
    numbers = ("沪府办发〔2023〕10号",)
    one, other = report(1, documents=(), document_numbers=numbers), report(2, document_numbers=numbers)
    assert same_event(one, other) == "same document 沪府办发〔2023〕10号"


@pytest.mark.parametrize(
    "judged", [{"jurisdiction": "cn-bj"}, {"jurisdiction": None}, {"act": "draft"}], ids=["city", "nobody", "stage"]
)
def test_authority_and_act_keep_events_apart(report: Report, judged: dict[str, Any]) -> None:
    """Another authority or another kind of act is another event, though the document has the same name."""
    assert same_event(report(1), report(2, judged=judged)) == ""


def test_time_keeps_events_apart(report: Report) -> None:
    """Reports of one event are days apart, not weeks."""
    assert same_event(report(1), report(2, days=3.9)) != ""
    assert same_event(report(1), report(2, days=4.1)) == ""


def test_what_is_not_judged_is_no_event(report: Report) -> None:
    """An item that waits for its classification joins nothing."""
    waiting = report(2, classification=None)
    assert same_event(report(1), waiting) == same_event(waiting, report(1)) == ""


def test_languages_are_joined_by_topics_and_period(report: Report) -> None:
    """An English report is tied to the Chinese document by authority, act, topics and the years it covers."""
    topics = {"topics": ("blockchain", "web3", "metaverse")}
    chinese = report(1, text="行动计划覆盖2023至2025年。", judged=topics)
    english = report(2, language="en", text=f"The {PLAN_EN}.", documents=(PLAN_EN,), judged=topics)
    assert same_event(chinese, english) == "same authority, act, topics and period 2023-2025"


@pytest.mark.parametrize(
    ("topics", "text"),
    [
        (("blockchain", "web3"), "No years are named."),
        (("blockchain", "web3"), "It covers 2026-2030."),
        (("web3", "ai"), "It covers 2023-2025."),
        (("blockchain",), "It covers 2023-2025."),
    ],
)
def test_languages_are_not_joined_on_less(report: Report, topics: tuple[str, ...], text: str) -> None:
    """Without a shared period or enough shared topics two languages tell two events."""
    chinese = report(1, text="覆盖2023-2025年。", judged={"topics": ("blockchain", "web3", "metaverse")})
    english = report(2, language="en", text=text, documents=(), title="A plan", judged={"topics": topics})
    assert same_event(chinese, english) == ""


def test_one_language_is_not_joined_by_topics(report: Report) -> None:
    """Within a language documents can be compared, so topics and years are not enough."""
    one = report(1, text="2023-2025年", judged={"topics": ("blockchain", "web3")})
    other = report(2, text="2023-2025年", documents=(OTHER,), judged={"topics": ("blockchain", "web3")})
    assert same_event(one, other) == ""


def test_the_first_candidate_gives_its_story(report: Report) -> None:
    """A candidate's story is taken, or the candidate itself where it began one; without any there is none."""
    unlike, like = report(2, documents=(OTHER,)), report(3, story_id=ItemId(1))
    assert find_story(report(9), [unlike, like]) == 1
    assert find_story(report(9), [report(4)]) == 4
    assert find_story(report(9), [unlike]) is None


def test_a_headline_that_quotes_the_document_without_brackets_is_the_same_event(report: Report) -> None:
    """A flash whose headline holds the title of another item's document tells of that document."""
    flash = report(2, title=f"上海印发{PLAN}", documents=())
    assert same_event(report(1), flash) != ""
    assert same_event(flash, report(1)) != ""


def test_readers_may_name_the_issuing_of_one_document_differently(report: Report) -> None:
    """Plan or guideline, it is one document; enforcement under it is another event."""
    assert same_event(report(1), report(2, judged={"act": "guideline"})) != ""
    assert same_event(report(1), report(2, judged={"act": "enforcement"})) == ""


def test_a_title_that_is_everybodys_ties_nothing(report: Report) -> None:
    """Two cities' `实施方案` are not one document."""
    assert same_event(report(1, documents=("实施方案",)), report(2, documents=("实施方案",))) == ""


def test_an_official_page_is_about_its_own_title(report: Report) -> None:
    """An item with a document number is the document that its title names, whatever it cites."""
    page = report(1, title=PLAN, documents=(OTHER,), document_numbers=("沪府办发〔2023〕10号",))
    assert same_event(page, report(2, documents=(PLAN,))) != ""
