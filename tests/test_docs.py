"""The documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from core import errors
from hongtou.cli.app import app
from hongtou.cli.exits import Exit

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def commands(group: Any, prefix: str = "hongtou") -> list[str]:
    """Return every command that can be typed, groups left out."""
    found = []
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        path = f"{prefix} {name}"
        found += commands(command, path) if hasattr(command, "list_commands") else [path]
    return found


def test_every_command_is_documented_and_every_documented_one_exists() -> None:
    """docs/cli.md has one row a command, and no row of a command that is gone."""
    group = typer.main.get_command(app)
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    table = text.split("## Exit codes")[0]
    documented = {re.sub(r" --.*", "", row) for row in re.findall(r"^\| `(hongtou [^`]+)`", table, flags=re.MULTILINE)}
    assert documented == set(commands(group))


def test_every_exit_code_is_documented() -> None:
    """docs/cli.md tells what each code means."""
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert [code for code in Exit if f"\n| {code.value} |" not in text] == []


def test_the_error_tree_is_drawn_whole() -> None:
    """The drawing in core/errors.py has every error class."""
    classes = [
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.HongtouError)
    ]
    assert [name for name in classes if name not in (errors.__doc__ or "")] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    """Every relative link names a file that is there."""
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_that_documents_name_exist(document: Path) -> None:
    """`make x` in a document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"(?:`|^|\n)make ([a-z-]+)", document.read_text(encoding="utf-8")))
    assert named <= targets
