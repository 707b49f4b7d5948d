"""Forgets old items that nobody will ask for again, and remembers that they were there."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select

from storage.tables import GoneKeyRow, ItemKeyRow, ItemRow, LabelRow, StoryRow
from storage.upsert import in_portions, insert_into

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session


def gone_key(key: str) -> int:
    """Return the number under which a key of an item is remembered when the item is gone.

    64 bits: among ten million of them, the chance that a new item is taken for one is 1 in 2 × 10^12.
    """
    digest = hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def find_gone(session: Session, keys: Iterable[str]) -> frozenset[str]:
    """Return those of the keys that led to items that were pruned."""
    numbers = {gone_key(key): key for key in keys}
    found: set[str] = set()
    for portion in in_portions(sorted(numbers)):
        gone = session.scalars(select(GoneKeyRow.key).where(GoneKeyRow.key.in_(portion)))
        found.update(numbers[number] for number in gone)
    return frozenset(found)


def prune_items(session: Session, *, before: datetime, now: datetime, limit: int) -> int:
    """Forget at most `limit` items first seen before a moment that were judged irrelevant; return how many.

    Kept are those that a user labelled, and those of a story with a relevant item: they are its reports. Their
    revisions and sightings go with them; their keys are remembered, so that a list that still shows them is nothing
    new. A story that has no item left goes too.
    """
    row = ItemRow
    told = exists().where(StoryRow.id == row.story_id, StoryRow.relevant.is_(True))
    labelled = exists().where(LabelRow.item_id == row.id)
    old = select(row.id, row.story_id).where(row.relevant.is_(False), row.first_seen_at < before, ~told, ~labelled)
    found = session.execute(old.order_by(row.first_seen_at, row.id).limit(limit)).all()
    for portion in in_portions([item_id for item_id, _ in found]):
        keys = session.scalars(select(ItemKeyRow.key).where(ItemKeyRow.item_id.in_(portion))).all()
        gone = insert_into(session, GoneKeyRow).on_conflict_do_nothing(index_elements=["key"])
        if keys:
            session.execute(gone, [{"key": gone_key(key), "gone_at": now} for key in keys])
        session.execute(delete(row).where(row.id.in_(portion)))
    _drop_empty(session, {story_id for _, story_id in found if story_id is not None})
    return len(found)


def forget_gone(session: Session, *, before: datetime, limit: int) -> int:
    """Forget at most `limit` keys of items pruned before a moment; return how many there were."""
    old = select(GoneKeyRow.key).where(GoneKeyRow.gone_at < before).limit(limit).scalar_subquery()
    return len(session.scalars(delete(GoneKeyRow).where(GoneKeyRow.key.in_(old)).returning(GoneKeyRow.key)).all())


def _drop_empty(session: Session, story_ids: set[int]) -> None:
    for portion in in_portions(sorted(story_ids)):
        # Locked first: another may just be putting an item into one, which only a later statement sees.
        session.execute(select(StoryRow.id).where(StoryRow.id.in_(portion)).order_by(StoryRow.id).with_for_update())
        left = exists().where(ItemRow.story_id == StoryRow.id)
        session.execute(delete(StoryRow).where(StoryRow.id.in_(portion), ~left))
