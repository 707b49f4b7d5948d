"""Text queries of routes and searches: words, "phrases", AND, OR, NOT and brackets. Pure.

::

    query   = either { "OR" either }
    either  = each { [ "AND" ] each }            words side by side must all be there
    each    = ( "NOT" | "-" ) each | "(" query ")" | term
    term    = '"' any characters '"' | word      = before it asks for the exact case, * behind it for a beginning

Latin words match whole words only (`US` is not in `focus`), Chinese ones anywhere, both in either script, width and
case. A query of nothing but exclusions wants everything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_TOKEN = re.compile(
    r"""(?P<space>[\s\u3000]+)
      | (?P<open>[(（])
      | (?P<close>[)）])
      | (?P<phrase>-?=?["“”](?P<words>[^"“”]*)["“”])
      | (?P<word>[^\s\u3000()（）"“”]+)""",
    re.VERBOSE,
)
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_MAX_DEPTH = 20
"""Brackets and NOTs within each other; more is a mistake, and would end in a RecursionError."""
_MAX_LENGTH = 2000
_FIRST_EASTERN = "\u2e80"
"""From the first radical on, scripts write words without gaps between them."""
_LETTER = rf"[^\W_{_FIRST_EASTERN}-\U0003ffff]"
"""A letter or digit of a script that writes gaps."""


class QuerySyntaxError(ValueError):
    """A query cannot be read; its text says why, and what to write."""

    def __init__(self, message: str, *, position: int) -> None:
        self.position = position
        """Offset of the fault in the query, from 0."""
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Term:
    """Characters to be found."""

    text: str
    exact: bool = False
    """Whether case, width and script must be as written."""
    prefix: bool = False
    """Whether words that begin with it count too."""


@dataclass(frozen=True, slots=True)
class Not:
    """Wants that something is not there."""

    inner: Node


@dataclass(frozen=True, slots=True)
class All:
    """Wants everything of it."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Wants any of it."""

    parts: tuple[Node, ...]


Node = Term | Not | All | Some


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read."""

    root: Node
    source: str
    """As it was written."""

    def find(self, text: str, fold: Callable[[str], str]) -> tuple[str, ...] | None:
        """Return the terms by which a text meets the query, as written; None when it does not meet it.

        Args:
            text: Title and text of an item.
            fold: Brings case, width and Chinese script to one form.

        Returns:
            Each term once, in order of the query; empty for a text that merely lacks what is excluded.
        """
        found = _find(self.root, _Text(text, fold(text), fold))
        return None if found is None else tuple(dict.fromkeys(found))

    def terms(self) -> Iterator[Term]:
        """Yield every term, in order, excluded ones too."""
        yield from _terms(self.root)


@dataclass(frozen=True, slots=True)
class _Text:
    raw: str
    folded: str
    fold: Callable[[str], str]


def parse_query(source: str) -> Query:
    """Read a query.

    Raises:
        QuerySyntaxError: It is empty, longer than 2,000 characters, or its brackets, quotation marks or operators do
            not fit together.
    """
    if len(source) > _MAX_LENGTH:
        raise QuerySyntaxError(f"longer than {_MAX_LENGTH} characters", position=_MAX_LENGTH)
    parser = _Parser(list(_tokens(source)), len(source))
    root = parser.either(0)
    if (rest := parser.peek()) is not None:
        raise QuerySyntaxError("a bracket is closed that was not opened", position=rest.position)
    return Query(root, source)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def _tokens(source: str) -> Iterator[_Token]:
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise QuerySyntaxError("a quotation mark is not closed", position=position)
        kind = match.lastgroup if match.lastgroup != "words" else "phrase"
        if kind == "word" and match[0] in _OPERATORS:
            yield _Token(match[0], match[0], position)
        elif kind in ("open", "close"):
            yield _Token(kind, match[0], position)
        elif kind in ("word", "phrase"):
            yield from _term_tokens(kind, match[0], position)
        position = match.end()


def _term_tokens(kind: str, text: str, position: int) -> Iterator[_Token]:
    if text.startswith("-") and len(text) > 1:
        yield _Token("NOT", "-", position)
        text, position = text[1:], position + 1
    yield _Token(kind, text, position)


class _Parser:
    """Reads tokens by the grammar above, one method a line of it."""

    def __init__(self, tokens: Sequence[_Token], end: int) -> None:
        self._tokens = tokens
        self._next = 0
        self._end = end

    def peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def either(self, depth: int) -> Node:
        parts = [self.every(depth)]
        while self._take("OR"):
            parts.append(self.every(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def every(self, depth: int) -> Node:
        parts = [self.each(depth)]
        while (token := self.peek()) is not None and token.kind not in ("OR", "close"):
            self._take("AND")
            parts.append(self.each(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def each(self, depth: int) -> Node:
        token = self.peek()
        if depth > _MAX_DEPTH:
            raise QuerySyntaxError("too many brackets within each other", position=self._end)
        if token is None:
            raise QuerySyntaxError('a word or "phrase" is missing at the end', position=self._end)
        self._next += 1
        if token.kind == "NOT":
            return Not(self.each(depth + 1))
        if token.kind == "open":
            inner = self.either(depth + 1)
            if not self._take("close"):
                raise QuerySyntaxError("a bracket is not closed", position=token.position)
            return inner
        if token.kind not in ("word", "phrase"):
            raise QuerySyntaxError(f"a word is missing before {token.text}", position=token.position)
        return _term(token)

    def _take(self, kind: str) -> bool:
        token = self.peek()
        if token is None or token.kind != kind:
            return False
        self._next += 1
        return True


def _term(token: _Token) -> Term:
    exact = token.text.startswith("=")
    text = token.text.removeprefix("=")
    if token.kind == "phrase":
        words, prefix = text[1:-1].strip(), False
    else:
        words, prefix = text.removesuffix("*"), text.endswith("*")
    if not any(character.isalnum() for character in words):
        raise QuerySyntaxError(f"{token.text} holds neither letters nor digits", position=token.position)
    return Term(words, exact=exact, prefix=prefix)


def _find(node: Node, text: _Text) -> tuple[str, ...] | None:
    match node:
        case Term():
            return (node.text,) if _pattern(node, text.fold).search(text.raw if node.exact else text.folded) else None
        case Not():
            return () if _find(node.inner, text) is None else None
        case All():
            found = [_find(part, text) for part in node.parts]
            return None if None in found else tuple(word for words in found if words for word in words)
        case Some():
            some = [words for part in node.parts if (words := _find(part, text)) is not None]
            return tuple(word for words in some for word in words) if some else None


@lru_cache(maxsize=4096)
def _pattern(term: Term, fold: Callable[[str], str]) -> re.Pattern[str]:
    """Return what finds a term: whole words at ends that are Latin letters or digits, white space of any length."""
    words = [re.escape(word) for word in (term.text if term.exact else fold(term.text)).split()]
    body = r"\s+".join(words)
    before = f"(?<!{_LETTER})" if _is_latin(term.text[0]) else ""
    after = f"(?!{_LETTER})" if _is_latin(term.text[-1]) and not term.prefix else ""
    return re.compile(before + body + after)


def _is_latin(character: str) -> bool:
    return character.isalnum() and character < _FIRST_EASTERN


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Term():
            yield node
        case Not():
            yield from _terms(node.inner)
        case All() | Some():
            for part in node.parts:
                yield from _terms(part)
