"""Listening to HTTP answers."""

from __future__ import annotations

import threading

import pytest
import requests

from alerts.answers import HttpAnswer, listening
from hongtou.rehearsal.receivers import WebhookAnswer, WebhookSink


def test_answers_are_heard_within_the_block_only() -> None:
    """Status, Retry-After and the first of the body are kept, in order; outside nothing is."""
    with WebhookSink() as sink:
        sink.answers.append(WebhookAnswer(status=429, body="慢一点".encode() * 500, headers={"Retry-After": "9"}))
        with listening() as heard:
            requests.post(sink.address, data=b"x", timeout=5)
            requests.post(sink.address, data=b"x", timeout=5)
        requests.post(sink.address, data=b"x", timeout=5)
    assert [(answer.status, answer.retry_after) for answer in heard] == [(429, "9"), (200, "")]
    assert heard[0].body == ("慢一点" * 500)[:500]
    assert heard[0].date
    assert heard[1] == HttpAnswer(status=200, date=heard[1].date, body="ok")


def test_nobody_hears_another_thread() -> None:
    """Requests of other threads are not mixed in."""
    with WebhookSink() as sink, listening() as heard:
        other = threading.Thread(target=lambda: requests.post(sink.address, data=b"x", timeout=5))
        other.start()
        other.join()
    assert heard == []


def test_faults_pass_through() -> None:
    """A connection that fails raises as it would without a listener."""
    with WebhookSink() as sink:
        sink.down()
        with listening() as heard, pytest.raises(requests.ConnectionError):
            requests.post(sink.address, data=b"x", timeout=5)
    assert heard == []
