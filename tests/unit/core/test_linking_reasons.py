"""Why an item was joined to another, or was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.linking_features import compare
from core.linking_reasons import explain, explain_against
from core.story_traits import StoryTraits

ONE = StoryTraits(published_at=datetime(2024, 3, 12, 7, tzinfo=UTC), language="zh")


def reason(one: StoryTraits, other: StoryTraits) -> str:
    """Return why a pair may be one event."""
    return explain(one, other, compare(one, other))


def test_a_cited_number_is_named() -> None:
    """A report that names the number of a page cites it."""
    number = frozenset({"国办发〔2023〕10号"})
    page, press = replace(ONE, own_numbers=number), replace(ONE, numbers=number)
    assert reason(page, press) == reason(press, page) == "cites document number 国办发〔2023〕10号, within the hour"


def test_a_paper_that_only_its_matter_tells_is_told() -> None:
    """Titles in two languages are the same by what they are on."""
    paper = replace(ONE, subjects=frozenset({"~tech.humanoid rule"}))
    assert reason(paper, replace(paper, language="en")).startswith("a document of the same kind and subject")


def test_names_and_times_are_told() -> None:
    """At most two names, and days from the second on."""
    firm = replace(ONE, names={"larkbay": 0.9, "trurim": 0.8, "koinvale": 0.7}, words={1: 0.9, 2: 0.9, 3: 0.8})
    told = reason(firm, replace(firm, published_at=ONE.published_at + timedelta(days=3)))
    assert "both name larkbay, trurim" in told
    assert "much the same words" in told
    assert told.endswith("3 days apart")


def test_what_spoke_most_against_is_told() -> None:
    """Another round keeps apart; nothing is told where nothing speaks against."""
    third, fourth = replace(ONE, rounds=frozenset({"3"})), replace(ONE, rounds=frozenset({"4"}))
    assert explain_against(compare(third, fourth)) == "another round"
    assert explain_against(compare(third, third)) == ""
