"""The imitations themselves: what they refuse, keep, and break by plan."""

from __future__ import annotations

import json
import threading
from http.client import HTTPConnection, HTTPException
from typing import Any

import pytest

from hongtou.rehearsal.imitations import Imitated, Imitation
from hongtou.rehearsal.receiver_faults import PASSING, Fault, FaultPlan, FaultTimes

pytestmark = pytest.mark.integration
BEARER = {"Authorization": "Bearer xoxb-1"}


def section(text: str) -> dict[str, Any]:
    """Return a Slack message of one section."""
    return {"channel": "#policy", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}


def card(text: str) -> dict[str, Any]:
    """Return a Feishu card."""
    title = {"content": "t"}
    return {"card": {"header": {"title": title}, "elements": [{"tag": "div", "text": {"content": text}}]}}


FITTING: dict[Imitated, tuple[Any, Any]] = {
    Imitated.SLACK: (section("x" * 3000), section("x" * 3001)),
    Imitated.SLACK_BOT: (section("x" * 3000), section("x" * 3001)),
    Imitated.TELEGRAM: (
        {"chat_id": 1, "text": "<b>" + "😀" * 2048 + "</b>", "parse_mode": "HTML"},
        {"chat_id": 1, "text": "😀" * 2048 + "x"},
    ),
    Imitated.DISCORD: ({"content": "长" * 2000}, {"content": "长" * 2001}),
    Imitated.FEISHU: (card("长" * 6500), card("长" * 7000)),
    Imitated.LARK: (card("长" * 6500), card("长" * 7000)),
    Imitated.DINGTALK: (
        {"markdown": {"title": "t", "text": "长" * 6500}},
        {"markdown": {"title": "t", "text": "长" * 6700}},
    ),
    Imitated.WECOM: ({"markdown": {"content": "长" * 1365}}, {"markdown": {"content": "长" * 1366}}),
    Imitated.NTFY: (
        {"topic": "t", "title": "t", "message": "长" * 1365},
        {"topic": "t", "title": "t", "message": "长" * 1366},
    ),
}
"""Of each service a message that just fits, and one that just does not."""


def post(server: Imitation, payload: object, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Post JSON in UTF-8 and return the status and body of the answer."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        connection.request("POST", "/", body, {**BEARER, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("service", list(FITTING))
def test_limits_are_those_of_the_services(service: Imitated) -> None:
    """What just fits is taken, and what is one more refused as the service refuses it."""
    fits, is_too_long = FITTING[service]
    with Imitation(service) as server:
        good, bad = post(server, fits), post(server, is_too_long)

    assert good == (service.rules.good.status, service.rules.good.body)
    assert bad != good
    assert len(server.taken) == 1


@pytest.mark.parametrize("service", list(Imitated))
@pytest.mark.parametrize("payload", [b"no json", b"[]", b"{}"])
def test_what_is_no_message_is_refused(service: Imitated, payload: bytes) -> None:
    """Broken JSON and messages of other services are answered as malformed, and not kept."""
    with Imitation(service) as server:
        status, body = post(server, payload)

    assert (status, body) == (service.rules.malformed.status, service.rules.malformed.body)
    assert server.taken == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<b>open", "entities"),
        ("<b>crossed<i></b></i>", "entities"),
        ("<script>x</script>", "entities"),
        ("</b>", "entities"),
        ("<b></b>", "empty"),
    ],
)
def test_telegrams_markup_is_parsed(text: str, said: str) -> None:
    """Tags left open, crossed or unknown are refused, and so is a message of markup alone."""
    with Imitation(Imitated.TELEGRAM) as server:
        status, body = post(server, {"chat_id": 1, "text": text, "parse_mode": "HTML"})

    assert status == 400
    assert said.encode() in body


def test_a_bot_must_show_its_token() -> None:
    """Slack's interface for bots answers 200 and says no."""
    with Imitation(Imitated.SLACK_BOT) as server:
        status, body = post(server, section("x"), {"Authorization": "Bearer other"})
    assert (status, json.loads(body)) == (200, {"ok": False, "error": "invalid_auth"})


def test_what_was_taken_is_numbered_and_named() -> None:
    """Messages taken at once have each a number of their own, in the order kept, and the sender's key."""
    with Imitation(Imitated.DISCORD) as server:
        senders = [
            threading.Thread(target=post, args=(server, {"content": str(n)}, {"Idempotency-Key": f"k{n}"}))
            for n in range(20)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()

    assert [taken.order for taken in server.taken] == list(range(1, 21))
    assert {(taken.key, taken.text) for taken in server.taken} == {(f"k{n}", str(n)) for n in range(20)}


def test_lost_answers_are_kept_apart() -> None:
    """A message whose answer was lost is taken, and marked as untold; one whose call was cut is not taken."""
    plan = FaultPlan([Fault.LOST_ANSWER, Fault.RESET, Fault.DRIP, None], times=FaultTimes(drip=0.01))
    with Imitation(Imitated.DISCORD, plan) as server:
        for number in range(2):
            with pytest.raises((OSError, HTTPException)):
                post(server, {"content": str(number)})
        assert post(server, {"content": "2"}) == post(server, {"content": "3"})

    assert [(taken.text, taken.is_told) for taken in server.taken] == [("0", False), ("2", True), ("3", True)]


def test_a_plan_is_repeatable_and_counts() -> None:
    """The same seed draws the same faults, after the script; the share is kept, and all are counted."""
    one, two = (FaultPlan([None, Fault.DRIP], share=0.3, seed=9) for _ in range(2))
    drawn = [one.draw() for _ in range(1000)]
    assert drawn == [two.draw() for _ in range(1000)]
    assert drawn[:2] == [None, Fault.DRIP]
    assert {fault for fault in drawn[2:] if fault} == set(PASSING)
    assert 250 <= sum(fault is not None for fault in drawn) <= 350
    assert sum(one.drawn.values()) == sum(fault is not None for fault in drawn)
    one.add(Fault.HANG)
    assert one.draw() is Fault.HANG
