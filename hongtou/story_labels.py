"""What the labels of items say of events: which items tell one, which events are easily taken for one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from hongtou.evaluating_relations import expect

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from datetime import datetime

    from hongtou.evaluating_relations import Related
    from hongtou.evaluation import LabelledItem
    from hongtou.linking_files import LinkedFile

    Pair = tuple[str, str]

NEIGHBOURS_WITHIN = timedelta(days=10)
"""How close two events of one jurisdiction must be to be taken for one another easily: acts of an authority come days
apart, and reports of one go on for about a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPair:
    """Two items that were put together and tell two events."""

    one: str
    other: str
    kind: str
    """The relation that the labels give of the two, else `neighbours`, `same jurisdiction` or `other`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of how many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share; 1 of none."""
        return self.part / self.whole if self.whole else 1.0


class StoryLabels:
    """The events that labelled items tell. An item of no story tells an event of its own, called by its id."""

    def __init__(self, items: Sequence[LabelledItem], related: Related) -> None:
        """Take the labels.

        Args:
            items: In order of publication.
            related: Which earlier stories the story of an item is related to.
        """
        self.events = {item.id: item.story or item.id for item in items}
        self.relations = expect(self.events, related)
        self._languages = {item.id: language_of(item) for item in items}
        self._members: dict[str, list[LabelledItem]] = defaultdict(list)
        for item in items:
            self._members[self.events[item.id]].append(item)
        self._jurisdictions = {event: _jurisdiction(members) for event, members in self._members.items()}

    def sizes(self) -> Mapping[str, int]:
        """Return how many items tell each event."""
        return {event: len(members) for event, members in self._members.items()}

    def across(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Return the pairs of items in two known languages."""
        told = self._languages
        return {(one, other) for one, other in pairs if told[one] and told[other] and told[one] != told[other]}

    def neighbours(self) -> set[Pair]:
        """Return pairs of events of one jurisdiction that are less than ten days apart."""
        at_home: dict[str, list[str]] = defaultdict(list)
        for event, jurisdiction in self._jurisdictions.items():
            if jurisdiction:
                at_home[jurisdiction].append(event)
        spans = {event: _span(members) for event, members in self._members.items()}
        return {
            _ordered(one, other)
            for events in at_home.values()
            for one, other in combinations(events, 2)
            if _are_close(spans[one], spans[other])
        }

    def wrong(self, pairs: Iterable[Pair]) -> list[WrongPair]:
        """Return pairs of items that tell two events with what these are to one another, in order of that."""
        neighbours = self.neighbours()
        found = [WrongPair(one=one, other=other, kind=self._kind(one, other, neighbours)) for one, other in pairs]
        return sorted(found, key=lambda pair: (pair.kind, pair.one, pair.other))

    def events_of(self, pair: WrongPair) -> Pair:
        """Return the two events, in order of name."""
        return _ordered(self.events[pair.one], self.events[pair.other])

    def offered(self, linked: LinkedFile, *, across: bool) -> Share:
        """Return how many items with an earlier one of their story were offered any such.

        Args:
            linked: What became of the items.
            across: Whether only items count whose story had been told in other languages only.
        """
        before: dict[str, set[str]] = defaultdict(set)
        part = whole = 0
        for item_id in linked.stories:
            earlier = before[self.events[item_id]]
            if earlier and (not across or self._is_first_of_language(item_id, earlier)):
                whole += 1
                part += not earlier.isdisjoint(linked.offered[item_id])
            earlier.add(item_id)
        return Share(part=part, whole=whole)

    def _is_first_of_language(self, item_id: str, earlier: set[str]) -> bool:
        return all(self._languages[one] != self._languages[item_id] for one in earlier)

    def _kind(self, one: str, other: str, neighbours: set[Pair]) -> str:
        a, b = _ordered(self.events[one], self.events[other])
        if relation := self.relations.get((a, b)) or self.relations.get((b, a)):
            return relation.value
        if (a, b) in neighbours:
            return "neighbours"
        ours, theirs = self._jurisdictions[a], self._jurisdictions[b]
        return "same jurisdiction" if ours and ours == theirs else "other"


def language_of(item: LabelledItem) -> str:
    """Return an item's language, in which all Chinese is one; empty when it tells none."""
    return item.language.partition("-")[0]


def together(labels: Mapping[str, Hashable]) -> set[Pair]:
    """Return all pairs of items with equal labels, each in order of ids."""
    members: dict[Hashable, list[str]] = defaultdict(list)
    for item_id in sorted(labels):
        members[labels[item_id]].append(item_id)
    return {pair for ids in members.values() for pair in combinations(ids, 2)}


def _ordered(one: str, other: str) -> Pair:
    return (one, other) if one <= other else (other, one)


def _jurisdiction(members: Iterable[LabelledItem]) -> str:
    """Return what most of the items say, of equally many the first; empty when none says any."""
    told = Counter(item.jurisdiction for item in members if item.jurisdiction)
    return told.most_common(1)[0][0] if told else ""


def _span(members: Iterable[LabelledItem]) -> tuple[datetime, datetime] | None:
    times = [item.published_at for item in members if item.published_at]
    return (min(times), max(times)) if times else None


def _are_close(one: tuple[datetime, datetime] | None, other: tuple[datetime, datetime] | None) -> bool:
    """Tell whether at most ten days lie between two spans; what tells no time is close to nothing."""
    if one is None or other is None:
        return False
    return max(one[0], other[0]) - min(one[1], other[1]) <= NEIGHBOURS_WITHIN
