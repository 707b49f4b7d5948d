"""No secret of an address in any report, error or log, whatever goes wrong."""

from __future__ import annotations

import logging
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from core.alert import ChannelId
from core.errors import DeliveryError
from core.outcome import DeliveryVerdict
from hongtou.rehearsal.receivers import FOREVER_S, SmtpAnswer, SmtpSink, WebhookAnswer, WebhookSink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alerts.apprise_notifier import AppriseNotifier
    from core.message import Part

    Make = Callable[[str], AppriseNotifier]

pytestmark = pytest.mark.integration
DESK = ChannelId("desk")
SECRET = "s3cr3tvalue"


@pytest.fixture
def heard() -> Iterator[StringIO]:
    """Give everything that the program's own log handler gets, from the most talkative level on."""
    stream = StringIO()
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "answer",
    [
        WebhookAnswer(status=403, body=f"bad token {SECRET}".encode()),
        WebhookAnswer(status=404, body=f"no hook at /hooks/{SECRET}".encode()),
        WebhookAnswer(status=500, body=f'{{"url": "/hooks/{SECRET}?key={SECRET}"}}'.encode()),
        WebhookAnswer(reset=True),
        WebhookAnswer(wait_s=FOREVER_S),
    ],
)
@pytest.mark.parametrize("scheme", ["slackhook", "json"])
async def test_a_webhooks_path_is_never_told(
    webhook: WebhookSink,
    hasty_notifier_for: Make,
    part: Part,
    heard: StringIO,
    *,
    scheme: str,
    answer: WebhookAnswer,
) -> None:
    """A server that repeats the address, and every fault of the network, give it away to nobody."""
    webhook.default = answer
    with capture_logs() as logs:
        report = await hasty_notifier_for(f"{scheme}://127.0.0.1:{webhook.port}/hooks/{SECRET}").send_part(DESK, part)

    assert report.verdict is not DeliveryVerdict.ACCEPTED
    assert report.detail
    for said in (report.detail, heard.getvalue(), repr(logs)):
        assert SECRET not in said


async def test_a_mail_password_is_never_told(smtp: SmtpSink, notifier_for: Make, part: Part, heard: StringIO) -> None:
    """A server that repeats the password gives it away to nobody."""
    smtp.answer = SmtpAnswer(data=f"554 5.7.1 your password {SECRET} is weak")
    url = f"mailto://127.0.0.1:{smtp.port}?from=hongtou@example.org&to=desk@example.org&pass={SECRET}"
    report = await notifier_for(url).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.REJECTED
    assert report.detail == "SMTP 554: 5.7.1 your password *** is weak"
    assert SECRET not in heard.getvalue()


@pytest.mark.parametrize(
    "url",
    [
        f"slack://{SECRET}/B0BBBBBBB/odd-{SECRET}",
        f"nosuch://{SECRET}@example.org/{SECRET}",
        f"mailtos://user:{SECRET}@/?mode={SECRET}",
        f"{SECRET}",
        f"{SECRET}:rest",
        f"tgram://{SECRET}",
    ],
)
def test_a_bad_address_is_not_shown(notifier_for: Make, heard: StringIO, url: str) -> None:
    """The error names the channel, never the address, and has no cause that would."""
    with pytest.raises(DeliveryError) as caught:
        notifier_for(url)

    assert caught.value.channel == "desk"
    assert "'desk'" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert SECRET not in heard.getvalue()
    assert caught.value.__suppress_context__
