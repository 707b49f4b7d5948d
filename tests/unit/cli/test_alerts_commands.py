"""`hongtou alerts list|show|account|silence|digest`."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from core.alert import AlertId, AlertKind, AlertState, ChannelId, Hold, RouteId
from core.delivery_repositories import StoredPart
from core.item import ItemId
from core.message import Part
from hongtou.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.database import SqlDatabase

pytestmark = pytest.mark.usefixtures("stored")
CONFIG = """
channels:
  desk: {url: "json://127.0.0.1:9/hook"}
  room: {url: "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"}
routes:
  now: {channels: [desk]}
  daily: {channels: [desk, room], cadence: digest}
"""


@pytest.fixture
def configured(tmp_path: Path) -> None:
    """Two channels, a route that tells at once, and one with a digest, beside the commands."""
    (tmp_path / "hongtou.yaml").write_text(CONFIG, "utf-8")


@pytest.fixture
def held(stored: SqlDatabase, make_new_alert: Callable[..., Any]) -> list[AlertId]:
    """The relevant item, held for the digest of `daily` on both channels."""
    fields = {"route": RouteId("daily"), "state": AlertState.HELD, "item_id": ItemId(1)}
    with stored.unit_of_work() as uow:
        ids = [
            uow.outbox.add(make_new_alert(n, channel=ChannelId(name), **fields))
            for n, name in ((7, "desk"), (8, "room"))
        ]
        uow.commit()
    return [one for one in ids if one is not None]


def states(database: SqlDatabase) -> dict[int, AlertState]:
    """Return the state of every alert."""
    with database.reading() as uow:
        return {alert.id: alert.state for alert in uow.outbox.list(limit=99)}


def test_alerts_are_listed_by_what_is_asked(commands: Any) -> None:
    """By state, kind, route, channel and age; the newest first."""
    for options, found in (
        ((), [3, 2, 1]),
        (("--state", "dead", "--state", "sent"), [2, 1]),
        (("--kind", "digest"), []),
        (("--route", "all", "--channel", "desk", "--limit", "1"), [3]),
        (("--since", "1h"), []),
        (("--since", "520w"), [3, 2, 1]),
    ):
        run = commands("alerts", "list", "--json", *options)
        assert [alert["id"] for alert in json.loads(run.output)] == found, options


def test_alerts_of_a_story_are_listed_by_its_number(commands: Any) -> None:
    """A story that is not there is told with what to do."""
    run = commands("alerts", "list", "--story", "5")
    assert run.exit_code == 2
    assert "there is no story 5" in run.output
    assert "hongtou stories list --all" in run.output


def test_below_the_list_stands_the_account(commands: Any, stored: SqlDatabase, make_new_alert: Any) -> None:
    """All that went in, and what became of it; held ones by their reason."""
    with stored.unit_of_work() as uow:
        uow.outbox.add(make_new_alert(9, state=AlertState.HELD, held_for=Hold.QUIET, item_id=None))
        uow.commit()
    account = "4 in = 1 sent + 1 waiting + 1 held (quiet 1) + 0 in digests + 0 silenced + 1 dead + 0 pruned"
    assert account in commands("alerts", "list").output
    run = commands("alerts", "account")
    assert (run.exit_code, run.output.strip()) == (0, account)


def test_an_account_that_does_not_add_up_is_loud(commands: Any, stored: SqlDatabase) -> None:
    """An alert that vanished is told by the list, too, and makes `account` fail."""
    with stored.unit_of_work() as uow:
        uow._session.execute(text("DELETE FROM outbox WHERE id = 3"))
        uow.commit()
    assert "DOES NOT ADD UP: 1 are missing" in commands("alerts", "list").stderr
    run = commands("alerts", "account", "--json")
    assert run.exit_code == 5
    assert json.loads(run.stdout)["missing"] == 1


def test_an_alert_is_shown_with_all_that_is_known(commands: Any, stored: SqlDatabase, now: Any) -> None:
    """What it tells, why, its attempts with what the channel said, its parts, and how to send it again."""
    part = Part(number=1, count=1, subject="[Hongtou] 某市", body="x", items=1)
    with stored.unit_of_work() as uow:
        uow.parts.put(AlertId(2), [StoredPart(part=part, sent_at=None)])
        uow.commit()
    shown = commands("alerts", "show", "2").output
    for word in (
        "dead; send it again with: hongtou alerts retry 2",
        "no such mailbox",
        "某市发布区块链产业行动计划",
        "https://lianwen.example/news/1",
        "every relevant item",
        "[Hongtou] 某市",
        "not yet",
    ):
        assert word in shown
    told = json.loads(commands("alerts", "show", "1", "--json").output)
    assert (told["state"], told["sent_at"], told["log"][0]["outcome"]) == ("sent", now.isoformat(), "sent")


def test_an_alert_that_is_not_there_is_told(commands: Any) -> None:
    """It may have been pruned."""
    run = commands("alerts", "show", "99")
    assert run.exit_code == 2
    assert "alerts.keep" in run.output


def test_what_is_held_says_for_what_and_until_when(
    commands: Any, stored: SqlDatabase, make_new_alert: Any, now: Any
) -> None:
    """Quiet hours with their end, silences with their comment."""
    until = now + timedelta(hours=8)
    with stored.unit_of_work() as uow:
        quiet = {"state": AlertState.HELD, "held_for": Hold.QUIET, "release_at": until, "item_id": None}
        uow.outbox.add(make_new_alert(9, **quiet))
        uow.commit()
    assert f"held: quiet until {until.isoformat(timespec='seconds')}" in commands("alerts", "show", "4").output
    assert commands("alerts", "silence", "add", "--for", "1h", "--comment", "a fair", "--everything").exit_code == 0
    with stored.unit_of_work() as uow:
        uow.pacing.silence({AlertId(3): 1})
        uow.commit()
    assert "silenced by 1: a fair" in commands("alerts", "show", "3").output
    assert json.loads(commands("alerts", "show", "3", "--json").output)["silence"]["comment"] == "a fair"


@pytest.mark.usefixtures("configured")
def test_a_silence_says_what_it_would_have_kept_back(commands: Any, stored: SqlDatabase, make_new_alert: Any) -> None:
    """Of the last seven days' alerts; then it holds, is listed, and can be ended."""
    with stored.unit_of_work() as uow:
        for n, item, route in ((5, 1, "now"), (6, 2, "now"), (7, 1, "daily")):
            fields = {"created_at": SystemClock().now(), "item_id": ItemId(item), "route": RouteId(route)}
            uow.outbox.add(make_new_alert(n, **fields))
        uow.commit()
    made = commands(
        "alerts", "silence", "add", "--for", "8h", "--topic", "blockchain", "--comment", "fair", "--route", "now"
    )
    assert made.exit_code == 0, made.output
    assert "would have kept back 1 of the 3 alerts of the last seven days" in made.output
    assert "hongtou alerts silence end 1" in made.output
    [silence] = json.loads(commands("alerts", "silence", "list", "--json").output)
    assert (silence["comment"], silence["routes"], silence["match"]) == ("fair", ["now"], {"topics": ["blockchain"]})
    assert "topics: blockchain" in commands("alerts", "silence", "list").output
    assert commands("alerts", "silence", "end", "1").exit_code == 0
    assert "no silence holds" in commands("alerts", "silence", "list").output
    assert "ended" in commands("alerts", "silence", "list", "--all").output
    again = commands("alerts", "silence", "end", "1")
    assert again.exit_code == 2
    assert "hongtou alerts silence list" in again.output


