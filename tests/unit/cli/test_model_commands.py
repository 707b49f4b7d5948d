"""Tests of the commands that fit and measure the model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import ConfigError
from hongtou.cli import train_command

if TYPE_CHECKING:
    from pathlib import Path

FEED = """<rss version="2.0"><channel><title>t</title>
<item><title>上海市政府印发区块链行动方案</title><link>https://a.example/1</link><description>方案提出三项任务。</description></item>
<item><title>比特币大涨</title><link>https://a.example/2</link><description>行情火热。</description></item>
</channel></rss>"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder of a few training items."""
    folder = tmp_path / "items"
    folder.mkdir()
    rows = []
    for place in ("上海", "北京", "深圳", "杭州", "成都", "武汉"):
        rows.append(
            {"id": place, "title": f"{place}市政府印发区块链方案", "relevant": True, "lang": "zh", "kind": "official"}
        )
        rows.append(
            {"id": place + "2", "title": f"{place}区块链概念股大涨", "relevant": False, "lang": "zh", "kind": "market"}
        )
    (folder / "few.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_train_writes_a_model_and_says_how_good_it_is(commands: Any, data: Path, tmp_path: Path) -> None:
    """Figures and weights are shown, the file is written, and is then up to date."""
    model = tmp_path / "model.json"
    shown = commands("train", "--data", str(data), "--out", str(model), "--folds", "2")
    assert shown.exit_code == 0, shown.output
    assert "calibration error" in shown.output
    assert "heaviest: no-technology" in shown.output
    assert json.loads(model.read_text(encoding="utf-8"))["fitted"]["items"] == 12
    assert "is up to date" in commands("train", "--data", str(data), "--out", str(model), "--check").output
    (data / "more.jsonl").write_text(json.dumps({"title": "新", "relevant": False}), encoding="utf-8")
    stale = commands("train", "--data", str(data), "--out", str(model), "--check").exception
    assert isinstance(stale, ConfigError)
    assert "training items changed" in str(stale)


def test_train_prints_json(commands: Any, data: Path, tmp_path: Path) -> None:
    """One object for scripts."""
    report = json.loads(
        commands("train", "--data", str(data), "--out", str(tmp_path / "m.json"), "--folds", "2", "--json").output
    )
    assert set(report) >= {"items", "cross_validation", "by_language", "by_kind", "hard", "reliability", "weights"}


def test_fitting_needs_an_extra(monkeypatch: pytest.MonkeyPatch, commands: Any) -> None:
    """Without scipy it says what to install."""
    monkeypatch.setattr(train_command, "find_spec", lambda _name: None)
    error = commands("train").exception
    assert isinstance(error, ConfigError)
    assert "hongtou[tune]" in str(error)


def test_captures_are_scored(commands: Any, tmp_path: Path) -> None:
    """A table beside the folder of captures is joined to it, and figures come by kind of file."""
    for folder in ("eval", "captures/feeds"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "captures" / "feeds" / "crypto_zh_a.xml").write_text(FEED, encoding="utf-8")
    table = tmp_path / "eval" / "real.csv"
    rows = ["file,link,title,relevant,topics,jurisdiction,act"]
    rows.append("feeds/crypto_zh_a.xml,https://a.example/1,上海市政府印发区块链行动方案,1,blockchain,cn-sh,plan")
    rows.append("feeds/crypto_zh_a.xml,https://a.example/2,比特币大涨,0,,,none")
    table.write_text("\n".join(rows), encoding="utf-8")
    shown = commands("eval", str(table))
    assert shown.exit_code == 0, shown.output
    assert "crypto feeds, zh" in shown.output
    report = json.loads(commands("eval", str(table), "--json").output)
    assert report["relevance"]["f1"] == 1.0
    assert report["by_kind"]["crypto feeds"]["counts"]["true_positives"] == 1


def test_titles_are_scored_without_facts(commands: Any, tmp_path: Path) -> None:
    """A table of bare titles tells no topics, so none are scored."""
    table = tmp_path / "titles.csv"
    table.write_text("title,label,doc_type\n上海市政府印发区块链行动方案,2,policy\n天气,0,news", encoding="utf-8")
    shown = commands("eval", str(table)).output
    assert "policy" in shown
    assert "macro-F1" not in shown


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Return a file of labels of a user who takes visits for policy."""
    file = tmp_path / "labels.jsonl"
    rows = []
    for place in ("上海", "北京", "深圳", "杭州", "成都", "武汉", "南京", "合肥", "西安", "青岛", "苏州", "天津"):
        rows.append({"title": f"{place}市政府印发区块链行动方案", "relevant": True})
        rows.append({"title": f"{place}市领导调研区块链企业", "relevant": True})
        rows.append({"title": f"{place}区块链概念股大涨", "relevant": False})
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


def test_tune_writes_only_when_told_to(commands: Any, labels: Path, tmp_path: Path) -> None:
    """It shows before and after; with `--write` the model stands beside the configuration and can be named in it."""
    config = tmp_path / "hongtou.yaml"
    config.write_text(f"data_dir: {tmp_path / 'data'}\n", encoding="utf-8")
    shown = commands("tune", "--config", str(config), "--labels", str(labels))
    assert shown.exit_code == 0, shown.output
    assert "Nothing was written" in shown.output
    assert not (tmp_path / "model.d").exists()
    written = commands("tune", "--config", str(config), "--labels", str(labels), "--write").output
    assert "model: model.d/tuned.json" in written
    config.write_text(f"data_dir: {tmp_path / 'data'}\nclassify:\n  model: model.d/tuned.json\n", encoding="utf-8")
    again = json.loads(commands("tune", "--config", str(config), "--labels", str(labels), "--json").output)
    assert again["before"]["f1"] > 0.9
    assert again["written"] == ""


def test_tune_needs_labels(commands: Any) -> None:
    """Without any it says how many it needs, and a file that is not there is told."""
    assert "are too few to tune to: 0" in str(commands("tune").exception)
    assert "cannot be read" in str(commands("tune", "--labels", "nowhere.jsonl").exception)
