"""Fingerprints see sameness and change, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hashing import body_hash, content_hash, entry_hash

LONG = "上海市人民政府办公厅印发行动计划，提出建设公共服务平台。" * 6


@given(title=st.text(), text=st.text())
def test_content_hash_has_a_version_and_forty_digits(title: str, text: str) -> None:
    """Every article has a hash of the promised form, the same each time."""
    version, _, digits = content_hash(title, text).partition(":")
    assert version == "1"
    assert len(digits) == 40
    assert content_hash(title, text) == content_hash(title, text)


def test_dress_does_not_count() -> None:
    """Width, case, white space and punctuation change no content hash."""
    assert content_hash("Web３ 计划", "第一条，ＡＩ") == content_hash("web3计划", "第一条 ai。")


def test_a_long_text_stands_for_itself() -> None:
    """A copy under another headline is the same content when its text is long."""
    assert content_hash("一个标题", LONG) == content_hash("另一个标题", LONG)


def test_short_texts_are_told_apart_by_their_titles() -> None:
    """Two notices that both say `see attachment` are different articles."""
    assert content_hash("甲通知", "详见附件") != content_hash("乙通知", "详见附件")


@pytest.mark.parametrize("other", [("标题", "摘要。", ""), ("标题二", "摘要", ""), ("标题", "摘要", "正文")])
def test_an_edited_entry_has_another_hash(other: tuple[str, str, str]) -> None:
    """Each character of a list's words counts, in each field."""
    assert entry_hash("标题", "摘要") != entry_hash(*other)


def test_space_and_width_are_no_edit() -> None:
    """Re-wrapped and re-encoded words are the same words."""
    assert entry_hash("Ａ 标题", "一\n二") == entry_hash("A  标题", "一 二", "")


def test_fields_do_not_run_together() -> None:
    """A word that moves from the title to the summary is an edit."""
    assert entry_hash("甲 乙", "丙") != entry_hash("甲", "乙 丙")


def test_body_hash_is_of_the_bytes() -> None:
    """One changed byte changes the hash, of 32 digits."""
    assert len(body_hash(b"")) == 32
    assert body_hash(b"a") != body_hash(b"b")


def test_half_a_character_is_hashed_too() -> None:
    """A page may hold one half of a surrogate pair; its words have fingerprints like all others."""
    assert entry_hash("\ud83d 芯片", "") != entry_hash("芯片", "")
    assert content_hash("\ud83d 芯片", "") != entry_hash("芯片", "")
