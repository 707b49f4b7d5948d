"""Mail through Apprise to a real SMTP server on loopback."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.alert import ChannelId
from core.outcome import DeliveryVerdict
from hongtou.rehearsal.receivers import FOREVER_S, Encryption, SmtpAnswer, SmtpSink

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alerts.apprise_notifier import AppriseNotifier
    from core.message import Part

    Make = Callable[[str], AppriseNotifier]

pytestmark = pytest.mark.integration
DESK = ChannelId("desk")


async def test_a_chinese_mail_arrives_with_both_parts(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """Subject, text and HTML are read back by Python's parser as they were meant."""
    report = await notifier_for(smtp.url).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.ACCEPTED
    [mail] = smtp.mails
    assert mail.message["Subject"] == part.subject
    assert mail.message.get_content_type() == "multipart/alternative"
    assert mail.part("plain").replace("\r\n", "\n").strip() == part.text
    assert mail.part("html").strip() == part.body
    assert mail.recipients == ("desk@example.org",)
    assert mail.message["Auto-Submitted"] == "auto-generated"


async def test_the_headers_are_ascii_on_the_wire(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """A Chinese subject and sender name are RFC 2047 words, which every mail program reads."""
    url = f"mailto://127.0.0.1:{smtp.port}?from=红头警报<hongtou@example.org>&to=desk@example.org"
    await notifier_for(url).send_part(DESK, part)

    [mail] = smtp.mails
    [sender] = mail.message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("红头警报", "hongtou@example.org")
    raw_headers = mail.message.as_bytes().split(b"\n\n")[0]
    assert raw_headers.isascii()
    assert b"=?utf-8?" in raw_headers.lower()


async def test_a_text_only_address_gets_text(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """`?format=text` sends a mail without HTML."""
    await notifier_for(f"{smtp.url}&format=text").send_part(DESK, part)

    [mail] = smtp.mails
    assert mail.message.get_content_type() == "text/plain"
    assert mail.part("plain").replace("\r\n", "\n").strip() == part.text


async def test_a_long_chinese_subject_keeps_to_the_line_limits(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """A subject of 200 Chinese characters arrives whole, on lines of at most 78 characters."""
    long = replace(part, subject="上海市元宇宙行动方案" * 20)
    await notifier_for(smtp.url).send_part(DESK, long)

    [mail] = smtp.mails
    assert mail.message["Subject"] == long.subject


async def test_login_over_starttls(
    certificate: Path, notifier_for: Make, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that asks for STARTTLS and a login gets both, checked against the trusted certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with SmtpSink(login=("user", "s3cretword"), encryption=Encryption.STARTTLS, certificate=certificate) as sink:
        url = (
            f"mailtos://user:s3cretword@127.0.0.1:{sink.port}"
            "?mode=starttls&from=hongtou@example.org&to=desk@example.org"
        )
        report = await notifier_for(url).send_part(DESK, part)

        assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
        assert len(sink.mails) == 1


async def test_tls_from_the_first_byte(
    certificate: Path, notifier_for: Make, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`mode=ssl` reaches a server that speaks TLS only."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with SmtpSink(encryption=Encryption.TLS, certificate=certificate) as sink:
        url = f"mailtos://127.0.0.1:{sink.port}?mode=ssl&from=hongtou@example.org&to=desk@example.org"
        report = await notifier_for(url).send_part(DESK, part)

        assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail


async def test_a_wrong_password_is_rejected_and_not_told(certificate: Path, notifier_for: Make, part: Part) -> None:
    """A refused login cannot be helped by trying again, and its report holds no password."""
    with SmtpSink(login=("user", "right"), encryption=Encryption.STARTTLS, certificate=certificate) as sink:
        url = (
            f"mailtos://user:wr0ngs3cret@127.0.0.1:{sink.port}"
            "?mode=starttls&verify=no&from=hongtou@example.org&to=desk@example.org"
        )
        report = await notifier_for(url).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.REJECTED
    assert "535" in report.detail
    assert "wr0ngs3cret" not in report.detail


async def test_an_untrusted_certificate_is_named(certificate: Path, notifier_for: Make, part: Part) -> None:
    """A certificate nobody vouches for stops the mail, and the report says that this was it."""
    with SmtpSink(encryption=Encryption.STARTTLS, certificate=certificate) as sink:
        url = f"mailtos://127.0.0.1:{sink.port}?mode=starttls&from=hongtou@example.org&to=desk@example.org"
        report = await notifier_for(url).send_part(DESK, part)

        assert not sink.mails
    assert (report.verdict, report.detail) == (DeliveryVerdict.TRANSIENT, "TLS certificate not accepted")


@pytest.mark.parametrize(
    ("answer", "verdict", "said"),
    [
        (SmtpAnswer(data="451 4.3.0 try later"), DeliveryVerdict.TRANSIENT, "SMTP 451: 4.3.0 try later"),
        (SmtpAnswer(data="554 5.7.1 spam"), DeliveryVerdict.REJECTED, "SMTP 554: 5.7.1 spam"),
        (SmtpAnswer(data="552 5.3.4 message too big"), DeliveryVerdict.TOO_LONG, "SMTP 552: 5.3.4 message too big"),
        (SmtpAnswer(recipient="450 4.2.1 greylisted"), DeliveryVerdict.TRANSIENT, "SMTP 450: 4.2.1 greylisted"),
        (SmtpAnswer(recipient="550 5.1.1 no such user"), DeliveryVerdict.REJECTED, "SMTP 550: 5.1.1 no such user"),
    ],
)
async def test_refusals_are_told_apart(
    smtp: SmtpSink, notifier_for: Make, part: Part, *, answer: SmtpAnswer, verdict: DeliveryVerdict, said: str
) -> None:
    """4xx passes, 5xx does not, and too big is neither."""
    smtp.answer = answer
    report = await notifier_for(smtp.url).send_part(DESK, part)

    assert (report.verdict, report.detail) == (verdict, said)


async def test_a_server_that_is_down_passes(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """A refused connection is transient, and the same notifier delivers once the server is back."""
    notifier = notifier_for(smtp.url)
    smtp.down()
    refused = await notifier.send_part(DESK, part)
    smtp.up()
    accepted = await notifier.send_part(DESK, part)

    assert (refused.verdict, refused.detail) == (DeliveryVerdict.TRANSIENT, "connection refused")
    assert accepted.verdict is DeliveryVerdict.ACCEPTED
    assert len(smtp.mails) == 1


async def test_a_hung_server_costs_no_more_than_the_limit(smtp: SmtpSink, hasty_notifier_for: Make, part: Part) -> None:
    """A server that never answers is given up within the time limit, and does not hold the loop."""
    smtp.answer = SmtpAnswer(wait_s=FOREVER_S)
    begun = time.monotonic()
    report = await hasty_notifier_for(smtp.url).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.TRANSIENT
    assert "no answer" in report.detail
    assert time.monotonic() - begun < 2.5


async def test_a_retry_spares_recipients_who_have_it(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """When one of two recipients is greylisted, trying again sends to that one alone."""
    url = f"mailto://127.0.0.1:{smtp.port}?from=hongtou@example.org&to=a@example.org,b@example.org"
    notifier = notifier_for(url)
    smtp.answer = SmtpAnswer(refused=frozenset({"b@example.org"}), refusal="450 4.2.1 greylisted")
    first = await notifier.send_part(DESK, part)
    smtp.answer = SmtpAnswer()
    second = await notifier.send_part(DESK, part)

    assert (first.verdict, second.verdict) == (DeliveryVerdict.TRANSIENT, DeliveryVerdict.ACCEPTED)
    assert [mail.recipients for mail in smtp.mails] == [("a@example.org",), ("b@example.org",)]
