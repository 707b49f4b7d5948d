"""How two items compare."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classification import Stage
from core.linking_features import FEATURES, compare, is_above, is_apart, is_elsewhere, overlap, same_paper
from core.story_traits import StoryTraits

AT = datetime(2024, 3, 12, 7, tzinfo=UTC)


def traits(**fields: Any) -> StoryTraits:
    """Return traits of an item of 12 March 2024."""
    return replace(StoryTraits(published_at=AT, language="zh"), **fields)


SOME = st.builds(
    traits,
    published_at=st.integers(0, 400).map(lambda days: AT + timedelta(days=days)),
    language=st.sampled_from(["zh", "en"]),
    relevant=st.booleans(),
    is_official=st.booleans(),
    jurisdiction=st.sampled_from(["", "cn", "cn-sh", "hk"]),
    act=st.sampled_from(["none", "plan", "ban", "draft"]),
    stage=st.none() | st.sampled_from(Stage),
    topics=st.sampled_from([(), ("ai",), ("ai", "chips"), ("nft",)]),
    own_numbers=st.sampled_from([frozenset(), frozenset({"a〔2023〕1号"}), frozenset({"b〔2023〕2号"})]),
    numbers=st.sampled_from([frozenset(), frozenset({"a〔2023〕1号"})]),
    subjects=st.sampled_from(
        [frozenset(), frozenset({"算力管理办法", "~tech.a rule"}), frozenset({"~tech.a rule"}), frozenset({"数据条例"})]
    ),
    concepts=st.sampled_from([{}, {"tech.a": 0.9}, {"tech.a": 0.6, "tech.b": 0.3}]),
    actors=st.sampled_from([{}, {"org.cn.ndrc": 0.9}, {"org.cn.pbc": 0.9}]),
    places=st.sampled_from([{}, {"place.cn": 0.6}, {"place.cn-sh": 0.9}, {"place.hk": 0.8}]),
    figures=st.sampled_from([{}, {"money 5e+08": 0.8}, {"money 7e+08": 0.8, "years 2023-2025": 0.5}]),
    rounds=st.sampled_from([frozenset(), frozenset({"1"}), frozenset({"2"})]),
    names=st.sampled_from([{}, {"larkbay": 0.9}, {"trurim": 0.9}]),
    words=st.sampled_from([{}, {1: 0.5, 2: 0.4}, {2: 0.9}]),
    meanings=st.sampled_from([{}, {1: 0.5, 2: 0.4}, {2: 0.9}]),
    is_roundup=st.booleans(),
    forwards=st.booleans(),
    vector=st.sampled_from([(), (1.0, 0.0), (0.6, 0.8)]),
)


@given(SOME, SOME, st.booleans())
def test_the_order_of_a_pair_does_not_matter(one: StoryTraits, other: StoryTraits, is_copy: bool) -> None:
    """Both ways round a pair has the same features, all of them known and none negative."""
    features = compare(one, other, is_copy=is_copy)
    back = compare(other, one, is_copy=is_copy)
    assert features == pytest.approx(back)
    assert features.keys() <= FEATURES.keys()
    assert all(value > 0 for value in features.values())


@given(SOME)
def test_nothing_keeps_an_item_apart_from_itself(one: StoryTraits) -> None:
    """An item and itself have no feature that speaks against them but that both are of an authority."""
    against = {name for name in compare(one, one) if name.endswith("-apart") or name in ("paper-stage", "roundup")}
    assert against == set()


def test_numbers_of_papers_are_compared() -> None:
    """A number that both papers have, that one cites, and two numbers are three things."""
    first, second = frozenset({"国办发〔2023〕10号"}), frozenset({"沪府〔2023〕2号"})
    own = traits(own_numbers=first)
    assert compare(own, traits(own_numbers=first))["number"] == 1
    assert compare(own, traits(numbers=first))["number-cited"] == 1
    assert compare(own, traits(own_numbers=second))["number-apart"] == 1


def test_a_paper_is_known_with_more_around_its_name() -> None:
    """A name within a longer one, and names with most characters in common and the same digits, are one paper."""
    plain, long = frozenset({"关节模组质量管理办法"}), frozenset({"工业和信息化部关节模组质量管理办法"})
    assert same_paper(plain, long) == same_paper(long, plain)
    assert same_paper(plain, frozenset({"数据条例"})) == ""
    assert same_paper(frozenset({"成都市产业方案2023-2025"}), frozenset({"成都市产业方案2025-2028"})) == ""
    assert same_paper(frozenset({"成都市脑机接口产业攻坚方案"}), frozenset({"成都脑机接口产业攻坚方案"})) != ""
    assert same_paper(frozenset({"~tech.a rule"}), frozenset({"~tech.a rule"})) == ""


def test_other_stages_of_one_paper_count_by_themselves() -> None:
    """A draft and its final form share the paper, and are kept apart by it."""
    key = frozenset({"关节模组质量管理办法"})
    draft, final = traits(subjects=key, stage=Stage.DRAFT), traits(subjects=key, stage=Stage.IN_FORCE)
    features = compare(draft, final)
    assert features["paper"] == features["paper-stage"] == features["stage-apart"] == 1
    assert compare(draft, draft)["draft"] == 1


def test_overlap_is_by_what_both_speak_of() -> None:
    """What is shared is the smaller weight; the share is by the geometric mean."""
    assert overlap({"a": 0.8, "b": 0.2}, {"a": 0.5}) == pytest.approx((0.5, 0.5 / (1.0 * 0.5) ** 0.5))
    assert overlap({"a": 1.0}, {"b": 1.0}) == (0.0, 0.0)


def test_only_what_is_named_firmly_sets_items_apart() -> None:
    """A name in passing sets nothing apart, and neither does one that the other has in passing."""
    assert is_apart({"a": 0.9}, {"b": 0.9})
    assert not is_apart({"a": 0.9}, {"b": 0.2})
    assert not is_apart({"a": 0.9}, {"b": 0.9, "a": 0.1})


def test_a_place_within_another_is_not_elsewhere() -> None:
    """Suzhou is in Jiangsu and in China, and elsewhere than Nanjing; the innermost places count."""
    suzhou = {"place.cn-js.suzhou": 0.9, "place.cn": 0.8}
    assert not is_elsewhere(suzhou, {"place.cn-js": 0.9})
    assert not is_elsewhere(suzhou, {"place.cn": 0.9})
    assert is_elsewhere(suzhou, {"place.cn-js.nanjing": 0.9, "place.cn": 0.9})
    assert not is_elsewhere(suzhou, {})


def test_jurisdictions_lie_within_each_other() -> None:
    """`cn` holds `cn-sh`, and nothing holds itself."""
    assert is_above("cn", "cn-sh")
    assert not is_above("cn", "cn")
    assert not is_above("", "cn")
    assert compare(traits(jurisdiction="cn"), traits(jurisdiction="cn-sh"))["jurisdiction-above"] == 1
    assert compare(traits(jurisdiction="hk"), traits(jurisdiction="cn-sh"))["jurisdiction-apart"] == 1


def test_words_count_within_a_language_and_meanings_across() -> None:
    """Chinese and English words are never compared."""
    chinese, english = (
        traits(words={1: 0.5}, meanings={2: 0.5}),
        traits(words={1: 0.5}, meanings={2: 0.5}, language="en"),
    )
    assert "words" in compare(chinese, chinese)
    assert "meanings" in compare(chinese, english)
    assert "words" not in compare(chinese, english)


def test_time_counts_more_after_the_days_of_news() -> None:
    """Within four days nothing is late."""
    first = traits()
    assert "late" not in compare(first, traits(published_at=AT + timedelta(days=4)))
    assert compare(first, traits(published_at=AT + timedelta(days=30)))["late"] > 1


def test_vectors_of_one_length_are_compared() -> None:
    """The cosine counts where both have a vector, and never below nought."""
    assert compare(traits(vector=(1.0, 0.0)), traits(vector=(0.6, 0.8)))["meaning"] == pytest.approx(0.6)
    assert "meaning" not in compare(traits(vector=(1.0, 0.0)), traits(vector=(-1.0, 0.0)))
    assert "meaning" not in compare(traits(vector=(1.0,)), traits(vector=(1.0, 0.0)))
