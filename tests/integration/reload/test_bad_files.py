"""A file that cannot be used leaves everything as it was, is told once with its reason, and mending it is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from hongtou.clock import SystemClock
from hongtou.heartbeat import heartbeat_path, write_heartbeat
from hongtou.web.readiness import look_alive, look_ready

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.reload.conftest import Daemon

pytestmark = pytest.mark.integration

FAULTS = "The configuration has faults, the old one stays in force"
MENDED = "The configuration is in force again"
GOOD: dict[str, str] = {
    "hongtou.yaml": "",  # as the daemon wrote it
    "sources.d/own.yaml": "",
    "lexicon.d/own.yaml": "concepts:\n  tech.blockchain:\n    also: {zh: [某链词]}\n",
    "templates.d/mine/item.slack.j2": "{{ item.title }}\n",
    "desk.url": "webhooks://desk.example/x",
}
"""A file of each kind, by where it stands."""


def broken_yaml(path: Path) -> None:
    """Leave a file as it is while it is being written."""
    path.write_text(path.read_text(encoding="utf-8")[:20] + "\n  {{[", encoding="utf-8")


def not_utf8(path: Path) -> None:
    """Save a file in another encoding."""
    path.write_bytes(path.read_bytes() + b"\n# \xb9\xa4\xd2\xb5 {{ '\xff' }}\n")


def emptied(path: Path) -> None:
    """Leave nothing in a file, as a full disk does."""
    path.write_text("", encoding="utf-8")


def dangling(path: Path) -> None:
    """Put a link in a file's place that leads nowhere."""
    path.unlink()
    path.symlink_to("nowhere")


def a_folder(path: Path) -> None:
    """Put a folder in a file's place."""
    path.unlink()
    path.mkdir()


def a_loop(path: Path) -> None:
    """Let a folder lead to itself, so that it cannot be read, not even by root."""
    folder = path.parent
    folder.rename(folder.with_name("aside"))
    folder.symlink_to(folder.name)


def nowhere(path: Path) -> None:
    """Let a folder lead nowhere, as when what it is on is not mounted."""
    folder = path.parent
    folder.rename(folder.with_name("aside"))
    folder.symlink_to("not-mounted")


EVERY_FILE = [broken_yaml, not_utf8, emptied]
CASES: list[tuple[str, Callable[[Path], None]]] = [
    *((file, fault) for file in GOOD for fault in EVERY_FILE if file != "desk.url" or fault is not broken_yaml),
    *(
        (file, fault)
        for file in ("hongtou.yaml", "sources.d/own.yaml", "lexicon.d/own.yaml")
        for fault in (dangling, a_folder)
    ),
    *((file, fault) for file in ("sources.d/own.yaml", "lexicon.d/own.yaml") for fault in (a_loop, nowhere)),
    ("hongtou.yaml", lambda path: path.unlink()),
    ("desk.url", lambda path: path.unlink()),
]


SOME = CASES[::4]
"""One fault of each kind of file, and a few more."""


class Files:
    """Files of every kind around a daemon."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        for name in ("lexicon.d", "templates.d/mine"):
            (daemon.folder / name).mkdir(parents=True, exist_ok=True)
        for name, text in GOOD.items():
            if text:
                (daemon.folder / name).write_text(text, encoding="utf-8")
        daemon.write({**daemon.base, "channels": {"desk": {"url_file": "desk.url", "template": "mine"}}})
        self.kept = {name: (daemon.folder / name).read_bytes() for name in GOOD}

    def mend(self, name: str) -> None:
        """Put a file back as it was."""
        path = self.daemon.folder / name
        if path.parent.is_symlink():
            path.parent.unlink()
            path.parent.with_name("aside").rename(path.parent)
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.is_dir():
            path.rmdir()
        path.write_bytes(self.kept[name])


@pytest.fixture
async def files(daemon: Daemon) -> Files:
    """Files of every kind that are in force."""
    made = Files(daemon)
    await daemon.reload()
    return made


def ready(daemon: Daemon) -> tuple[bool, str]:
    """Return what the page says of the configuration."""
    heartbeat, now = heartbeat_path(daemon.folder / "data"), SystemClock().now()
    write_heartbeat(heartbeat, now)
    alive = look_alive(heartbeat, now=now)
    health = look_ready(daemon.app.database, alive, daemon.app.live.faults)
    return health.ok, health.checks["configuration"]


@pytest.mark.parametrize(
    "cases", [pytest.param(SOME, id="some"), pytest.param(CASES, id="all", marks=pytest.mark.slow)]
)
async def test_every_way_of_being_bad_of_every_kind_of_file(daemon: Daemon, files: Files, cases: list[Any]) -> None:
    """The parts stay, one notice tells, the log and the page name the file; once it is mended all of that ends."""
    wrong: dict[str, Any] = {}
    before = daemon.app.live.now
    for name, fault in cases:
        told, case = len(daemon.notices), f"{fault.__name__} {name}"
        with capture_logs() as logs:
            fault(daemon.folder / name)
            await daemon.look(4)
        reasons = [entry["problems"] for entry in logs if entry["event"].startswith("configuration not reloaded")]
        seen = {
            "parts": daemon.app.live.now is before,
            "notices": daemon.notices[told:] == [FAULTS],
            "log": len(reasons) == 1 and name.partition("/")[0] in str(reasons[0]),
            "page": not ready(daemon)[0] and name.partition("/")[0] in ready(daemon)[1],
            "crash": not [entry for entry in logs if entry["log_level"] == "critical" or "exc_info" in entry],
        }
        files.mend(name)
        await daemon.look(4)
        seen |= {
            "mended": daemon.notices[told:] == [FAULTS, MENDED],
            "well": ready(daemon) == (True, "ok"),
            "same": daemon.app.live.now.loaded.hash == before.loaded.hash,
        }
        before = daemon.app.live.now
        if not all(seen.values()):
            wrong[case] = (seen, reasons)
    assert wrong == {}
