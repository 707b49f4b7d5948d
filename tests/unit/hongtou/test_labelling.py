"""Answers are kept at once, can be taken back, and travel in files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import ConfigError
from core.item import ItemId
from core.labels import Label, Wanted
from hongtou.evaluation import read_labelled
from hongtou.labelling import Sitting, import_labels, label_item, label_lines, pick, unknown_topics

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Item
    from storage.database import SqlDatabase


@pytest.fixture
def archive(
    database: SqlDatabase, make_item: Callable[..., Item], make_classification: Callable[..., Any]
) -> SqlDatabase:
    """Four judged items."""
    with database.unit_of_work() as uow:
        for n, score in enumerate((0.1, 0.45, 0.55, 0.95), start=1):
            judged = make_classification(relevant=score >= 0.5, score=score)
            uow.items.add(make_item(n, classification=judged))
        uow.commit()
    return database


def labels(database: SqlDatabase) -> list[Label]:
    """Return what is stored."""
    with database.reading() as uow:
        return list(uow.labels.all())


def sitting(database: SqlDatabase, clock: Any, *queue: int) -> Sitting:
    """Return a sitting about items by number."""
    return Sitting(database=database, queue=[ItemId(number) for number in queue], clock=clock)


def test_labelled_items_are_not_asked_about_again(archive: SqlDatabase, clock: Any) -> None:
    """A later run picks up where the last one left off."""

    def picked() -> set[int]:
        return set(pick(archive, Wanted(), limit=9, threshold=0.5, random=lambda: 0.5))

    assert picked() == {1, 2, 3, 4}
    assert label_item(archive, ItemId(2), relevant=True, topics=["ai"], clock=clock)
    assert picked() == {1, 3, 4}
    assert len(pick(archive, Wanted(flagged=True), limit=1, threshold=0.5, random=lambda: 0.5)) == 1


def test_each_answer_is_stored_before_the_next_question(archive: SqlDatabase, clock: Any) -> None:
    """Leaving after any answer loses nothing."""
    asked = sitting(archive, clock, 3, 1)
    item = asked.question()
    assert item is not None
    asked.answer(item, relevant=True, topics=["ai"])
    assert [(label.item_id, label.relevant, label.topics) for label in labels(archive)] == [(3, True, ("ai",))]
    assert (asked.position, asked.answered, asked.total) == (1, 1, 2)
    asked.skip()
    assert asked.question() is None
    assert len(labels(archive)) == 1


def test_an_answer_can_be_taken_back(archive: SqlDatabase, clock: Any) -> None:
    """Undo goes back one question, forgets its answer, and stops at the first."""
    asked = sitting(archive, clock, 3, 1)
    assert not asked.undo()
    item = asked.question()
    assert item is not None
    asked.answer(item, relevant=False)
    asked.skip()
    assert asked.undo()
    assert len(labels(archive)) == 1
    assert asked.undo()
    assert labels(archive) == []
    assert asked.question() == item


def test_topics_of_the_last_yes_can_be_changed(archive: SqlDatabase, clock: Any) -> None:
    """They are stored at once; a no has none to change."""
    asked = sitting(archive, clock, 3, 1)
    item = asked.question()
    assert item is not None
    assert asked.retopic(["ai"]) is None
    asked.answer(item, relevant=True)
    assert asked.retopic(["chips", "ai", "ai"])
    assert labels(archive)[0].topics == ("chips", "ai")
    other = asked.question()
    assert other is not None
    asked.answer(other, relevant=False)
    assert asked.retopic(["ai"]) is None
    assert asked.last() == labels(archive)[1]


def test_what_was_pruned_meanwhile_is_passed_over(archive: SqlDatabase, clock: Any) -> None:
    """A question whose item is gone is not asked."""
    asked = sitting(archive, clock, 99, 2)
    item = asked.question()
    assert item is not None
    assert item.id == 2


def test_an_unknown_item_gets_no_label(archive: SqlDatabase, clock: Any) -> None:
    """Nothing is stored for it."""
    assert label_item(archive, ItemId(99), relevant=True, topics=[], clock=clock) is None
    assert labels(archive) == []


def test_unknown_topics_are_named() -> None:
    """In the order in which they were given."""
    assert unknown_topics(["ai", "aliens", "chips", "zz"]) == ("aliens", "zz")


def test_an_export_is_what_eval_reads(archive: SqlDatabase, clock: Any) -> None:
    """Every label is a labelled item with the user's word."""
    label_item(archive, ItemId(3), relevant=True, topics=["ai", "chips"], clock=clock)
    label_item(archive, ItemId(1), relevant=False, topics=[], clock=clock)
    lines = list(label_lines(labels(archive)))
    first, second = read_labelled(lines)
    by_id = {first.id: first, second.id: second}
    assert by_id["item-3"].relevant
    assert by_id["item-3"].topics == ("ai", "chips")
    assert by_id["item-3"].published_at is not None
    assert not by_id["item-1"].relevant
    assert "act" not in json.loads(lines[0])


def test_an_export_comes_back_whole(archive: SqlDatabase, clock: Any) -> None:
    """Into the same archive it changes nothing; articles that are stored are recognised by their address."""
    label_item(archive, ItemId(3), relevant=True, topics=["ai"], clock=clock)
    exported = list(label_lines(labels(archive)))
    before = labels(archive)
    done = import_labels(archive, exported, name="x.jsonl", clock=clock)
    assert (done.new, done.changed, done.same, done.stored) == (0, 0, 1, 1)
    assert labels(archive) == before


def test_a_files_word_counts(archive: SqlDatabase, clock: Any) -> None:
    """What a file says replaces what was said here; what it says of foreign articles is kept with its words."""
    label_item(archive, ItemId(3), relevant=True, topics=["ai"], clock=clock)
    (line,) = label_lines(labels(archive))
    changed = json.loads(line) | {"relevant": False, "topics": []}
    foreign = {
        "title": "Rule on tokens",
        "body": "…",
        "relevant": True,
        "act": "rule",
        "jurisdiction": "hk",
        "hard": True,
    }
    clock.advance(hours=1)
    done = import_labels(archive, [json.dumps(changed), json.dumps(foreign)], name="x.jsonl", clock=clock)
    assert (done.new, done.changed, done.same, done.stored) == (1, 1, 0, 1)
    stored = {label.title: label for label in labels(archive)}
    assert not stored[changed["title"]].relevant
    kept = stored["Rule on tokens"]
    assert (kept.item_id, kept.act, kept.jurisdiction, kept.hard, kept.published_at) == (None, "rule", "hk", True, None)
    assert json.loads(next(label_lines([kept])))["act"] == "rule"


def test_a_file_with_a_fault_stores_nothing(archive: SqlDatabase, clock: Any) -> None:
    """All lines or none, and every fault with its line."""
    lines = ['{"title": "a", "relevant": true}', '{"title": "", "relevant": true}', "{"]
    with pytest.raises(ConfigError) as caught:
        import_labels(archive, lines, name="x.jsonl", clock=clock)
    assert [problem.where for problem in caught.value.problems] == ["x.jsonl:2", "x.jsonl:3"]
    assert labels(archive) == []
