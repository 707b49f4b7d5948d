"""The archive is judged again, beside writers, in processes or without, and can be left off."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from alerts.matcher import OrderedRouteMatcher
from config.loader import load_settings
from core.backtest import Change, Span, Tally
from core.errors import StorageError
from core.item import ItemId, StoryId
from core.source import SourceId
from core.story_facts import Report, tell_story
from hongtou.backtest import Backtester, find_archive, report_json, run_backtest
from hongtou.parts import build_judge
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.item import Item

DAY = timedelta(days=1)


@pytest.fixture
def backtester(database: SqlDatabase, classifier: Any, make_route: Any, make_source: Any) -> Backtester:
    """One that knows the word 区块链, one route, and the source `lianwen`."""
    source = make_source()
    return Backtester(
        database=database,
        classifier=classifier,
        matcher=OrderedRouteMatcher([make_route()]),
        sources={source.id: source},
        max_item_age=30 * DAY,
        examples=5,
    )


def store(database: SqlDatabase, *items: Item) -> list[ItemId]:
    """Store items, each in a story of its own unless it names one, and return their ids."""
    with database.unit_of_work() as uow:
        ids = [uow.items.add(item) for item in items]
        for item_id, item in zip(ids, items, strict=True):
            told = tell_story(StoryId(0), [Report(item=item, source=None)])
            uow.stories.move([item_id], item.story_id or uow.stories.begin(told))
        uow.commit()
    return ids


def judged(database: SqlDatabase, backtester: Backtester, since: datetime, **options: Any) -> Tally:
    """Judge everything since a moment in this process."""
    spans = find_archive(database, since=since, limit=None)
    return run_backtest(spans, lambda: backtester.judge, processes=0, **options)


def test_the_archive_is_judged_as_the_daemon_would(
    database: SqlDatabase, backtester: Backtester, make_item: Any, make_classification: Any, make_route: Any, now: Any
) -> None:
    """Flags, topics and alerts are those of today's classifier and routes; nothing is written."""
    was, was_not = make_classification(), make_classification(relevant=False, score=0.2)
    store(
        database,
        make_item(1, classification=was_not),
        make_item(2, classification=was, title="无关", text="无关"),
        make_item(3, classification=was, first_seen_at=now - 2 * DAY),
    )
    with database.reading() as uow:
        before = uow.items.get(ItemId(1))
    tally = judged(database, backtester, now - DAY)
    report = tally.report([make_route()], threshold=0.5)
    assert (report.items, report.before, report.after) == (2, 1, 1)
    assert report.changes[Change.FLAGGED] == report.changes[Change.UNFLAGGED] == 1
    assert tally.would == {"all/desk/story-1"}
    with database.reading() as uow:
        assert uow.items.get(ItemId(1)) == before
        assert uow.outbox.counts() == {}


def test_alerts_follow_the_rules_of_the_daemon(
    database: SqlDatabase, backtester: Backtester, make_item: Any, make_new_alert: Any, now: Any, make_published: Any
) -> None:
    """One a story; none for the baseline, nor for what was old when it was found; those made before are no news."""
    store(
        database,
        make_item(1),
        make_item(2, story_id=StoryId(1)),
        make_item(3, baseline=True),
        make_item(4, published=make_published(at=now - 31 * DAY)),
        make_item(5, source_id=SourceId("gone")),
    )
    with database.unit_of_work() as uow:
        uow.outbox.add(make_new_alert(1, item_id=ItemId(1), dedup_key="all/desk/story-1"))
        uow.outbox.add(make_new_alert(2, item_id=ItemId(2), dedup_key="old/desk/story-1"))
        uow.commit()
    tally = judged(database, backtester, now - DAY)
    assert tally.would == {"all/desk/story-1", "all/desk/story-4"}
    assert tally.stored == {"all/desk/story-1", "old/desk/story-1"}


def test_merged_stories_are_one_alert(
    database: SqlDatabase, backtester: Backtester, make_item: Any, make_new_alert: Any, now: Any
) -> None:
    """What was told under a number that leads elsewhere by now is neither gone nor told anew, also in a digest."""
    store(database, make_item(1), make_item(2), make_item(3, first_seen_at=now - 2 * DAY), make_item(4))
    with database.unit_of_work() as uow:
        for n in (1, 2, 3):
            uow.outbox.add(make_new_alert(n, item_id=ItemId(n), dedup_key=f"all/desk/story-{n}"))
        for n, key in enumerate(("all/desk/story-77", "all/desk/story-2/digest", "of-old"), start=7):
            uow.outbox.add(make_new_alert(n, item_id=ItemId(1), dedup_key=key))
        uow.stories.merge(StoryId(2), StoryId(1))
        uow.stories.merge(StoryId(3), StoryId(4))
        uow.commit()
    tally = judged(database, backtester, now - DAY)
    assert tally.would == {"all/desk/story-1", "all/desk/story-4"}
    assert tally.stored == {"all/desk/story-1", "all/desk/story-4", "all/desk/story-77", "of-old"}


