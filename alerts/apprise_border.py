"""The border to Apprise: sends through one of its services, in types of our own.

Apprise's signatures are loose and its outcomes terse; nothing outside this module and the `apprise_*` services sees
them. Everything here blocks and may be called from any thread, but from one thread at a time for one service.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from apprise import Apprise, NotifyFormat

from alerts.answers import HttpAnswer, listening
from alerts.apprise_bases import DELIVERED
from alerts.apprise_email import PLAIN_TEXT, MultipartEmail
from alerts.apprise_services import kind_of
from alerts.apprise_slack import SlackBlocks, SlackCompatibleHook
from alerts.channel_sending import PRESENT
from alerts.pace import Pace
from alerts.refusals import is_refusal
from core.message import ChannelKind

if TYPE_CHECKING:
    from apprise import AppriseAsset
    from apprise.plugins.base import NotifyBase

    from alerts.channel_sending import PartSending


class Form(StrEnum):
    """Which form of a message a service is given."""

    TEXT = "text"
    HTML = "html"
    MRKDWN = "mrkdwn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One message, or one part of a long one, as a service is given it."""

    title: str
    body: str
    form: Form
    plain_text: str = ""
    """For mail: the text part beside the HTML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one sending."""

    accepted: bool
    answers: tuple[HttpAnswer, ...] = ()
    log: tuple[str, ...] = ()
    """What Apprise logged of faults, oldest first, secrets included."""


class Service:
    """One place that Apprise can tell."""

    def __init__(
        self, plugin: NotifyBase, *, asset: AppriseAsset, gap_s: float | None = None, is_plain: bool = False
    ) -> None:
        """Take a plugin.

        Args:
            plugin: Of Apprise's or ours.
            asset: It was made with.
            gap_s: Least seconds between two messages; None for the plugin's own.
            is_plain: Whether its address asks for plain text.
        """
        self.is_plain = is_plain
        self._plugin = plugin
        self._gap_s = gap_s
        self.pace = Pace(self._gap)
        plugin.throttle = self.pace.wait  # type: ignore[method-assign]
        self._apprise = Apprise(asset=asset)
        self._apprise.add(plugin)

    def _gap(self) -> float:
        own = float(self._plugin.request_rate_per_sec) if self._gap_s is None else self._gap_s
        return max(own, float(getattr(self._plugin, "pause_s", 0.0)))

    @property
    def plugin(self) -> NotifyBase:
        """Apprise's own object, for who must know the server behind it."""
        return self._plugin

    @property
    def kind(self) -> ChannelKind:
        """Which service it speaks to."""
        return kind_of(self._plugin)

    @property
    def form(self) -> Form:
        """The form it is given: mail HTML, Slack its own markup, and everything else plain text.

        Apprise turns the text into what the service takes, escaping it: a title can break no markup, and bare
        addresses are links in all of them.
        """
        if isinstance(self._plugin, MultipartEmail):
            wanted = self._plugin.resolve_format(NotifyFormat.HTML)
            return Form.HTML if wanted is NotifyFormat.HTML else Form.TEXT
        if isinstance(self._plugin, SlackBlocks | SlackCompatibleHook):
            return Form.MRKDWN if self._plugin.resolve_format() is NotifyFormat.MARKDOWN else Form.TEXT
        return Form.TEXT

    @property
    def max_title(self) -> int:
        """Characters of a title; 0 when the service shows none apart from the body."""
        return int(self._plugin.title_maxlen)

    @property
    def max_body(self) -> int:
        """Characters of a body that the service takes in one message."""
        return int(self._plugin.body_maxlen)

    @property
    def converts(self) -> bool:
        """Whether Apprise turns our plain text into markup, which makes it longer."""
        return self.form is Form.TEXT and self._plugin.resolve_format(NotifyFormat.TEXT) is not NotifyFormat.TEXT

    def send(self, sending: Sending, *, delivered: set[object]) -> Outcome:
        """Send and wait.

        Args:
            sending: What to send.
            delivered: Targets of the service that have this already and are left out; those that accept it now are
                added, also when others refuse.
        """
        before = frozenset(delivered)
        DELIVERED.set(delivered)
        PLAIN_TEXT.set(sending.plain_text)
        formats = {Form.HTML: NotifyFormat.HTML, Form.TEXT: NotifyFormat.TEXT}
        with listening() as answers:
            result = self._apprise.notify(
                body=sending.body,
                title=sending.title,
                # Without a format Apprise hands the body on as it is: our Slack markup is final.
                body_format=formats.get(sending.form),
                log_level=logging.DEBUG,
            )
        log = tuple(entry.message for entry in result.logs() if _is_telling(entry.level, entry.message))
        # Our own services read the answers to a part themselves, and may have met a refusal by another message.
        refused = PRESENT.get() is None and any(is_refusal(answer) for answer in answers)
        if refused:
            delivered.intersection_update(before)  # Apprise may have noted them as served
        return Outcome(accepted=bool(result) and not refused, answers=tuple(answers), log=log)

    def send_part(self, sending: PartSending, *, delivered: set[object]) -> Outcome:
        """Send one part as it was drawn, and wait.

        Args:
            sending: What to send.
            delivered: As of `send`.
        """
        part = sending.part
        is_html = self.kind is ChannelKind.EMAIL and self.form is Form.HTML
        first, second = (part.body, part.text) if is_html or self.kind is not ChannelKind.EMAIL else (part.text, "")
        body = first or second or part.subject
        token = PRESENT.set(sending)
        try:
            return self.send(
                Sending(title=part.subject, body=body, form=Form.HTML if is_html else Form.TEXT, plain_text=part.text),
                delivered=delivered,
            )
        finally:
            PRESENT.reset(token)


def _is_telling(level: str, line: str) -> bool:
    """Say whether a line of Apprise's log tells of a fault; the cause of a broken connection comes as debug only."""
    return level not in ("TRACE", "DEBUG", "INFO") or line.startswith("Socket Exception")
