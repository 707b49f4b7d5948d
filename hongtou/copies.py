"""Finds the copies of a text among stored items, and keeps the index by which they are found.

All of it happens in the transaction that stores the item: a crash leaves an item with its keys, or neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from core.near_duplicates import MAX_CANDIDATES, RECURRING, WINDOW, Fingerprint, Likeness, Words, compare

if TYPE_CHECKING:
    from datetime import datetime

    from core.item import Item, ItemId, StoryId
    from core.near_duplicate_repository import CopyIndex
    from core.near_duplicates import Candidate
    from core.ports import Clock, Fingerprinter, Offload
    from core.repositories import Database

log = structlog.get_logger(__name__)

KEEP_EVERY = timedelta(minutes=10)
"""Gap between two rounds of `CopyKeeper`."""
_RARE_LINES = timedelta(days=7)
"""How long lines are remembered that were met on one or two pages only."""
_PORTION = 50
"""Items a transaction when many are caught up on or pruned: others wait for the write lock meanwhile."""
_PORTIONS = 40
"""Transactions a round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as it was read to find its copies."""

    words: Words
    source_id: str
    lines: tuple[int, ...]
    """Lines that can be boilerplate."""
    recurring: frozenset[int]
    """Those of them that are."""
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A stored item that has the same text, edited or not."""

    item_id: ItemId
    story_id: StoryId | None
    """None while it is in no story."""
    likeness: Likeness


def words_of(item: Item) -> Words:
    """Return the words by which an item's copies are found."""
    return Words(title=item.title, text=item.text or item.summary)


class CopyFinder:
    """Reads texts and finds their copies; safe in any thread."""

    def __init__(self, fingerprinter: Fingerprinter, *, window: timedelta = WINDOW) -> None:
        self._fingerprinter = fingerprinter
        self._window = window

    @property
    def version(self) -> str:
        """Of the fingerprinter."""
        return self._fingerprinter.version

    @property
    def window(self) -> timedelta:
        """How far back copies are looked for."""
        return self._window

    def use(self, *, window: timedelta) -> None:
        """Look for copies so far back from now on; `CopyKeeper` sees to what finds them."""
        self._window = window

    def read(self, index: CopyIndex, words: Words, *, source_id: str) -> Reading:
        """Read a text without what is known to recur in its source."""
        lines = self._fingerprinter.lines(source_id, words.text)
        recurring = index.recurring(lines, least=RECURRING) if lines else frozenset()
        fingerprint = self._fingerprinter.fingerprint(words, source_id=source_id, boilerplate=recurring)
        return Reading(words=words, source_id=source_id, lines=lines, recurring=recurring, fingerprint=fingerprint)

    def find(
        self, index: CopyIndex, reading: Reading, *, now: datetime, besides: ItemId | None = None
    ) -> tuple[Copy, ...]:
        """Return the stored copies of a text, the most alike first, of those the oldest.

        Args:
            index: Of what is stored.
            reading: What `read` returned.
            now: End of the window.
            besides: An item that does not count, such as the text's own.
        """
        candidates = index.candidates(
            reading.fingerprint.keys, since=now - self._window, limit=MAX_CANDIDATES, besides=besides
        )
        lines = [self._fingerprinter.lines(one.source_id, one.words.text) for one in candidates]
        recurring = index.recurring({line for some in lines for line in some}, least=RECURRING) if candidates else ()
        copies = [
            Copy(item_id=one.item_id, story_id=one.story_id, likeness=likeness)
            for one, theirs in zip(candidates, lines, strict=True)
            if (likeness := self._compare(reading, one, theirs, recurring=frozenset(recurring))).is_copy
        ]
        return tuple(sorted(copies, key=lambda copy: (-copy.likeness.containment, copy.item_id)))

    def _compare(
        self, reading: Reading, other: Candidate, lines: tuple[int, ...], *, recurring: frozenset[int]
    ) -> Likeness:
        """Compare with a candidate; what two pages of one source share at their edges is the source's own."""
        shared = set(lines) & set(reading.lines)
        ours = reading.fingerprint.traits
        if shared - reading.recurring:
            ours = self._fingerprinter.traits(
                reading.words, source_id=reading.source_id, boilerplate=reading.recurring | shared
            )
        theirs = self._fingerprinter.traits(
            other.words, source_id=other.source_id, boilerplate=recurring & set(lines) | shared
        )
        return compare(ours, theirs)

    def keep(self, index: CopyIndex, item_id: ItemId, reading: Reading, *, seen_at: datetime, is_new: bool) -> None:
        """Store the keys of an item, in place of earlier ones, and with `is_new` count its lines."""
        index.put(item_id, reading.fingerprint.keys, seen_at=seen_at, version=self.version)
        if is_new:
            index.note_lines(reading.lines, seen_at=seen_at)


class CopyKeeper:
    """Catches up on items without keys, and forgets what is older than the window."""

    def __init__(self, *, finder: CopyFinder, database: Database, offload: Offload, clock: Clock) -> None:
        self._finder = finder
        self._database = database
        self._offload = offload
        self._clock = clock
        self._caught_up = timedelta(0)
        """How far back every item has its keys."""

    async def keep(self) -> None:
        """Do one round, bounded in time; what is left waits for the next."""
        caught_up, pruned = await self._offload.run(self._keep)
        if caught_up or pruned:
            log.info("index of copies kept", caught_up=caught_up, pruned=pruned)

    def _keep(self) -> tuple[int, int]:
        now, window = self._clock.now(), self._finder.window
        caught_up = 0 if self._caught_up >= window else self._catch_up(now, window)
        self._caught_up = min(self._caught_up, window)  # what is older is pruned
        return caught_up, self._prune(now, window)

    def _catch_up(self, now: datetime, window: timedelta) -> int:
        """Give keys to items stored by a version of this program that had none, or others."""
        done = 0
        for _ in range(_PORTIONS):
            with self._database.unit_of_work() as uow:
                items = uow.near_duplicates.unindexed(since=now - window, version=self._finder.version, limit=_PORTION)
                for item in items:
                    reading = self._finder.read(uow.near_duplicates, words_of(item), source_id=item.source_id)
                    self._finder.keep(uow.near_duplicates, item.id, reading, seen_at=item.first_seen_at, is_new=True)
                uow.commit()
            done += len(items)
            if len(items) < _PORTION:
                # Whatever comes from now on is given its keys when it is stored.
                self._caught_up = window
                break
        return done

    def _prune(self, now: datetime, window: timedelta) -> int:
        pruned = 0
        before = now - window
        for _ in range(_PORTIONS):
            with self._database.unit_of_work() as uow:
                gone = uow.near_duplicates.prune(before=before, limit=_PORTION)
                uow.commit()
            pruned += gone
            if gone < _PORTION:
                break
        with self._database.unit_of_work() as uow:
            uow.near_duplicates.prune_lines(before=before, rare_before=max(before, now - _RARE_LINES), least=RECURRING)
            uow.commit()
        return pruned
