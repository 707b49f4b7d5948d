"""Tests of the weights."""

from __future__ import annotations

from dataclasses import fields

from classifier.weights import Weights


def test_signs_say_for_and_against() -> None:
    """Counter-weights are negative, all others positive."""
    weights = Weights()
    against = {"prior", "technology_enumerated", "technology_in_passing", "no_technology", "no_act",
               "title_on_other", "signal_in_body"}  # fmt: skip
    for field in fields(weights):
        value = getattr(weights, field.name)
        if isinstance(value, float):
            assert (value < 0) is (field.name in against), field.name
        else:
            assert all(weight <= 0 for weight in value.values())


def test_neither_subject_nor_act_alone_is_enough() -> None:
    """What about and what act must both be there: each alone stays below even odds."""
    weights = Weights()
    context = weights.authority_voice + weights.document_number + weights.document_named
    subject = weights.technology_in_title + weights.technology_repeated + weights.no_act
    act = weights.official_title + weights.no_technology
    assert weights.prior + subject + context < 0
    assert weights.prior + act + context < 0
