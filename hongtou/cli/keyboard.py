"""Single keys of a terminal without Enter, and whole lines where text is asked for."""

from __future__ import annotations

import os
import select
import termios
import tty
from typing import TYPE_CHECKING, Any, Self, TextIO

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console
    from rich.text import Text

LEAVE = "q"
"""What the end of input and Ctrl-C count as."""
_ENDS = ("", "\x03", "\x04")
"""End of input, Ctrl-C, Ctrl-D."""
_REST_S = 0.02
"""How long the rest of an arrow key's characters may take."""


class Keyboard:
    """Reads keys while it is open; the terminal is left as it was found.

    It stays in its mode between two keys, so that keys typed ahead are neither lost nor shown. Where there is no
    terminal, keys are the characters of the stream, and its end leaves.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._found: list[Any] = []

    def __enter__(self) -> Self:
        """Put the terminal into its mode for single keys."""
        if self._is_terminal:
            self._found = termios.tcgetattr(self._stream.fileno())
            self._listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Leave the terminal as it was found."""
        self._restore()

    def key(self) -> str:
        """Wait for a key and return it in lower case; an arrow or function key is empty."""
        try:
            pressed = self._pressed() if self._is_terminal else self._stream.read(1)
        except KeyboardInterrupt:
            return LEAVE
        if pressed == "\x1b":
            self._skip_rest()
            return ""
        return LEAVE if pressed in _ENDS else pressed.lower()

    def line(self, console: Console, prompt: Text) -> str:
        """Ask for a line, edited and ended with Enter as ever; the end of input is an empty one."""
        self._restore()
        try:
            return console.input(prompt)
        except (EOFError, KeyboardInterrupt):
            return ""
        finally:
            self._listen()

    def _pressed(self) -> str:
        return os.read(self._stream.fileno(), 1).decode(errors="replace")

    def _skip_rest(self) -> None:
        while self._is_terminal and select.select([self._stream], [], [], _REST_S)[0]:
            os.read(self._stream.fileno(), 1)

    def _listen(self) -> None:
        if self._found:
            # Not Python's default, which throws away what was typed ahead.
            tty.setcbreak(self._stream.fileno(), termios.TCSADRAIN)

    def _restore(self) -> None:
        if self._found:
            termios.tcsetattr(self._stream.fileno(), termios.TCSADRAIN, self._found)
