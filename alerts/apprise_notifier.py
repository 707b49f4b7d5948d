"""Sends messages to channels through Apprise, bounded in time, and says what the channel answered."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from alerts.apprise_building import BadAddressError, build_service, is_known_scheme
from alerts.apprise_services import scheme_of
from alerts.channel_forms import Bounds, ChannelOptions, form_of
from alerts.channel_sending import PartSending
from alerts.lane import Lane, LaneBlockedError
from alerts.ledger import Ledger
from alerts.redaction import Redactor
from alerts.verdict import Judgement, judge_failure
from alerts.wording import defused
from core.errors import DeliveryError
from core.message import ChannelForm, ChannelKind
from core.outcome import DeliveryReport, DeliveryVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    from alerts.apprise_border import Service
    from core.alert import ChannelId
    from core.message import Part

_LOG = structlog.get_logger(__name__)
_SOCKET_SHARE = 0.8
"""Part of the time limit after which a socket gives up by itself, so that its own error is told, not just ours."""
_NO_OPTIONS = ChannelOptions()
_PACE_SHARE = 0.5
"""Part of the time limit that a message waits for its channel's pace; a longer wait is the outbox's, not a thread's."""
_MARKUP_ROOM = 0.7
"""Share of a limit that is filled where Apprise still has to escape our text into markup."""


@dataclass(slots=True, kw_only=True)
class _Line:
    """One channel with all it takes to tell it."""

    name: ChannelId
    address: str = field(repr=False)
    form: ChannelForm
    service: Service
    redact: Redactor
    lane: Lane[Judgement]
    ledger: Ledger = field(default_factory=Ledger)


class AppriseNotifier:
    """One Apprise service a channel, built at start; implements `core.ports.PartSender`.

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
            _LOG.warning("delivery_timed_out", channel=line.name, limit_s=self._limit_s)
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
        name=name,
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
        body = defused(part.body or part.text) or part.subject
        outcome = line.service.send_text(title, body, delivered=delivered)
    else:
        outcome = line.service.send_part(sending, delivered=delivered)
    if outcome.accepted:
        return Judgement(verdict=DeliveryVerdict.ACCEPTED)
    return judge_failure(outcome.answers, outcome.log)