def test_an_item_in_no_story_is_no_alert_yet(
    database: SqlDatabase, backtester: Backtester, make_item: Any, now: Any
) -> None:
    """It is told when it has been linked."""
    with database.unit_of_work() as uow:
        uow.items.add(make_item(1))
        uow.commit()
    assert judged(database, backtester, now - DAY).would == frozenset()


def test_a_fault_of_the_classifier_is_counted(
    database: SqlDatabase, backtester: Backtester, make_item: Any, now: Any
) -> None:
    """The rest is judged all the same."""
    store(database, make_item(1, title="爆炸"), make_item(2))
    tally = judged(database, backtester, now - DAY)
    assert (tally.items, tally.faults) == (1, 1)
    assert tally.fault == "item 1: ZeroDivisionError: a bug in the classifier"


def test_the_report_is_json(
    database: SqlDatabase, backtester: Backtester, make_item: Any, make_route: Any, now: Any
) -> None:
    """Everything that is shown is in it."""
    store(database, make_item(1))
    report = report_json(judged(database, backtester, now - DAY).report([make_route()], threshold=0.5))
    assert report["flagged"] == {"before": 0, "after": 1}
    assert report["changes"] == {"flagged": 1, "unflagged": 0, "topics": 0, "act": 0}
    assert report["alerts"] == [{"route": "all", "channel": "desk", "would": 1, "new": 1, "gone": 0}]
    (example,) = report["examples"]
    assert (example["change"], example["before"], example["after"]["relevant"]) == ("flagged", None, True)
    assert report["sources"][0]["source"] == "lianwen"


def spans(*sizes: int) -> list[Span]:
    """Return spans of these sizes."""
    at = datetime(2023, 6, 15, tzinfo=UTC)
    return [Span(first=ItemId(n), last=ItemId(n), since=at, items=size) for n, size in enumerate(sizes)]


def test_work_can_be_left_off_between_spans() -> None:
    """What was judged until then is returned, and progress was told."""
    done: list[int] = []
    tally = run_backtest(
        spans(3, 4, 5),
        lambda: lambda span: Tally(items=span.items),
        processes=0,
        progress=done.append,
        cancelled=lambda: len(done) == 2,
    )
    assert (tally.items, done) == (7, [3, 4])


# What processes call must be importable there.


def make_counting() -> Callable[[Span], Tally]:
    """Return a judge that tells its process by the fault."""
    return _count


def _count(span: Span) -> Tally:
    return Tally(items=span.items, faults=os.getpid(), fault=str(os.nice(0)))


def make_failing() -> Callable[[Span], Tally]:
    """Return a judge that cannot read."""
    return _fail


def _fail(span: Span) -> Tally:
    raise StorageError(f"span {span.first} cannot be read")


def test_processes_judge_a_real_archive(tmp_path: Path, make_item: Any, make_classification: Any, now: Any) -> None:
    """Under the shipped configuration, with its own database and lexicon in each process."""
    address = f"sqlite:///{tmp_path}/hongtou.db"
    loaded = load_settings(None, environ={"HONGTOU_DATABASE": address})
    with SqlDatabase(address) as database:
        database.migrate()
        store(database, *(make_item(n, classification=make_classification()) for n in range(1, 4)))
        found = find_archive(database, since=now - DAY, limit=None)
    tally = run_backtest(found, partial(build_judge, loaded, examples=2), processes=1, gentle=True)
    assert (tally.items, tally.faults) == (3, 0)
    assert sum(counts.before for counts in tally.sources.values()) == 3


def test_a_fault_in_a_process_comes_through() -> None:
    """The database's fault is told as it is, and no process is left."""
    with pytest.raises(StorageError, match="cannot be read"):
        run_backtest(spans(1, 1, 1), make_failing, processes=1)


def test_processes_end_when_they_are_told() -> None:
    """A cancelled run returns what there is, soon, and leaves no process behind."""
    stop = threading.Event()
    tally = run_backtest(
        spans(*[1] * 500), make_counting, processes=1, progress=lambda _: stop.set(), cancelled=stop.is_set
    )
    assert 1 <= tally.items < 500
