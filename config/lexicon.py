"""Reads lexicon files: the shipped ones, then the user's, which add concepts or change them by id."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from config.lexicon_check import check_concepts
from config.problems import suggest
from config.yamlfile import read_yaml
from core.errors import ConfigError, ConfigProblem
from core.lexicon import Concept, ConceptKind, Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from config.yamlfile import KeyPath, YamlFile

SHIPPED = Path(__file__).parent / "lexicon"
"""Folder of the lexicon that comes with the program."""

_LISTS = frozenset({"zh", "en", "topics", "not_in", "hosts"})
_TEXTS = frozenset({"kind", "jurisdiction", "act", "signal"})
_KEYS = frozenset(part.name for part in fields(Concept)) - {"id"} | {"also", "enabled"}
_KINDS = frozenset(kind.value for kind in ConceptKind)


@dataclass(slots=True)
class _Entries:
    """Concepts collected so far, where each was last set, and the faults found on the way."""

    concepts: dict[str, Concept] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[ConfigProblem] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Reads the entries of one file."""

    file: YamlFile
    entries: _Entries
    is_override: bool
    faulty: bool = False

    def fault(self, path: KeyPath, message: str) -> None:
        key = ".".join(str(part) for part in path if part != "concepts")
        self.entries.problems.append(ConfigProblem(where=self.file.where(path), key=key, message=message))
        self.faulty = True

    def read(self) -> None:
        for key in self.file.data:
            if key not in {"kind", "concepts"}:
                self.fault((key,), "is not known; a lexicon file holds `kind` and `concepts`")
        concepts = self.file.data.get("concepts", {})
        if not isinstance(concepts, dict):
            self.fault(("concepts",), "must hold concepts by id, such as `tech.blockchain:`")
            return
        for concept_id, value in concepts.items():
            self.faulty = False
            self._read_concept(concept_id, value)

    def _read_concept(self, concept_id: str, value: object) -> None:
        path: KeyPath = ("concepts", concept_id)
        if not isinstance(value, dict):
            self.fault(path, "must be a mapping such as {topics: [ai], zh: [人工智能], en: [AI]}")
            return
        if concept_id in self.entries.concepts and not self.is_override:
            self.fault(path, f"is already in {self.entries.places[concept_id]}; shipped ids are unique")
            return
        changes = self._changes(path, value)
        concept = None if self.faulty else self._merged(path, changes)
        if self.faulty:
            return
        if value.get("enabled", True) is False or concept is None:
            self.entries.concepts.pop(concept_id, None)
            return
        self.entries.concepts[concept_id] = _extended(concept, value.get("also", {}))
        self.entries.places[concept_id] = self.file.where(path)

    def _merged(self, path: KeyPath, changes: dict[str, object]) -> Concept | None:
        known = self.entries.concepts.get(str(path[-1]))
        kind = changes.pop("kind", known.kind if known else self.file.data.get("kind", ""))
        if kind not in _KINDS:
            self.fault((*path, "kind"), f"{kind!r} is no kind; use one of {', '.join(sorted(_KINDS))}")
            return None
        base = known or Concept(id=str(path[-1]), kind=ConceptKind(str(kind)))
        return replace(base, kind=ConceptKind(str(kind)), **changes)  # type: ignore[arg-type]  # checked in _changes

    def _changes(self, path: KeyPath, value: Mapping[str, object]) -> dict[str, object]:
        """Return the fields that an entry sets, in their final types; faults are noted."""
        changes: dict[str, object] = {}
        for name, raw in value.items():
            where = (*path, name)
            if name not in _KEYS:
                self.fault(where, f"is not known{suggest(name, _KEYS) or '; known: ' + ', '.join(sorted(_KEYS))}")
            elif name == "also":
                self._check_also(where, raw)
            elif name in _LISTS:
                changes[name] = self._texts(where, raw)
            elif name == "weight":
                changes[name] = self._weight(where, raw)
            elif name in _TEXTS:
                changes[name] = str(raw)
            elif not isinstance(raw, bool):
                self.fault(where, "must be true or false")
            elif name == "masks":
                changes[name] = raw
        return changes

    def _check_also(self, path: KeyPath, raw: object) -> None:
        if not isinstance(raw, dict) or not set(raw) <= _LISTS:
            self.fault(path, f"must hold lists to add, under {', '.join(sorted(_LISTS))}")
            return
        for name, values in raw.items():
            self._texts((*path, name), values)

    def _texts(self, path: KeyPath, raw: object) -> tuple[str, ...]:
        if isinstance(raw, list) and all(isinstance(part, str) and part for part in raw):
            return tuple(dict.fromkeys(raw))
        self.fault(path, "must be a list of texts, such as [区块链, 分布式账本]; put quotes round numbers")
        return ()

    def _weight(self, path: KeyPath, raw: object) -> float:
        if isinstance(raw, int | float) and not isinstance(raw, bool) and 0 < raw <= 1:
            return float(raw)
        self.fault(path, "must be a number above 0 and at most 1")
        return 1.0


def load_lexicon(*, extra: Sequence[Path] = (), shipped: Path = SHIPPED) -> Lexicon:
    """Read the shipped lexicon, then files that add to it or change it.

    Args:
        extra: The user's files, in rising precedence.
        shipped: Folder of the lexicon to start from.

    Raises:
        ConfigError: With every fault of every file, each with its file and line.
    """
    entries = _Entries()
    for path in sorted(shipped.glob("*.yaml")):
        _read_file(path, entries, name=f"lexicon/{path.name}", is_override=False)
    for path in extra:
        _read_file(path, entries, name=str(path), is_override=True)
    entries.problems.extend(check_concepts(entries.concepts, entries.places))
    if entries.problems:
        raise ConfigError(entries.problems)
    concepts = tuple(entries.concepts.values())
    return Lexicon(concepts=concepts, version=_version(concepts))


def _read_file(path: Path, entries: _Entries, *, name: str, is_override: bool) -> None:
    try:
        file = read_yaml(path, name=name)
    except ConfigError as error:
        entries.problems.extend(error.problems)
        return
    _Reader(file=file, entries=entries, is_override=is_override).read()


def _version(concepts: Iterable[Concept]) -> str:
    digest = hashlib.sha256()
    for concept in concepts:
        digest.update(repr(concept).encode())
    return digest.hexdigest()[:12]


def _extended(concept: Concept, also: object) -> Concept:
    lists = also.items() if isinstance(also, dict) else ()
    added = {name: tuple(dict.fromkeys((*getattr(concept, name), *values))) for name, values in lists}
    return replace(concept, **added)  # type: ignore[arg-type]  # keys and values are checked in _check_also
