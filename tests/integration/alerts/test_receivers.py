"""The local receivers themselves, spoken to without Apprise."""

from __future__ import annotations

import smtplib
from http.client import HTTPConnection

import pytest

from hongtou.rehearsal.receivers import SmtpAnswer, SmtpSink, WebhookAnswer, WebhookSink

pytestmark = pytest.mark.integration


def test_a_sink_can_go_down_and_up_on_its_port(smtp: SmtpSink, webhook: WebhookSink) -> None:
    """Both refuse connections while down, and come back where they were; asking twice is nothing."""
    ports = (smtp.port, webhook.port)
    for sink in (smtp, webhook):
        sink.up()
        sink.down()
        sink.down()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", smtp.port, timeout=5)
    with pytest.raises(ConnectionRefusedError):
        HTTPConnection("127.0.0.1", webhook.port, timeout=5).request("POST", "/")
    for sink in (smtp, webhook):
        sink.up()
    assert (smtp.port, webhook.port) == ports
    smtplib.SMTP("127.0.0.1", smtp.port, timeout=5).close()


def test_closing_hangs_up() -> None:
    """A client that is still connected when the sink closes is cut off, and closing does not wait for it."""
    with SmtpSink() as sink:
        client = smtplib.SMTP("127.0.0.1", sink.port, timeout=5)
        client.ehlo()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.mail("a@example.org")
    client.close()


def test_a_mail_is_kept_with_its_envelope(smtp: SmtpSink) -> None:
    """Sender, accepted recipients and content are kept; a part that is not there is empty."""
    smtp.answer = SmtpAnswer(refused=frozenset({"b@example.org"}))
    with smtplib.SMTP("127.0.0.1", smtp.port, timeout=5) as client:
        refused = client.sendmail("a@example.org", ["b@example.org", "c@example.org"], b"Subject: s\n\ntext")
    assert list(refused) == ["b@example.org"]
    [mail] = smtp.mails
    assert (mail.sender, mail.recipients, mail.message["Subject"]) == ("a@example.org", ("c@example.org",), "s")
    assert (mail.part("plain").strip(), mail.part("html")) == ("text", "")


def test_answers_come_in_order_then_the_default(webhook: WebhookSink) -> None:
    """Programmed answers are given once each; headers, path and body of every call are kept."""
    webhook.answers.append(WebhookAnswer(status=418, body=b"tea", headers={"X-Pot": "1"}))
    connection = HTTPConnection("127.0.0.1", webhook.port, timeout=5)
    seen = []
    for path in ("/a", "/b"):
        connection.request("POST", path, b'{"n": 1}', {"X-Me": path})
        answer = connection.getresponse()
        seen.append((answer.status, answer.getheader("X-Pot"), answer.read()))
    connection.close()
    assert seen == [(418, "1", b"tea"), (200, None, b"ok")]
    assert [(call.path, call.headers["X-Me"], call.json()) for call in webhook.calls] == [
        ("/a", "/a", {"n": 1}),
        ("/b", "/b", {"n": 1}),
    ]
