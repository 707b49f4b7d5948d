"""Slack and other webhooks through Apprise to a real HTTP server on loopback."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import pytest

from alerts.apprise_notifier import AppriseNotifier
from core.alert import ChannelId, Message
from core.outcome import DeliveryVerdict
from hongtou.rehearsal.receivers import FOREVER_S, SmtpSink, WebhookAnswer, WebhookSink

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[[str], AppriseNotifier]

pytestmark = pytest.mark.integration
DESK = ChannelId("desk")
SLACK_URL = "slack://T0AAAAAAA/B0BBBBBBB/secretsecretsecret"


def slack_at(notifier: AppriseNotifier, sink: WebhookSink) -> AppriseNotifier:
    """Point the real slack:// service at the sink in place of hooks.slack.com."""
    plugin = cast("Any", notifier._lines[DESK].service._plugin)
    plugin.webhook_url = f"{sink.address}/services"
    plugin.api_url = f"{sink.address}/api/{{}}"
    return notifier


def sections(payload: dict[str, Any]) -> list[str]:
    """Return the texts of the sections."""
    return [block["text"]["text"] for block in payload["blocks"] if block["type"] == "section"]


async def test_slack_gets_blocks_with_our_markup(webhook: WebhookSink, notifier_for: Make, message: Message) -> None:
    """slack:// posts a header, our markup untouched, and a fallback text to its webhook."""
    report = await slack_at(notifier_for(SLACK_URL), webhook).send(DESK, message)

    assert report.verdict is DeliveryVerdict.ACCEPTED
    [call] = webhook.calls
    assert call.path == "/services/T0AAAAAAA/B0BBBBBBB/secretsecretsecret"
    payload = call.json()
    assert payload["text"] == message.subject
    assert payload["blocks"][0] == {"type": "header", "text": {"type": "plain_text", "text": message.subject}}
    assert sections(payload) == [message.markdown]
    assert "attachments" not in payload


async def test_a_slack_bot_names_its_channel(webhook: WebhookSink, notifier_for: Make, message: Message) -> None:
    """With a bot token the same blocks go to chat.postMessage with the channel of the address."""
    webhook.default = WebhookAnswer(body=b'{"ok": true, "channel": "C1"}')
    url = "slack://xoxb-1234567890-1234567890-abcdefghijkl/policy"
    report = await slack_at(notifier_for(url), webhook).send(DESK, message)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    [call] = webhook.calls
    assert call.path == "/api/chat.postMessage"
    assert call.json()["channel"] == "#policy"
    assert sections(call.json()) == [message.markdown]


async def test_a_bot_refused_by_slack_with_status_200(
    webhook: WebhookSink, notifier_for: Make, message: Message
) -> None:
    """Slack's own error in an answer of status 200 counts, not the status."""
    webhook.default = WebhookAnswer(body=b'{"ok": false, "error": "channel_not_found"}')
    url = "slack://xoxb-1234567890-1234567890-abcdefghijkl/policy"
    report = await slack_at(notifier_for(url), webhook).send(DESK, message)

    assert report.verdict is DeliveryVerdict.REJECTED
    assert "channel_not_found" in report.detail


async def test_a_compatible_hook_gets_the_same_payload(
    webhook: WebhookSink, notifier_for: Make, message: Message
) -> None:
    """slackhook:// posts what slack:// posts, to the path of its address."""
    report = await notifier_for(webhook.url).send(DESK, message)

    assert report.verdict is DeliveryVerdict.ACCEPTED
    [call] = webhook.calls
    assert call.path == "/services/T0/B0/local"
    assert call.headers["Content-Type"].startswith("application/json")
    assert sections(call.json()) == [message.markdown]


async def test_any_other_service_gets_text(webhook: WebhookSink, notifier_for: Make, message: Message) -> None:
    """json:// stands for the services that Apprise speaks to by itself: title and plain text."""
    report = await notifier_for(f"json://127.0.0.1:{webhook.port}/hook").send(DESK, message)

    assert report.verdict is DeliveryVerdict.ACCEPTED
    [call] = webhook.calls
    assert call.json()["title"] == message.subject
    assert call.json()["message"] == message.text


