"""Parts by mail to a real SMTP server on loopback, read back by Python's own parser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.alert import ChannelId
from core.outcome import DeliveryVerdict
from hongtou.rehearsal.receivers import SmtpAnswer, SmtpSink

if TYPE_CHECKING:
    from collections.abc import Callable

    from alerts.apprise_notifier import AppriseNotifier
    from core.message import Part

    Make = Callable[[str], AppriseNotifier]

pytestmark = pytest.mark.integration
DESK = ChannelId("desk")


async def test_a_part_arrives_as_html_and_text(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """Subject, HTML and the text written beside it come through unchanged, in one mail of two alternatives."""
    report = await notifier_for(smtp.url).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    [mail] = smtp.mails
    assert mail.message["Subject"] == part.subject
    assert mail.message.get_content_type() == "multipart/alternative"
    assert mail.part("plain").replace("\r\n", "\n").strip() == part.text
    assert mail.part("html").strip() == part.body


async def test_chinese_names_are_read_back(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """Chinese names of sender and recipient are encoded words, and their addresses stay beside them."""
    url = f"mailto://127.0.0.1:{smtp.port}?from=红头政策警报<hongtou@example.org>&to=政策研究室<desk@example.org>"
    report = await notifier_for(url).send_part(DESK, part)

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    [mail] = smtp.mails
    [sender], [recipient] = mail.message["From"].addresses, mail.message["To"].addresses
    assert (sender.display_name, sender.addr_spec) == ("红头政策警报", "hongtou@example.org")
    assert (recipient.display_name, recipient.addr_spec) == ("政策研究室", "desk@example.org")


async def test_every_line_on_the_wire_is_short_and_ascii(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """Neither a subject of 240 characters nor a paragraph of 5000 makes a line over 998 octets or of eight bits."""
    long = replace(part, subject="上海市元宇宙行动方案" * 24, text="长" * 5000 + "x" * 5000, body="<p>" + "长" * 5000)
    await notifier_for(smtp.url).send_part(DESK, long)

    [mail] = smtp.mails
    assert mail.message["Subject"] == long.subject
    assert mail.part("plain").strip() == long.text
    lines = mail.raw.split(b"\r\n")
    assert mail.raw.isascii()
    assert max(map(len, lines)) <= 998
    head = mail.raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, head)) <= 78


async def test_the_mails_of_a_story_are_one_thread(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """All mails of a story refer to the same identifier, those of another to another, digests to none."""
    notifier = notifier_for(smtp.url)
    for told in (part, replace(part, text="更新"), replace(part, thread="story-8"), replace(part, thread="")):
        await notifier.send_part(DESK, told)

    roots = [mail.message["References"] for mail in smtp.mails]
    assert roots[0] == roots[1] != roots[2]
    assert roots[3] is None
    assert [mail.message["In-Reply-To"] for mail in smtp.mails] == roots
    assert str(roots[0]).startswith("<story.")
    assert str(roots[0]).endswith("@example.org>")


async def test_headers_for_lists_and_robots(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """Each mail names its list, says that a program wrote it, and when."""
    await notifier_for(smtp.url).send_part(DESK, part)

    [mail] = smtp.mails
    assert mail.message["List-Id"] == "Hongtou <desk.hongtou.example.org>"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Date"].datetime.tzinfo is not None


async def test_a_mail_is_named_the_same_at_every_attempt(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """A repeat has the Message-ID of the first, also from another process; other parts have others."""
    for told in (part, part, replace(part, number=2), replace(part, key="alert-1/1"), replace(part, key="alert-2/1")):
        await notifier_for(smtp.url).send_part(DESK, told)

    names = [mail.message["Message-ID"] for mail in smtp.mails]
    assert names[0] == names[1]
    assert len(set(names)) == 4
    assert str(names[0]).endswith("@example.org>")


async def test_one_refused_recipient_keeps_it_from_nobody(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """Each recipient gets a mail of its own; the retry goes to the one that was greylisted alone."""
    names = ("a@example.org", "b@example.org", "c@example.org")
    url = f"mailto://127.0.0.1:{smtp.port}?from=hongtou@example.org&to={','.join(names)}"
    notifier = notifier_for(url)
    smtp.answer = SmtpAnswer(refused=frozenset({"b@example.org"}), refusal="450 4.2.1 greylisted")
    first = await notifier.send_part(DESK, part)
    smtp.answer = SmtpAnswer()
    second = await notifier.send_part(DESK, part)

    assert (first.verdict, first.detail) == (DeliveryVerdict.TRANSIENT, "SMTP 450: 4.2.1 greylisted")
    assert second.verdict is DeliveryVerdict.ACCEPTED
    assert sorted(mail.recipients for mail in smtp.mails[:2]) == [("a@example.org",), ("c@example.org",)]
    assert [mail.recipients for mail in smtp.mails[2:]] == [("b@example.org",)]


async def test_half_a_character_stops_no_mail(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """A lone surrogate, which no mail can hold, becomes a question mark in subject, HTML and text."""
    report = await notifier_for(smtp.url).send_part(
        DESK, replace(part, subject="a\ud83d", body="b\ud83d", text="c\ud83d")
    )

    assert report.verdict is DeliveryVerdict.ACCEPTED, report.detail
    [mail] = smtp.mails
    assert (mail.message["Subject"], mail.part("html").strip(), mail.part("plain").strip()) == ("a?", "b?", "c?")


async def test_a_text_only_address_gets_the_text(smtp: SmtpSink, notifier_for: Make, part: Part) -> None:
    """`?format=text` sends the text beside the markup, and no HTML."""
    await notifier_for(f"{smtp.url}&format=text").send_part(DESK, part)

    [mail] = smtp.mails
    assert mail.message.get_content_type() == "text/plain"
    assert mail.part("plain").replace("\r\n", "\n").strip() == part.text
