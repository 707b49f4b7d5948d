"""The rehearsal's set-up: a folder with a real configuration, local receivers, and the real daemon as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import MISSING, fields, is_dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import yaml

from core.errors import HongtouError
from hongtou.heartbeat import heartbeat_path
from hongtou.rehearsal.receivers import SmtpSink, WebhookSink
from hongtou.rehearsal.verdict import Sent
from hongtou.rehearsal.web import RehearsalWeb
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from types import TracebackType

    from core.source import Source

GROUP = "rehearsal"
_STOP_WITHIN_S = 30
_READY_WITHIN_S = 60.0
_ROOT = Path(__file__).resolve().parents[2]
"""Where the packages lie, in a checkout as in an installed wheel: the daemon's process must find the same ones."""


class Rehearsal:
    """One rehearsal in one folder. The web and the receivers live in threads here, the daemon in its own process."""

    def __init__(self, folder: Path, *, now: datetime, changes: Mapping[str, Any] | None = None) -> None:
        """Describe the rehearsal.

        Args:
            folder: Where configuration, data and the daemon's log go; must exist.
            now: The moment from which all dates of the web are counted.
            changes: Sections of `hongtou.yaml` to put over the rehearsal's own.
        """
        self.folder = folder
        self.web = RehearsalWeb(now)
        self.mail = SmtpSink()
        self.slack = WebhookSink()
        self.config = folder / "hongtou.yaml"
        self.data = folder / "data"
        self.log = folder / "daemon.log"
        self.daemon: subprocess.Popen[bytes] | None = None
        self._changes = dict(changes or {})
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Open the web and the receivers and write the configuration; the daemon is not started."""
        self._open.enter_context(self.web)
        self._open.enter_context(self.mail)
        self._open.enter_context(self.slack)
        self._write_config()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the daemon, whatever state it is in, and close everything."""
        if self.daemon is not None and self.daemon.poll() is None:
            self.daemon.kill()
            self.daemon.wait()
        self._open.close()

    def start_daemon(self) -> None:
        """Start `hongtou run` on the rehearsal's configuration; its output goes to `log`."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")},
            "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))),
            "PYTHONUTF8": "1",
        }
        heartbeat_path(self.data).unlink(missing_ok=True)  # a predecessor's: `open_database` waits for a new one
        with self.log.open("ab") as output:
            self.daemon = subprocess.Popen(  # noqa: S603 (our own program)
                [sys.executable, "-m", "hongtou", "run", "--config", str(self.config)],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def kill_daemon(self) -> None:
        """End the daemon the way a crash does, with no chance to tidy up."""
        if self.daemon is not None:
            self.daemon.send_signal(signal.SIGKILL)
            self.daemon.wait()

    def stop_daemon(self) -> int:
        """Ask the daemon to stop and return its exit code.

        Raises:
            HongtouError: It did not stop in time.
        """
        if self.daemon is None:
            return 0
        self.daemon.send_signal(signal.SIGTERM)
        try:
            return self.daemon.wait(timeout=_STOP_WITHIN_S)
        except subprocess.TimeoutExpired as error:
            raise HongtouError(f"the daemon did not stop within {_STOP_WITHIN_S} s; see {self.log}") from error

    def check_daemon(self) -> None:
        """Make sure that the daemon still runs.

        Raises:
            HongtouError: It ended by itself; the message holds the end of its log.
        """
        if self.daemon is not None and self.daemon.poll() is not None:
            tail = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise HongtouError(f"the daemon ended by itself with code {self.daemon.returncode}:\n{tail}")

    def open_database(self) -> SqlDatabase:
        """Return the daemon's database, once the daemon has made it and begun to work.

        Raises:
            HongtouError: The daemon ended, or did not begin in time.
        """
        end = time.monotonic() + _READY_WITHIN_S
        while not heartbeat_path(self.data).exists():
            self.check_daemon()
            if time.monotonic() > end:
                raise HongtouError(f"the daemon did not begin within {_READY_WITHIN_S:.0f} s; see {self.log}")
            time.sleep(0.1)
        return SqlDatabase(f"sqlite:///{self.data / 'hongtou.db'}")

    def sent(self) -> Sent:
        """Return what the receivers got so far."""
        return Sent(
            mails=tuple(str(mail.message["Subject"]) for mail in self.mail.mails),
            slack=tuple(str(call.json().get("text", "")) for call in self.slack.calls),
        )

    def _write_config(self) -> None:
        sources = {source.id: source_entry(source) | {"group": GROUP} for source in self.web.sources()}
        folder = self.folder / "sources.d"
        folder.mkdir(exist_ok=True)
        _write_yaml(folder / "rehearsal.yaml", {"sources": sources})
        _write_yaml(self.config, {**self._settings(), **self._changes})

    def _settings(self) -> dict[str, Any]:
        return {
            "data_dir": str(self.data),
            "watch": {"groups": [GROUP]},
            "crawl": {
                "allow_private_addresses": True,
                "delay": "0.05s",
                "timeout": "5s",
                "poll_deadline": "20s",
                "retries": 0,
            },
            "channels": {"desk": {"url": self.mail.url}, "slack": {"url": self.slack.url}},
            "routes": {
                "now": {"channels": ["desk", "slack"], "continue": True},
                "daily": {"channels": ["desk"], "cadence": "digest", "cron": "* * * * *"},
            },
            "alerts": {"catch_up": "0s"},
            "schedule": {"poll_tick": "0.5s", "dispatch_tick": "0.5s", "digest_tick": "1s"},
            "log": {"format": "json"},
        }


def source_entry(source: Source) -> dict[str, Any]:
    """Return a source as the entry of a `sources.d` file that gives it; what has its default is left out."""
    entry = {
        name: value for name, value in _plain(source).items() if name not in ("id", "bounds") and value is not None
    }
    entry["poll"] = {"min": _plain(source.bounds.min_interval), "max": _plain(source.bounds.max_interval)}
    return entry


def _plain(value: Any) -> Any:  # noqa: ANN401 (any field of a source)
    if is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if field.default is MISSING or getattr(value, field.name) != field.default
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}s"
    return dict(value) if hasattr(value, "items") else value


def _write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
