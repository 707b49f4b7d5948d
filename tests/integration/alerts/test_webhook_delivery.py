"""Slack and other webhooks through Apprise to a real HTTP server on loopback."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import pytest

from alerts.apprise_notifier import AppriseNotifier
from core.alert import ChannelId
from core.message import Part
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


async def test_slack_gets_blocks_with_our_markup(webhook: WebhookSink, notifier_for: Make, part: Part) -> None:
    """slack:// posts a header, our markup untouched, and a fallback text to its webhook."""
    report = await slack_at(notifier_for(SLACK_URL), webhook).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.ACCEPTED
    [call] = webhook.calls
    assert call.path == "/services/T0AAAAAAA/B0BBBBBBB/secretsecretsecret"
    payload = call.json()
    assert payload["text"] == part.subject
    assert payload["blocks"][0] == {"type": "header", "text": {"type": "plain_text", "text": part.subject}}
    assert sections(payload) == [part.body]
    assert "attachments" not in payload


async def test_a_slack_bot_names_its_channel(webhook: WebhookSink, notifier_for: Make, part: Part) -> None:
    """With a bot token the same blocks go to chat.postMessage with the channel of the address."""
    webhook.default = WebhookAnswer(body=b'{"ok": true, "channel": "C1"}')
    url = "slack://xoxb-1234567890-1234567890-abcdefghijkl/policy"
    report = await slack_at(notifier_for(url), webhook).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    [call] = webhook.calls
    assert call.path == "/api/chat.postMessage"
    assert call.json()["channel"] == "#policy"
    assert sections(call.json()) == [part.body]


async def test_a_bot_refused_by_slack_with_status_200(webhook: WebhookSink, notifier_for: Make, part: Part) -> None:
    """Slack's own error in an answer of status 200 counts, not the status."""
    webhook.default = WebhookAnswer(body=b'{"ok": false, "error": "channel_not_found"}')
    url = "slack://xoxb-1234567890-1234567890-abcdefghijkl/policy"
    report = await slack_at(notifier_for(url), webhook).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.REJECTED
    assert "channel_not_found" in report.detail


async def test_a_compatible_hook_gets_the_same_payload(webhook: WebhookSink, notifier_for: Make, part: Part) -> None:
    """slackhook:// posts what slack:// posts, to the path of its address."""
    report = await notifier_for(webhook.url).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.ACCEPTED
    [call] = webhook.calls
    assert call.path == "/services/T0/B0/local"
    assert call.headers["Content-Type"].startswith("application/json")
    assert sections(call.json()) == [part.body]


async def test_any_other_service_gets_text(webhook: WebhookSink, notifier_for: Make, part: Part) -> None:
    """json:// stands for the services that Apprise speaks to by itself: title and plain text."""
    report = await notifier_for(f"json://127.0.0.1:{webhook.port}/hook").send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.ACCEPTED
    [call] = webhook.calls
    assert call.json()["title"] == part.subject
    assert call.json()["message"] == part.body


async def test_a_service_without_titles_gets_none(webhook: WebhookSink, notifier_for: Make, part: Part) -> None:
    """Mattermost by Apprise's own service shows no title; the text, which begins with it, comes once."""
    report = await notifier_for(f"mmost://127.0.0.1:{webhook.port}/0123456789abcdef").send_part(
        DESK, replace(part, body=part.text)
    )

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    [call] = webhook.calls
    assert call.json()["text"].count("上海市元宇宙关键技术攻关行动方案") == 1


@pytest.mark.parametrize("url", ["wecombot://0123456789abcdef", "dingtalk://0123456789abcdef"])
async def test_a_robot_that_refuses_with_status_200(
    webhook: WebhookSink, notifier_for: Make, part: Part, *, url: str
) -> None:
    """WeCom and DingTalk say no in a 200, which Apprise takes for yes; it is told, and the retry sends again."""
    webhook.answers.append(WebhookAnswer(body=b'{"errcode": 45009, "errmsg": "api freq out of limit"}'))
    webhook.default = WebhookAnswer(body=b'{"errcode": 0, "errmsg": "ok"}')
    notifier = notifier_for(url)
    plugin = cast("Any", notifier._lines[DESK].service._plugin)
    plugin.notify_url = plugin.api_url = webhook.address
    plugin.request_rate_per_sec = 0
    first, second = await notifier.send_part(DESK, part), await notifier.send_part(DESK, part)

    assert first.verdict is DeliveryVerdict.TRANSIENT
    assert "api freq out of limit" in first.detail
    assert second.verdict is DeliveryVerdict.ACCEPTED
    assert len(webhook.calls) == 2


async def test_an_empty_message_is_sent_all_the_same(webhook: WebhookSink, notifier_for: Make) -> None:
    """A message without a body is its subject, not a delivery that never was."""
    report = await notifier_for(webhook.url).send_part(DESK, Part(number=1, count=1, subject="s", body=""))

    assert report.verdict is DeliveryVerdict.ACCEPTED
    assert webhook.calls[0].json()["blocks"][0]["text"]["text"] == "s"