async def test_a_service_without_titles_gets_none(webhook: WebhookSink, notifier_for: Make, message: Message) -> None:
    """Mattermost by Apprise's own service shows no title; the text, which begins with it, comes once."""
    report = await notifier_for(f"mmost://127.0.0.1:{webhook.port}/0123456789abcdef").send(DESK, message)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    [call] = webhook.calls
    assert call.json()["text"].count("上海市元宇宙关键技术攻关行动方案") == 1


@pytest.mark.parametrize("url", ["wecombot://0123456789abcdef", "dingtalk://0123456789abcdef"])
async def test_a_robot_that_refuses_with_status_200(
    webhook: WebhookSink, notifier_for: Make, message: Message, *, url: str
) -> None:
    """WeCom and DingTalk say no in a 200, which Apprise takes for yes; it is told, and the retry sends again."""
    webhook.answers.append(WebhookAnswer(body=b'{"errcode": 45009, "errmsg": "api freq out of limit"}'))
    webhook.default = WebhookAnswer(body=b'{"errcode": 0, "errmsg": "ok"}')
    notifier = notifier_for(url)
    plugin = cast("Any", notifier._lines[DESK].service._plugin)
    plugin.notify_url = plugin.api_url = webhook.address
    plugin.request_rate_per_sec = 0
    first, second = await notifier.send(DESK, message), await notifier.send(DESK, message)

    assert first.verdict is DeliveryVerdict.TRANSIENT
    assert "api freq out of limit" in first.detail
    assert second.verdict is DeliveryVerdict.ACCEPTED
    assert len(webhook.calls) == 2


async def test_a_title_rings_no_phone(webhook: WebhookSink, notifier_for: Make) -> None:
    """Discord shows `@everyone` of a title, and calls nobody."""
    hostile = Message(subject="@everyone", text="@everyone [x](https://evil.example)", html="", markdown="")
    notifier = notifier_for("discord://123456789012345678/abcdefghijklmnop")
    cast("Any", notifier._lines[DESK].service._plugin).notify_url = webhook.address
    await notifier.send(DESK, hostile)

    content = webhook.calls[0].json()["content"]
    assert "everyone" in content
    assert "@everyone" not in content
    assert "](" not in content


async def test_an_empty_message_is_sent_all_the_same(webhook: WebhookSink, notifier_for: Make) -> None:
    """A message without a body is its subject, not a delivery that never was."""
    report = await notifier_for(webhook.url).send(DESK, Message(subject="s", text="", html="", markdown=""))

    assert report.verdict is DeliveryVerdict.ACCEPTED
    assert sections(webhook.calls[0].json()) == ["s"]


async def test_parts_are_measured_in_bytes_where_the_server_does(
    webhook: WebhookSink, notifier_for: Make, message: Message
) -> None:
    """The server of ntfy makes an attachment of more than 4096 bytes, so that no part has them."""
    items = [f"第{number}条 " + "元宇宙" * 40 for number in range(40)]
    long = Message(subject=message.subject, text="\n\n".join(items), html="", markdown="")
    webhook.default = WebhookAnswer(body=b"{}")
    notifier = notifier_for(f"ntfy://127.0.0.1:{webhook.port}/topic")
    cast("Any", notifier._lines[DESK].service._plugin).request_rate_per_sec = 0
    report = await notifier.send(DESK, long)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    told = [call.json()["message"] for call in webhook.calls]
    assert "\n\n".join(told) == long.text
    assert 3000 < max(len(text.encode()) for text in told) <= 3900
    assert len(told) == 4
    assert webhook.calls[3].json()["title"].startswith("4/4 · [Hongtou]")


