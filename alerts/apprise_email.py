"""Apprise's email service, with our own plain text beside the HTML."""

from __future__ import annotations

import smtplib
from email import message_from_string, policy
from typing import TYPE_CHECKING, Any

from apprise.exception import AppriseImproperlyConfigured

from alerts.apprise_bases import (
    NO_PGP,
    SMTP_INSECURE,
    AppriseEmailException,
    AppriseSMTPController,
    NotifyEmail,
)
from alerts.channel_sending import PRESENT, writable

if TYPE_CHECKING:
    from apprise import NotifyFormat
    from apprise.plugins.email.common import EmailMessage

_POLICY = policy.SMTP.clone(cte_type="7bit")
"""What smtplib sends is ASCII: it does not ask every server whether it takes eight bits."""
_FAULTS = (
    OSError,
    smtplib.SMTPException,
    RuntimeError,
    AppriseImproperlyConfigured,
    AppriseEmailException,
)
"""What Apprise's own `send` takes for a failed delivery."""


class MultipartEmail(NotifyEmail):  # type: ignore[misc]  # Apprise's class has no types
    """`mailto(s)://` with a text part written for reading.

    Apprise reads the text part off the HTML, which loses every link's address and tears table rows apart; it has no
    option to pass both. So `send` follows Apprise's, and puts our text in place of that.
    """

    request_rate_per_sec = 0.2
    """Seconds between two mails, whatever Apprise calls it; at its own 5.5 a backlog of 100 takes 9 minutes."""

    def send(
        self,
        body: str,
        title: str = "",
        body_format: NotifyFormat | None = None,
        **_others: Any,  # noqa: ANN401  # notify_type and the like, as Apprise passes them
    ) -> bool:
        """Send one mail to every recipient that has not had it; return whether all accepted it."""
        if not self.targets:
            self.logger.warning("There are no Email recipients to notify")
            return False
        self.throttle()
        try:
            with self._connection() as smtp:
                # A list, because one refused recipient must not keep the mail from the others.
                results = [self._send_one(smtp, mail) for mail in self._mails(body, title, body_format)]
        except _FAULTS as error:
            self.logger.warning("Connection error while submitting email")
            self.logger.debug("Socket Exception: %s", error)
            return False
        return all(results)

    def _connection(self) -> Any:  # noqa: ANN401  # AppriseSMTPController
        controller = UnencryptedSmtp if self.secure_mode == SMTP_INSECURE else AppriseSMTPController
        return controller(
            host=self.smtp_host,
            port=self.port,
            secure_mode=self.secure_mode,
            user=self.user,
            password=self.password,
            verify_certificate=self.verify_certificate,
            socket_connect_timeout=self.socket_connect_timeout,
        )

    def _mails(self, body: str, title: str, body_format: NotifyFormat | None) -> list[EmailMessage]:
        # RFC 3834 §5: without it, absence notices answer every alert.
        headers = {"X-Application": self.app_id, "Auto-Submitted": "auto-generated", **self._story(), **self.headers}
        return list(
            NotifyEmail.prepare_emails(
                subject=title,
                body=body,
                notify_format=self.resolve_format(body_format),
                from_addr=self.from_addr,
                to=self.targets,
                cc=self.cc,
                bcc=self.bcc,
                reply_to=self.reply_to,
                smtp_host=self.smtp_host,
                headers=headers,
                names=self.names,
                pgp=self.pgp,
                pgp_mode=self.pgp_mode,
                tzinfo=self.tzinfo,
            )
        )

    def _send_one(self, smtp: Any, mail: EmailMessage) -> bool:  # noqa: ANN401  # AppriseSMTPController
        if self.is_delivered(mail.recipient):
            return True
        # A signed or encrypted mail must go out as it was signed.
        raw = self._as_ours(mail.body) if self.pgp_mode == NO_PGP else mail.body
        if not smtp.sendmail(self.from_addr[1], mail.to_addrs, raw):
            return False
        self.mark_delivered(mail.recipient)
        return True

    def _story(self) -> dict[str, str]:
        """Return the headers that put the mails of a channel into one list, and those of a story into one thread.

        All mails of a story answer one that never was: mail programs gather them by it (RFC 5322 §3.6.4), whichever
        came first, also after a restart.
        """
        sending = PRESENT.get()
        if sending is None:
            return {}
        domain = self._domain()
        # RFC 2919 §3: a name within a domain that is ours to name in.
        listed = {"List-Id": f"Hongtou <{sending.channel}.hongtou.{domain}>"}
        if not sending.thread_key:
            return listed
        root = f"<story.{sending.thread_key}@{domain}>"
        return {**listed, "In-Reply-To": root, "References": root}

    def _as_ours(self, raw: str) -> str:
        """Return a mail with our text, and a Message-ID by which its repeats are known: the same at every attempt."""
        sending = PRESENT.get()
        if sending is None:
            return rewritten(raw, "")
        return rewritten(raw, writable(sending.part.text), f"<alert.{sending.key}@{self._domain()}>")

    def _domain(self) -> str:
        return str(self.from_addr[1]).rpartition("@")[2] or "localhost"


class UnencryptedSmtp(AppriseSMTPController):  # type: ignore[misc]  # Apprise's class has no types
    """A connection without TLS, for which no certificates are needed.

    Apprise reads all of the system's for every connection of any kind, which takes 40 ms of a processor: as much as a
    mail to the machine's own server takes in all.
    """

    def __enter__(self) -> Any:  # noqa: ANN401  # as the base
        """Connect, and log in where there is a login."""
        self._socket = smtplib.SMTP(self.host, self.port, None, timeout=self.socket_connect_timeout)
        if self.user and self.password:
            try:
                self._socket.login(self.user, self.password)
            except _FAULTS:
                self._socket.close()
                raise
        return self


def rewritten(raw: str, text: str, message_id: str = "") -> str:
    """Return a mail with its headers folded, and its plain part replaced where one stands beside an HTML part.

    Apprise writes each header as one encoded word on one line; a Chinese subject of 120 characters is longer than the
    998 octets that RFC 5322 §2.1.1 allows, and any is longer than the 75 characters of RFC 2047 §2.

    Args:
        raw: The mail as Apprise made it, ASCII.
        text: The new plain part; empty keeps the old one.
        message_id: The new Message-ID; empty keeps the old one.
    """
    mail = message_from_string(raw, policy=_POLICY)
    if message_id:
        mail.replace_header("Message-ID", message_id)
    if text and mail.get_content_type() == "multipart/alternative":
        for part in mail.iter_parts():
            if part.get_content_type() == "text/plain":
                part.set_content(text)
    return mail.as_string()
