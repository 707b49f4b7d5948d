"""Scores of decoded text: right readings are near one, wrong ones far below."""

from __future__ import annotations

import pytest

from crawler.plausibility import SIMPLIFIED, TRADITIONAL, chinese_share, kana_share, latin_share, replacement_share

ZH = "本市将支持元宇宙关键技术攻关，并在张江、临港等地建设示范园区。"
HANT = "香港金融管理局今日就穩定幣發行人的監管制度展開公眾諮詢。"
FR = "Décret relatif à la régulation – l’été"


def test_levels_have_their_published_sizes() -> None:
    """GB 2312 level 1 has 3,755 characters, Big5 level 1 has 5,401 and some neighbours."""
    assert len(SIMPLIFIED) == 3755
    assert 5401 <= len(TRADITIONAL) <= 5600


@pytest.mark.parametrize(
    ("text", "charset", "wrong"), [(ZH, "gbk", "big5"), (HANT, "big5", "gb18030"), (ZH, "utf-8", "gb18030")]
)
def test_wrong_charsets_score_lower(text: str, charset: str, wrong: str) -> None:
    """Running Chinese scores above 0.95, and less than 0.75 in a wrong charset."""
    mistaken = text.encode(charset).decode(wrong, "replace")
    assert chinese_share(text) > 0.95
    assert chinese_share(mistaken) - replacement_share(mistaken) < 0.75


def test_accents_stand_alone() -> None:
    """Latin text scores high as Latin; Chinese bytes read as Latin stand in long runs and score low."""
    assert latin_share(FR) == 1.0
    assert latin_share(ZH.encode("gbk").decode("cp1252", "replace")) < 0.2


def test_ascii_says_nothing() -> None:
    """Text without a character beyond ASCII has neutral scores."""
    assert (chinese_share("abc"), kana_share("abc"), latin_share("abc"), replacement_share("abc")) == (
        1.0,
        0.0,
        1.0,
        0.0,
    )


def test_replacements_are_counted_among_the_rest() -> None:
    """One replacement character of two beyond ASCII is a half."""
    assert replacement_share("abc \ufffd é") == 0.5


def test_kana_are_counted() -> None:
    """Half of this text beyond ASCII is kana."""
    assert kana_share("規制abcのお") == 0.5
