"""Asks a model behind an OpenAI-compatible `chat/completions` endpoint, and says what came of it without raising."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from classifier.opinion.answers import read_answers
from classifier.opinion.pages import fresh_code, lay_out
from classifier.opinion.transport import Reply, post_json
from core.opinion import Advice, AdviceFault, Usage
from core.opinion_budget import estimate_tokens, most_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.opinion.prompt import Prompt
    from core.opinion import Question

_OVERHEAD = 60
"""Tokens that a server adds for two messages and their roles, generously."""
_MAX_TOKENS = 10_000_000
"""A count of tokens beyond this is no count."""
_UNSUPPORTED = (400, 422)
"""Statuses by which servers refuse a parameter that they do not know."""
_DETAILS = {
    AdviceFault.UNREACHABLE: "no connection can be made",
    AdviceFault.TIMEOUT: "no answer came in time",
    AdviceFault.RESET: "the connection ended before the answer did",
    AdviceFault.KEY: "the key is refused",
    AdviceFault.RATE_LIMITED: "too many requests, or the account's own quota is used up",
    AdviceFault.REQUEST: "the endpoint refuses the request; check base_url and model",
    AdviceFault.SERVER: "the endpoint has a fault of its own",
    AdviceFault.REDIRECT: "the endpoint sends us elsewhere, where the key must not go; correct base_url",
    AdviceFault.TOO_LARGE: "the answer is far too long",
    AdviceFault.NOT_JSON: "the answer is no JSON",
    AdviceFault.SCHEMA: "the answer is not of the form that was asked for",
}


class ChatEndpoint:
    """Implements `core.opinion.Adviser`. Safe in any thread; each request has its own connection."""

    def __init__(
        self, base_url: str, *, model: str, key: str, prompt: Prompt, timeout: timedelta, max_answer: int
    ) -> None:
        """Ask nothing yet.

        Args:
            base_url: Address that `/chat/completions` is added to, such as `https://api.example.org/v1`.
            model: As the endpoint calls it.
            key: Bearer token; empty for none.
            prompt: The system message.
            timeout: Longest time for one request in all.
            max_answer: Tokens of an answer about one page.
        """
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key
        self._prompt = prompt
        self._timeout = timeout
        self._max_answer = max_answer
        self._form = 0  # which of the forms of a request this endpoint takes; learnt, and only ever raised

    @property
    def name(self) -> str:
        """Model, as shown to people."""
        return self._model

    @property
    def version(self) -> str:
        """Model and prompt; changes whenever an answer may."""
        return f"{self._model}.{self._prompt.version}"

    def most_tokens(self, questions: Sequence[Question]) -> Usage:
        """Return the most tokens that a request about these may take."""
        words = self._prompt.text + lay_out(questions, "0" * 16)
        return Usage(tokens_in=most_tokens(words) + _OVERHEAD, tokens_out=self._max_answer * len(questions))

    def ask(self, questions: Sequence[Question]) -> Advice:
        """Ask about at least one document, in one request; in a second and third form where the first is refused."""
        code = fresh_code(questions)
        ends_at = monotonic() + self._timeout.total_seconds()
        reply = Reply(fault=AdviceFault.TIMEOUT)
        forms = self._forms(questions, code)
        for form in range(self._form, len(forms)):
            left = ends_at - monotonic()
            reply = post_json(self._url, forms[form], key=self._key, within_s=max(left, 0.05))
            if reply.status not in _UNSUPPORTED:
                if reply.status == 200:
                    self._form = max(self._form, form)
                break
        return _advice(reply, code, questions, sent=self._prompt.text + lay_out(questions, code))

    def _forms(self, questions: Sequence[Question], code: str) -> tuple[Mapping[str, Any], ...]:
        """Return the request in the forms that endpoints take, the best first.

        Not all know `response_format`, and some models take neither `max_tokens` nor a temperature.
        """
        whole = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": self._prompt.text},
                {"role": "user", "content": lay_out(questions, code)},
            ],
        }
        limit = self._max_answer * len(questions)
        steady = {"temperature": 0, "max_tokens": limit}
        as_json = {"response_format": {"type": "json_object"}}
        return whole | steady | as_json, whole | steady, whole | as_json | {"max_completion_tokens": limit}


def _advice(reply: Reply, code: str, questions: Sequence[Question], *, sent: str) -> Advice:
    fault = reply.fault or _fault_of(reply.status)
    if fault is not None:
        return _nothing(questions, fault, status=reply.status, retry_after=_wait(reply))
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        return _nothing(questions, AdviceFault.NOT_JSON)
    content, is_cut = _content(answer)
    usage = _usage(answer) or _guessed(sent, content or "")
    if content is None:
        return _nothing(questions, AdviceFault.SCHEMA, usage=usage)
    opinions = read_answers(content, code, questions)
    if opinions is None:
        fault = AdviceFault.NOT_JSON if is_cut else AdviceFault.SCHEMA
        return _nothing(questions, fault, usage=usage, detail="the answer was cut at max_answer" if is_cut else "")
    if None in opinions:
        detail = f"{_DETAILS[AdviceFault.SCHEMA]}, or lacks a page"
        return Advice(opinions=opinions, usage=usage, fault=AdviceFault.SCHEMA, detail=detail)
    return Advice(opinions=opinions, usage=usage)


def _nothing(
    questions: Sequence[Question],
    fault: AdviceFault,
    *,
    status: int = 0,
    usage: Usage | None = None,
    retry_after: timedelta | None = None,
    detail: str = "",
) -> Advice:
    told = detail or _DETAILS[fault]
    return Advice(
        opinions=(None,) * len(questions),
        usage=usage,
        fault=fault,
        detail=f"{told} (HTTP {status})" if status else told,
        retry_after=retry_after,
    )


def _fault_of(status: int) -> AdviceFault | None:
    if status == 200:
        return None
    if 300 <= status < 400:
        return AdviceFault.REDIRECT
    if status in (401, 403):
        return AdviceFault.KEY
    if status == 429:
        return AdviceFault.RATE_LIMITED
    if status >= 500:
        return AdviceFault.SERVER
    return AdviceFault.REQUEST


def _wait(reply: Reply) -> timedelta | None:
    """Read Retry-After, seconds or a date (RFC 9110 §10.2.3); None when it says nothing usable."""
    text = reply.retry_after.strip()
    if text.isascii() and text.isdigit() and len(text) < 9:
        return timedelta(seconds=int(text))
    try:
        until, sent = parsedate_to_datetime(text), parsedate_to_datetime(reply.date)
    except ValueError:
        return None
    return max(timedelta(), _aware(until) - _aware(sent))


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _usage(answer: Any) -> Usage | None:  # noqa: ANN401 - JSON of any form
    usage = answer.get("usage") if isinstance(answer, dict) else None
    if not isinstance(usage, dict):
        return None
    tokens_in, tokens_out = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    return None if tokens_in is None or tokens_out is None else Usage(tokens_in=tokens_in, tokens_out=tokens_out)


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= _MAX_TOKENS else None


def _guessed(sent: str, content: str) -> Usage:
    """Return what a request took by our own count, where the endpoint does not say."""
    return Usage(tokens_in=estimate_tokens(sent) + _OVERHEAD, tokens_out=estimate_tokens(content))


def _content(answer: Any) -> tuple[str | None, bool]:  # noqa: ANN401 - same
    """Return what the model wrote, None when it wrote nothing, and whether it was cut short."""
    try:
        choice = answer["choices"][0]
        content = choice["message"]["content"]
    except (LookupError, TypeError):
        return None, False
    if isinstance(content, list):  # parts, as some servers send them
        texts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(text for text in texts if isinstance(text, str))
    is_cut = choice.get("finish_reason") == "length"
    return (content, is_cut) if isinstance(content, str) else (None, is_cut)
