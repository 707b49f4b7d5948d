"""Labels know their article, and questions are chosen so that answers teach."""

from __future__ import annotations

from collections import Counter
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from core.item import ItemId
from core.labels import Candidate, choose, label_key, label_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.item import Item


def candidates(*scores: float, threshold: float = 0.5) -> list[Candidate]:
    """Return one candidate a score."""
    return [
        Candidate(item_id=ItemId(number), score=score, relevant=score >= threshold, source_id="a")
        for number, score in enumerate(scores, start=1)
    ]


def test_an_article_is_told_by_address_and_title() -> None:
    """Tracking parameters and white space make no other article; another title on the same page does."""
    key = label_key(url="https://a.example/x?utm_source=b", title="A  title", text="one")
    assert key == label_key(url="https://a.example/x", title="A title", text="two")
    assert key != label_key(url="https://a.example/x", title="Another", text="one")


def test_without_an_address_the_words_tell_an_article() -> None:
    """Title and text count together."""
    assert label_key(url="", title="A", text="one") == label_key(url="", title="A", text="one")
    assert label_key(url="", title="A", text="one") != label_key(url="", title="A", text="two")


def test_a_label_keeps_the_words_that_were_judged(make_item: Callable[..., Item], now: datetime) -> None:
    """Where there is no text the summary stands for it; topics of a no are left out."""
    label = label_of(make_item(3, text="", summary="只有摘要"), relevant=False, topics=["ai"], at=now)
    assert (label.text, label.topics, label.item_id) == ("只有摘要", (), 3)
    assert label.key == label_of(make_item(3), relevant=True, topics=[], at=now).key


def test_a_portion_is_mixed() -> None:
    """Of ten, four are the nearest to the threshold; flagged, close and other ones are among the rest."""
    scores = [0.5 + step / 100 for step in range(-49, 50)]
    chosen = choose(candidates(*scores), limit=10, threshold=0.5, random=Random(7).random)  # noqa: S311 - a test
    assert len(chosen) == 10
    near = [one for one in chosen if abs(one.score - 0.5) < 0.025]
    assert len(near) >= 4
    assert sum(one.relevant for one in chosen) >= 4
    assert any(abs(one.score - 0.5) > 0.1 for one in chosen)


def test_the_order_does_not_tell_the_reason() -> None:
    """What is asked first is as often a flagged item as any other."""
    firsts: Counter[bool] = Counter()
    for seed in range(60):
        chosen = choose(candidates(*[0.1, 0.9] * 20), limit=8, threshold=0.5, random=Random(seed).random)  # noqa: S311
        firsts[chosen[0].relevant] += 1
    assert min(firsts.values()) > 12


@given(st.lists(st.floats(0, 1), max_size=40), st.integers(1, 30))
def test_nothing_is_asked_twice_and_a_portion_is_filled(scores: list[float], limit: int) -> None:
    """As many as there are, up to the limit, each once."""
    steps: Any = cycle([0.3, 0.8, 0.1, 0.6])
    chosen = choose(candidates(*scores), limit=limit, threshold=0.5, random=lambda: next(steps))
    assert len({one.item_id for one in chosen}) == len(chosen) == min(limit, len(scores))
