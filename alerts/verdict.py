"""Judges from what was heard on the wire what a channel said to one message. Pure.

Whatever is not understood counts as passing: a message that is tried once too often does less harm than one that is
given up. Only the detail's own words and the server's are used; secrets are taken out by the caller.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from alerts.wording import one_line
from core.outcome import DeliveryVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from alerts.answers import HttpAnswer

MAX_RETRY_AFTER = timedelta(hours=6)
"""Longest wait a channel may ask for; a longer one is more likely a mistake than a wish."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict with its reason."""

    verdict: DeliveryVerdict
    detail: str = ""
    retry_after: timedelta | None = None


def judge_failure(answers: Sequence[HttpAnswer], log: Sequence[str]) -> Judgement:
    """Judge a message that Apprise says was not accepted.

    Args:
        answers: HTTP answers to it, in order; the last one that is an error decides.
        log: What Apprise logged meanwhile, oldest first.
    """
    wire_faults = [line for line in log if line.startswith(("Socket Exception", "SMTP recipient"))]
    if smtp := _judge_smtp(wire_faults):
        return smtp
    if answers and not wire_faults:
        return _judge_http(answers[-1])
    for line in reversed(wire_faults):
        return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=_network_fault(line))
    said = one_line(log[-1], 200) if log else "the channel gave no reason"
    return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=said)


def _judge_smtp(lines: Sequence[str]) -> Judgement | None:
    replies = [match for line in lines for match in _SMTP_REPLY.finditer(line)]
    if not replies:
        return None
    passing = [reply for reply in replies if reply["code"].startswith("4")]
    told = (passing or replies)[-1]
    detail = f"SMTP {told['code']}: {one_line(told['text'], 200)}"
    if not told["code"].startswith("5"):
        return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=detail)
    too_long = told["code"] == "552" or _SMTP_SIZE.search(told["text"])
    return Judgement(verdict=DeliveryVerdict.TOO_LONG if too_long else DeliveryVerdict.REJECTED, detail=detail)


def _judge_http(answer: HttpAnswer) -> Judgement:
    body = one_line(answer.body, 200)
    detail = f"HTTP {answer.status}{_phrase(answer.status)}" + (f": {body}" if body else "")
    wait = _retry_after(answer)
    if _error(answer) in _PASSING_ERRORS:
        return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=detail, retry_after=wait)
    if answer.status == _TOO_LONG_STATUS or (answer.status < 429 and _TOO_LONG_WORDS.search(answer.body)):
        return Judgement(verdict=DeliveryVerdict.TOO_LONG, detail=detail)
    refused = 400 <= answer.status < 500 and answer.status not in _PASSING_STATUS
    if refused or (answer.status < 400 and is_refusal(answer)):
        return Judgement(verdict=DeliveryVerdict.REJECTED, detail=detail)
    return Judgement(verdict=DeliveryVerdict.TRANSIENT, detail=detail, retry_after=wait)


_PASSING_ERRORS = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
    | {-1, 45009, 45033, 130101}
)
"""Errors in answers of status 200 that pass by themselves: Slack's (chat.postMessage, "Errors"), WeCom's and DingTalk's
(busy, too many calls, too many at once, more than 20 a minute)."""


def is_refusal(answer: HttpAnswer) -> bool:
    """Say whether an answer says no, whatever its status.

    Slack, Telegram, WeCom and DingTalk answer 200 with the error in the body; of the last two Apprise takes every 200
    for accepted, also when the robot was deleted.
    """
    return _error(answer) is not None


def _error(answer: HttpAnswer) -> str | int | None:
    """Return the error of an `{"ok": false, "error": "…"}` or `{"errcode": 93000, …}` answer."""
    said = _json_object(answer.body)
    code, error = said.get("errcode"), said.get("error")
    if isinstance(code, int) and code != 0:
        return code
    if said.get("ok") is False:
        return error if isinstance(error, str) else ""
    return None


def _retry_after(answer: HttpAnswer) -> timedelta | None:
    """Return the wait that an answer asks for, by header, or as Telegram and Discord do in the body."""
    header = answer.retry_after.strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", header):
        return _bounded(float(header))
    if header and (until := _http_date(header)) and (now := _http_date(answer.date)):
        return _bounded((until - now).total_seconds())
    said = _json_object(answer.body)
    parameters = said.get("parameters")
    for holder in (said, parameters if isinstance(parameters, dict) else {}):
        seconds = holder.get("retry_after")
        if isinstance(seconds, int | float) and not isinstance(seconds, bool):
            return _bounded(float(seconds))
    return None


def _bounded(seconds: float) -> timedelta:
    return min(max(timedelta(seconds=seconds), timedelta(0)), MAX_RETRY_AFTER)


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _json_object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _network_fault(line: str) -> str:
    for words, pattern in _NETWORK_FAULTS.items():
        if re.search(pattern, line, re.IGNORECASE):
            return words
    return one_line(line, 200)
