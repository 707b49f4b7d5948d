"""The index of stories in memory, by which files are measured, finds what the databases find."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from core.item import ItemId, StoryId
from core.stories import LinkDecision
from core.story_traits import StoryMarks, StoryTraits
from hongtou.story_finding import StoryFinder
from hongtou.story_shelf import StoryShelf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from core.item import Item
    from core.stories import Story
    from core.story_traits import StoryCandidate, Telling
    from storage.database import SqlDatabase

ITEMS = 80


class NoReader:
    """Reads nothing: the marks are made here."""

    version = "none-1"

    def read(self, telling: Telling) -> StoryMarks:
        """Return marks without keys."""
        return StoryMarks(traits=StoryTraits(published_at=telling.published_at), keys=())


def decide(traits: StoryTraits, candidates: Sequence[StoryCandidate]) -> LinkDecision:
    """Join the first candidate of the same topic, and merge the story of the second with it."""
    same = list(dict.fromkeys(one.story_id for one in candidates if one.traits.topics == traits.topics or one.is_copy))
    return LinkDecision(story_id=same[0] if same else None, same=tuple(same[1:2]))


def test_files_and_databases_link_alike(
    database: SqlDatabase,
    make_item: Callable[..., Item],
    make_story: Callable[..., Story],
    now: datetime,
) -> None:
    """Random items, some of them copies, with common and rare keys find the same candidates and stories in both."""
    random = Random(1)  # noqa: S311 - no secret: a failure must come again
    finder = StoryFinder(NoReader(), decide, window=timedelta(days=20), lineage=timedelta(days=60))
    shelf = StoryShelf()
    known_as: dict[StoryId, StoryId] = {}
    for number in range(1, ITEMS + 1):
        at = now + timedelta(days=number)
        traits = StoryTraits(
            published_at=at, topics=(str(random.randrange(12)),), relevant=random.random() < 0.5
        )  # fmt: skip
        keys = tuple({random.randrange(4), *(random.randrange(60) for _ in range(4))})
        marks = StoryMarks(traits=traits, keys=keys)
        copies = [ItemId(random.randrange(1, number))] if number > 1 and random.random() < 0.2 else []
        with database.unit_of_work() as unit:
            item_id = unit.items.add(make_item(number, first_seen_at=at))
            stored = finder.candidates(unit.stories.index, marks, copies=copies, now=at, besides=item_id)
            held = finder.candidates(shelf, marks, copies=copies, now=at, besides=item_id)
            assert [(one.item_id, one.is_copy) for one in stored] == [(one.item_id, one.is_copy) for one in held]
            assert [known_as[one.story_id] for one in stored] == [one.story_id for one in held]
            assert [one.traits for one in stored] == [one.traits for one in held]
            decision = finder.decide(marks, stored)
            joined = shelf.join(item_id, finder.decide(marks, held))
            story_id = decision.story_id or unit.stories.begin(make_story(number))
            unit.stories.move([item_id], story_id)
            known_as.setdefault(story_id, joined)
            for other in decision.same:
                unit.stories.merge(other, story_id)
            finder.keep(unit.stories.index, item_id, marks, seen_at=at)
            finder.keep(shelf, item_id, marks, seen_at=at)
            unit.commit()
    assert 1 < len(set(shelf.stories.values())) < ITEMS
