"""The part of measuring stories that looks at how they are related: a draft to its final form, a plan to its rules."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import ConfigError, ConfigProblem
from core.stories import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hongtou.linking_files import LinkedFile

    Related = Mapping[str, tuple[tuple[str, Relation], ...]]
    """By item id: the earlier stories that its story is related to, and how."""
    Expected = Mapping[tuple[str, str], Relation]
    """By the later and the earlier event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationFigures:
    """How well stories were related."""

    relation: str
    """`all`, or one relation."""
    expected: int
    """Pairs of stories that the labels relate."""
    found: int
    """Those of them that were related in any way and not put together."""
    right: int
    """Those of them with the right relation in the right direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationReport:
    """All figures of how stories were related. A tie between parts of one story that was not put together is wrong."""

    figures: tuple[RelationFigures, ...]
    """Of all first, then of each relation that is expected."""
    given: int
    """Pairs of stories that were related."""
    given_expected: int
    """Those of them that the labels relate, in any way."""
    missed: tuple[tuple[str, str, str], ...]
    """(later story, earlier story, relation) of the labels that was not found at all."""
    invented: tuple[tuple[str, str, str], ...]
    """The same of what was given and is in no label."""

    @property
    def precision(self) -> float:
        """Share of the given pairs that the labels relate; 1 when none was given."""
        return self.given_expected / self.given if self.given else 1.0

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object `stories.relations` of `hongtou eval --json`."""
        return {
            "precision": round(self.precision, 4),
            "given": self.given,
            "by_relation": {
                one.relation: {
                    "expected": one.expected,
                    "found": one.found,
                    "right": one.right,
                    "recall": round(one.found / one.expected, 4) if one.expected else 1.0,
                }
                for one in self.figures
            },
            "missed": [list(one) for one in self.missed],
            "invented": [list(one) for one in self.invented],
        }


def read_related(lines: Iterable[str], *, name: str = "labelled items") -> Related:
    """Return the `related` of labelled items by their id: `[[earlier story id, relation], ...]`.

    Args:
        lines: JSON lines that `hongtou.evaluation.read_labelled` has read without a fault.
        name: How to call the file in messages.

    Raises:
        ConfigError: With every line whose `related` is no such list.
    """
    found: dict[str, tuple[tuple[str, Relation], ...]] = {}
    problems = []
    for number, line in enumerate(lines, start=1):
        row = json.loads(line) if line.strip() else {}
        try:
            related = tuple((str(story), Relation(relation)) for story, relation in row.get("related") or ())
        except (TypeError, ValueError):
            message = f"must be a list of [story, relation]; relations are {', '.join(Relation)}"
            problems.append(ConfigProblem(where=f"{name}:{number}", key="related", message=message))
            continue
        if "related" in row:
            found[row.get("id") or f"line-{number}"] = related
    if problems:
        raise ConfigError(problems)
    return found


def expect(events: Mapping[str, str], related: Related) -> Expected:
    """Return which events are related.

    Args:
        events: The event that each item tells, by item id.
        related: What `read_related` returned; a story that has no item here is left out.
    """
    known = set(events.values())
    return {
        (events[item_id], earlier): relation
        for item_id, ties in related.items()
        for earlier, relation in ties
        if earlier in known
    }


def evaluate_relations(events: Mapping[str, str], expected: Expected, linked: LinkedFile) -> RelationReport:
    """Compare ties of stories with those of the labels; a given story stands for the event of most of its items."""
    meant = _meant(events, linked)
    given: dict[tuple[str, str], Relation] = {}
    for tie in linked.ties:
        given.setdefault((meant[tie.later], meant[tie.earlier]), tie.relation)
    pairs = {frozenset(pair) for pair in given}
    wanted = {frozenset(pair) for pair in expected}
    found = {pair: relation for pair, relation in expected.items() if frozenset(pair) in pairs}
    right = Counter(relation for pair, relation in found.items() if _is_right(pair, relation, given))
    return RelationReport(
        figures=_figures(expected, found, right),
        given=len(pairs),
        given_expected=len(pairs & wanted),
        missed=_named({pair: relation for pair, relation in expected.items() if pair not in found}),
        invented=_named({pair: relation for pair, relation in given.items() if frozenset(pair) not in wanted}),
    )


def _meant(events: Mapping[str, str], linked: LinkedFile) -> Mapping[int, str]:
    """Return the event of most items of each given story, of equally many that of the earliest item."""
    members: dict[int, Counter[str]] = defaultdict(Counter)
    for item_id, story_id in linked.stories.items():
        members[story_id][events[item_id]] += 1
    return {story_id: counts.most_common(1)[0][0] for story_id, counts in members.items()}


def _is_right(pair: tuple[str, str], relation: Relation, given: Mapping[tuple[str, str], Relation]) -> bool:
    """Tell whether a tie is as expected; siblings have no direction."""
    directions = [pair, pair[::-1]] if relation is Relation.SIBLING else [pair]
    return any(given.get(one) is relation for one in directions)


def _figures(
    expected: Expected, found: Mapping[tuple[str, str], Relation], right: Counter[Relation]
) -> tuple[RelationFigures, ...]:
    counts, hits = Counter(expected.values()), Counter(found.values())
    total = RelationFigures(relation="all", expected=len(expected), found=len(found), right=right.total())
    single = [
        RelationFigures(relation=one.value, expected=counts[one], found=hits[one], right=right[one])
        for one in Relation
        if counts[one]
    ]
    return total, *single


def _named(pairs: Mapping[tuple[str, str], Relation]) -> tuple[tuple[str, str, str], ...]:
    return tuple(sorted((later, earlier, relation.value) for (later, earlier), relation in pairs.items()))
