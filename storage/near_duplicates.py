"""The keys under which items are found by their copies, and the lines that recur in sources, in SQL."""

from __future__ import annotations

import json
from array import array
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, delete, func, insert, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY

from core.item import ItemId, StoryId
from core.near_duplicates import Candidate, Words
from storage.items import SqlItemRepository
from storage.tables import CopyKeyRow, FingerprintRow, ItemRow, SourceLineRow
from storage.upsert import in_portions, insert_into, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Delete, Insert, Select, TableValuedAlias
    from sqlalchemy.orm import Session

    from core.item import Item


class SqlNearDuplicateRepository:
    """Implements `core.near_duplicate_repository.NearDuplicateRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, item_id: ItemId, keys: Collection[int], *, seen_at: datetime, version: str) -> None:
        """Store the keys of an item, in place of those it had."""
        packed = self._session.scalar(_STORED, {"item_id": item_id})
        old = _unpack(packed) if packed is not None else ()
        self._delete(item_id, [key for key in old if key not in keys])
        self._insert(item_id, [key for key in keys if key not in old])
        stored = insert_into(self._session, FingerprintRow)
        values = {"item_id": item_id, "seen_at": seen_at, "version": version, "packed_keys": _pack(keys)}
        anew = {column: stored.excluded[column] for column in ("seen_at", "version", "packed_keys")}
        self._session.execute(stored.on_conflict_do_update(index_elements=["item_id"], set_=anew), values)

    def candidates(
        self, keys: Collection[int], *, since: datetime, limit: int, besides: ItemId | None = None
    ) -> tuple[Candidate, ...]:
        """Return stored items first seen since a moment that have keys in common, those with the most first."""
        if not keys:
            return ()
        values = {
            "keys": self._array(keys),
            "since": since,
            "besides": besides or 0,
            "limit": limit,
            "newest": limit - 1,
        }
        ids = self._session.scalars(_holders(postgresql=self._is_postgresql), values).all()
        if not ids:
            return ()
        row = ItemRow
        columns = select(row.id, row.story_id, row.source_id, row.title, row.text, row.summary)
        found = {
            item_id: Candidate(
                item_id=ItemId(item_id),
                story_id=StoryId(story_id or item_id),
                source_id=source_id,
                words=Words(title=title, text=text or summary),
            )
            for item_id, story_id, source_id, title, text, summary in self._session.execute(
                columns.where(row.id.in_(ids))
            )
        }
        return tuple(found[item_id] for item_id in ids if item_id in found)

    def recurring(self, lines: Collection[int], *, least: int) -> frozenset[int]:
        """Return those of the lines that were noted for at least so many items."""
        row = SourceLineRow
        found: set[int] = set()
        for portion in in_portions(list(lines)):
            found.update(self._session.scalars(select(row.line).where(row.line.in_(portion), row.pages >= least)))
        return frozenset(found)

    def note_lines(self, lines: Iterable[int], *, seen_at: datetime) -> None:
        """Count the lines of one more item."""
        # In order, so that two writers never wait for each other's lines in turn.
        rows = [{"line": line, "pages": 1, "seen_at": seen_at} for line in sorted(lines)]
        if rows:
            noted = insert_into(self._session, SourceLineRow)
            once_more = {"pages": table_of(SourceLineRow).c.pages + 1, "seen_at": noted.excluded.seen_at}
            self._session.execute(noted.on_conflict_do_update(index_elements=["line"], set_=once_more), rows)

    def unindexed(self, *, since: datetime, version: str, limit: int) -> tuple[Item, ...]:
        """Return items first seen since a moment that have no keys of this version, the oldest first."""
        row, known = ItemRow, FingerprintRow
        indexed = select(known.item_id).where(known.item_id == row.id, known.version == version)
        wanted = select(row.id).where(row.first_seen_at >= since, ~indexed.exists())
        ids = self._session.scalars(wanted.order_by(row.first_seen_at, row.id).limit(limit)).all()
        return SqlItemRepository(self._session).get_many([ItemId(item_id) for item_id in ids])

    def prune(self, *, before: datetime, limit: int) -> int:
        """Forget the keys of at most `limit` items first seen before a moment; return how many there were."""
        row = FingerprintRow
        old = select(row.item_id, row.packed_keys).where(row.seen_at < before).order_by(row.seen_at).limit(limit)
        gone = self._session.execute(old).all()
        for item_id, packed in gone:
            self._delete(item_id, _unpack(packed))
        for portion in in_portions([item_id for item_id, _ in gone]):
            self._session.execute(delete(row).where(row.item_id.in_(portion)))
        return len(gone)

    def prune_lines(self, *, before: datetime, rare_before: datetime, least: int) -> int:
        """Forget lines not seen since a moment, those of fewer items than `least` sooner; return how many."""
        row = SourceLineRow
        old = delete(row).where(row.seen_at < rare_before, or_(row.seen_at < before, row.pages < least))
        return len(self._session.scalars(old.returning(row.line)).all())

    def _insert(self, item_id: int, keys: Collection[int]) -> None:
        if keys:
            new = _new_keys(postgresql=self._is_postgresql)
            self._session.execute(new, {"keys": self._array(keys), "item_id": item_id})

    def _delete(self, item_id: int, keys: Collection[int]) -> None:
        if keys:
            old = _old_keys(postgresql=self._is_postgresql)
            self._session.execute(old, {"keys": self._array(keys), "item_id": item_id})

    def _array(self, keys: Collection[int]) -> list[int] | str:
        return list(keys) if self._is_postgresql else json.dumps(list(keys))

    @property
    def _is_postgresql(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"


# Statements are made once: putting them together anew costs half as much as running them.
_ITEM = bindparam("item_id", type_=BigInteger)
_STORED = select(table_of(FingerprintRow).c.packed_keys).where(table_of(FingerprintRow).c.item_id == _ITEM)


@cache
def _holders(*, postgresql: bool) -> Select[int]:
    """Return a query of the items that hold most of the keys, of the `newest` + 1 newest that hold each."""
    each, key = _each(postgresql=postgresql)
    held, older, known = table_of(CopyKeyRow), table_of(CopyKeyRow).alias("older"), table_of(FingerprintRow)
    # The oldest that still counts is looked up in the index once a key: its other holders are never read.
    newest = select(older.c.item_id).where(older.c.key == key).order_by(older.c.item_id.desc())
    oldest = newest.limit(1).offset(bindparam("newest", type_=BigInteger)).scalar_subquery()
    return (
        select(held.c.item_id)
        .select_from(each)
        .join(held, (held.c.key == key) & (held.c.item_id >= func.coalesce(oldest, 0)))
        .join(known, known.c.item_id == held.c.item_id)
        .where(known.c.seen_at >= bindparam("since"), held.c.item_id != bindparam("besides", type_=BigInteger))
        .group_by(held.c.item_id)
        .order_by(func.count().desc(), held.c.item_id)
        .limit(bindparam("limit", type_=BigInteger))
    )


@cache
def _new_keys(*, postgresql: bool) -> Insert:
    each, key = _each(postgresql=postgresql)
    return insert(table_of(CopyKeyRow)).from_select(["key", "item_id"], select(key, _ITEM).select_from(each))


@cache
def _old_keys(*, postgresql: bool) -> Delete:
    each, key = _each(postgresql=postgresql)
    row = table_of(CopyKeyRow)
    return delete(row).where(row.c.key.in_(select(key).select_from(each)), row.c.item_id == _ITEM)


def _each(*, postgresql: bool) -> tuple[TableValuedAlias, ColumnElement[int]]:
    """Return the keys given as the parameter `keys` as a table, and its column."""
    if postgresql:
        given = func.unnest(bindparam("keys", type_=ARRAY(BigInteger)))
        rows = given.table_valued("key", name="given").render_derived()
        return rows, type_coerce(rows.c.key, BigInteger)
    rows = func.json_each(bindparam("keys")).table_valued("value", name="given")
    return rows, type_coerce(rows.c.value, BigInteger)


def _pack(keys: Collection[int]) -> bytes:
    return array("q", keys).tobytes()


def _unpack(packed: bytes) -> array[int]:
    keys = array("q")
    keys.frombytes(packed)
    return keys
