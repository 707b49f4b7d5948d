"""Between `core.item.DocumentFacts` and the one JSON value that holds them. Parts that say nothing are left out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from core.item import DocumentFacts, PageMark, Validity

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS = ("index_number", "topic_class")
_DAYS = ("written_on", "effective_on", "ends_on")


def facts_value(facts: DocumentFacts | None) -> dict[str, Any] | None:
    """Return facts as a JSON object, days in ISO 8601; None for none."""
    if facts is None:
        return None
    days = {name: day.isoformat() for name in _DAYS if (day := getattr(facts, name))}
    value = {
        **{name: getattr(facts, name) for name in _WORDS},
        **days,
        "validity": facts.validity and facts.validity.value,
        "pages": facts.pages if facts.pages > 1 else None,
        "marks": [mark.value for mark in facts.marks],
    }
    return {name: part for name, part in value.items() if part}


def facts_from(value: Mapping[str, Any] | None) -> DocumentFacts | None:
    """Return the facts that a JSON object holds; None for none."""
    if value is None:
        return None
    days: dict[str, Any] = {name: date.fromisoformat(value[name]) for name in _DAYS if name in value}
    return DocumentFacts(
        **{name: value.get(name, "") for name in _WORDS},
        **days,
        validity=Validity(value["validity"]) if "validity" in value else None,
        pages=value.get("pages", 1),
        marks=tuple(PageMark(mark) for mark in value.get("marks", ())),
    )