async def test_a_template_of_the_users_own_is_kept(
    webhook: WebhookSink, notifier_for: Make, part: Part, tmp_path: Path
) -> None:
    """A Slack address with `template=` sends the blocks of that file."""
    template = tmp_path / "blocks.json"
    template.write_text(
        '{"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "mine: {{ app_title }}"}}]}'
    )
    notifier = slack_at(notifier_for(f"{SLACK_URL}?template={template}"), webhook)
    report = await notifier.send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    [attachment] = webhook.calls[0].json()["attachments"]
    assert attachment["blocks"][0]["text"]["text"] == f"mine: {part.subject}"


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
    part: Part,
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
    report = await (slack_at(notifier, webhook) if scheme == "slack" else notifier).send_part(DESK, part)

    assert report.verdict is verdict
    assert str(answer.status) in report.detail
    assert report.retry_after == (None if wait is None else timedelta(seconds=wait))


async def test_a_reset_connection_passes(webhook: WebhookSink, notifier_for: Make, part: Part) -> None:
    """A connection cut in place of an answer is transient, and the next attempt is accepted."""
    webhook.answers.append(WebhookAnswer(reset=True))
    notifier = notifier_for(webhook.url)
    cut, sent = await notifier.send_part(DESK, part), await notifier.send_part(DESK, part)

    assert (cut.verdict, cut.detail) == (DeliveryVerdict.TRANSIENT, "connection closed before an answer")
    assert sent.verdict is DeliveryVerdict.ACCEPTED


async def test_a_sink_that_is_down_passes(webhook: WebhookSink, notifier_for: Make, part: Part) -> None:
    """A refused connection is transient."""
    webhook.down()
    report = await notifier_for(webhook.url).send_part(DESK, part)

    assert (report.verdict, report.detail) == (DeliveryVerdict.TRANSIENT, "connection refused")


async def test_a_silent_server_is_given_up_in_time(webhook: WebhookSink, hasty_notifier_for: Make, part: Part) -> None:
    """A server that takes the message and says nothing costs at most the limit."""
    webhook.default = WebhookAnswer(wait_s=FOREVER_S)
    begun = time.monotonic()
    report = await hasty_notifier_for(webhook.url).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.TRANSIENT
    assert time.monotonic() - begun < 2.5


async def test_a_dripping_server_leaks_one_thread_at_most(
    webhook: WebhookSink, hasty_notifier_for: Make, part: Part
) -> None:
    """An answer that drips for ever defeats socket time-outs; the limit holds, and later messages start no thread."""
    webhook.default = WebhookAnswer(body=b"x" * 10_000, drip_s=0.1)
    notifier = hasty_notifier_for(webhook.url)
    first = await notifier.send_part(DESK, part)
    later = [await notifier.send_part(DESK, part) for _ in range(5)]

    assert first.detail == "no answer within 1.5 s"
    assert {report.detail for report in later} == {"the answer to an earlier message is still outstanding"}
    assert sum(thread.name == "channel-desk" for thread in threading.enumerate()) == 1
    assert len(webhook.calls) == 1


async def test_a_late_acceptance_is_not_sent_again(webhook: WebhookSink, hasty_notifier_for: Make, part: Part) -> None:
    """When the answer comes after the limit, trying again finds it and does not tell twice."""
    webhook.answers.append(WebhookAnswer(body=b"ok" * 10, drip_s=0.1))
    notifier = hasty_notifier_for(webhook.url)
    late = await notifier.send_part(DESK, part)
    while any(thread.name == "channel-desk" for thread in threading.enumerate()):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    again = await notifier.send_part(DESK, part)
    meant = await notifier.send_part(DESK, part)

    assert late.verdict is DeliveryVerdict.TRANSIENT
    assert again.verdict is meant.verdict is DeliveryVerdict.ACCEPTED
    assert len(webhook.calls) == 2  # the first, and the one that was meant as another


async def test_a_hung_channel_does_not_hold_another(webhook: WebhookSink, smtp: SmtpSink, part: Part) -> None:
    """While one channel waits for its answer, another has delivered."""
    webhook.default = WebhookAnswer(wait_s=FOREVER_S)
    mail = ChannelId("mail")
    notifier = AppriseNotifier({DESK: webhook.url, mail: smtp.url}, timeout=timedelta(seconds=1), terminal=StringIO())
    hung, sent = await asyncio.gather(notifier.send_part(DESK, part), notifier.send_part(mail, part))

    assert (hung.verdict, sent.verdict) == (DeliveryVerdict.TRANSIENT, DeliveryVerdict.ACCEPTED)
    assert sent.elapsed_s < hung.elapsed_s
