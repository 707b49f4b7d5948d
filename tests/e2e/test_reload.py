"""A daemon in its own process whose configuration is edited, broken and mended while it runs."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from hongtou.rehearsal.play import play
from hongtou.rehearsal.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from hongtou.rehearsal.record import Record
    from hongtou.rehearsal.stage import Rehearsal

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

BEFORE: dict[str, Any] = {
    "routes": {"now": {"channels": ["desk"]}, "daily": {"enabled": False}},
    "reload": {"tick": "0.3s"},
}
WITHIN_S = 60.0
FAULTS = "[Hongtou] The configuration has faults, the old one stays in force"
MENDED = "[Hongtou] The configuration is in force again"


def logged(rehearsal: Rehearsal, event: str) -> list[dict[str, Any]]:
    """Return what the daemon logged under an event."""
    lines = rehearsal.log.read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    return [entry for entry in entries if entry["event"] == event]


def wait_for(rehearsal: Rehearsal, condition: Callable[[], bool]) -> None:
    """Wait until something holds; the daemon must go on meanwhile."""
    end = time.monotonic() + WITHIN_S
    while not condition():
        rehearsal.check_daemon()
        assert time.monotonic() < end, rehearsal.log.read_text(encoding="utf-8")[-3000:]
        time.sleep(0.1)


class Editor:
    """Edits the configuration between the steps of the rehearsal's timeline."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self.slack_before = 0

    def edit(self, **changes: Any) -> None:
        """Put sections over the configuration's own and wait until they are in force."""
        done = len(logged(self.rehearsal, "configuration reloaded"))
        content = yaml.safe_load(self.rehearsal.config.read_text(encoding="utf-8"))
        self.rehearsal.config.write_text(yaml.safe_dump({**content, **changes}), encoding="utf-8")
        wait_for(self.rehearsal, lambda: len(logged(self.rehearsal, "configuration reloaded")) > done)

    def __call__(self, step: int, record: Record) -> None:
        """Edit, break, or mend."""
        del record
        if step == 1:
            self.slack_before = len(self.rehearsal.slack.calls)
            routes = {"now": {"channels": ["desk"]}, "second": {"channels": ["slack"], "continue": True}}
            self.edit(routes={**BEFORE["routes"], **routes})
        if step == 2:
            self.good = self.rehearsal.config.read_text(encoding="utf-8")
            self.rehearsal.config.write_text(self.good + "routs: {}\n", encoding="utf-8")
            wait_for(self.rehearsal, lambda: FAULTS in self.rehearsal.sent().mails)
        if step == 4:
            self.rehearsal.config.write_text(self.good, encoding="utf-8")
            self.edit(classify={"threshold": 0.49})
            wait_for(self.rehearsal, lambda: MENDED in self.rehearsal.sent().mails)


@pytest.mark.slow
@pytest.mark.parametrize("rehearsal", [BEFORE], indirect=True)
def test_edits_count_while_the_daemon_runs(rehearsal: Rehearsal) -> None:
    """A new route alerts; a broken file is told once and the old one alerts on; mended it counts; nothing repeats."""
    editor = Editor(rehearsal)
    rehearsal.start_daemon()
    database = rehearsal.open_database()
    record = play(rehearsal, database, on_step=editor, meanwhile=rehearsal.check_daemon)
    wait_for(rehearsal, lambda: len(logged(rehearsal, "backtest after the reload")) >= 1)
    database.close()
    assert rehearsal.stop_daemon() == 0
    sent = rehearsal.sent()
    assert editor.slack_before == 0
    told = [alert for alert in record.told("second") if alert.channel == "slack"]
    assert told
    assert sent.mails.count(FAULTS) == sent.mails.count(MENDED) == 1
    (fault,) = logged(rehearsal, "configuration not reloaded: the old one stays in force")
    assert "unknown key" in fault["problems"][0]
    (_, mended) = logged(rehearsal, "configuration reloaded")
    broken_at, mended_at = (datetime.fromisoformat(entry["timestamp"]) for entry in (fault, mended))
    assert [alert for alert in record.told("now") if broken_at < alert.created_at < mended_at]
    assert [subject for subject, count in Counter(sent.mails).items() if count > 1] == []
    broken = {
        check.promise: check.missing for check in judge(record, rehearsal.web.expected(), sent) if not check.holds
    }
    untold = broken.pop("every story is told to every channel")
    assert [story for story in untold if not story.endswith(" to slack")] == []
    assert broken == {}
    (backtest, *_) = logged(rehearsal, "backtest after the reload")
    assert backtest["items"] > 0
    assert backtest["flagged_now"] > 0


@pytest.mark.parametrize("rehearsal", [{**BEFORE, "reload": {"watch": False, "tick": "0.3s"}}], indirect=True)
def test_a_hangup_reads_the_files_and_a_stop_waits_for_no_backtest(rehearsal: Rehearsal) -> None:
    """SIGHUP takes an edit over that nobody watches for; SIGTERM right after it ends the daemon in good order."""
    rehearsal.start_daemon()
    rehearsal.open_database().close()
    content = yaml.safe_load(rehearsal.config.read_text(encoding="utf-8"))
    rehearsal.config.write_text(yaml.safe_dump({**content, "classify": {"threshold": 0.4}}), encoding="utf-8")
    time.sleep(1.5)
    assert logged(rehearsal, "configuration reloaded") == []
    assert rehearsal.daemon is not None
    rehearsal.daemon.send_signal(signal.SIGHUP)
    wait_for(rehearsal, lambda: len(logged(rehearsal, "configuration reloaded")) == 1)
    begun = time.monotonic()
    assert rehearsal.stop_daemon() == 0
    assert time.monotonic() - begun < 25
    lines = rehearsal.log.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("Traceback")] == []
    # A busy machine cuts ticks off, which their library calls an exception; that is no fault.
    faults = [
        entry["exception"] for line in lines if line.startswith("{") and "exception" in (entry := json.loads(line))
    ]
    assert [fault for fault in faults if not fault.endswith("CancelledError")] == []
