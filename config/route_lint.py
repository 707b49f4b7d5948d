"""What about routes is legal but hardly meant: routes that nothing can reach or meet, hours that contradict."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from config.layers import problem_at
from core.alert import Cadence, GroupBy
from core.quiet import quiet_until
from core.text_query import QuerySyntaxError, parse_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from config.layers import Tree
    from core.alert import Route
    from core.errors import ConfigProblem
    from core.source import Source, SourceId

_CONDITIONS = ("topics", "acts", "stages", "sources", "groups", "languages", "jurisdictions")
_WITH_PARTS = ("languages", "jurisdictions")
"""Of them, those whose words include their parts: `cn` takes `cn-sh`, `zh` takes `zh-Hant`."""
_LOWER_OPERATOR = re.compile(r"\b(?:and|or|not)\b")
_PROBED = timedelta(hours=1)
_WEEK = timedelta(weeks=1)
_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def route_warnings(
    routes: Sequence[Route], tree: Tree, watched: Mapping[SourceId, Source] | None = None
) -> list[ConfigProblem]:
    """Return what is suspicious about enabled routes.

    Args:
        routes: In the order in which they are tried.
        tree: Where their origins are looked up.
        watched: The sources that are polled; None leaves out what is told by them.
    """
    if not routes:
        return [problem_at(tree, ("routes",), "no route is enabled, so nothing will ever be told")]
    warnings: list[ConfigProblem] = []
    for index, route in enumerate(routes):
        found = [*_shadowed(route, routes[:index]), *_hours(route), *_idle_settings(route), *_query(route)]
        if watched is not None:
            found += _unmet(route, watched)
        warnings += [problem_at(tree, ("routes", route.id, *key), message) for key, message in found]
    return warnings


Finding = tuple[tuple[str, ...], str]
"""Keys below the route, and what to say."""


def _shadowed(route: Route, before: Sequence[Route]) -> Iterator[Finding]:
    blocker = next((other for other in before if not other.continue_ and _covers(other, route)), None)
    if blocker is not None:
        yield (
            (),
            (
                f"is never reached: `{blocker.id}` before it takes every item it wants; "
                f"give `{blocker.id}` `continue: true`, or this one a lower `order`"
            ),
        )


def _unmet(route: Route, watched: Mapping[SourceId, Source]) -> Iterator[Finding]:
    """Find conditions on sources that no watched source meets."""
    match = route.match
    sources = [source for source in watched.values() if not match.sources or source.id in match.sources]
    if match.sources and not sources:
        yield ("match", "sources"), "can never match: none of these sources is watched; see `watch` and `sources list`"
        return
    in_groups = [source for source in sources if not match.groups or source.group in match.groups]
    if match.groups and not in_groups:
        what = "of the sources named beside it" if match.sources else "watched source"
        yield ("match", "groups"), f"can never match: no {what} is in these groups"


def _hours(route: Route) -> Iterator[Finding]:
    if not route.quiet:
        return
    moments = [_MONDAY + _PROBED * step for step in range(_WEEK // _PROBED)]
    if all(quiet_until(moment, route.quiet) for moment in moments):
        yield (
            ("quiet_hours",),
            (
                "leave no hour of the week in which it may tell; what is held comes once every eight days. "
                "Leave some hours, or use a digest"
            ),
        )


def _idle_settings(route: Route) -> Iterator[Finding]:
    """Find settings that have no effect beside others."""
    if route.cadence is Cadence.DIGEST:
        if route.max_per_hour:
            yield ("max_per_hour",), "has no effect on a route that tells by digest only"
        if route.group_by is not GroupBy.STORY:
            yield ("group_by",), "has no effect on a route that tells by digest only"
    if route.group_by is GroupBy.ITEM and route.updates:
        yield ("updates",), "has no effect beside `group_by: item`, which tells every report anyway"


def _query(route: Route) -> Iterator[Finding]:
    if not route.match.query:
        return
    try:
        query = parse_query(route.match.query)
    except QuerySyntaxError:
        return  # refused elsewhere
    for term in query.terms():
        if not term.exact and _LOWER_OPERATOR.fullmatch(term.text):
            yield (
                ("match", "query"),
                (
                    f"holds `{term.text}` as a word to be found; write {term.text.upper()} to join or exclude, "
                    f'or "{term.text}" in a longer phrase'
                ),
            )


def _covers(wide: Route, narrow: Route) -> bool:
    """Whether every item that `narrow` wants is wanted by `wide` too, as far as can be told without items."""
    if wide.match.min_score > narrow.match.min_score or wide.match.query not in ("", narrow.match.query):
        return False
    for name in _CONDITIONS:
        wanted: frozenset[str] = getattr(wide.match, name)
        asked: frozenset[str] = getattr(narrow.match, name)
        if wanted and not (asked and all(_includes(wanted, word, parts=name in _WITH_PARTS) for word in asked)):
            return False
    return True


def _includes(wanted: frozenset[str], word: str, *, parts: bool) -> bool:
    return word in wanted or (parts and any(word.startswith(f"{whole}-") for whole in wanted))
