"""Looks at what is beyond this machine: names, certificates, the time, mail servers and webhooks. Sends nothing."""

from __future__ import annotations

import smtplib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hongtou.doctor.finding import Finding, failure, fine, skipped, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from alerts.channel_endpoints import Endpoint
    from config.loaded import Loaded

_HOSTS = 5
"""Hosts of watched sources that are asked: enough to tell our own network's fault from one of theirs."""
_CLOCK_OFF_S = 60.0
"""Seconds by which a clock may differ from that of others: beyond, days and quiet hours are told wrongly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostAnswer:
    """What one host said."""

    host: str
    error: str = ""
    """Why it could not be reached; empty when it could."""
    stage: str = ""
    """`dns`, `connect`, `tls` or `http`: how far it came when it failed."""
    date: datetime | None = None
    """The time by the host, aware."""


def hosts_of(loaded: Loaded) -> tuple[str, ...]:
    """Return some hosts of watched sources that speak HTTPS, of different groups first."""
    by_group: dict[str, str] = {}
    for source in loaded.watched:
        parts = urlsplit(source.url)
        if parts.scheme == "https" and parts.hostname:
            by_group.setdefault(source.group, parts.hostname)
    return tuple(dict.fromkeys(by_group.values()))[:_HOSTS]


def look_at_network(hosts: Sequence[str], *, now: Callable[[], datetime], timeout_s: float = 10.0) -> Iterator[Finding]:
    """Look at names, connections, certificates and the clock, by asking hosts of sources for nothing but their head.

    Args:
        hosts: Whom to ask.
        now: Reads the clock that is looked at.
        timeout_s: Longest wait for each host.
    """
    if not hosts:
        yield skipped("network", "no watched source is on the web")
        return
    with ThreadPoolExecutor(max_workers=len(hosts), thread_name_prefix="doctor") as pool:
        answers = list(pool.map(lambda host: ask(host, timeout_s=timeout_s), hosts))
    reached = [answer for answer in answers if not answer.error]
    if not reached:
        yield failure("network", f"none of {len(hosts)} hosts can be reached: {answers[0].error}", _advice(answers))
    else:
        yield fine("network", f"{len(reached)} of {len(hosts)} hosts answer: {', '.join(one.host for one in reached)}")
        yield from (warning("network", f"{one.host}: {one.error}", _ADVICE[one.stage]) for one in answers if one.error)
    yield from _look_at_clock(reached, now=now())


def ask(host: str, *, timeout_s: float, port: int = 443, context: ssl.SSLContext | None = None) -> HostAnswer:
    """Ask a host for the head of its first page."""
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return HostAnswer(host=host, stage="dns", error=f"its name is not found ({error.strerror or error})")
    connection = HTTPSConnection(host, port, timeout=timeout_s, context=context or ssl.create_default_context())
    with closing(connection):
        try:
            connection.request("HEAD", "/", headers={"User-Agent": "Hongtou doctor"})
            said = connection.getresponse().headers.get("Date", "")
        except ssl.SSLCertVerificationError as error:
            return HostAnswer(host=host, stage="tls", error=f"its certificate is not accepted: {error.verify_message}")
        except ssl.SSLError as error:
            return HostAnswer(host=host, stage="tls", error=f"no TLS: {error.reason or error}")
        except TimeoutError:
            return HostAnswer(host=host, stage="connect", error=f"no answer within {timeout_s:g} s")
        except (OSError, HTTPException) as error:
            return HostAnswer(host=host, stage="connect", error=f"no connection: {error}")
    return HostAnswer(host=host, date=_date(said))


def look_at_channel(endpoint: Endpoint, *, timeout_s: float = 10.0) -> Finding:
    """Look at one channel's server: reach it, and log in where it is a mail server; nothing is sent."""
    topic = f"channel {endpoint.channel}"
    if not endpoint.host:
        return skipped(topic, f"{endpoint.scheme}: no server to be reached is known of it")
    if endpoint.mail is not None:
        return _look_at_mail(topic, endpoint, timeout_s)
    if not endpoint.is_tls:
        return _look_at_port(topic, endpoint, timeout_s)
    answer = ask(endpoint.host, timeout_s=timeout_s, port=endpoint.port)
    if answer.error:
        return failure(topic, f"{endpoint.host}: {answer.error}", _ADVICE[answer.stage])
    return fine(topic, f"{endpoint.host} answers; try it whole with `hongtou alerts test {endpoint.channel}`")


def _look_at_port(topic: str, endpoint: Endpoint, timeout_s: float) -> Finding:
    try:
        socket.create_connection((endpoint.host, endpoint.port), timeout=timeout_s).close()
    except OSError as error:
        return failure(topic, f"{endpoint.host}:{endpoint.port}: {error}", _ADVICE["connect"])
    return fine(topic, f"{endpoint.host}:{endpoint.port} can be reached")


def _look_at_mail(topic: str, endpoint: Endpoint, timeout_s: float) -> Finding:
    mail, where = endpoint.mail, f"{endpoint.host}:{endpoint.port}"
    assert mail is not None  # noqa: S101 - asked by the caller
    context = ssl.create_default_context() if mail.verify else ssl._create_unverified_context()  # noqa: S323, SLF001
    try:
        if mail.mode == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(endpoint.host, endpoint.port, timeout=timeout_s, context=context)
        else:
            server = smtplib.SMTP(endpoint.host, endpoint.port, timeout=timeout_s)
        with server:
            if mail.mode == "starttls":
                server.starttls(context=context)
            if mail.user:
                server.login(mail.user, mail.password)
            server.noop()
    except smtplib.SMTPAuthenticationError as error:
        return failure(
            topic, f"{where} refuses the login ({error.smtp_code})", "check user and password, docs/alerts.md"
        )
    except ssl.SSLCertVerificationError as error:
        return failure(topic, f"{where}: its certificate is not accepted: {error.verify_message}", _ADVICE["tls"])
    except smtplib.SMTPNotSupportedError:
        return failure(topic, f"{where} offers no STARTTLS or login", "see the modes of mail in docs/alerts.md")
    except (OSError, smtplib.SMTPException) as error:
        return failure(topic, f"{where}: {error}", _ADVICE["connect"])
    how = f"logged in as {mail.user}" if mail.user else "without login"
    return fine(topic, f"{where} takes mail, {how}; try it whole with `hongtou alerts test {endpoint.channel}`")


_ADVICE = {
    "dns": "check the name, and the resolver of this machine or container",
    "connect": "check firewall and proxy; behind one, set crawl.proxy",
    "tls": "check the clock and the machine's certificates; a proxy that reads along brings its own",
    "http": "try again later",
}


def _advice(answers: Iterable[HostAnswer]) -> str:
    return _ADVICE[next(iter(answers)).stage]


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _look_at_clock(answers: Sequence[HostAnswer], *, now: datetime) -> Iterator[Finding]:
    offsets = sorted((now - answer.date).total_seconds() for answer in answers if answer.date is not None)
    if not offsets:
        yield skipped("clock", "no host told the time")
        return
    offset = offsets[len(offsets) // 2]
    if abs(offset) > _CLOCK_OFF_S:
        told = f"it is {abs(offset):.0f} s {'ahead of' if offset > 0 else 'behind'} that of {len(offsets)} hosts"
        yield failure("clock", told, "let the machine keep its time by NTP; a container takes that of its host")
    else:
        yield fine("clock", f"within {abs(offset):.0f} s of {len(offsets)} hosts")
