"""The patterns of lines that are not an article's own; `test_cleaning.py` shows them at work."""

from __future__ import annotations

import re
import time

import pytest

from crawler.pages import boilerplate

PATTERNS = {name: value for name, value in vars(boilerplate).items() if isinstance(value, re.Pattern)}
HOSTILE = (
    "大小中" * 4000,
    "来源" * 4000,
    "[(" * 4000,
    "A Ban " * 4000,
    "> " * 4000,
    "2023-" * 4000,
    " " * 9000,
    "分享到：" * 4000,
)


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_runs_away(name: str) -> None:
    """No pattern takes more than linear time on repeated marks and words, whether it matches or not."""
    started = time.process_time()
    for text in HOSTILE:
        PATTERNS[name].search(text + "\x00")
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize("line", ["附件：1.分工表", "（附件1）", "附表", "Annex A", "相关附件"])
def test_attachments_are_kept(line: str) -> None:
    """What a notice encloses is known by its first word."""
    assert boilerplate.KEEP.match(line)
