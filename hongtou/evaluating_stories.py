"""The part of the eval use case that measures how well items are put into stories, on items that tell their event."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from core.clustering import BCubed, b_cubed
from core.evaluation import Counts
from hongtou.evaluating_relations import evaluate_relations
from hongtou.linking_files import link
from hongtou.story_labels import StoryLabels, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hongtou.evaluating_relations import Related, RelationReport
    from hongtou.evaluation import LabelledItem
    from hongtou.linking_files import Arrival, LinkedFile
    from hongtou.story_finding import StoryFinder
    from hongtou.story_labels import Pair, Share, WrongPair

DELAY = timedelta(hours=1)
"""Within which the order of arrival must not matter much: sources are polled at other times than they publish."""
SEEDS = 5
"""Orders of arrival that are tried."""
MOST_LISTED = 200
"""Pairs of a kind that a report's JSON lists at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryReport:
    """How well items were put into stories. An item that tells an event of its own is a story of one."""

    items: int
    stories: int
    """Of two and more items, by the labels."""
    given: int
    """The same as put together."""
    all_items: BCubed
    story_items: BCubed
    """Over the items of those stories alone."""
    pairs: Counts
    """Of items together, without true negatives: nearly all pairs are."""
    cross_language: Counts
    """Of those the ones in different languages; all Chinese is one."""
    offered: Share
    """Items with an earlier one of their story that were offered one to be compared with."""
    offered_across: Share
    """The same of the items whose story had been told in other languages only."""
    wrong: tuple[WrongPair, ...]
    missed: tuple[Pair, ...]
    neighbours: int
    """Pairs of different events of one jurisdiction within ten days."""
    neighbours_joined: tuple[Pair, ...]
    """Those of them of which items were put together; events are called by their story, single ones by their item."""
    by_order: tuple[float, ...]
    """F1 over all items for each other order of arrival within an hour."""
    relations: RelationReport | None
    """None where no item says what its story is related to."""

    @property
    def order_change(self) -> float:
        """The largest change of F1 by another order of arrival."""
        return max((abs(f1 - self.all_items.f1) for f1 in self.by_order), default=0.0)

    @property
    def wrong_by_kind(self) -> Mapping[str, int]:
        """How many wrong pairs there are of each kind, the most first."""
        return dict(Counter(pair.kind for pair in self.wrong).most_common())

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object `stories` of `hongtou eval --json`."""
        report = {
            "stories": self.stories,
            "given": self.given,
            "b_cubed": {"all": _b_cubed_json(self.all_items), "story_items": _b_cubed_json(self.story_items)},
            "pairs": _counts_json(self.pairs),
            "cross_language": _counts_json(self.cross_language),
            "candidates": {"recall": round(self.offered.value, 4), "across": round(self.offered_across.value, 4)},
            "wrong": [[pair.one, pair.other, pair.kind] for pair in self.wrong[:MOST_LISTED]],
            "wrong_by_kind": dict(self.wrong_by_kind),
            "missed": [list(pair) for pair in self.missed[:MOST_LISTED]],
            "neighbours": {"pairs": self.neighbours, "joined": [list(pair) for pair in self.neighbours_joined]},
            "order": {"f1": [round(f1, 4) for f1 in self.by_order], "change": round(self.order_change, 4)},
        }
        return report | ({"relations": self.relations.to_json()} if self.relations else {})


def _b_cubed_json(figures: BCubed) -> dict[str, float]:
    values = {"precision": figures.precision, "recall": figures.recall, "f1": figures.f1}
    return {name: round(value, 4) for name, value in values.items()}


def _counts_json(counts: Counts) -> dict[str, float]:
    return {
        "pairs": counts.true_positives + counts.false_negatives,
        "given": counts.true_positives + counts.false_positives,
        "precision": round(counts.precision, 4),
        "recall": round(counts.recall, 4),
        "f1": round(counts.f1, 4),
    }


def evaluate_stories(
    arrivals: Sequence[Arrival],
    finder: StoryFinder,
    *,
    related: Related | None = None,
    seeds: int = SEEDS,
    delay: timedelta = DELAY,
) -> tuple[StoryReport, LinkedFile]:
    """Link items in order of publication as intake would, and compare with the labels.

    Args:
        arrivals: Of `hongtou.linking_files.read_arrivals`; read once, they can be linked by many finders.
        finder: Its candidates and decisions are measured.
        related: Of `hongtou.evaluating_relations.read_related`; empty or None where the items say nothing of it.
        seeds: How many other orders of arrival to try.
        delay: By how much each item is late at most in these.

    Returns:
        The figures, and what became of each item.
    """
    linked = link(arrivals, finder)
    orders = [
        link(arrivals, finder, delays={one.number: random.random() * delay for one in arrivals})
        for random in map(Random, range(1, seeds + 1))
    ]
    return measure_stories([one.item for one in arrivals], linked, orders=orders, related=related), linked


def measure_stories(
    items: Sequence[LabelledItem],
    linked: LinkedFile,
    *,
    orders: Iterable[LinkedFile] = (),
    related: Related | None = None,
) -> StoryReport:
    """Compare stories with the labels.

    Args:
        items: With the labels, in order of publication.
        linked: What became of them.
        orders: The same for other orders of arrival.
        related: What the labels say of relations.
    """
    labels = StoryLabels(items, related or {})
    events, sizes = labels.events, labels.sizes()
    of_stories = [item_id for item_id, event in events.items() if sizes[event] > 1]
    expected, given = together(events), together(linked.stories)
    wrong, neighbours = labels.wrong(given - expected), labels.neighbours()
    return StoryReport(
        items=len(items),
        stories=sum(size > 1 for size in sizes.values()),
        given=sum(size > 1 for size in Counter(linked.stories.values()).values()),
        all_items=_score(events, linked, events),
        story_items=_score(events, linked, of_stories),
        pairs=_count(expected, given),
        cross_language=_count(labels.across(expected), labels.across(given)),
        offered=labels.offered(linked, across=False),
        offered_across=labels.offered(linked, across=True),
        wrong=tuple(wrong),
        missed=tuple(sorted(expected - given)),
        neighbours=len(neighbours),
        neighbours_joined=tuple(sorted({labels.events_of(pair) for pair in wrong} & neighbours)),
        by_order=tuple(_score(events, other, events).f1 for other in orders),
        relations=evaluate_relations(events, labels.relations, linked) if related else None,
    )


def _score(events: Mapping[str, str], linked: LinkedFile, ids: Iterable[str]) -> BCubed:
    wanted = list(ids)
    return b_cubed([events[one] for one in wanted], [linked.stories[one] for one in wanted])


def _count(expected: set[Pair], given: set[Pair]) -> Counts:
    both = len(expected & given)
    return Counts(true_positives=both, false_positives=len(given) - both, false_negatives=len(expected) - both)
