"""Sends messages to channels through Apprise, bounded in time, and says what the channel answered."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from alerts.apprise_border import Form, Sending, Service
from alerts.apprise_building import BadAddressError, build_service, is_known_scheme
from alerts.apprise_services import scheme_of
from alerts.channel_forms import Bounds, ChannelOptions, form_of
from alerts.channel_sending import PartSending
from alerts.lane import Lane, LaneBlockedError
from alerts.ledger import Ledger
from alerts.parts import split_mrkdwn, split_text
from alerts.redaction import Redactor
from alerts.verdict import Judgement, judge_failure
from alerts.wording import clip, defused
from core.alert import Channel, ChannelId
from core.errors import DeliveryError
from core.message import ChannelForm, ChannelKind
from core.outcome import DeliveryReport, DeliveryVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    from core.alert import Message
    from core.message import Part

_LOG = structlog.get_logger(__name__)
_SOCKET_SHARE = 0.8
"""Part of the time limit after which a socket gives up by itself, so that its own error is told, not just ours."""
_BYTE_LIMITS = {"ntfy": 3900, "ntfys": 3900, "wecombot": 2000, "feishu": 18_000, "lark": 18_000, "dingtalk": 18_000}
"""Channels whose servers count UTF-8 bytes where Apprise counts characters, three of them a Chinese one: ntfy turns
more than 4096 into an attachment, WeCom takes 2048 of text, Feishu, Lark and DingTalk 20 kB of JSON."""
_NO_OPTIONS = ChannelOptions()
_PACE_SHARE = 0.5
"""Part of the time limit that a message waits for its channel's pace; a longer wait is the outbox's, not a thread's."""
_MARKUP_ROOM = 0.7
"""Share of a limit that is filled where Apprise still has to escape our text into markup."""


@dataclass(slots=True, kw_only=True)
class _Line:
    """One channel with all it takes to tell it."""

    channel: Channel
    address: str = field(repr=False)
    form: ChannelForm
    service: Service
    redact: Redactor
    lane: Lane[Judgement]
    ledger: Ledger = field(default_factory=Ledger)


class AppriseNotifier:
    """One Apprise service a channel, built at start; implements `core.ports.Notifier` and `core.ports.PartSender`.

    Messages to one channel go one after the other; channels do not wait for each other. No text that leaves this
    class holds a secret of an address.
    """

    def __init__(
        self,
        channels: Mapping[ChannelId, str],
        *,
        timeout: timedelta,
        terminal: TextIO,
        options: Mapping[ChannelId, ChannelOptions] | None = None,
    ) -> None:
        """Build the services.

        Args:
            channels: Channel → Apprise address, or `terminal:`.
            timeout: Longest wait for the answer to one message, > 0.
            terminal: Where `terminal:` channels print.
            options: What else is said of channels; those it lacks have none.

        Raises:
            DeliveryError: An address is none that Apprise knows; the message names the channel and the scheme.
        """
        self._limit_s = timeout.total_seconds()
        self._terminal = terminal
        said = options or {}
        self._lines = {
            name: _line(name, url, said.get(name, _NO_OPTIONS), limit_s=self._limit_s, terminal=terminal)
            for name, url in channels.items()
        }

    def renewed(
        self,
        channels: Mapping[ChannelId, str],
        *,
        timeout: timedelta,
        options: Mapping[ChannelId, ChannelOptions] | None = None,
    ) -> AppriseNotifier:
        """Return a notifier of other channels.

        Those that keep name and address also keep what they accepted, and their turn: a message under way is neither
        sent beside another nor sent again.

        Args:
            channels: Channel → Apprise address, or `terminal:`.
            timeout: Longest wait for the answer to one message, > 0.
            options: What else is said of channels.

        Raises:
            DeliveryError: An address is none that Apprise knows.
        """
        other = AppriseNotifier(channels, timeout=timeout, terminal=self._terminal, options=options)
        for name, line in other._lines.items():
            old = self._lines.get(name)
            if old is not None and old.address == line.address:
                line.lane, line.ledger = old.lane, old.ledger
                line.service.pace.follow(old.service.pace)
        return other

    def channels(self) -> tuple[Channel, ...]:
        """Return the channels, in configuration order."""
        return tuple(line.channel for line in self._lines.values())

    async def send(self, channel: ChannelId, message: Message) -> DeliveryReport:
        """Send one message and wait for the answer, no longer than the time limit.

        What a channel accepted of this very message before (a part, a recipient, or all of it after the time limit)
        is not sent again.
        """
        line = self._lines.get(channel)
        if line is None:
            return DeliveryReport(verdict=DeliveryVerdict.REJECTED, detail="no such channel is configured any more")
        report = await self._report(line, lambda: _deliver(line, message))
        if report.verdict is DeliveryVerdict.ACCEPTED:
            line.ledger.forget(message)  # told; the same words may be meant again one day
        return report

    def forms(self) -> tuple[ChannelForm, ...]:
        """Return the form of every channel, in configuration order."""
        return tuple(line.form for line in self._lines.values())

    async def send_part(self, channel: ChannelId, part: Part) -> DeliveryReport:
        """Send one part and wait for the answer, no longer than the time limit.

        Targets of the channel that accepted this very part before, though others refused it or the answer came after
        the time limit, are not sent it again.
        """
        line = self._lines.get(channel)
        if line is None:
            return DeliveryReport(verdict=DeliveryVerdict.REJECTED, detail="no such channel is configured any more")
        if (pause_s := line.service.pace.due_in_s) > self._limit_s * _PACE_SHARE:
            return DeliveryReport(
                verdict=DeliveryVerdict.TRANSIENT,
                detail=f"the channel's gap between messages leaves {pause_s:.0f} s to wait",
                retry_after=timedelta(seconds=pause_s),
                attempted=False,
            )
        sending = PartSending.of(channel, part)
        report = await self._report(line, lambda: _deliver_part(line, sending))
        if report.verdict is DeliveryVerdict.ACCEPTED:
            line.ledger.drop(sending.key)
        return report

    async def _report(self, line: _Line, work: Callable[[], Judgement]) -> DeliveryReport:
        begun = time.monotonic()
        judged = await self._judge(line, work)
        return DeliveryReport(
            verdict=judged.verdict,
            detail=line.redact(judged.detail),
            retry_after=judged.retry_after,
            elapsed_s=round(time.monotonic() - begun, 3),
            attempted=judged.attempted,
            in_doubt=judged.in_doubt,
        )

    async def _judge(self, line: _Line, work: Callable[[], Judgement]) -> Judgement:
        try:
            return await line.lane.run(work, limit_s=self._limit_s)
        except TimeoutError:
            _LOG.warning("delivery_timed_out", channel=line.channel.id, limit_s=self._limit_s)
            detail, attempted = f"no answer within {self._limit_s:g} s", True
        except LaneBlockedError:
            detail, attempted = "the answer to an earlier message is still outstanding", False
        return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=detail, attempted=attempted, in_doubt=attempted)


