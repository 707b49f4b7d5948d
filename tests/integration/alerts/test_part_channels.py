"""Parts by any channel: pace, renewed configurations, terminals, services of Apprise's own, secrets, mail over TLS."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from alerts.apprise_notifier import AppriseNotifier
from alerts.channel_forms import ChannelOptions
from core.alert import ChannelId
from core.message import ChannelKind
from core.outcome import DeliveryVerdict
from hongtou.rehearsal.failing_mail import FailingSmtpSink
from hongtou.rehearsal.imitations import Imitated, Imitation
from hongtou.rehearsal.receiver_faults import Fault, FaultPlan, FaultTimes
from hongtou.rehearsal.receivers import FOREVER_S, Encryption, SmtpSink, WebhookAnswer, WebhookSink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from core.message import Part
    from core.outcome import DeliveryReport

    Make = Callable[..., AppriseNotifier]

pytestmark = pytest.mark.integration
DESK = ChannelId("desk")
SECRET = "s3cr3tvalue"
PATIENT = timedelta(seconds=20)


def paced(url: str, gap_s: float, *, timeout_s: float = 20.0) -> AppriseNotifier:
    """Return a notifier of a channel with a gap."""
    options = {DESK: ChannelOptions(gap=timedelta(seconds=gap_s))}
    return AppriseNotifier({DESK: url}, timeout=timedelta(seconds=timeout_s), terminal=StringIO(), options=options)


async def test_a_gap_is_kept_off_the_loop(webhook: WebhookSink, part: Part) -> None:
    """Messages to one channel follow each other at its gap, and meanwhile the loop goes on."""
    notifier = paced(webhook.url, 0.3)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.02)
            ticks += 1

    ticking = asyncio.create_task(tick())
    begun = time.monotonic()
    reports = [await notifier.send_part(DESK, replace(part, number=number)) for number in range(3)]
    elapsed = time.monotonic() - begun
    ticking.cancel()

    assert {report.verdict for report in reports} == {DeliveryVerdict.ACCEPTED}
    assert 0.6 <= elapsed < 2.0
    assert ticks >= 10


async def test_a_long_gap_is_given_back_to_the_outbox(webhook: WebhookSink, part: Part) -> None:
    """What would wait longer than half the time limit is not begun, counts as no attempt, and is told when to come."""
    notifier = paced(webhook.url, 3600)
    await notifier.send_part(DESK, part)
    report = await notifier.send_part(DESK, replace(part, number=2))

    assert (report.verdict, report.attempted) == (DeliveryVerdict.TRANSIENT, False)
    assert report.retry_after is not None
    assert timedelta(minutes=59) < report.retry_after <= timedelta(hours=1)
    assert len(webhook.calls) == 1


async def test_a_renewed_channel_keeps_pace_and_memory(webhook: WebhookSink, part: Part) -> None:
    """A reload neither lets a message out early, nor forgets who was told; other options hold at once."""
    notifier = paced(webhook.url, 3600)
    await notifier.send_part(DESK, part)
    renewed = notifier.renewed(
        {DESK: webhook.url}, timeout=PATIENT, options={DESK: ChannelOptions(language="zh", gap=timedelta(hours=2))}
    )
    report = await renewed.send_part(DESK, replace(part, number=2))

    assert renewed.forms()[0].language == "zh"
    assert report.retry_after is not None
    assert report.retry_after > timedelta(minutes=119)


async def test_a_late_yes_is_found(webhook: WebhookSink, hasty_for: Make, part: Part) -> None:
    """When the answer comes after the limit, trying again finds it and tells nobody twice, by whatever notifier."""
    webhook.answers.append(WebhookAnswer(body=b"ok" * 5, drip_s=0.12))
    notifier = hasty_for(webhook.url)
    late = await notifier.send_part(DESK, part)
    blocked = await notifier.send_part(DESK, part)
    while any(thread.name == "channel-desk" for thread in threading.enumerate()):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    again = await notifier.renewed({DESK: webhook.url}, timeout=PATIENT).send_part(DESK, part)

    assert (late.verdict, late.attempted) == (DeliveryVerdict.TRANSIENT, True)
    assert (blocked.verdict, blocked.attempted) == (DeliveryVerdict.TRANSIENT, False)
    assert again.verdict is DeliveryVerdict.ACCEPTED
    assert len(webhook.calls) == 1


async def test_a_terminal_prints_the_part(part: Part) -> None:
    """Subject and body stand in the stream, as they were drawn."""
    stream = StringIO()
    notifier = AppriseNotifier({DESK: "terminal:"}, timeout=PATIENT, terminal=stream)
    report = await notifier.send_part(DESK, replace(part, body="正文", text="plain"))

    assert report.verdict is DeliveryVerdict.ACCEPTED
    assert part.subject in stream.getvalue()
    assert "正文" in stream.getvalue()


async def test_any_other_service_gets_text(webhook: WebhookSink, notifier_for: Make, part: Part) -> None:
    """A service that Apprise speaks to by itself gets title and body, in which no mention rings a phone."""
    report = await notifier_for(f"json://127.0.0.1:{webhook.port}/hook").send_part(
        DESK, replace(part, body="@everyone 正文")
    )

    assert report.verdict is DeliveryVerdict.ACCEPTED
    payload = webhook.calls[0].json()
    assert payload["title"] == part.subject
    assert "正文" in payload["message"]
    assert "@everyone" not in payload["message"]


@pytest.mark.parametrize("service", sorted(set(Imitated) - {Imitated.NTFY, Imitated.WEBHOOK}, key=str))
async def test_markup_can_be_declined(service: Imitated, unhurried: Make, part: Part) -> None:
    """An address with `format=text` gets text from Apprise's own class, where ours would send markup."""
    with Imitation(service) as server:
        server.answers.append(service.rules.good)
        notifier = unhurried(f"{server.url}&format=text")
        report = await notifier.send_part(DESK, replace(part, body="正文 *a* [b](https://example.org)"))

    assert notifier.forms()[0].kind is ChannelKind.OTHER
    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    sent = json.dumps(server.calls[0].json(), ensure_ascii=False)
    assert "正文 *a*" in sent
    assert "](" not in sent


