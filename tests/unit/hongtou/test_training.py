"""Tests of the train use case."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from classifier.lexicon_classifier import LexiconClassifier
from classifier.model import hand_model
from classifier.model_file import model_to_json
from core.errors import ConfigError
from hongtou.evaluation import read_labelled
from hongtou.training import read_training, stale_parts, train, training_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.lexicon import Lexicon
    from hongtou.evaluation import LabelledItem
    from hongtou.training import TrainingReport

PLACES = ("上海", "北京", "深圳", "杭州", "成都", "武汉", "南京", "合肥", "西安", "青岛", "苏州", "天津")


def _items() -> tuple[LabelledItem, ...]:
    rows = []
    for index, place in enumerate(PLACES):
        policy = {"title": f"{place}市政府印发区块链行动方案", "relevant": True, "kind": "official", "hard": index == 0}
        market = {"title": f"{place}区块链概念股大涨", "relevant": False, "kind": "market", "body": "股价涨停。"}
        rows += [
            policy | {"id": f"a{index}", "lang": "zh", "story": f"s{index}"},
            market | {"id": f"b{index}", "lang": "zh", "story": f"s{index}", "voice": "press"},
        ]
    return read_labelled([json.dumps(row) for row in rows])


def _begin(_name: str, _total: int) -> Callable[[], None]:
    return lambda: None


@pytest.fixture(scope="module")
def train_on(lexicon: Lexicon) -> Callable[[tuple[LabelledItem, ...]], TrainingReport]:
    """Return a trainer in two folds by the shipped lexicon."""
    read = LexiconClassifier(lexicon, threshold=0.5, model=hand_model()).read
    return lambda items: train(items, read, lexicon_version=lexicon.version, folds=2, begin=_begin)


@pytest.fixture(scope="module")
def report(train_on: Callable[[tuple[LabelledItem, ...]], TrainingReport]) -> TrainingReport:
    """Return the report of one training."""
    return train_on(_items())


def test_the_report_tells_what_was_seen_and_how_good_it_is(report: TrainingReport) -> None:
    """Figures are of unseen stories, by language, kind and hardness."""
    shown = report.to_json()
    json.dumps(shown)
    assert (shown["items"], shown["stories"], shown["folds"]) == (24, 12, 2)
    assert shown["cross_validation"]["f1"] == 1.0
    assert list(shown["by_kind"]) == ["official", "market"]
    assert shown["hard"]["counts"]["true_positives"] == 1
    assert sum(row["items"] for row in shown["reliability"]["bins"]) == 24
    assert "no-technology" in shown["weights"]


def test_the_model_knows_what_it_was_fitted_with(report: TrainingReport, lexicon: Lexicon) -> None:
    """It is up to date with these items, this lexicon and these features, and stale with any others."""
    assert stale_parts(report.model, _items(), lexicon.version) == ()
    assert stale_parts(report.model, _items()[1:], "other") == ("training items", "lexicon")
    older = replace(report.model, fitted=replace(report.model.fitted, program="older"))
    assert stale_parts(older, _items(), lexicon.version) == ("features",)


def test_training_is_repeatable_in_any_order(
    report: TrainingReport, train_on: Callable[[tuple[LabelledItem, ...]], TrainingReport]
) -> None:
    """The same items give the same file."""
    again = train_on(tuple(reversed(_items())))
    assert model_to_json(again.model) == model_to_json(report.model)


def test_the_digest_follows_what_is_fitted_to() -> None:
    """A verdict changes it; a topic, which no fit looks at, does not."""
    first, *others = _items()
    digest = training_digest([first, *others])
    assert training_digest([*others, first]) == digest
    assert training_digest([replace(first, topics=("ai",)), *others]) == digest
    assert training_digest([replace(first, relevant=False), *others]) != digest


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    """Every `.jsonl` counts, faults name their file, and nothing at all is a fault."""
    with pytest.raises(ConfigError, match="holds no items"):
        read_training(tmp_path)
    for name in ("b.jsonl", "a.jsonl"):
        (tmp_path / name).write_text(json.dumps({"title": name, "relevant": True}), encoding="utf-8")
    (tmp_path / "README.md").write_text("no item", encoding="utf-8")
    assert [item.title for item in read_training(tmp_path)] == ["a.jsonl", "b.jsonl"]
    (tmp_path / "c.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"c\.jsonl:1"):
        read_training(tmp_path)
