"""Commands are imported when they are asked for, and their help is told without them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

from hongtou.cli.app import app
from hongtou.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).resolve().parents[3]
_WATCHING = ("scrapy", "twisted.internet", "lxml", "trafilatura", "readability", "feedparser", "dateparser", "pypdf")
_TELLING = ("apprise", "requests", "jinja2")
_JUDGING = ("numpy", "opencc", "ahocorasick_rs", "scipy")
_SERVING = ("fastapi", "starlette", "uvicorn", "prometheus_client")
_STORING = ("sqlalchemy", "alembic")
_CONFIGURING = ("config.settings", "structlog", "rich")
_NOTHING = (*_WATCHING, *_TELLING, *_JUDGING, *_SERVING, *_STORING, *_CONFIGURING)
_STORED = (*_WATCHING, *_TELLING, *_JUDGING, *_SERVING)


def loaded_by(folder: Path, *arguments: str) -> set[str]:
    """Run a command in a process of its own, and return the modules that it had loaded in the end."""
    program = (
        "import json, sys\n"
        "from contextlib import suppress\n"
        "from hongtou.__main__ import main\n"
        "with suppress(SystemExit):\n"
        "    main()\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_ROOT), "HONGTOU_DATA_DIR": str(folder), "HONGTOU_CONFIG": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("command", "absent"),
    [
        ("--help", _NOTHING),
        ("health", _NOTHING),
        ("alerts list", _STORED),
        ("items list", _STORED),
        ("sources list", _STORED),
        ("db stats", _STORED),
    ],
)
def test_a_light_command_loads_nothing_heavy(tmp_path: Path, command: str, absent: tuple[str, ...]) -> None:
    """What a command does not need is not imported: it would take longer than all that the command does."""
    assert loaded_by(tmp_path, *command.split()) & set(absent) == set()


def test_the_list_of_commands_says_what_each_command_says() -> None:
    """What is listed of a command without importing it is the beginning of its own help."""
    told = list(_later(typer.main.get_command(app)))
    assert len(told) > 20
    assert [told_of for told_of in told if not told_of[2].startswith(told_of[1].rstrip("."))] == []


def _later(group: Any) -> Iterator[tuple[str, str, str]]:
    for name, later in group.later.items():
        command = group.get_command(None, name)
        yield later.at, later.help, " ".join((command.help or "").split())
        if isinstance(command, LazyGroup):
            yield from _later(command)


def test_the_list_of_a_group_has_its_own_commands_and_those_that_are_imported_later(commands: Any) -> None:
    """Both kinds of command are listed with their help."""
    listed = commands("alerts", "--help").output
    assert "list     List alerts with their state" in listed
    assert "test     Send a test message through the outbox" in listed


def test_a_command_that_is_not_there_is_refused(commands: Any) -> None:
    """A name that no command has ends with the code of a wrong use."""
    assert commands("alerts", "sing").exit_code == 2
