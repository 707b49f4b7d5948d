"""The seams between the parts: what a use case may ask of an adapter, and an adapter of a use case."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from core.alert import ChannelId, Match
    from core.backtest import Archived
    from core.classification import Classification, Document
    from core.decide import IntakePlan
    from core.item import Article, Entry, Item
    from core.listing import Listing
    from core.message import ChannelForm, Content, Part
    from core.near_duplicates import Fingerprint, Traits, Words
    from core.outcome import Acceptance, DeliveryReport, PollOutcome
    from core.source import Poll, Source
    from core.story_traits import StoryMarks, Telling


P = ParamSpec("P")
T = TypeVar("T")


class Clock(Protocol):
    """The one reader of the time."""

    def now(self) -> datetime:
        """Return the present, aware UTC."""
        ...


class Offload(Protocol):
    """The one place where blocking or CPU-heavy work leaves the event loop."""

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the function off the loop and return its result; its exceptions come through unchanged."""
        ...


class Intake(Protocol):
    """What the crawler hands its findings to.

    Called on the event loop. Every method may be called again with the same arguments after a crash, and does nothing
    twice.
    """

    async def plan(self, poll: Poll, listing: Listing) -> IntakePlan:
        """Decide what to do with a list; store what needs no page.

        Returns:
            The entries whose pages are to be fetched, each of which must come back through `accept`.

        Raises:
            StorageError: The database cannot be used; nothing was stored, and the poll ends as it is.
        """
        ...

    async def accept(self, poll: Poll, entry: Entry, article: Article) -> Acceptance:
        """Classify and store one article with its alerts in one transaction.

        Raises:
            StorageError: Nothing was stored; the poll's validators must not be kept.
        """
        ...

    async def finish(self, poll: Poll, outcome: PollOutcome) -> None:
        """Store how the poll ended and when the source is due next. Called exactly once a poll."""
        ...


class Extractor(Protocol):
    """Reads an article from a page. Pure: may run in any thread or process."""

    def extract(
        self, body: bytes, *, url: str, content_type: str, source: Source | None, entry: Entry | None
    ) -> Article:
        """Read an article.

        Args:
            body: The page as it came.
            url: Its address after redirects.
            content_type: The Content-Type header, empty when there was none.
            source: Its source, for selectors, zone and charset; None for a page from nowhere (`inspect`).
            entry: What the list said of it, to fall back on; None when there is no list.

        Raises:
            ExtractionError: There is no article on the page.
        """
        ...


class Classifier(Protocol):
    """Judges documents. Deterministic; safe in any thread."""

    @property
    def version(self) -> str:
        """Name and version of model and lexicon; changes whenever a judgement may."""
        ...

    def classify(self, document: Document) -> Classification:
        """Judge one document; never raises on any text."""
        ...


@runtime_checkable
class BatchClassifier(Protocol):
    """A classifier that judges several documents at less cost than one by one."""

    def classify_many(self, documents: Sequence[Document]) -> tuple[Classification, ...]:
        """Judge documents, in the order given; never raises on any text."""
        ...


class Fingerprinter(Protocol):
    """Makes texts comparable, to find their copies. Pure and deterministic; safe in any thread."""

    @property
    def version(self) -> str:
        """Changes whenever the keys of a text may."""
        ...

    def lines(self, source_id: str, text: str) -> tuple[int, ...]:
        """Return hashes of the lines of a source's text that can be boilerplate: the first and last ones, each once."""
        ...

    def traits(self, words: Words, *, source_id: str = "", boilerplate: Collection[int] = ()) -> Traits:
        """Return what of a text is compared, without the lines whose hashes are given.

        Args:
            words: Of an item.
            source_id: Its source, as given to `lines`.
            boilerplate: Hashes of lines of that source.
        """
        ...

    def fingerprint(self, words: Words, *, source_id: str = "", boilerplate: Collection[int] = ()) -> Fingerprint:
        """Return the same, and the keys under which copies of the text are found."""
        ...


class StoryReader(Protocol):
    """Finds in an item by what its event is known again. Deterministic; safe in any thread."""

    @property
    def version(self) -> str:
        """Changes whenever the keys or traits of an item may."""
        ...

    def read(self, telling: Telling) -> StoryMarks:
        """Return an item's traits and keys; never raises on any text."""
        ...


class RouteMatcher(Protocol):
    """Finds the routes that want an item. Pure."""

    def match(self, item: Item | Archived, source: Source | None) -> tuple[Match, ...]:
        """Return the matches in route order; empty when no route wants it or it is not relevant."""
        ...


class PartRenderer(Protocol):
    """Puts contents into the form of a channel. Pure; safe in any thread."""

    def render(self, content: Content, form: ChannelForm, *, brevity: int = 0) -> tuple[Part, ...]:
        """Return the parts in which a content is sent, cut between items; nothing of it is lost.

        Args:
            content: What to tell.
            form: Of the channel.
            brevity: 0 for the usual length. A channel that finds a message too long is given higher ones, which tell
                less of each item, and at the highest only how many there are and where to find them.
        """
        ...


class PartSender(Protocol):
    """Sends parts to channels. Never raises for what a channel answers."""

    def forms(self) -> tuple[ChannelForm, ...]:
        """Return the form of every channel it knows, in configuration order."""
        ...

    async def send_part(self, channel: ChannelId, part: Part) -> DeliveryReport:
        """Send one part and wait, bounded in time, for the channel's answer."""
        ...


class Cron(Protocol):
    """Reads cron expressions."""

    def next_after(self, expression: str, *, zone: str, after: datetime) -> datetime:
        """Return the first fire time strictly after a moment, aware UTC.

        Raises:
            ValueError: The expression or the zone is none.
        """
        ...
