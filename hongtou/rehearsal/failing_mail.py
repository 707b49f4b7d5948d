"""A mail server that fails by plan, and keeps what it takes with its Message-ID."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from hongtou.rehearsal.receiver_faults import Fault, FaultPlan
from hongtou.rehearsal.receivers import SmtpHandler, SmtpSink

if TYPE_CHECKING:
    from pathlib import Path

    from hongtou.rehearsal.receivers import Encryption

_REPLIES = {
    Fault.RATE_LIMITED: "450 4.7.1 too many messages, try later",
    Fault.SERVER_ERROR: "451 4.3.0 local error",
    Fault.TOO_LONG: "552 5.3.4 message too big",
    Fault.REFUSED: "550 5.7.1 not allowed",
}


class FailingSmtpSink(SmtpSink):
    """A mail sink in which each mail may meet a fault; otherwise as `SmtpSink`."""

    def __init__(
        self,
        plan: FaultPlan,
        *,
        login: tuple[str, str] | None = None,
        encryption: Encryption | None = None,
        certificate: Path | None = None,
    ) -> None:
        """Describe the server.

        Args:
            plan: What goes wrong, drawn for each mail when its content has come.
            login: As of `SmtpSink`.
            encryption: As of `SmtpSink`.
            certificate: As of `SmtpSink`.
        """
        extra = {} if encryption is None else {"encryption": encryption}
        super().__init__(login=login, certificate=certificate, **extra)
        self.plan = plan

    def handler(self) -> SmtpHandler:
        """Return what answers one session."""
        return _FailingHandler(self)


class _FailingHandler(SmtpHandler):
    def __init__(self, sink: FailingSmtpSink) -> None:
        super().__init__(sink)
        self._plan = sink.plan

    async def handle_DATA(self, server: Any, session: object, envelope: Any) -> str:  # noqa: ANN401, N802
        fault = self._plan.draw()
        if fault in _REPLIES:
            return _REPLIES[fault]
        if fault is Fault.HANG:
            await asyncio.sleep(self._plan.times.hang)
        if fault in (Fault.HANG, Fault.RESET):
            server.transport.abort()
            return "421 4.3.2 closing"
        reply = await super().handle_DATA(server, session, envelope)
        if fault is Fault.DRIP:
            await asyncio.sleep(self._plan.times.drip * len(reply))
        if fault is Fault.LOST_ANSWER:
            server.transport.abort()
        return reply
