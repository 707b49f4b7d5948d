"""A text's language is told by its script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import detect_language

CODES = {"", "zh", "zh-Hant", "en", "ja", "ko", "ru", "ar", "th", "he", "el", "hi"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("上海市推动制造业高质量发展三年行动计划", "zh"),
        ("比特币", "zh"),
        ("金管局公布", "zh"),
        ("OpenAI 发布 GPT-5 Codex Max Preview", "zh"),
        ("BTC 突破 30000 美元", "zh"),
        ("金融管理局就穩定幣發行人監管制度發表諮詢總結", "zh-Hant"),
        ("區塊鏈", "zh-Hant"),
        ("Shanghai plan names blockchain", "en"),
        ("China's 元宇宙 (metaverse) plan", "en"),
        ("ビットコインの規制案を公表", "ja"),
        ("奶茶の店在广东开业三百家门店遍布全省各地市", "zh"),
        ("가상자산 이용자 보호법", "ko"),
        ("Закон о цифровых активах", "ru"),
        ("2023-2025 100% ￥", ""),
        ("", ""),
    ],
)
def test_language_is_told(text: str, language: str) -> None:
    """Short titles, mixed scripts and both Chinese scripts are told apart."""
    assert detect_language(text) == language


def test_only_the_beginning_counts() -> None:
    """A long English appendix does not make a Chinese article English."""
    assert detect_language("区块链产业政策。" * 600 + "appendix " * 5000) == "zh"


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    """Every string gives one of the codes that the function names."""
    assert detect_language(text) in CODES
