"""What tests of every package share: a clock that stands still, makers of core values, and the real captures."""

from __future__ import annotations

import gc
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
import structlog
from hypothesis import settings

from classifier.lexicon_classifier import LexiconClassifier
from classifier.matching import LexiconMatcher
from config.lexicon import load_lexicon
from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, NewAlert, Route, RouteId
from core.classification import Classification, Evidence, Zone
from core.item import Article, DateOrigin, DatePrecision, Entry, Item, ItemId, Published
from core.source import Poll, Source, SourceId, SourceKind, SourceState, Voice
from core.stories import LinkDecision, Relation
from core.story_traits import StoryMarks, StoryTraits
from hongtou.story_finding import StoryFinder
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from typing import Any

    from core.lexicon import Lexicon
    from core.story_traits import StoryCandidate, Telling

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")  # a busy machine is no failing example

FIRST = ("e2e", "integration", "complaints", "contract", "quality")
"""Folders whose modules take longest, the longest first."""
NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
"""Where every test's clock starts: ten in the morning in Shanghai."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while all modules are imported and tests made, nor among them afterwards: they stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long modules before short ones, else at random: a worker that has one left makes the other wait for it."""
    folders = [Path(__file__).parent / folder for folder in FIRST]
    items.sort(
        key=lambda item: next((n for n, folder in enumerate(folders) if folder in item.path.parents), len(FIRST))
    )


class FakeClock:
    """A clock that moves only when it is told to."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the moment it stands at, aware UTC."""
        return self.at

    def advance(self, by: timedelta | None = None, /, **units: float) -> datetime:
        """Move forward by a duration, or by `timedelta` keywords (`minutes=5`); return the new moment."""
        self.at += by if by is not None else timedelta(**units)
        return self.at


@pytest.fixture(autouse=True)
def _logging_of_its_own() -> Iterator[None]:
    """Undo what a test's commands configured: the program sets up logging for its whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def now() -> datetime:
    """The moment at which the clock starts."""
    return NOW


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at `now`."""
    return FakeClock()


@pytest.fixture
def make_published() -> Callable[..., Published]:
    """Maker of publish times: half an hour before `now`, to the minute, from the list."""

    def make(**fields: Any) -> Published:
        defaults: dict[str, Any] = {
            "at": NOW - timedelta(minutes=30),
            "precision": DatePrecision.MINUTE,
            "origin": DateOrigin.LIST,
        }
        return Published(**{**defaults, **fields})

    return make


@pytest.fixture
def make_source() -> Callable[..., Source]:
    """Maker of sources: by default a Chinese crypto feed; `id` also names its host."""

    def make(**fields: Any) -> Source:
        source_id = SourceId(fields.pop("id", "lianwen"))
        defaults: dict[str, Any] = {
            "name": "链闻",
            "name_en": "Chain Gazette",
            "kind": SourceKind.FEED,
            "url": f"https://{source_id}.example/feed.xml",
            "group": "crypto-zh",
            "voice": Voice.PRESS,
        }
        return Source(id=source_id, **{**defaults, **fields})

    return make


@pytest.fixture
def make_state() -> Callable[..., SourceState]:
    """Maker of source states: by default never polled and due now."""

    def make(**fields: Any) -> SourceState:
        defaults: dict[str, Any] = {"source_id": SourceId("lianwen"), "next_due_at": NOW}
        return SourceState(**{**defaults, **fields})

    return make


@pytest.fixture
def make_poll(make_source: Callable[..., Source], make_state: Callable[..., SourceState]) -> Callable[..., Poll]:
    """Maker of polls: `source` and `state` fit each other unless they are given."""

    def make(**fields: Any) -> Poll:
        source = fields.pop("source", None) or make_source()
        state = fields.pop("state", None) or make_state(source_id=source.id)
        return Poll(source=source, state=state, **{"started_at": NOW, **fields})

    return make


@pytest.fixture
def make_entry(make_published: Callable[..., Published]) -> Callable[..., Entry]:
    """Maker of entries; `n` gives each its own address and title."""

    def make(n: int = 1, **fields: Any) -> Entry:
        defaults: dict[str, Any] = {
            "source_id": SourceId("lianwen"),
            "url": f"https://lianwen.example/news/{n}",
            "title": f"某市发布区块链产业行动计划（第{n}版）",
            "published": make_published(),
        }
        return Entry(**{**defaults, **fields})

    return make


@pytest.fixture
def make_article(make_published: Callable[..., Published]) -> Callable[..., Article]:
    """Maker of articles; `n` gives each its own address, title and text."""

    def make(n: int = 1, **fields: Any) -> Article:
        defaults: dict[str, Any] = {
            "url": f"https://lianwen.example/news/{n}",
            "title": f"某市发布区块链产业行动计划（第{n}版）",
            "text": f"某市政府办公厅印发第{n}版区块链产业行动计划，提出建设公共服务平台。",
            "language": "zh",
            "published": make_published(),
        }
        return Article(**{**defaults, **fields})

    return make


@pytest.fixture
def make_item(make_published: Callable[..., Published]) -> Callable[..., Item]:
    """Maker of items; `n` gives each its own id, address and words."""

    def make(n: int = 1, **fields: Any) -> Item:
        defaults: dict[str, Any] = {
            "id": ItemId(n),
            "source_id": SourceId("lianwen"),
            "url": f"https://lianwen.example/news/{n}",
            "canonical_url": f"https://lianwen.example/news/{n}",
            "guid": None,
            "title": f"某市发布区块链产业行动计划（第{n}版）",
            "text": f"某市政府办公厅印发第{n}版区块链产业行动计划，提出建设公共服务平台。",
            "summary": "",
            "language": "zh",
            "published": make_published(),
            "first_seen_at": NOW,
            "updated_at": NOW,
            "content_hash": f"1:{n:040x}",
            "entry_hash": f"1:{n:016x}",
        }
        return Item(**{**defaults, **fields})

    return make


