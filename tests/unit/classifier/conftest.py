"""The shipped lexicon and a classifier on it, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.lexicon_classifier import LexiconClassifier
from classifier.matching import LexiconMatcher
from classifier.reading import read_document
from config.lexicon import load_lexicon
from core.classification import Document

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading
    from core.lexicon import Lexicon


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """Return the shipped lexicon."""
    return load_lexicon()


@pytest.fixture(scope="session")
def matcher(lexicon: Lexicon) -> LexiconMatcher:
    """Return a matcher of the shipped lexicon."""
    return LexiconMatcher(lexicon)


@pytest.fixture(scope="session")
def judge(lexicon: Lexicon) -> LexiconClassifier:
    """Return a classifier on the shipped lexicon, at the default threshold."""
    return LexiconClassifier(lexicon, threshold=0.5)


@pytest.fixture
def read(matcher: LexiconMatcher) -> Callable[..., Reading]:
    """Return a function that reads a title and a text."""

    def _read(title: str, text: str = "", **context: object) -> Reading:
        return read_document(Document(title=title, text=text, **context), matcher)  # type: ignore[arg-type]

    return _read
