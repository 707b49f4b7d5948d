"""Finds the story that a new item tells among stored ones, and keeps the index by which they are found.

What makes two items tell one event is the reader's and the decision's business; this bounds what they are asked. All
of it happens in the transaction that stores the item's story: a crash leaves an item with story and traits, or neither.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from core.item import ItemId, StoryId
    from core.ports import StoryReader
    from core.stories import LinkDecision
    from core.story_repository import StoryIndex
    from core.story_traits import StoryCandidate, StoryMarks, StoryTraits, Telling

    Decide = Callable[[StoryTraits, Sequence[StoryCandidate]], LinkDecision]
    """Decides of an item's traits and of stored items which may tell the same event; pure."""

LINEAGE = timedelta(days=730)
"""How far back relevant items are looked for, to be related: final forms and local plans come up to two years later."""
MAX_CANDIDATES = 50
"""Items taken by their keys at most, those with the most in common, and items looked at of each key: bounds the cost of
each item however common a key is. The largest story of a week has some thirty items, so that one story alone does not
fill it."""
MAX_EARLIER = 30
"""Relevant items from before the window taken besides, most of which can only be related."""
MAX_COPIES = 10
"""Copies taken at most, in the order given: a text reprinted a hundred times needs no more to find its story."""
MAX_STORIES = 8
"""Best candidates' stories of which further items are taken: the item's own, and the few it may be related to."""
MEMBERS = 4
"""Items of each of them, the first stored: with the authority's document or the first reports, which say most."""


class StoryFinder:
    """Reads items and finds their stories; safe in any thread."""

    def __init__(self, reader: StoryReader, decide: Decide, *, window: timedelta, lineage: timedelta = LINEAGE) -> None:
        """Wire it.

        Args:
            reader: Finds the traits and keys of items.
            decide: Decides on the candidates.
            window: How far back from now items are looked for.
            lineage: The same for relevant items; no less than the window.
        """
        self._reader = reader
        self._decide = decide
        self._window = window
        self._lineage = max(window, lineage)

    @property
    def version(self) -> str:
        """Of the reader."""
        return self._reader.version

    @property
    def window(self) -> timedelta:
        """How far back items are looked for that are not relevant, and how long a story waits for its next report."""
        return self._window

    @property
    def lineage(self) -> timedelta:
        """How far back relevant items are looked for."""
        return self._lineage

    def read(self, telling: Telling) -> StoryMarks:
        """Return an item's traits and keys; never raises on any text."""
        return self._reader.read(telling)

    def find(
        self,
        index: StoryIndex,
        marks: StoryMarks,
        *,
        copies: Collection[ItemId],
        now: datetime,
        besides: ItemId | None = None,
    ) -> LinkDecision:
        """Decide which stored story an item tells, which are shown to be the same, and which are related.

        Args:
            index: Of what is stored.
            marks: What `read` returned.
            copies: Stored items whose text is a copy of the item's, the most alike first.
            now: End of both windows.
            besides: An item that does not count, such as the item itself when it is read again.
        """
        return self.decide(marks, self.candidates(index, marks, copies=copies, now=now, besides=besides))

    def candidates(
        self,
        index: StoryIndex,
        marks: StoryMarks,
        *,
        copies: Collection[ItemId],
        now: datetime,
        besides: ItemId | None = None,
    ) -> tuple[StoryCandidate, ...]:
        """Return the stored items on which `find` decides, each once.

        Copies come first, then items with keys in common, those with the most first, then further items of the stories
        of both: so that a decision sees a story by more than the one item that happened to be found.
        """
        wanted = [item_id for item_id in islice(copies, MAX_COPIES) if item_id != besides]
        found = [replace(one, is_copy=True) for one in index.of_items(wanted)] if wanted else []
        found += self._by_keys(index, marks, now=now, besides=besides)
        if stories := _best_stories(found):
            found += [one for one in index.of_stories(stories, each=MEMBERS) if one.item_id != besides]
        return _each_once(found)

    def _by_keys(
        self, index: StoryIndex, marks: StoryMarks, *, now: datetime, besides: ItemId | None
    ) -> list[StoryCandidate]:
        keys, since = marks.keys, now - self._window
        found = list(index.candidates(keys, since=since, limit=MAX_CANDIDATES, besides=besides))
        if not marks.traits.relevant:
            return found
        # Asked for by themselves: two years of acts on the same matter would crowd out the reports of the day.
        earlier = index.candidates(keys, since=now - self._lineage, limit=MAX_CANDIDATES, besides=besides)
        before = (one for one in earlier if one.traits.relevant and one.traits.published_at < since)
        return [*found, *islice(before, MAX_EARLIER)]

    def decide(self, marks: StoryMarks, candidates: Sequence[StoryCandidate]) -> LinkDecision:
        """Decide on candidates that were looked up already."""
        return self._decide(marks.traits, candidates)

    def keep(self, index: StoryIndex, item_id: ItemId, marks: StoryMarks, *, seen_at: datetime) -> None:
        """Store the marks of an item, in place of earlier ones."""
        index.put(item_id, marks, seen_at=seen_at, version=self.version)


def _best_stories(candidates: Iterable[StoryCandidate]) -> tuple[StoryId, ...]:
    """Return the stories of the first candidates, each once, in that order."""
    return tuple(islice(dict.fromkeys(one.story_id for one in candidates), MAX_STORIES))


def _each_once(candidates: Iterable[StoryCandidate]) -> tuple[StoryCandidate, ...]:
    """Leave out items that came before; the first mention tells whether one is a copy."""
    found: dict[ItemId, StoryCandidate] = {}
    for one in candidates:
        found.setdefault(one.item_id, one)
    return tuple(found.values())
