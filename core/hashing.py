"""Stable, versioned fingerprints of what was read, to notice sameness and change."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")
_VERSION = "1"
_LONE = "surrogatepass"
"""How half a character, which no encoding has, is taken."""


def content_hash(title: str, text: str) -> str:
    """Fingerprint the words of an article, blind to width, case, white space and punctuation.

    A flash that repeats its title in its text, and an article whose text is empty, are told by what they say: the
    hash is of the text when it is long enough to mean something, else of title and text.

    Returns:
        Version, colon, 40 hex digits.
    """
    body = _fold(text)
    words = body if len(body) >= _MEANINGFUL else f"{_fold(title)}\n{body}"
    return f"{_VERSION}:{hashlib.sha256(words.encode(errors=_LONE)).hexdigest()[:40]}"


_MEANINGFUL = 120
"""Folded characters from which a text alone identifies an article: beyond the length of shared one-line notices
(`详见附件`, `点击查看`) and below that of a short flash's template plus its facts."""


def entry_hash(title: str, summary: str, text: str = "") -> str:
    """Fingerprint what a list says of an article, to notice that its publisher edited it.

    White space and width do not count; everything else does.

    Returns:
        Version, colon, 16 hex digits.
    """
    words = "\n".join(" ".join(unicodedata.normalize("NFKC", part).split()) for part in (title, summary, text))
    return f"{_VERSION}:{hashlib.sha256(words.encode(errors=_LONE)).hexdigest()[:16]}"


def body_hash(body: bytes) -> str:
    """Fingerprint raw bytes; 32 hex digits."""
    return hashlib.sha256(body).hexdigest()[:32]


def _fold(words: str) -> str:
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", words).casefold())