def _line(name: ChannelId, url: str, options: ChannelOptions, *, limit_s: float, terminal: TextIO) -> _Line:
    scheme = scheme_of(url)
    redact = Redactor(url, options.secret)
    try:
        service = build_service(
            url,
            wait_s=limit_s * _SOCKET_SHARE,
            terminal=terminal,
            gap_s=None if options.gap is None else options.gap.total_seconds(),
            secret=options.secret,
        )
    except BadAddressError as error:
        shown = scheme if is_known_scheme(scheme) else "unknown"  # or it may be a token
        raise DeliveryError(
            f"channel {name!r}: its address (scheme {shown}) cannot be used: {redact(str(error))}", channel=name
        ) from None  # the cause holds the address
    return _Line(
        channel=Channel(id=name, scheme=scheme),
        address=url,
        form=_form(name, service, options),
        service=service,
        redact=redact,
        lane=Lane(f"channel-{name}"),
    )


def _form(name: ChannelId, service: Service, options: ChannelOptions) -> ChannelForm:
    room = int(service.max_body * _MARKUP_ROOM) if service.converts else service.max_body
    # Some services count the title as part of the body; none is hurt by the room left for it.
    others = Bounds(max_title=service.max_title, max_body=max(room - service.max_title, room // 2))
    return form_of(name, service.kind, options, is_plain=service.is_plain, others=others)


def _deliver_part(line: _Line, sending: PartSending) -> Judgement:
    """Send one part to the targets that lack it; runs in the channel's thread."""
    delivered = line.ledger.reached(sending.key)
    if line.form.kind is ChannelKind.OTHER:
        part = sending.part
        title = defused(part.subject) if line.service.max_title else ""
        text = Sending(title=title, body=defused(part.body or part.text) or part.subject, form=Form.TEXT)
        outcome = line.service.send(text, delivered=delivered)
    else:
        outcome = line.service.send_part(sending, delivered=delivered)
    if outcome.accepted:
        return Judgement(verdict=DeliveryVerdict.ACCEPTED)
    return judge_failure(outcome.answers, outcome.log)


def _deliver(line: _Line, message: Message) -> Judgement:
    """Send what a message still lacks, part by part, up to the first that fails; runs in the channel's thread."""
    for number, sending in enumerate(_sendings(line, message)):
        outcome = line.service.send(sending, delivered=line.ledger.served(message, number))
        if not outcome.accepted:
            return judge_failure(outcome.answers, outcome.log)
    return Judgement(verdict=DeliveryVerdict.ACCEPTED)


def _sendings(line: _Line, message: Message) -> tuple[Sending, ...]:
    """Return the parts of a message in the form and size that the channel takes."""
    form = line.service.form
    if form is Form.HTML:
        return (Sending(title=message.subject, body=message.html, form=form, plain_text=message.text),)
    title = message.subject if line.service.max_title else ""
    title = title if form is Form.MRKDWN else defused(title)
    # Some services count the title as part of the body; none is hurt by the room left for it.
    limit = line.service.max_body - len(title)
    parts = (
        split_mrkdwn(message.markdown, limit)
        if form is Form.MRKDWN
        else _text_parts(line, defused(message.text), limit)
    )
    parts = parts or (message.subject,)  # nothing to say would be nothing to send, and taken for sent
    return tuple(
        Sending(title=_title(line, title, number, len(parts)), body=body, form=form)
        for number, body in enumerate(parts, start=1)
    )


def _text_parts(line: _Line, text: str, limit: int) -> tuple[str, ...]:
    room = int(limit * _MARKUP_ROOM) if line.service.converts else limit
    if (size := _BYTE_LIMITS.get(line.channel.scheme)) is not None:
        return split_text(text, min(room, size), lambda part: len(part.encode()))
    return split_text(text, room)


def _title(line: _Line, title: str, number: int, count: int) -> str:
    """Return a part's title; a service without titles would repeat the one that the text begins with."""
    if not title:
        return ""
    return clip(f"{number}/{count} · {title}" if count > 1 else title, line.service.max_title)
