"""A whole daemon on real files that ticks nothing: its files are edited, and it is asked to look at them."""

from __future__ import annotations

from importlib import resources
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

from classifier.story_reader import LexiconStoryReader
from config.loader import load_settings
from hongtou import fitting, parts
from hongtou.wiring import App, build_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.loaded import Loaded

BASE: dict[str, Any] = {
    "reload": {"backtest": "0s"},
    "watch": {"groups": ["own"]},
    "channels": {"desk": {"url": "webhooks://desk.example/x"}, "ops": {"url": "jsons://ops.example/x"}},
    "routes": {"now": {"channels": ["desk"]}, "daily": {"enabled": False}, "digest": {"cadence": "digest"}},
    "classify": {"second_opinion": {"base_url": "https://ai.example/v1", "model": "m", "price_in": 1, "price_out": 1}},
}


class Daemon:
    """A daemon that runs nothing, whose files are edited."""

    base = BASE

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "hongtou.yaml"
        (folder / "sources.d").mkdir()
        entry = {"name": "源", "name_en": "Source", "kind": "feed", "voice": "press", "language": "zh"}
        tiers = {"a": ("own", 1), "b": ("own", 1), "c": ("more", 1), "d": ("else", 3), "e": ("own", 3)}
        sources = {
            name: {**entry, "group": group, "tier": tier, "url": f"https://{name}.example/feed"}
            for name, (group, tier) in tiers.items()
        }
        (folder / "sources.d" / "own.yaml").write_text(yaml.safe_dump({"sources": sources}), encoding="utf-8")
        (folder / "model.json").write_text(resources.files("classifier").joinpath("model.json").read_text("utf-8"))
        shipped = resources.files("classifier.opinion").joinpath("prompt.j2").read_text("utf-8")
        (folder / "prompt.j2").write_text(shipped, encoding="utf-8")
        (folder / "templates.d" / "mine").mkdir(parents=True)
        self.write(BASE)
        self.app = self.build()

    def write(self, content: Any) -> None:
        """Write the file."""
        self.file.write_text(yaml.safe_dump({"data_dir": str(self.folder / "data"), **content}), encoding="utf-8")

    def build(self) -> App:
        """Return a daemon that was started now."""
        return build_app(self.load(), terminal=StringIO(), load=self.load)

    def load(self) -> Loaded:
        """Read the files."""
        return load_settings(self.file, environ={})

    async def reload(self) -> None:
        """Have the daemon take the files over, and do a round of those that change from one round to the next."""
        self.reloader.request()
        await self.reloader.look()
        assert self.app.live.faults == ()
        for one in self.app.daemon._further:
            if one.name in ("health", "recheck"):
                await one.run()

    @property
    def reloader(self) -> Any:
        """What looks at the files."""
        (job,) = [job for job in self.app.daemon._further if job.name == "reload"]
        return cast("Any", job.run).__self__

    async def look(self, times: int = 2) -> None:
        """Look so often: once to see an edit, and once to see that it rests."""
        for _ in range(times):
            await self.reloader.look()

    @property
    def notices(self) -> list[str]:
        """Subjects of the notices, oldest first, each once a channel."""
        with self.app.database.reading() as uow:
            return [alert.subject for alert in reversed(uow.outbox.list(limit=999)) if alert.channel == "desk"]


@pytest.fixture(scope="session")
def lexicon() -> Any:
    """The shipped lexicon, what reads it for stories, and classifiers by model: each takes half a second to make."""
    made = parts.build_lexicon(load_settings(None, environ={}))
    return made, LexiconStoryReader(made), {}


@pytest.fixture
def daemon(tmp_path: Path, lexicon: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """A daemon; what reads the lexicon is made once."""
    build, made, classifiers = parts.build_classifier, dict[str, Any](), lexicon[2]

    def classifier(loaded: Loaded, lexicon: Any, **options: Any) -> Any:
        classify = loaded.settings.classify
        if classify.model not in classifiers:
            classifiers[classify.model] = build(loaded, lexicon, **options)
        return classifiers[classify.model].at(classify.threshold)

    def words(loaded: Loaded) -> Any:
        if not loaded.lexicon_paths:
            return lexicon[0]
        key = str([(path, path.is_file() and path.read_bytes()) for path in loaded.lexicon_paths])
        if key not in made:
            made[key] = read(loaded)
        return made[key]

    read = parts.build_lexicon
    monkeypatch.setattr(fitting, "build_lexicon", words)
    monkeypatch.setattr(fitting, "build_classifier", classifier)
    monkeypatch.setattr(parts, "LexiconStoryReader", lambda *_, **__: lexicon[1])
    monkeypatch.chdir(tmp_path)
    one = Daemon(tmp_path)
    yield one
    one.app.close()
