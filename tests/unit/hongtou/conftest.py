"""A real SQLite database, and fakes of what the use cases see beyond it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from alerts.matcher import OrderedRouteMatcher
from classifier.fingerprints import ShingleFingerprinter
from core.alert import AlertKind, ChannelId, Route, RouteId
from core.decide import IntakeLimits
from core.item import ItemId, StoryId
from core.message import BRIEFEST, ChannelForm, ChannelKind, Part
from core.network import NetworkWatch
from core.outcome import DeliveryReport, DeliveryVerdict
from core.pacing import StormRules
from core.source import Voice
from core.stories import WantedStories
from hongtou.contents import Lookups, story_number
from hongtou.copies import CopyFinder
from hongtou.delivering import DeliveryMeans, DispatchLimits
from hongtou.intake import JudgingRules, StoringIntake
from hongtou.linking import StoryLinker
from hongtou.notices import Notices, Operators
from hongtou.pacing import PacingMeans
from hongtou.story_keeping import StoryKeeper, StoryMemory
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from core.alert import Alert
    from core.classification import Classification, Document
    from core.item import Item
    from core.message import Content
    from core.source import Source
    from core.stories import Story, StoryEvent


class InlineOffload:
    """Runs the work where it is called."""

    async def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call the function."""
        return function(*args, **kwargs)


class WordClassifier:
    """Finds relevant what holds the word 区块链 or blockchain; breaks on the word 爆炸 while told to."""

    version = "word-1"

    def __init__(self, make: Callable[..., Classification]) -> None:
        self._make = make
        self.broken = True

    def classify(self, document: Document) -> Classification:
        """Judge by one word."""
        words = f"{document.title}\n{document.text}"
        if "爆炸" in words and self.broken:
            raise ZeroDivisionError("a bug in the classifier")
        relevant = "区块链" in words or "blockchain" in words
        return self._make(relevant=relevant, score=0.9 if relevant else 0.1, topics=("blockchain",) if relevant else ())


class PlainRenderer:
    """Renders subjects only: a part for every `stories_per_part` stories, all in one while that is 0."""

    def __init__(self) -> None:
        self.stories_per_part = 0
        self.breaks = False
        self.forgets = 0
        """Stories that it leaves out without a word, once."""
        self.rendered: list[tuple[Content, ChannelForm, int]] = []

    def render(self, content: Content, form: ChannelForm, *, brevity: int = 0) -> tuple[Part, ...]:
        """Render a content."""
        if self.breaks:
            raise ZeroDivisionError("a fault of a template")
        self.rendered.append((content, form, brevity))
        if content.kind in (AlertKind.NOTICE, AlertKind.TEST):
            return (self._part(content, content.subject, (), brevity=brevity),)
        titles = {story_number(one): one.item.title for one in content.told}
        if brevity == BRIEFEST:
            return (replace(self._part(content, f"{len(titles)} stories", (), brevity=brevity), more=len(titles)),)
        stories = list(titles)[: len(titles) - self.forgets]
        self.forgets = 0
        step = self.stories_per_part or max(1, len(stories))
        pages = [tuple(stories[at : at + step]) for at in range(0, len(stories), step)]
        return tuple(
            replace(
                self._part(content, ", ".join(titles[one] for one in page), page, brevity=brevity),
                number=number,
                count=len(pages),
            )
            for number, page in enumerate(pages, start=1)
        )

    def _part(self, content: Content, words: str, stories: tuple[int, ...], *, brevity: int) -> Part:
        digest = f"digest {content.route} of " if content.kind is AlertKind.DIGEST else ""
        subject = f"{digest}{words}{' in short' * brevity}{' (possible repeat)' if content.possible_repeat else ''}"
        return Part(
            number=1, count=1, subject=subject, body=content.body or subject, stories=stories, items=len(stories)
        )


