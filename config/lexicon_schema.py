"""JSON Schema of a file in `lexicon.d/`, for editors that complete and check YAML."""

from __future__ import annotations

from typing import Any

from config.lexicon_check import CODE_PATTERN, ID_PATTERN
from config.lexicon_entry import RANKS
from core.classification import ACTS, TOPICS
from core.lexicon import SIGNALS, ConceptKind

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string", "minLength": 1}}
_DAY: dict[str, Any] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def lexicon_schema() -> dict[str, Any]:
    """Return the schema; every key of a concept is optional, since it may change a shipped one."""
    by_id = {"type": "object", "propertyNames": {"pattern": f"^{ID_PATTERN}$"}}
    concept = {"$ref": "#/$defs/Concept"}
    # A pattern's codes and parents may hold `{words}`, which no list of codes knows.
    bodies = {"type": "object", "additionalProperties": {"type": "object"}}
    return {
        "$schema": DIALECT,
        "title": "Hongtou lexicon",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "kind": _choice("Kind of the concepts that do not say otherwise.", ConceptKind),
            "concepts": {**by_id, "additionalProperties": concept},
            "patterns": {"type": "object", "additionalProperties": bodies},
            "members": {**by_id, "additionalProperties": {"$ref": "#/$defs/Member"}},
        },
        "$defs": {"Concept": _section(_concept()), "Former": _section(_former()), "Member": _section(_member())},
    }


def _section(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _choice(description: str, words: Any) -> dict[str, Any]:  # noqa: ANN401 - an enum class or a tuple of texts
    return {"description": description, "enum": [str(word) for word in words]}


def _concept() -> dict[str, Any]:
    lists = _lists()
    return {
        **lists,
        "kind": _choice("What sort of thing it is.", ConceptKind),
        "jurisdiction": {"description": "Code of the authority or place.", "pattern": f"^({CODE_PATTERN})$"},
        "rank": _choice("Where a named authority stands.", RANKS),
        "parent": {"description": "Id of what it belongs to or lies in.", "pattern": f"^{ID_PATTERN}$"},
        "former": {
            "description": "Names of old, which still match.",
            "type": "array",
            "items": {"$ref": "#/$defs/Former"},
        },
        "act": _choice("Kind of act it speaks for.", ACTS),
        "signal": _choice("What a market concept is a sign of.", SIGNALS),
        "weight": {"description": "How much of it counts.", "type": "number", "exclusiveMinimum": 0, "maximum": 1},
        "masks": {"description": "Whether names inside its names do not count.", "type": "boolean"},
        "also": {"description": "What to add to lists of a shipped concept.", **_section(lists)},
        "enabled": {"description": "false takes a shipped concept away.", "type": "boolean"},
    }


def _lists() -> dict[str, Any]:
    return {
        "zh": {"description": "Chinese names in Simplified characters, the best one first.", **_TEXTS},
        "en": {"description": "English names, the best one first.", **_TEXTS},
        "topics": {"description": "Topics, the nearest first.", "type": "array", "items": {"enum": list(TOPICS)}},
        "not_in": {"description": "Longer phrases inside which a name does not count.", **_TEXTS},
        "only_with": {
            "description": "Topics one of which the document must name otherwise for this to count.",
            "type": "array",
            "items": {"enum": list(TOPICS)},
        },
        "hosts": {"description": "Web hosts it publishes on, without www.", **_TEXTS},
        "meant": {"description": "Names that are meant although they are doubtful.", **_TEXTS},
    }


def _former() -> dict[str, Any]:
    name = {"type": "string", "minLength": 1}
    return {"zh": name, "en": name, "since": _DAY, "until": _DAY}


def _member() -> dict[str, Any]:
    words = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "pattern": {"description": "The pattern whose bodies it has.", "type": "string"},
        "words": {"description": "What the pattern's {words} stand for.", **words},
        "with": {"description": "Keys that each of its bodies gets.", "$ref": "#/$defs/Concept"},
        "but": {
            "description": "What is different, by body.",
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/Concept"},
        },
    }
