"""What stories are to each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.classification import Stage
from core.item import ItemId, StoryId
from core.linking_kinship import MOST, find_kin
from core.stories import Relation
from core.story_traits import StoryCandidate, StoryTraits

AT = datetime(2024, 3, 12, 7, tzinfo=UTC)
EARLIER = StoryTraits(
    published_at=AT,
    language="zh",
    relevant=True,
    jurisdiction="cn",
    act="rule",
    stage=Stage.IN_FORCE,
    topics=("robotics",),
    own_numbers=frozenset({"工信部令第9号"}),
    subjects=frozenset({"关节模组质量管理办法"}),
    concepts={"tech.humanoid": 0.9},
    actors={"org.cn.miit": 0.8},
)


def kin_of(later: StoryTraits, *earlier: StoryTraits) -> list[tuple[StoryId, Relation, bool]]:
    """Return the kin of an item among stored ones of stories 1, 2 and so on."""
    stored = [
        StoryCandidate(item_id=ItemId(number), story_id=StoryId(number), traits=one)
        for number, one in enumerate(earlier, start=1)
    ]
    return [(story, relation, is_later) for story, relation, is_later, _ in find_kin(later, stored)]


def later(**fields: Any) -> StoryTraits:
    """Return traits of an item of half a year on that names the earlier paper."""
    values = {"own_numbers": frozenset(), **fields}
    return replace(EARLIER, published_at=AT + timedelta(days=180), **values)


@pytest.mark.parametrize(
    ("fields", "relation"),
    [
        ({"stage": Stage.AMENDED}, Relation.AMENDS),
        ({"stage": Stage.REPEALED}, Relation.AMENDS),
        ({"act": "enforcement", "stage": None}, Relation.ENFORCES),
        ({"jurisdiction": "cn-sh"}, Relation.IMPLEMENTS),
        ({"forwards": True}, Relation.IMPLEMENTS),
        ({}, Relation.FOLLOWS),
    ],
)
def test_what_a_later_act_is(fields: dict[str, Any], relation: Relation) -> None:
    """Stage, act and whose it is say what an act is to the one that it names."""
    assert kin_of(later(**fields), EARLIER) == [(1, relation, True)]


def test_a_paper_that_passes_another_on_carries_it_out() -> None:
    """Its title holds the other's, though it names no paper and is of the same days; other words alone do not tell."""
    words = {1: 1.0, 2: 1.0, 3: 1.0}
    bare = replace(EARLIER, subjects=frozenset(), own_numbers=frozenset(), concepts={}, words=words)
    passed_on = replace(bare, forwards=True, words=words | {4: 1.0}, jurisdiction="cn-gd")
    assert kin_of(passed_on, bare) == [(1, Relation.IMPLEMENTS, True)]
    assert kin_of(replace(passed_on, words={4: 1.0}), bare) == []
    assert kin_of(replace(passed_on, forwards=False), bare) == []


def test_a_final_form_finalises_its_draft() -> None:
    """Draft, then in force."""
    assert kin_of(later(), replace(EARLIER, act="draft", stage=Stage.DRAFT)) == [(1, Relation.FINALISES, True)]


def test_rounds_follow_each_other() -> None:
    """The fourth batch is the next round of the third."""
    third = replace(EARLIER, act="list", rounds=frozenset({"3"}))
    assert kin_of(later(act="list", rounds=frozenset({"4"})), third) == [(1, Relation.NEXT_ROUND, True)]


def test_acts_of_one_authority_in_one_week_are_siblings() -> None:
    """Without a paper in common nothing descends from the other."""
    sibling = replace(EARLIER, published_at=AT + timedelta(days=1), subjects=frozenset({"数据安全管理办法"}))
    assert kin_of(sibling, EARLIER) == [(1, Relation.SIBLING, True)]


def test_a_cited_number_ties() -> None:
    """An item on the same matter that cites the earlier paper's number is its kin, and says so."""
    citing = later(subjects=frozenset(), concepts={}, numbers=frozenset({"工信部令第9号"}), stage=Stage.AMENDED)
    (kin,) = find_kin(citing, [StoryCandidate(item_id=ItemId(1), story_id=StoryId(1), traits=EARLIER)])
    assert kin[1] is Relation.AMENDS
    assert kin[3].endswith("cites its number")


@pytest.mark.parametrize(
    "fields",
    [
        {"subjects": frozenset(), "concepts": {"tech.chips": 0.9}},
        {"jurisdiction": "hk"},
        {"jurisdiction": "cn-sh", "subjects": frozenset(), "concepts": {"tech.chips": 0.9}},
        {"subjects": frozenset(), "names": {}},
    ],
)
def test_other_matters_and_other_places_are_no_kin(fields: dict[str, Any]) -> None:
    """Another technology, another jurisdiction, or the same technology half a year on without a paper tie nothing."""
    assert kin_of(later(**fields), EARLIER) == []


def test_the_strongest_tie_of_each_story_counts_and_few_are_kept() -> None:
    """A story is kin once, and of many stories only those with the strongest ties are."""
    stored = [
        StoryCandidate(item_id=ItemId(number), story_id=StoryId(number // 2), traits=EARLIER) for number in range(20)
    ]
    found = find_kin(later(), stored)
    assert len({story for story, *_ in found}) == len(found) == MOST
