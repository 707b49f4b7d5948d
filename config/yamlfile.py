"""Reads YAML as plain data that remembers its lines; every way a file can be malformed becomes a `ConfigProblem`.

Scalars follow the core schema of YAML 1.2: only `true` and `false` are booleans, so that `no` stays the word, `12:30`
the text and `2023-01-01` no date. Duplicate keys, tags and a second document are refused; anchors and `<<` work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.yamlnodes import Node, NodeBuilder
from core.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KeyPath = tuple[str | int, ...]
"""Where a value is: mapping keys and list indexes from the root."""

MAX_BYTES = 2_000_000
"""Far above any hand-written file; keeps a wrong path (a log, a database) from being read whole."""
MAX_NODES = 100_000
"""Nodes after aliases are followed: stops a file that doubles itself by anchors."""


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
    builder = NodeBuilder(name)
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


class _Flattener:
    """Turns nodes into plain data and notes the lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[KeyPath, int] = {}
        self._left = MAX_NODES

    def plain(self, node: Node, path: KeyPath) -> object:
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
