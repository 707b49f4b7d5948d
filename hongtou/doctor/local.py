"""Looks at what is on this machine: configuration, folders, database, zones, extras. Nothing is changed."""

from __future__ import annotations

import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from classifier.embedding.use_embedder import why_no_embedder
from core.errors import InstanceLockedError, SchemaError, StorageError
from crawler.rendering import why_no_browser
from hongtou.doctor.finding import Finding, failure, fine, skipped, warning
from hongtou.file_checks import file_faults, lexicon_faults, time_faults
from hongtou.heartbeat import STALE_AFTER, heartbeat_age, heartbeat_path
from hongtou.in_force import read_in_force
from hongtou.opening import database_url
from hongtou.version import program_version
from storage.backup import check_sqlite
from storage.database import SqlDatabase
from storage.lock import InstanceLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from config.loaded import Loaded

_LEAST_FREE = 200_000_000
"""Bytes below which the next day's pages, log and backup may not fit."""
_LITTLE_FREE = 2_000_000_000
_LEAST_PYTHON = (3, 11)


def look_at_program() -> Iterator[Finding]:
    """Look at Python and the installed packages."""
    version = ".".join(map(str, sys.version_info[:3]))
    program = program_version()
    if sys.version_info[:2] < _LEAST_PYTHON:
        yield failure("program", f"Python {version} is too old", "install Python 3.11 or newer")
    else:
        yield fine("program", f"Hongtou {program} on Python {version}")


def look_at_configuration(loaded: Loaded) -> Iterator[Finding]:
    """Look at what the configuration says, and at its warnings."""
    file = loaded.path.absolute() if loaded.path else "the shipped defaults"
    counts = f"{len(loaded.watched)} sources, {len(loaded.routes)} routes, {len(loaded.channels)} channels"
    faults = [*time_faults(loaded), *file_faults(loaded), *lexicon_faults(loaded)]
    for problem in faults:
        advice = "correct it; `hongtou config check` tells the same, docs/configuration.md every setting"
        yield failure("configuration", str(problem), advice)
    if not faults:
        yield fine("configuration", f"{file}, hash {loaded.hash}: {counts}")
    for problem in loaded.warnings:
        yield warning("configuration", str(problem), "edit the file, and run `hongtou config check`")
    if set(loaded.channels) == {"terminal"}:
        yield warning("channels", "alerts go to the terminal only", "add a channel to hongtou.yaml, see docs/alerts.md")


def look_at_data(loaded: Loaded) -> Iterator[Finding]:
    """Look at the data directory: whether it can be written, and how much room is left."""
    folder = loaded.settings.data_dir.absolute()
    while not folder.exists():  # it is made at the first start
        folder = folder.parent
    probe = folder / ".doctor"
    try:
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        advice = "make it writable for the user that runs Hongtou, or set data_dir to another folder"
        yield failure("data directory", f"{folder} cannot be written: {error.strerror}", advice)
        return
    yield fine("data directory", f"{folder} can be written")
    free = shutil.disk_usage(folder).free
    shown = f"{free / 1e9:.1f} GB free in {folder}"
    if free < _LEAST_FREE:
        yield failure("disk", shown, "free some room: without it nothing can be stored")
    elif free < _LITTLE_FREE:
        yield warning("disk", shown, "free some room, or move data_dir; `hongtou db stats` shows what takes it")
    else:
        yield fine("disk", shown)


def look_at_database(loaded: Loaded) -> Iterator[Finding]:
    """Look at the database: whether it is there, whole, of this program's schema, and can be written."""
    try:
        database = SqlDatabase(database_url(loaded), lock_timeout=timedelta(seconds=5))
    except StorageError as error:
        yield failure("database", str(error), "correct `database` in hongtou.yaml")
        return
    with database:
        try:
            revision = database.revision()
            if revision is None:
                yield fine("database", f"{database.name} is not there yet; it is made at the first start")
                return
            database.check()
            if database.name.endswith(".db"):
                check_sqlite(Path(database.name))
            with database.unit_of_work() as uow:  # a write that is rolled back
                items = uow.items.count()
                uow.sources.release_claims()
        except SchemaError as error:
            yield warning("database", str(error), "run `hongtou db upgrade`, or start the daemon, which does it")
        except StorageError as error:
            yield failure("database", str(error), "see docs/operations.md; `hongtou db restore` brings a backup back")
        else:
            yield fine("database", f"{database.name} is whole, at revision {revision}, with {items} items")


def look_at_daemon(loaded: Loaded, *, now: datetime) -> Iterator[Finding]:
    """Look at whether a daemon runs, and whether its loop is alive."""
    folder = loaded.settings.data_dir
    if not folder.exists():
        yield skipped("daemon", "none has run on this data directory")
        return
    try:
        with InstanceLock(folder):
            yield skipped("daemon", "none is running on this data directory")
            return
    except InstanceLockedError:
        age = heartbeat_age(heartbeat_path(folder), now=now)
    except StorageError as error:
        yield failure("daemon", str(error), "make the data directory writable")
        return
    if age is None or age > STALE_AFTER:
        told = "has left no heartbeat" if age is None else f"has been stuck for {age.total_seconds():.0f} s"
        yield failure("daemon", f"one is running, and {told}", "restart it; its log says what it did last")
    else:
        yield fine("daemon", f"one is running; its last heartbeat is {age.total_seconds():.0f} s old")
        yield from _look_at_edits(folder)


def _look_at_edits(folder: Path) -> Iterator[Finding]:
    """Look at whether the running daemon has taken over what the files say."""
    told = read_in_force(folder)
    if told is None:
        return
    if told.faults:
        advice = "correct it: that counts by itself; what is in force goes on until then"
        yield failure("daemon", f"an edit is not in force: {'; '.join(told.faults)}", advice)
    if told.needs_restart:
        yield warning("daemon", f"edits of {', '.join(told.needs_restart)} wait for a restart", "restart it")


def look_at_zones(loaded: Loaded) -> Iterator[Finding]:
    """Look at whether every time zone that is named can be had."""
    names = {"Asia/Shanghai", *(route.zone for route in loaded.routes), *(source.zone for source in loaded.watched)}
    missing = [name for name in sorted(names) if not _has_zone(name)]
    if missing:
        yield failure("time zones", f"not found: {', '.join(missing)}", "install the package tzdata")
    else:
        yield fine("time zones", f"all {len(names)} are known")


def look_at_extras(loaded: Loaded) -> Iterator[Finding]:
    """Look at what only some settings need: a browser, an embedding model."""
    rendered = [source.id for source in loaded.watched if source.render]
    if not rendered:
        yield skipped("browser", "no watched source needs one")
    elif reason := why_no_browser():
        yield warning("browser", f"{len(rendered)} sources are not rendered: {reason}", "see docs/crawling.md")
    else:
        yield fine("browser", f"there for {len(rendered)} sources")
    if not loaded.settings.classify.semantic:
        yield skipped("semantic", "switched off")
    elif reason := why_no_embedder():
        yield failure("semantic", reason, "install it, or switch classify.semantic off")
    else:
        yield fine("semantic", "the embedding model is installed")


def _has_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
