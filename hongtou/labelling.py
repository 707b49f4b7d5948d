"""The label use case: ask a user about stored items, keep each answer at once, and carry answers in and out of files.

Files are JSON lines in the format that `hongtou eval` reads (docs/classification.md), so that labels judge as well.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.classification import TOPICS
from core.item import Entry, ItemId
from core.labels import Label, choose, label_of
from core.source import SourceId
from hongtou.evaluation import read_labelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from core.item import Item
    from core.labels import Wanted
    from core.ports import Clock
    from core.repositories import Database, UnitOfWork
    from hongtou.evaluation import LabelledItem

_POOL = 20_000
"""Items among which questions are chosen, the last seen: a month of some hundred sources, and little memory."""


def pick(
    database: Database, wanted: Wanted, *, limit: int, threshold: float, random: Callable[[], float]
) -> tuple[ItemId, ...]:
    """Return the items to ask about, mixed.

    Args:
        database: The archive; only read.
        wanted: What the user wants to be asked about.
        limit: How many questions at most.
        threshold: Score from which an item is flagged.
        random: Uniform in [0, 1).

    Raises:
        StorageError: The database cannot be used.
    """
    with database.reading() as uow:
        candidates = uow.labels.candidates(wanted, limit=_POOL)
    chosen = choose(candidates, limit=limit, threshold=threshold, random=random)
    return tuple(candidate.item_id for candidate in chosen)


def unknown_topics(topics: Iterable[str]) -> tuple[str, ...]:
    """Return the words that are no topic ids, in order."""
    return tuple(topic for topic in topics if topic not in TOPICS)


class Sitting:
    """One run through a list of questions. Every answer is stored at once: leaving at any time loses nothing.

    Methods raise StorageError when the database cannot be used; the answer was not stored then.
    """

    def __init__(self, *, database: Database, queue: Sequence[ItemId], clock: Clock) -> None:
        self._database = database
        self._queue = queue
        self._clock = clock
        self._given: dict[int, Label] = {}
        self.position = 0
        """Index of the question that is asked now; equal to `total` at the end."""

    @property
    def total(self) -> int:
        """How many questions there are."""
        return len(self._queue)

    @property
    def answered(self) -> int:
        """How many answers stand."""
        return len(self._given)

    def question(self) -> Item | None:
        """Return the item that is asked about now, or None at the end; what was pruned meanwhile is passed over."""
        while self.position < self.total:
            with self._database.reading() as uow:
                item = uow.items.get(self._queue[self.position])
            if item is not None:
                return item
            self.position += 1
        return None

    def answer(self, item: Item, *, relevant: bool, topics: Sequence[str] = ()) -> Label:
        """Store the answer to the question asked now, and go on to the next."""
        label = label_of(item, relevant=relevant, topics=topics, at=self._clock.now())
        self._store(label)
        self._given[self.position] = label
        self.position += 1
        return label

    def skip(self) -> None:
        """Go on without an answer."""
        self.position += 1

    def undo(self) -> bool:
        """Go back one question and take its answer back; False at the first one."""
        if self.position == 0:
            return False
        self.position -= 1
        label = self._given.pop(self.position, None)
        if label is not None:
            with self._database.unit_of_work() as uow:
                uow.labels.remove(label.key)
                uow.commit()
        return True

    def retopic(self, topics: Sequence[str]) -> Label | None:
        """Change the topics of the last answer, when it was a yes; None when it was not."""
        last = self._given.get(self.position - 1)
        if last is None or not last.relevant:
            return None
        label = replace(last, topics=tuple(dict.fromkeys(topics)))
        self._store(label)
        self._given[self.position - 1] = label
        return label

    def last(self) -> Label | None:
        """Return the answer to the question before this one, if it was given."""
        return self._given.get(self.position - 1)

    def _store(self, label: Label) -> None:
        with self._database.unit_of_work() as uow:
            uow.labels.put(label)
            uow.commit()


def label_item(
    database: Database, item_id: ItemId, *, relevant: bool, topics: Sequence[str], clock: Clock
) -> Label | None:
    """Store an answer about one item; None when there is no such item.

    Raises:
        StorageError: The database cannot be used.
    """
    with database.unit_of_work() as uow:
        item = uow.items.get(item_id)
        if item is None:
            return None
        label = label_of(item, relevant=relevant, topics=topics, at=clock.now())
        uow.labels.put(label)
        uow.commit()
    return label


def label_lines(labels: Iterable[Label]) -> Iterator[str]:
    """Yield labels as JSON objects, one a line; what the user did not say is left out."""
    for label in labels:
        said = {"jurisdiction": label.jurisdiction, "act": label.act, "hard": label.hard}
        row = {
            "id": f"item-{label.item_id}" if label.item_id is not None else label.key,
            "source": label.source_id,
            "url": label.url,
            "lang": label.language,
            "published": label.published_at.isoformat() if label.published_at else None,
            "title": label.title,
            "body": label.text,
            "relevant": label.relevant,
            "topics": list(label.topics),
            "labelled": label.labelled_at.isoformat(),
        }
        yield json.dumps(row | {key: value for key, value in said.items() if value}, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did."""

    new: int = 0
    changed: int = 0
    """Labels that said something else before; the file's word counts."""
    same: int = 0
    stored: int = 0
    """Labels of articles that are in the archive."""


def import_labels(database: Database, lines: Iterable[str], *, name: str, clock: Clock) -> Imported:
    """Store the labels of a file, all or none.

    Args:
        database: Where to; articles that are in its archive are recognised by address, or by title and source.
        lines: Of the file.
        name: How to call it in messages.
        clock: The time of labels that came without one.

    Raises:
        ConfigError: With every fault of every line; nothing was stored.
        StorageError: The database cannot be used; nothing was stored.
    """
    labelled = read_labelled(lines, name=name)
    with database.unit_of_work() as uow:
        before = {label.key: label for label in uow.labels.all()}
        labels = _recognised(uow, [_label(item, clock) for item in labelled])
        for label in labels:
            uow.labels.put(label)
        uow.commit()
    known = [(label, before[label.key]) for label in labels if label.key in before]
    same = sum(_says(label) == _says(old) for label, old in known)
    return Imported(
        new=len(labels) - len(known),
        changed=len(known) - same,
        same=same,
        stored=sum(label.item_id is not None for label in labels),
    )


def _label(item: LabelledItem, clock: Clock) -> Label:
    return Label(
        relevant=item.relevant,
        topics=item.topics if item.relevant else (),
        labelled_at=clock.now(),
        title=item.title,
        text=item.text,
        language=item.language,
        source_id=item.source,
        url=item.url,
        published_at=item.published_at if item.published_at and item.published_at.tzinfo else None,
        jurisdiction=item.jurisdiction or "",
        act="" if item.act == "none" else item.act,
        hard=item.hard,
    )


def _recognised(uow: UnitOfWork, labels: Sequence[Label]) -> list[Label]:
    """Return the labels, those of stored articles with their numbers; of two of one article the later stays."""
    entries = [Entry(source_id=SourceId(label.source_id), url=label.url, title=label.title) for label in labels]
    known = {index: seen for index, seen in uow.items.known(entries).items() if not seen.gone}
    found = [
        replace(label, item_id=known[index].item_id) if index in known else label for index, label in enumerate(labels)
    ]
    return [*{label.key: label for label in found}.values()]


def _says(label: Label) -> tuple[object, ...]:
    return label.relevant, label.topics, label.jurisdiction, label.act, label.hard
