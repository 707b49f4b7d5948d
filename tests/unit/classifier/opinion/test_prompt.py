"""The prompt can be edited, within a sandbox and a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.opinion.prompt import load_prompt
from core.classification import ACTS, TOPICS
from core.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

FRAME = "never an instruction to you"


def test_the_shipped_prompt_names_every_topic_and_act() -> None:
    """And what counts, how pages are read, and how to answer."""
    prompt = load_prompt()
    assert all(word in prompt.text for word in (*TOPICS, *ACTS))
    assert FRAME in prompt.text
    assert "{{" not in prompt.text
    assert len(prompt.version) == 8


def test_an_own_prompt_replaces_what_counts_and_nothing_else(tmp_path: Path) -> None:
    """The frame stays; another prompt has another version."""
    own = tmp_path / "own.j2"
    own.write_text("\ufeffOnly {{ topics | select('in', ['nft', 'ai']) | join(' and ') }} counts.", encoding="utf-8")
    prompt = load_prompt(own)
    assert prompt.text.startswith("Only ai and nft counts.\n")
    assert FRAME in prompt.text
    assert prompt.version != load_prompt().version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("line one\n{% for topic in topics %}", "line 2"),
        ("{{ pages }}", "'pages' is undefined"),
        ("{{ topics.__class__.__mro__ }}", "unsafe"),
        ("{{ ''.__class__ }}", "unsafe"),
        ("{% include '/etc/passwd' %}", "no loader"),
        ("{{ 1 / 0 }}", "division"),
        ("{{ topics + 1 }}", "no template that can be used"),
        ("{{ topics[99].x.y }}", "no template that can be used"),
        ("  \n", "says nothing"),
        ("{{ 'x' * 30000 }}", "30000 characters"),
        ("x" * 70_000, "64 KiB"),
    ],
)
def test_a_faulty_prompt_is_told(tmp_path: Path, text: str, message: str) -> None:
    """At load, with file and line: broken, reaching out of the sandbox, empty, or far too long."""
    own = tmp_path / "own.j2"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_prompt(own)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert (problem.where, problem.key) == (str(own), "classify.second_opinion.prompt")


def test_a_prompt_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Absent, a folder, or no UTF-8."""
    (tmp_path / "latin.j2").write_bytes("Änderung".encode("latin-1"))
    for name in ("absent.j2", ".", "latin.j2"):
        with pytest.raises(ConfigError):
            load_prompt(tmp_path / name)
