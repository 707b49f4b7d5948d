"""The catalogue of sources: the shipped files and the user's own, laid over each other by id."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from config.fields import Identifier
from config.layers import Tree, merge, problem_at, tree_of
from config.problems import suggest
from config.references import resolve
from config.source_entry import SourceEntry
from config.validation import validate
from config.yamlfile import YamlFile, parse_yaml, read_yaml
from core.errors import ConfigError, ConfigProblem
from core.source import SourceId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.layers import Resolved
    from config.yamlfile import KeyPath
    from core.source import Source

_FILE_KEYS = ("defaults", "sources")
_IDENTIFIER = TypeAdapter(Identifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every known source, with what is to be said about the files they came from."""

    sources: Mapping[SourceId, Source]
    ids: frozenset[str]
    """Ids of all entries, those with faults included."""
    groups: frozenset[str]
    """Groups of all entries, those with faults included."""
    problems: tuple[ConfigProblem, ...]
    templates: Mapping[KeyPath, str]
    """What stood in the files at values that were filled in from the environment, by `("sources", id, key, …)`."""
    names: frozenset[str]
    """Every environment variable that was named."""


def load_catalogue(
    *, extra: Sequence[Path] = (), environ: Mapping[str, str] = MappingProxyType({})
) -> Mapping[SourceId, Source]:
    """Return the shipped sources with the user's laid over them, in file order.

    Args:
        extra: Files that add sources, or change shipped ones by id and key, in rising precedence.
        environ: What `${NAME}` in those files stands for.

    Raises:
        ConfigError: With every fault of every file.
    """
    catalogue = read_catalogue(extra=extra, environ=environ)
    if catalogue.problems:
        raise ConfigError(catalogue.problems)
    return catalogue.sources


def read_catalogue(*, extra: Sequence[Path] = (), environ: Mapping[str, str]) -> Catalogue:
    """Read all files; faults come back as values, so that they can be told along with those of other files."""
    problems: list[ConfigProblem] = []
    trees = dict(_shipped())
    for path in extra:
        try:
            file: YamlFile = read_yaml(path)
        except ConfigError as error:
            problems.extend(error.problems)
        else:
            _lay_over(trees, tree_of(file, folder=path.parent), problems)
    return _catalogue(trees, problems, environ)


@cache
def _shipped() -> Mapping[str, Tree]:
    """Return the shipped entries; they are parsed once a process, and never changed."""
    files = [file for file in resources.files("config").joinpath("sources").iterdir() if file.name.endswith(".yaml")]
    trees: dict[str, Tree] = {}
    for file in sorted(files, key=lambda file: file.name):
        content = parse_yaml(file.read_text(encoding="utf-8"), name=f"config/sources/{file.name}")
        _lay_over(trees, tree_of(content, folder=Path()), problems=[])
    return MappingProxyType(trees)


def _lay_over(trees: dict[str, Tree], file: Tree, problems: list[ConfigProblem]) -> None:
    for key in file.data:
        if key not in _FILE_KEYS:
            message = f"unknown key{suggest(key, _FILE_KEYS) or '; known here: sources, defaults'}"
            problems.append(problem_at(file, (key,), message))
        elif not isinstance(file.data[key], dict):
            problems.append(problem_at(file, (key,), "must hold keys below it, indented"))
    defaults, entries = file.below("defaults"), file.below("sources")
    for source_id, entry in entries.data.items():
        if isinstance(entry, dict):
            known = trees.get(source_id, Tree())
            trees[source_id] = merge(merge(defaults, known), entries.below(source_id))
        else:
            problems.append(problem_at(entries, (source_id,), "must hold keys below it, indented", prefix=("sources",)))


def _catalogue(trees: Mapping[str, Tree], problems: list[ConfigProblem], environ: Mapping[str, str]) -> Catalogue:
    sources: dict[SourceId, Source] = {}
    templates: dict[KeyPath, str] = {}
    names: set[str] = set()
    for source_id, tree in trees.items():
        if tree is _shipped().get(source_id) and source_id in _shipped_sources():
            sources[SourceId(source_id)] = _shipped_sources()[source_id]
            continue
        prefix = ("sources", source_id)
        resolved = resolve(tree, environ=environ, prefix=prefix)
        source, invalid = _source(source_id, resolved)
        problems.extend([*resolved.problems, *invalid])
        templates.update({(*prefix, *path): text for path, text in resolved.templates.items()})
        names.update(resolved.names)
        if source is not None:
            sources[source.id] = source
    return Catalogue(
        sources=sources,
        ids=frozenset(trees),
        groups=frozenset(str(tree.data["group"]) for tree in trees.values() if "group" in tree.data),
        problems=tuple(problems),
        templates=templates,
        names=frozenset(names),
    )


@cache
def _shipped_sources() -> Mapping[str, Source]:
    """Return the shipped entries as sources; they refer to no environment, so they are checked once a process."""
    made = {source_id: _source(source_id, resolve(tree, environ={}))[0] for source_id, tree in _shipped().items()}
    return MappingProxyType({source_id: source for source_id, source in made.items() if source is not None})


def _source(source_id: str, resolved: Resolved) -> tuple[Source | None, list[ConfigProblem]]:
    prefix = ("sources", source_id)
    try:
        _IDENTIFIER.validate_python(source_id)
    except ValidationError:
        message = "a source id is lower-case letters, digits and hyphens, at most 64"
        return None, [problem_at(resolved.tree, (), message, prefix=prefix)]
    entry, problems = validate(resolved, SourceEntry, prefix=prefix)
    return entry.source(source_id) if entry is not None else None, problems
