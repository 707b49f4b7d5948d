"""Items that wait for a judgement are judged together where that is cheaper, and never over a newer one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from alerts.matcher import OrderedRouteMatcher
from classifier.fingerprints import ShingleFingerprinter
from core.decide import IntakeLimits
from core.listing import Listing
from core.network import NetworkWatch
from hongtou.copies import CopyFinder
from hongtou.intake import JudgingRules, StoringIntake
from hongtou.linking import StoryLinker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.classification import Classification, Document
    from core.item import ItemId
    from storage.database import SqlDatabase


class Batching:
    """Finds everything relevant, several at once; remembers what it was shown."""

    version = "batching-1"

    def __init__(self, make: Callable[..., Classification]) -> None:
        self._make = make
        self.shown: list[tuple[Document, ...]] = []
        self.broken_on = ""
        self.meanwhile: Callable[[], None] = lambda: None

    def classify(self, document: Document) -> Classification:
        """Judge one."""
        return self.classify_many([document])[0]

    def classify_many(self, documents: Sequence[Document]) -> tuple[Classification, ...]:
        """Judge several."""
        self.shown.append(tuple(documents))
        self.meanwhile()
        if self.broken_on and any(self.broken_on in document.title for document in documents):
            raise ZeroDivisionError("a bug")
        return tuple(self._make() for _ in documents)


@pytest.fixture
def batching(make_classification: Callable[..., Classification]) -> Batching:
    """A classifier that likes several at once."""
    return Batching(make_classification)


@pytest.fixture
def intake(
    database: SqlDatabase, batching: Batching, offload: Any, clock: Any, make_route: Any, story_finder: Any
) -> StoringIntake:
    """An intake with one route that tells everything at once to `desk`."""
    return StoringIntake(
        database=database,
        rules=JudgingRules(
            classifier=batching,
            finder=story_finder,
            matcher=OrderedRouteMatcher([make_route()]),
            limits=IntakeLimits(),
        ),
        copies=CopyFinder(ShingleFingerprinter()),
        linker=StoryLinker(story_finder),
        offload=offload,
        clock=clock,
        network=NetworkWatch(hosts=5),
        jitter=lambda: 0.0,
    )


@pytest.fixture
def waiting(database: SqlDatabase, make_item: Any) -> list[ItemId]:
    """Three stored items whose classification failed."""
    with database.unit_of_work() as uow:
        ids = [uow.items.add(make_item(n, classification=None)) for n in (1, 2, 3)]
        uow.commit()
    return ids


def relevant(database: SqlDatabase, ids: Sequence[ItemId]) -> list[bool | None]:
    """Return the verdicts on items, None for those that wait."""
    with database.reading() as uow:
        found = [item.classification for item in uow.items.get_many(ids)]
    return [judged.relevant if judged else None for judged in found]


async def test_all_that_waits_is_judged_in_one_go(
    intake: StoringIntake, batching: Batching, database: SqlDatabase, waiting: list[ItemId], make_source: Any
) -> None:
    """Each item gets its judgement and its alert."""
    assert await intake.judge_waiting(lambda _: make_source()) == 3
    assert [len(documents) for documents in batching.shown] == [3]
    assert relevant(database, waiting) == [True, True, True]
    with database.reading() as uow:
        assert len(uow.outbox.list(limit=9)) == 3
    assert await intake.judge_waiting(lambda _: make_source()) == 0


async def test_one_item_that_breaks_it_holds_no_other(
    intake: StoringIntake, batching: Batching, database: SqlDatabase, waiting: list[ItemId]
) -> None:
    """Then each is tried by itself, and only that one goes on waiting."""
    batching.broken_on = "第2版"
    assert await intake.judge_waiting(lambda _: None) == 2
    assert relevant(database, waiting) == [True, None, True]


async def test_judging_holds_no_lock(
    intake: StoringIntake, batching: Batching, database: SqlDatabase, waiting: list[ItemId], make_item: Any
) -> None:
    """Others write meanwhile, and what a poll made of an item in the meantime stays."""

    def meanwhile() -> None:
        with database.unit_of_work() as uow:
            edited = replace(make_item(1, revision=2, classification=None), id=waiting[0], title="改过的标题")
            uow.items.revise(edited)
            uow.items.reclassify(waiting[1], batching._make(relevant=False, score=0.1))
            uow.commit()

    batching.meanwhile = meanwhile
    assert await intake.judge_waiting(lambda _: None) == 1
    assert relevant(database, waiting) == [None, False, True]


async def test_a_first_sync_is_judged_as_silent(
    intake: StoringIntake, batching: Batching, make_poll: Any, make_entry: Any, make_published: Any, now: Any
) -> None:
    """No money is spent on what nobody is told of; what comes later is news."""
    old = make_published(at=now.replace(year=2022))
    poll = make_poll()
    await intake.plan(poll, Listing(entries=(make_entry(published=old),)))
    assert [document.silent for documents in batching.shown for document in documents] == [True]
