"""The terminal as an Apprise service, so that a run without any channel goes the very way of all others."""

from __future__ import annotations

from typing import Any, TextIO

from apprise import NotifyFormat

from alerts.apprise_bases import NotifyBase

_RULE = "─" * 72


class TerminalService(NotifyBase):  # type: ignore[misc]  # Apprise's class has no types
    """`terminal:` prints alerts to a stream; bold and dim where it is a terminal, plain elsewhere."""

    service_name = "Terminal"
    protocol = "terminal"
    notify_format = NotifyFormat.TEXT
    request_rate_per_sec = 0
    body_maxlen = 1_000_000

    def __init__(self, *, stream: TextIO, **options: Any) -> None:  # noqa: ANN401  # Apprise's asset
        super().__init__(**options)
        self._stream = stream

    def send(self, body: str, title: str = "", **_options: Any) -> bool:  # noqa: ANN401
        """Print one message; return whether the stream took it."""
        try:
            dim, bold, plain = ("\x1b[2m", "\x1b[1m", "\x1b[0m") if self._stream.isatty() else ("", "", "")
            self._stream.write(f"{dim}{_RULE}{plain}\n{bold}{title}{plain}\n\n{body}\n\n")
            self._stream.flush()
        except (OSError, ValueError) as error:  # the other end is gone, or the stream closed
            self.logger.debug("Socket Exception: %s", error)
            return False
        return True

    def url(self, *_args: Any, **_options: Any) -> str:  # noqa: ANN401
        """Return the address."""
        return "terminal:"
