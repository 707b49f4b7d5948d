"""Parts to servers that imitate each chat service: what arrives, and what each kind of answer is taken for."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.alert import ChannelId
from core.outcome import DeliveryVerdict
from hongtou.rehearsal.imitations import Imitated, Imitation
from hongtou.rehearsal.receiver_faults import Fault, FaultPlan, FaultTimes
from hongtou.rehearsal.receivers import WebhookAnswer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alerts.apprise_notifier import AppriseNotifier
    from core.message import Part

    Make = Callable[..., AppriseNotifier]

pytestmark = pytest.mark.integration
DESK = ChannelId("desk")
SERVICES = [pytest.param(service, id=service.name.lower()) for service in Imitated]
WORDS = "上海市元宇宙关键技术攻关行动方案"


@pytest.mark.parametrize("service", SERVICES)
async def test_each_service_takes_a_part(service: Imitated, unhurried: Make, chat_part: Part) -> None:
    """A part is taken once, keeps its words, and bears a key by which a repeat is known."""
    with Imitation(service) as server:
        report = await unhurried(server.url).send_part(DESK, chat_part)

    assert (report.verdict, report.detail) == (DeliveryVerdict.ACCEPTED, "")
    [taken] = server.taken
    assert WORDS in taken.text
    assert len(taken.key) == 32


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault.RATE_LIMITED, DeliveryVerdict.TRANSIENT),
        (Fault.SERVER_ERROR, DeliveryVerdict.TRANSIENT),
        (Fault.RESET, DeliveryVerdict.TRANSIENT),
        (Fault.LOST_ANSWER, DeliveryVerdict.TRANSIENT),
        (Fault.TOO_LONG, DeliveryVerdict.TOO_LONG),
        (Fault.REFUSED, DeliveryVerdict.REJECTED),
    ],
)
async def test_each_answer_is_understood(
    service: Imitated, unhurried: Make, chat_part: Part, *, fault: Fault, verdict: DeliveryVerdict
) -> None:
    """Whatever words a service has for it: passing, too long and refused are told apart, and a retry is taken."""
    with Imitation(service, FaultPlan([fault])) as server:
        notifier = unhurried(server.url)
        first, second = [await notifier.send_part(DESK, chat_part) for _ in range(2)]

    assert first.verdict is verdict, first.detail
    assert first.detail
    assert second.verdict is DeliveryVerdict.ACCEPTED
    assert len({taken.key for taken in server.taken}) == 1


WAITS = {Imitated.FEISHU, Imitated.LARK, Imitated.DINGTALK, Imitated.WECOM}
"""Services that do not say how long to wait; their robots' own windows are a minute, or ten at DingTalk."""


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_says_how_long_to_wait(service: Imitated, unhurried: Make, chat_part: Part) -> None:
    """The wait is read from header or body; where there is none, it is the window of the service."""
    with Imitation(service, FaultPlan([Fault.RATE_LIMITED], times=FaultTimes(retry_after=33))) as server:
        report = await unhurried(server.url).send_part(DESK, chat_part)

    least = timedelta(seconds=60) if service in WAITS else timedelta(seconds=33)
    assert report.retry_after is not None
    assert report.retry_after >= least


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
@pytest.mark.parametrize("service", [Imitated.TELEGRAM, Imitated.FEISHU, Imitated.WEBHOOK])
async def test_a_hanging_service_costs_the_limit(
    service: Imitated, fault: Fault, hasty_for: Make, chat_part: Part
) -> None:
    """A server that hangs or drips is given up in time."""
    with Imitation(service, FaultPlan([fault], times=FaultTimes(drip=0.3))) as server:
        server.answers.extend([WebhookAnswer(body=b"x" * 50, drip_s=0.3)] if fault is Fault.DRIP else [])
        begun = time.monotonic()
        report = await hasty_for(server.url).send_part(DESK, chat_part)

    assert report.verdict is DeliveryVerdict.TRANSIENT
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("service", [Imitated.SLACK, Imitated.DISCORD, Imitated.DINGTALK])
async def test_a_wrong_certificate_is_named(
    service: Imitated, unhurried: Make, chat_part: Part, certificate: Path
) -> None:
    """A gateway whose certificate nobody vouches for gets nothing, and the report says that this was it."""
    with Imitation(service, certificate=certificate) as server:
        report = await unhurried(server.url.replace("http://", "https://")).send_part(DESK, chat_part)

    assert not server.calls
    assert (report.verdict, report.detail) == (DeliveryVerdict.TRANSIENT, "TLS certificate not accepted")


