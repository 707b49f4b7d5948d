"""Reads YAML as plain data that remembers its lines; every way a file can be malformed becomes a `ConfigProblem`.

Scalars follow the core schema of YAML 1.2: only `true` and `false` are booleans, so that `no` stays the word, `12:30`
the text and `2023-01-01` no date. Duplicate keys, tags and a second document are refused; anchors and `<<` work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from core.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

KeyPath = tuple[str | int, ...]
"""Where a value is: mapping keys and list indexes from the root."""

MAX_BYTES = 2_000_000
"""Far above any hand-written file; keeps a wrong path (a log, a database) from being read whole."""
MAX_DEPTH = 30
"""The deepest setting is five levels down; deeper nesting is a slip or an attack."""
MAX_NODES = 100_000
"""Nodes after aliases are followed: stops a file that doubles itself by anchors."""

_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_STR_TAG = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The content of one file."""

    name: str
    """How the file is called in messages."""
    data: Mapping[str, object]
    """Plain dicts, lists and scalars. Keys whose value is empty are left out: an empty value means the default."""
    lines: Mapping[KeyPath, int]
    """Line, from 1, of every key and list item."""

    def where(self, path: KeyPath) -> str:
        """Return `name:line` of a value, or of the nearest one around it that has a line."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return f"{self.name}:{self.lines[path[:end]]}"
        return self.name


@dataclass(slots=True)
class _Node:
    line: int
    value: object = None
    items: list[_Node] | None = None
    pairs: list[tuple[str, _Node]] | None = None


def read_yaml(path: Path, *, name: str = "") -> YamlFile:
    """Read a file.

    Args:
        path: The file; always read as UTF-8, with or without a byte-order mark.
        name: How to call it in messages; its path by default.

    Raises:
        ConfigError: It cannot be read, or is no YAML mapping.
    """
    name = name or str(path)
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise ConfigError([_fault(name, f"is larger than {MAX_BYTES:,} bytes, which no configuration file is")])
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError([_fault(name, f"cannot be read: {error.strerror or error}")]) from error
    return parse_yaml(_decode(raw, name), name=name)


def parse_yaml(text: str, *, name: str) -> YamlFile:
    """Parse text.

    Args:
        text: The whole file; an empty one is an empty mapping.
        name: How to call it in messages.

    Raises:
        ConfigError: The text is no YAML mapping, or uses what is refused; holds the first syntax fault, or all others.
    """
    builder = _Builder(name)
    root = builder.build(text)
    if builder.problems:
        raise ConfigError(builder.problems)
    if root.items is not None or (root.pairs is None and root.value is not None):
        raise ConfigError(
            [_fault(f"{name}:{root.line}", "must hold keys and values, such as `crawl:` and below it `timeout: 20s`")]
        )
    flat = _Flattener(name)
    data = flat.plain(root, ())
    return YamlFile(name=name, data=data if isinstance(data, dict) else {}, lines=flat.lines)


def _decode(raw: bytes, name: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ConfigError([_fault(name, "is saved as UTF-16; save it as UTF-8")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        guess = " (it looks like GBK)" if _is_gbk(raw) else ""
        raise ConfigError([_fault(f"{name}:{line}", f"is not UTF-8 text{guess}; save the file as UTF-8")]) from None


def _is_gbk(raw: bytes) -> bool:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _fault(where: str, message: str, key: str = "") -> ConfigProblem:
    return ConfigProblem(where=where, key=key, message=message)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


class _Builder:
    """Composes nodes from PyYAML's events; holds the anchors and collects what is refused."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[ConfigProblem] = []
        self.anchors: dict[str, _Node] = {}

    def build(self, text: str) -> _Node:
        """Return the root node; an empty document is an empty scalar."""
        try:
            return self._documents(yaml.parse(text, Loader=yaml.SafeLoader))
        except yaml.YAMLError as error:
            self._refuse_syntax(error)
        except (ValueError, OverflowError):
            # PyYAML calls chr() on escapes such as "\UFFFFFFFF" unchecked.
            self.problems.append(_fault(self.name, "has an escape in a quoted text that names no character"))
        return _Node(line=1)

    def _documents(self, events: Iterator[yaml.Event]) -> _Node:
        root: _Node | None = None
        for event in events:
            if isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent, yaml.CollectionStartEvent)):
                if root is not None:
                    self._refuse(event, "a second document (after `---`) is not read; keep one")
                    return root
                root = self._node(event, events, depth=1)
        return root or _Node(line=1)

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], *, depth: int) -> _Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MAX_DEPTH:
            self._refuse(event, f"is nested more than {MAX_DEPTH} levels deep")
            raise yaml.YAMLError
        node = _Node(line=line)
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

    def _items(self, events: Iterator[yaml.Event], *, depth: int) -> Iterator[_Node]:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            yield self._node(event, events, depth=depth + 1)

    def _pairs(self, events: Iterator[yaml.Event], *, depth: int) -> Iterator[tuple[str, _Node]]:
        seen: dict[str, int] = {}
        merged: list[tuple[str, _Node]] = []
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event, events, depth=depth)
            value = self._node(next(events), events, depth=depth + 1)
            line = _line(event)
            if key == "<<":
                merged.extend(self._merged(event, value))
            elif key in seen:
                self._refuse(event, f"the key `{key}` stands here twice, first in line {seen[key]}; join the two")
            else:
                seen[key] = line
                yield key, _Node(line=line, value=value.value, items=value.items, pairs=value.pairs)
        yield from ((key, node) for key, node in reversed(merged) if key not in seen)

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], *, depth: int) -> str:
        if isinstance(event, yaml.ScalarEvent):
            self._check_tag(event)
            return str(event.value)
        self._refuse(event, "a key must be a plain word; put quotes round a text that starts with [, { or *")
        self._node(event, events, depth=depth + 1)
        return ""

    def _merged(self, event: yaml.Event, value: _Node) -> list[tuple[str, _Node]]:
        parts = value.items if value.items is not None else [value]
        if any(part.pairs is None for part in parts):
            self._refuse(event, "`<<` takes an anchored mapping, or a list of them")
        return [pair for part in reversed(parts) for pair in part.pairs or ()]

    def _alias(self, event: yaml.AliasEvent) -> _Node:
        if event.anchor in self.anchors:
            return self.anchors[event.anchor]
        self._refuse(event, "no anchor of this name is complete above; put quotes round a text that starts with *")
        return _Node(line=_line(event))

    def _check_tag(self, event: yaml.Event) -> None:
        tag = getattr(event, "tag", None)
        if tag not in (None, "!", _STR_TAG):
            self._refuse(event, "tags are not read; put quotes round a text that starts with !")

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        text = str(event.value)
        if any("\ud800" <= character <= "\udfff" for character in text):
            self._refuse(event, "has an escape in a quoted text that names no character")
            return ""
        return text if event.style is not None or event.tag is not None else plain_scalar(text)

    def _refuse(self, event: yaml.Event, message: str) -> None:
        self.problems.append(_fault(f"{self.name}:{_line(event)}", message))

    def _refuse_syntax(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            text = _explain(str(getattr(error, "problem", "") or ""))
            self.problems.append(_fault(f"{self.name}:{mark.line + 1}", text))
        elif isinstance(error, yaml.reader.ReaderError):
            self.problems.append(_fault(self.name, "holds a control character, which YAML text may not"))


def plain_scalar(text: str) -> object:
    """Read an unquoted scalar by the YAML 1.2 core schema: None, bool, int, float, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _explain(problem: str) -> str:
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


class _Flattener:
    """Turns nodes into plain data and notes the lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[KeyPath, int] = {}
        self._left = MAX_NODES

    def plain(self, node: _Node, path: KeyPath) -> object:
        """Return the node's data; mapping keys with an empty value are left out."""
        self._left -= 1
        if self._left < 0:
            raise ConfigError([_fault(self.name, f"grows to more than {MAX_NODES:,} values by its anchors")])
        if path:
            self.lines[path] = node.line
        if node.pairs is not None:
            pairs = ((key, self.plain(value, (*path, key))) for key, value in node.pairs)
            return {key: value for key, value in pairs if value is not None}
        if node.items is not None:
            return [self.plain(value, (*path, index)) for index, value in enumerate(node.items)]
        return node.value
