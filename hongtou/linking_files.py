"""Links the items of a file to stories, one after the other as they would arrive, in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.documents import find_document_numbers
from core.item import DateOrigin, DatePrecision, Item, ItemId, Published
from core.near_duplicates import Finding, Likeness, Words
from core.source import Source, SourceId, SourceKind
from core.stories import LinkDecision
from core.story_packing import pack, unpack
from core.story_traits import Telling
from hongtou.copies import Copy
from hongtou.copy_shelf import CopyShelf
from hongtou.evaluation import document_of
from hongtou.linking import StoryLinker
from hongtou.story_finding import StoryFinder
from hongtou.story_memory import MemoryUnit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from core.item import StoryId
    from core.ports import Classifier
    from core.story_repository import StoryIndex
    from core.story_traits import StoryCandidate, StoryMarks
    from hongtou.copies import CopyFinder
    from hongtou.evaluation import LabelledItem, SourceFinder
    from hongtou.story_shelf import Tie

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_COPY = Likeness(finding=Finding.COPY, containment=1.0)


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
    telling: Telling


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
) -> tuple[Arrival, ...]:
    """Judge and read items as intake would, in order of publication; those without a time come first.

    Args:
        items: With ids of their own.
        classifier: Judges them.
        copies: Finds which of them are copies; its window counts from the items' times.
        stories: Reads them.
        find_source: Tells the known source of an item.
    """
    in_order = sorted(items, key=lambda item: item.published_at or _UNDATED)
    found = _copies_among(in_order, copies)
    tellings = (tell(item, classifier, find_source=find_source) for item in in_order)
    return tuple(
        arrive(item, telling, stories.read(telling), number=number, copies=found[number])
        for item, telling, number in zip(in_order, tellings, found, strict=True)
    )


def arrive(
    item: LabelledItem,
    telling: Telling,
    marks: StoryMarks,
    *,
    number: ItemId,
    copies: Iterable[ItemId] = (),
) -> Arrival:
    """Return an item that was read."""
    return Arrival(
        item=item,
        number=number,
        at=item.published_at or _UNDATED,
        marks=marks,
        stored=replace(marks, traits=unpack(pack(marks.traits))),
        copies=tuple(copies),
        telling=telling,
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
    ids = {numbers[one.number]: one.item.id for one in arrivals}
    unit, recorder = MemoryUnit(), _Recorder(finder)
    sources = {str(numbers[one.number]): _source(one) for one in arrivals}
    linker = StoryLinker(recorder, sources=sources.get)
    offered: dict[str, frozenset[str]] = {}
    decisions: dict[str, LinkDecision] = {}
    for seen_at, one in in_order:
        number = numbers[one.number]
        copies = [copy for copy in map(numbers.__getitem__, one.copies) if copy < number]
        item = _item(one, number, seen_at)
        unit.add(item)
        recorder.turn_to(one)
        found = [Copy(item_id=copy, story_id=unit.stories.index.stories[copy], likeness=_COPY) for copy in copies]
        linker.link(unit.as_unit(), item, found, now=seen_at)
        offered[one.item.id] = frozenset(ids[item_id] for item_id in (*recorder.compared, *copies))
        decisions[one.item.id] = recorder.decision
    shelf = unit.stories.index
    return LinkedFile(
        stories={ids[number]: story_id for number, story_id in shelf.stories.items()},
        ties=shelf.ties,
        offered=offered,
        decisions=decisions,
    )


class _Recorder(StoryFinder):
    """Finds stories as another finder does, by marks that were read before, and remembers what it said last."""

    def __init__(self, finder: StoryFinder) -> None:
        self._finder = finder
        self._one: Arrival | None = None
        self.compared: tuple[ItemId, ...] = ()
        self.decision = LinkDecision(story_id=None)

    @property
    def version(self) -> str:
        return self._finder.version

    @property
    def window(self) -> timedelta:
        return self._finder.window

    def turn_to(self, one: Arrival) -> None:
        self._one, self.compared, self.decision = one, (), LinkDecision(story_id=None)

    def read(self, telling: Telling) -> StoryMarks:
        return self._one.marks if self._one else self._finder.read(telling)

    def candidates(
        self,
        index: StoryIndex,
        marks: StoryMarks,
        *,
        copies: Collection[ItemId],
        now: datetime,
        besides: ItemId | None = None,
    ) -> tuple[StoryCandidate, ...]:
        found = self._finder.candidates(index, marks, copies=copies, now=now, besides=besides)
        self.compared = tuple(one.item_id for one in found)
        return found

    def decide(self, marks: StoryMarks, candidates: Sequence[StoryCandidate]) -> LinkDecision:
        self.decision = self._finder.decide(marks, candidates)
        return self.decision

    def keep(self, index: StoryIndex, item_id: ItemId, marks: StoryMarks, *, seen_at: datetime) -> None:
        self._finder.keep(index, item_id, self._one.stored if self._one else marks, seen_at=seen_at)


def _source(one: Arrival) -> Source | None:
    """Return a source of the item's own that says what is known of the one it came from."""
    telling = one.telling
    if telling.voice is None:
        return None
    return Source(
        id=SourceId(one.item.id), name="", name_en="", kind=SourceKind.FEED, url="https://file.invalid/", group="",
        voice=telling.voice, jurisdiction=telling.jurisdiction, issuer=telling.issuer,
    )  # fmt: skip


def _item(one: Arrival, number: ItemId, seen_at: datetime) -> Item:
    """Return an item as it would be stored."""
    telling = one.telling
    published = Published(at=telling.published_at, precision=DatePrecision.MINUTE, origin=DateOrigin.LIST)
    return Item(
        id=number, source_id=SourceId(str(number)), url=one.item.url, canonical_url=one.item.url, guid=None,
        title=telling.title, text=telling.text, summary="", language=telling.language, published=published,
        first_seen_at=seen_at, updated_at=seen_at, issuer=telling.issuer, document_numbers=telling.document_numbers,
        classification=telling.classification,
    )  # fmt: skip
