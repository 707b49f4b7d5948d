"""After a reload every part of the daemon has what a fresh start with the same files would give it.

The daemon's objects are walked as a graph, so that a part which keeps an old value anywhere is found without being
named here; and every setting there is must be seen in it, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from pydantic import BaseModel, SecretStr

from classifier.lexicon_classifier import LexiconClassifier
from classifier.story_reader import LexiconStoryReader
from config.fixed import FIXED
from config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hongtou.wiring import App
    from tests.integration.reload.conftest import Daemon

pytestmark = pytest.mark.integration

OURS = frozenset({"alerts", "classifier", "config", "core", "crawler", "hongtou", "scheduler", "storage"})
PLAIN = (str, int, float, bool, bytes, type(None), timedelta, date, datetime, Enum, Path, type)
SHARED = (LexiconClassifier, LexiconStoryReader)
"""Made once for all daemons here with the same settings; they hold the lexicon, which is large."""
PASSING = frozenset({"_former", "_tried", "_glimpsed", "_asked", "marks", "_forgot_at", "_tidied_at"})
"""Attributes that tell what has happened, not what is in force: threads before, files as seen, rounds done."""
OTHER: dict[str, Any] = {
    "watch.groups": ["own", "more"],
    "watch.tiers": [1, 2, 3],
    "watch.also": ["d"],
    "watch.never": ["a"],
    "crawl.user_agent": "other/1",
    "crawl.proxy": "http://proxy.example:3128",
    "classify.model": "model.json",
    "classify.threshold": 0.6,
    "classify.second_opinion.base_url": "https://other.example/v1",
    "classify.second_opinion.model": "other",
    "classify.second_opinion.key": "secret",
    "classify.second_opinion.prompt": "prompt.j2",
    "classify.second_opinion.price_in": 2,
    "classify.second_opinion.price_out": 2,
    "classify.second_opinion.margin": 0.2,
    "classify.second_opinion.weight": 0.9,
    "channels.desk.url": "webhooks://elsewhere.example/x",
    "channels.desk.language": "zh",
    "channels.desk.template": "mine",
    "channels.desk.gap": "7s",
    "channels.desk.max_size": 500,
    "channels.desk.secret": "secret",
    "routes.now.match.topics": ["ai"],
    "routes.now.match.jurisdictions": ["cn-sh"],
    "routes.now.match.acts": ["plan"],
    "routes.now.match.stages": ["draft"],
    "routes.now.match.sources": ["a"],
    "routes.now.match.groups": ["own"],
    "routes.now.match.languages": ["zh"],
    "routes.now.match.query": "chip",
    "routes.now.match.min_score": 0.9,
    "routes.now.channels": ["ops"],
    "routes.now.cadence": "both",
    "routes.now.cron": "5 5 * * *",
    "routes.now.zone": "Europe/London",
    "routes.now.updates": ["report"],
    "routes.now.group_by": "topic",
    "routes.now.quiet_hours": ["22:00-07:00"],
    "routes.now.language": "zh",
    "routes.now.template": "mine",
    "alerts.notices": ["ops"],
    "alerts.base_url": "https://hongtou.example",
    "operators.channels": ["ops"],
    "operators.never": ["storm"],
    "operators.quiet_hours": ["22:00-07:00"],
    "operators.zone": "Europe/London",
    "operators.heartbeat": "0 8 * * *",
    "polling.tier_weights": [3, 1],
    "rechecks.after": ["2h"],
    "retention.tidy": "5 5 * * *",
    "retention.zone": "Europe/London",
    "backups.folder": "copies",
    "web.listen": "127.0.0.1:8470",
    "log.level": "warning",
    "log.format": "json",
}
"""Another value for each setting that cannot be given one by its type."""
AT_ONCE = 4
"""Sections that are edited together, to be done sooner."""
LEFT_OUT = frozenset({"classify.semantic", "rechecks.enabled", "reload.backtest", "watch.only"})
"""The first needs an extra, the third starts a process; the others would make the rest of their section not count."""
NAMED = {"channels": "desk", "routes": "now"}
"""Whose settings are changed where a section is one of names."""


def leaves(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the dotted key of each setting, with its default."""
    for name, field in model.model_fields.items():
        key = f"{path}{field.alias or name}"
        kind = _section_of(field.annotation)
        if kind is None:
            yield key, field.default
        elif get_args(field.annotation):
            yield from leaves(kind, f"{key}.{NAMED[key]}.")
        else:
            yield from leaves(kind, f"{key}.")


