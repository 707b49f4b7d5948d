"""A real SQLite database, and fakes of what the use cases see beyond it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.alert import Channel, ChannelId, Message, RouteId
from core.outcome import DeliveryReport, DeliveryVerdict
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from core.alert import Told
    from core.classification import Classification, Document


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
    """Renders subjects only."""

    def item(self, told: Told, *, possible_repeat: bool) -> Message:
        """Render an item."""
        return _message(f"{told.item.title}{' (possible repeat)' if possible_repeat else ''}")

    def digest(self, told: Sequence[Told], *, route: RouteId, now: datetime, possible_repeat: bool) -> Message:
        """Render a digest."""
        repeat = " (possible repeat)" if possible_repeat else ""
        return _message(f"digest {route} {now:%H:%M} of {', '.join(one.item.title for one in told)}{repeat}")

    def notice(self, subject: str, body: str) -> Message:
        """Render a notice."""
        return Message(subject=subject, text=body, html=body, markdown=body)


def _message(subject: str) -> Message:
    return Message(subject=subject, text=subject, html=subject, markdown=subject)


class FakeNotifier:
    """Keeps what it is given; answers from a script, then accepts."""

    def __init__(self, *channels: str) -> None:
        self.names = channels or ("desk",)
        self.sent: list[tuple[str, Message]] = []
        self.script: list[DeliveryReport] = []
        self.before_send: Callable[[], None] = lambda: None

    def channels(self) -> tuple[Channel, ...]:
        """Return its channels."""
        return tuple(Channel(id=ChannelId(name), scheme="fake") for name in self.names)

    async def send(self, channel: ChannelId, message: Message) -> DeliveryReport:
        """Answer from the script."""
        self.before_send()
        report = self.script.pop(0) if self.script else DeliveryReport(verdict=DeliveryVerdict.ACCEPTED)
        if report.verdict is DeliveryVerdict.ACCEPTED:
            self.sent.append((channel, message))
        return report

    @property
    def subjects(self) -> list[str]:
        """Subjects of what was accepted, in order."""
        return [message.subject for _, message in self.sent]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqlDatabase]:
    """An empty database at the schema of the program."""
    database = SqlDatabase(f"sqlite:///{tmp_path / 'hongtou.db'}")
    database.migrate()
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
def notifier() -> FakeNotifier:
    """A notifier with the channel `desk`."""
    return FakeNotifier()
