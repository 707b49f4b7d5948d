"""Fills in what a file only refers to: `${NAME}` from the environment, and secrets from files (`url_file`)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from config.home import expand_home
from config.layers import ANY_KEY, Resolved, Tree, problem_at

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from config.yamlfile import KeyPath
    from core.errors import ConfigProblem

_REFERENCE = re.compile(
    r"\$\$\{|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<fallback>:-(?P<default>[^}]*))?\}|(?P<bad>\$\{)"
)
_FILE = "_file"
_MAX_SECRET_BYTES = 65_536


def resolve(
    tree: Tree,
    *,
    environ: Mapping[str, str],
    secrets: Collection[tuple[str, ...]] = (),
    prefix: KeyPath = (),
) -> Resolved:
    """Fill in a tree.

    Args:
        tree: The merged layers.
        environ: The environment.
        secrets: Patterns of the keys that may be given as `KEY_file`.
        prefix: Keys above the tree, to be shown in problems.
    """
    resolver = _Resolver(tree, environ, secrets, prefix)
    data = resolver.mapping(tree.data, ())
    return Resolved(
        tree=Tree(data, tree.origins),
        templates=resolver.templates,
        problems=tuple(resolver.problems),
        names=frozenset(resolver.names),
        failed=frozenset(resolver.failed),
        files=tuple(resolver.files),
    )


class _Resolver:
    def __init__(
        self, tree: Tree, environ: Mapping[str, str], secrets: Collection[tuple[str, ...]], prefix: KeyPath
    ) -> None:
        self.tree, self.environ, self.secrets, self.prefix = tree, environ, secrets, prefix
        self.templates: dict[KeyPath, str] = {}
        self.problems: list[ConfigProblem] = []
        self.names: set[str] = set()
        self.failed: set[KeyPath] = set()
        self.files: list[Path] = []

    def mapping(self, data: Mapping[str, object], path: KeyPath) -> dict[str, object]:
        """Return a mapping with everything below it filled in."""
        filled: dict[str, object] = {}
        for key, value in data.items():
            result = self._value(value, (*path, key))
            target = key.removesuffix(_FILE)
            if key.endswith(_FILE) and self._may_be_file((*path, target)):
                if target in data:
                    self._refuse((*path, key), f"stands beside `{target}`; give one of the two")
                    continue
                key, result = target, self._secret(result, path=(*path, key), target=(*path, target))  # noqa: PLW2901
            if result is not None:
                filled[key] = result
        return filled

    def _value(self, value: object, path: KeyPath) -> object:
        if isinstance(value, dict):
            return self.mapping(value, path)
        if isinstance(value, list):
            return [self._value(item, (*path, index)) for index, item in enumerate(value)]
        if isinstance(value, str) and "${" in value and self.tree.origin(path).expand:
            return self._text(value, path)
        return value

    def _text(self, text: str, path: KeyPath) -> str:
        if _REFERENCE.sub("", text.replace("$${", "")) != text.replace("$${", ""):
            self.templates[path] = text
        return _REFERENCE.sub(lambda match: self._reference(match, path), text)

    def _reference(self, match: re.Match[str], path: KeyPath) -> str:
        if match["bad"]:
            self._refuse(path, "has a `${` that begins no ${NAME}; write `$${` for the characters themselves")
        if not match["name"]:
            return "${"
        name = match["name"]
        self.names.add(name)
        value = self.environ.get(name, "")
        if not value and match["fallback"] is None:
            state = "empty" if name in self.environ else "not set"
            self._refuse(path, f"needs the environment variable {name}, which is {state}")
        return value or match["default"] or ""

    def _may_be_file(self, path: KeyPath) -> bool:
        return any(
            len(pattern) == len(path) and all(part in (ANY_KEY, key) for part, key in zip(pattern, path, strict=True))
            for pattern in self.secrets
        )

    def _secret(self, name: object, *, path: KeyPath, target: KeyPath) -> str | None:
        self.templates[target] = f"(from {path[-1]})"
        if "://" in str(name):
            self._refuse(path, f"takes the path of a file; an address itself goes into `{target[-1]}`")
            return None
        try:
            file = self.tree.origin(path).folder / expand_home(Path(str(name)))
            self.files.append(file)
            # A pipe or device would block the start; only plain files are read.
            raw = file.read_bytes() if file.is_file() and file.stat().st_size <= _MAX_SECRET_BYTES else None
            text = None if raw is None else raw.decode("utf-8-sig").rstrip("\r\n")
        except (OSError, ValueError) as error:
            self._refuse(path, f"the file {name} cannot be read: {_reason(error)}")
            return None
        if not text:
            reason = "is empty" if text == "" else "does not exist, or is no plain file of at most 64 KiB"
            self._refuse(path, f"the file {file} {reason}")
        return text or None

    def _refuse(self, path: KeyPath, message: str) -> None:
        self.failed.update({path, (*path[:-1], str(path[-1]).removesuffix(_FILE))})
        self.problems.append(problem_at(self.tree, path, message, prefix=self.prefix))


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return error.strerror or "the system refuses it"
    return "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "this is no path"
