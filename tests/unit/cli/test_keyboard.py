"""Keys are read one by one, typed ahead or not, and the terminal is left as it was."""

from __future__ import annotations

import io
import os
import pty
import termios
from typing import TYPE_CHECKING, TextIO

import pytest
from rich.console import Console
from rich.text import Text

from hongtou.cli.keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    """The hand's end and the program's end of a terminal."""
    master, slave = pty.openpty()
    with open(slave, encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor, not a path
        yield master, stream
    os.close(master)


def test_keys_come_without_enter_also_typed_ahead(terminal: tuple[int, TextIO]) -> None:
    """What was typed before it was asked for is not lost; the terminal is as before afterwards."""
    hand, stream = terminal
    before = termios.tcgetattr(stream)
    with Keyboard(stream) as keys:
        os.write(hand, b"yN")
        assert keys.key() == "y"
        assert keys.key() == "n"
        assert termios.tcgetattr(stream) != before
    assert termios.tcgetattr(stream) == before


def test_arrow_keys_are_no_letters(terminal: tuple[int, TextIO]) -> None:
    """All characters of one are passed over together; Ctrl-D leaves."""
    hand, stream = terminal
    with Keyboard(stream) as keys:
        os.write(hand, b"\x1b[A")
        assert keys.key() == ""
        os.write(hand, b"\x04")
        assert keys.key() == "q"


def test_lines_are_read_as_ever(terminal: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch) -> None:
    """While a line is asked for the terminal is in its own mode; keys go on after it."""
    hand, stream = terminal
    before = termios.tcgetattr(stream)
    modes = []
    shown = io.StringIO()

    def ask(_: object, prompt: Text) -> str:
        modes.append(termios.tcgetattr(stream))
        return f"answer to {prompt}"

    monkeypatch.setattr(Console, "input", ask)
    with Keyboard(stream) as keys:
        assert keys.line(Console(file=shown), Text("topics")) == "answer to topics"
        os.write(hand, b"s")
        assert keys.key() == "s"
    assert modes == [before]


@pytest.mark.parametrize("fault", [EOFError, KeyboardInterrupt])
def test_a_line_that_is_broken_off_is_empty(monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]) -> None:
    """The end of input, or Ctrl-C."""

    def ask(*_: object) -> str:
        raise fault

    monkeypatch.setattr(Console, "input", ask)
    with Keyboard(io.StringIO()) as keys:
        assert keys.line(Console(file=io.StringIO()), Text("topics")) == ""


def test_ctrl_c_leaves(terminal: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a key like q."""

    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    with Keyboard(terminal[1]) as keys:
        monkeypatch.setattr(os, "read", interrupted)
        assert keys.key() == "q"


def test_without_a_terminal_the_stream_is_read_to_its_end() -> None:
    """Characters are keys, and the end leaves."""
    with Keyboard(io.StringIO("Y\x1b")) as keys:
        assert [keys.key() for _ in range(4)] == ["y", "", "q", "q"]
