"""The keys under which items are found by their copies, and the lines that recur in sources, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select

from core.item import ItemId, StoryId
from core.near_duplicates import Candidate, Words
from storage.items import SqlItemRepository
from storage.key_index import KeyIndex, pack_keys
from storage.tables import CopyKeyRow, FingerprintRow, ItemRow, SourceLineRow
from storage.upsert import in_portions, insert_into, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.item import Item


class SqlNearDuplicateRepository:
    """Implements `core.near_duplicate_repository.NearDuplicateRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._keys = KeyIndex(session, keys=CopyKeyRow, known=FingerprintRow)

    def put(self, item_id: ItemId, keys: Collection[int], *, seen_at: datetime, version: str) -> None:
        """Store the keys of an item, in place of those it had."""
        self._keys.replace(item_id, keys)
        stored = insert_into(self._session, FingerprintRow)
        values = {"item_id": item_id, "seen_at": seen_at, "version": version, "packed_keys": pack_keys(keys)}
        anew = {column: stored.excluded[column] for column in ("seen_at", "version", "packed_keys")}
        self._session.execute(stored.on_conflict_do_update(index_elements=["item_id"], set_=anew), values)

    def candidates(
        self, keys: Collection[int], *, since: datetime, limit: int, besides: ItemId | None = None
    ) -> tuple[Candidate, ...]:
        """Return stored items first seen since a moment that have keys in common, those with the most first."""
        ids = self._keys.holders(keys, since=since, limit=limit, besides=besides)
        if not ids:
            return ()
        row = ItemRow
        columns = select(row.id, row.story_id, row.source_id, row.title, row.text, row.summary)
        found = {
            item_id: Candidate(
                item_id=ItemId(item_id),
                story_id=None if story_id is None else StoryId(story_id),
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
        gone = [(item_id, packed) for item_id, packed in self._session.execute(old)]
        self._keys.forget(gone)
        return len(gone)

    def prune_lines(self, *, before: datetime, rare_before: datetime, least: int) -> int:
        """Forget lines not seen since a moment, those of fewer items than `least` sooner; return how many."""
        row = SourceLineRow
        old = delete(row).where(row.seen_at < rare_before, or_(row.seen_at < before, row.pages < least))
        return len(self._session.scalars(old.returning(row.line)).all())
