"""The whole product on the rehearsal web: what `make demo` shows, and the same under crashes and outages."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from hongtou.cli.app import app
from hongtou.rehearsal.play import play
from hongtou.rehearsal.receivers import WebhookAnswer
from hongtou.rehearsal.verdict import judge

if TYPE_CHECKING:
    from pathlib import Path

    from hongtou.rehearsal.record import Record
    from hongtou.rehearsal.stage import Rehearsal

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


NO_DIGEST = {"routes": {"now": {"channels": ["desk", "slack"]}, "daily": {"enabled": False}}}
"""A digest closes on a full minute; tests that are not about it need not wait for one."""


def nothing(_: int, __: Record) -> None:
    """Do nothing after a step."""


def broken(rehearsal: Rehearsal, record: Record) -> dict[str, tuple[str, ...]]:
    """Return the promises that do not hold, with what is missing."""
    checks = judge(record, rehearsal.web.expected(), rehearsal.sent())
    return {check.promise: check.missing for check in checks if not check.holds}


def test_the_demo_comes_out_as_written(tmp_path: Path) -> None:
    """`hongtou demo` flags policy in Chinese and English, tells the seed story once, keeps every promise, and ends."""
    run = CliRunner().invoke(app, ["demo", "--keep", str(tmp_path / "demo")])
    assert run.exit_code == 0, run.output
    assert "BROKEN" not in run.output
    assert "every story is told once, in any language" in run.output
    assert "mail   [Hongtou] Shanghai · plan: " in run.output
    assert (tmp_path / "demo" / "data" / "hongtou.db").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("rehearsal", [NO_DIGEST], indirect=True)
def test_mail_and_slack_that_were_down_get_everything_afterwards(rehearsal: Rehearsal) -> None:
    """With both receivers down for most of the timeline, every alert arrives once they are back."""
    rehearsal.mail.down()
    rehearsal.slack.default = WebhookAnswer(status=503, body=b"down")

    def back_at_the_end(step: int, record: Record) -> None:
        del record
        if step == rehearsal.web.steps - 2:
            assert rehearsal.mail.mails == []
            rehearsal.mail.up()
            rehearsal.slack.default = WebhookAnswer()
            rehearsal.slack.calls.clear()

    rehearsal.start_daemon()
    database = rehearsal.open_database()
    record = play(rehearsal, database, on_step=back_at_the_end, meanwhile=rehearsal.check_daemon)
    database.close()
    assert rehearsal.stop_daemon() == 0
    assert broken(rehearsal, record) == {}


class Killer:
    """Kills the daemon at random moments and starts it again at once."""

    def __init__(self, rehearsal: Rehearsal, *, kills: int, seed: int) -> None:
        self.rehearsal = rehearsal
        self.left = kills
        self._random = random.Random(seed)  # noqa: S311 - moments, not secrets
        self._next = 0.0

    def __call__(self) -> None:
        """Kill when the moment has come."""
        if self.left and time.monotonic() >= self._next:
            self.left -= 1
            self.rehearsal.kill_daemon()
            self.rehearsal.start_daemon()
            # A start takes about two seconds; most kills fall into the work that follows it.
            self._next = time.monotonic() + self._random.uniform(1.5, 6.0)
        self.rehearsal.check_daemon()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_twenty_kills_lose_no_alert_and_repeat_none_but_marked_ones(rehearsal: Rehearsal, seed: int) -> None:
    """Killed with -9 at twenty random moments, the daemon still keeps every promise."""
    rehearsal.start_daemon()
    database = rehearsal.open_database()
    killer = Killer(rehearsal, kills=20, seed=seed)
    record = play(rehearsal, database, on_step=nothing, meanwhile=killer)
    while killer.left:
        killer()
        time.sleep(0.1)
    rehearsal.open_database().close()
    record = play(rehearsal, database, on_step=nothing, meanwhile=rehearsal.check_daemon)
    database.close()
    assert rehearsal.stop_daemon() == 0
    assert broken(rehearsal, record) == {}


@pytest.mark.parametrize("rehearsal", [NO_DIGEST], indirect=True)
def test_a_few_kills_lose_no_alert(rehearsal: Rehearsal) -> None:
    """Three kills in the thick of it, as a quick sign; twenty are killed in the slow tests."""
    rehearsal.start_daemon()
    database = rehearsal.open_database()
    killer = Killer(rehearsal, kills=3, seed=7)
    record = play(rehearsal, database, on_step=nothing, meanwhile=killer)
    database.close()
    rehearsal.open_database().close()
    assert rehearsal.stop_daemon() == 0
    assert killer.left == 0
    assert broken(rehearsal, record) == {}
