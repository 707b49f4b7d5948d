"""Which story an item joins, why, and to what it is related."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.classification import Stage
from core.item import ItemId, StoryId
from core.linking import decide, weigh
from core.linking_features import FEATURES
from core.linking_weights import BRIDGE, JOIN, WEIGHTS
from core.stories import Relation
from core.story_traits import StoryCandidate, StoryTraits

AT = datetime(2024, 3, 12, 7, tzinfo=UTC)
DRAFT = StoryTraits(
    published_at=AT,
    language="zh",
    relevant=True,
    is_official=True,
    jurisdiction="cn",
    act="draft",
    stage=Stage.DRAFT,
    topics=("robotics",),
    subjects=frozenset({"人形机器人关节模组质量管理办法", "~tech.humanoid rule"}),
    concepts={"tech.humanoid": 0.9, "tech.joint": 0.7},
    actors={"org.cn.miit": 0.8},
    places={"place.cn": 0.4},
    figures={"count 5000": 0.6, "day 04-12": 0.6},
    words={1: 0.8, 2: 0.7, 3: 0.6, 4: 0.5},
    meanings={11: 0.8, 12: 0.7, 13: 0.5},
)
REPORT = replace(
    DRAFT,
    published_at=AT + timedelta(hours=20),
    language="en",
    is_official=False,
    subjects=frozenset(),
    words={},
    meanings={11: 0.7, 12: 0.7, 14: 0.5},
)
OTHER = StoryTraits(
    published_at=AT,
    language="zh",
    relevant=True,
    jurisdiction="cn-sh",
    act="funding",
    topics=("chips",),
    concepts={"tech.chips": 0.9},
    actors={"org.cn-sh.government": 0.8},
    places={"place.cn-sh": 0.9},
    words={21: 0.8, 22: 0.7},
)


def candidate(traits: StoryTraits, *, item: int = 1, story: int = 1, is_copy: bool = False) -> StoryCandidate:
    """Return a stored item."""
    return StoryCandidate(item_id=ItemId(item), story_id=StoryId(story), traits=traits, is_copy=is_copy)


def later(traits: StoryTraits, **fields: Any) -> StoryTraits:
    """Return traits half a year on."""
    return replace(traits, published_at=AT + timedelta(days=180), **fields)


def test_an_item_without_candidates_begins_a_story() -> None:
    """Nothing to join, nothing to say."""
    decision = decide(DRAFT, ())
    assert decision.story_id is None
    assert not decision.kin


def test_a_report_in_another_language_joins_and_says_why() -> None:
    """The same authority, act, topics and figures tie an English report to the Chinese draft."""
    decision = decide(REPORT, (candidate(OTHER, item=2, story=2), candidate(DRAFT)))
    assert decision.story_id == 1
    assert decision.probability >= JOIN
    assert "2 shared figures (5000)" in decision.reason
    assert "20 hours apart" in decision.reason


def test_another_matter_is_not_joined_and_says_why_not() -> None:
    """An act of another authority on another technology is another story."""
    decision = decide(OTHER, (candidate(DRAFT),))
    assert decision.story_id is None
    assert decision.probability < JOIN
    assert "; but " in decision.reason


def test_a_copy_joins() -> None:
    """A copy tells the event of its original, whatever else is known."""
    bare = StoryTraits(published_at=AT, language="zh")
    assert decide(bare, (candidate(bare, is_copy=True),)).reason.startswith("a copy of its text")
    assert decide(bare, (candidate(bare, is_copy=True),)).story_id == 1


def test_the_same_number_joins() -> None:
    """Two pages with one document number are one event."""
    number = frozenset({"国办发〔2023〕10号"})
    bare = StoryTraits(published_at=AT, language="zh", own_numbers=number)
    decision = decide(replace(bare, published_at=AT + timedelta(days=2)), (candidate(bare),))
    assert decision.story_id == 1
    assert decision.reason == "same document number 国办发〔2023〕10号, 2 days apart"


def test_stories_that_an_item_ties_together_are_merged() -> None:
    """Where two stories are both surely its own, the item shows them to be the same."""
    decision = decide(DRAFT, (candidate(DRAFT, item=1, story=1), candidate(DRAFT, item=2, story=2)))
    assert decision.probability > BRIDGE
    assert decision.story_id == 1
    assert decision.same == (2,)


def test_two_papers_of_one_authority_on_one_day_are_two_stories() -> None:
    """The press reports both in much the same words, and names each: the official page of one is not the other's."""
    press = replace(
        OTHER,
        act="plan",
        topics=(),
        concepts={},
        subjects=frozenset({"元宇宙关键技术攻关行动方案"}),
        figures={"years 2023-2025": 0.6},
        words={1: 0.5, 2: 0.5, 3: 0.5, 4: 0.4, 5: 0.2},
    )
    page = replace(
        press,
        is_official=True,
        subjects=frozenset({"推动制造业高质量发展三年行动计划"}),
        words={1: 0.5, 2: 0.5, 3: 0.5, 6: 0.4, 7: 0.2},
    )
    decision = decide(page, [candidate(press)])
    assert decision.story_id is None
    assert "other papers" in decision.reason
    assert decide(replace(page, subjects=press.subjects), [candidate(press)]).story_id == StoryId(1)


def test_final_form_is_kept_apart_and_related() -> None:
    """The final rule half a year on is another story that finalises the draft's."""
    final = later(DRAFT, act="rule", stage=Stage.IN_FORCE)
    decision = decide(final, (candidate(DRAFT),))
    assert decision.story_id is None
    assert [(story, relation, is_later) for story, relation, is_later, _ in decision.kin] == [
        (1, Relation.FINALISES, True)
    ]
    assert "人形机器人关节模组质量管理办法" in decision.kin[0][3]


def test_a_draft_that_is_seen_after_the_final_form_is_the_earlier_one() -> None:
    """Which is later goes by publication, not by arrival."""
    final = later(DRAFT, act="rule", stage=Stage.IN_FORCE)
    assert decide(DRAFT, (candidate(final),)).kin[0][1:3] == (Relation.FINALISES, False)


def test_a_local_plan_under_a_national_one_implements_it() -> None:
    """A paper of a lower authority that names the higher one's is kept apart and related."""
    local = later(
        OTHER,
        topics=("robotics",),
        concepts={"tech.humanoid": 0.9},
        documents=frozenset({"人形机器人关节模组质量管理办法"}),
    )
    local = replace(local, published_at=AT + timedelta(days=360))
    decision = decide(local, (candidate(later(DRAFT, act="rule", stage=Stage.IN_FORCE)),))
    assert decision.story_id is None
    assert decision.kin[0][1] is Relation.IMPLEMENTS


def test_the_next_round_is_related() -> None:
    """Batches of one list are kept apart and related."""
    first = replace(DRAFT, act="list", stage=Stage.IN_FORCE, subjects=frozenset(), rounds=frozenset({"3"}))
    second = later(first, rounds=frozenset({"4"}))
    decision = decide(second, (candidate(first),))
    assert decision.story_id is None
    assert decision.kin[0][1] is Relation.NEXT_ROUND


def test_weights_have_the_sign_they_are_meant_to_have() -> None:
    """No feature that speaks for one event weighs against it, and the other way round."""
    assert WEIGHTS.keys() <= FEATURES.keys()
    assert all(weight * FEATURES[name] >= 0 for name, weight in WEIGHTS.items())


def test_more_in_common_never_weighs_less() -> None:
    """Adding any feature moves the odds to the side it speaks for."""
    for name, sign in FEATURES.items():
        assert (weigh({name: 1.0}) - weigh({})) * sign >= 0
