"""What a channel's answer means."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.answers import HttpAnswer
from alerts.refusals import is_refusal
from alerts.verdict import judge_failure
from core.outcome import DeliveryVerdict
from core.retry import MAX_RETRY_AFTER

if TYPE_CHECKING:
    from collections.abc import Sequence

NOON = "Wed, 14 Jun 2023 12:00:00 GMT"


@pytest.mark.parametrize(
    ("answer", "verdict", "wait_s"),
    [
        (HttpAnswer(status=429, retry_after="7"), "transient", 7),
        (HttpAnswer(status=429, retry_after="1.5"), "transient", 1.5),
        (HttpAnswer(status=503, retry_after="Wed, 14 Jun 2023 12:01:30 GMT", date=NOON), "transient", 90),
        (HttpAnswer(status=503, retry_after="Wed, 14 Jun 2023 11:00:00 GMT", date=NOON), "transient", 0),
        (HttpAnswer(status=503, retry_after="Wed, 14 Jun 2023 12:01:30 GMT"), "transient", None),
        (HttpAnswer(status=503, retry_after="soon", date=NOON), "transient", None),
        (HttpAnswer(status=429, retry_after="999999999"), "transient", MAX_RETRY_AFTER.total_seconds()),
        (HttpAnswer(status=429, body='{"ok":false,"parameters":{"retry_after":12}}'), "transient", 12),
        (HttpAnswer(status=429, body='{"retry_after": 0.5}'), "transient", 0.5),
        (HttpAnswer(status=429, body='{"retry_after": true}'), "transient", None),
        (HttpAnswer(status=407), "transient", None),
        (HttpAnswer(status=408), "transient", None),
        (HttpAnswer(status=502), "transient", None),
        (HttpAnswer(status=599), "transient", None),
        (HttpAnswer(status=200, body="not what was awaited"), "transient", None),
        (HttpAnswer(status=200, body='{"ok":false,"error":"ratelimited"}'), "transient", None),
        (HttpAnswer(status=200, body='{"ok":false,"error":"invalid_auth"}'), "rejected", None),
        (HttpAnswer(status=200, body='{"ok":false,"error":"msg_too_long"}'), "too-long", None),
        (HttpAnswer(status=200, body='["a list"]'), "transient", None),
        (HttpAnswer(status=200, body='{"ok":false}'), "rejected", None),
        (HttpAnswer(status=200, body='{"errcode":93000,"errmsg":"invalid webhook url"}'), "rejected", None),
        (HttpAnswer(status=200, body='{"errcode":45009,"errmsg":"api freq out of limit"}'), "transient", 60),
        (HttpAnswer(status=200, body='{"errcode":130101,"errmsg":"exceed 20 times per minute"}'), "transient", 600),
        (HttpAnswer(status=200, body='{"errcode":40058,"errmsg":"content exceed max length"}'), "too-long", None),
        (HttpAnswer(status=200, body='{"code":11232,"msg":"frequency limited psm"}'), "transient", 60),
        (HttpAnswer(status=200, body='{"code":9499,"msg":"too many request"}'), "transient", 60),
        (HttpAnswer(status=200, body='{"code":9499,"msg":"Bad Request"}'), "rejected", None),
        (HttpAnswer(status=200, body='{"code":19021,"msg":"sign match fail"}'), "rejected", None),
        (HttpAnswer(status=200, body='{"code":0,"msg":"success"}'), "transient", None),
        (HttpAnswer(status=200, body='{"errcode":-1,"errmsg":"system busy"}'), "transient", None),
        (HttpAnswer(status=302), "transient", None),
        (HttpAnswer(status=401), "rejected", None),
        (HttpAnswer(status=404, body="no_service"), "rejected", None),
        (HttpAnswer(status=413), "too-long", None),
        (HttpAnswer(status=400, body="Must be 2000 or fewer in length."), "too-long", None),
        (HttpAnswer(status=400, body="Bad Request: message is too long"), "too-long", None),
        (HttpAnswer(status=400, body="消息内容过长"), "too-long", None),
        (HttpAnswer(status=429, body="rate limit exceeded"), "transient", None),
        (HttpAnswer(status=500, body="quota exceeded"), "transient", None),
    ],
)
def test_http_answers(answer: HttpAnswer, verdict: str, wait_s: float | None) -> None:
    """Statuses, Retry-After in all its spellings, and errors in answers of status 200 are read."""
    judged = judge_failure([HttpAnswer(status=200), answer], ["Failed to send notification"])
    assert judged.verdict.value == verdict
    assert judged.retry_after == (None if wait_s is None else timedelta(seconds=wait_s))
    assert judged.detail.startswith(f"HTTP {answer.status}")


def test_of_several_targets_the_one_that_may_yet_be_reached_counts() -> None:
    """A chat that is gone must not end the delivery to one that asks to wait; of two waits the longer holds."""
    gone, busy, busier = (
        HttpAnswer(status=403),
        HttpAnswer(status=429, retry_after="5"),
        HttpAnswer(status=429, retry_after="9"),
    )
    long, fine = HttpAnswer(status=413), HttpAnswer(status=200, body='{"ok":true}')
    judged = judge_failure([gone, busier, busy, long, fine], [])
    assert (judged.verdict, judged.retry_after) == (DeliveryVerdict.TRANSIENT, timedelta(seconds=9))
    assert judge_failure([gone, long, fine], []).verdict is DeliveryVerdict.TOO_LONG
    assert judge_failure([gone, fine], []).verdict is DeliveryVerdict.REJECTED


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["(552, b'5.2.2 mailbox full')"], DeliveryVerdict.TRANSIENT),
        (["(552, b'5.3.4 too big')"], DeliveryVerdict.TOO_LONG),
        (["(550, b'5.1.1 no such user')", "(451, b'4.3.0 later')"], DeliveryVerdict.TRANSIENT),
        (["(550, b'5.1.1 no such user')", "Connection unexpectedly closed"], DeliveryVerdict.TRANSIENT),
        (["(550, b'5.1.1 no such user')", "(550, b'5.1.1 no such user')"], DeliveryVerdict.REJECTED),
    ],
)
def test_a_recipient_who_may_yet_be_reached_counts(lines: list[str], verdict: DeliveryVerdict) -> None:
    """A full mailbox gets emptied, and a connection lost after one refusal left others without their mail."""
    assert judge_failure([], [f"Socket Exception: {line}" for line in lines]).verdict is verdict


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ('{"errcode": 0, "errmsg": "ok"}', False),
        ('{"errcode": "none"}', False),
        ('{"ok": true}', False),
        ("ok", False),
        ("", False),
        ('{"ok": false, "error": "x"}', True),
        ('{"errcode": 310000}', True),
    ],
)
def test_a_no_in_a_200(body: str, refusal: bool) -> None:
    """An error in the body counts, whatever the status."""
    assert is_refusal(HttpAnswer(status=200, body=body)) is refusal


@pytest.mark.parametrize(
    ("line", "verdict", "detail"),
    [
        ("Socket Exception: (421, b'4.7.0 Try again')", "transient", "SMTP 421: 4.7.0 Try again"),
        ("Socket Exception: (535, b'5.7.8 bad login')", "rejected", "SMTP 535: 5.7.8 bad login"),
        ("Socket Exception: {'a@b.c': (550, b\"5.1.1 it's gone\")}", "rejected", "SMTP 550: 5.1.1 it's gone"),
        ("SMTP recipient a@b.c was refused: 450 b'4.2.1 busy'", "transient", "SMTP 450: 4.2.1 busy"),
        ("Socket Exception: (552, b'too big')", "too-long", "SMTP 552: too big"),
        ("Socket Exception: (554, b'5.3.4 too big')", "too-long", "SMTP 554: 5.3.4 too big"),
        ("Socket Exception: (250, b'odd')", "transient", "SMTP 250: odd"),
        (
            "Socket Exception: {'a@b.c': (550, b'no'), 'd@b.c': (451, b'later')}",
            "transient",
            "SMTP 451: later",
        ),
    ],
)
def test_smtp_replies(line: str, verdict: str, detail: str) -> None:
    """4xx passes, and outweighs 5xx, since somebody may still get it; sizes are told apart."""
    judged = judge_failure([], ["Connecting", line])
    assert (judged.verdict.value, judged.detail) == (verdict, detail)


@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: expired", "TLS certificate not accepted"),
        ("[Errno -2] Name or service not known", "host name not found"),
        ("HTTPSConnectionPool(host='x'): Read timed out. (read timeout=4)", "no answer in time"),
        ("[Errno 111] Connection refused", "connection refused"),
        ("[Errno 101] Network is unreachable", "network unreachable"),
        ("('Connection aborted.', RemoteDisconnected('closed connection'))", "connection closed before an answer"),
        ("STARTTLS extension not supported by server.", "the mail server offers no STARTTLS"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "TLS handshake failed"),
        ("something new", "Socket Exception: something new"),
    ],
)
def test_faults_of_the_network(fault: str, detail: str) -> None:
    """A fault of the network passes, and is told in a person's words."""
    judged = judge_failure([HttpAnswer(status=200)], [f"Socket Exception: {fault}"])
    assert (judged.verdict, judged.detail) == (DeliveryVerdict.TRANSIENT, detail)


