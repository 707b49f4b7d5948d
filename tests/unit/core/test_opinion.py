"""When a second opinion is asked for, and how much it counts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classification import Document
from core.opinion import AdviceFault, Band, Opinion, Question, Wish, blend, wish_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.classification import Classification

BAND = Band(low=0.25, high=0.75)
SHARE = st.floats(min_value=0, max_value=1)
CHINESE = Document(title="某市印发计划", language="zh-Hant")
ENGLISH = Document(title="A city issues a plan", language="en")
ASKED = Question(title="t", text="x", issuer="", voice="", published_on="", translate=False)


@pytest.mark.parametrize(
    ("score", "document", "translate", "wish"),
    [
        (0.25, ENGLISH, False, Wish.VERDICT),
        (0.75, ENGLISH, False, Wish.VERDICT),
        (0.76, ENGLISH, True, None),
        (0.76, CHINESE, True, Wish.TRANSLATION),
        (0.76, CHINESE, False, None),
        (0.24, CHINESE, True, None),
        (0.5, CHINESE, True, Wish.VERDICT),
    ],
)
def test_a_wish_follows_score_and_language(
    make_classification: Callable[..., Classification],
    score: float,
    document: Document,
    *,
    translate: bool,
    wish: Wish | None,
) -> None:
    """Near the threshold a verdict is wished for; beyond it a translation of what is flagged and Chinese."""
    judged = make_classification(score=score, relevant=score >= 0.5)
    assert wish_of(document, judged, BAND, translate=translate) is wish


def test_a_band_stays_within_0_and_1() -> None:
    """A threshold near an end makes a shorter band."""
    assert Band.around(0.1, 0.25) == Band(low=0.0, high=0.35)
    assert Band.around(0.9, 0.25) == Band(low=0.65, high=1.0)


@given(SHARE, st.floats(min_value=0.1, max_value=3))
def test_an_opinion_is_bounded_and_symmetric(confidence: float, weight: float) -> None:
    """However sure it is, it adds at most log(9) times the weight; yes and no weigh the same."""
    yes = Opinion(relevant=True, confidence=confidence).log_odds(weight)
    no = Opinion(relevant=False, confidence=confidence).log_odds(weight)
    assert 0 <= yes <= weight * math.log(9) + 1e-9
    assert no == pytest.approx(-yes, abs=1e-9)


@given(st.floats(min_value=0.01, max_value=0.99), st.floats(min_value=-6, max_value=6))
def test_blending_moves_a_score_the_way_it_is_pushed(score: float, added: float) -> None:
    """The result lies between 0 and 1, beyond the score in the direction of what is added, and can be undone."""
    blended = blend(score, added)
    assert 0 <= blended <= 1
    assert (blended - score) * added >= -1e-5
    assert blend(blended, -added) == pytest.approx(score, abs=1e-4)


def test_a_sure_opinion_moves_any_score_of_the_band_over_the_threshold() -> None:
    """With weight 1, from one end of the band to beyond the middle, and never to certainty."""
    yes, no = (Opinion(relevant=verdict, confidence=1.0).log_odds(1.0) for verdict in (True, False))
    assert 0.5 < blend(0.25, yes) < 0.76
    assert 0.24 < blend(0.75, no) < 0.5


def test_a_key_tells_every_word_and_adviser_apart() -> None:
    """The same question to the same adviser has the same key, and any other another."""
    words = ("title", "text", "issuer", "voice", "published_on")
    others = [replace(ASKED, translate=True)] + [replace(ASKED, **{name: "other"}) for name in words]  # type: ignore[arg-type]
    keys = {ASKED.key("m"), ASKED.key("n"), *(other.key("m") for other in others)}
    assert len(keys) == 8
    assert ASKED.key("m") == replace(ASKED).key("m")


def test_what_was_refused_is_not_charged() -> None:
    """Only an answer that may have been worked out is taken as paid."""
    owed = {fault for fault in AdviceFault if fault.may_be_charged}
    assert owed == {
        AdviceFault.TIMEOUT,
        AdviceFault.RESET,
        AdviceFault.TOO_LARGE,
        AdviceFault.NOT_JSON,
        AdviceFault.SCHEMA,
    }
