"""Reads settings from environment variables: `HONGTOU_CRAWL__TIMEOUT=20s` is `crawl.timeout`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_origin

from pydantic import SecretStr

from config.layers import Origin, Tree, merge
from config.place import CONFIG_VARIABLE, PREFIX
from config.problems import suggest
from config.settings import Settings
from config.shape import allowed_keys, is_model, type_at
from config.yamlfile import parse_yaml
from core.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from config.yamlfile import KeyPath

_FILE = "_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentLayer:
    """What the environment sets."""

    tree: Tree
    problems: tuple[ConfigProblem, ...]
    unknown: tuple[str, ...]
    """Variables with our prefix that name no setting; a file may still refer to them by `${NAME}`."""


def environment_layer(environ: Mapping[str, str]) -> EnvironmentLayer:
    """Read every variable that begins with `HONGTOU_`.

    `__` goes one level down; within the name of a channel or route `_` stands for `-`. Lists are separated by commas
    or written as YAML (`[a, b]`). An empty variable counts as not set.

    Args:
        environ: The environment.
    """
    tree = Tree()
    problems: list[ConfigProblem] = []
    unknown: list[str] = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name == CONFIG_VARIABLE or not environ[name]:
            continue
        path = _path(name.removeprefix(PREFIX).lower().split("__"))
        if type_at(Settings, (path[0],)) is None and not str(path[0]).endswith(_FILE):
            unknown.append(name)
            continue
        try:
            value = _value(environ[name], path, name)
        except ConfigError as error:
            problems.extend(error.problems)
        else:
            tree = merge(tree, branch(path, value, Origin(where=name)))
    return EnvironmentLayer(tree=tree, problems=tuple(problems), unknown=tuple(unknown))


def unknown_variable(name: str) -> ConfigProblem:
    """Return the warning about a variable that looks like a setting and is none."""
    word = name.removeprefix(PREFIX).lower()
    message = f"names no setting, and is ignored{suggest(word.split('__')[0], allowed_keys(Settings))}"
    return ConfigProblem(where=name, key="", message=message)


def branch(path: KeyPath, value: object, origin: Origin) -> Tree:
    """Return a tree that holds one value.

    Args:
        path: Where it stands.
        value: What it is.
        origin: Where it was written.
    """
    data: Any = value
    for key in reversed(path):
        data = {key: data}
    return Tree(data, {path[:end]: origin for end in range(1, len(path) + 1)})


def _path(words: Iterable[str]) -> KeyPath:
    path: KeyPath = ()
    for word in words:
        around = type_at(Settings, path)
        path = (*path, word.replace("_", "-") if get_origin(around) is dict else word)
    return path


def _value(text: str, path: KeyPath, name: str) -> object:
    annotation = type_at(Settings, path)
    if annotation is SecretStr:
        return text
    if get_origin(annotation) is tuple and not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    if is_model(annotation) or get_origin(annotation) in (dict, tuple):
        return parse_yaml(f"value: {text}", name=name).data.get("value")
    return text
