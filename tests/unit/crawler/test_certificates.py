"""In what words a certificate is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from OpenSSL.crypto import X509

from crawler.certificates import certificate_fault

HOST = "www.example.gov.cn"
SHORT_RSA = rsa.generate_private_key(65537, 1024)  # noqa: S505 (to be refused)
SIGNER = rsa.generate_private_key(65537, 2048)
SHA256_WITH_RSA, SHA1_WITH_RSA = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
CURVE = ec.generate_private_key(ec.SECP256R1())
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def name(text: str) -> x509.Name:
    """Return a subject."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(*hosts: str, key: Key = CURVE, sha1: bool = False, issuer: str = "CA") -> X509:
    """Make a certificate for some hosts; one with SHA-1 is made by its name only, as nobody signs with that today."""
    builder = (
        x509.CertificateBuilder(name(issuer), name("server"), key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(h) for h in hosts]), critical=False)
    der = builder.sign(SIGNER, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    if sha1:
        der = der.replace(SHA256_WITH_RSA, SHA1_WITH_RSA)
    return X509.from_cryptography(x509.load_der_x509_certificate(der))


def fault(cert: X509, *, code: int = 0, depth: int = 0, host: str = HOST, is_address: bool = False) -> str:
    """Judge a certificate."""
    return certificate_fault(cert, code=code, depth=depth, host=host, is_address=is_address)


def test_a_good_certificate_has_no_fault() -> None:
    """A name, a wildcard and any key of a modern kind are believed."""
    assert fault(certificate(HOST)) == ""
    assert fault(certificate("*.example.gov.cn")) == ""
    assert fault(certificate(HOST, key=ed25519.Ed25519PrivateKey.generate())) == ""


def test_the_chain_need_not_name_the_host() -> None:
    """Only the server's own certificate is compared with the host."""
    assert fault(certificate(), depth=1) == ""


def test_another_hosts_certificate_says_whose_it_is() -> None:
    """The names are told, the first three of them."""
    assert fault(certificate("a.example")) == f"the certificate is not for {HOST}; it names a.example"
    many = fault(certificate("a.example", "b.example", "c.example", "d.example"))
    assert many.endswith("; it names a.example, b.example, c.example and 1 more")
    assert fault(certificate()).endswith("; it names no host")
    assert "not for 203.0.113.5" in fault(certificate(HOST), host="203.0.113.5", is_address=True)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (9, "not valid yet"),
        (10, "has expired"),
        (18, "its own key only"),
        (20, "nobody we trust"),
        (23, "revoked"),
        (26, "code 26"),
    ],
)
def test_openssls_verdicts_are_told_in_words(code: int, words: str) -> None:
    """Each verdict has its sentence, with the names of the server's own certificate."""
    assert words in fault(certificate(HOST), code=code)
    assert f"it names {HOST}" in fault(certificate(HOST), code=code)
    assert fault(certificate(HOST), code=code, depth=1).startswith(f"a certificate in the chain of {HOST}")


def test_weak_keys_and_hashes_are_refused() -> None:
    """Short keys and SHA-1 are refused at any security level of OpenSSL, but a root's own hash does not matter."""
    assert "1024 bits" in fault(certificate(HOST, key=SHORT_RSA))
    assert "sha1, which is broken" in fault(certificate(HOST, sha1=True))
    assert fault(certificate(HOST, sha1=True, issuer="server")) == ""
