"""Certificates are checked, and a bad one is told apart from a closed connection."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.outcome import Answer
from tests.integration.crawler.conftest import Site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.integration.crawler.conftest import FakeIntake, MakeBytes, MakeCrawler, PollOf

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]


def certificate_for(name: str, folder: Path) -> tuple[Path, Path]:
    """Make a certificate for a host that nobody has signed but its own key; return the files of both."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    made = builder.sign(key, hashes.SHA256())
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


@pytest_asyncio.fixture(loop_scope="session", params=["localhost", "other.example"])
async def secure_site(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    """A site on TLS whose certificate is trusted here, for the host that the parameter names."""
    files = certificate_for(request.param, tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    site = Site(tls=context)
    await site.open()
    yield site
    await site.close()


@pytest.mark.parametrize("secure_site", ["localhost"], indirect=True)
async def test_a_good_certificate_is_accepted(
    secure_site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A certificate that is trusted and names the host is no obstacle."""
    crawler = await make_crawler()
    secure_site.serve("/feed", make_feed())
    await crawler.submit(poll_of(secure_site.url("/feed", host="localhost")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.status) == (Answer.EMPTY, 200)


@pytest.mark.parametrize("secure_site", ["other.example"], indirect=True)
async def test_the_certificate_of_another_host_is_refused(
    secure_site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A certificate for another host is a TLS fault that is not tried again, and says what is wrong."""
    crawler = await make_crawler(retries=2)
    await crawler.submit(poll_of(secure_site.url("/feed", host="localhost")))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.TLS
    assert outcome.detail == "the certificate is not for localhost"
    assert secure_site.asked == []


async def test_a_certificate_nobody_signed_is_refused(
    intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, tmp_path: Path
) -> None:
    """A self-signed certificate is a TLS fault with OpenSSL's reason."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate_for("localhost", tmp_path))
    site = Site(tls=context)
    await site.open()
    crawler = await make_crawler()
    await crawler.submit(poll_of(site.url("/feed", host="localhost")))
    outcome = await intake.next_outcome()
    await site.close()
    assert outcome.answer is Answer.TLS
    assert "certificate verify failed" in outcome.detail


async def test_plain_http_on_a_tls_port_is_a_tls_fault(
    intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A server that speaks no TLS where it should is named as such."""

    async def complain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(complain, "127.0.0.1", 0)
    crawler = await make_crawler()
    await crawler.submit(poll_of(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"))
    outcome = await intake.next_outcome()
    server.close()
    assert outcome.answer is Answer.TLS
    assert "wrong version number" in outcome.detail
