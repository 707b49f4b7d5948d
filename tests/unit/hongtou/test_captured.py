"""Tests of labelled captures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from core.errors import ConfigError
from hongtou.captured import Captured, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hongtou.evaluation import LabelledItem

HEADER = "id,file,link,title,relevant,hard,topics,jurisdiction,act,story"


def _read_feed(body: bytes) -> Iterator[Captured]:
    for line in body.decode().splitlines():
        yield Captured(*line.split("|"))


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    """Return a folder with one feed and one file of pages."""
    (tmp_path / "feeds").mkdir()
    (tmp_path / "corpora").mkdir()
    feed = "https://a/1|One|first text\nhttps://a/2|Two  words|second text\nhttps://a/2|Other|third text"
    (tmp_path / "feeds" / "crypto_zh_site_20230530.xml").write_text(feed, encoding="utf-8")
    pages = [{"title": "上海  方案", "text": "正文"}, {"title": "别的", "text": None, "url": "https://b/1"}]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in pages)
    (tmp_path / "corpora" / "policy_news_fulltext.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


def _read(captures: Path, *rows: str) -> tuple[LabelledItem, ...]:
    return read_table("\n".join([HEADER, *rows]).splitlines(), name="t.csv", captures=captures, read_feed=_read_feed)


def test_joins_by_link_then_title(captures: Path) -> None:
    """Of two entries with one link the one with the row's title is meant; without a link the title finds it."""
    first, second, third = _read(
        captures,
        "r1,feeds/crypto_zh_site_20230530.xml,https://a/2,Two words,1,1,ai;chips,cn,plan,s",
        "r2,feeds/crypto_zh_site_20230530.xml,https://a/1,a changed title,0,0,,,none,",
        "r3,corpora/policy_news_fulltext.jsonl,,上海 方案,1,0,,cn-sh,plan,",
    )
    assert (first.text, first.topics, first.hard, first.story) == ("second text", ("ai", "chips"), True, "s")
    assert (second.text, second.relevant, second.jurisdiction) == ("first text", False, None)
    assert (third.text, third.language, third.kind) == ("正文", "zh", "pages, policy_news")
    assert first.kind == "crypto feeds, zh"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("r1,feeds/none.xml,https://a/1,One,1,0,,,none,", "t.csv:2: file: cannot be read"),
        ("r1,feeds/crypto_zh_site_20230530.xml,https://a/9,One,1,0,,,none,", "t.csv:2: link: no such entry"),
        ("r1,feeds/crypto_zh_site_20230530.xml,https://a/1,One,1,0,coins,,none,", "'coins' is no topic"),
        ("r1,feeds/crypto_zh_site_20230530.xml,https://a/1,One,1,0,,,decree,", "'decree' is no act"),
    ],
)
def test_faults_are_told(row: str, message: str, captures: Path) -> None:
    """By file, line and column."""
    with pytest.raises(ConfigError) as caught:
        _read(captures, row)
    assert message in str(caught.value)


def test_tables_of_titles_leave_doubt_out(captures: Path) -> None:
    """Two is relevant, nought is not, one is not counted."""
    lines = ["title,doc_type,label", "区块链办法,policy,2", "Weather,news,0", "也许,policy,1"]
    items = read_table(lines, name="t.csv", captures=captures, read_feed=_read_feed)
    assert [(item.title, item.relevant, item.kind, item.language) for item in items] == [
        ("区块链办法", True, "policy", "zh"), ("Weather", False, "news", "en")]  # fmt: skip


def test_other_tables_are_refused(captures: Path) -> None:
    """A table of neither sort says what is missing."""
    with pytest.raises(ConfigError, match="needs the columns"):
        read_table(["a,b", "1,2"], name="t.csv", captures=captures, read_feed=_read_feed)
