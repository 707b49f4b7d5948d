"""Tests of moving written events into the same days."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from benchmarks.story_busy import FIRST, crowd, read_set

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, name: str) -> Path:
    """Write a file of five items: a story of two, a single one related to it, another, and one without a time."""
    rows = [
        {"id": "a", "title": "甲", "relevant": True, "story": "s", "published": "2019-03-01T23:00:00+00:00"},
        {"id": "b", "title": "甲乙", "relevant": True, "story": "s", "published": "2019-03-03T01:00:00+00:00"},
        {"id": "c", "title": "丙", "relevant": True, "published": "2019-05-01T12:00:00+00:00",
         "related": [["s", "follows"], ["unknown", "amends"]]},
        {"id": "e", "title": "戊", "relevant": True, "published": "2022-01-01T12:00:00+00:00"},
        {"id": "d", "title": "丁", "relevant": True},
    ]  # fmt: skip
    file = folder / f"{name}.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return file


def test_names_of_two_files_never_meet(tmp_path: Path) -> None:
    """Items, stories and relations are told apart by their file; what tells no time is left out."""
    items, related = read_set([write(tmp_path, "one"), write(tmp_path, "two")])
    assert [item.id for item in items] == ["one/a", "one/b", "one/c", "one/e", "two/a", "two/b", "two/c", "two/e"]
    assert {item.story for item in items} == {"one/s", "", "two/s"}
    assert related["two/c"] == (("two/s", "follows"), ("two/unknown", "amends"))


def test_affairs_are_moved_as_a_whole_into_the_same_days(tmp_path: Path) -> None:
    """Reports of an event, and what is related to it, stay as far apart as they were; each affair begins in time."""
    items, related = read_set([write(tmp_path, "one")])
    moved = crowd(items, related, days=3, seed=1)
    a, b, c, e = (item.published_at or FIRST for item in moved)
    assert (b - a, c - a) == (timedelta(hours=26), timedelta(days=60, hours=13))
    assert (a.hour, e.hour) == (23, 12)
    assert all(FIRST <= one < FIRST + timedelta(days=3) for one in (a, e))
    assert moved == crowd(items, related, days=3, seed=1)
