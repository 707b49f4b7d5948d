"""What a configuration would change on the archive: counts, examples, and the alerts that come and go. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from core.alert import Route
    from core.classification import Classification
    from core.item import ItemId, Published, StoryId
    from core.source import SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the archive by item numbers, both ends included."""

    first: ItemId
    last: ItemId
    since: datetime
    """Items first seen before it do not count, whatever their numbers."""
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A judgement without its evidence."""

    relevant: bool
    score: float
    topics: tuple[str, ...]
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """What of a stored item is needed to judge and route it again."""

    id: ItemId
    source_id: SourceId
    url: str
    title: str
    text: str
    summary: str
    language: str
    published: Published
    issuer: str
    document_numbers: tuple[str, ...]
    first_seen_at: datetime
    baseline: bool
    story_id: StoryId | None
    stored: Verdict | None
    """What was said of it when it was stored; None while it waits to be judged."""
    classification: Classification | None = None
    """What is said of it now; None until it was judged again."""


class Change(StrEnum):
    """How an item fares otherwise than stored."""

    FLAGGED = "newly flagged"
    UNFLAGGED = "no longer flagged"
    TOPICS = "other topics"
    ACT = "another act"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One item that fares otherwise."""

    item_id: ItemId
    source_id: SourceId
    title: str
    change: Change
    before: Verdict | None
    after: Verdict
    reason: str

    @property
    def weight(self) -> float:
        """How far its score moved."""
        return abs(self.after.score - (self.before.score if self.before else 0.0))


@dataclass(slots=True)
class SourceCounts:
    """Items of one source."""

    items: int = 0
    before: int = 0
    """Flagged as stored."""
    after: int = 0
    """Flagged now."""
    flagged: int = 0
    """Newly flagged."""
    unflagged: int = 0

    def add(self, other: SourceCounts) -> None:
        """Add another's counts."""
        self.items += other.items
        self.before += other.before
        self.after += other.after
        self.flagged += other.flagged
        self.unflagged += other.unflagged


def changes_of(before: Verdict | None, after: Verdict) -> tuple[Change, ...]:
    """Return how a judgement differs from the stored one; an item never judged before was not flagged."""
    was = before is not None and before.relevant
    if before is None or was != after.relevant:
        return () if was == after.relevant else (Change.FLAGGED if after.relevant else Change.UNFLAGGED,)
    if not after.relevant:
        return ()
    topics = (Change.TOPICS,) if set(before.topics) != set(after.topics) else ()
    return (*topics, *((Change.ACT,) if before.act != after.act else ()))


