"""Old irrelevant items are forgotten and stay known; what matters to anybody is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.decide import IntakeLimits, Intent, decide_entries
from core.labels import Label
from storage.pruning import gone_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.classification import Classification
    from core.item import Entry, Item, ItemId
    from core.stories import Story
    from storage.database import SqlDatabase
    from storage.unit_of_work import SqlUnitOfWork

_OLD, _DAY = timedelta(days=100), timedelta(days=1)


@pytest.fixture
def add(
    now: datetime, make_item: Callable[..., Item], make_classification: Callable[..., Classification]
) -> Callable[..., ItemId]:
    """Give what stores an item of some age."""

    def add_(
        uow: SqlUnitOfWork, number: int, *, relevant: bool = False, age: timedelta = _OLD, **values: object
    ) -> ItemId:
        judged = make_classification(relevant=relevant)
        url = f"https://a.example/{number}"
        return uow.items.add(
            make_item(number, url=url, canonical_url=url, classification=judged, first_seen_at=now - age, **values)
        )

    return add_


def test_only_old_irrelevant_items_go(database: SqlDatabase, now: datetime, add: Callable[..., ItemId]) -> None:
    """Young ones, relevant ones and those that wait to be judged stay; the oldest go first, a portion at a time."""
    with database.unit_of_work() as uow:
        old, older = add(uow, 1), add(uow, 2, age=2 * _OLD)
        kept = [add(uow, 3, relevant=True), add(uow, 4, age=_DAY)]
        assert uow.items.prune(before=now - 50 * _DAY, now=now, limit=1) == 1
        assert [uow.items.get(one) is None for one in (old, older)] == [False, True]
        assert uow.items.prune(before=now - 50 * _DAY, now=now, limit=9) == 1
        assert uow.items.prune(before=now - 50 * _DAY, now=now, limit=9) == 0
        assert all(uow.items.get(one) is not None for one in kept)


def test_what_is_gone_is_not_new(
    database: SqlDatabase, now: datetime, add: Callable[..., ItemId], make_entry: Callable[..., Entry]
) -> None:
    """A list that still shows a forgotten article has nothing new, until its key is forgotten too."""
    entry = replace(make_entry(), url="https://a.example/1", guid=None)
    with database.unit_of_work() as uow:
        add(uow, 1)
        uow.items.prune(before=now, now=now, limit=9)
        known = uow.items.known([entry, replace(entry, url="https://a.example/2")])
        assert known.keys() == {0}
        assert known[0].gone
        plan = decide_entries([entry], known, first_sync=False, fetch_articles=True, limits=IntakeLimits(), now=now)
        assert [decision.intent for decision in plan.decisions] == [Intent.KNOWN]
        assert uow.items.forget_gone(before=now + _DAY, limit=9) >= 1
        assert uow.items.known([entry]) == {}


def test_labelled_items_and_reports_of_a_relevant_story_stay(
    database: SqlDatabase, now: datetime, add: Callable[..., ItemId], make_story: Callable[..., Story]
) -> None:
    """What a user labelled, and what belongs to a story that matters, is kept; a story left empty goes."""
    with database.unit_of_work() as uow:
        matters = uow.stories.begin(make_story(1))
        idle = uow.stories.begin(make_story(2, relevant=False))
        report, gone = add(uow, 1, story_id=matters), add(uow, 2, story_id=idle)
        labelled = add(uow, 3, story_id=idle)
        label = _label(labelled, now)
        uow.labels.put(label)
        assert uow.items.prune(before=now, now=now, limit=9) == 1
        assert uow.items.get(gone) is None
        assert uow.items.get(report) is not None
        assert uow.stories.get(idle) is not None
        uow.labels.remove(label.key)
        assert uow.items.prune(before=now, now=now, limit=9) == 1
        assert uow.stories.get(idle) is None
        assert uow.stories.get(matters) is not None


def _label(item_id: ItemId, now: datetime) -> Label:
    return Label(
        relevant=False,
        topics=(),
        labelled_at=now,
        title="t",
        text="",
        language="en",
        source_id="",
        url="https://a.example/3",
        published_at=None,
        item_id=item_id,
    )


def test_numbers_of_keys_are_stable() -> None:
    """The number of a key never changes: it is what the memory of years rests on."""
    assert gone_key("url:https://a.example/1") == gone_key("url:https://a.example/1")
    assert len({gone_key(f"url:{n}") for n in range(1000)}) == 1000
    assert -(1 << 63) <= gone_key("\ud800") < 1 << 63
