"""The linking use case: put every stored item into the story of the event that it tells, or begin a new one.

All of it happens in the transaction that stores the item, so that a crash leaves an item with its story or neither.
What is found in no story all the same, as after a fault, is linked later (`hongtou.story_keeping`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from core.errors import StorageError
from core.item import StoryId
from core.stories import Kinship, LinkDecision, Relation, StoryChange, StoryEvent, StoryEventKind
from core.story_facts import are_two_papers, changes_by, find_primary, is_about, tell_story
from core.story_traits import Telling
from hongtou.story_summary import refresh_story, reports_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from core.item import Item, ItemId
    from core.repositories import UnitOfWork
    from core.source import Source
    from core.stories import Story
    from core.story_traits import StoryCandidate, StoryMarks
    from hongtou.copies import Copy
    from hongtou.story_finding import StoryFinder

log = structlog.get_logger(__name__)

_TRIES = 3
"""How often a fault of reader or decision is tried again while the program runs."""
_NEW = StoryId(0)
"""Of a story that is not stored yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Where an item was put."""

    story_id: StoryId
    changes: frozenset[StoryChange] = frozenset()
    """What the item changed in a story that was there before; none in one that it began."""


class StoryLinker:
    """Links items one at a time; every method runs in the caller's transaction, under `one_at_a_time`."""

    def __init__(
        self,
        finder: StoryFinder,
        *,
        sources: Callable[[str], Source | None] = lambda _: None,
    ) -> None:
        """Wire it.

        Args:
            finder: Finds the story of an item.
            sources: Looks a source up by its id, to tell authorities from the press.
        """
        self._finder = finder
        self._sources = sources
        self._faulty: dict[ItemId, int] = {}
        self.one_at_a_time = Lock()
        """Two reports that arrive together must not each begin a story: one looks and writes before the other looks."""

    def use(self, finder: StoryFinder, sources: Callable[[str], Source | None]) -> None:
        """Find stories in another way, and know other sources, from now on."""
        self._finder = finder
        self._sources = sources

    @property
    def version(self) -> str:
        """Of what reads items."""
        return self._finder.version

    def source_of(self, source_id: str) -> Source | None:
        """Return a source; None for one that is not configured."""
        return self._sources(source_id)

    def link(self, uow: UnitOfWork, item: Item, copies: Sequence[Copy], *, now: datetime) -> Linked:
        """Put a stored item that is in no story into one.

        Args:
            uow: The transaction that stored it.
            item: The item, with its id.
            copies: Stored items with its text, the most alike first.
            now: When Hongtou noticed, aware UTC.
        """
        decision = self._decide(uow, item, copies, apart=frozenset())
        target = self._target(uow, decision, item)
        if target is None:
            story = self._begin(uow, item, decision, now=now)
            self._relate(uow, story.id, decision)
            return Linked(story_id=story.id)
        return self._join(uow, item, target, decision, now=now)

    def relink(self, uow: UnitOfWork, item: Item, copies: Sequence[Copy], *, now: datetime) -> Linked:
        """Look anew at an item whose words or judgement have changed.

        Alone in its story it may turn out to belong to another one; among others it stays.

        Args:
            uow: The transaction that changed it.
            item: The item as it is now.
            copies: Stored items with its text, the most alike first.
            now: When Hongtou noticed, aware UTC.
        """
        own = uow.stories.get(item.story_id) if item.story_id is not None else None
        if own is None:
            return self.link(uow, item, copies, now=now)
        forbidden = uow.stories.apart_from([own.id]).get(own.id, frozenset()) | {own.id}
        decision = self._decide(uow, item, copies, apart=forbidden)
        alone = uow.stories.count_items(own.id) == 1
        target = self._target(uow, decision, item) if alone else None
        if target is not None and target.id not in forbidden:
            uow.stories.merge(own.id, target.id)
            return self._join(uow, item, target, decision, now=now)
        refresh_story(uow, own, self._sources, besides=[item])
        self._relate(uow, own.id, decision)
        return Linked(story_id=own.id)

    def take_faulty(self) -> tuple[ItemId, ...]:
        """Return the items that a fault kept from their story, to be looked at anew; each a few times."""
        return tuple(self._faulty)

    def _decide(
        self, uow: UnitOfWork, item: Item, copies: Sequence[Copy], *, apart: Collection[StoryId]
    ) -> LinkDecision:
        """Decide, and keep the marks by which later items find this one; a fault never loses the item."""
        if item.classification is None:  # it comes back once it is judged
            return _by_copies(copies, apart, besides=())
        try:
            marks = self._finder.read(self._telling(item))
            candidates = self._candidates(uow, item, marks, copies, apart)
            decision = self._finder.decide(marks, candidates)
        except StorageError:
            raise
        except Exception:  # a bug must cost neither item nor alert: the item is linked by its copies, and tried again
            log.exception("linking failed", item=item.id)
            self._count_fault(item.id)
            return _by_copies(copies, apart, besides=())
        self._faulty.pop(item.id, None)
        self._finder.keep(uow.stories.index, item.id, marks, seen_at=item.first_seen_at)
        if decision.story_id is not None or not copies:
            return decision
        unmarked = _by_copies(copies, apart, besides=[one.item_id for one in candidates])
        return unmarked if unmarked.story_id is not None else decision

    def _candidates(
        self, uow: UnitOfWork, item: Item, marks: StoryMarks, copies: Sequence[Copy], apart: Collection[StoryId]
    ) -> tuple[StoryCandidate, ...]:
        found = self._finder.candidates(
            uow.stories.index,
            marks,
            copies=[copy.item_id for copy in copies],
            now=item.first_seen_at,
            besides=item.id,
        )
        return tuple(one for one in found if one.story_id not in apart)

    def _telling(self, item: Item) -> Telling:
        source = self._sources(item.source_id)
        return Telling(
            title=item.title,
            text=item.text or item.summary,
            language=item.language,
            published_at=item.published.at,
            classification=item.classification,
            voice=source.voice if source else None,
            issuer=item.issuer or (source.issuer if source else ""),
            jurisdiction=source.jurisdiction if source else "",
            document_numbers=item.document_numbers,
        )

    def _target(self, uow: UnitOfWork, decision: LinkDecision, item: Item) -> Story | None:
        """Return the story decided on, unless its last report lies too far back, or it is that of another paper.

        Of several stories that the item fits, that one is taken whose document it is about.
        """
        story = self._best(uow, decision, item)
        if story is None or item.first_seen_at - story.last_seen_at > self._finder.window:
            return None
        primary = find_primary(reports_of([item], self._sources))
        return None if primary is not None and _is_of_another_paper(uow, story, item) else story

    def _best(self, uow: UnitOfWork, decision: LinkDecision, item: Item) -> Story | None:
        if decision.story_id is None:
            return None
        fitting = uow.stories.get_many([decision.story_id, *decision.same])
        papers = {story.id: _primary(uow, story) for story in fitting} if len(fitting) > 1 else {}
        about = (story for story in fitting if (paper := papers.get(story.id)) is not None and is_about(item, paper))
        return next(about, next(iter(fitting), None))

    def _begin(self, uow: UnitOfWork, item: Item, decision: LinkDecision, *, now: datetime) -> Story:
        story = tell_story(_NEW, reports_of([item], self._sources))
        story = replace(story, id=uow.stories.begin(story))
        uow.stories.move([item.id], story.id)
        apart = f"apart from the nearest story: {decision.reason}" if decision.reason else ""
        self._note(uow, story.id, StoryEventKind.BEGUN, item, apart, now=now)
        if decision.story_id is not None and (old := uow.stories.get(decision.story_id)) is not None:
            self._relate_refused(uow, story, old)
        return story

    def _relate_refused(self, uow: UnitOfWork, story: Story, old: Story) -> None:
        """Tie a story to the one that its first item would have joined, were that not closed, or of another paper."""
        if story.last_seen_at - old.last_seen_at <= self._finder.window:
            _relate_siblings(uow, story, old, "another document of the same matter")
            return
        reason = f"the same matter after more than {self._finder.window.days} days"
        uow.stories.relate(Kinship(later=story.id, earlier=old.id, relation=Relation.FOLLOWS, reason=reason))

    def _join(self, uow: UnitOfWork, item: Item, target: Story, decision: LinkDecision, *, now: datetime) -> Linked:
        before = self._merge(uow, target, decision, now=now)
        uow.stories.move([item.id], before.id)
        after = refresh_story(uow, before, self._sources, besides=[item])
        changes = changes_by(item, before=before, after=after)
        self._note(uow, after.id, StoryEventKind.REPORT, item, decision.reason, now=now)
        if StoryChange.NEW_LANGUAGE in changes:
            self._note(uow, after.id, StoryEventKind.NEW_LANGUAGE, item, "", now=now)
        if after.primary_item_id == item.id:
            better = f"in place of item {before.primary_item_id}" if before.primary_item_id is not None else ""
            self._note(uow, after.id, StoryEventKind.PRIMARY_FOUND, item, better, now=now)
        self._relate(uow, after.id, decision)
        return Linked(story_id=after.id, changes=changes)

    def _merge(self, uow: UnitOfWork, target: Story, decision: LinkDecision, *, now: datetime) -> Story:
        """Merge what an item shows to be one event; return what became of the target.

        Left apart are stories that a user split, and those that have each a document of its own: a report that fits
        both tells of both.
        """
        for other_id in (decision.story_id, *decision.same):
            other = uow.stories.get(other_id) if other_id is not None else None
            if other is None or other.id == target.id:
                continue
            # Asked anew each time: a merged story brings its vetoes along.
            if other.id in uow.stories.apart_from([target.id]).get(target.id, ()):
                continue
            if (paper := _primary(uow, other)) is not None and _is_of_another_paper(uow, target, paper):
                _relate_siblings(uow, target, other, "a report tells of both")
                continue
            uow.stories.merge(other.id, target.id)
            target = refresh_story(uow, target, self._sources)
            event = StoryEvent(
                story_id=target.id,
                kind=StoryEventKind.MERGED,
                at=now,
                reason=f"story {other.id} tells the same event: {decision.reason}",
            )
            uow.stories.note(event)
            log.info("stories merged", story=target.id, merged=other.id, reason=decision.reason)
        return target

    def _relate(self, uow: UnitOfWork, story_id: StoryId, decision: LinkDecision) -> None:
        for other_id, relation, is_later, reason in decision.kin:
            other = uow.stories.get(other_id)
            if other is None or other.id == story_id:
                continue
            later, earlier = (story_id, other.id) if is_later else (other.id, story_id)
            uow.stories.relate(Kinship(later=later, earlier=earlier, relation=relation, reason=reason))

    def _note(
        self, uow: UnitOfWork, story_id: StoryId, kind: StoryEventKind, item: Item, reason: str, *, now: datetime
    ) -> None:
        uow.stories.note(StoryEvent(story_id=story_id, kind=kind, at=now, item_id=item.id, reason=reason))

    def _count_fault(self, item_id: ItemId) -> None:
        tries = self._faulty.pop(item_id, 0) + 1
        if tries < _TRIES:
            self._faulty[item_id] = tries


def _primary(uow: UnitOfWork, story: Story) -> Item | None:
    return uow.items.get(story.primary_item_id) if story.primary_item_id is not None else None


def _is_of_another_paper(uow: UnitOfWork, story: Story, paper: Item) -> bool:
    primary = _primary(uow, story)
    return primary is not None and are_two_papers(primary, paper)


def _relate_siblings(uow: UnitOfWork, one: Story, other: Story, reason: str) -> None:
    earlier, later = sorted((one, other), key=lambda story: (story.began_at, story.id))
    uow.stories.relate(Kinship(later=later.id, earlier=earlier.id, relation=Relation.SIBLING, reason=reason))


def _by_copies(copies: Sequence[Copy], apart: Collection[StoryId], *, besides: Collection[ItemId]) -> LinkDecision:
    """Decide by copies alone, of those that the decision has not seen: they have no traits to be found by."""
    for copy in copies:
        if copy.story_id is not None and copy.story_id not in apart and copy.item_id not in besides:
            return LinkDecision(story_id=copy.story_id, probability=1.0, reason=f"a copy of item {copy.item_id}")
    return LinkDecision(story_id=None)