@pytest.mark.usefixtures("configured")
def test_a_silence_that_would_do_something_else_is_refused(commands: Any) -> None:
    """Misspelt names, no condition, a query that cannot be read, no end or one in the past; nothing is stored."""
    for options, said in (
        (("--for", "8h", "--topic", "blokchain"), "there is no topic 'blokchain'"),
        (("--for", "8h", "--route", "nwo"), "there are: daily, now"),
        (("--for", "8h"), "it would silence everything"),
        (("--for", "8h", "--query", '("a'), "cannot be read"),
        (("--topic", "blockchain"), "either --for or --until"),
        (("--topic", "blockchain", "--until", "2020-01-01"), "which is past"),
        (("--topic", "blockchain", "--until", "soon"), "is no moment"),
    ):
        run = commands("alerts", "silence", "add", "--comment", "why", *options)
        assert run.exit_code == 2
        assert said in " ".join(run.output.replace("│", " ").split())
    assert "no silence was ever made" in commands("alerts", "silence", "list", "--all").output


def test_a_silence_needs_a_comment(commands: Any) -> None:
    """Blanks are none."""
    assert commands("alerts", "silence", "add", "--for", "8h", "--everything").exit_code == 2
    run = commands("alerts", "silence", "add", "--for", "8h", "--everything", "--comment", " ")
    assert "needs a comment" in run.output


