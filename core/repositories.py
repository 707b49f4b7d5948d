"""What a use case may ask of the database: one repository a noun, all of one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta
    from types import TracebackType

    from core.backtest import Archived, Span
    from core.classification import Classification
    from core.decide import Known
    from core.delivery_repositories import PacingRepository, PartRepository, SilenceRepository
    from core.incident import Incident, IncidentId
    from core.item import Entry, Item, ItemId
    from core.labels import Candidate, Label, Wanted
    from core.near_duplicate_repository import NearDuplicateRepository
    from core.opinion_repository import OpinionRepository
    from core.outbox_repository import OutboxRepository
    from core.polling_budget import Spent
    from core.recheck import Recheck
    from core.source import SourceId, SourceState
    from core.story_repository import StoryRepository


class SourceRepository(Protocol):
    """What is remembered of sources."""

    def register(self, source_ids: Sequence[SourceId], *, now: datetime) -> tuple[SourceId, ...]:
        """Make a state row, due at once, for every id that has none; return those ids."""
        ...

    def claim_due(
        self, *, now: datetime, limit: int, lease: timedelta, among: Sequence[SourceId], ignore_due: bool = False
    ) -> tuple[SourceState, ...]:
        """Claim sources that are due (or all, with `ignore_due`) and not under a live lease, the longest due first.

        Only sources in `among` are claimed. The claim is durable when this unit of work commits.
        """
        ...

    def release_claims(self) -> int:
        """Give up every lease (at start, when no other process can hold one); return how many there were."""
        ...

    def get(self, source_id: SourceId) -> SourceState | None:
        """Return one state."""
        ...

    def all(self) -> tuple[SourceState, ...]:
        """Return every state, by id."""
        ...

    def put(self, state: SourceState) -> None:
        """Store one state, replacing what was there."""
        ...

    def note_spent(self, spent: Spent) -> None:
        """Add requests to an hour, made and planned; its price becomes this one."""
        ...

    def spent(self, *, since: datetime, until: datetime) -> tuple[Spent, ...]:
        """Return what each hour came to that began since a moment and not after another, oldest first."""
        ...

    def forget_spent(self, *, before: datetime) -> int:
        """Delete hours that began before a moment; return how many there were."""
        ...


class ItemRepository(Protocol):
    """Stored items and their revisions."""

    def known(self, entries: Sequence[Entry]) -> Mapping[int, Known]:
        """Find stored items for entries, by guid within the source, else by canonical address across sources.

        Returns:
            Index in `entries` → what is stored, or that it was and is gone; indexes of unknown entries are absent.
        """
        ...

    def add(self, item: Item) -> ItemId:
        """Store a new item (its `id` is ignored) with its keys; return its id.

        Raises:
            StorageError: Also when its identity is already there; callers look first, in the same unit of work.
        """
        ...

    def revise(self, item: Item) -> None:
        """Replace an item's content by a newer revision; the old content is kept in `revisions`.

        Its story stays: only `StoryRepository` changes it, whatever the revision says.
        """
        ...

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

        With `entry`, its guid and address lead to the item from now on, unless they lead to another: how an entry is
        known whose address redirects to that of an item.
        """
        ...

    def get(self, item_id: ItemId) -> Item | None:
        """Return one item in its newest revision."""
        ...

    def get_many(self, item_ids: Sequence[ItemId]) -> tuple[Item, ...]:
        """Return items in the order asked for; ids that are not there are left out."""
        ...

    def recent_relevant(self, *, since: datetime, limit: int) -> tuple[Item, ...]:
        """Return relevant items first seen since a moment, newest first."""
        ...

    def recent(self, *, since: datetime, limit: int) -> tuple[Item, ...]:
        """Return items first seen since a moment, relevant or not, newest first."""
        ...

    def unclassified(self, *, limit: int) -> tuple[Item, ...]:
        """Return items whose classification failed and waits, oldest first."""
        ...

    def reclassify(self, item_id: ItemId, classification: Classification) -> None:
        """Replace an item's classification; its content and revision stay."""
        ...

    def revisions(self, item_id: ItemId) -> tuple[Item, ...]:
        """Return the earlier revisions of an item, oldest first."""
        ...

    def count(self, *, relevant_only: bool = False) -> int:
        """Return how many items are stored."""
        ...

    def prune(self, *, before: datetime, now: datetime, limit: int) -> int:
        """Forget at most `limit` items first seen before a moment that were judged irrelevant; return how many.

        Kept are labelled ones and those of stories with a relevant item. What is forgotten stays known: no list makes
        it new again.
        """
        ...

    def forget_gone(self, *, before: datetime, limit: int) -> int:
        """Forget at most `limit` keys of items pruned before a moment; return how many there were."""
        ...

    def spans(self, *, since: datetime, size: int, limit: int | None = None) -> tuple[Span, ...]:
        """Divide the items first seen since a moment into spans of at most `size` items, by number.

        With `limit` only about so many, the last seen.
        """
        ...

    def archived(self, span: Span) -> tuple[Archived, ...]:
        """Return what is needed to judge the items of a span again, by number."""
        ...