async def test_a_refusal_in_a_200_is_heard_of_text_too(unhurried: Make, part: Part) -> None:
    """Apprise takes every 200 of DingTalk for a yes; the refusal counts, and the retry is sent."""
    with Imitation(Imitated.DINGTALK) as server:
        server.answers.extend([server.service.rules.refused, server.service.rules.good])
        notifier = unhurried(f"{server.url}&format=text")
        first, second = [await notifier.send_part(DESK, part) for _ in range(2)]

    assert (first.verdict, second.verdict) == (DeliveryVerdict.REJECTED, DeliveryVerdict.ACCEPTED)
    assert "token is not exist" in first.detail


async def test_a_channel_that_is_gone_rejects(notifier_for: Make, part: Part) -> None:
    """A part for a channel that left the configuration cannot be helped by waiting."""
    report = await notifier_for("terminal:").send_part(ChannelId("gone"), part)
    assert report.verdict is DeliveryVerdict.REJECTED


@pytest.mark.parametrize("service", list(Imitated))
async def test_no_secret_is_ever_told(service: Imitated, unhurried: Make, part: Part) -> None:
    """A server that repeats every path, header and query in its refusal gives nothing away."""
    with Imitation(service) as server:
        url = server.url
        server.default = WebhookAnswer(status=403, body=url.encode())
        server.answers.append(WebhookAnswer(status=403, body=f"at {url} with {SECRET}".encode()))
        key = SECRET if service in (Imitated.FEISHU, Imitated.DINGTALK, Imitated.WEBHOOK) else ""
        bearer = "" if key else f"{'&' if '?' in url else '?'}x={SECRET}"
        report = await unhurried(f"{url}{bearer}", secret=key).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.REJECTED
    for secret in (SECRET, "secretsecretsecret", "abcdefghijk", "0123456789abcdef", "/hooks/1"):
        assert secret not in report.detail


async def _deliver(notifier: AppriseNotifier, parts: Sequence[Part]) -> list[DeliveryReport]:
    """Send each part until it is taken, as the outbox does, without its pauses."""
    reports = []
    for part in parts:
        while True:
            report = await notifier.send_part(DESK, part)
            reports.append(report)
            if report.verdict is DeliveryVerdict.ACCEPTED:
                break
    return reports


@pytest.mark.parametrize("service", [Imitated.SLACK_BOT, Imitated.TELEGRAM, Imitated.DINGTALK, Imitated.WEBHOOK])
async def test_faults_in_a_third_of_the_calls_lose_nothing(service: Imitated, unhurried: Make, chat_part: Part) -> None:
    """With faults after which nothing was taken, each part is taken once, in order."""
    parts = [replace(chat_part, key=f"alert-{number}/1") for number in range(40)]
    plan = FaultPlan(share=1 / 3, kinds=(Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.RESET), seed=7)
    with Imitation(service, plan) as server:
        reports = await _deliver(unhurried(server.url), parts)

    keys = [taken.key for taken in server.taken]
    assert len(keys) == len(set(keys)) == len(parts)
    assert len(reports) == len(parts) + sum(plan.drawn.values())
    assert len(reports) > len(parts) + 5


