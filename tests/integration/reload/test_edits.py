"""The ways in which files are edited: swapped by links, renamed into place, many times a second, in an open editor."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from structlog.testing import capture_logs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.reload.conftest import Daemon

pytestmark = pytest.mark.integration


class ConfigMap:
    """A volume as Kubernetes mounts one: files are links through `..data`, which is swapped in one step."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.version = folder, 0

    def put(self, **files: bytes) -> None:
        """Put all files in the place of those before, at once."""
        self.version += 1
        fresh, link = self.folder / f"..2026_{self.version}", self.folder / "..data_tmp"
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_bytes(content)
            os.utime(fresh / name, (1_700_000_000, 1_700_000_000))
        link.symlink_to(fresh.name)
        link.rename(self.folder / "..data")
        for name in files:
            path = self.folder / name
            if not path.is_symlink():
                path.unlink(missing_ok=True)
                path.symlink_to(f"..data/{name}")


def threshold(daemon: Daemon) -> float:
    """Return the threshold that is in force."""
    return daemon.app.live.now.loaded.settings.classify.threshold


def text_with(daemon: Daemon, value: float) -> bytes:
    """Return the file with a threshold."""
    content = {**daemon.base, "data_dir": str(daemon.folder / "data")}
    return yaml.safe_dump({**content, "classify": {"threshold": value}}).encode()


async def test_a_config_map_that_is_swapped_counts(daemon: Daemon) -> None:
    """Of files with the same size and time, one link is all that changes; a bad one is told, and swapped back well."""
    volume, sources = ConfigMap(daemon.folder), ConfigMap(daemon.folder / "sources.d")
    listed = (daemon.folder / "sources.d" / "own.yaml").read_bytes()
    for value in (0.6, 0.7):
        volume.put(**{"hongtou.yaml": text_with(daemon, value)})
        await daemon.look()
        assert threshold(daemon) == value
    sources.put(**{"own.yaml": listed})
    await daemon.look()
    sources.put(**{"own.yaml": listed.replace(b"https://b.example/feed", b"https://b.example/news")})
    await daemon.look()
    assert [source.url for source in daemon.app.live.now.loaded.watched if source.id == "b"] == [
        "https://b.example/news"
    ]
    volume.put(**{"hongtou.yaml": b"routes: [\n"})
    await daemon.look()
    assert threshold(daemon) == 0.7
    assert len(daemon.notices) == 1
    volume.put(**{"hongtou.yaml": text_with(daemon, 0.7)})
    await daemon.look()
    assert len(daemon.notices) == 2
    assert daemon.app.live.faults == ()


async def test_an_editors_ways(daemon: Daemon) -> None:
    """A copy renamed into place, a file that is away for a moment, and one written in two steps: each counts once."""
    fresh = daemon.folder / "hongtou.yaml.new"
    fresh.write_bytes(text_with(daemon, 0.6))
    fresh.rename(daemon.file)
    await daemon.look()
    assert threshold(daemon) == 0.6
    daemon.file.rename(daemon.folder / "hongtou.yaml~")
    await daemon.look(1)
    daemon.file.write_bytes(text_with(daemon, 0.7))
    await daemon.look()
    assert threshold(daemon) == 0.7
    daemon.file.write_bytes(b"")
    await daemon.look(1)
    daemon.file.write_bytes(text_with(daemon, 0.8)[:30])
    await daemon.look(1)
    daemon.file.write_bytes(text_with(daemon, 0.8))
    await daemon.look()
    assert threshold(daemon) == 0.8
    assert daemon.notices == []


async def test_fifty_edits_in_a_second_count_as_one(daemon: Daemon) -> None:
    """Nothing is read before the file rests, and then the last edit is in force, good or bad between them or not."""
    with capture_logs() as logs:
        for n in range(50):
            daemon.file.write_bytes(b"routes: [\n" if n % 3 == 0 else text_with(daemon, 0.5 + n / 1000))
            if n % 10 == 0:
                await daemon.look(1)
        await daemon.look(4)
    assert threshold(daemon) == 0.549
    assert [entry["event"] for entry in logs if entry["event"].startswith("configuration ")] == [
        "configuration reloaded"
    ]
    assert daemon.notices == []


async def test_what_editors_leave_beside_a_file_is_no_file_of_ours(daemon: Daemon) -> None:
    """Locks, copies and swap files change nothing, whatever is in them."""
    before = daemon.app.live.now.loaded.hash
    for folder in ("sources.d", "lexicon.d", "templates.d/mine"):
        place = daemon.folder / folder
        place.mkdir(exist_ok=True)
        (place / ".#own.yaml").symlink_to("someone@host.1234:5678")
        for name in (".own.yaml.swp", "._own.yaml", "#own.yaml#", "own.yaml~", ".own.yaml"):
            if folder != "templates.d/mine" or name.startswith("."):
                (place / name).write_bytes(b"\x00\x01 junk: [")
    (daemon.folder / "templates.d" / ".git").mkdir()
    await daemon.look(4)
    assert daemon.app.live.faults == ()
    assert daemon.app.live.now.loaded.hash == before
    assert daemon.notices == []


async def test_a_fault_of_ours_keeps_the_old_one_too(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an edit provokes, work goes on by what is in force, and people are told."""

    def break_(*_: Any) -> Any:
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr("hongtou.fitting._rules", break_)
        daemon.file.write_bytes(text_with(daemon, 0.6))
        await daemon.look()
    assert "ZeroDivisionError: a bug" in daemon.app.live.faults[0]
    assert threshold(daemon) == 0.5
    assert len(daemon.notices) == 1
    await daemon.reload()
    assert threshold(daemon) == 0.6


async def test_files_of_a_folder_may_come_and_go(daemon: Daemon) -> None:
    """A further file counts while it is there; taking it away is no fault."""
    further = daemon.folder / "sources.d" / "more.yaml"
    further.write_text("sources: {a: {enabled: false}}\n", encoding="utf-8")
    await daemon.look()
    assert "a" not in daemon.app.live.now.watch.sources
    further.unlink()
    await daemon.look()
    assert "a" in daemon.app.live.now.watch.sources
    assert daemon.notices == []
