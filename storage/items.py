"""Stored items, their keys, sources and revisions, in SQL."""

from __future__ import annotations

from collections import defaultdict
from inspect import get_annotations
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, insert, select, update

from core.decide import Known
from core.errors import StorageError
from core.item import BodyOrigin, ItemId
from storage.archive import find_spans, read_span
from storage.identity import entry_keys, item_keys, spare_keys
from storage.item_rows import content_values, earlier_item_of, item_of, item_values, judgement_values
from storage.pruning import find_gone, forget_gone, prune_items
from storage.tables import Content, ItemKeyRow, ItemRow, ItemSourceRow, RevisionRow
from storage.upsert import in_portions, insert_into, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.backtest import Archived, Span
    from core.classification import Classification
    from core.item import Entry, Item
    from core.outcome import Answer
    from core.source import SourceId


class _Owner(NamedTuple):
    """The item that a key leads to."""

    item_id: int
    body_origin: BodyOrigin
    page_problem: Answer | None
    page_attempts: int


class SqlItemRepository:
    """Implements `core.repositories.ItemRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, entries: Sequence[Entry]) -> Mapping[int, Known]:
        """Find stored items for entries, by guid within the source, else by canonical address across sources.

        Two queries for every thousand keys, however many entries there are.
        """
        keys = [entry_keys(entry) for entry in entries]
        owners = self._owners({key for some in keys for key in some})
        firsts = (next((owners[key] for key in some if key in owners), None) for some in keys)
        found = {index: owner for index, owner in enumerate(firsts) if owner}
        hashes = self._entry_hashes(
            {owner.item_id for owner in found.values()}, {entries[index].source_id for index in found}
        )
        known = {
            index: _known(owner, hashes.get((owner.item_id, entries[index].source_id), ""))
            for index, owner in found.items()
        }
        return known | self._gone({index: some for index, some in enumerate(keys) if index not in found})

    def add(self, item: Item) -> ItemId:
        """Store a new item (its `id` is ignored) with its keys; return its id.

        Raises:
            StorageError: Also when its identity is already there; the unit of work can go on.
        """
        items = table_of(ItemRow)
        made = self._session.execute(insert(items).returning(items.c.id), item_values(item))
        item_id: int = made.scalar_one()
        keys = item_keys(item)
        if self._give_keys(item_id, keys) < len(keys):
            self._session.execute(delete(ItemRow).where(ItemRow.id == item_id))
            raise StorageError(f"An item of {item.source_id} is stored already under one of: {', '.join(keys)}.")
        self._give_keys(item_id, spare_keys(item))
        sighting = {
            "item_id": item_id,
            "source_id": item.source_id,
            "entry_hash": item.entry_hash,
            "first_seen_at": item.first_seen_at,
        }
        self._session.execute(insert(table_of(ItemSourceRow)), sighting)
        return ItemId(item_id)

    def revise(self, item: Item) -> None:
        """Replace an item's content by a newer revision; the old content is kept in `revisions`.

        Its id, its source, the time it was first seen, and its story stay; its revision becomes one more than the
        stored one. New keys are added unless they lead to another item already.

        Raises:
            StorageError: Also when it is not stored.
        """
        row = self._row(item.id)
        own = self._entry_hashes({row.id}, {row.source_id}).get((row.id, row.source_id), "")
        old = {column: getattr(row, column) for column in _CONTENT}
        self._session.add(RevisionRow(item_id=row.id, revision=row.revision, entry_hash=own, **old))
        for column, value in content_values(item).items():
            setattr(row, column, value)
        row.revision += 1
        row.baseline = item.baseline
        self._session.flush()
        self._give_keys(row.id, (*item_keys(item), *spare_keys(item)))
        self._see(row.id, item.source_id, item.entry_hash or own)

    def touch(
        self,
        item_id: ItemId,
        *,
        source_id: SourceId,
        entry_hash: str,
        page_attempts: int | None = None,
        entry: Entry | None = None,
    ) -> None:
        """Note that a source's list led to a stored item again, with these words.

        With `entry`, its guid and address lead to the item from now on, unless they lead to another.

        Raises:
            StorageError: Also when it is not stored.
        """
        self._row(item_id)
        self._see(item_id, source_id, entry_hash)
        if entry is not None:
            self._give_keys(item_id, entry_keys(entry))
        if page_attempts is not None:
            counted = update(ItemRow).where(ItemRow.id == item_id).values(page_attempts=page_attempts)
            self._session.execute(counted)

    def get(self, item_id: ItemId) -> Item | None:
        """Return one item in its newest revision."""
        return next(iter(self.get_many((item_id,))), None)

    def get_many(self, item_ids: Sequence[ItemId]) -> tuple[Item, ...]:
        """Return items in the order asked for; ids that are not there are left out."""
        found: dict[ItemId, Item] = {}
        for portion in in_portions(item_ids):
            found |= {item.id: item for item in self._items(select(ItemRow).where(ItemRow.id.in_(portion)))}
        return tuple(found[item_id] for item_id in item_ids if item_id in found)

    def recent_relevant(self, *, since: datetime, limit: int) -> tuple[Item, ...]:
        """Return relevant items first seen since a moment, newest first."""
        recent = select(ItemRow).where(ItemRow.relevant.is_(True), ItemRow.first_seen_at >= since)
        return self._items(recent.order_by(ItemRow.first_seen_at.desc(), ItemRow.id.desc()).limit(limit))

    def recent(self, *, since: datetime, limit: int) -> tuple[Item, ...]:
        """Return items first seen since a moment, relevant or not, newest first."""
        recent = select(ItemRow).where(ItemRow.first_seen_at >= since)
        return self._items(recent.order_by(ItemRow.first_seen_at.desc(), ItemRow.id.desc()).limit(limit))

    def unclassified(self, *, limit: int) -> tuple[Item, ...]:
        """Return items whose classification failed and waits, oldest first."""
        waiting = select(ItemRow).where(ItemRow.relevant.is_(None))
        return self._items(waiting.order_by(ItemRow.first_seen_at, ItemRow.id).limit(limit))

    def reclassify(self, item_id: ItemId, classification: Classification) -> None:
        """Replace an item's classification; its content and revision stay.

        Raises:
            StorageError: Also when it is not stored.
        """
        row = self._row(item_id)
        for column, value in judgement_values(classification).items():
            setattr(row, column, value)
        self._session.flush()

    def revisions(self, item_id: ItemId) -> tuple[Item, ...]:
        """Return the earlier revisions of an item, oldest first; they do not tell the other sources that led to it."""
        both = (
            select(ItemRow, RevisionRow)
            .join(RevisionRow, RevisionRow.item_id == ItemRow.id)
            .where(ItemRow.id == item_id)
            .order_by(RevisionRow.revision)
        )
        return tuple(
            earlier_item_of(row, old, revision=old.revision, entry_hash=old.entry_hash)
            for row, old in self._session.execute(both)
        )

    def count(self, *, relevant_only: bool = False) -> int:
        """Return how many items are stored."""
        counted = select(func.count()).select_from(ItemRow)
        if relevant_only:
            counted = counted.where(ItemRow.relevant.is_(True))
        return self._session.scalars(counted).one()

    def prune(self, *, before: datetime, now: datetime, limit: int) -> int:
        """Forget at most `limit` irrelevant items first seen before a moment, but for their keys; return how many."""
        return prune_items(self._session, before=before, now=now, limit=limit)

    def forget_gone(self, *, before: datetime, limit: int) -> int:
        """Forget at most `limit` keys of items pruned before a moment; return how many."""
        return forget_gone(self._session, before=before, limit=limit)

    def spans(self, *, since: datetime, size: int, limit: int | None = None) -> tuple[Span, ...]:
        """Divide the items first seen since a moment into spans of at most `size` items, by number.

        With `limit` only about so many, the last seen: those first seen at one moment stay together.
        """
        return find_spans(self._session, since=since, size=size, limit=limit)

    def archived(self, span: Span) -> tuple[Archived, ...]:
        """Return what is needed to judge the items of a span again, by number."""
        return read_span(self._session, span)

    def _row(self, item_id: ItemId) -> ItemRow:
        row = self._session.scalar(select(ItemRow).where(ItemRow.id == item_id).with_for_update())
        if row is None:
            raise StorageError(f"Item {item_id} is not stored.")
        return row

    def _items(self, wanted: Select[ItemRow]) -> tuple[Item, ...]:
        rows = self._session.scalars(wanted).all()
        sightings: dict[int, list[ItemSourceRow]] = defaultdict(list)
        for portion in in_portions([row.id for row in rows]):
            for seen in self._session.scalars(select(ItemSourceRow).where(ItemSourceRow.item_id.in_(portion))):
                sightings[seen.item_id].append(seen)
        return tuple(item_of(row, sightings[row.id]) for row in rows)

    def _owners(self, keys: Iterable[str]) -> dict[str, _Owner]:
        owners: dict[str, _Owner] = {}
        for portion in in_portions(sorted(keys)):
            found = (
                select(ItemKeyRow.key, ItemRow.id, ItemRow.body_origin, ItemRow.page_problem, ItemRow.page_attempts)
                .join(ItemRow, ItemRow.id == ItemKeyRow.item_id)
                .where(ItemKeyRow.key.in_(portion))
            )
            owners |= {row[0]: _Owner(*row[1:]) for row in self._session.execute(found)}
        return owners

    def _gone(self, keys: Mapping[int, Sequence[str]]) -> dict[int, Known]:
        """Return which of the entries that lead to no item led to one that was pruned."""
        gone = find_gone(self._session, {key for some in keys.values() for key in some}) if keys else frozenset()
        return {index: _GONE for index, some in keys.items() if not gone.isdisjoint(some)}

    def _entry_hashes(
        self, item_ids: Iterable[int], source_ids: Iterable[SourceId | str]
    ) -> dict[tuple[int, str], str]:
        hashes: dict[tuple[int, str], str] = {}
        row = ItemSourceRow
        for portion in in_portions(sorted(item_ids)):
            seen = select(row.item_id, row.source_id, row.entry_hash).where(
                row.item_id.in_(portion), row.source_id.in_(sorted(source_ids))
            )
            hashes |= {(item, source): words for item, source, words in self._session.execute(seen)}
        return hashes

    def _give_keys(self, item_id: int, keys: Sequence[str]) -> int:
        """Give an item those of the keys that are free, or its own already; return how many it has got now."""
        if not keys:
            return 0
        free = insert_into(self._session, ItemKeyRow).on_conflict_do_nothing(index_elements=["key"])
        values = [{"key": key, "item_id": item_id} for key in keys]
        return len(self._session.scalars(free.returning(table_of(ItemKeyRow).c.key), values).all())

    def _see(self, item_id: int, source_id: str, entry_hash: str) -> None:
        seen = insert_into(self._session, ItemSourceRow)
        anew = seen.on_conflict_do_update(
            index_elements=["item_id", "source_id"], set_={"entry_hash": seen.excluded.entry_hash}
        )
        self._session.execute(anew, {"item_id": item_id, "source_id": source_id, "entry_hash": entry_hash})


_GONE = Known(item_id=ItemId(0), entry_hash="", page_missing=False, page_attempts=0, gone=True)
_CONTENT = tuple(get_annotations(Content))
"""Names of the columns that change from revision to revision."""


def _known(owner: _Owner, entry_hash: str) -> Known:
    problem = owner.page_problem
    return Known(
        item_id=ItemId(owner.item_id),
        entry_hash=entry_hash,
        page_missing=problem is not None and problem.may_be_had_later and owner.body_origin is not BodyOrigin.PAGE,
        page_attempts=owner.page_attempts,
    )