class HealthRepository(Protocol):
    """What is remembered of the health of sources: when they had news, and when they were not well."""

    def note_news(self, source_id: SourceId, moments: Iterable[datetime]) -> None:
        """Add news to the hours in which a source had them."""
        ...

    def news_hours(self, source_id: SourceId, *, since: datetime) -> tuple[datetime, ...]:
        """Return the beginnings of the hours in which a source had news since a moment, oldest first."""
        ...

    def news_counts(self, source_id: SourceId, *, since: datetime) -> Mapping[datetime, int]:
        """Return how many items a source had in each hour with news that began since a moment, oldest first."""
        ...

    def forget_news(self, *, before: datetime) -> int:
        """Delete hours that ended before a moment; return how many there were."""
        ...

    def open_incidents(self, source_id: SourceId) -> tuple[Incident, ...]:
        """Return a source's incidents that have not ended; `core.incident.NO_SOURCE` asks for the network's."""
        ...

    def unsettled(self) -> tuple[Incident, ...]:
        """Return the incidents about which something is still to be said, the oldest first."""
        ...

    def incidents_of(self, source_id: SourceId, *, limit: int) -> tuple[Incident, ...]:
        """Return a source's incidents, the newest first."""
        ...

    def put_incident(self, incident: Incident) -> IncidentId:
        """Store an incident, as a new one when its id is 0; return its id."""
        ...

    def delete_incident(self, incident_id: IncidentId) -> None:
        """Forget an incident that never was one."""
        ...


class RecheckRepository(Protocol):
    """What is remembered of further looks at flagged items."""

    def enrol(self, *, since: datetime, after: timedelta, limit: int) -> int:
        """Begin to look again at flagged items first seen since a moment; return how many there were.

        Flagged are relevant items that were news (no baseline) and have an address. Each is enrolled once, and due when
        it is as old as `after`.
        """
        ...

    def due(self, *, now: datetime, limit: int, among: Sequence[SourceId]) -> tuple[Recheck, ...]:
        """Return the looks that are due at items of these sources, the longest due first."""
        ...

    def of_items(self, item_ids: Sequence[ItemId]) -> Mapping[ItemId, Recheck]:
        """Return what is remembered of the looks at these items; absent for those that are not enrolled."""
        ...

    def put(self, recheck: Recheck) -> None:
        """Store what is remembered of the looks at one item, replacing what was there."""
        ...


class LabelRepository(Protocol):
    """What users said of items. A label stays when its item is pruned."""

    def put(self, label: Label) -> None:
        """Store a label, replacing an earlier one of the same article or of the same item."""
        ...

    def remove(self, key: str) -> bool:
        """Forget a label; False when there is none with this key."""
        ...

    def of_items(self, item_ids: Sequence[ItemId]) -> Mapping[ItemId, Label]:
        """Return the labels of these items; absent for those that have none."""
        ...

    def all(self) -> tuple[Label, ...]:
        """Return every label, in the order in which they were given."""
        ...

    def count(self) -> int:
        """Return how many labels there are."""
        ...

    def candidates(self, wanted: Wanted, *, limit: int) -> tuple[Candidate, ...]:
        """Return judged items without a label, the last seen first."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` rolls everything back.

    Synchronous; used in one thread at a time. Every repository method raises `StorageError` when the database
    cannot be used, and nothing else for expected faults.
    """

    @property
    def sources(self) -> SourceRepository:
        """What is remembered of sources."""
        ...

    @property
    def items(self) -> ItemRepository:
        """Stored items."""
        ...

    @property
    def outbox(self) -> OutboxRepository:
        """Alerts on their way."""
        ...

    @property
    def pacing(self) -> PacingRepository:
        """What decides about pending alerts."""
        ...

    @property
    def parts(self) -> PartRepository:
        """The parts in which alerts are sent."""
        ...

    @property
    def silences(self) -> SilenceRepository:
        """Silences that users made."""
        ...

    @property
    def health(self) -> HealthRepository:
        """What is remembered of the health of sources."""
        ...

    @property
    def rechecks(self) -> RecheckRepository:
        """What is remembered of further looks at flagged items."""
        ...

    @property
    def labels(self) -> LabelRepository:
        """What users said of items."""
        ...

    @property
    def opinions(self) -> OpinionRepository:
        """Second opinions, and what they cost."""
        ...

    @property
    def near_duplicates(self) -> NearDuplicateRepository:
        """Keys under which items are found by their copies."""
        ...

    @property
    def stories(self) -> StoryRepository:
        """Stories, their logs and ties."""
        ...

    def __enter__(self) -> UnitOfWork:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """End; roll back what was not committed."""
        ...

    def commit(self) -> None:
        """Make everything since the last commit durable."""
        ...


class Database(Protocol):
    """A database that units of work can be begun on."""

    def unit_of_work(self) -> UnitOfWork:
        """Return a new, unbegun unit of work."""
        ...

    def reading(self) -> UnitOfWork:
        """Return a new, unbegun unit of work that only reads.

        It sees one state of the database, and takes no lock that a writer waits for; what writes is refused with a
        StorageError. To be kept short all the same: an open one keeps the write-ahead log from being cut back.
        """
        ...

    def close(self) -> None:
        """Give up every connection."""
        ...
