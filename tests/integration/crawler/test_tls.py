"""Certificates are checked on every connection, and old servers are borne with only by the sources that say so."""

from __future__ import annotations

import asyncio
import base64
import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from core.outcome import Answer
from core.source import Tls
from tests.integration.crawler.conftest import Site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from core.outcome import PollOutcome
    from tests.integration.crawler.conftest import FakeIntake, MakeBytes, MakeCrawler, PollOf

    Weakness = Callable[[ssl.SSLContext, Path], None]
    MakeSite = Callable[..., Awaitable[Site]]
    Watch = Callable[..., Awaitable[list[PollOutcome]]]

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

OAKLEY_2 = (
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE65381FFFFFFFFFFFFFFFF"
)
"""The second Oakley group, RFC 2409 §6.2."""


def certificate_for(name: str, folder: Path, *, until: int = 2099, old: bool = False) -> tuple[Path, Path]:
    """Make a certificate that nobody has signed but its own key; return the files of both.

    Args:
        name: The host it names; empty for none.
        folder: Where to put the files.
        until: Year in which it ends.
        old: Whether to use RSA, as ciphers without Diffie-Hellman need, in place of an elliptic curve.
    """
    key = rsa.generate_private_key(65537, 2048) if old else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name or "localhost")])
    builder = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(until, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    if name:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    made = builder.sign(key, hashes.SHA256())
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


def weak_dh(context: ssl.SSLContext, folder: Path) -> None:
    """Prefer Diffie-Hellman with a key of 1024 bits."""
    file = folder / "dh.pem"
    # SEQUENCE { INTEGER prime, INTEGER 2 }
    der = bytes.fromhex("308187" + "02818100" + OAKLEY_2 + "020102")
    lines = base64.encodebytes(der).decode()
    file.write_text(f"-----BEGIN DH PARAMETERS-----\n{lines}-----END DH PARAMETERS-----\n")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE-RSA-AES256-GCM-SHA384:AES256-GCM-SHA384:@SECLEVEL=0")
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    context.load_dh_params(str(file))


def old_version(context: ssl.SSLContext, folder: Path) -> None:
    """Speak TLS 1.0 only."""
    del folder
    with pytest.warns(DeprecationWarning, match="TLSv1 is deprecated"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")


@pytest_asyncio.fixture(loop_scope="session")
async def secure_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MakeSite]:
    """Maker of sites on TLS; `name` and `until` are those of the certificate, `weakness` sets the server's age."""
    made: list[Site] = []

    async def make(
        name: str = "localhost", *, trusted: bool = True, until: int = 2099, weakness: Weakness | None = None
    ) -> Site:
        files = certificate_for(name, tmp_path, until=until, old=weakness is not None)
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        if weakness is not None:
            weakness(context, tmp_path)
        made.append(Site(tls=context))
        await made[-1].open()
        return made[-1]

    yield make
    for site in made:
        await site.close()


@pytest.fixture
def watch(
    intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> Callable[..., Awaitable[list[PollOutcome]]]:
    """Poll one empty feed of a site as `localhost`, once for each kind of TLS, with one crawler."""

    async def poll(site: Site, *kinds: Tls, host: str = "localhost") -> list[PollOutcome]:
        crawler = await make_crawler(retries=2)
        site.serve("/feed", make_feed())
        outcomes = []
        for tls in kinds:
            await crawler.submit(poll_of(site.url("/feed", host=host), tls=tls))
            outcomes.append(await intake.next_outcome())
        return outcomes

    return poll


@pytest.mark.parametrize("tls", Tls)
async def test_a_good_certificate_is_accepted(secure_site: MakeSite, watch: Watch, tls: Tls) -> None:
    """A certificate that is trusted and names the host is no obstacle, whatever a source relaxes."""
    (outcome,) = await watch(await secure_site(), tls)
    assert (outcome.answer, outcome.status) == (Answer.EMPTY, 200)


@pytest.mark.parametrize("tls", Tls)
@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        ({"name": "other.example"}, "the certificate is not for localhost; it names other.example"),
        ({"name": ""}, "the certificate is not for localhost; it names no host"),
        ({"until": 2021}, "the certificate of localhost has expired; it names localhost"),
        ({"trusted": False}, "the certificate of localhost is signed by its own key only; it names localhost"),
    ],
)
async def test_a_bad_certificate_is_refused_whatever_is_relaxed(
    secure_site: MakeSite, watch: Watch, tls: Tls, certificate: dict[str, object], said: str
) -> None:
    """Another host's, an expired and a self-signed certificate are TLS faults that say whose it is, asked for once."""
    site = await secure_site(**certificate)
    (outcome,) = await watch(site, tls)
    assert (outcome.answer, outcome.detail) == (Answer.TLS, said)
    assert site.asked == []


async def test_an_address_is_verified_like_a_name(secure_site: MakeSite, watch: Watch) -> None:
    """A certificate for a name is not good for the address that the name has."""
    (outcome,) = await watch(await secure_site(), Tls.OLD_CIPHERS, host="127.0.0.1")
    assert outcome.detail == "the certificate is not for 127.0.0.1; it names localhost"


@pytest.mark.parametrize(
    ("weakness", "tls", "answer", "said"),
    [
        (weak_dh, Tls.WEAK_DH, Answer.TLS, "dh key too small (tls: weak-dh at the source may help)"),
        # Python's server hangs up where others send an alert, which test_failures knows.
        (old_version, Tls.OLD_CIPHERS, Answer.REFUSED, "closed the connection"),
    ],
)
async def test_an_old_server_is_borne_with_by_the_source_that_says_so(
    secure_site: MakeSite, watch: Watch, weakness: Weakness, tls: Tls, answer: Answer, said: str
) -> None:
    """A relaxed source connects; a strict one on the same host does not, before or after, and says what would help."""
    site = await secure_site(weakness=weakness)
    before, relaxed, after = await watch(site, Tls.STRICT, tls, Tls.STRICT)
    assert relaxed.answer is Answer.EMPTY
    for strict in (before, after):
        assert strict.answer is answer
        assert said in strict.detail
    assert site.paths() == ["/feed"]


async def test_the_rules_of_an_old_server_are_read_as_its_pages_are(
    secure_site: MakeSite, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """robots.txt is asked for with the same relaxation, so that an old server's rules are obeyed."""
    site = await secure_site(weakness=weak_dh)
    site.serve("/feed", make_feed())
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /feed")
    crawler = await make_crawler(obey_robots=True)
    await crawler.submit(poll_of(site.url("/feed", host="localhost"), tls=Tls.WEAK_DH))
    assert (await intake.next_outcome()).answer is Answer.ROBOTS


async def test_a_relaxation_ends_at_the_sources_own_host(
    secure_site: MakeSite,
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
) -> None:
    """A page on another old host is asked for strictly, whatever the source relaxes for its own."""
    old = await secure_site(weakness=weak_dh)
    site.serve("/feed", make_feed(old.url("/1", host="localhost")))
    crawler = await make_crawler()
    await crawler.submit(poll_of(site.url("/feed"), tls=Tls.WEAK_DH))
    await intake.next_outcome()
    assert intake.problems() == [Answer.TLS]


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
