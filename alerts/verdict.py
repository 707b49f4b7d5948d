"""Judges from what was heard on the wire what a channel said to one message. Pure.

Whatever is not understood counts as passing: a message that is tried once too often does less harm than one that is
given up. Only the detail's own words and the server's are used; secrets are taken out by the caller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from alerts.refusals import is_failure, is_passing, retry_after
from alerts.wording import one_line
from core.outcome import DeliveryVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alerts.answers import HttpAnswer

_PASSING_STATUS = frozenset({407, 408, 421, 425, 429})
"""Statuses below 500 that are not about the message: the proxy, the time, the connection, the pace."""
_TOO_LONG_STATUS = 413
_TOO_LONG_WORDS = re.compile(
    r"too[ _-](?:long|large|big)|exceed|max(?:imum)?[ _](?:length|size)|or fewer in length|must be less than"
    r"|invalid_blocks|超过|超出|过长",
    re.IGNORECASE,
)
# smtplib's errors as Apprise logs them: (450, b'4.2.1 try later'), {'a@b': (550, b'no such user')}, or its own
# sentence about a recipient that was refused.
_SMTP_REPLY = re.compile(r"""(?:\(|was refused: )(?P<code>[245]\d\d),? b?(?P<quote>['"])(?P<text>.*?)(?P=quote)""")
_SMTP_SIZE = re.compile(r"\b5\.(?:3\.4|2\.3)\b")
_SMTP_FULL = re.compile(r"\b5\.2\.2\b")
"""RFC 3463 §3.3: the mailbox is full; somebody will empty it."""
_NETWORK_FAULTS = {
    "TLS certificate not accepted": r"certificate.verify.failed|hostname mismatch|certificate is not valid",
    "host name not found": r"getaddrinfo|name or service not known|name resolution|nodename nor servname",
    "no answer in time": r"timed? ?out",
    "connection refused": r"connection refused",
    "network unreachable": r"unreachable|no route to host",
    "connection closed before an answer": r"reset by peer|closed connection|connection aborted|unexpectedly closed"
    r"|please run connect|broken pipe|eof occurred",
    "the mail server offers no STARTTLS": r"starttls extension not supported",
    "TLS handshake failed": r"\b(?:ssl|tls)\b",
}
"""What to tell a person, and the words of requests, smtplib and ssl that mean it; the first that fits holds."""
_IN_DOUBT = frozenset({"no answer in time", "connection closed before an answer"})
"""Of those, the ones after which nobody knows whether the message was taken."""
_NEVER_SENT = re.compile(r"connect timeout|ConnectTimeout", re.IGNORECASE)
"""Words of requests: the time ran out before there was a connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict with its reason."""

    verdict: DeliveryVerdict
    detail: str = ""
    retry_after: timedelta | None = None
    attempted: bool = True
    in_doubt: bool = False
    """As of `core.outcome.DeliveryReport`."""


def judge_failure(answers: Sequence[HttpAnswer], log: Sequence[str]) -> Judgement:
    """Judge a message that Apprise says was not accepted.

    Args:
        answers: HTTP answers to it, in order, one or more for each of the channel's targets.
        log: What Apprise logged meanwhile, oldest first.

    Returns:
        What is to be done: as long as one target may yet take it, to try again.
    """
    wire_faults = [line for line in log if line.startswith(("Socket Exception", "SMTP recipient"))]
    if smtp := _judge_smtp(wire_faults):
        return smtp
    for line in reversed(wire_faults):
        in_doubt = any(map(_is_in_doubt, wire_faults))
        return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=_network_fault(line), in_doubt=in_doubt)
    if answers:
        failed = [answer for answer in answers if is_failure(answer)] or answers[-1:]
        return _gravest([_judge_http(answer) for answer in failed])
    said = one_line(log[-1], 200) if log else "the channel gave no reason"
    return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=said)


def _gravest(judged: Sequence[Judgement]) -> Judgement:
    """Return of several judgements the one to act upon: passing before too long before refused, the longest wait."""
    order = (DeliveryVerdict.TRANSIENT, DeliveryVerdict.TOO_LONG, DeliveryVerdict.REJECTED)
    first = min(order.index(one.verdict) for one in judged)
    same = [one for one in reversed(judged) if one.verdict is order[first]]
    return max(same, key=lambda one: one.retry_after or timedelta(0))


def _judge_smtp(lines: Sequence[str]) -> Judgement | None:
    replies = [match for line in lines for match in _SMTP_REPLY.finditer(line)]
    if not replies or not all(map(_SMTP_REPLY.search, lines)):  # one recipient may yet be reached
        return None
    passing = [reply for reply in replies if _is_passing(reply["code"], reply["text"])]
    told = (passing or replies)[-1]
    detail = f"SMTP {told['code']}: {one_line(told['text'], 200)}"
    if passing:
        return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=detail)
    too_long = told["code"] == "552" or _SMTP_SIZE.search(told["text"])
    return Judgement(verdict=DeliveryVerdict.TOO_LONG if too_long else DeliveryVerdict.REJECTED, detail=detail)


def _is_passing(code: str, text: str) -> bool:
    return not code.startswith("5") or _SMTP_FULL.search(text) is not None


def _judge_http(answer: HttpAnswer) -> Judgement:
    body = one_line(answer.body, 200)
    detail = f"HTTP {answer.status}{_phrase(answer.status)}" + (f": {body}" if body else "")
    wait = retry_after(answer)
    if is_passing(answer):
        return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=detail, retry_after=wait)
    if answer.status == _TOO_LONG_STATUS or (answer.status < 429 and _TOO_LONG_WORDS.search(answer.body)):
        return Judgement(verdict=DeliveryVerdict.TOO_LONG, detail=detail)
    refused = 400 <= answer.status < 500 and answer.status not in _PASSING_STATUS
    if refused or (answer.status < 300 and is_failure(answer)):
        return Judgement(verdict=DeliveryVerdict.REJECTED, detail=detail)
    return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=detail, retry_after=wait)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _is_in_doubt(line: str) -> bool:
    return _network_fault(line) in _IN_DOUBT and not _NEVER_SENT.search(line)


def _network_fault(line: str) -> str:
    for words, pattern in _NETWORK_FAULTS.items():
        if re.search(pattern, line, re.IGNORECASE):
            return words
    return one_line(line, 200)
