"""What exceptions mean."""

from __future__ import annotations

import gzip
import zlib

import pytest
from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet import error as tx
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed, ResponseNeverReceived

from core.outcome import Answer
from crawler.certificates import CertificateRefusedError
from crawler.failures import ForbiddenAddressError, PollOverError, RobotsDeniedError, classify_failure

HANDSHAKE = SSL.Error([("SSL routines", "", "certificate verify failed")])


@pytest.mark.parametrize(
    ("error", "answer", "words"),
    [
        (DownloadTimeoutError("Getting … took longer"), Answer.TIMEOUT, "in time"),
        (tx.TCPTimedOutError(), Answer.TIMEOUT, "in time"),  # type: ignore[no-untyped-call]
        (CannotResolveHostError("x"), Answer.DNS, "looked up"),
        (DownloadConnectionRefusedError("x"), Answer.REFUSED, "refused"),
        (ResponseDataLossError(), Answer.REFUSED, "before its answer was complete"),
        (tx.NoRouteError(), Answer.REFUSED, "no connection"),  # type: ignore[no-untyped-call]
        (tx.ConnectionLost(), Answer.REFUSED, "without an answer"),
        (TunnelError("x"), Answer.REFUSED, "proxy"),
        (DownloadCancelledError("larger"), Answer.TOO_LARGE, "larger"),
        (IgnoreRequest("… exceeded DOWNLOAD_MAXSIZE (5 B) …"), Answer.TOO_LARGE, "decompressed"),
        (IgnoreRequest("max redirections reached"), Answer.HTTP_ERROR, "circles"),
        (IgnoreRequest("something new"), Answer.CRASHED, "something new"),
        (ForbiddenAddressError("h is loopback"), Answer.ADDRESS, "h is loopback"),
        (RobotsDeniedError("robots.txt says no"), Answer.ROBOTS, "robots.txt says no"),
        (PollOverError("the poll is over"), Answer.TIMEOUT, "over"),
        (NotSupported("x"), Answer.ADDRESS, "HTTP"),
        (UnsupportedURLSchemeError("x"), Answer.ADDRESS, "HTTP"),
        (CertificateRefusedError("the certificate is not for h.example"), Answer.TLS, "not for h.example"),
        (HANDSHAKE, Answer.TLS, "certificate verify failed"),
        (SSL.Error([("", "", "dh key too small")]), Answer.TLS, "tls: weak-dh at the source may help"),
        (SSL.Error([("", "", "tlsv1 alert protocol version")]), Answer.TLS, "tls: old-ciphers at the source may help"),
        (SSL.Error(), Answer.TLS, "handshake"),
        (SSL.Error([]), Answer.TLS, "handshake"),
        (gzip.BadGzipFile("x"), Answer.DECODE, "decompressed"),
        (zlib.error("x"), Answer.DECODE, "decompressed"),
        (UnicodeError("label too long"), Answer.DNS, "no host name"),
        (KeyError("bug"), Answer.CRASHED, "KeyError"),
        (DownloadFailedError("x"), Answer.REFUSED, "HTTP"),
    ],
)
def test_a_failure_has_one_class(error: Exception, answer: Answer, words: str) -> None:
    """Every way in which a download ends has its class and a sentence."""
    found, detail = classify_failure(error, host="h.example")
    assert found is answer
    assert words in detail


@pytest.mark.parametrize(
    ("inner", "answer"),
    [(HANDSHAKE, Answer.TLS), (CertificateRefusedError("x"), Answer.TLS), (tx.ConnectionDone(), Answer.REFUSED)],
)
def test_the_inner_reason_counts(inner: Exception, answer: Answer) -> None:
    """A broken certificate that Twisted and Scrapy have wrapped twice is still a broken certificate."""
    outer = DownloadFailedError("failed")
    outer.__cause__ = ResponseNeverReceived([Failure(inner)])  # type: ignore[no-untyped-call]
    assert classify_failure(outer, host="h.example")[0] is answer


def test_a_failure_without_reasons_is_a_refusal() -> None:
    """A response that failed for no stated reason is not taken for a bug of ours."""
    outer = DownloadFailedError("failed")
    outer.__cause__ = ResponseFailed([])  # type: ignore[no-untyped-call]
    assert classify_failure(outer, host="h.example")[0] is Answer.REFUSED
