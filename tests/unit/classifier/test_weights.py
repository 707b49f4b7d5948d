"""Tests of what is believed before any data."""

from __future__ import annotations

from classifier.weights import BELIEFS, FEATURES, PRIOR


def test_beliefs_keep_their_own_side() -> None:
    """No belief lies outside the bounds that the fit has to keep."""
    for feature, belief in BELIEFS.items():
        low, high = belief.bounds
        assert low is None or belief.weight >= low, feature
        assert high is None or belief.weight <= high, feature


def test_counter_vocabulary_never_speaks_for() -> None:
    """A fit cannot turn prices, tenders or visits into evidence of policy."""
    signals = [belief for feature, belief in BELIEFS.items() if feature.startswith("signal.")]
    assert len(signals) > 30
    assert all(belief.bounds == (None, 0.0) for belief in signals)


def test_no_technology_stays_heavy() -> None:
    """Whatever the data say, a document without a technology is hardly ever flagged."""
    low, high = BELIEFS["no-technology"].bounds
    assert low is None
    assert high is not None
    assert high <= -4


def test_neither_subject_nor_act_alone_is_enough() -> None:
    """What about and what act must both be there: each alone stays below even odds."""
    context = sum(BELIEFS[name].weight for name in ("authority-voice", "document-number", "document-title"))
    subject = sum(BELIEFS[name].weight for name in ("technology.title", "technology.repeated", "no-act"))
    act = BELIEFS["official-title"].weight + BELIEFS["no-technology"].weight
    assert PRIOR + subject + context < 0
    assert PRIOR + act + context < 0


def test_features_have_unique_names_in_order() -> None:
    """The model file lists them in this order."""
    assert list(FEATURES) == list(BELIEFS)