@pytest.mark.parametrize(
    ("faults", "in_doubt"),
    [
        (["HTTPSConnectionPool(host='x'): Read timed out. (read timeout=4)"], True),
        (["('Connection aborted.', RemoteDisconnected('closed connection'))"], True),
        (["Connection unexpectedly closed", "[Errno 111] Connection refused"], True),
        (["Connection to x timed out. (connect timeout=4)"], False),
        (["[Errno 111] Connection refused"], False),
        (["(450, b'4.2.1 greylisted')"], False),
        (["[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"], False),
    ],
)
def test_what_may_have_been_taken_is_in_doubt(faults: Sequence[str], *, in_doubt: bool) -> None:
    """A connection or a patience that ended before the answer leaves it open; a no, or no connection, does not."""
    judged = judge_failure([], [f"Socket Exception: {fault}" for fault in faults])
    assert (judged.verdict, judged.in_doubt) == (DeliveryVerdict.TRANSIENT, in_doubt)


@pytest.mark.parametrize(("log", "detail"), [(["a", "b"], "b"), ([], "the channel gave no reason")])
def test_what_is_not_understood_passes(log: Sequence[str], detail: str) -> None:
    """Without any answer, the last words of Apprise are told, and trying again is right."""
    judged = judge_failure([], log)
    assert (judged.verdict, judged.detail) == (DeliveryVerdict.TRANSIENT, detail)


@given(
    status=st.integers(100, 999), retry_after=st.text(max_size=20), date=st.text(max_size=20), body=st.text(max_size=80)
)
def test_no_answer_is_too_strange(*, status: int, retry_after: str, date: str, body: str) -> None:
    """Whatever a server says, a failure is judged, never accepted, with a bounded wait."""
    judged = judge_failure([HttpAnswer(status=status, retry_after=retry_after, date=date, body=body)], [])
    assert judged.verdict is not DeliveryVerdict.ACCEPTED
    assert judged.retry_after is None or timedelta(0) <= judged.retry_after <= MAX_RETRY_AFTER
