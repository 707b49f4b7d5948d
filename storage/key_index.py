"""Finds items by keys that they share, at a cost that no common key can raise, in SQL.

There are two tables to it. One holds nothing but keys and the items that have them; the other holds one row an item,
with when it was first seen and all its keys once more, so that they can be taken away again.
"""

from __future__ import annotations

import json
from array import array
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, delete, func, insert, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY

from storage.upsert import in_portions, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Delete, Insert, ScalarSelect, Select, Table, TableValuedAlias
    from sqlalchemy.orm import Session

    from storage.tables import Base


def pack_keys(keys: Collection[int]) -> bytes:
    """Return keys as they are stored once an item, eight bytes each."""
    return array("q", keys).tobytes()


def unpack_keys(packed: bytes) -> array[int]:
    """Return stored keys."""
    keys = array("q")
    keys.frombytes(packed)
    return keys


class KeyIndex:
    """One such pair of tables.

    Args:
        session: Where to work.
        keys: The table of `key` and `item_id`.
        known: The table of `item_id`, `seen_at` and `packed_keys`; its rows are written by the caller.
    """

    def __init__(self, session: Session, *, keys: type[Base], known: type[Base]) -> None:
        self._session = session
        self._keys = table_of(keys)
        self._known = table_of(known)
        self._is_postgresql = session.get_bind().dialect.name == "postgresql"

    def replace(self, item_id: int, keys: Collection[int]) -> None:
        """Store the keys of an item in place of those that are known of it; to be called before its row is written."""
        packed = self._session.scalar(_stored(self._known), {"item_id": item_id})
        old = unpack_keys(packed) if packed is not None else ()
        self._delete(item_id, [key for key in old if key not in keys])
        if new := [key for key in keys if key not in old]:
            stored = _new_keys(self._keys, postgresql=self._is_postgresql)
            self._session.execute(stored, {"keys": array_value(self._session, new), "item_id": item_id})

    def forget(self, gone: Sequence[tuple[int, bytes]]) -> None:
        """Take away items, given with their packed keys: the keys and the rows."""
        for item_id, packed in gone:
            self._delete(item_id, unpack_keys(packed))
        for portion in in_portions([item_id for item_id, _ in gone]):
            self._session.execute(delete(self._known).where(self._known.c.item_id.in_(portion)))

    def holders(self, keys: Collection[int], *, since: datetime, limit: int, besides: int | None) -> Sequence[int]:
        """Return the items first seen since a moment that have most of the keys, of the `limit` newest that have each.

        Args:
            keys: Each once.
            since: Beginning of the window.
            limit: How many at most, > 0.
            besides: An item to leave out.

        Returns:
            Numbers of items; those with equally many keys in order. The newest items are those with the highest.
        """
        if not keys:
            return ()
        values = {
            "keys": array_value(self._session, keys),
            "since": since,
            "besides": besides or 0,
            "limit": limit,
            "newest": limit - 1,
        }
        return self._session.scalars(_holders(self._keys, self._known, postgresql=self._is_postgresql), values).all()

    def _delete(self, item_id: int, keys: Collection[int]) -> None:
        if keys:
            old = _old_keys(self._keys, postgresql=self._is_postgresql)
            self._session.execute(old, {"keys": array_value(self._session, keys), "item_id": item_id})


def array_value(session: Session, numbers: Collection[int]) -> list[int] | str:
    """Return numbers as the parameter that `given_numbers` reads."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return list(numbers) if is_postgresql else json.dumps(list(numbers))


def given_numbers(name: str, *, postgresql: bool) -> tuple[TableValuedAlias, ColumnElement[int]]:
    """Return the numbers given as the parameter `name` as a table, and its column."""
    if postgresql:
        given = func.unnest(bindparam(name, type_=ARRAY(BigInteger)))
        rows = given.table_valued("number", name="given").render_derived()
        return rows, type_coerce(rows.c.number, BigInteger)
    rows = func.json_each(bindparam(name)).table_valued("value", name="given")
    return rows, type_coerce(rows.c.value, BigInteger)


def unforeseen(name: str) -> ScalarSelect[int]:
    """Return the parameter `name` as a number of rows to skip that PostgreSQL does not know when it plans.

    Where it knows that more rows are to be skipped than a key has on average it reads and sorts all of them, which for
    a common key are as many as there are items; not knowing, it walks along the index and stops.
    """
    return select(bindparam(name, type_=BigInteger)).scalar_subquery()


# Statements are made once: putting them together anew costs half as much as running them.
_ITEM = bindparam("item_id", type_=BigInteger)


@cache
def _stored(known: Table) -> Select[bytes]:
    return select(known.c.packed_keys).where(known.c.item_id == _ITEM)


@cache
def _holders(held: Table, known: Table, *, postgresql: bool) -> Select[int]:
    each, key = given_numbers("keys", postgresql=postgresql)
    older = held.alias("older")
    # The oldest that still counts is looked up in the index once a key: its other holders are never read.
    newest = select(older.c.item_id).where(older.c.key == key).order_by(older.c.item_id.desc())
    oldest = newest.limit(1).offset(unforeseen("newest")).scalar_subquery()
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
def _new_keys(held: Table, *, postgresql: bool) -> Insert:
    each, key = given_numbers("keys", postgresql=postgresql)
    return insert(held).from_select(["key", "item_id"], select(key, _ITEM).select_from(each))


@cache
def _old_keys(held: Table, *, postgresql: bool) -> Delete:
    each, key = given_numbers("keys", postgresql=postgresql)
    return delete(held).where(held.c.key.in_(select(key).select_from(each)), held.c.item_id == _ITEM)
