"""The backtest use case: judge the stored archive again under a configuration, and tell what that would change.

Only reads, span by span, each in a transaction of its own that no writer waits for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.alert import item_alert_key
from core.backtest import Change, Tally
from core.item import StoryId
from hongtou.intake import document_of
from hongtou.processes import judge_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, timedelta
    from typing import Any

    from core.backtest import Archived, BacktestReport, Example, Span, Verdict
    from core.classification import Classification
    from core.ports import Classifier, RouteMatcher
    from core.repositories import Database, UnitOfWork
    from core.source import Source, SourceId

_STORY = "/story-"
"""What stands between route and channel, and the story, in a dedup key (`core.alert.item_alert_key`)."""
SPAN = 200
"""Items judged between two looks at whether to go on: about half a second of work."""


class Backtester:
    """Judges and routes spans of the archive as the daemon would judge and route them today."""

    def __init__(
        self,
        *,
        database: Database,
        classifier: Classifier,
        matcher: RouteMatcher,
        sources: Mapping[SourceId, Source],
        max_item_age: timedelta,
        examples: int,
    ) -> None:
        self._database = database
        self._classifier = classifier
        self._matcher = matcher
        self._sources = sources
        self._max_item_age = max_item_age
        self._examples = examples

    def judge(self, span: Span) -> Tally:
        """Return the figures of one span.

        Raises:
            StorageError: The archive cannot be read.
        """
        tally = Tally(examples_kept=self._examples)
        with self._database.reading() as uow:
            items = uow.items.archived(span)
            tally.stored.update(_by_present_names(uow, uow.outbox.item_keys(span)))
        for item in items:
            self._note(tally, item)
        with self._database.reading() as uow:
            tally.stored.update(_told_before(uow, tally.would - tally.stored))
        return tally

    def _note(self, tally: Tally, item: Archived) -> None:
        source = self._sources.get(item.source_id)
        try:
            judged = self._classifier.classify(document_of(item, source))
        except Exception as error:  # noqa: BLE001 - as in operation: an item that breaks the classifier waits unjudged
            tally.note_fault(item, error)
            return
        keys = self._keys(item, judged, source)
        tally.note(item, judged, group=source.group if source else "", keys=keys)

    def _keys(self, item: Archived, judged: Classification, source: Source | None) -> Iterable[str]:
        if not judged.relevant or item.baseline or item.first_seen_at - item.published.at > self._max_item_age:
            return ()
        if item.story_id is None:  # a crash left it in none: it is linked, and told, at the next start
            return ()
        matches = self._matcher.match(replace(item, classification=judged), source)
        return [
            item_alert_key(match.route.id, channel, item.story_id)
            for match in matches
            for channel in match.route.channels
        ]


def _by_present_names(uow: UnitOfWork, keys: Iterable[str]) -> Iterable[str]:
    """Return dedup keys of items' alerts with what their stories became: two of one channel may be one by now."""
    became: dict[StoryId, StoryId] = {}
    for key in keys:
        lane, story_id = _read_key(key)
        if story_id is None:
            yield key
            continue
        if story_id not in became:
            story = uow.stories.get(story_id)
            became[story_id] = story.id if story else story_id
        yield f"{lane}{_STORY}{became[story_id]}"


def _told_before(uow: UnitOfWork, keys: Iterable[str]) -> Iterable[str]:
    """Return those of the dedup keys under which, or under an earlier name of whose story, there is an alert."""
    names: dict[str, str] = {}
    for key in keys:
        lane, story_id = _read_key(key)
        names |= {f"{lane}{_STORY}{name}": key for name in uow.stories.names(story_id or StoryId(0))}
    return {names[key] for key in uow.outbox.stored_keys(names)}


def _read_key(key: str) -> tuple[str, StoryId | None]:
    """Return the route and channel of a dedup key, and its story, whatever follows; None for a key of another form."""
    lane, _, rest = key.partition(_STORY)
    story = rest.partition("/")[0]
    return lane, StoryId(int(story)) if story.isdecimal() else None


def find_archive(database: Database, *, since: datetime, limit: int | None, size: int = SPAN) -> tuple[Span, ...]:
    """Return the spans to judge.

    Args:
        database: The archive.
        since: First seen since, aware UTC.
        limit: About how many items at most, the last seen.
        size: Items judged between two looks at whether to go on.

    Raises:
        StorageError: The archive cannot be read.
    """
    with database.reading() as uow:
        return uow.items.spans(since=since, size=size, limit=limit)


def run_backtest(
    spans: Iterable[Span],
    make: Callable[[], Callable[[Span], Tally]],
    *,
    processes: int,
    gentle: bool = False,
    progress: Callable[[int], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Tally:
    """Judge spans in processes of their own, or in this one when there is to be none; blocks.

    Args:
        spans: What to judge.
        make: Makes the judge of one process; must be picklable unless `processes` is 0.
        processes: How many, 0 for none.
        gentle: Whether the processes leave the machine to others.
        progress: Told how many items were judged since it was told last.
        cancelled: Asked between spans whether to stop; what was judged until then is returned.

    Raises:
        StorageError: The archive cannot be read.
    """
    total = Tally()
    for span, tally in judge_spans(spans, make, processes=processes, gentle=gentle, cancelled=cancelled):
        total.examples_kept = tally.examples_kept
        total.merge(tally)
        progress(span.items)
    return total


def report_json(report: BacktestReport) -> dict[str, Any]:
    """Return the documented JSON object of `hongtou backtest --json`; see docs/cli.md."""
    return {
        "items": report.items,
        "unjudged": report.unjudged,
        "flagged": {"before": report.before, "after": report.after},
        "changes": {change.name.lower(): report.changes[change] for change in Change},
        "alerts": [
            {"route": one.route, "channel": one.channel, "would": one.would, "new": one.new, "gone": one.gone}
            for one in report.alerts
        ],
        "sources": [
            {
                "source": source_id,
                "items": counts.items,
                "before": counts.before,
                "after": counts.after,
                "flagged": counts.flagged,
                "unflagged": counts.unflagged,
            }
            for source_id, counts in report.sources.items()
        ],
        "examples": [_example_json(example) for example in report.examples],
        "warnings": list(report.warnings),
    }


def _example_json(example: Example) -> dict[str, Any]:
    return {
        "change": example.change.name.lower(),
        "item": example.item_id,
        "source": example.source_id,
        "title": example.title,
        "before": _verdict_json(example.before),
        "after": _verdict_json(example.after),
        "reason": example.reason,
    }


def _verdict_json(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "relevant": verdict.relevant,
        "score": round(verdict.score, 4),
        "topics": list(verdict.topics),
        "act": verdict.act,
    }
