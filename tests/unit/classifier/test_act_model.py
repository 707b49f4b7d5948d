"""Tests of the model that weighs what speaks for kinds of act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.act_cues import find_cues
from classifier.act_model import ActModel, act_features, load_act_model
from core.classification import ACTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading

MODEL = ActModel({"plan": 0.5, "ban": 0.0, "tax": 0.0}, {"title~ban": {"ban": 1.0, "plan": -0.25}})


def test_the_highest_score_wins() -> None:
    """Intercepts decide where nothing is seen, weights where something is; unknown features weigh nothing."""
    assert MODEL.choose({}) == "plan"
    assert MODEL.choose({"title~ban": 1.0, "nosuch": 9.0}) == "ban"
    assert ActModel({"tax": 0.0, "ban": 0.0}, {}).choose({}) == "ban"


def test_a_leader_stays_unless_beaten_clearly() -> None:
    """The lead goes to the leader alone, and to none that no item had."""
    assert MODEL.choose({"title~ban": 1.0}, leader="plan", lead=0.8) == "plan"
    assert MODEL.choose({"title~ban": 1.0}, leader="plan", lead=0.7) == "ban"
    assert MODEL.choose({}, leader="none", lead=9.0) == "plan"


def test_the_shipped_model_is_whole() -> None:
    """It knows every act but `none`, and weighs only acts it knows."""
    model = load_act_model()
    assert set(model.intercepts) == set(ACTS) - {"none"}
    assert all(set(by_act) <= set(model.intercepts) for by_act in model.weights.values())


def test_features_are_those_of_the_model(read: Callable[..., Reading]) -> None:
    """Votes, their leader and cues bear the names under which the file weighs them."""
    features = act_features(read("某市禁止挖矿", "严禁挖矿。违者处罚。"), {"ban": 3.0, "rule": 1.0}, "ban")
    assert features["share:ban"] == pytest.approx(2.25)
    assert features["leader:ban"] > 0
    assert {"votes:rule", "title~ban", "opening~ban", "lead~enforcement"} <= set(features)
    assert {"leader:ban", "title~ban", "share:ban"} <= set(load_act_model().weights)


@pytest.mark.parametrize(
    ("title", "text", "cues"),
    [
        ("City bans coin mining, banned again", "", {"title~ban": 1.3}),
        ("Banana exports", "", {}),
        ("某局发放补贴", "", {"title~funding": 1.0}),
        ("", "法院判决。补贴。", {"opening~ruling": 1.3, "lead~ruling": 1.0, "lead~funding": 0.5}),
    ],
)
def test_cues_by_zone(title: str, text: str, cues: dict[str, float], read: Callable[..., Reading]) -> None:
    """A cue counts a little more when it comes twice; English ones are whole words."""
    found = find_cues(read(title, text))
    assert {name: found.get(name) for name in cues} == cues
    if not cues:
        assert "title~ban" not in found
