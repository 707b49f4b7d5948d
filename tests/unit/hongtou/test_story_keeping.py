"""No item is left in no story, whatever happened, and none is put into two."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from core.stories import StoryChange
from hongtou.story_keeping import StoryMemory

if TYPE_CHECKING:
    from typing import Any


EVER = datetime(2000, 1, 1, tzinfo=UTC)


def keep(newsroom: Any) -> None:
    """Do one round."""
    asyncio.run(newsroom.keeper.keep())


def test_what_a_crash_left_in_no_story_is_linked_and_told(newsroom: Any) -> None:
    """At the next round, with the story of its event, like any new item."""
    newsroom.accept(1, "#plan 区块链")
    joined, own = newsroom.store(2, title="#plan 区块链 二"), newsroom.store(3, title="#rule 区块链")
    keep(newsroom)
    assert [newsroom.item(item_id).story_id for item_id in (1, joined, own)] == [1, 1, 2]
    assert [alert.dedup_key for alert in newsroom.outbox()] == ["all/desk/story-1", "all/desk/story-2"]
    before = newsroom.stories()
    keep(newsroom)
    assert newsroom.stories() == before


def test_what_was_left_is_an_update_where_it_is_asked_for(newsroom: Any, make_route: Any) -> None:
    """A report that a crash held up is no less new."""
    newsroom.routes = [make_route(updates=frozenset({StoryChange.REPORT}))]
    newsroom.reopen()
    newsroom.accept(1, "#plan 区块链")
    newsroom.store(2, title="#plan 区块链 二")
    keep(newsroom)
    assert newsroom.outbox()[-1].dedup_key == "all/desk/story-1/report-2"


def test_many_are_linked_in_portions(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round is bounded; the next one goes on."""
    monkeypatch.setattr("hongtou.story_keeping._PORTION", 2)
    monkeypatch.setattr("hongtou.story_keeping._PORTIONS", 2)
    for n in range(1, 7):
        newsroom.store(n, title=f"#t{n % 2} 区块链")
    keep(newsroom)
    with newsroom.database.reading() as uow:
        assert len(uow.stories.unlinked(limit=9)) == 2
    keep(newsroom)
    assert [story.items for story in newsroom.stories()] == [3, 3]


