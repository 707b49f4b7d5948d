"""Mails rewritten: our own plain text, and headers within the limits of the standards."""

from __future__ import annotations

from email import message_from_string, policy
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from hypothesis import given
from hypothesis import strategies as st

from alerts.apprise_email import rewritten


def alternative(subject: str) -> str:
    """Make a mail of two parts, its subject one encoded word as Apprise has it."""
    mail = MIMEMultipart("alternative")
    mail["Subject"] = Header(subject, "utf-8").encode(maxlinelen=0)
    mail.attach(MIMEText("旧", "plain", "utf-8"))
    mail.attach(MIMEText("<p>新</p>", "html", "utf-8"))
    return mail.as_string()


def test_the_text_part_is_replaced() -> None:
    """The plain part gets our text, properly encoded; the HTML part and the subject stay."""
    raw = rewritten(alternative("标题"), "新的文本\nhttps://example.org/")
    parsed = message_from_string(raw, policy=policy.default)
    plain, html = parsed.iter_parts()
    assert plain.get_content().split() == ["新的文本", "https://example.org/"]
    assert len(plain.get_all("Content-Transfer-Encoding") or []) == 1
    assert html.get_content() == "<p>新</p>"
    assert parsed["Subject"] == "标题"
    assert raw.isascii()


def test_without_a_text_the_old_one_stays() -> None:
    """Nothing is replaced by nothing."""
    plain, _ = message_from_string(rewritten(alternative("s"), ""), policy=policy.default).iter_parts()
    assert plain.get_content() == "旧"


def test_a_mail_of_one_part_keeps_it() -> None:
    """A plain text mail is only folded."""
    raw = MIMEText("only text", "plain", "utf-8").as_string()
    assert message_from_string(rewritten(raw, "other"), policy=policy.default).get_content() == "only text"


@given(st.text(st.sampled_from("上海市元宇宙 abc,.:!?“”—&()[]《》🚀é"), min_size=1, max_size=200))
def test_subjects_are_folded_and_read_back(subject: str) -> None:
    """Every header line is at most 78 characters of ASCII, and the subject is the same after all."""
    subject = " ".join(subject.split()) or "x"
    raw = rewritten(alternative(subject), "text")
    head = raw.replace("\r\n", "\n").split("\n\n", 1)[0]
    assert head.isascii()
    assert max(len(line) for line in head.split("\n")) <= 78
    assert message_from_string(raw, policy=policy.default)["Subject"] == subject
