"""Layers of configuration laid one over the other, each value remembering where it was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.yamlfile import KeyPath, YamlFile

_FILE_SUFFIX = "_file"

ANY_KEY = "*"
"""Stands in a pattern for the free key of a mapping, such as a channel's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value was written."""

    where: str
    """`hongtou.yaml:12`, the name of an environment variable, or an option."""
    folder: Path = Path()
    """Folder that relative paths in the value start from."""
    expand: bool = False
    """Whether `${NAME}` in the value stands for an environment variable; so in files, not in the environment."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Plain nested data with the origin of each key and list item."""

    data: Mapping[str, object] = field(default_factory=dict)
    origins: Mapping[KeyPath, Origin] = field(default_factory=dict)

    def origin(self, path: KeyPath) -> Origin:
        """Return the origin of a value, or of the nearest one around it that has one."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.origins:
                return self.origins[path[:end]]
        return self.origins.get((), Origin(where="configuration"))

    def below(self, key: str) -> Tree:
        """Return the mapping under a key as a tree of its own; an empty one when there is none."""
        data = self.data.get(key)
        origins = {path[1:]: origin for path, origin in self.origins.items() if path[:1] == (key,)}
        origins.setdefault((), self.origin(()))
        return Tree(data if isinstance(data, dict) else {}, origins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A tree with every reference filled in."""

    tree: Tree
    templates: Mapping[KeyPath, str]
    """What stood in the file at each value that was filled in: safe to show in the value's place."""
    problems: tuple[ConfigProblem, ...]
    names: frozenset[str]
    """Every variable that was named."""
    failed: frozenset[KeyPath]
    """Values that could not be filled in; what a validation says of them is beside the point."""
    files: tuple[Path, ...] = ()
    """Files of secrets that were named, whether they could be read or not."""


def tree_of(file: YamlFile, *, folder: Path) -> Tree:
    """Return a file as a tree.

    Args:
        file: The file.
        folder: Where relative paths in it start from.
    """
    origins: dict[KeyPath, Origin] = {
        path: Origin(where=file.where(path), folder=folder, expand=True) for path in file.lines
    }
    origins[()] = Origin(where=file.name, folder=folder, expand=True)
    return Tree(file.data, origins)


def merge(base: Tree, over: Tree) -> Tree:
    """Lay one tree over another: mappings are joined key by key, everything else is replaced.

    A secret and its `_file` form replace each other, so that a variable can override a file and the other way round.
    """
    return Tree(_merge(base.data, over.data), {**base.origins, **over.origins})


def _merge(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    merged = dict(base)
    for key in over:
        merged.pop(key.removesuffix(_FILE_SUFFIX) if key.endswith(_FILE_SUFFIX) else key + _FILE_SUFFIX, None)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def dotted(path: KeyPath) -> str:
    """Return a path as messages write it: `routes.desk.match.topics[0]`."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text


def problem_at(tree: Tree, path: KeyPath, message: str, *, prefix: KeyPath = ()) -> ConfigProblem:
    """Return a problem of one value.

    Args:
        tree: Where the value's origin is looked up.
        path: The value.
        message: What is wrong and what would be right.
        prefix: Keys above the tree, to be shown before the path.
    """
    return ConfigProblem(where=tree.origin(path).where, key=dotted((*prefix, *path)), message=message)