@dataclass(slots=True)
class Tally:
    """Running figures; those of several spans are merged. Its size does not grow with the archive, but with alerts."""

    examples_kept: int = 10
    """Examples a change, those whose scores moved farthest."""
    items: int = 0
    unjudged: int = 0
    """Items that were never judged before."""
    top_score: float = 0.0
    changes: Counter[Change] = field(default_factory=Counter)
    sources: dict[SourceId, SourceCounts] = field(default_factory=lambda: defaultdict(SourceCounts))
    examples: list[Example] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many items flagged now have a trait that routes ask for, by kind and value: `("topics", "ai")`."""
    would: set[str] = field(default_factory=set)
    """Dedup keys of the alerts that the flagged items would make."""
    stored: set[str] = field(default_factory=set)
    """Dedup keys of alerts about these items, and of alerts that would be made, that are in the outbox already."""
    faults: int = 0
    """Items at which the classifier failed; they count for nothing else."""
    fault: str = ""
    """The first of them, with what was wrong."""

    def note_fault(self, item: Archived, error: Exception) -> None:
        """Count an item at which the classifier failed."""
        self.faults += 1
        self.fault = self.fault or f"item {item.id}: {type(error).__name__}: {error}"

    def note(self, item: Archived, judged: Classification, *, group: str, keys: Iterable[str]) -> None:
        """Count one item.

        Args:
            item: As stored.
            judged: What is said of it now.
            group: Group of its source; empty when the source is unknown.
            keys: Dedup keys of the alerts it would make.
        """
        after = Verdict(relevant=judged.relevant, score=judged.score, topics=judged.topics, act=judged.act)
        changes = changes_of(item.stored, after)
        self.items += 1
        self.unjudged += item.stored is None
        self.top_score = max(self.top_score, after.score)
        self.changes.update(changes)
        self.would.update(keys)
        was = item.stored is not None and item.stored.relevant
        counts = SourceCounts(items=1, before=was, after=after.relevant)
        counts.flagged, counts.unflagged = Change.FLAGGED in changes, Change.UNFLAGGED in changes
        self.sources[item.source_id].add(counts)
        if after.relevant:
            self.seen.update(_traits(item, judged, group))
        self.examples += [_example(item, after, change, judged.reason) for change in changes]
        if len(self.examples) > 8 * self.examples_kept * len(Change):
            self._thin()

    def merge(self, other: Tally) -> None:
        """Add another span's figures."""
        self.items += other.items
        self.unjudged += other.unjudged
        self.top_score = max(self.top_score, other.top_score)
        self.changes.update(other.changes)
        for source_id, counts in other.sources.items():
            self.sources[source_id].add(counts)
        self.examples += other.examples
        self.seen.update(other.seen)
        self.would |= other.would
        self.stored |= other.stored
        self.faults += other.faults
        self.fault = self.fault or other.fault
        self._thin()

    def _thin(self) -> None:
        """Keep only the examples that will be shown."""
        self.examples.sort(key=lambda example: (-example.weight, example.item_id))
        self.examples = [
            example
            for change in Change
            for example in [one for one in self.examples if one.change is change][: self.examples_kept]
        ]

    def report(self, routes: Sequence[Route], *, threshold: float) -> BacktestReport:
        """Return the figures as they are told.

        Args:
            routes: Of the configuration that was tried.
            threshold: Its score from which an item is flagged.
        """
        self._thin()
        before = sum(counts.before for counts in self.sources.values())
        after = sum(counts.after for counts in self.sources.values())
        alerts = _alerts(self.would, self.stored, routes)
        return BacktestReport(
            items=self.items,
            unjudged=self.unjudged,
            before=before,
            after=after,
            changes={change: self.changes[change] for change in Change},
            examples=tuple(self.examples),
            sources=dict(sorted(self.sources.items())),
            alerts=alerts,
            warnings=tuple(_warnings(self, after, alerts, routes, threshold=threshold)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCounts:
    """Alerts of one route to one channel; one alert a story, whatever its cadence."""

    route: str
    channel: str
    would: int
    """Alerts that these items would make."""
    new: int
    """Those of them that were never made."""
    gone: int
    """Alerts that were made about these items and would not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestReport:
    """What a configuration would change."""

    items: int
    unjudged: int
    before: int
    """Items flagged as stored."""
    after: int
    """Items flagged now."""
    changes: Mapping[Change, int]
    examples: tuple[Example, ...]
    """By change, those whose scores moved farthest first."""
    sources: Mapping[SourceId, SourceCounts]
    """By source id."""
    alerts: tuple[AlertCounts, ...]
    """In route order; last those of routes and channels that are gone."""
    warnings: tuple[str, ...]
    """What looks like a mistake, with likely reasons."""

    @property
    def is_same(self) -> bool:
        """Whether nothing would change."""
        return not any(self.changes.values()) and not any(counts.new or counts.gone for counts in self.alerts)


_CONDITIONS = ("topics", "jurisdictions", "acts", "sources", "groups", "languages")
_HOPELESS = 0.1
"""A best score below this says that the classifier finds nothing of its subject at all, whatever the threshold."""


def _traits(item: Archived, judged: Classification, group: str) -> Iterable[tuple[str, str]]:
    yield from (("topics", topic) for topic in judged.topics)
    yield from (("jurisdictions", whole) for whole in _wholes(judged.jurisdiction or ""))
    yield ("acts", judged.act)
    yield ("sources", item.source_id)
    yield ("groups", group)
    yield from (("languages", whole) for whole in _wholes(item.language))


def _wholes(code: str) -> Iterable[str]:
    """Yield a code and the wholes that it is part of: `cn-sh`, `cn`."""
    parts = code.lower().split("-")
    return ("-".join(parts[:length]) for length in range(1, len(parts) + 1)) if code else ()


def _example(item: Archived, after: Verdict, change: Change, reason: str) -> Example:
    return Example(
        item_id=item.id,
        source_id=item.source_id,
        title=item.title,
        change=change,
        before=item.stored,
        after=after,
        reason=reason,
    )


def _alerts(would: Collection[str], stored: Collection[str], routes: Sequence[Route]) -> tuple[AlertCounts, ...]:
    counts: dict[tuple[str, str], list[int]] = {
        (route.id, channel): [0, 0, 0] for route in routes for channel in route.channels
    }
    for key in {*would, *stored}:
        route, _, rest = key.partition("/")
        channel, _, _ = rest.partition("/")
        numbers = counts.setdefault((route, channel), [0, 0, 0])
        numbers[0] += key in would
        numbers[1] += key not in stored
        numbers[2] += key not in would
    return tuple(
        AlertCounts(route=route, channel=channel, would=numbers[0], new=numbers[1], gone=numbers[2])
        for (route, channel), numbers in counts.items()
    )


def _warnings(
    tally: Tally, after: int, alerts: Sequence[AlertCounts], routes: Sequence[Route], *, threshold: float
) -> Iterable[str]:
    if tally.faults:
        yield f"The classifier failed at {tally.faults} items, a fault of the program; the first: {tally.fault}"
    if not tally.items:
        yield "No stored item is that young: ask further back, or let the daemon collect first."
        return
    if not after:
        yield f"Nothing at all is flagged. {_why_nothing(tally.top_score, threshold)}"
        return
    if not routes:
        yield "No route is enabled: nobody would be told of anything."
    matched = {counts.route for counts in alerts if counts.would}
    for route in routes:
        if route.id not in matched:
            yield f"Route {route.id} matches nothing: {_why_route(route, tally)}"


def _why_nothing(top_score: float, threshold: float) -> str:
    if top_score < _HOPELESS:
        return "The classifier finds nothing of its subject: look whether lexicon.d switches concepts off."
    return f"The highest score is {top_score:.2f} and classify.threshold {threshold:.2f}: lower the threshold."


def _why_route(route: Route, tally: Tally) -> str:
    match = route.match
    for name in _CONDITIONS:
        wanted = getattr(match, name)
        if wanted and not any((name, str(value).lower()) in _lowered(tally.seen, name) for value in wanted):
            return f"no flagged item has one of its {name} ({', '.join(sorted(wanted))})."
    if match.min_score > tally.top_score:
        return f"its min_score is {match.min_score:.2f}, and the highest score {tally.top_score:.2f}."
    return "no flagged item that is young enough meets all its conditions at once, or an earlier route takes it."


def _lowered(seen: Counter[tuple[str, str]], name: str) -> set[tuple[str, str]]:
    return {(kind, value.lower()) for kind, value in seen if kind == name}
