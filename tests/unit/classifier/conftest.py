"""A reader of documents by the shipped lexicon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.reading import read_document
from core.classification import Document

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.matching import LexiconMatcher
    from classifier.reading import Reading


@pytest.fixture
def read(matcher: LexiconMatcher) -> Callable[..., Reading]:
    """Return a function that reads a title and a text."""

    def _read(title: str, text: str = "", **context: object) -> Reading:
        return read_document(Document(title=title, text=text, **context), matcher)  # type: ignore[arg-type]

    return _read
