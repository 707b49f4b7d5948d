"""What the exceptions of Twisted and Scrapy mean: an answer class and a sentence for a person. Pure."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

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

from core.outcome import Answer
from core.source import Tls
from crawler.certificates import CertificateRefusedError
from crawler.rendering import browser_failure

if TYPE_CHECKING:
    from collections.abc import Iterator


class ForbiddenAddressError(IgnoreRequest):
    """The request leads to an address that must not be contacted; its text says which."""


class RobotsDeniedError(IgnoreRequest):
    """robots.txt forbids the address."""


class PollOverError(IgnoreRequest):
    """The request belongs to a poll that is over."""


class EasedOffError(IgnoreRequest):
    """The host refused what was asked before, and is left alone for a while."""


class NoBrowserError(IgnoreRequest):
    """The source needs a browser, and there is none."""


_IGNORED = (
    (EasedOffError, Answer.RATE_LIMITED),
    (NoBrowserError, Answer.BLOCKED),
    (ForbiddenAddressError, Answer.ADDRESS),
    (RobotsDeniedError, Answer.ROBOTS),
    (PollOverError, Answer.TIMEOUT),
)
_MAX_REDIRECTS = "max redirections reached"
"""Text of Scrapy's `RedirectMiddleware`."""
_MAX_SIZE = "DOWNLOAD_MAXSIZE"
"""Part of the text of Scrapy's `HttpCompressionMiddleware`."""

_CURES = (
    ("dh key too small", Tls.WEAK_DH),
    ("unsafe legacy renegotiation disabled", Tls.LEGACY_RENEGOTIATION),
    ("unsupported protocol", Tls.OLD_CIPHERS),
    ("handshake failure", Tls.OLD_CIPHERS),
    ("alert protocol version", Tls.OLD_CIPHERS),
)
"""OpenSSL's words → the relaxation that an old server which causes them needs (source notes, rows 50 to 52)."""

RETRYABLE = frozenset({Answer.DNS, Answer.REFUSED, Answer.TIMEOUT})
"""Faults that may pass within seconds."""


def classify_failure(error: BaseException, *, host: str) -> tuple[Answer, str]:
    """Say what a failed request means.

    Args:
        error: What the download ended with.
        host: The host that was asked, for the sentence.

    Returns:
        The answer class, and one sentence. A fault that no class covers is CRASHED: it is ours.
    """
    if isinstance(error, IgnoreRequest):
        return _ignored(error, host)
    for cause in _causes(error):
        found = _tls(cause, host) or _network(cause, host) or browser_failure(cause, host)
        if found is not None:
            return found
    return Answer.CRASHED, f"{type(error).__name__}: {error}"


def _ignored(error: IgnoreRequest, host: str) -> tuple[Answer, str]:
    for kind, answer in _IGNORED:
        if isinstance(error, kind):
            return answer, str(error)
    if str(error) == _MAX_REDIRECTS:
        return Answer.HTTP_ERROR, f"{host} redirects in circles or too often"
    if _MAX_SIZE in str(error):
        return Answer.TOO_LARGE, f"the answer of {host} is larger than the limit once decompressed"
    return Answer.CRASHED, str(error)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield what is inside an exception first, since the outermost ones only say that a request failed."""
    for reason in getattr(error, "reasons", None) or ():
        if isinstance(reason, Failure) and reason.value is not None:
            yield from _causes(reason.value)
    if error.__cause__ is not None:
        yield from _causes(error.__cause__)
    yield error


def _tls(error: BaseException, host: str) -> tuple[Answer, str] | None:
    if isinstance(error, CertificateRefusedError):
        return Answer.TLS, str(error)
    if isinstance(error, SSL.Error):
        reason = _ssl_reason(error)
        cure = next((f" (tls: {tls} at the source may help)" for mark, tls in _CURES if mark in reason), "")
        return Answer.TLS, f"no secure connection to {host}: {reason}{cure}"
    return None


def _ssl_reason(error: SSL.Error) -> str:
    """Return OpenSSL's own words, such as `certificate verify failed`."""
    stack = error.args[0] if error.args and isinstance(error.args[0], list) else []
    words = [entry[-1] for entry in stack if isinstance(entry, tuple) and entry and entry[-1]]
    return ", ".join(dict.fromkeys(words)) or "the connection was closed during the handshake"


def _network(error: BaseException, host: str) -> tuple[Answer, str] | None:
    for kinds, answer, sentence in _NETWORK:
        if isinstance(error, kinds):
            return answer, sentence.format(host=host)
    return None


_NETWORK: tuple[tuple[tuple[type[BaseException], ...], Answer, str], ...] = (
    ((DownloadTimeoutError, tx.TimeoutError, tx.TCPTimedOutError), Answer.TIMEOUT, "{host} did not answer in time"),
    ((CannotResolveHostError, tx.DNSLookupError), Answer.DNS, "the name {host} cannot be looked up"),
    ((DownloadCancelledError,), Answer.TOO_LARGE, "the answer of {host} is larger than the limit"),
    (
        (DownloadConnectionRefusedError, tx.ConnectionRefusedError),
        Answer.REFUSED,
        "{host} refused the connection",
    ),
    ((ResponseDataLossError,), Answer.REFUSED, "{host} closed the connection before its answer was complete"),
    ((TunnelError,), Answer.REFUSED, "the proxy would not connect to {host}"),
    (
        (tx.ConnectionDone, tx.ConnectionLost, tx.ConnectionAborted),
        Answer.REFUSED,
        "{host} closed the connection without an answer",
    ),
    ((tx.ConnectError,), Answer.REFUSED, "no connection to {host} could be made"),
    ((NotSupported, UnsupportedURLSchemeError), Answer.ADDRESS, "{host} was to be asked by something else than HTTP"),
    ((zlib.error, EOFError), Answer.DECODE, "the answer of {host} cannot be decompressed"),
    ((DownloadFailedError,), Answer.REFUSED, "{host} did not answer in HTTP"),
    ((UnicodeError,), Answer.DNS, "{host} is no host name"),
    ((OSError,), Answer.DECODE, "the answer of {host} cannot be decompressed"),
)
"""Exceptions, most telling first: `OSError` is what the gzip module raises on bytes that are not its own."""