@pytest.mark.parametrize("service", [one for one in SERVICES if one.id not in ("slack", "ntfy", "webhook", "discord")])
async def test_a_page_in_between_is_no_yes(service: Imitated, unhurried: Make, chat_part: Part) -> None:
    """A login page with status 200 is not taken for the service's yes."""
    with Imitation(service) as server:
        server.answers.append(WebhookAnswer(body=b"<html>Welcome to our hotel</html>"))
        report = await unhurried(server.url).send_part(DESK, chat_part)

    assert report.verdict is DeliveryVerdict.TRANSIENT


async def test_broken_markup_is_told_as_text(unhurried: Make, chat_part: Part) -> None:
    """What Telegram cannot parse is sent again at once, once, as plain text."""
    broken = replace(chat_part, body="<b>open")
    with Imitation(Imitated.TELEGRAM) as server:
        report = await unhurried(server.url).send_part(DESK, broken)

    assert report.verdict is DeliveryVerdict.ACCEPTED
    assert len(server.calls) == 2
    [taken] = server.taken
    assert taken.text == broken.text
    assert "parse_mode" not in taken.payload


async def test_a_long_text_in_place_of_broken_markup_is_told_whole(unhurried: Make, chat_part: Part) -> None:
    """The plain text is cut to Telegram's limit in UTF-16, and the retry goes on where it stopped."""
    text = "\n\n".join(f"{number} " + "😀" * 1500 for number in range(4))
    broken = replace(chat_part, body="<b>open", text=text)
    with Imitation(Imitated.TELEGRAM, FaultPlan([None, None, Fault.SERVER_ERROR])) as server:
        notifier = unhurried(server.url)
        first, second = [await notifier.send_part(DESK, broken) for _ in range(2)]

    assert (first.verdict, second.verdict) == (DeliveryVerdict.TRANSIENT, DeliveryVerdict.ACCEPTED)
    assert "\n\n".join(taken.text for taken in server.taken) == text


async def test_one_chat_that_left_keeps_it_from_no_other(unhurried: Make, chat_part: Part) -> None:
    """Of two chats the one that blocked the bot is tried again alone."""
    with Imitation(Imitated.TELEGRAM, FaultPlan([Fault.REFUSED])) as server:
        notifier = unhurried(server.url.replace("/4711", "/4711/4712"))
        first, second = [await notifier.send_part(DESK, chat_part) for _ in range(2)]

    assert (first.verdict, second.verdict) == (DeliveryVerdict.REJECTED, DeliveryVerdict.ACCEPTED)
    assert [taken.target for taken in server.taken] == ["4712", "4711"]


async def test_discord_rings_nobody(unhurried: Make, chat_part: Part) -> None:
    """Mentions in a body stay words, and links are not unfolded."""
    with Imitation(Imitated.DISCORD) as server:
        await unhurried(server.url).send_part(DESK, replace(chat_part, body="@everyone **x**"))

    [taken] = server.taken
    assert taken.text == "@everyone **x**"
    assert taken.payload["allowed_mentions"] == {"parse": []}


async def test_discords_full_window_is_waited_out(unhurried: Make, chat_part: Part) -> None:
    """After an answer that says the window is full, the next message waits for the next window."""
    full = WebhookAnswer(body=b"{}", headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "0.4"})
    with Imitation(Imitated.DISCORD) as server:
        server.answers.append(full)
        notifier = unhurried(server.url)
        await notifier.send_part(DESK, chat_part)
        begun = time.monotonic()
        await notifier.send_part(DESK, chat_part)

    assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize("service", [Imitated.FEISHU, Imitated.LARK, Imitated.DINGTALK])
async def test_robots_that_ask_for_signatures_get_them(service: Imitated, unhurried: Make, chat_part: Part) -> None:
    """A secret before the token signs each message; without it the robot refuses."""
    with Imitation(service, secret="SEC0123456789abcdef") as server:
        signed = await unhurried(server.url.replace("://", "://SEC0123456789abcdef@", 1)).send_part(DESK, chat_part)
        bare = await unhurried(server.url).send_part(DESK, chat_part)

    assert signed.verdict is DeliveryVerdict.ACCEPTED, signed.detail
    assert bare.verdict is DeliveryVerdict.REJECTED
    assert "sign" in bare.detail


async def test_ntfy_gets_a_link_and_a_title_of_its_own(unhurried: Make, chat_part: Part) -> None:
    """Title, message, link, tags and priority stand in the JSON, Chinese as it is; tags of the address hold as well."""
    told = replace(chat_part, data={"click": "https://stcsm.sh.gov.cn/a", "priority": 4})
    with Imitation(Imitated.NTFY) as server:
        await unhurried(f"{server.url}?tags=scroll").send_part(DESK, told)

    [taken] = server.taken
    assert taken.payload["title"] == told.subject
    assert (taken.payload["click"], taken.payload["priority"]) == ("https://stcsm.sh.gov.cn/a", 4)
    assert taken.payload["tags"] == ["scroll"]
    assert WORDS.encode() in server.calls[0].body


