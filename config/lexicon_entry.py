"""Reads one entry of a lexicon file: its keys and values in their final types, with a fault for each that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from types import MappingProxyType

from config.problems import suggest
from config.yamlfile import KeyPath
from core.lexicon import Concept, Former, Rank

FaultSink = Callable[[KeyPath, str], None]
"""Takes the place of a fault and what is wrong there."""

LISTS = frozenset({"zh", "en", "topics", "not_in", "only_with", "hosts", "meant"})
"""Keys that hold lists of texts, and so can be added to under `also`."""
KEYS = frozenset(part.name for part in fields(Concept)) - {"id"} | {"also", "enabled"}
"""Keys of an entry."""
FORMER_KEYS = frozenset(part.name for part in fields(Former))
RANKS = tuple(rank.value for rank in Rank)


def read_changes(path: KeyPath, entry: Mapping[str, object], fault: FaultSink) -> dict[str, object]:
    """Return the fields that an entry sets, in their final types; `kind` stays a text.

    Args:
        path: Where the entry is in its file.
        entry: Its keys and values. `also` and `enabled` are checked, and not among the fields.
        fault: Told of everything that is wrong.
    """
    changes: dict[str, object] = {}
    for name, raw in entry.items():
        where = (*path, name)
        if name not in KEYS:
            fault(where, f"is not known{suggest(name, KEYS) or '; known: ' + ', '.join(sorted(KEYS))}")
            continue
        value = _READERS.get(name, _text)(where, raw, fault)
        if name not in {"also", "enabled"}:
            changes[name] = value
    return changes


def extended(concept: Concept, also: object) -> Concept:
    """Return a concept with what `also` adds to its lists; its shape is checked by `read_changes`."""
    lists = also.items() if isinstance(also, dict) else ()
    added = {name: tuple(dict.fromkeys((*getattr(concept, name), *values))) for name, values in lists}
    return replace(concept, **added)  # type: ignore[arg-type]  # keys and values are checked in _also


def _text(path: KeyPath, raw: object, fault: FaultSink) -> str:
    if isinstance(raw, str):
        return raw
    fault(path, "must be a text")
    return ""


def _texts(path: KeyPath, raw: object, fault: FaultSink) -> tuple[str, ...]:
    if isinstance(raw, list) and all(isinstance(part, str) and part for part in raw):
        return tuple(dict.fromkeys(raw))
    fault(path, "must be a list of texts, such as [区块链, 分布式账本]; put quotes round numbers")
    return ()


def _weight(path: KeyPath, raw: object, fault: FaultSink) -> float:
    if isinstance(raw, int | float) and not isinstance(raw, bool) and 0 < raw <= 1:
        return float(raw)
    fault(path, "must be a number above 0 and at most 1")
    return 1.0


def _flag(path: KeyPath, raw: object, fault: FaultSink) -> bool:
    if not isinstance(raw, bool):
        fault(path, "must be true or false")
    return raw is True


def _rank(path: KeyPath, raw: object, fault: FaultSink) -> Rank | None:
    if raw in RANKS:
        return Rank(str(raw))
    fault(path, f"{raw!r} is no rank{suggest(str(raw), RANKS) or '; use one of ' + ', '.join(RANKS)}")
    return None


def _former(path: KeyPath, raw: object, fault: FaultSink) -> tuple[Former, ...]:
    if not isinstance(raw, list) or not all(isinstance(part, dict) for part in raw):
        fault(path, "must be a list such as [{zh: 银保监会, en: CBIRC, until: 2023-05-18}]")
        return ()
    return tuple(_former_name((*path, index), part, fault) for index, part in enumerate(raw))


def _former_name(path: KeyPath, raw: Mapping[str, object], fault: FaultSink) -> Former:
    for key in sorted(set(raw) - FORMER_KEYS):
        fault((*path, key), f"is not known; a former name has {', '.join(sorted(FORMER_KEYS))}")
    names = {key: _text((*path, key), raw[key], fault) for key in ("zh", "en") if key in raw}
    days = {key: _day((*path, key), raw[key], fault) for key in ("since", "until") if key in raw}
    if not any(names.values()):
        fault(path, "must have a name under zh or en")
    since, until = days.get("since"), days.get("until")
    if since and until and since > until:
        fault(path, f"ends on {until}, before it begins on {since}")
    return Former(zh=names.get("zh", ""), en=names.get("en", ""), since=since, until=until)


def _day(path: KeyPath, raw: object, fault: FaultSink) -> date | None:
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        fault(path, f"{raw!r} is no day; write it such as 2023-05-18")
        return None


def _also(path: KeyPath, raw: object, fault: FaultSink) -> None:
    if not isinstance(raw, dict) or not set(raw) <= LISTS:
        fault(path, f"must hold lists to add, under {', '.join(sorted(LISTS))}")
        return
    for name, values in raw.items():
        _texts((*path, name), values, fault)


_READERS: Mapping[str, Callable[[KeyPath, object, FaultSink], object]] = MappingProxyType(
    {
        **dict.fromkeys(LISTS, _texts),
        "weight": _weight,
        "masks": _flag,
        "enabled": _flag,
        "rank": _rank,
        "former": _former,
        "also": _also,
    }
)
"""Key → what reads its value; all others are texts."""
