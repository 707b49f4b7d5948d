"""Tests of topics by everyday words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.topic_words import _WORDS, guess_topics
from classifier.topics import find_topics
from core.classification import TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


@pytest.mark.parametrize(
    ("title", "text", "topics"),
    [
        ("City wants 100 rockets a year", "", ("commercial-space",)),
        ("持币满三年免税", "", ("virtual-assets",)),
        ("Counties lend out cars", "The driverless cars may go at night.", ("autonomous-driving",)),
        ("无人环卫车上路", "", ("autonomous-driving",)),
        ("天气晴朗", "", ()),
        ("Bananas", "Nothing at all.", ()),
        ("Factory floors", "", ("advanced-manufacturing",)),
        ("Robots in every factory", "", ("robotics",)),
    ],
)  # fmt: skip
def test_words_speak_for_topics(title: str, text: str, topics: tuple[str, ...], read: Callable[..., Reading]) -> None:
    """The best topic is told, in either language; broad ones only where nothing else is; no words give none."""
    assert guess_topics(read(title, text)) == topics


def test_every_topic_has_words() -> None:
    """No topic is left without words, and no words are of another."""
    assert set(_WORDS) == set(TOPICS)


def test_the_lexicon_comes_first(read: Callable[..., Reading]) -> None:
    """Where the lexicon finds a technology, everyday words are not asked."""
    assert find_topics(read("关于区块链的通知", "火箭发射。"), ()) == ("blockchain",)
    assert find_topics(read("City wants 100 rockets a year"), ()) == ("commercial-space",)


def test_means_are_no_topic(read: Callable[..., Reading]) -> None:
    """Computing power that a plan on something else uses is none of its topics; in the title it is."""
    text = "支持人工智能大模型和智能体发展。人工智能企业可用算力。"
    assert "computing-infrastructure" not in find_topics(read("人工智能若干措施", text), ())
    assert "computing-infrastructure" in find_topics(read("算力基础设施若干措施", text), ())