async def test_a_template_of_the_users_own_is_kept(
    webhook: WebhookSink, notifier_for: Make, message: Message, tmp_path: Path
) -> None:
    """A Slack address with `template=` sends the blocks of that file."""
    template = tmp_path / "blocks.json"
    template.write_text(
        '{"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "mine: {{ app_title }}"}}]}'
    )
    notifier = slack_at(notifier_for(f"{SLACK_URL}?template={template}"), webhook)
    report = await notifier.send(DESK, message)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    [attachment] = webhook.calls[0].json()["attachments"]
    assert attachment["blocks"][0]["text"]["text"] == f"mine: {message.subject}"


@pytest.mark.parametrize("scheme", ["slack", "slackhook", "json"])
@pytest.mark.parametrize(
    ("answer", "verdict", "wait"),
    [
        (WebhookAnswer(status=429, body=b"", headers={"Retry-After": "30"}), DeliveryVerdict.TRANSIENT, 30),
        (WebhookAnswer(status=500, body=b"rollup_error"), DeliveryVerdict.TRANSIENT, None),
        (WebhookAnswer(status=503, body=b"", headers={"Retry-After": "120"}), DeliveryVerdict.TRANSIENT, 120),
        (WebhookAnswer(status=400, body=b"invalid_payload"), DeliveryVerdict.REJECTED, None),
        (WebhookAnswer(status=403, body=b"invalid_token"), DeliveryVerdict.REJECTED, None),
        (WebhookAnswer(status=400, body=b"invalid_blocks"), DeliveryVerdict.TOO_LONG, None),
        (WebhookAnswer(status=413, body=b""), DeliveryVerdict.TOO_LONG, None),
    ],
)
async def test_answers_are_told_apart(
    webhook: WebhookSink,
    notifier_for: Make,
    message: Message,
    *,
    scheme: str,
    answer: WebhookAnswer,
    verdict: DeliveryVerdict,
    wait: int | None,
) -> None:
    """The status and Retry-After of the server decide, whatever service of Apprise spoke to it."""
    webhook.default = answer
    urls = {"slack": SLACK_URL, "slackhook": webhook.url, "json": f"json://127.0.0.1:{webhook.port}/hook"}
    notifier = notifier_for(urls[scheme])
    report = await (slack_at(notifier, webhook) if scheme == "slack" else notifier).send(DESK, message)

    assert report.verdict is verdict
    assert str(answer.status) in report.detail
    assert report.retry_after == (None if wait is None else timedelta(seconds=wait))


async def test_a_reset_connection_passes(webhook: WebhookSink, notifier_for: Make, message: Message) -> None:
    """A connection cut in place of an answer is transient, and the next attempt is accepted."""
    webhook.answers.append(WebhookAnswer(reset=True))
    notifier = notifier_for(webhook.url)
    cut, sent = await notifier.send(DESK, message), await notifier.send(DESK, message)

    assert (cut.verdict, cut.detail) == (DeliveryVerdict.TRANSIENT, "connection closed before an answer")
    assert sent.verdict is DeliveryVerdict.ACCEPTED


async def test_a_sink_that_is_down_passes(webhook: WebhookSink, notifier_for: Make, message: Message) -> None:
    """A refused connection is transient."""
    webhook.down()
    report = await notifier_for(webhook.url).send(DESK, message)

    assert (report.verdict, report.detail) == (DeliveryVerdict.TRANSIENT, "connection refused")


async def test_a_silent_server_is_given_up_in_time(
    webhook: WebhookSink, hasty_notifier_for: Make, message: Message
) -> None:
    """A server that takes the message and says nothing costs at most the limit."""
    webhook.default = WebhookAnswer(wait_s=FOREVER_S)
    begun = time.monotonic()
    report = await hasty_notifier_for(webhook.url).send(DESK, message)

    assert report.verdict is DeliveryVerdict.TRANSIENT
    assert time.monotonic() - begun < 2.5


