"""Reads lexicon files: the shipped ones, then the user's, which add concepts or change them by id."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from config.lexicon_check import check_concepts, check_gaps, find_doubts
from config.lexicon_entry import extended, read_changes
from config.lexicon_patterns import expand_members, read_patterns
from config.problems import suggest
from config.yamlfile import read_yaml
from core.errors import ConfigError, ConfigProblem
from core.lexicon import Concept, ConceptKind, Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from config.lexicon_patterns import Pattern
    from config.yamlfile import KeyPath, YamlFile

SHIPPED = Path(__file__).parent / "lexicon"
"""Folder of the lexicon that comes with the program."""

_SECTIONS = ("kind", "patterns", "concepts", "members")
_KINDS = frozenset(kind.value for kind in ConceptKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconFiles:
    """What reading the files gives."""

    lexicon: Lexicon
    places: Mapping[str, str] = field(repr=False)
    """Id → file and line where the concept was last set: `lexicon/technologies.yaml:7`."""
    warnings: tuple[ConfigProblem, ...] = ()
    """What is doubtful, or missing in the user's own concepts; the lexicon works all the same."""


@dataclass(slots=True)
class _Entries:
    """Concepts collected so far, where each was last set, and the faults found on the way."""

    concepts: dict[str, Concept] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, Pattern] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    """Ids that a file of the user's sets."""
    problems: list[ConfigProblem] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Reads the entries of one file."""

    file: YamlFile
    entries: _Entries
    is_override: bool
    faulty: bool = False

    def fault(self, path: KeyPath, message: str) -> None:
        key = ".".join(str(part) for part in path if part not in _SECTIONS[1:] or len(path) == 1)
        self.entries.problems.append(ConfigProblem(where=self.file.where(path), key=key, message=message))
        self.faulty = True

    def read(self) -> None:
        for key in self.file.data:
            if key not in _SECTIONS:
                self.fault((key,), f"is not known{suggest(key, _SECTIONS)}; a file holds {', '.join(_SECTIONS)}")
        read_patterns(self.file.data.get("patterns", {}), self.entries.patterns, self.fault)
        self._read_concepts()
        for part in expand_members(self.file.data.get("members", {}), self.entries.patterns, self.fault):
            self._read_concept(part.concept_id, part.entry, part.path)

    def _read_concepts(self) -> None:
        concepts = self.file.data.get("concepts", {})
        if not isinstance(concepts, dict):
            self.fault(("concepts",), "must hold concepts by id, such as `tech.blockchain:`")
            return
        for concept_id, entry in concepts.items():
            path: KeyPath = ("concepts", concept_id)
            if isinstance(entry, dict):
                self._read_concept(concept_id, entry, path)
            else:
                self.fault(path, "must be a mapping such as {topics: [ai], zh: [人工智能], en: [AI]}")

    def _read_concept(self, concept_id: str, entry: Mapping[str, object], path: KeyPath) -> None:
        self.faulty = False
        if concept_id in self.entries.concepts and not self.is_override:
            self.fault(path, f"{_of(path, concept_id)}is already in {self.entries.places[concept_id]}; ids are unique")
            return
        changes = read_changes(path, entry, self.fault)
        concept = None if self.faulty else self._merged(concept_id, changes, path)
        if self.faulty:
            return
        if entry.get("enabled", True) is False or concept is None:
            self.entries.concepts.pop(concept_id, None)
            return
        self.entries.concepts[concept_id] = extended(concept, entry.get("also", {}))
        self.entries.places[concept_id] = self.file.where(path)
        if self.is_override:
            self.entries.own.add(concept_id)

    def _merged(self, concept_id: str, changes: dict[str, object], path: KeyPath) -> Concept | None:
        known = self.entries.concepts.get(concept_id)
        kind = changes.pop("kind", known.kind if known else self.file.data.get("kind", ""))
        if kind not in _KINDS:
            self.fault((*path, "kind"), f"{kind!r} is no kind; use one of {', '.join(sorted(_KINDS))}")
            return None
        base = known or Concept(id=concept_id, kind=ConceptKind(str(kind)))
        return replace(base, kind=ConceptKind(str(kind)), **changes)  # type: ignore[arg-type]  # checked on reading


def load_lexicon(*, extra: Sequence[Path] = (), shipped: Path = SHIPPED) -> Lexicon:
    """Read the shipped lexicon, then files that add to it or change it.

    Args:
        extra: The user's files, in rising precedence.
        shipped: Folder of the lexicon to start from.

    Raises:
        ConfigError: With every fault of every file, each with its file and line.
    """
    return _lexicon(_read(extra, shipped)[0])


def read_lexicon(*, extra: Sequence[Path] = (), shipped: Path = SHIPPED) -> LexiconFiles:
    """Read like `load_lexicon`, and tell also where each concept stands and what is doubtful.

    Raises:
        ConfigError: As `load_lexicon`. A concept that lacks a language or a rank is a fault in the shipped files and a
            warning in the user's.
    """
    entries, gaps = _read(extra, shipped)
    warnings = [problem for concept_id, problem in gaps if concept_id in entries.own]
    warnings += find_doubts(entries.concepts, entries.places)
    return LexiconFiles(lexicon=_lexicon(entries), places=entries.places, warnings=tuple(warnings))


def _read(extra: Sequence[Path], shipped: Path) -> tuple[_Entries, tuple[tuple[str, ConfigProblem], ...]]:
    """Return what the files hold, and what concepts lack, by id; doubts, which only a person reads, are left out."""
    entries = _Entries()
    for path in sorted(shipped.glob("*.yaml")):
        _read_file(path, entries, name=f"lexicon/{path.name}", is_override=False)
    for path in extra:
        _read_file(path, entries, name=str(path), is_override=True)
    gaps = tuple(check_gaps(entries.concepts, entries.places))
    faults = [problem for concept_id, problem in gaps if concept_id not in entries.own]
    problems = [*entries.problems, *check_concepts(entries.concepts, entries.places), *faults]
    if problems:
        raise ConfigError(problems)
    return entries, gaps


def _lexicon(entries: _Entries) -> Lexicon:
    concepts = tuple(entries.concepts.values())
    return Lexicon(concepts=concepts, version=_version(concepts))


def _read_file(path: Path, entries: _Entries, *, name: str, is_override: bool) -> None:
    try:
        file = read_yaml(path, name=name)
    except ConfigError as error:
        entries.problems.extend(error.problems)
        return
    _Reader(file=file, entries=entries, is_override=is_override).read()


def _of(path: KeyPath, concept_id: str) -> str:
    """Name the concept in a fault whose place is a member that stands for many."""
    return "" if path[-1] == concept_id else f"{concept_id} "


def _version(concepts: Iterable[Concept]) -> str:
    digest = hashlib.sha256()
    for concept in concepts:
        digest.update(repr(concept).encode())
    return digest.hexdigest()[:12]