class FakeSender:
    """Keeps what it is given; answers from a script, then accepts."""

    def __init__(self, *channels: str) -> None:
        self.names = channels or ("desk",)
        self.sent: list[tuple[str, Part]] = []
        self.tried: list[tuple[str, Part]] = []
        self.script: list[DeliveryReport] = []
        self.before_send: Callable[[], None] = lambda: None
        self.after_send: Callable[[], None] = lambda: None

    def forms(self) -> tuple[ChannelForm, ...]:
        """Return the forms of its channels."""
        return tuple(
            ChannelForm(channel=ChannelId(name), kind=ChannelKind.OTHER, max_title=100, max_body=0)
            for name in self.names
        )

    async def send_part(self, channel: ChannelId, part: Part) -> DeliveryReport:
        """Answer from the script."""
        self.before_send()
        self.tried.append((channel, part))
        report = self.script.pop(0) if self.script else DeliveryReport(verdict=DeliveryVerdict.ACCEPTED)
        if report.verdict is DeliveryVerdict.ACCEPTED:
            self.sent.append((channel, part))
        self.after_send()
        return report

    @property
    def subjects(self) -> list[str]:
        """Subjects of what was accepted, in order."""
        return [part.subject for _, part in self.sent]


class DailyAtNine:
    """A cron that knows three expressions: nine every day, every hour, and new year."""

    def next_after(self, expression: str, *, zone: str, after: datetime) -> datetime:
        """Return the next nine o'clock, full hour, or new year."""
        local = after.astimezone(ZoneInfo(zone))
        if expression == "0 0 1 1 *":
            return local.replace(year=local.year + 1, month=1, day=1, hour=0, minute=0).astimezone(UTC)
        if expression == "0 * * * *":
            return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC) + timedelta(hours=1)
        assert expression == "0 9 * * *"
        today = local.replace(hour=9, minute=0, second=0, microsecond=0)
        return (today if today > local else today + timedelta(days=1)).astimezone(UTC)


@pytest.fixture
def cron() -> DailyAtNine:
    """A cron that fires at nine."""
    return DailyAtNine()


@pytest.fixture
def operators(notifier: FakeSender) -> Operators:
    """Operators at all channels of the notifier."""
    return Operators(channels=tuple(ChannelId(name) for name in notifier.names))


@pytest.fixture
def notices(operators: Operators, clock: Any) -> Notices:
    """Notices to the operators."""
    return Notices(operators, clock)


@pytest.fixture
def make_means(renderer: PlainRenderer, notifier: FakeSender, operators: Operators) -> Callable[..., DeliveryMeans]:
    """Maker of means: routes by keyword, no storm breaker unless asked for, other things as they are given."""

    def make(*routes: Route, **changes: Any) -> DeliveryMeans:
        by_id = {route.id: route for route in routes}
        sources = changes.pop("sources", lambda _: None)
        pacing = PacingMeans(
            routes=by_id,
            operators=changes.pop("operators", operators),
            storm=changes.pop("storm", StormRules(most=0)),
            lull=changes.pop("lull", timedelta(minutes=10)),
            matcher=lambda match: OrderedRouteMatcher((Route(id=RouteId("@silence"), match=match),)),
            sources=sources,
        )
        limits = DispatchLimits(
            max_attempts=3, lease=timedelta(minutes=2), timeout=timedelta(seconds=30), max_per_digest=2
        )
        return DeliveryMeans(
            renderer=renderer,
            sender=notifier,
            limits=replace(limits, **changes),
            lookups=Lookups(sources=sources, routes=by_id),
            pacing=pacing,
        )

    return make


@pytest.fixture
def database(empty_file: Path) -> Iterator[SqlDatabase]:
    """An empty database at the schema of the program."""
    database = SqlDatabase(f"sqlite:///{empty_file}")
    yield database
    database.close()


@pytest.fixture
def offload() -> InlineOffload:
    """Work done in place."""
    return InlineOffload()


@pytest.fixture
def classifier(make_classification: Callable[..., Classification]) -> WordClassifier:
    """A classifier that knows one word."""
    return WordClassifier(make_classification)


@pytest.fixture
def renderer() -> PlainRenderer:
    """A renderer of subjects."""
    return PlainRenderer()


@pytest.fixture
def notifier() -> FakeSender:
    """A sender with the channel `desk`."""
    return FakeSender()


