"""Links the items of a file to stories, one after the other as they would arrive, in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.documents import find_document_numbers
from core.item import ItemId
from core.near_duplicates import Words
from core.stories import LinkDecision, Relation
from core.story_packing import pack, unpack
from core.story_traits import Telling
from hongtou.copy_shelf import CopyShelf
from hongtou.evaluation import document_of
from hongtou.linking import is_notable
from hongtou.story_shelf import StoryShelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.item import StoryId
    from core.ports import Classifier
    from core.story_traits import StoryMarks
    from hongtou.copies import CopyFinder
    from hongtou.evaluation import LabelledItem, SourceFinder
    from hongtou.story_finding import StoryFinder
    from hongtou.story_shelf import Tie

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One item of a file, read: everything of it that does not depend on what arrived before."""

    item: LabelledItem
    number: ItemId
    """From 1, in order of publication; items are stored under it unless some are delayed."""
    at: datetime
    """When it was published, and seen unless it was delayed."""
    marks: StoryMarks
    stored: StoryMarks
    """The same as they come back from a database, a little rounded."""
    copies: tuple[ItemId, ...]
    """All items of the file that are its copies, earlier and later ones."""
    is_notable: bool = True
    """Whether anything but its copies is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedFile:
    """What became of the items of a file. By the ids of the labelled items."""

    stories: Mapping[str, StoryId]
    """In order of arrival."""
    ties: tuple[Tie, ...]
    offered: Mapping[str, frozenset[str]]
    """The items among which each one's story was looked for."""
    decisions: Mapping[str, LinkDecision]


def tell(item: LabelledItem, classifier: Classifier, *, find_source: SourceFinder | None = None) -> Telling:
    """Return an item as the story reader is given it, judged in its source's context where the source is known."""
    document = document_of(item, find_source)
    return Telling(
        title=item.title,
        text=item.text,
        language=item.language,
        published_at=(item.published_at or _UNDATED).astimezone(UTC),
        classification=classifier.classify(document),
        voice=document.voice,
        issuer=document.issuer,
        jurisdiction=document.jurisdiction,
        document_numbers=find_document_numbers(f"{item.title}\n{item.text}"),
    )


def read_arrivals(
    items: Iterable[LabelledItem],
    classifier: Classifier,
    *,
    copies: CopyFinder,
    stories: StoryFinder,
    find_source: SourceFinder | None = None,
    all_notable: bool = False,
) -> tuple[Arrival, ...]:
    """Judge and read items as intake would, in order of publication; those without a time come first.

    Args:
        items: With ids of their own.
        classifier: Judges them.
        copies: Finds which of them are copies; its window counts from the items' times.
        stories: Reads them.
        find_source: Tells the known source of an item.
        all_notable: Whether to link all of them by more than their copies, also what names no technology.
    """
    in_order = sorted(items, key=lambda item: item.published_at or _UNDATED)
    found = _copies_among(in_order, copies)
    tellings = (tell(item, classifier, find_source=find_source) for item in in_order)
    return tuple(
        arrive(
            item,
            stories.read(telling),
            number=number,
            copies=found[number],
            notable=all_notable or is_notable(telling.classification),
        )
        for item, telling, number in zip(in_order, tellings, found, strict=True)
    )


def arrive(
    item: LabelledItem, marks: StoryMarks, *, number: ItemId, copies: Iterable[ItemId] = (), notable: bool = True
) -> Arrival:
    """Return an item that was read."""
    return Arrival(
        item=item,
        number=number,
        at=item.published_at or _UNDATED,
        marks=marks,
        stored=replace(marks, traits=unpack(pack(marks.traits))),
        copies=tuple(copies),
        is_notable=notable,
    )


def _copies_among(in_order: Sequence[LabelledItem], finder: CopyFinder) -> Mapping[ItemId, list[ItemId]]:
    """Return the copies of each item by number, earlier ones first, of those the most alike."""
    shelf = CopyShelf()
    found: dict[ItemId, list[ItemId]] = {ItemId(number): [] for number in range(1, len(in_order) + 1)}
    for number, item in zip(found, in_order, strict=True):
        at = item.published_at or _UNDATED
        words = Words(title=item.title, text=item.text)
        reading = finder.read(shelf, words, source_id=item.source)
        for copy in finder.find(shelf, reading, now=at):
            found[number].append(copy.item_id)
            found[copy.item_id].append(number)
        shelf.add(number, words, source_id=item.source)
        finder.keep(shelf, number, reading, seen_at=at, is_new=True)
    return found


def link(
    arrivals: Sequence[Arrival], finder: StoryFinder, *, delays: Mapping[ItemId, timedelta] | None = None
) -> LinkedFile:
    """Give items to an empty index one after the other, as intake would.

    Args:
        arrivals: What `read_arrivals` returned.
        finder: Decides on each.
        delays: By how much later each item is seen than it was published; None for no delays.
    """
    late = delays or {}
    in_order = sorted(((one.at + late.get(one.number, timedelta()), one) for one in arrivals), key=lambda pair: pair[0])
    # A database numbers what it stores as it comes.
    numbers = {one.number: ItemId(place) for place, (_, one) in enumerate(in_order, start=1)}
    shelf, ids = StoryShelf(), {numbers[one.number]: one.item.id for one in arrivals}
    offered: dict[str, frozenset[str]] = {}
    decisions: dict[str, LinkDecision] = {}
    for seen_at, one in in_order:
        number = numbers[one.number]
        copies = [copy for copy in map(numbers.__getitem__, one.copies) if copy < number]
        candidates, decision = _decide(one, finder, shelf, copies, seen_at)
        shelf.join(number, decision, seen_at=seen_at)
        if one.is_notable:
            finder.keep(shelf, number, one.stored, seen_at=seen_at)
        offered[one.item.id] = frozenset(ids[item_id] for item_id in candidates)
        decisions[one.item.id] = decision
    return LinkedFile(
        stories={ids[number]: story_id for number, story_id in shelf.stories.items()},
        ties=shelf.ties,
        offered=offered,
        decisions=decisions,
    )


def _decide(
    one: Arrival, finder: StoryFinder, shelf: StoryShelf, copies: Sequence[ItemId], seen_at: datetime
) -> tuple[tuple[ItemId, ...], LinkDecision]:
    """Return the items that were compared, and the decision; as `hongtou.linking.StoryLinker` does it."""
    found = finder.candidates(shelf, one.marks, copies=copies, now=seen_at) if one.is_notable else ()
    decision = finder.decide(one.marks, found) if one.is_notable else LinkDecision(story_id=None)
    compared = tuple(candidate.item_id for candidate in found)
    unmarked = next((copy for copy in copies if copy not in compared), None)
    if decision.story_id is None and unmarked is not None:
        decision = LinkDecision(story_id=shelf.stories[unmarked], probability=1.0, reason="a copy")
    return (*compared, *copies), _unless_closed(decision, shelf, finder.window, seen_at)


def _unless_closed(decision: LinkDecision, shelf: StoryShelf, within: timedelta, seen_at: datetime) -> LinkDecision:
    """Begin a new story, related to the one decided on, when that one's last report lies too far back."""
    old = decision.story_id
    if old is None or seen_at - shelf.last_seen_at(old) <= within:
        return decision
    tie = (old, Relation.FOLLOWS, True, f"the same matter after more than {within.days} days")
    return replace(decision, story_id=None, same=(), kin=(tie, *decision.kin))
