"""Edits of the configuration count whole and at once, or not at all and loudly."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import pytest
import structlog
import yaml

from alerts.apprise_notifier import AppriseNotifier
from classifier.fingerprints import ShingleFingerprinter
from config.loader import load_settings
from core.errors import StorageError
from core.network import NetworkWatch
from core.outcome import Validators
from core.source import SourceId
from hongtou import fitting
from hongtou.copies import CopyFinder
from hongtou.daemon import Daemon
from hongtou.differences import compare
from hongtou.dispatch import Dispatcher
from hongtou.fitting import channel_addresses, fit, refit
from hongtou.health import HealthReviewer
from hongtou.in_force import InForce, in_force_path, read_in_force
from hongtou.intake import StoringIntake
from hongtou.linking import StoryLinker
from hongtou.live import Effective, Live, UseCases
from hongtou.notices import Notices
from hongtou.rechecking import Rechecker
from hongtou.reloading import Reading, Reloader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.loaded import Loaded
    from config.settings import CrawlSettings
    from storage.database import SqlDatabase

SOURCE = {
    "name": "源", "name_en": "Source", "kind": "feed", "group": "own", "voice": "press", "language": "zh",
}  # fmt: skip
BASE: dict[str, Any] = {
    "watch": {"groups": ["own"]},
    "channels": {"desk": {"url": "terminal:"}},
    "routes": {"now": {"channels": ["desk"]}},
}


class NamedClassifier:
    """A classifier of a version."""

    matcher = None

    def __init__(self, version: str) -> None:
        self.version = version

    def classify(self, document: Any) -> Any:
        """Judge nothing."""
        raise AssertionError(document)


class FakeCrawling:
    """Keeps the settings it is to crawl by."""

    def __init__(self) -> None:
        self.used: list[tuple[CrawlSettings, Any]] = []

    def use(self, settings: CrawlSettings, *, archive: Any) -> None:
        """Keep them."""
        self.used.append((settings, archive))


class FakeThreads:
    """Takes any number of threads."""

    def use(self, *, threads: int) -> None:
        """Take it."""
        assert threads > 0


class Stage:
    """A daemon's use cases on a folder with files, and a reloader over them."""

    def __init__(self, folder: Path, *, database: SqlDatabase, offload: Any, clock: Any) -> None:
        self.folder, self.database, self.clock, self.offload = folder, database, clock, offload
        self.file = folder / "hongtou.yaml"
        (folder / "sources.d").mkdir()
        (folder / "data").mkdir()
        self.environ = {"HONGTOU_DATA_DIR": str(folder / "data")}
        self.told: list[Effective] = []
        self.loads = 0
        self.write(BASE)
        self.write_sources("a", "b")

    def write(self, content: object) -> None:
        """Write the file; never in the same state as before."""
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
        replaced = self.file.with_suffix(".new")
        replaced.write_text(text, encoding="utf-8")
        os.replace(replaced, self.file)  # noqa: PTH105 - what editors do

    def write_sources(self, *ids: str, **changes: Any) -> None:
        """Write the sources."""
        entries = {name: {**SOURCE, "url": f"https://{name}.example/feed", **changes.get(name, {})} for name in ids}
        (self.folder / "sources.d" / "own.yaml").write_text(yaml.safe_dump({"sources": entries}), encoding="utf-8")

    def load(self) -> Loaded:
        """Read the files."""
        self.loads += 1
        return load_settings(self.file, environ=self.environ)

    def start(self) -> Reloader:
        """Build everything."""
        loaded = load_settings(self.file, environ=self.environ)
        notifier = AppriseNotifier(channel_addresses(loaded), timeout=timedelta(seconds=5), terminal=StringIO())
        first = fit(loaded, notifier)
        shared: dict[str, Any] = {"database": self.database, "offload": self.offload, "clock": self.clock}
        jitter: dict[str, Any] = {"jitter": lambda: 0.0}
        self.network = NetworkWatch(hosts=first.hosts)
        self.copies, self.crawler = CopyFinder(ShingleFingerprinter()), FakeCrawling()
        self.intake = StoringIntake(
            **shared, **jitter, rules=first.rules, copies=self.copies, network=self.network,
            linker=StoryLinker(first.rules.finder),
        )  # fmt: skip
        self.operators = Notices(first.means.pacing.operators, self.clock)
        self.dispatcher = Dispatcher(
            **shared, **jitter, means=first.means, notices=self.operators, cron=cast("Any", None)
        )
        self.daemon = Daemon(
            **shared,
            watch=first.watch,
            times=first.times,
            crawler=cast("Any", None), intake=self.intake, dispatcher=self.dispatcher, notices=self.operators,
            network=self.network,
        )  # fmt: skip
        self.reviewer = HealthReviewer(
            **shared, watched=first.watched, network=self.network, rules=first.health, notices=self.operators
        )
        self.rechecker = Rechecker(
            **shared, **jitter, reader=cast("Any", None), rereader=self.intake, sources=first.watch.sources,
            plan=first.plan, limits=first.looks,
        )  # fmt: skip
        use_cases = UseCases(
            crawler=self.crawler, copies=self.copies, offload=cast("Any", FakeThreads()),
            daemon=self.daemon, intake=self.intake, dispatcher=self.dispatcher, reviewer=self.reviewer,
            rechecker=self.rechecker, network=self.network, notices=self.operators,
        )  # fmt: skip
        self.live = Live(first, use_cases)
        with self.database.unit_of_work() as uow:
            uow.sources.register(list(first.watch.sources), now=self.clock.now())
            uow.commit()
        self.reloader = Reloader(
            **shared,
            live=self.live,
            reading=Reading(load=self.load, fit=refit),
            after=self.told.append,
            notices=self.operators,
        )
        return self.reloader

    async def look(self, times: int = 2) -> None:
        """Look so often: once to see an edit, and once to see that it rests."""
        for _ in range(times):
            await self.reloader.look()

    @property
    def notices(self) -> list[str]:
        """Subjects of the notices, oldest first."""
        with self.database.reading() as uow:
            return [alert.subject for alert in reversed(uow.outbox.list(limit=99))]

    @property
    def bodies(self) -> str:
        """Bodies of the notices."""
        with self.database.reading() as uow:
            return "\n".join(alert.body for alert in uow.outbox.list(limit=99))


