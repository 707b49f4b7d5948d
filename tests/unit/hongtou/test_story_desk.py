"""Users split and merge stories, and that is remembered; all that is known of one can be looked up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.item import ItemId, StoryId
from core.stories import Kinship, Relation
from hongtou.story_desk import StoryDesk
from hongtou.story_lookup import look_up, trace_lineage

if TYPE_CHECKING:
    from typing import Any


@pytest.fixture
def desk(newsroom: Any) -> StoryDesk:
    """The desk of a newsroom."""
    return StoryDesk(newsroom.source)


def split(newsroom: Any, desk: StoryDesk, story: int, *items: int) -> Any:
    """Split a story and return the new one."""
    with newsroom.database.unit_of_work() as uow:
        new = desk.split(uow, StoryId(story), [ItemId(item) for item in items], now=newsroom.clock.now())
        uow.commit()
    return new


def merge(newsroom: Any, desk: StoryDesk, *stories: int) -> Any:
    """Merge stories and return what they became."""
    with newsroom.database.unit_of_work() as uow:
        merged = desk.merge(uow, [StoryId(story) for story in stories], now=newsroom.clock.now())
        uow.commit()
    return merged


def test_a_split_story_stays_split(newsroom: Any, desk: StoryDesk) -> None:
    """Neither a report that fits both nor an edit puts them together again; the next word of the new one is told."""
    items = [newsroom.accept(n, f"#plan 区块链 {n}") for n in (1, 2, 3)]
    new = split(newsroom, desk, 1, 3)
    assert (new.id, new.items, newsroom.story(1).items) == (2, 1, 2)
    both = newsroom.accept(4, "#plan 区块链 又报")
    assert both.story_id in (1, 2)
    newsroom.accept(3, "#plan 区块链 改")
    assert newsroom.item(items[2].id).story_id == 2
    assert newsroom.story(1).id == 1
    assert newsroom.log(items[0])[-2].reason == "a user put item 3 into story 2"
    assert newsroom.log(items[2])[0].reason == "a user took item 3 out of story 1"
    assert [alert.dedup_key for alert in newsroom.outbox()] == ["all/desk/story-1", "all/desk/story-2"]


def test_the_story_that_was_told_keeps_its_number(newsroom: Any, desk: StoryDesk) -> None:
    """When the item that was told is split off, the others get the new number: their event is still to be told."""
    for n in (1, 2, 3):
        newsroom.accept(n, f"#plan 区块链 {n}")
    new = split(newsroom, desk, 1, 1)
    assert (new.id, new.items) == (2, 2)
    assert [newsroom.item(n).story_id for n in (1, 2, 3)] == [1, 2, 2]
    newsroom.accept(2, "#plan 区块链 改")
    assert newsroom.outbox()[-1].dedup_key == "all/desk/story-2"


def test_an_item_that_was_told_is_not_told_again_after_a_split(newsroom: Any, desk: StoryDesk) -> None:
    """Two stories were told, merged and split again: neither is news."""
    for n, tag in enumerate(("plan", "rule"), start=1):
        newsroom.accept(n, f"#{tag} 区块链 {n}")
    merge(newsroom, desk, 1, 2)
    assert split(newsroom, desk, 1, 2).id == 3
    newsroom.accept(2, "#rule 区块链 改")
    assert len(newsroom.outbox()) == 2


def test_a_merge_lifts_what_was_split(newsroom: Any, desk: StoryDesk) -> None:
    """Stories may be merged under any number they had; later reports find the one that is left."""
    for n in (1, 2):
        newsroom.accept(n, f"#plan 区块链 {n}")
    split(newsroom, desk, 1, 2)
    newsroom.accept(3, "#rule 区块链")
    assert merge(newsroom, desk, 2, 1).items == 2
    merged = merge(newsroom, desk, 1, 3)
    assert (merged.id, merged.items) == (2, 3)
    with newsroom.database.reading() as uow:
        assert uow.stories.apart_from([StoryId(2)]) == {}
    assert newsroom.accept(4, "#rule #plan 区块链").story_id == 2
    assert newsroom.kinds(newsroom.item(1)).count("merged") == 2


@pytest.mark.parametrize(
    ("story", "items", "advice"),
    [
        (9, [1], "there is no story 9"),
        (1, [1, 2], "leave at least one"),
        (1, [3, 7], "not in story 1: item 3, 7"),
    ],
)
def test_what_cannot_be_split_is_told(
    newsroom: Any, desk: StoryDesk, story: int, items: list[int], advice: str
) -> None:
    """With what can be done instead; nothing is changed."""
    for n, tag in enumerate(("plan", "plan", "rule"), start=1):
        newsroom.accept(n, f"#{tag} 区块链 {n}")
    with pytest.raises(ValueError, match=advice):
        split(newsroom, desk, story, *items)
    assert [story.items for story in newsroom.stories()] == [2, 1]


def test_what_cannot_be_merged_is_told(newsroom: Any, desk: StoryDesk) -> None:
    """A story with itself, or with one that is not there."""
    newsroom.accept(1, "#plan 区块链")
    with pytest.raises(ValueError, match="one story already"):
        merge(newsroom, desk, 1, 1)
    with pytest.raises(ValueError, match="no story 2"):
        merge(newsroom, desk, 1, 2)


def test_all_that_is_known_of_a_story_is_looked_up(newsroom: Any, desk: StoryDesk, clock: Any) -> None:
    """Its document, outlets with their lead, reasons, names, who was told, and what it was split from."""
    newsroom.accept(1, "#plan 区块链")
    newsroom.accept(2, "#rule 区块链")
    clock.advance(hours=2)
    own = newsroom.accept(3, "#plan #rule 区块链通知", source="gov1")
    newsroom.accept(4, "#plan 区块链 四")
    split(newsroom, desk, 1, 4)
    with newsroom.database.reading() as uow:
        details = look_up(uow, StoryId(2), newsroom.source)
        assert look_up(uow, StoryId(99), newsroom.source) is None
    assert details is not None
    assert (details.story.id, details.names, details.apart) == (1, (1, 2), (3,))
    assert details.primary is not None
    assert details.primary.id == own.id
    assert [(one.source_id, one.lead) for one in details.outlets] == [
        ("outlet1", timedelta(hours=-2)),
        ("outlet2", timedelta(hours=-2)),
        ("gov1", timedelta()),
    ]
    assert details.reasons[own.id] == "same tag"
    assert [alert.channel for alert in details.alerts] == ["desk", "desk"]
    assert (details.lineage.story.id, details.lineage.below, details.siblings) == (1, (), ())


def test_a_line_of_descent_is_traced_from_its_beginning(newsroom: Any) -> None:
    """From the draft over the final form to the local plans, whichever story is asked for; siblings stand beside."""
    for n in range(1, 7):
        newsroom.accept(n, f"#t{n} 区块链 {n}")
    ties = [
        (2, 1, Relation.FINALISES), (3, 2, Relation.IMPLEMENTS), (4, 2, Relation.IMPLEMENTS), (5, 2, Relation.SIBLING),
        (1, 3, Relation.FOLLOWS),
    ]  # fmt: skip
    with newsroom.database.unit_of_work() as uow:
        for later, earlier, relation in ties:
            uow.stories.relate(Kinship(later=StoryId(later), earlier=StoryId(earlier), relation=relation))
        uow.commit()
        details = look_up(uow, StoryId(2), newsroom.source)
        alone = trace_lineage(uow, newsroom.story(6))
    assert details is not None
    found: list[tuple[int, str]] = []

    def walk(descent: Any) -> None:
        found.append((descent.story.id, descent.tie.relation.value if descent.tie else ""))
        for below in descent.below:
            walk(below)

    walk(details.lineage)
    assert sorted(number for number, _ in found) == [1, 2, 3, 4]
    assert (2, "finalises") in found
    assert (4, "implements") in found
    assert [other.id for _, other in details.siblings] == [5]
    assert (alone.below, alone.tie) == ((), None)


def test_a_lineage_is_bounded(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan with very many local plans under it shows some of them."""
    monkeypatch.setattr("hongtou.story_lookup._MOST", 3)
    for n in range(1, 7):
        newsroom.accept(n, f"#t{n} 区块链 {n}")
    with newsroom.database.unit_of_work() as uow:
        for n in range(2, 7):
            uow.stories.relate(Kinship(later=StoryId(n), earlier=StoryId(1), relation=Relation.IMPLEMENTS))
        uow.commit()
        lineage = trace_lineage(uow, newsroom.story(1))
    assert len(lineage.below) == 2