async def test_a_topic_that_refuses_keeps_it_from_no_other(unhurried: Make, chat_part: Part) -> None:
    """Of two topics the one that refused is tried again alone."""
    with Imitation(Imitated.NTFY, FaultPlan([Fault.REFUSED])) as server:
        notifier = unhurried(f"{server.url}/law")
        first, second = [await notifier.send_part(DESK, chat_part) for _ in range(2)]

    assert (first.verdict, second.verdict) == (DeliveryVerdict.REJECTED, DeliveryVerdict.ACCEPTED)
    assert sorted(taken.target for taken in server.taken) == ["law", "policy"]


@pytest.mark.parametrize(
    ("login", "header"),
    [
        ("desk:s3cr3tvalue@", "Basic ZGVzazpzM2NyM3R2YWx1ZQ=="),
        ("tk_0123456789abcdef0123456789abc@", "Bearer tk_0123456789abcdef0123456789abc"),
    ],
)
async def test_ntfy_logs_in(unhurried: Make, chat_part: Part, *, login: str, header: str) -> None:
    """A server of one's own is shown user and password, or a token."""
    with Imitation(Imitated.NTFY) as server:
        report = await unhurried(server.url.replace("://", f"://{login}", 1)).send_part(DESK, chat_part)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    assert server.calls[0].headers["Authorization"] == header


async def test_a_bot_without_a_chat_asks_who_started_it(unhurried: Make, chat_part: Part) -> None:
    """Without a chat in the address, who started the bot is told; as long as nobody did, it is tried again."""
    start = {"message_id": 1, "chat": {"id": 4713}, "from": {"id": 4713, "first_name": "a"}, "text": "/start"}
    started = json.dumps({"ok": True, "result": [{"update_id": 1, "message": start}]}).encode()
    with Imitation(Imitated.TELEGRAM) as server:
        server.answers.extend([WebhookAnswer(body=b'{"ok": true, "result": []}'), WebhookAnswer(body=started)])
        notifier = unhurried(server.url.replace("/4711", "/"))
        first, second = [await notifier.send_part(DESK, chat_part) for _ in range(2)]

    assert (first.verdict, second.verdict) == (DeliveryVerdict.TRANSIENT, DeliveryVerdict.ACCEPTED)
    assert [call.path.rsplit("/", 1)[-1] for call in server.calls] == ["getUpdates", "getUpdates", "sendMessage"]
    assert [taken.target for taken in server.taken] == ["4713"]


async def test_a_webhook_logs_in_and_bears_headers(unhurried: Make, chat_part: Part) -> None:
    """User and password of an address are basic authentication, `+Name=value` a header."""
    with Imitation(Imitated.WEBHOOK) as server:
        url = server.url.replace("://", "://desk:s3cr3tvalue@", 1)
        report = await unhurried(f"{url}?+X-Team=policy").send_part(DESK, chat_part)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    assert server.calls[0].headers["Authorization"] == "Basic ZGVzazpzM2NyM3R2YWx1ZQ=="
    assert server.calls[0].headers["X-Team"] == "policy"
    assert server.calls[0].path == "/hooks/1"


async def test_a_webhook_is_signed(unhurried: Make, chat_part: Part) -> None:
    """The payload is the part's own, under a signature that only the right key makes."""
    told = replace(chat_part, data={"version": 1, "subject": chat_part.subject})
    with Imitation(Imitated.WEBHOOK, secret="k3y-of-the-hook") as server:
        right = await unhurried(server.url, secret="k3y-of-the-hook").send_part(DESK, told)
        wrong = await unhurried(server.url, secret="another-key").send_part(DESK, told)
        none = await unhurried(server.url).send_part(DESK, told)

    assert right.verdict is DeliveryVerdict.ACCEPTED, right.detail
    assert {wrong.verdict, none.verdict} == {DeliveryVerdict.REJECTED}
    [taken] = server.taken
    assert taken.payload == told.data


async def test_slack_gets_the_parts_own_blocks(unhurried: Make, chat_part: Part) -> None:
    """Blocks within Slack's limits are sent as they are; others are made anew of the body, and lose nothing."""
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": WORDS}}, {"type": "divider"}]
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    with Imitation(Imitated.SLACK_BOT) as server:
        notifier = unhurried(server.url)
        for data in ({"text": "t", "blocks": blocks}, {"text": "t", "blocks": long}):
            report = await notifier.send_part(DESK, replace(chat_part, data=data))
            assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail

    own, anew = server.taken
    assert own.payload["blocks"] == blocks
    assert own.target == "#policy"
    assert chat_part.body in anew.text