def test_a_fault_is_tried_again_until_it_is_mended(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The item joins the story that it would have joined; that was told already, and its own was: nothing is added."""
    newsroom.accept(1, "#plan 区块链")
    broken = newsroom.accept(2, "#plan 崩溃 区块链")
    keep(newsroom)
    assert newsroom.item(broken.id).story_id == broken.story_id
    read = newsroom.finder._reader.read
    monkeypatch.setattr(type(newsroom.finder._reader), "read", lambda _, telling: read(_mended(telling)))
    keep(newsroom)
    assert newsroom.item(broken.id).story_id == 1
    assert (newsroom.linker.take_faulty(), len(newsroom.outbox())) == ((), 2)


def _mended(telling: Any) -> Any:
    return replace(telling, title=telling.title.replace("崩溃", ""))


def test_a_fault_is_not_tried_for_ever(newsroom: Any) -> None:
    """After three times the item stays where it is."""
    newsroom.accept(1, "#plan 崩溃 区块链")
    for _ in range(2):
        assert newsroom.linker.take_faulty() == (1,)
        keep(newsroom)
    assert newsroom.linker.take_faulty() == ()


def test_stories_of_an_older_program_are_read_anew(newsroom: Any, make_route: Any) -> None:
    """Items that were put into stories without traits find each other now, silently; those of others are left."""
    newsroom.routes = [make_route(updates=frozenset(StoryChange))]
    newsroom.reopen()
    items = [newsroom.accept(n, f"#plan 区块链 崩溃 {n}") for n in (1, 2)]
    with newsroom.database.unit_of_work() as uow:
        for item in items:
            uow.items.revise(_without_bug(item))
        uow.commit()
    told = newsroom.outbox()
    newsroom.reopen()
    newsroom.linker._faulty.clear()
    keep(newsroom)
    keep(newsroom)
    assert [story.items for story in newsroom.stories()] == [2]
    assert newsroom.outbox() == told


def _without_bug(item: Any) -> Any:
    return replace(item, title=item.title.replace("崩溃", ""))


def test_another_version_of_the_reader_reads_everything_anew(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, a few portions a round; what it cannot read is not tried again and again."""
    monkeypatch.setattr("hongtou.story_keeping._PORTION", 2)
    monkeypatch.setattr("hongtou.story_keeping._PORTIONS_ANEW", 2)
    for n in range(1, 7):
        newsroom.accept(n, f"#t{n} {'崩溃' if n == 1 else ''} 区块链")
    newsroom.linker._faulty.clear()
    keep(newsroom)
    read: list[str] = []
    monkeypatch.setattr(type(newsroom.finder._reader), "version", "tags-2")

    def break_(telling: Any) -> None:
        read.append(telling.title)
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(newsroom.finder, "read", break_)
    for _ in range(4):
        keep(newsroom)
        newsroom.linker._faulty.clear()
    assert len(read) == len(set(read)) == 2
    monkeypatch.undo()
    monkeypatch.setattr(type(newsroom.finder._reader), "version", "tags-3")
    keep(newsroom)
    with newsroom.database.reading() as uow:
        left = uow.stories.index.unread(since=EVER, version="tags-3", limit=9)
    assert [item.id for item in left] == [1]


def test_what_is_too_old_is_forgotten(newsroom: Any, clock: Any) -> None:
    """Relevant items are found for two years, others for thirty days; stories stay."""
    newsroom.accept(1, "#plan 区块链")
    newsroom.accept(2, "#rule", text="无关")
    clock.advance(days=31)
    keep(newsroom)
    with newsroom.database.reading() as uow:
        assert [one.item_id for one in uow.stories.index.of_items([1, 2])] == [1]
    clock.advance(days=700)
    keep(newsroom)
    with newsroom.database.reading() as uow:
        assert uow.stories.index.of_items([1, 2]) == ()
    assert len(newsroom.stories()) == 2


def test_pruning_is_done_in_portions(newsroom: Any, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others get the write lock in between, and a round ends."""
    monkeypatch.setattr("hongtou.story_keeping._PORTION", 1)
    monkeypatch.setattr("hongtou.story_keeping._PORTIONS", 2)
    for n in (1, 2, 3):
        newsroom.accept(n, f"#t{n}", text="无关")
    clock.advance(days=31)
    keep(newsroom)
    with newsroom.database.reading() as uow:
        assert len(uow.stories.index.of_items([1, 2, 3])) == 1


@pytest.mark.parametrize("seed", range(4))
def test_whatever_dies_no_item_is_left_or_linked_twice(newsroom: Any, clock: Any, seed: int) -> None:
    """Through deaths at any statement, faults, items left unlinked, edits and restarts, in any order.

    In the end every item is in one story, every story counts its items, tags tell stories apart, and every story was
    told once.
    """
    random = Random(seed)  # noqa: S311 - a walk, no secret
    for n in range(1, 25):
        tag = f"#t{random.randrange(5)}"
        step = random.choice(["accept", "accept", "die", "left", "edit", "restart", "keep"])
        if step == "die":
            _die_while_accepting(newsroom, n, tag, random)
        elif step == "left":
            newsroom.store(n, title=f"{tag} 区块链")
        elif step == "restart":
            newsroom.reopen()
        elif step == "keep":
            keep(newsroom)
        else:
            newsroom.accept(n if step == "accept" else random.randint(1, n), f"{tag} 区块链 {n}")
        clock.advance(minutes=1)
    keep(newsroom)
    stories = newsroom.stories()
    with newsroom.database.reading() as uow:
        assert uow.stories.unlinked(limit=9) == ()
        members = {story.id: {item.id for item in uow.stories.items(story.id)} for story in stories}
        assert [len(members[story.id]) for story in stories] == [story.items for story in stories]
        assert sum(map(len, members.values())) == uow.items.count()
        names = {name: story.id for story in stories for name in uow.stories.names(story.id)}
    first = [int(alert.dedup_key.rpartition("-")[2]) for alert in newsroom.outbox()]
    assert {names[story] for story in first} == set(members)
    assert len(first) == len(set(first))


def _die_while_accepting(newsroom: Any, n: int, tag: str, random: Random) -> None:
    """Let the process end at one of the steps of a transaction."""
    target, name = random.choice(
        [(newsroom.finder, "keep"), (newsroom.linker, "_join"), (newsroom.linker, "_begin"), (newsroom.linker, "link")]
    )
    original = getattr(target, name)

    def die(*arguments: Any, **named: Any) -> None:
        original(*arguments, **named)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, name, die)
        try:
            newsroom.accept(n, f"{tag} 区块链 {n}")
        except KeyboardInterrupt:
            newsroom.reopen()


def test_another_memory_counts_from_the_next_round_on(newsroom: Any, clock: Any) -> None:
    """A shorter one forgets more; with a longer one what was forgotten is read anew, as after a start."""
    newsroom.accept(1, "#plan 区块链")
    clock.advance(days=20)
    long, short = (StoryMemory(within=timedelta(days=n), lineage=timedelta(days=n)) for n in (30, 10))
    for memory, known in ((long, [1]), (short, []), (long, [1])):
        newsroom.keeper._memory = lambda memory=memory: memory
        keep(newsroom)
        keep(newsroom)
        with newsroom.database.reading() as uow:
            assert [one.item_id for one in uow.stories.index.of_items([1])] == known
