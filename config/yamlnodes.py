"""Composes YAML events into nodes with lines, refusing what configuration must not use; knows no settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from core.errors import ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_DEPTH = 30
"""The deepest setting is five levels down; deeper nesting is a slip or an attack."""

_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_STARTS_NUMBER = frozenset("-+.0123456789")
_SURROGATE = re.compile("[\\ud800-\\udfff]")
_WORDS: Mapping[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_STR_TAG = "tag:yaml.org,2002:str"


@dataclass(slots=True)
class Node:
    """A scalar, a list or a mapping, and the line on which it (or its key) stands."""

    line: int
    value: object = None
    items: list[Node] | None = None
    pairs: list[tuple[str, Node]] | None = None


def plain_scalar(text: str) -> object:
    """Read an unquoted scalar by the YAML 1.2 core schema: None, bool, int, float, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _explain(problem: str, line: str) -> str:
    if problem.startswith("expected ',' or") and "${" in line:
        return "inside { } or [ ] a text with ${…} needs quotes round it"
    if r"'\t'" in problem:
        return "is indented or separated by a tab; use spaces"
    if "mapping values are not allowed" in problem:
        return "a `: ` stands where no key can be; put quotes round the text, or check the indentation"
    if "could not find expected ':'" in problem:
        return "a key without its `:`; check this line and the one before it"
    if "expected <block end>" in problem:
        return "the indentation does not fit the lines above"
    if "cannot start any token" in problem:
        return "a text that starts with @, ` or % needs quotes"
    return f"is no valid YAML: {problem}"


def _fault(where: str, message: str) -> ConfigProblem:
    return ConfigProblem(where=where, key="", message=message)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


class NodeBuilder:
    """Composes the nodes of one document; holds its anchors and collects what is refused in `problems`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[ConfigProblem] = []
        self.anchors: dict[str, Node] = {}
        self._text = ""

    def build(self, text: str) -> Node:
        """Return the root node; an empty document is an empty scalar."""
        self._text = text
        try:
            return self._fast(text) or self._documents(yaml.parse(text, Loader=yaml.SafeLoader))
        except yaml.YAMLError as error:
            self._refuse_syntax(error)
        except (ValueError, OverflowError):
            # PyYAML calls chr() on escapes such as "\UFFFFFFFF" unchecked.
            self.problems.append(_fault(self.name, "has an escape in a quoted text that names no character"))
        return Node(line=1)

    def _fast(self, text: str) -> Node | None:
        """Return what libyaml reads, ten times as fast; None where it is absent or finds a fault.

        Faults are told by the other parser alone, so that they read the same everywhere.
        """
        loader = getattr(yaml, "CSafeLoader", None)
        if loader is None:
            return None
        builder = NodeBuilder(self.name)
        try:
            root = builder._documents(yaml.parse(text, Loader=loader))
        except (yaml.YAMLError, ValueError, OverflowError):
            return None
        return None if builder.problems else root

    def _documents(self, events: Iterator[yaml.Event]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent, yaml.CollectionStartEvent)):
                if root is not None:
                    self._refuse(event, "a second document (after `---`) is not read; keep one")
                    return root
                root = self._node(event, events, depth=1)
        return root or Node(line=1)

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], *, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MAX_DEPTH:
            self._refuse(event, f"is nested more than {MAX_DEPTH} levels deep")
            raise yaml.YAMLError
        node = Node(line=line)
        self._check_tag(event)
        if isinstance(event, yaml.ScalarEvent):
            node.value = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node.items = list(self._items(events, depth=depth))
        else:
            node.pairs = list(self._pairs(events, depth=depth))
        if event.anchor:  # type: ignore[attr-defined]
            self.anchors[event.anchor] = node  # type: ignore[attr-defined]
        return node

    def _items(self, events: Iterator[yaml.Event], *, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            yield self._node(event, events, depth=depth + 1)

    def _pairs(self, events: Iterator[yaml.Event], *, depth: int) -> Iterator[tuple[str, Node]]:
        seen: dict[str, int] = {}
        merged: dict[str, Node] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event, events, depth=depth)
            value = self._node(next(events), events, depth=depth + 1)
            line = _line(event)
            if key == "<<":
                merged = {**self._merged(event, value), **merged}
            elif key in seen:
                self._refuse(event, f"the key `{key}` stands here twice, first in line {seen[key]}; join the two")
            else:
                seen[key] = line
                yield key, Node(line=line, value=value.value, items=value.items, pairs=value.pairs)
        yield from ((key, node) for key, node in merged.items() if key not in seen)

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], *, depth: int) -> str:
        if isinstance(event, yaml.ScalarEvent):
            self._check_tag(event)
            return str(event.value)
        self._refuse(event, "a key must be a plain word; put quotes round a text that starts with [, { or *")
        self._node(event, events, depth=depth + 1)
        return ""

    def _merged(self, event: yaml.Event, value: Node) -> dict[str, Node]:
        parts = value.items if value.items is not None else [value]
        if any(part.pairs is None for part in parts):
            self._refuse(event, "`<<` takes an anchored mapping, or a list of them")
        # Of several mappings the first one wins, by the definition of the merge key.
        return {key: node for part in reversed(parts) for key, node in part.pairs or ()}

    def _alias(self, event: yaml.AliasEvent) -> Node:
        if event.anchor in self.anchors:
            return self.anchors[event.anchor]
        self._refuse(event, "no anchor of this name is complete above; put quotes round a text that starts with *")
        return Node(line=_line(event))

    def _check_tag(self, event: yaml.Event) -> None:
        tag = getattr(event, "tag", None)
        if tag not in (None, "!", _STR_TAG):
            self._refuse(event, "tags are not read; put quotes round a text that starts with !")

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        text = str(event.value)
        if _SURROGATE.search(text):
            self._refuse(event, "has an escape in a quoted text that names no character")
            return ""
        return text if event.style or event.tag is not None else plain_scalar(text)

    def _refuse(self, event: yaml.Event, message: str) -> None:
        self.problems.append(_fault(f"{self.name}:{_line(event)}", message))

    def _refuse_syntax(self, error: yaml.YAMLError) -> None:
        if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
            # A key without a colon is noticed only further down; the context says where it began.
            begun = error.context_mark if error.context == "while scanning a simple key" else None
            line = (begun or error.problem_mark).line + 1
            self.problems.append(_fault(f"{self.name}:{line}", _explain(error.problem or "", self._line_of(line))))
        elif isinstance(error, yaml.reader.ReaderError):
            self.problems.append(_fault(self.name, "holds a control character, which YAML text may not"))

    def _line_of(self, number: int) -> str:
        return "".join(self._text.split("\n")[number - 1 : number])
