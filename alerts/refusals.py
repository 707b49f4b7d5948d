"""Reads what an HTTP answer says in its body and headers: an error behind a status of 200, a wait. Pure."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from core.retry import MAX_RETRY_AFTER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from alerts.answers import HttpAnswer

_MINUTE, _TEN_MINUTES = timedelta(minutes=1), timedelta(minutes=10)
_PACE_ERRORS: Mapping[str | int, timedelta | None] = {
    "ratelimited": None,
    "rate_limited": None,
    45009: _MINUTE,
    45033: _MINUTE,
    130101: _TEN_MINUTES,
    410100: _TEN_MINUTES,
    11232: _MINUTE,
}
"""Errors that mean too fast, and how long the service then takes nothing where it does not say: Slack's, WeCom's (20 a
minute, too many at once), DingTalk's (20 a minute, else ten minutes' silence) and Feishu's (100 a minute)."""
_PASSING_ERRORS = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", -1})
"""Errors in answers of status 200 that pass by themselves: Slack's (chat.postMessage, "Errors"); -1 is busy at WeCom
and DingTalk."""
_PACE_WORDS = re.compile(r"too (?:many requests?|fast)|frequency limit|freq out of limit|rate.?limit", re.IGNORECASE)
"""Words for too fast in errors of other numbers: Feishu uses 9499 for this and for bad requests alike."""


def is_refusal(answer: HttpAnswer) -> bool:
    """Say whether an answer says no, whatever its status.

    Slack, Telegram, WeCom and DingTalk answer 200 with the error in the body; of the last two Apprise takes every 200
    for accepted, also when the robot was deleted.
    """
    return _error(answer) is not None


def is_failure(answer: HttpAnswer) -> bool:
    """Say whether an answer to a message that was not accepted everywhere is one that did not accept it.

    As `is_refusal`, and Feishu's `{"code": 19021, "msg": "…"}`, which of other servers may mean that all is well.
    """
    return answer.status >= 300 or _told_error(answer) is not None


def is_passing(answer: HttpAnswer) -> bool:
    """Say whether the body of an answer says that this is about the moment, not the message."""
    error = _told_error(answer)
    return error is not None and (
        error in _PASSING_ERRORS or error in _PACE_ERRORS or _PACE_WORDS.search(answer.body) is not None
    )


def retry_after(answer: HttpAnswer) -> timedelta | None:
    """Return the wait that an answer asks for, by header, or as Telegram and Discord do in the body; or a known one."""
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
    error = _told_error(answer)
    if error is None:
        return None
    return _PACE_ERRORS.get(error, _MINUTE if _PACE_WORDS.search(answer.body) else None)


def _error(answer: HttpAnswer) -> str | int | None:
    """Return the error of an `{"ok": false, "error": "…"}` or `{"errcode": 93000, …}` answer."""
    said = _json_object(answer.body)
    code, error = said.get("errcode"), said.get("error")
    if isinstance(code, int) and code != 0:
        return code
    if said.get("ok") is False:
        return error if isinstance(error, str) else ""
    return None


def _told_error(answer: HttpAnswer) -> str | int | None:
    """Return the same, or Feishu's."""
    said = _json_object(answer.body)
    code = said.get("code")
    if answer.status < 300 and "msg" in said and isinstance(code, int) and code != 0:
        return code
    return _error(answer)


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