@pytest.fixture
def make_evidence() -> Callable[..., Evidence]:
    """Maker of evidence: by default the word 区块链 in the title of `make_item`'s items."""

    def make(**fields: Any) -> Evidence:
        defaults: dict[str, Any] = {
            "concept": "tech.blockchain",
            "kind": "technology",
            "zone": Zone.TITLE,
            "start": 4,
            "end": 7,
            "text": "区块链",
            "contribution": 1.5,
        }
        return Evidence(**{**defaults, **fields})

    return make


@pytest.fixture
def make_classification(make_evidence: Callable[..., Evidence]) -> Callable[..., Classification]:
    """Maker of classifications: by default relevant, a Shanghai blockchain plan."""

    def make(**fields: Any) -> Classification:
        defaults: dict[str, Any] = {
            "relevant": True,
            "score": 0.9,
            "topics": ("blockchain",),
            "jurisdiction": "cn-sh",
            "act": "plan",
            "evidence": (make_evidence(),),
            "documents": (),
            "document_numbers": (),
            "reason": "A plan of an authority about blockchain.",
            "classifier": "fake-1",
        }
        return Classification(**{**defaults, **fields})

    return make


@pytest.fixture
def make_route() -> Callable[..., Route]:
    """Maker of routes: by default one that tells everything at once to the channel `desk`."""

    def make(**fields: Any) -> Route:
        defaults: dict[str, Any] = {"id": RouteId("all"), "channels": (ChannelId("desk"),)}
        return Route(**{**defaults, **fields})

    return make


class TagReader:
    """A story reader for which items that hold one `#tag` tell one event; breaks on the word 崩溃."""

    version = "tags-1"

    def read(self, telling: Telling) -> StoryMarks:
        """Return tags as subjects, and tags with two signs as documents that are cited."""
        words = f"{telling.title} {telling.text}"
        if "崩溃" in words:
            raise ZeroDivisionError("a bug in the reader")
        subjects, cited = (frozenset(re.findall(rf"(?<!#){sign}(\w+)", words)) for sign in ("#", "##"))
        traits = StoryTraits(
            published_at=telling.published_at,
            language=telling.language,
            relevant=telling.classification is not None and telling.classification.relevant,
            subjects=subjects,
            documents=cited,
        )
        return StoryMarks(traits=traits, keys=tuple(sorted(crc32(tag.encode()) for tag in subjects | cited)))


def decide_by_tags(traits: StoryTraits, candidates: Sequence[StoryCandidate]) -> LinkDecision:
    """Join what shares a tag, or is a copy; follow what is cited."""
    same = [one.story_id for one in candidates if one.traits.subjects & traits.subjects or one.is_copy]
    cited = [one.story_id for one in candidates if one.traits.subjects & traits.documents]
    joined = tuple(dict.fromkeys(same))
    kin = tuple((one, Relation.FINALISES, True, "it is cited") for one in dict.fromkeys(cited) if one not in joined)
    return LinkDecision(
        story_id=joined[0] if joined else None, reason="same tag" if joined else "", same=joined[1:], kin=kin
    )


@pytest.fixture
def story_finder() -> StoryFinder:
    """A finder for which items that hold one `#tag` tell one event, and `##tag` cites another."""
    return StoryFinder(TagReader(), decide_by_tags, window=timedelta(days=30))


@pytest.fixture
def make_new_alert() -> Callable[..., NewAlert]:
    """Maker of alerts to be put into the outbox; `n` gives each its own dedup key and item."""

    def make(n: int = 1, **fields: Any) -> NewAlert:
        return NewAlert(**{**_alert_defaults(n), **fields})

    return make


@pytest.fixture
def make_alert() -> Callable[..., Alert]:
    """Maker of outbox rows; `n` gives each its own id, dedup key and item."""

    def make(n: int = 1, **fields: Any) -> Alert:
        return Alert(**{"id": AlertId(n), **_alert_defaults(n), **fields})

    return make


def _alert_defaults(n: int) -> dict[str, Any]:
    return {
        "dedup_key": f"item:{n}:all:desk",
        "kind": AlertKind.ITEM,
        "channel": ChannelId("desk"),
        "state": AlertState.PENDING,
        "created_at": NOW,
        "route": RouteId("all"),
        "item_id": ItemId(n),
        "reason": "every relevant item",
    }


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file at the schema of the program with nothing in it: to migrate costs more than most tests."""
    file = tmp_path_factory.mktemp("migrated") / "hongtou.db"
    with SqlDatabase(f"sqlite:///{file}") as database:
        database.migrate()
    return file


@pytest.fixture
def empty_file(tmp_path: Path, migrated_file: Path) -> Path:
    """A copy of it, `hongtou.db` in the test's own folder."""
    copyfile(migrated_file, tmp_path / "hongtou.db")
    return tmp_path / "hongtou.db"


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    return load_lexicon()


@pytest.fixture(scope="session")
def matcher(lexicon: Lexicon) -> LexiconMatcher:
    """A matcher of the shipped lexicon."""
    return LexiconMatcher(lexicon)


@pytest.fixture(scope="session")
def judge(lexicon: Lexicon) -> LexiconClassifier:
    """A classifier on the shipped lexicon, at the default threshold."""
    return LexiconClassifier(lexicon, threshold=0.5)


@pytest.fixture(scope="session")
def captures_dir() -> Path:
    """The folder of real captures beside the checkout."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "captures"
    if not folder.is_dir():
        pytest.skip("the real captures are not beside this checkout (../shared/captures)")
    return folder
