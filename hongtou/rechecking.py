"""The recheck use case: look at flagged items again, store what was edited, and tell when a page was removed.

What a look means and when the next one is due is decided by `core.recheck`; an edit becomes a revision the way an
edited list entry does. One look at a time writes, in one transaction; a crash before it looks again, and tells no more.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog

from core.alert import AlertKind, AlertState, NewAlert
from core.assemble import entry_of
from core.errors import FetchError
from core.recheck import Sight, after_look, look_at_article, look_without_page
from core.stories import StoryEvent, StoryEventKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from core.item import Article, Entry, Item
    from core.ports import Clock, Offload
    from core.recheck import Look, Recheck, RecheckPlan
    from core.repositories import Database, UnitOfWork
    from core.source import Source, SourceId

log = structlog.get_logger(__name__)

_ENROL = 500
"""Items enrolled at once: what is found in weeks, in one short transaction."""


class Reader(Protocol):
    """Reads single articles, as politely as polls do."""

    async def read_article(self, entry: Entry, *, source: Source) -> Article:
        """Read an article anew, whole or not at all.

        Raises:
            FetchError: There is no article, or not the whole of it now; its class says why.
        """
        ...


class Rereader(Protocol):
    """Stores what a page says now."""

    def reread(self, source: Source, item: Item, article: Article) -> bool:
        """Store a revision when the words changed; return whether they did. Blocks."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckLimits:
    """Bounds of one round."""

    max_looks: int = 20
    notify_removed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One item that is due."""

    recheck: Recheck
    item: Item
    source: Source


class Rechecker:
    """Looks at flagged items again."""

    def __init__(
        self,
        *,
        database: Database,
        reader: Reader,
        rereader: Rereader,
        offload: Offload,
        clock: Clock,
        sources: Mapping[SourceId, Source],
        plan: RecheckPlan,
        limits: RecheckLimits,
        jitter: Callable[[], float],
    ) -> None:
        self._database = database
        self._reader = reader
        self._rereader = rereader
        self._offload = offload
        self._clock = clock
        self._sources = sources
        self._plan = plan
        self._limits = limits
        self._next = (sources, plan, limits)
        self._jitter = jitter

    def use(self, sources: Mapping[SourceId, Source], plan: RecheckPlan, limits: RecheckLimits) -> None:
        """Look at items of other sources, by another plan, from the next round on."""
        self._next = (sources, plan, limits)

    async def look_again(self) -> int:
        """Look at the pages that are due, as many as one round may; return how many were looked at.

        Raises:
            StorageError: The database cannot be used; what is due stays due.
        """
        self._sources, self._plan, self._limits = self._next
        cases = await self._offload.run(self._due)
        await asyncio.gather(*map(self._look, cases))
        return len(cases)

    def _due(self) -> tuple[_Case, ...]:
        now = self._clock.now()
        with self._database.unit_of_work() as uow:
            uow.rechecks.enrol(since=now - self._plan.steps[-1], after=self._plan.steps[0], limit=_ENROL)
            uow.commit()
            due = uow.rechecks.due(now=now, limit=self._limits.max_looks, among=list(self._sources))
            items = {item.id: item for item in uow.items.get_many([recheck.item_id for recheck in due])}
        return tuple(
            _Case(recheck=recheck, item=item, source=self._sources[item.source_id])
            for recheck in due
            if (item := items.get(recheck.item_id)) is not None
        )

    async def _look(self, case: _Case) -> None:
        item, source = case.item, case.source
        article: Article | None = None
        try:
            article = await self._reader.read_article(entry_of(item), source=source)
        except FetchError as error:
            look = look_without_page(error.answer)
        else:
            lists = (source.url, *source.fallback_urls)
            look = await self._offload.run(look_at_article, item, article, lists=lists)
        await self._offload.run(self._record, case, look, article)

    def _record(self, case: _Case, look: Look, article: Article | None) -> None:
        revised = False
        if look.sight is Sight.PRESENT and article is not None and case.source.fetch_articles:
            revised = self._rereader.reread(
                case.source, case.item, article
            )  # else the list's words count, not the page's
        now, before = self._clock.now(), case.recheck
        after = after_look(
            before, look, self._plan, first_seen_at=case.item.first_seen_at, now=now, jitter=self._jitter()
        )
        is_removal = after.is_removed and not before.is_removed
        told = 0
        with self._database.unit_of_work() as uow:
            uow.rechecks.put(after)
            if is_removal:
                _note_removal(uow, case, after, now=now)
            if is_removal and self._limits.notify_removed:
                told = _tell(uow, case, after, now=now)
            uow.commit()
        (log.warning if is_removal else log.info)(
            "recheck",
            item=case.item.id,
            source=case.source.id,
            sight=look.sight.value,
            reason=look.reason or None,
            revised=revised,
            removed=is_removal,
            returned=before.is_removed and not after.is_removed,
            alerts=told,
            next_due_at=after.due_at.isoformat(timespec="seconds") if after.due_at else None,
        )


def _note_removal(uow: UnitOfWork, case: _Case, recheck: Recheck, *, now: datetime) -> None:
    item = uow.items.get(case.item.id)
    if item is not None and item.story_id is not None:
        kind, reason = StoryEventKind.REMOVED, recheck.removal
        uow.stories.note(StoryEvent(story_id=item.story_id, kind=kind, at=now, item_id=item.id, reason=reason))


def _tell(uow: UnitOfWork, case: _Case, recheck: Recheck, *, now: datetime) -> int:
    """Tell every channel that was told of an item that it is removed; return how many notices were made."""
    subject, body = _words(case, recheck)
    made = 0
    for channel in uow.outbox.channels_told(case.item.id):
        notice = NewAlert(
            dedup_key=f"removed/{case.item.id}/{recheck.removals}/{channel}",
            kind=AlertKind.NOTICE,
            channel=channel,
            state=AlertState.PENDING,
            created_at=now,
            item_id=case.item.id,
            reason=recheck.removal,
            subject=subject,
            body=body,
        )
        made += uow.outbox.add(notice) is not None
    return made


def _words(case: _Case, recheck: Recheck) -> tuple[str, str]:
    item, source = case.item, case.source
    name = source.name_en or source.name
    lines = (
        f"“{item.title}” ({name}) has been removed or emptied by its publisher: {recheck.removal}.",
        item.url,
        f"It was first seen {item.first_seen_at:%Y-%m-%d %H:%M} UTC, and found missing twice in a row.",
        f"Hongtou keeps the text it read: hongtou items show {item.id}",
    )
    return f"Removed: {item.title}", "\n".join(lines)
