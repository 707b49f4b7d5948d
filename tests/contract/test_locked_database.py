"""Every method of every repository tells a lock that lasts in words fit for a user, on every database."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.alert import AlertId, AlertState, ChannelId, Hold, RouteId, RouteMatch, Silence
from core.backtest import Span
from core.delivery_repositories import PacingRepository, PartRepository, SilenceRepository, WantedAlerts
from core.errors import StorageError
from core.incident import Fault, Incident, IncidentId
from core.item import ItemId, StoryId
from core.labels import Wanted, label_of
from core.message import Part
from core.outbox_repository import OutboxRepository
from core.pacing import HeldBack
from core.polling_budget import Spent
from core.recheck import Recheck
from core.repositories import HealthRepository, ItemRepository, LabelRepository, RecheckRepository, SourceRepository
from core.source import SourceId
from core.stories import Kinship, Relation, StoryEvent, StoryEventKind, WantedStories
from core.story_repository import StoryIndex, StoryRepository
from core.story_traits import StoryMarks, StoryTraits

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from core.alert import NewAlert
    from core.classification import Classification
    from core.item import Entry, Item
    from core.source import SourceState
    from core.stories import Story
    from storage.database import SqlDatabase

SHORT, MINUTE = timedelta(milliseconds=10), timedelta(minutes=1)

ONE, TWO = StoryId(1), StoryId(2)

CALLS: dict[str, Callable[..., object]] = {
    "sources.register": lambda unit, on: unit.sources.register([SourceId("a")], now=on.now),
    "sources.claim_due": lambda unit, on: unit.sources.claim_due(
        now=on.now, limit=1, lease=MINUTE, among=[SourceId("a")]
    ),
    "sources.release_claims": lambda unit, _on: unit.sources.release_claims(),
    "sources.get": lambda unit, _on: unit.sources.get(SourceId("a")),
    "sources.all": lambda unit, _on: unit.sources.all(),
    "sources.put": lambda unit, on: unit.sources.put(on.state),
    "sources.note_spent": lambda unit, on: unit.sources.note_spent(
        Spent(hour=on.now, requests=1, planned=0.5, price=2.0)
    ),
    "sources.spent": lambda unit, on: unit.sources.spent(since=on.now, until=on.now),
    "sources.forget_spent": lambda unit, on: unit.sources.forget_spent(before=on.now),
    "items.known": lambda unit, on: unit.items.known([on.entry]),
    "items.add": lambda unit, on: unit.items.add(on.item),
    "items.revise": lambda unit, on: unit.items.revise(on.item),
    "items.touch": lambda unit, _on: unit.items.touch(ItemId(1), source_id=SourceId("a"), entry_hash=""),
    "items.get": lambda unit, _on: unit.items.get(ItemId(1)),
    "items.get_many": lambda unit, _on: unit.items.get_many([ItemId(1)]),
    "items.recent": lambda unit, on: unit.items.recent(since=on.now, limit=1),
    "items.recent_relevant": lambda unit, on: unit.items.recent_relevant(since=on.now, limit=1),
    "items.unclassified": lambda unit, _on: unit.items.unclassified(limit=1),
    "items.reclassify": lambda unit, on: unit.items.reclassify(ItemId(1), on.classification),
    "items.revisions": lambda unit, _on: unit.items.revisions(ItemId(1)),
    "items.prune": lambda unit, on: unit.items.prune(before=on.now, now=on.now, limit=1),
    "items.forget_gone": lambda unit, on: unit.items.forget_gone(before=on.now, limit=1),
    "items.spans": lambda unit, on: unit.items.spans(since=on.now, size=9),
    "items.archived": lambda unit, on: unit.items.archived(on.span),
    "items.count": lambda unit, _on: unit.items.count(),
    "outbox.add": lambda unit, on: unit.outbox.add(on.alert),
    "outbox.claim": lambda unit, on: unit.outbox.claim(now=on.now, limit=1, lease=MINUTE),
    "outbox.renew": lambda unit, on: unit.outbox.renew(AlertId(1), held_until=on.now, until=on.now),
    "outbox.release_claims": lambda unit, _on: unit.outbox.release_claims(),
    "outbox.give_back": lambda unit, _on: unit.outbox.give_back(AlertId(1)),
    "outbox.mark_sent": lambda unit, on: unit.outbox.mark_sent(AlertId(1), at=on.now),
    "outbox.mark_retry": lambda unit, on: unit.outbox.mark_retry(AlertId(1), error="", next_attempt_at=on.now),
    "outbox.mark_dead": lambda unit, _on: unit.outbox.mark_dead(AlertId(1), error=""),
    "outbox.revive": lambda unit, _on: unit.outbox.revive(AlertId(1)),
    "outbox.held_routes": lambda unit, _on: unit.outbox.held_routes(),
    "outbox.bundle": lambda unit, on: unit.outbox.bundle(
        route=RouteId("r"), channel=ChannelId("c"), now=on.now, limit=9
    ),
    "outbox.members": lambda unit, _on: unit.outbox.members(AlertId(1)),
    "outbox.get": lambda unit, _on: unit.outbox.get(AlertId(1)),
    "outbox.list": lambda unit, _on: unit.outbox.list(),
    "outbox.oldest": lambda unit, _on: unit.outbox.oldest([AlertState.PENDING]),
    "outbox.counts": lambda unit, _on: unit.outbox.counts(),
    "outbox.item_keys": lambda unit, on: unit.outbox.item_keys(on.span),
    "outbox.stored_keys": lambda unit, _on: unit.outbox.stored_keys(["a/b/story-1"]),
    "outbox.channels_told": lambda unit, _on: unit.outbox.channels_told(ItemId(1)),
    "rechecks.enrol": lambda unit, on: unit.rechecks.enrol(since=on.now, after=MINUTE, limit=1),
    "rechecks.due": lambda unit, on: unit.rechecks.due(now=on.now, limit=1, among=[SourceId("a")]),
    "rechecks.of_items": lambda unit, _on: unit.rechecks.of_items([ItemId(1)]),
    "rechecks.put": lambda unit, on: unit.rechecks.put(Recheck(item_id=ItemId(1), due_at=on.now)),
    "labels.put": lambda unit, on: unit.labels.put(label_of(on.item, relevant=True, topics=[], at=on.now)),
    "labels.remove": lambda unit, _on: unit.labels.remove("k"),
    "labels.of_items": lambda unit, _on: unit.labels.of_items([ItemId(1)]),
    "labels.all": lambda unit, _on: unit.labels.all(),
    "labels.count": lambda unit, _on: unit.labels.count(),
    "labels.candidates": lambda unit, _on: unit.labels.candidates(Wanted(), limit=1),
    "outbox.find": lambda unit, _on: unit.outbox.find(WantedAlerts(), limit=1),
    "outbox.attempts": lambda unit, _on: unit.outbox.attempts(AlertId(1)),
    "outbox.count_sent": lambda unit, on: unit.outbox.count_sent(since=on.now),
    "outbox.tell_members": lambda unit, on: unit.outbox.tell_members(AlertId(1), [ItemId(1)], at=on.now),
    "outbox.totals": lambda unit, _on: unit.outbox.totals(),
    "outbox.prune": lambda unit, on: unit.outbox.prune(before=on.now, now=on.now, limit=1),
    "outbox.forget_keys": lambda unit, on: unit.outbox.forget_keys(before=on.now, limit=1),
    "outbox.delivered_at": lambda unit, _on: unit.outbox.delivered_at(RouteId("r"), ChannelId("c")),
    "pacing.pending": lambda unit, _on: unit.pacing.pending(limit=1),
    "pacing.held": lambda unit, _on: unit.pacing.held(limit=1),
    "pacing.for_digest": lambda unit, _on: unit.pacing.for_digest(RouteId("r"), ChannelId("c")),
    "pacing.known": lambda unit, on: unit.pacing.known(now=on.now),
    "pacing.hold": lambda unit, on: unit.pacing.hold({AlertId(1): HeldBack(hold=Hold.QUIET, release_at=on.now)}),
    "pacing.silence": lambda unit, _on: unit.pacing.silence({AlertId(1): 1}),
    "pacing.release": lambda unit, _on: unit.pacing.release([AlertId(1)]),
    "pacing.bundle": lambda unit, on: unit.pacing.bundle([AlertId(1)], now=on.now, why=""),
    "pacing.silenced": lambda unit, on: unit.pacing.silenced(RouteId("r"), ChannelId("c"), since=on.now),
    "parts.of": lambda unit, _on: unit.parts.of(AlertId(1)),
    "parts.put": lambda unit, _on: unit.parts.put(AlertId(1), [Part(number=1, count=1, subject="", body="")]),
    "parts.mark_sent": lambda unit, on: unit.parts.mark_sent(AlertId(1), 1, at=on.now),
    "silences.add": lambda unit, on: unit.silences.add(on.silence),
    "silences.end": lambda unit, on: unit.silences.end(1, at=on.now),
    "silences.active": lambda unit, on: unit.silences.active(at=on.now),
    "silences.all": lambda unit, _on: unit.silences.all(limit=1),
    "outbox.digest_closed_at": lambda unit, _on: unit.outbox.digest_closed_at(RouteId("r")),
    "stories.begin": lambda unit, on: unit.stories.begin(on.story),
    "stories.put": lambda unit, on: unit.stories.put(on.story),
    "stories.get": lambda unit, _on: unit.stories.get(ONE),
    "stories.get_many": lambda unit, _on: unit.stories.get_many([ONE]),
    "stories.list": lambda unit, _on: unit.stories.list(WantedStories(), limit=1),
    "stories.count": lambda unit, _on: unit.stories.count(WantedStories()),
    "stories.items": lambda unit, _on: unit.stories.items(ONE),
    "stories.count_items": lambda unit, _on: unit.stories.count_items(ONE),
    "stories.move": lambda unit, _on: unit.stories.move([ItemId(1)], ONE),
    "stories.unlinked": lambda unit, _on: unit.stories.unlinked(limit=1),
    "stories.merge": lambda unit, _on: unit.stories.merge(ONE, TWO),
    "stories.names": lambda unit, _on: unit.stories.names(ONE),
    "stories.keep_apart": lambda unit, _on: unit.stories.keep_apart(ONE, TWO),
    "stories.let_together": lambda unit, _on: unit.stories.let_together(ONE, TWO),
    "stories.apart_from": lambda unit, _on: unit.stories.apart_from([ONE]),
    "stories.relate": lambda unit, _on: unit.stories.relate(Kinship(later=TWO, earlier=ONE, relation=Relation.FOLLOWS)),
    "stories.kin": lambda unit, _on: unit.stories.kin(ONE),
    "stories.note": lambda unit, on: unit.stories.note(StoryEvent(story_id=ONE, kind=StoryEventKind.BEGUN, at=on.now)),
    "stories.events": lambda unit, _on: unit.stories.events(ONE),
    "stories.alerts": lambda unit, _on: unit.stories.alerts(ONE),
    "stories.prune": lambda unit, on: unit.stories.prune(before=on.now, relevant_before=on.now, limit=1),
    "stories.index.put": lambda unit, on: unit.stories.index.put(ItemId(1), on.marks, seen_at=on.now, version="1"),
    "stories.index.candidates": lambda unit, on: unit.stories.index.candidates([5], since=on.now, limit=1),
    "stories.index.of_items": lambda unit, _on: unit.stories.index.of_items([ItemId(1)]),
    "stories.index.of_stories": lambda unit, _on: unit.stories.index.of_stories([ONE], each=1),
    "stories.index.unread": lambda unit, on: unit.stories.index.unread(since=on.now, version="1", limit=1),
    "health.note_news": lambda unit, on: unit.health.note_news(SourceId("a"), [on.now]),
    "health.news_hours": lambda unit, on: unit.health.news_hours(SourceId("a"), since=on.now),
    "health.news_counts": lambda unit, on: unit.health.news_counts(SourceId("a"), since=on.now),
    "health.forget_news": lambda unit, on: unit.health.forget_news(before=on.now),
    "health.open_incidents": lambda unit, _on: unit.health.open_incidents(SourceId("a")),
    "health.unsettled": lambda unit, _on: unit.health.unsettled(),
    "health.incidents_of": lambda unit, _on: unit.health.incidents_of(SourceId("a"), limit=1),
    "health.put_incident": lambda unit, on: unit.health.put_incident(on.incident),
    "health.delete_incident": lambda unit, _on: unit.health.delete_incident(IncidentId(1)),
    "outbox.set_digest_closed_at": lambda unit, on: unit.outbox.set_digest_closed_at(RouteId("r"), on.now),
}
"""One call of every method of every repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Arguments of the calls."""

    now: datetime
    state: SourceState
    entry: Entry
    item: Item
    alert: NewAlert
    classification: Classification
    story: Story

    @property
    def marks(self) -> StoryMarks:
        """What an item says, found under one key."""
        return StoryMarks(traits=StoryTraits(published_at=self.now), keys=(5,))

    @property
    def span(self) -> Span:
        """A stretch of the archive."""
        return Span(first=ItemId(1), last=ItemId(9), since=self.now, items=9)

    @property
    def silence(self) -> Silence:
        """A silence of everything for a minute."""
        return Silence(
            id=0, match=RouteMatch(), starts_at=self.now, ends_at=self.now + MINUTE, comment="", created_at=self.now
        )

    @property
    def incident(self) -> Incident:
        """A new incident."""
        source_id = self.state.source_id
        return Incident(
            id=IncidentId(0), source_id=source_id, fault=Fault.GONE, started_at=self.now, last_seen_at=self.now
        )


@pytest.fixture
def values(
    now: datetime,
    make_state: Callable[..., SourceState],
    make_entry: Callable[..., Entry],
    make_item: Callable[..., Item],
    make_new_alert: Callable[..., NewAlert],
    make_classification: Callable[..., Classification],
    make_story: Callable[..., Story],
) -> Values:
    """One of each."""
    return Values(
        now=now,
        state=make_state(),
        entry=make_entry(),
        item=make_item(),
        alert=make_new_alert(item_id=None),
        classification=make_classification(),
        story=make_story(),
    )


def test_every_repository_method_is_tried_below() -> None:
    """The list of calls has every method of these ports, and no other."""
    ports = {
        "sources": SourceRepository,
        "items": ItemRepository,
        "outbox": OutboxRepository,
        "pacing": PacingRepository,
        "parts": PartRepository,
        "silences": SilenceRepository,
        "health": HealthRepository,
        "rechecks": RecheckRepository,
        "labels": LabelRepository,
        "stories": StoryRepository,
        "stories.index": StoryIndex,
    }
    methods = {
        f"{name}.{method}"
        for name, port in ports.items()
        for method, _ in inspect.getmembers(port, inspect.isfunction)
        if not method.startswith("_")
    }
    assert set(CALLS) == methods


@pytest.mark.parametrize("call", CALLS)
def test_every_method_raises_a_storage_error_while_the_database_is_locked(
    address: str,
    open_database: Callable[..., SqlDatabase],
    locked: Callable[[], AbstractContextManager[None]],
    values: Values,
    call: str,
) -> None:
    """A lock that lasts is told in words fit for a user, and a later unit of work succeeds."""
    database = open_database(address, lock_timeout=SHORT)
    with locked(), database.unit_of_work() as unit, pytest.raises(StorageError, match="is locked by another program"):
        CALLS[call](unit, values)
    with database.unit_of_work() as unit:
        assert unit.items.count() == 0