async def test_lost_answers_repeat_under_the_same_key(unhurried: Make, chat_part: Part) -> None:
    """An answer that was lost makes a repeat, which the receiver knows by its key."""
    parts = [replace(chat_part, key=f"alert-{number}/1") for number in range(20)]
    with Imitation(Imitated.WEBHOOK, FaultPlan(share=0.3, kinds=(Fault.LOST_ANSWER,), seed=3)) as server:
        await _deliver(unhurried(server.url), parts)

    told = [taken.key for taken in server.taken if taken.is_told]
    assert len(told) == len(set(told)) == len(parts)
    assert {taken.key for taken in server.taken} == set(told)
    assert len(server.taken) > len(parts)


async def test_mail_that_fails_by_plan_is_delivered(unhurried: Make, part: Part) -> None:
    """Passing replies, cut connections and lost answers cost attempts, no mail; repeats bear the same Message-ID."""
    kinds = (Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.RESET, Fault.LOST_ANSWER, Fault.DRIP)
    parts = [replace(part, key=f"alert-{number}/1") for number in range(12)]
    plan = FaultPlan(share=1 / 3, kinds=kinds, seed=5, times=FaultTimes(drip=0.001))
    with FailingSmtpSink(plan) as sink:
        await _deliver(unhurried(sink.url), parts)

    names = [str(mail.message["Message-ID"]) for mail in sink.mails]
    assert len(set(names)) == len(parts)
    assert len(names) == len(parts) + plan.drawn[Fault.LOST_ANSWER]
    assert sum(plan.drawn.values()) > 2


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault.TOO_LONG, DeliveryVerdict.TOO_LONG),
        (Fault.REFUSED, DeliveryVerdict.REJECTED),
        (Fault.RESET, DeliveryVerdict.TRANSIENT),
        (Fault.HANG, DeliveryVerdict.TRANSIENT),
    ],
)
async def test_mail_faults_are_told_apart(
    hasty_for: Make, part: Part, *, fault: Fault, verdict: DeliveryVerdict
) -> None:
    """Too big, not allowed and silent are three things."""
    with FailingSmtpSink(FaultPlan([fault], times=FaultTimes(hang=FOREVER_S))) as sink:
        report = await hasty_for(sink.url).send_part(DESK, part)

    assert report.verdict is verdict, report.detail
    assert sink.mails == []


@pytest.mark.parametrize(
    ("encryption", "mode"), [(Encryption.STARTTLS, "starttls"), (Encryption.TLS, "ssl"), (Encryption.NONE, "insecure")]
)
async def test_mail_logs_in_over_every_kind_of_connection(
    encryption: Encryption,
    mode: str,
    certificate: Path,
    notifier_for: Make,
    part: Part,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """STARTTLS, TLS from the first byte, and neither, each with a login."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    login = ("user", SECRET)
    with SmtpSink(login=login, encryption=encryption, certificate=certificate) as sink:
        url = (
            f"mailto{'' if mode == 'insecure' else 's'}://user:{SECRET}@127.0.0.1:{sink.port}"
            f"?mode={mode}&from=红头<hongtou@example.org>&to=desk@example.org"
        )
        report = await notifier_for(url).send_part(DESK, part)
        wrong = await notifier_for(url.replace(SECRET, "wr0ngs3cret")).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    assert [mail.message["Subject"] for mail in sink.mails] == [part.subject]
    assert wrong.verdict is DeliveryVerdict.REJECTED
    assert "535" in wrong.detail
    assert "wr0ngs3cret" not in wrong.detail


async def test_mail_to_an_untrusted_server_is_kept_back(certificate: Path, notifier_for: Make, part: Part) -> None:
    """A certificate nobody vouches for stops the mail, whichever way TLS begins."""
    for encryption, mode in ((Encryption.STARTTLS, "starttls"), (Encryption.TLS, "ssl")):
        with SmtpSink(encryption=encryption, certificate=certificate) as sink:
            url = f"mailtos://127.0.0.1:{sink.port}?mode={mode}&from=hongtou@example.org&to=desk@example.org"
            report = await notifier_for(url).send_part(DESK, part)

        assert not sink.mails
        assert (report.verdict, report.detail) == (DeliveryVerdict.TRANSIENT, "TLS certificate not accepted")
