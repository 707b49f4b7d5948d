"""The border to Apprise: sends through one of its services, in types of our own.

Apprise's signatures are loose and its outcomes terse; nothing outside this module and the `apprise_*` services sees
them. Everything here blocks and may be called from any thread, but from one thread at a time for one service.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apprise import Apprise, NotifyFormat

from alerts.answers import HttpAnswer, listening
from alerts.apprise_bases import DELIVERED
from alerts.apprise_services import kind_of
from alerts.channel_sending import PRESENT, writable
from alerts.pace import Pace
from alerts.refusals import is_refusal
from core.message import ChannelKind

if TYPE_CHECKING:
    from apprise import AppriseAsset
    from apprise.plugins.base import NotifyBase

    from alerts.channel_sending import PartSending


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
    def takes_html(self) -> bool:
        """Whether it is a mail, and not one of text alone."""
        is_mail = self.kind is ChannelKind.EMAIL
        return is_mail and self._plugin.resolve_format(NotifyFormat.HTML) is NotifyFormat.HTML

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
        return not self.takes_html and self._plugin.resolve_format(NotifyFormat.TEXT) is not NotifyFormat.TEXT

    def send_text(self, title: str, body: str, *, delivered: set[object]) -> Outcome:
        """Send plain text and wait; Apprise turns it into what the service takes, escaping it.

        Args:
            title: One line; empty for none.
            body: Not empty.
            delivered: Targets of the service that have this already and are left out; those that accept it now are
                added, also when others refuse.
        """
        before = frozenset(delivered)
        outcome = self._notify(title, body, NotifyFormat.TEXT, delivered=delivered)
        if not any(map(is_refusal, outcome.answers)):
            return outcome
        delivered.intersection_update(before)  # Apprise may have noted them as served
        return replace(outcome, accepted=False)

    def send_part(self, sending: PartSending, *, delivered: set[object]) -> Outcome:
        """Send one part as it was drawn, and wait.

        Args:
            sending: What to send.
            delivered: As of `send_text`.
        """
        part = sending.part
        is_text = self.kind is ChannelKind.EMAIL and not self.takes_html
        body = (part.text if is_text else part.body or part.text) or part.subject
        wanted = NotifyFormat.HTML if self.takes_html else NotifyFormat.TEXT
        token = PRESENT.set(sending)
        try:
            return self._notify(part.subject, body, wanted, delivered=delivered)
        finally:
            PRESENT.reset(token)

    def _notify(self, title: str, body: str, wanted: NotifyFormat, *, delivered: set[object]) -> Outcome:
        DELIVERED.set(delivered)
        with listening() as answers:
            result = self._apprise.notify(
                body=writable(body), title=writable(title), body_format=wanted, log_level=logging.DEBUG
            )
        log = tuple(entry.message for entry in result.logs() if _is_telling(entry.level, entry.message))
        return Outcome(accepted=bool(result), answers=tuple(answers), log=log)


def _is_telling(level: str, line: str) -> bool:
    """Say whether a line of Apprise's log tells of a fault; the cause of a broken connection comes as debug only."""
    return level not in ("TRACE", "DEBUG", "INFO") or line.startswith("Socket Exception")
