"""Tests of `hongtou eval` on items that tell which event they are about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

DRAFT = "海州市数据局就《海州市公共区块链平台管理办法（征求意见稿）》公开征求意见，意见反馈截至2023年7月15日。"
FINAL = "海州市数据局印发《海州市公共区块链平台管理办法》，自2024年1月1日起施行，平台运营单位须每年审计一次。"


@pytest.fixture
def items(tmp_path: Path) -> Path:
    """Return a file of four items: a draft told twice with a related final form, and a story that has no like."""
    common = {"relevant": True, "lang": "zh", "topics": ["blockchain"], "jurisdiction": "cn", "act": "draft"}
    rows: list[dict[str, Any]] = [
        {"id": "a", "title": "海州市公共区块链平台管理办法公开征求意见", "body": DRAFT, "story": "draft"},
        {"id": "b", "title": "海州拟出台公共区块链平台办法", "body": DRAFT, "story": "draft", "near_dup_of": "a"},
        {"id": "c", "title": "海州市公共区块链平台管理办法印发", "body": FINAL, "story": "final",
         "related": [["draft", "finalises"]], "act": "rule"},
        {"id": "d", "title": "股市收盘", "body": "三大指数涨跌不一，成交额较前一日缩量近千亿元。", "story": "draft"},
    ]  # fmt: skip
    file = tmp_path / "items.jsonl"
    days = {"a": "2023-06-15", "b": "2023-06-16", "c": "2023-12-20", "d": "2023-06-16"}
    lines = (common | {"source": row["id"], "published": f"{days[row['id']]}T09:00:00+08:00"} | row for row in rows)
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return file


def test_stories_are_measured(commands: Callable[..., Result], items: Path) -> None:
    """Figures of stories and relations are in the JSON object."""
    told = json.loads(commands("eval", str(items), "--json").output)["stories"]
    assert told["stories"] == 1
    assert told["pairs"]["recall"] == pytest.approx(1 / 3, abs=1e-4)
    assert told["missed"] == [["a", "d"], ["b", "d"]]
    assert told["relations"]["by_relation"]["finalises"]["expected"] == 1


def test_stories_are_shown(commands: Callable[..., Result], items: Path) -> None:
    """A person reads the figures, and as many of the wrong pairs as were asked for."""
    shown = commands("eval", str(items), "--misses", "1").output
    assert "B-cubed, all items" in shown
    assert "offered their story: 1 of 2 later items" in shown
    assert "related (finalises):" in shown
    assert "a and d not in one story" in shown
    assert "b and d not in one story" not in shown
    assert "more pairs; --misses shows them" in shown


def test_nothing_is_said_of_stories_where_none_is_labelled(commands: Callable[..., Result], tmp_path: Path) -> None:
    """Items without a story give no figures of stories."""
    file = tmp_path / "items.jsonl"
    file.write_text(json.dumps({"title": "股市收盘", "relevant": False}), encoding="utf-8")
    assert "stories" not in json.loads(commands("eval", str(file), "--json").output)


def test_a_wrong_relation_is_told_by_its_line(commands: Callable[..., Result], tmp_path: Path) -> None:
    """A relation that is none ends the command with the line that holds it."""
    file = tmp_path / "items.jsonl"
    row = {"title": "股市收盘", "relevant": False, "story": "s", "related": [["t", "cousin"]]}
    file.write_text(json.dumps(row), encoding="utf-8")
    error = commands("eval", str(file)).exception
    assert isinstance(error, ConfigError)
    assert "items.jsonl:1: related: must be a list" in str(error)
