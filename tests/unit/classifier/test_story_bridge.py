"""From words of both languages to meanings."""

from __future__ import annotations

import pytest

from classifier.folding import fold
from classifier.story_bridge import Bridge


@pytest.fixture(scope="module")
def bridge() -> Bridge:
    """Return the bridge on the shipped words."""
    return Bridge()


def meanings(bridge: Bridge, text: str) -> list[str]:
    """Return what a text means."""
    return bridge.meanings(fold(text), text)


@pytest.mark.parametrize(
    ("chinese", "english", "least"),
    [
        ("法院判决", "a court ruling", 2),
        ("火箭首飞失利", "Rocket fails on maiden flight", 3),
        ("比特币暴跌，交易所宕机", "Bitcoin plummets as exchange goes down", 4),
        ("人形机器人跑完半程马拉松", "Humanoid finishes a half-marathon", 2),
        ("記憶體漲價", "Memory makers raise prices", 1),
    ],
)
def test_both_languages_meet(bridge: Bridge, chinese: str, english: str, least: int) -> None:
    """Words of both languages have meanings in common, whatever the form, script and synonym."""
    assert len(set(meanings(bridge, chinese)) & set(meanings(bridge, english))) >= least


def test_the_longest_word_counts(bridge: Bridge) -> None:
    """A phrase means what it means, not what its parts do."""
    assert meanings(bridge, "半程马拉松") == ["=half marathon"]
    assert meanings(bridge, "half marathon") == ["=half marathon"]


def test_names_need_a_capital(bridge: Bridge) -> None:
    """What is a name with a capital is a word without one, or nothing."""
    assert bridge.names(meanings(bridge, "Nvidia and 币安")) == ["nvidia", "binance"]
    assert "apple" in bridge.names(meanings(bridge, "Apple falls"))
    assert bridge.names(meanings(bridge, "an apple falls")) == []
    assert bridge.has("goldman")
    assert not bridge.has("zzyzx")


def test_words_of_the_glossary_are_known_by_their_stems(bridge: Bridge) -> None:
    """What only the glossary has means the stem of its English, and the same word in English does as well."""
    assert set(meanings(bridge, "统计")) & set(meanings(bridge, "statistics"))


def test_what_is_unknown_means_nothing(bridge: Bridge) -> None:
    """Neither strange words nor an empty text do."""
    assert meanings(bridge, "zzyzx 龘龘") == []
    assert meanings(bridge, "") == []