def test_a_silence_can_be_tried(commands: Any) -> None:
    """`--dry-run` says what it would have kept back, and makes none; `--until` is read in Shanghai."""
    run = commands(
        "alerts",
        "silence",
        "add",
        "--until",
        "2999-01-01T08:00",
        "--everything",
        "--comment",
        "x",
        "--dry-run",
        "--json",
    )
    told = json.loads(run.output)
    assert (told["id"], told["matched"], told["ends_at"]) == (None, 0, "2999-01-01T00:00:00+00:00")
    assert "no silence was ever made" in commands("alerts", "silence", "list", "--all").output


@pytest.mark.usefixtures("configured", "held")
def test_a_digest_is_shown_as_every_channel_would_get_it(commands: Any, stored: SqlDatabase) -> None:
    """In each channel's own form; nothing is changed."""
    before = states(stored)
    run = commands("alerts", "digest", "daily", "--dry-run")
    assert run.exit_code == 0, run.output
    assert "1/1 for room (slack)" in run.output
    assert "for desk (other)" in run.output
    assert "某市发布区块链产业行动计划" in run.output
    told = json.loads(commands("alerts", "digest", "daily", "--dry-run", "--json").output)
    assert [one["channel"] for one in told] == ["desk", "room"]
    assert states(stored) == before


@pytest.mark.usefixtures("configured")
def test_a_digest_is_closed_and_delivered_now(
    commands: Any, stored: SqlDatabase, held: list[AlertId], tmp_path: Path
) -> None:
    """Its rows go out in one message, whatever the schedule says; the rest of the outbox stays."""
    (tmp_path / "hongtou.yaml").write_text(
        CONFIG.replace("json://127.0.0.1:9/hook", "terminal:").replace("[desk, room]", "[desk]"), "utf-8"
    )
    with stored.unit_of_work() as uow:
        uow.pacing.silence({held[1]: 0})
        uow.commit()
    run = commands("alerts", "digest", "daily", "--now")
    assert run.exit_code == 0, run.output
    assert "to desk: delivered" in run.output
    after = states(stored)
    assert (after[held[0]], after[3]) == (AlertState.SENT, AlertState.PENDING)
    with stored.reading() as uow:
        [digest] = [alert for alert in uow.outbox.list(limit=99) if alert.kind is AlertKind.DIGEST]
    assert "It carries:" in commands("alerts", "show", str(digest.id)).output
    assert "nothing is held" in commands("alerts", "digest", "daily", "--now").output


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("daily",), "say --now"), (("now", "--now"), "there are: daily"), (("x", "--dry-run"), "daily")],
)
def test_a_digest_that_cannot_be_closed_says_what_to_do(commands: Any, arguments: tuple[str, ...], said: str) -> None:
    """Without `--now`, and for a route that has none."""
    run = commands("alerts", "digest", *arguments)
    assert run.exit_code == 2
    assert said in run.output


def test_what_is_retried_is_told_to_scripts(commands: Any) -> None:
    """The numbers that will be tried again, and those that are not dead."""
    run = commands("alerts", "retry", "2", "99", "--json")
    assert run.exit_code == 5
    assert json.loads(run.stdout) == {"revived": [2], "refused": [99]}
    assert "hongtou alerts show 99" in run.stderr
