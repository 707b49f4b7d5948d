"""Tests of forms of verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.english_verbs import VerbForm, conjugate, passive, takes_base
from classifier.glossary import Word, build_glossary

if TYPE_CHECKING:
    from core.lexicon import Lexicon


@pytest.mark.parametrize(
    ("verb", "third", "gerund"),
    [
        ("issue", "issues", "issuing"),
        ("carry out", "carries out", "carrying out"),
        ("publish", "publishes", "publishing"),
        ("set up", "sets up", "setting up"),
        ("further strengthen", "further strengthens", "further strengthening"),
        ("build and operate", "builds and operates", "building and operating"),
        ("be selected for", "is selected for", "being selected for"),
        ("agree to", "agrees to", "agreeing to"),
        ("have", "has", "having"),
        ("apply for", "applies for", "applying for"),
        ("will", "will", "will"),
    ],
)
def test_forms(verb: str, third: str, gerund: str) -> None:
    """The first verb of a phrase changes, and those joined to it; adverbs and modal verbs stay."""
    assert conjugate(verb, VerbForm.THIRD) == third
    assert conjugate(verb, VerbForm.GERUND) == gerund
    assert conjugate(verb, VerbForm.BASE) == verb


def test_passive() -> None:
    """Verbs that can follow their object have a passive, others none."""
    assert passive("issue", is_plural=True) == "are issued"
    assert passive("draw up", is_plural=False) == "is drawn up"
    assert passive("strive to", is_plural=False) == ""


def test_what_takes_a_plain_verb() -> None:
    """Modal verbs and those that end in `to` do."""
    assert takes_base("will")
    assert takes_base("plan to")
    assert not takes_base("issue")


def test_every_verb_of_the_glossary_has_forms(lexicon: Lexicon) -> None:
    """No verb is empty or loses its words in any form."""
    for term in build_glossary(lexicon).terms.values():
        if term.word in {Word.VERB, Word.BOTH}:
            for form in VerbForm:
                assert len(conjugate(term.verb, form).split()) == len(term.verb.split()) > 0