def _section_of(annotation: Any) -> type[BaseModel] | None:
    candidates = (annotation, *get_args(annotation))
    return next((one for one in candidates if isinstance(one, type) and issubclass(one, BaseModel)), None)


def other(key: str, default: Any) -> Any:
    """Return another value than the default."""
    if key in OTHER:
        return OTHER[key]
    if isinstance(default, bool):
        return not default
    if isinstance(default, timedelta):
        return f"{default.total_seconds() * 2 or 3600:g}s"
    assert isinstance(default, int | float), f"{key} needs a value in OTHER"
    return default * 2


def with_value(content: Any, path: list[str], value: Any) -> Any:
    """Return plain data with a value at a path."""
    if not path:
        return value
    inner = content.get(path[0], {}) if isinstance(content, dict) else {}
    return {**(content or {}), path[0]: with_value(inner, path[1:], value)}


class Picture:
    """What an object graph holds, by path; each object is told once."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}
        self._seen: dict[int, Any] = {}

    def walk(self, thing: Any, path: str) -> None:
        """Note what a thing holds."""
        if isinstance(thing, SecretStr):
            self.told[path] = thing.get_secret_value()
        elif isinstance(thing, PLAIN):
            self.told[path] = repr(thing)
        elif isinstance(thing, SHARED):
            self.told[path] = f"{thing.version} {getattr(thing, '_threshold', None)}"
        elif id(thing) not in self._seen:
            self._seen[id(thing)] = thing
            for name, inner in self._inside(thing):
                if name not in PASSING:
                    self.walk(inner, f"{path}.{name}")

    def _inside(self, thing: Any) -> Iterator[tuple[str, Any]]:
        if isinstance(thing, Mapping):
            yield from ((str(key), value) for key, value in thing.items())
        elif isinstance(thing, list | tuple):
            yield from ((str(n), value) for n, value in enumerate(thing))
        elif isinstance(thing, set | frozenset):
            yield "set", repr(sorted(map(repr, thing)))
        elif isinstance(thing, functools.partial):
            yield from (("func", thing.func), ("args", thing.args), ("keywords", thing.keywords))
        elif isinstance(thing, types.MethodType):
            yield from (("self", thing.__self__), ("name", thing.__name__))
        elif isinstance(thing, types.FunctionType):
            names = thing.__code__.co_freevars
            yield from zip(names, (cell.cell_contents for cell in thing.__closure__ or ()), strict=True)
        elif isinstance(thing, ThreadPoolExecutor):
            yield "threads", thing._max_workers
        elif type(thing).__module__.split(".")[0] in OURS:
            yield from self._attributes(thing)

    def _attributes(self, thing: Any) -> Iterator[tuple[str, Any]]:
        slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
        for name in (*slots, *getattr(thing, "__dict__", {})):
            if hasattr(thing, name):
                yield name, getattr(thing, name)


def picture(app: App) -> dict[str, str]:
    """Return what the parts of a daemon hold, and at what gaps its jobs tick."""
    made = Picture()
    made.walk(app, "app")
    return made.told | {f"every.{job.name}": str(job.every()) for job in app.daemon._jobs()}


def sections() -> dict[str, dict[str, Any]]:
    """Return other values of all settings, by the first word of their keys."""
    found: dict[str, dict[str, Any]] = {}
    for key, default in leaves(Settings):
        section = key.split(".")[0]
        if section not in FIXED and key not in LEFT_OUT:
            found.setdefault(section, {})[key] = other(key, default)
    return found


async def test_every_setting_counts_after_a_reload_as_after_a_start(daemon: Daemon) -> None:
    """A few sections after the other, each with all of its settings: the reloaded parts are those of a fresh start."""
    wrong: dict[str, Any] = {}
    every = sections()
    for at in range(0, len(every), AT_ONCE):
        content: Any = daemon.base
        some = list(every)[at : at + AT_ONCE]
        for key, value in (pair for section in some for pair in every[section].items()):
            content = with_value(content, key.split("."), value)
        daemon.write(content)
        await daemon.reload()
        fresh = daemon.build()
        wanted, found = picture(fresh), picture(daemon.app)
        fresh.close()
        differing = [path for path in wanted | found if wanted.get(path) != found.get(path)]
        if differing:
            wrong[" ".join(some)] = {path: (wanted.get(path), found.get(path)) for path in differing}
    assert wrong == {}
