"""The traits of items, and the keys under which tellings of one event find each other, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, func, select

from core.item import ItemId, StoryId
from core.story_packing import pack, unpack
from core.story_traits import StoryCandidate
from storage.items import SqlItemRepository
from storage.key_index import KeyIndex, array_value, given_numbers, pack_keys, unforeseen
from storage.tables import ItemRow, StoryKeyRow, StoryTraitsRow
from storage.upsert import in_portions, insert_into, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.item import Item
    from core.story_traits import StoryMarks, StoryTraits

_NEWEST = (1 << 63) - 1
"""No item has a higher number."""


class SqlStoryIndex:
    """Implements `core.story_repository.StoryIndex`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._keys = KeyIndex(session, keys=StoryKeyRow, known=StoryTraitsRow)

    def put(self, item_id: ItemId, marks: StoryMarks, *, seen_at: datetime, version: str) -> None:
        """Store the marks of an item, in place of those it had."""
        self._keys.replace(item_id, marks.keys)
        values = {
            "item_id": item_id,
            "seen_at": seen_at,
            "relevant": marks.traits.relevant,
            "version": version,
            "packed_keys": pack_keys(marks.keys),
            "packed_traits": pack(marks.traits),
        }
        stored = insert_into(self._session, StoryTraitsRow)
        anew = {column: stored.excluded[column] for column in values if column != "item_id"}
        self._session.execute(stored.on_conflict_do_update(index_elements=["item_id"], set_=anew), values)

    def candidates(
        self, keys: Collection[int], *, since: datetime, limit: int, besides: ItemId | None = None
    ) -> tuple[StoryCandidate, ...]:
        """Return items first seen since a moment that have keys in common, those with the most first."""
        ids = self._keys.holders(keys, since=since, limit=limit, besides=besides)
        found = {candidate.item_id: candidate for candidate in self._read(ids)}
        return tuple(found[ItemId(item_id)] for item_id in ids if item_id in found)

    def of_items(self, item_ids: Collection[ItemId]) -> tuple[StoryCandidate, ...]:
        """Return those of the items that have traits and a story, in order of their ids."""
        return tuple(self._read(sorted(set(item_ids))))

    def of_stories(self, story_ids: Collection[StoryId], *, each: int) -> tuple[StoryCandidate, ...]:
        """Return the first `each` items with traits of these stories, in order of their ids."""
        firsts = _firsts(postgresql=self._session.get_bind().dialect.name == "postgresql")
        values = {"stories": array_value(self._session, set(story_ids)), "each": each - 1, "newest": _NEWEST}
        return self.of_items([ItemId(item_id) for item_id in self._session.scalars(firsts, values)])

    def unread(self, *, since: datetime, version: str, limit: int) -> tuple[Item, ...]:
        """Return relevant items of stories, seen since a moment, whose marks are not of this version, oldest first."""
        row, known = ItemRow, StoryTraitsRow
        read = select(known.item_id).where(known.item_id == row.id, known.version == version)
        young = row.relevant.is_(True) & (row.first_seen_at >= since) & row.story_id.is_not(None)
        wanted = select(row.id).where(young, ~read.exists())
        ids = self._session.scalars(wanted.order_by(row.first_seen_at, row.id).limit(limit)).all()
        return SqlItemRepository(self._session).get_many([ItemId(item_id) for item_id in ids])

    def prune(self, *, before: datetime, relevant_before: datetime, limit: int) -> int:
        """Forget the keys and traits of at most `limit` items; return how many there were."""
        gone = self._oldest(before, relevant=False, limit=limit)
        gone += self._oldest(relevant_before, relevant=True, limit=limit - len(gone))
        self._keys.forget(gone)
        return len(gone)

    def _oldest(self, before: datetime, *, relevant: bool, limit: int) -> list[tuple[int, bytes]]:
        row = StoryTraitsRow
        old = select(row.item_id, row.packed_keys).where(row.relevant.is_(relevant), row.seen_at < before)
        found = self._session.execute(old.order_by(row.seen_at, row.item_id).limit(limit))
        return [(item_id, packed) for item_id, packed in found]

    def _read(self, item_ids: Sequence[int]) -> Iterator[StoryCandidate]:
        """Yield those of the items that have readable traits and a story, in order within every thousand."""
        row, known = ItemRow, StoryTraitsRow
        wanted = select(row.id, row.story_id, known.packed_traits).join(known, known.item_id == row.id)
        for portion in in_portions(item_ids):
            some = wanted.where(row.id.in_(portion)).order_by(row.id)
            for item_id, story_id, packed in self._session.execute(some):
                if story_id is not None and (traits := _traits(packed)) is not None:
                    yield StoryCandidate(item_id=ItemId(item_id), story_id=StoryId(story_id), traits=traits)


def _traits(packed: bytes) -> StoryTraits | None:
    """Return stored traits; None for those of another version of the program, which are read anew."""
    try:
        return unpack(packed)
    except ValueError:
        return None


def _firsts(*, postgresql: bool) -> Select[int]:
    """Return a query of the first items with traits of each of the stories."""
    each, story = given_numbers("stories", postgresql=postgresql)
    item, known, earlier = table_of(ItemRow), table_of(StoryTraitsRow), table_of(ItemRow).alias("earlier")
    # The last that still counts is looked up in the index once a story: its other items are never read.
    ordered = (
        select(earlier.c.id)
        .join(known, known.c.item_id == earlier.c.id)
        .where(earlier.c.story_id == story)
        .order_by(earlier.c.id)
    )
    last = ordered.limit(1).offset(unforeseen("each")).scalar_subquery()
    newest = bindparam("newest", type_=BigInteger)
    return (
        select(item.c.id)
        .select_from(each)
        .join(item, (item.c.story_id == story) & (item.c.id <= func.coalesce(last, newest)))
    )