@pytest.fixture
async def stage(
    tmp_path: Path,
    database: SqlDatabase,
    offload: Any,
    clock: Any,
    story_finder: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Stage:
    """Use cases with two sources, one route and one channel."""
    monkeypatch.setattr(
        fitting,
        "build_classifier",
        lambda loaded, _: NamedClassifier(f"words-{[path.name for path in loaded.lexicon_paths]}"),
    )
    monkeypatch.setattr(fitting, "build_lexicon", lambda _: None)
    monkeypatch.setattr(fitting, "build_story_finder", lambda *_, **__: story_finder)
    made = Stage(tmp_path, database=database, offload=offload, clock=clock)
    made.start()
    return made


async def test_files_that_stay_are_not_read_again(stage: Stage) -> None:
    """A look costs a few questions to the file system, and nothing else."""
    await stage.look(5)
    assert stage.loads == 0
    assert stage.told == []


async def test_an_edit_counts_once_it_rests(stage: Stage) -> None:
    """A file that is still being written is left alone until two looks see the same."""
    for n in range(3):
        stage.write({**BASE, "classify": {"threshold": 0.6 + n / 100}})
        await stage.look(1)
        assert stage.loads == 0
    await stage.look(1)
    assert stage.live.now.loaded.settings.classify.threshold == 0.62
    assert stage.loads == 1
    await stage.look(3)
    assert stage.loads == 1
    assert [parts.loaded.hash for parts in stage.told] == [stage.live.now.loaded.hash]


async def test_each_reading_gives_its_memory_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Good or bad, what reading took for a moment is handed back once, after what was in force before is gone."""
    in_force: list[Effective] = []
    monkeypatch.setattr("hongtou.reloading.give_back_memory", lambda: in_force.append(stage.live.now))
    await stage.look(3)
    assert in_force == []
    stage.write({**BASE, "classify": {"threshold": 0.6}})
    await stage.look(3)
    assert [parts.loaded.settings.classify.threshold for parts in in_force] == [0.6]
    stage.write("routes: [\n")
    await stage.look(3)
    assert len(in_force) == 2


async def test_an_edit_under_way_is_not_missed(stage: Stage) -> None:
    """What is edited while the file is read and the parts are built counts a moment later."""
    slow_load = stage.load

    def load_and_edit() -> Loaded:
        loaded = slow_load()
        if stage.loads == 1:
            stage.write({**BASE, "classify": {"threshold": 0.8}})
        return loaded

    stage.reloader._reading = Reading(load=load_and_edit, fit=refit)
    stage.write({**BASE, "classify": {"threshold": 0.7}})
    await stage.look()
    assert stage.live.now.loaded.settings.classify.threshold == 0.7
    await stage.look()
    assert stage.live.now.loaded.settings.classify.threshold == 0.8
    await stage.look(3)
    assert stage.loads == 2


async def test_a_good_edit_reaches_everybody(stage: Stage) -> None:
    """Routes, channels, bounds, notices, rechecks and sources: all of it, in one step."""
    stage.write_sources("b", "c")
    stage.write({
        **BASE,
        "channels": {"desk": {"url": "terminal:"}, "ops": {"url": "terminal:"}},
        "routes": {"now": {"channels": ["ops"], "match": {"topics": ["ai"]}}},
        "alerts": {"notices": ["ops"], "max_item_age": "3d", "max_attempts": 2},
        "crawl": {"poll_deadline": "1m", "max_pages_per_poll": 7, "user_agent": "other/1"},
        "archive": {"enabled": True},
        "copies": {"within": "3d"},
        "schedule": {"max_polls": 3, "poll_tick": "7s"},
        "health": {"grace": 2},
        "rechecks": {"max_per_tick": 5, "after": ["2h"]},
    })  # fmt: skip
    await stage.look()
    loaded = stage.live.now.loaded
    assert sorted(stage.daemon._watch.sources) == ["b", "c"]
    assert tuple(stage.dispatcher.means.pacing.routes.values()) == loaded.routes
    times = stage.daemon._times
    assert (times.max_polls, times.poll_deadline, times.poll_tick.total_seconds()) == (3, timedelta(minutes=1), 7)
    [(crawl, archive)] = stage.crawler.used
    assert (crawl.user_agent, archive is not None) == ("other/1", True)
    assert stage.copies.window == timedelta(days=3)
    assert stage.intake._rules.limits.max_pages == 7
    assert stage.intake._rules.limits.max_item_age == timedelta(days=3)
    assert [form.channel for form in stage.dispatcher.means.sender.forms()] == ["desk", "ops"]
    assert stage.dispatcher.means.limits.max_attempts == 2
    assert stage.dispatcher.means.lookups.sources("c") is not None
    await stage.reviewer.review()
    assert stage.operators.operators.channels == ("ops",)
    assert stage.reviewer._rules.grace == 2
    await stage.rechecker.look_again()
    assert (stage.rechecker._limits.max_looks, stage.rechecker._plan.steps) == (5, (timedelta(hours=2),))
    assert sorted(stage.rechecker._sources) == ["b", "c"]
    assert stage.notices == []


async def test_a_new_source_begins_like_on_a_first_start(stage: Stage) -> None:
    """It is due at once and has synced nothing yet; what is known of the others stays, watched or not."""
    with stage.database.unit_of_work() as uow:
        known = uow.sources.get(SourceId("a"))
        assert known is not None
        known = replace(known, first_synced_at=stage.clock.now(), polls=7, next_due_at=stage.clock.now())
        uow.sources.put(known)
        uow.commit()
    stage.write_sources("b", "c")
    await stage.look()
    with stage.database.reading() as uow:
        assert uow.sources.get(SourceId("a")) == known
        new = uow.sources.get(SourceId("c"))
    assert new is not None
    assert (new.first_synced_at, new.next_due_at) == (None, stage.clock.now())
    stage.write_sources("a", "b", "c")
    await stage.look()
    with stage.database.reading() as uow:
        assert uow.sources.get(SourceId("a")) == known


async def test_a_source_that_moved_goes_on_with_what_is_known(stage: Stage) -> None:
    """It is due at once, and the old address's validators are not sent to the new one."""
    later = stage.clock.now() + timedelta(hours=6)
    with stage.database.unit_of_work() as uow:
        state = uow.sources.get(SourceId("a"))
        assert state is not None
        validators = Validators(etag='"x"')
        uow.sources.put(
            replace(
                state, polls=7, items=3, first_synced_at=later, next_due_at=later, validators=validators, body_hash="h"
            )
        )
        uow.commit()
    stage.write_sources("a", "b", a={"url": "https://a.example/moved"})
    await stage.look()
    with stage.database.reading() as uow:
        moved = uow.sources.get(SourceId("a"))
    assert moved is not None
    assert (moved.polls, moved.items, moved.first_synced_at) == (7, 3, later)
    assert (moved.next_due_at, moved.validators, moved.body_hash) == (stage.clock.now(), Validators(), "")
    assert stage.daemon._watch.sources[SourceId("a")].url == "https://a.example/moved"


async def test_a_bad_edit_changes_nothing_and_is_told_once(stage: Stage) -> None:
    """The old configuration stays, the notice names file and line, and each new reason is logged, not told again."""
    before = stage.live.now
    with structlog.testing.capture_logs() as logs:
        stage.write("routes:\n  now:\n    chanels: [desk]\n")
        await stage.look(4)
        stage.write("routes: [\n")
        await stage.look(4)
    assert stage.live.now is before
    assert stage.told == []
    assert stage.notices == ["The configuration has faults, the old one stays in force"]
    assert f"{stage.file}:3: routes.now.chanels: " in stage.bodies
    assert "did you mean" in stage.bodies
    assert [log["event"] for log in logs if log["log_level"] == "error"] == [
        "configuration not reloaded: the old one stays in force"
    ] * 2


async def test_a_mended_edit_counts_and_is_told(stage: Stage) -> None:
    """Whoever was told of the fault is told of its end; another fault later is another notice."""
    stage.write("routes: [\n")
    await stage.look()
    stage.write({**BASE, "classify": {"threshold": 0.7}})
    await stage.look()
    assert stage.live.now.loaded.settings.classify.threshold == 0.7
    stage.clock.advance(minutes=5)
    stage.write("routes: [\n")
    await stage.look()
    assert [subject.removeprefix("The configuration ") for subject in stage.notices] == [
        "has faults, the old one stays in force",
        "is in force again",
        "has faults, the old one stays in force",
    ]


async def test_an_edit_undone_counts_as_mended(stage: Stage) -> None:
    """Nothing changes, nothing is judged again, and people know that the file is in order."""
    stage.write("routes: [\n")
    await stage.look()
    stage.write(BASE)
    await stage.look()
    assert stage.told == []
    assert stage.notices[-1] == "The configuration is in force again"


async def test_what_a_broken_file_lacks_may_come_by_itself(stage: Stage) -> None:
    """A secret file that was missing is found within a minute, without another edit."""
    channels = {"desk": {"url_file": "desk.url"}}
    stage.write({**BASE, "channels": channels})
    await stage.look()
    assert "does not exist" in stage.bodies
    (stage.folder / "desk.url").write_text("terminal:", encoding="utf-8")
    await stage.look(3)
    assert stage.loads == 1
    stage.clock.advance(minutes=1)
    await stage.look(1)
    assert stage.notices[-1] == "The configuration is in force again"


async def test_a_secret_file_is_watched(stage: Stage) -> None:
    """A rotated secret counts like an edit."""
    secret = stage.folder / "desk.url"
    secret.write_text("terminal:", encoding="utf-8")
    stage.write({**BASE, "channels": {"desk": {"url_file": "desk.url"}}})
    await stage.look()
    secret.write_text("jsons://token-of-ours@example.com", encoding="utf-8")
    await stage.look()
    assert [form.kind.value for form in stage.dispatcher.means.sender.forms()] == ["other"]


async def test_files_that_settings_name_are_watched(stage: Stage) -> None:
    """A model that is fitted anew counts, though no setting changed."""
    model = stage.folder / "model.json"
    stage.write({**BASE, "classify": {"model": "model.json"}})
    await stage.look()
    loads = stage.loads
    model.write_text("{}", encoding="utf-8")
    await stage.look()
    assert stage.loads == loads + 1


async def test_a_time_that_never_comes_is_a_bad_edit(stage: Stage) -> None:
    """Also where no route has it: a job would otherwise fail at each of its turns."""
    stage.write({**BASE, "retention": {"tidy": "0 25 * * *"}, "operators": {"heartbeat": "0 0 30 2 *"}})
    await stage.look()
    assert len(stage.notices) == 1
    assert "retention.tidy: " in stage.bodies
    assert "operators.heartbeat: " in stage.bodies


async def test_others_are_told_what_is_in_force(stage: Stage) -> None:
    """A file beside the database says so from the start on, with what is wrong and what waits for a restart."""
    data = stage.folder / "data"
    before = read_in_force(data)
    assert before == InForce(hash=stage.live.now.loaded.hash)
    stage.write("routes: [\n")
    await stage.look()
    told = read_in_force(data)
    assert told is not None
    assert told.hash == before.hash
    assert told.faults == stage.live.faults != ()
    stage.write({**BASE, "database": "sqlite:///other.db"})
    await stage.look()
    assert read_in_force(data) == InForce(hash=stage.live.now.loaded.hash, needs_restart=("database",))
    in_force_path(data).write_text("[]", encoding="utf-8")
    assert read_in_force(data) is None
    in_force_path(data).unlink()
    in_force_path(data).mkdir()
    with structlog.testing.capture_logs() as logs:
        stage.reloader.request()
        await stage.look()
    assert [entry["event"] for entry in logs if entry["log_level"] == "warning"] == [
        "what is in force is not told to others"
    ]


async def test_a_channel_that_cannot_be_built_is_a_bad_edit(stage: Stage) -> None:
    """An address that is none changes nothing, and its secret is told nowhere."""
    stage.write({**BASE, "channels": {"desk": {"url": "nosuch://secret-token@example.com"}}})
    with structlog.testing.capture_logs() as logs:
        await stage.look()
    assert len(stage.notices) == 1
    assert "secret-token" not in stage.bodies + str(logs)
    assert [form.kind.value for form in stage.dispatcher.means.sender.forms()] == ["terminal"]


async def test_words_are_watched(stage: Stage) -> None:
    """A file that comes to lexicon.d makes another classifier; the hash of the settings need not change for it."""
    (stage.folder / "lexicon.d").mkdir()
    (stage.folder / "lexicon.d" / "own.yaml").write_text("concepts: {}\n", encoding="utf-8")
    await stage.look()
    assert stage.intake._rules.classifier.version == "words-['own.yaml']"
    assert len(stage.told) == 1


async def test_what_needs_a_restart_is_refused_and_the_rest_counts(stage: Stage) -> None:
    """One notice names the settings; another edit with the same ones tells nothing more."""
    elsewhere = {"HONGTOU_DATA_DIR": str(stage.folder / "elsewhere")}
    stage.environ = elsewhere
    stage.write({**BASE, "database": "sqlite:///other.db", "classify": {"threshold": 0.7}})
    await stage.look()
    settings = stage.live.now.loaded.settings
    assert (settings.data_dir, settings.database) == (stage.folder / "data", None)
    assert settings.classify.threshold == 0.7
    assert stage.notices == ["A restart is needed for data_dir, database"]
    assert stage.live.needs_restart == ("data_dir", "database")
    stage.write({**BASE, "database": "sqlite:///other.db", "classify": {"threshold": 0.8}})
    await stage.look()
    assert len(stage.notices) == 1
    assert stage.live.now.loaded.settings.classify.threshold == 0.8
    stage.environ = {"HONGTOU_DATA_DIR": str(stage.folder / "data")}
    stage.write(BASE)
    await stage.look()
    assert not cast("tuple[str, ...]", stage.live.needs_restart)


async def test_a_request_reads_at_the_next_look(stage: Stage) -> None:
    """SIGHUP needs no edit, and works where watching is off; an edit alone does nothing there."""
    stage.reloader.request()
    await stage.look(1)
    assert stage.loads == 1
    assert stage.told == []
    stage.write({**BASE, "reload": {"watch": False}})
    await stage.look()
    stage.write({**BASE, "reload": {"watch": False}, "classify": {"threshold": 0.7}})
    await stage.look(4)
    assert stage.live.now.loaded.settings.classify.threshold == 0.5
    stage.reloader.request()
    await stage.look(1)
    assert stage.live.now.loaded.settings.classify.threshold == 0.7


async def test_a_database_that_is_away_is_waited_for(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old configuration stays until new sources can be registered; then the edit counts, without another."""

    def locked() -> Any:
        raise StorageError("the database is locked")

    stage.write_sources("a", "c")
    with monkeypatch.context() as patch:
        patch.setattr(stage.database, "unit_of_work", locked)
        await stage.look(4)
        assert sorted(stage.live.now.watch.sources) == ["a", "b"]
        assert stage.loads == 1
    stage.clock.advance(seconds=15)
    await stage.look(1)
    assert sorted(stage.live.now.watch.sources) == ["a", "c"]
    await stage.look(3)
    assert stage.loads == 2


async def test_a_notice_that_cannot_be_stored_is_logged(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the database away the fault is in the log, and the daemon goes on."""

    def locked() -> Any:
        raise StorageError("the database is locked")

    monkeypatch.setattr(stage.database, "unit_of_work", locked)
    stage.write("routes: [\n")
    with structlog.testing.capture_logs() as logs:
        await stage.look()
    assert [log["log_level"] for log in logs] == ["error", "warning"]


def test_sources_are_compared_by_where_they_are(make_source: Callable[..., Any]) -> None:
    """A new name or interval is no move; another address or way of reading is."""
    old = [make_source(id="a"), make_source(id="b"), make_source(id="gone")]
    new = [make_source(id="a", name="新名"), make_source(id="b", params={"x": "1"}), make_source(id="new")]
    difference = compare({source.id: source for source in old}, {source.id: source for source in new})
    assert (difference.added, difference.removed, difference.moved) == (("new",), ("gone",), ("b",))
