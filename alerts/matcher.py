"""Finds the routes that want an item, from the top down; sends and stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.alert import Match
from core.text_query import parse_query

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.alert import Route, RouteMatch
    from core.backtest import Archived
    from core.classification import Classification
    from core.item import Item
    from core.source import Source
    from core.text_query import Query

EVERYTHING = "every relevant item"
"""The reason of a route without conditions."""


class OrderedRouteMatcher:
    """Routes tried in order, like Alertmanager's: the first that matches ends it, unless it says `continue`.

    Implements `core.ports.RouteMatcher`. An item that is not relevant, not classified yet, or was there before the
    first sync matches nothing.
    """

    def __init__(self, routes: Sequence[Route], *, fold: Callable[[str], str] = str.lower) -> None:
        """Read the routes' queries.

        Args:
            routes: In the order in which they are tried.
            fold: Brings case, width and Chinese script of texts and queries to one form.

        Raises:
            QuerySyntaxError: A query cannot be read; configuration refuses those.
        """
        self._routes = tuple((route, parse_query(route.match.query) if route.match.query else None) for route in routes)
        self._fold = fold

    def match(self, item: Item | Archived, source: Source | None) -> tuple[Match, ...]:
        """Return the matches in route order, each with the conditions it met; empty when no route wants the item."""
        judged = item.classification
        if judged is None or not judged.relevant or item.baseline:
            return ()
        matches: list[Match] = []
        for route, query in self._routes:
            reason = explain_match(route.match, item, judged, source=source)
            met = None if reason is None or query is None else query.find(_words(item), self._fold)
            if reason is None or (query is not None and met is None):
                continue
            matches.append(Match(route=route, reason=_with_query(reason, query, met)))
            if not route.continue_:
                break
        return tuple(matches)


def explain_match(
    wanted: RouteMatch, item: Item | Archived, judged: Classification, *, source: Source | None
) -> str | None:
    """Return which conditions an item meets, or None when it fails one.

    Returns:
        The met conditions joined by `; ` in a fixed order; `every relevant item` when the route has no condition.
    """
    if judged.score < wanted.min_score:
        return None
    group = source.group if source else ""
    jurisdiction = judged.jurisdiction or ""
    conditions = (
        ("topic", wanted.topics, tuple(topic for topic in judged.topics if topic in wanted.topics)),
        ("jurisdiction", wanted.jurisdictions, _within(jurisdiction, wanted.jurisdictions)),
        ("act", wanted.acts, _among(judged.act, wanted.acts)),
        ("stage", wanted.stages, _among(judged.stage.value if judged.stage else "", wanted.stages)),
        ("source", wanted.sources, _among(item.source_id, wanted.sources)),
        ("group", wanted.groups, _among(group, wanted.groups)),
        ("language", wanted.languages, _within(item.language, wanted.languages)),
    )
    met: list[str] = []
    for name, values, found in conditions:
        if values and not found:
            return None
        if found:
            met.append(f"{name} {', '.join(found)}")
    if wanted.min_score > 0:
        met.append(f"score {judged.score:.2f} of at least {wanted.min_score:.2f}")
    return "; ".join(met) or EVERYTHING


def _words(item: Item | Archived) -> str:
    return f"{item.title}\n{item.text or item.summary}"


def _with_query(reason: str, query: Query | None, met: Sequence[str] | None) -> str:
    if query is None:
        return reason
    found = f"words {', '.join(met)}" if met else f"none of the words excluded by {query.source}"
    return found if reason == EVERYTHING else f"{reason}; {found}"


def _among(value: str, wanted: frozenset[str]) -> tuple[str, ...]:
    return (value,) if value in wanted else ()


def _within(code: str, wanted: frozenset[str]) -> tuple[str, ...]:
    """Return the code when it, or a whole that it is part of, is wanted: `cn` ⊇ `cn-sh`, `zh` ⊇ `zh-Hant`."""
    parts = code.lower().split("-")
    wholes = {"-".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return (code,) if code and not wholes.isdisjoint(value.lower() for value in wanted) else ()
