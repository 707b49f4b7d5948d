"""A server from before RFC 5746: no OpenSSL of today can play one, so a small TLS 1.2 is written out here."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import struct
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

from core.outcome import Answer
from core.source import Tls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.crawler.conftest import FakeIntake, MakeBytes, MakeCrawler, PollOf

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

VERSION = b"\x03\x03"
HANDSHAKE, CHANGE_CIPHER, DATA = 22, 20, 23
RSA_AES128_GCM_SHA256 = b"\x00\x9c"


def prf(secret: bytes, label: bytes, seed: bytes, length: int) -> bytes:
    """Return bytes of TLS 1.2's pseudo-random function (RFC 5246 §5)."""
    seed = label + seed
    block, made = seed, b""
    while len(made) < length:
        block = hmac.digest(secret, block, "sha256")
        made += hmac.digest(secret, block + seed, "sha256")
    return made[:length]


def message(kind: int, body: bytes) -> bytes:
    """Return a handshake message."""
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


class OldServer:
    """Serves one HTTP answer on TLS 1.2 with RSA key exchange, AES-GCM and no extension in its hello."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        self.certificate = (
            x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
            .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .sign(self.key, hashes.SHA256())
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Shake hands, read a request, and answer it; hang up when the client does."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await self._serve(reader, writer)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = (await self._record(reader))[1]
        ours = b"\x01" * 32
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        chain = len(der).to_bytes(3, "big") + der
        flight = [
            message(2, VERSION + ours + b"\x00" + RSA_AES128_GCM_SHA256 + b"\x00"),
            message(11, len(chain).to_bytes(3, "big") + chain),
            message(14, b""),
        ]
        for sent in flight:
            self._send(writer, HANDSHAKE, sent)
        exchange = (await self._record(reader))[1]
        if exchange[0] != 16:
            return
        premaster = self.key.decrypt(exchange[6:], padding.PKCS1v15())
        master = prf(premaster, b"master secret", hello[6:38] + ours, 48)
        keys = prf(master, b"key expansion", ours + hello[6:38], 40)
        await self._record(reader)
        finished = self._open(keys, 0, *await self._record(reader))
        transcript = hashlib.sha256(hello + b"".join(flight) + exchange + finished).digest()
        self._send(writer, CHANGE_CIPHER, b"\x01")
        done = message(20, prf(master, b"server finished", transcript, 12))
        self._send(writer, HANDSHAKE, self._seal(keys, 0, HANDSHAKE, done))
        await self._record(reader)
        self._send(writer, DATA, self._seal(keys, 1, DATA, self.answer))
        await writer.drain()

    async def _record(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        kind, _, length = struct.unpack("!BHH", await reader.readexactly(5))
        return kind, await reader.readexactly(length)

    def _send(self, writer: asyncio.StreamWriter, kind: int, payload: bytes) -> None:
        writer.write(bytes([kind]) + VERSION + len(payload).to_bytes(2, "big") + payload)

    def _seal(self, keys: bytes, number: int, kind: int, plain: bytes) -> bytes:
        nonce, extra = number.to_bytes(8, "big"), self._extra(number, kind, len(plain))
        return nonce + AESGCM(keys[16:32]).encrypt(keys[36:40] + nonce, plain, extra)

    def _open(self, keys: bytes, number: int, kind: int, sealed: bytes) -> bytes:
        extra = self._extra(number, kind, len(sealed) - 24)
        return AESGCM(keys[:16]).decrypt(keys[32:36] + sealed[:8], sealed[8:], extra)

    def _extra(self, number: int, kind: int, length: int) -> bytes:
        return number.to_bytes(8, "big") + bytes([kind]) + VERSION + length.to_bytes(2, "big")


async def test_a_server_without_secure_renegotiation_needs_its_relaxation(
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only a source with `tls: legacy-renegotiation`, or all of it, connects to a server from before RFC 5746."""
    feed = make_feed()
    old = OldServer(b"HTTP/1.1 200 X\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(feed) + feed)
    file = tmp_path / "old.crt"
    file.write_bytes(old.certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    server = await asyncio.start_server(old.serve, "127.0.0.1", 0)
    url = f"https://localhost:{server.sockets[0].getsockname()[1]}/feed"
    crawler = await make_crawler()
    outcomes = {}
    for tls in Tls:
        await crawler.submit(poll_of(url, tls=tls))
        outcomes[tls] = await intake.next_outcome()
    server.close()
    for tls in (Tls.LEGACY_RENEGOTIATION, Tls.OLD_CIPHERS):
        assert outcomes[tls].answer is Answer.EMPTY
    for tls in (Tls.STRICT, Tls.WEAK_DH):
        assert outcomes[tls].answer is Answer.TLS
        assert "unsafe legacy renegotiation disabled (tls: legacy-renegotiation" in outcomes[tls].detail
