"""Receivers, messages and certificates for the delivery tests."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alerts.apprise_notifier import AppriseNotifier
from alerts.channel_forms import ChannelOptions
from core.alert import ChannelId
from core.message import Part
from hongtou.rehearsal.receivers import SmtpSink, WebhookSink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHANNEL = ChannelId("desk")
PATIENT = dt.timedelta(seconds=20)
HASTY = dt.timedelta(seconds=1.5)


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    """Give a mail sink that takes everything."""
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def webhook() -> Iterator[WebhookSink]:
    """Give a webhook sink that says ok."""
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def notifier_for() -> Callable[[str], AppriseNotifier]:
    """Give a function that makes a notifier with one channel, `desk`."""

    def make(url: str) -> AppriseNotifier:
        return AppriseNotifier({CHANNEL: url}, timeout=PATIENT, terminal=StringIO())

    return make


@pytest.fixture
def hasty_notifier_for() -> Callable[[str], AppriseNotifier]:
    """Give a function that makes a notifier that waits 1.5 s for an answer."""

    def make(url: str) -> AppriseNotifier:
        return AppriseNotifier({CHANNEL: url}, timeout=HASTY, terminal=StringIO())

    return make


@pytest.fixture
def part() -> Part:
    """Give a part with Chinese words in every form."""
    return Part(
        number=1,
        count=1,
        subject="[Hongtou] cn-sh plan: 上海市元宇宙关键技术攻关行动方案",
        body="<p>上海市<b>元宇宙</b> &amp; Web3</p>",
        text="上海市元宇宙关键技术攻关行动方案\nhttps://stcsm.sh.gov.cn/a?b=1&c=2\n\n主题: 元宇宙",
        thread="story-7",
        items=1,
    )


@pytest.fixture
def chat_part(part: Part) -> Part:
    """Give a part whose body every chat service takes."""
    return replace(part, body=f"{part.subject} — 元宇宙")


def _make(timeout: dt.timedelta) -> Callable[..., AppriseNotifier]:
    def make(url: str, *, secret: str = "") -> AppriseNotifier:
        options = ChannelOptions(gap=dt.timedelta(0), secret=secret)
        return AppriseNotifier({CHANNEL: url}, timeout=timeout, terminal=StringIO(), options={CHANNEL: options})

    return make


@pytest.fixture
def unhurried() -> Callable[..., AppriseNotifier]:
    """Give a function that makes a notifier of one channel without pauses; it may be given a key to sign with."""
    return _make(PATIENT)


@pytest.fixture
def hasty_for() -> Callable[..., AppriseNotifier]:
    """Give the same, which waits 0.7 s for an answer."""
    return _make(dt.timedelta(seconds=0.7))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a PEM file with a fresh self-signed certificate of 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hongtou test")])
    now = dt.datetime.now(dt.UTC)  # noqa: TID251  # OpenSSL checks validity against the real time
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + signed.public_bytes(serialization.Encoding.PEM)
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(pem)
    return path
