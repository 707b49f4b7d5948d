"""Keeps stories whole: links what was left in none, tries again what failed, and forgets what is too old."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from hongtou.copies import words_of
from hongtou.story_telling import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from core.item import Item, ItemId
    from core.ports import Clock, Offload
    from core.repositories import Database, UnitOfWork
    from hongtou.copies import Copy, CopyFinder
    from hongtou.linking import StoryLinker
    from hongtou.story_telling import TellingRules

log = structlog.get_logger(__name__)

LINK_EVERY = timedelta(minutes=1)
"""Gap between two rounds of `StoryKeeper`: an item that is in no story is not told."""
_PORTION = 50
"""Items a transaction: others wait for the write lock meanwhile."""
_PORTIONS = 20
"""Transactions a round."""
_PORTIONS_ANEW = 4
"""The same of items that are read anew, which costs most and is no hurry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMemory:
    """How long items are remembered by what they say of their event."""

    within: timedelta
    """Those that are not relevant."""
    lineage: timedelta
    """Relevant ones: a draft is found again when it becomes final."""


class StoryKeeper:
    """Does a round from time to time, bounded; what is left waits for the next."""

    def __init__(
        self,
        *,
        linker: StoryLinker,
        copies: CopyFinder,
        database: Database,
        offload: Offload,
        clock: Clock,
        memory: Callable[[], StoryMemory],
        telling: Callable[[], TellingRules],
    ) -> None:
        """Wire it; `memory` and `telling` return what is in force."""
        self._linker = linker
        self._copies = copies
        self._database = database
        self._offload = offload
        self._clock = clock
        self._memory = memory
        self._telling = telling
        self._reader: tuple[str, timedelta] = ("", timedelta(0))
        """Version, and how far back it is to have read."""
        self._is_read = False
        """Whether all items have been read so, or cannot be."""
        self._tried: set[ItemId] = set()

    async def keep(self) -> None:
        """Do one round.

        Raises:
            StorageError: The database cannot be used; the next round goes on.
        """
        linked, again, pruned = await self._offload.run(self._keep)
        if linked or again or pruned:
            log.info("stories kept", linked=linked, looked_at_again=again, pruned=pruned)

    def _keep(self) -> tuple[int, int, int]:
        linked = self._link_waiting()
        faulty = self._linker.take_faulty()
        again = self._look_again(faulty, is_news=True)
        again += self._read_anew(besides=faulty)
        return linked, again, self._prune()

    def _link_waiting(self) -> int:
        """Link what a crash, a fault or an older version left in no story, and tell of it like of any new item."""
        done = 0
        for _ in range(_PORTIONS):
            with self._linker.one_at_a_time, self._database.unit_of_work() as uow:
                items = uow.stories.unlinked(limit=_PORTION)
                for item in items:
                    self._link(uow, item)
                uow.commit()
            done += len(items)
            if len(items) < _PORTION:
                break
        return done

    def _link(self, uow: UnitOfWork, item: Item) -> None:
        now = self._clock.now()
        linked = self._linker.link(uow, item, self._copies_of(uow, item), now=now)
        item = replace(item, story_id=linked.story_id)
        source = self._linker.source_of(item.source_id)
        tell(uow, item, source, self._telling(), now=now, changes=linked.changes)

    def _look_again(self, item_ids: Sequence[ItemId], *, is_news: bool) -> int:
        """Look anew at items whose story could not be found well before; `is_news` tells what that changes."""
        if not item_ids:
            return 0
        now = self._clock.now()
        with self._linker.one_at_a_time, self._database.unit_of_work() as uow:
            items = uow.items.get_many(item_ids)
            for item in items:
                linked = self._linker.relink(uow, item, self._copies_of(uow, item), now=now)
                if is_news:
                    source = self._linker.source_of(item.source_id)
                    moved = replace(item, story_id=linked.story_id)
                    tell(uow, moved, source, self._telling(), now=now, changes=linked.changes)
            uow.commit()
        return len(items)

    def _read_anew(self, *, besides: Collection[ItemId]) -> int:
        """Look anew, silently, at items of another version of reader or lexicon: they would not be found by their keys.

        Each is tried once; what cannot be read stays where it is.
        """
        version, within, done = self._linker.version, self._memory().within, 0
        if (version, within) != self._reader:
            self._reader, self._is_read, self._tried = (version, within), False, set()
        since = self._clock.now() - within
        for _ in range(0 if self._is_read else _PORTIONS_ANEW):
            with self._database.reading() as uow:
                found = uow.stories.index.unread(since=since, version=version, limit=_PORTION)
            unread = [item.id for item in found if item.id not in self._tried and item.id not in besides]
            if not unread:
                self._is_read = True
                break
            self._tried.update(unread)
            done += self._look_again(unread, is_news=False)
        return done

    def _copies_of(self, uow: UnitOfWork, item: Item) -> tuple[Copy, ...]:
        reading = self._copies.read(uow.near_duplicates, words_of(item), source_id=item.source_id)
        return self._copies.find(uow.near_duplicates, reading, now=item.first_seen_at, besides=item.id)

    def _prune(self) -> int:
        now, memory, pruned = self._clock.now(), self._memory(), 0
        for _ in range(_PORTIONS):
            with self._database.unit_of_work() as uow:
                gone = uow.stories.prune(
                    before=now - memory.within,
                    relevant_before=now - max(memory.within, memory.lineage),
                    limit=_PORTION,
                )
                uow.commit()
            pruned += gone
            if gone < _PORTION:
                break
        return pruned
