"""Writes out patterns: the bodies that every province or city has become concepts with ids and names of their own.

A pattern names bodies with places for words, `{full}发展和改革委员会`; a member of it gives the words, `full: 浙江省`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.problems import suggest

if TYPE_CHECKING:
    from config.lexicon_entry import FaultSink
    from config.yamlfile import KeyPath

Pattern = Mapping[str, Mapping[str, object]]
"""Name of a body within its place (`drc`) → its entry, with `{words}` to be filled in."""

MEMBER_KEYS = frozenset({"pattern", "words", "with", "but"})
_WORD = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class PatternEntry:
    """One entry that a member of a pattern stands for."""

    concept_id: str
    path: KeyPath
    """Where a fault of it is told: the member's own change of the body, else the member."""
    entry: Mapping[str, object]


def read_patterns(raw: object, known: dict[str, Pattern], fault: FaultSink) -> None:
    """Add a file's patterns to those known; a pattern of the same name is replaced."""
    if not isinstance(raw, dict):
        fault(("patterns",), "must hold bodies by the name of their pattern, such as `city: {drc: {zh: [...]}}`")
        return
    for name, bodies in raw.items():
        if isinstance(bodies, dict) and all(isinstance(body, dict) for body in bodies.values()):
            known[name] = bodies
        else:
            fault(("patterns", name), "must hold bodies, such as {drc: {zh: ['{full}发改委']}}")


def expand_members(raw: object, known: Mapping[str, Pattern], fault: FaultSink) -> Iterator[PatternEntry]:
    """Yield the entries that a file's members stand for, in the order of the members and then of their pattern."""
    if not isinstance(raw, dict):
        fault(("members",), "must hold members by the first part of their ids, such as `org.cn-zj:`")
        return
    for member_id, member in raw.items():
        path = ("members", member_id)
        if _is_sound(path, member, known, fault=fault):
            yield from _expand(path, member, known[member["pattern"]], fault=fault)


def _is_sound(path: KeyPath, member: object, known: Mapping[str, Pattern], *, fault: FaultSink) -> bool:
    """Tell whether a member can be written out; whatever is wrong with it is told."""
    if not isinstance(member, dict):
        fault(path, "must be a mapping such as {pattern: city, words: {full: 温州市, short: 温州, en: Wenzhou}}")
        return False
    unknown = sorted(set(member) - MEMBER_KEYS)
    for key in unknown:
        fault((*path, key), f"is not known{suggest(key, MEMBER_KEYS) or '; known: ' + ', '.join(sorted(MEMBER_KEYS))}")
    shapes = [key for key in ("words", "with", "but") if not isinstance(member.get(key, {}), dict)]
    for key in shapes:
        fault((*path, key), "must be a mapping")
    pattern = str(member.get("pattern"))
    if pattern not in known:
        fault((*path, "pattern"), f"{pattern!r} is no pattern{suggest(str(pattern), known)}")
    return not unknown and not shapes and pattern in known


def _expand(
    path: KeyPath, member: Mapping[str, Mapping[str, object]], pattern: Pattern, *, fault: FaultSink
) -> Iterator[PatternEntry]:
    changes = member.get("but", {})
    for body in sorted(set(changes) - set(pattern)):
        fault((*path, "but", body), f"is no body of this pattern{suggest(body, pattern)}")
    words = {**member.get("words", {}), "id": path[-1]}
    for body, entry in pattern.items():
        change = changes.get(body, {})
        where = (*path, "but", body) if body in changes else path
        if not isinstance(change, dict):
            fault(where, "must be a mapping of what is different")
        elif change.get("enabled", True) is not False:
            filled = _filled({**member.get("with", {}), **entry, **change}, words, where, fault=fault)
            yield PatternEntry(f"{path[-1]}.{body}", where, filled)


def _filled(
    entry: Mapping[str, object], words: Mapping[str, object], where: KeyPath, *, fault: FaultSink
) -> Mapping[str, object]:
    """Return an entry with its words put in; texts are looked for in lists and mappings too."""
    missing: dict[str, None] = {}

    def fill(value: object) -> object:
        if isinstance(value, str):
            missing.update(dict.fromkeys(word for word in _WORD.findall(value) if word not in words))
            return _WORD.sub(lambda match: str(words.get(match[1], "")), value)
        if isinstance(value, list):
            return [fill(part) for part in value]
        return {key: fill(part) for key, part in value.items()} if isinstance(value, dict) else value

    filled = {key: fill(value) for key, value in entry.items()}
    for word in missing:
        fault(where, f"lacks the word {word!r} that its pattern asks for")
    return filled
