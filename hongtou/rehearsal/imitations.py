"""Local servers that imitate chat services: they check what they get, keep what they take, and fail by plan."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from hongtou.rehearsal import imitation_rules as known
from hongtou.rehearsal.receiver_faults import Fault, FaultPlan
from hongtou.rehearsal.receivers import LOOPBACK, WebhookAnswer, WebhookCall, WebhookSink

if TYPE_CHECKING:
    from pathlib import Path


class Imitated(Enum):
    """Services with their rules, and addresses of channels that speak to an imitation of them."""

    SLACK = (known.SLACK, "slack://T0AAAAAAA/B0BBBBBBB/secretsecretsecret?endpoint={http}")
    SLACK_BOT = (known.SLACK_BOT, "slack://xoxb-1234567890-1234567890-abcdefghijkl/policy?endpoint={http}")
    TELEGRAM = (known.TELEGRAM, "tgram://123456789:abcdefghijklmnopqrstuvwxyz_12345678/4711?endpoint={http}")
    DISCORD = (known.DISCORD, "discord://123456789012345678/abcdefghijklmnop?endpoint={http}")
    FEISHU = (known.FEISHU, "feishu://0123456789abcdef?endpoint={http}")
    LARK = (known.FEISHU, "lark://0123456789abcdef?endpoint={http}")
    DINGTALK = (known.DINGTALK, "dingtalk://0123456789abcdef?endpoint={http}")
    WECOM = (known.WECOM, "wecombot://0123456789abcdef?endpoint={http}")
    NTFY = (known.NTFY, "ntfy://{host}/policy")
    WEBHOOK = (known.WEBHOOK, "webhook://{host}/hooks/1")

    @property
    def rules(self) -> known.Rules:
        """What it takes and answers."""
        rules, _ = self.value
        return rules

    def url(self, port: int) -> str:
        """Return the address of a channel that speaks to an imitation at a port of loopback."""
        host = f"{LOOPBACK}:{port}"
        _, address = self.value
        return address.format(http=f"http://{host}", host=host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One message that was taken."""

    order: int
    """From 1, over all that one imitation took."""
    key: str
    """Its idempotency key; empty where it had none."""
    target: str
    """Chat, channel or topic, where the service has several."""
    text: str
    """What a person reads of it, in the service's markup."""
    payload: dict[str, Any]
    is_told: bool = True
    """Whether the sender was answered that it was taken."""


class Imitation(WebhookSink):
    """One service; a context manager. Programmed `answers` come before the plan's faults."""

    def __init__(
        self,
        service: Imitated,
        plan: FaultPlan | None = None,
        *,
        secret: str = "",
        certificate: Path | None = None,
    ) -> None:
        """Describe the server.

        Args:
            service: What it imitates.
            plan: What goes wrong; nothing by default.
            secret: Key with which messages must be signed; empty takes all.
            certificate: PEM file with certificate and key, to speak TLS.
        """
        super().__init__(certificate=certificate)
        self.service = service
        self.plan = plan or FaultPlan()
        self.secret = secret
        self.taken: list[Taken] = []
        self._taking = threading.Lock()

    @property
    def url(self) -> str:
        """The Apprise address of a channel that speaks to it."""
        return self.service.url(self.port)

    def answer_to(self, call: WebhookCall) -> WebhookAnswer:
        """Keep a request, and its message where it is taken; return the answer."""
        self.calls.append(call)
        if self.answers:
            return self.answers.popleft()
        fault = self.plan.draw()
        if fault is not None and not fault.takes:
            return self._failure(fault)
        refusal = self._take(call, is_told=fault is not Fault.LOST_ANSWER)
        if refusal is not None:
            return refusal
        return self._failure(fault) if fault else self.service.rules.good

    def _failure(self, fault: Fault) -> WebhookAnswer:
        own, times = self.service.rules, self.plan.times
        return {
            Fault.RATE_LIMITED: own.limited(times.retry_after),
            Fault.TOO_LONG: own.too_long,
            Fault.REFUSED: own.refused,
            Fault.SERVER_ERROR: WebhookAnswer(status=502, body=b"<html>Bad Gateway</html>"),
            Fault.HANG: replace(own.good, wait_s=times.hang, reset=True),
            Fault.RESET: WebhookAnswer(reset=True),
            Fault.DRIP: replace(own.good, drip_s=times.drip),
            Fault.LOST_ANSWER: WebhookAnswer(reset=True),
        }[fault]

    def _take(self, call: WebhookCall, *, is_told: bool) -> WebhookAnswer | None:
        """Keep a message, or return the refusal of one that breaks the service's rules."""
        own = self.service.rules
        try:
            payload = call.json()
            refusal = own.fault(call, payload, self.secret)
            text, target = own.told(payload), own.target(call, payload)
        except (KeyError, TypeError, ValueError):
            return own.malformed
        if refusal is not None:
            return refusal
        key = call.headers.get("Idempotency-Key", "")
        with self._taking:
            order = len(self.taken) + 1
            self.taken.append(Taken(order=order, key=key, target=target, text=text, payload=payload, is_told=is_told))
        return None
