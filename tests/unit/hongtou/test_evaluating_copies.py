"""Tests of measuring how well copies are found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from classifier.fingerprints import ShingleFingerprinter
from hongtou.copies import CopyFinder
from hongtou.evaluating_copies import evaluate_copies, read_copies
from hongtou.evaluation import read_labelled

ROOT = Path(__file__).resolve().parents[3]
FINDER = CopyFinder(ShingleFingerprinter())
TEXT = (
    "青岚市今日上线区块链发票平台，首日开票两万余张，覆盖餐饮与零售，其余行业将在下半年陆续接入，市税务局负责技术支持。"
)


def lines(*rows: dict[str, object]) -> list[str]:
    """Return labelled items as JSON lines; the body is the text unless another is given."""
    common = {"relevant": True, "body": TEXT, "published": "2023-06-15T10:00:00+08:00"}
    return [json.dumps({"source": row["id"], **common, **row}, ensure_ascii=False) for row in rows]


def test_pairs_are_found_missed_and_invented() -> None:
    """A copy that is marked counts as found, one that is not as invented, one that is not seen as missed."""
    rows = lines(
        {"id": "b", "title": "发票上链", "near_dup_of": "a", "published": "2023-06-15T11:00:00+08:00"},
        {"id": "a", "title": "青岚上线平台", "near_dup_of": None},
        {"id": "c", "title": "全文", "published": "2023-06-15T12:00:00+08:00"},
        {
            "id": "d",
            "title": "另一条",
            "body": "两所高校联合设立实验室，首批研究员今日到岗，设备由企业捐赠。",
            "near_dup_of": "a",
        },
    )
    report = evaluate_copies(read_labelled(rows), read_copies(rows), FINDER)
    assert (report.missed, report.invented) == ((("a", "d"),), (("a", "c"),))
    assert report.to_json() == {
        "pairs": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5, "missed": [["a", "d"]], "invented": [["a", "c"]],
    }  # fmt: skip


def test_an_item_without_a_time_is_the_earliest() -> None:
    """Items that tell no time come first, and copies are not looked for beyond the window."""
    rows = lines({"id": "a", "title": "甲", "published": ""}, {"id": "b", "title": "乙", "near_dup_of": "a"})
    report = evaluate_copies(read_labelled(rows), read_copies([*rows, ""]), FINDER)
    assert report.missed == (("a", "b"),)


def test_no_copy_is_read_where_none_is_marked() -> None:
    """Items that say nothing of copies give none."""
    assert read_copies(lines({"id": "a", "title": "甲"}, {"id": "b", "title": "乙", "near_dup_of": ""})) == {}


@pytest.mark.captures
def test_the_written_set_is_read_almost_without_fault() -> None:
    """Of the marked copies of the written evaluation set at most one is missed, and none is invented."""
    file = ROOT.parent / "shared" / "eval" / "dev.jsonl"
    if not file.exists():
        pytest.skip("the written evaluation set is not beside this checkout (../shared/eval)")
    rows = file.read_text(encoding="utf-8").splitlines()
    report = evaluate_copies(read_labelled(rows), read_copies(rows), FINDER)
    assert len(report.missed) <= 1
    assert report.invented == ()
