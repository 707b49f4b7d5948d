"""Alerts on a terminal."""

from __future__ import annotations

from io import StringIO

from alerts.apprise_building import build_service


class Screen(StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


TITLE, BODY = "a title", "a body\n\nmore"


def test_plain_where_it_is_no_terminal() -> None:
    """Into a file or pipe there are no escape sequences."""
    stream = StringIO()
    outcome = build_service("terminal:", wait_s=1, terminal=stream).send_text(TITLE, BODY, delivered=set())
    assert outcome.accepted
    assert stream.getvalue().split("\n", 1)[1] == "a title\n\na body\n\nmore\n\n"
    assert "\x1b" not in stream.getvalue()


def test_bold_on_a_terminal() -> None:
    """On a terminal the title is bold."""
    stream = Screen()
    build_service("terminal://", wait_s=1, terminal=stream).send_text(TITLE, BODY, delivered=set())
    assert "\x1b[1ma title\x1b[0m" in stream.getvalue()


def test_a_closed_stream_is_a_failure() -> None:
    """When nobody can read it, it is not delivered."""
    stream = StringIO()
    service = build_service("terminal:", wait_s=1, terminal=stream)
    stream.close()
    outcome = service.send_text(TITLE, BODY, delivered=set())
    assert not outcome.accepted
    assert any("closed file" in line for line in outcome.log)