class Newsroom:
    """Intake, keeper and database with sources as they are named: `gov…` are those of the city of Shanghai."""

    def __init__(self, database: SqlDatabase, make: dict[str, Any], *, clock: Any, finder: Any) -> None:
        self.database, self.clock, self._make, self.finder = database, clock, make, finder
        self.linker = StoryLinker(finder)
        self.routes: list[Route] = [make["route"]()]
        self._shared: dict[str, Any] = {
            "database": database,
            "linker": self.linker,
            "copies": CopyFinder(ShingleFingerprinter()),
            "offload": InlineOffload(),
            "clock": clock,
        }
        self.classifier = WordClassifier(make["classification"])
        self.reopen()

    def reopen(self) -> None:
        """Begin anew with what is stored, and with the routes that are set now."""
        self.intake = StoringIntake(
            **self._shared,
            rules=JudgingRules(
                classifier=self.classifier,
                finder=self.finder,
                matcher=OrderedRouteMatcher(self.routes),
                limits=IntakeLimits(),
                routes=self.routes,
                sources=self.source,
            ),
            network=NetworkWatch(hosts=9),
            jitter=lambda: 0.0,
        )
        self.keeper = StoryKeeper(
            **self._shared,
            memory=lambda: StoryMemory(within=timedelta(days=30), lineage=timedelta(days=730)),
            telling=lambda: self.intake.telling,
        )

    def source(self, source_id: str) -> Source:
        """Return the source of a name."""
        fields: dict[str, Any] = {"id": source_id}
        if source_id.startswith("gov"):
            fields |= {"voice": Voice.AUTHORITY, "jurisdiction": "cn-sh", "issuer": "上海市人民政府"}
        return self._make["source"](**fields)  # type: ignore[no-any-return]

    def accept(
        self, n: int, title: str, *, source: str = "", synced_at: datetime | None = None, first: bool = False,
        **fields: Any,
    ) -> Item:  # fmt: skip
        """Let an article be found; what it says is its title and, by default, a text of its own.

        Its source was first read just now, or at a moment, or, with `first`, never before.
        """
        outlet = self.source(source or f"outlet{n}")
        synced = None if first else synced_at or self.clock.now()
        state = self._make["state"](source_id=outlet.id, first_synced_at=synced)
        url = f"https://{outlet.id}.example/{n}"
        published = self._make["published"](at=self.clock.now())
        text = f"区块链 {n} " + "".join(chr(0x4E00 + n * 97 + k) for k in range(60))
        article = self._make["article"](
            n, **{"url": url, "title": title, "text": text, "published": published, **fields}
        )
        entry = self._make["entry"](n, source_id=outlet.id, url=url, title=title, published=published)
        accepted = self.intake._accept(self._make["poll"](source=outlet, state=state), entry, article)
        return self.item(accepted.item_id)

    def store(self, n: int, **fields: Any) -> ItemId:
        """Store an item in no story, as a crash or an older program may leave it."""
        fields = {"classification": self._make["classification"](), "source_id": f"outlet{n}", **fields}
        with self.database.unit_of_work() as uow:
            item_id = uow.items.add(self._make["item"](n, **fields))
            uow.commit()
        return item_id

    def item(self, item_id: int) -> Item:
        """Return an item."""
        with self.database.reading() as uow:
            found = uow.items.get(ItemId(item_id))
        assert found is not None
        return found

    def story(self, of: Item | int) -> Story:
        """Return the story of an item as it is now, or one by its number."""
        number = of if isinstance(of, int) else self.item(of.id).story_id
        with self.database.reading() as uow:
            found = uow.stories.get(StoryId(number or 0))
        assert found is not None
        return found

    def stories(self) -> list[Story]:
        """Return all stories by their numbers."""
        with self.database.reading() as uow:
            return sorted(uow.stories.list(WantedStories(relevant_only=False), limit=999), key=lambda story: story.id)

    def log(self, of: Item) -> list[StoryEvent]:
        """Return the log of an item's story."""
        with self.database.reading() as uow:
            return list(uow.stories.events(self.story(of).id))

    def kinds(self, of: Item) -> list[str]:
        """Return the kinds of entries in the log of an item's story."""
        return [event.kind.value for event in self.log(of)]

    def outbox(self) -> list[Alert]:
        """Return every alert, the oldest first."""
        with self.database.reading() as uow:
            return list(reversed(uow.outbox.list(limit=999)))


@pytest.fixture
def newsroom(
    database: SqlDatabase, clock: Any, story_finder: Any, make_route: Any, make_source: Any, make_state: Any,
    make_poll: Any, make_entry: Any, make_article: Any, make_item: Any, make_published: Any, make_classification: Any,
) -> Newsroom:  # fmt: skip
    """A newsroom with one route that tells everything at once to `desk`."""
    make = {
        "route": make_route, "source": make_source, "state": make_state, "poll": make_poll, "entry": make_entry,
        "article": make_article, "item": make_item, "published": make_published, "classification": make_classification,
    }  # fmt: skip
    return Newsroom(database, make, clock=clock, finder=story_finder)
