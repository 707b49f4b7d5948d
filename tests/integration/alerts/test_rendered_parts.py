"""What the renderer draws for the form of a channel is what its service takes: nothing refused, nothing lost."""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from alerts.rendering import ChannelRenderer
from core.alert import AlertKind, ChannelId, RouteId, Told
from core.message import Content
from core.outcome import DeliveryVerdict
from hongtou.rehearsal.imitations import Imitated, Imitation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from alerts.apprise_notifier import AppriseNotifier
    from core.outcome import DeliveryReport
    from hongtou.rehearsal.receivers import SmtpSink

    Make = Callable[..., Any]

pytestmark = pytest.mark.integration
DESK = ChannelId("desk")
NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
SERVICES = [pytest.param(service, id=service.name.lower()) for service in Imitated]
HOSTILE = (
    "<b>未闭合 & <script>alert(1)</script>",
    "[点击](https://evil.example) **粗** _斜_ `码` <!channel> @everyone",
    "</b></a><at id=all></at> \"}],{'x':1}",
    "长" * 3000,
    "😀" * 1200,
)


@pytest.fixture
def make_content(make_item: Make, make_source: Make, make_classification: Make) -> Make:
    """Maker of contents that tell items of the titles given: one of an alert, several of a digest."""

    def make(titles: Iterable[str]) -> Content:
        told = tuple(
            Told(
                item=make_item(n, title=title, classification=make_classification()),
                source=make_source(),
                reason="act plan",
            )
            for n, title in enumerate(titles, start=1)
        )
        kind = AlertKind.ITEM if len(told) == 1 else AlertKind.DIGEST
        return Content(kind=kind, now=NOW, told=told, route=RouteId("desk"))

    return make


async def send(notifier: AppriseNotifier, content: Content) -> list[DeliveryReport]:
    """Draw a content for the notifier's channel, and send every part."""
    [form] = notifier.forms()
    return [await notifier.send_part(DESK, part) for part in ChannelRenderer().render(content, form)]


@pytest.mark.parametrize("service", SERVICES)
async def test_hostile_titles_are_taken(service: Imitated, unhurried: Make, make_content: Make) -> None:
    """No title makes a message that a service refuses; Telegram can parse every one."""
    with Imitation(service) as server:
        notifier = unhurried(server.url)
        reports = [report for title in HOSTILE for report in await send(notifier, make_content([title]))]

    assert {report.verdict for report in reports} == {DeliveryVerdict.ACCEPTED}
    assert len(server.taken) == len(server.calls) == len(reports)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_long_digest_arrives_whole(service: Imitated, unhurried: Make, make_content: Make) -> None:
    """Each of 60 stories is in one of the messages, and each message within the service's limit."""
    titles = [f"第{n:03}号 上海市元宇宙产业行动计划" for n in range(60)]
    with Imitation(service) as server:
        reports = await send(unhurried(server.url), make_content(titles))

    assert {report.verdict for report in reports} == {DeliveryVerdict.ACCEPTED}
    told = html.unescape("\n".join(json.dumps(taken.payload, ensure_ascii=False) for taken in server.taken))
    assert [title for title in titles if title.split()[0] not in told] == []


async def test_a_hostile_digest_arrives_by_mail(smtp: SmtpSink, notifier_for: Make, make_content: Make) -> None:
    """Both halves of the mail hold every title as words, and its subject is one line."""
    reports = await send(notifier_for(smtp.url), make_content([*HOSTILE[:3], "行\r\nBcc: all@example.org"]))

    assert {report.verdict for report in reports} == {DeliveryVerdict.ACCEPTED}
    [mail] = smtp.mails
    assert mail.recipients == ("desk@example.org",)
    assert mail.message["Bcc"] is None
    assert "<script>alert" not in mail.part("html")
    assert "alert(1)" in mail.part("html")
    assert "<script>alert(1)</script>" in mail.part("plain")