async def test_a_dripping_server_leaks_one_thread_at_most(
    webhook: WebhookSink, hasty_notifier_for: Make, message: Message
) -> None:
    """An answer that drips for ever defeats socket time-outs; the limit holds, and later messages start no thread."""
    webhook.default = WebhookAnswer(body=b"x" * 10_000, drip_s=0.1)
    notifier = hasty_notifier_for(webhook.url)
    first = await notifier.send(DESK, message)
    later = [await notifier.send(DESK, message) for _ in range(5)]

    assert first.detail == "no answer within 1.5 s"
    assert {report.detail for report in later} == {"the answer to an earlier message is still outstanding"}
    assert sum(thread.name == "channel-desk" for thread in threading.enumerate()) == 1
    assert len(webhook.calls) == 1


async def test_a_late_acceptance_is_not_sent_again(
    webhook: WebhookSink, hasty_notifier_for: Make, message: Message
) -> None:
    """When the answer comes after the limit, trying again finds it and does not tell twice."""
    webhook.answers.append(WebhookAnswer(body=b"ok" * 10, drip_s=0.1))
    notifier = hasty_notifier_for(webhook.url)
    late = await notifier.send(DESK, message)
    while any(thread.name == "channel-desk" for thread in threading.enumerate()):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    again = await notifier.send(DESK, message)
    meant = await notifier.send(DESK, message)

    assert late.verdict is DeliveryVerdict.TRANSIENT
    assert again.verdict is meant.verdict is DeliveryVerdict.ACCEPTED
    assert len(webhook.calls) == 2  # the first, and the one that was meant as another


async def test_a_long_digest_comes_in_parts_within_slacks_limits(
    webhook: WebhookSink, notifier_for: Make, message: Message
) -> None:
    """200 items are told whole, in sections of at most 3000 characters and messages cut between items."""
    items = [f"• <https://example.org/{number}|标题{number} &amp; {'长' * 150}>\n`cn-sh`" for number in range(200)]
    long = Message(subject=message.subject, text=message.text, html=message.html, markdown="\n\n".join(items))
    report = await notifier_for(webhook.url).send(DESK, long)

    assert report.verdict is DeliveryVerdict.ACCEPTED
    payloads = [call.json() for call in webhook.calls]
    assert len(payloads) > 1
    told = [text for payload in payloads for text in sections(payload)]
    assert "\n\n".join(told) == long.markdown
    assert max(len(text) for text in told) <= 3000
    assert payloads[1]["blocks"][0]["text"]["text"].startswith(f"2/{len(payloads)} · ")


async def test_a_retry_goes_on_at_the_part_that_failed(webhook: WebhookSink, notifier_for: Make) -> None:
    """Parts that were accepted are not sent again."""
    parts = ["甲" * 9000, "乙" * 9000, "丙" * 9000]
    long = Message(
        subject="s",
        text="t",
        html="h",
        markdown="\n\n".join("\n".join(p[i : i + 2000] for i in range(0, 9000, 2000)) for p in parts),
    )
    webhook.answers.extend([WebhookAnswer(), WebhookAnswer(status=500)])
    notifier = notifier_for(webhook.url)
    first, second = await notifier.send(DESK, long), await notifier.send(DESK, long)

    assert (first.verdict, second.verdict) == (DeliveryVerdict.TRANSIENT, DeliveryVerdict.ACCEPTED)
    assert [sections(call.json())[0][0] for call in webhook.calls] == ["甲", "乙", "乙", "丙"]


async def test_a_hung_channel_does_not_hold_another(webhook: WebhookSink, smtp: SmtpSink, message: Message) -> None:
    """While one channel waits for its answer, another has delivered."""
    webhook.default = WebhookAnswer(wait_s=FOREVER_S)
    mail = ChannelId("mail")
    notifier = AppriseNotifier({DESK: webhook.url, mail: smtp.url}, timeout=timedelta(seconds=1), terminal=StringIO())
    hung, sent = await asyncio.gather(notifier.send(DESK, message), notifier.send(mail, message))

    assert (hung.verdict, sent.verdict) == (DeliveryVerdict.TRANSIENT, DeliveryVerdict.ACCEPTED)
    assert sent.elapsed_s < hung.elapsed_s
