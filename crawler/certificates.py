"""Whether a server's certificate is believed, and in what words it is refused. Pure.

OpenSSL builds and checks the chain; this adds the host name, and the strength that OpenSSL stops asking for once a
source relaxes its security level for the sake of old ciphers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns

if TYPE_CHECKING:
    from OpenSSL.crypto import X509
    from service_identity.hazmat import ServiceID

_NOT_YET_VALID, _EXPIRED, _SELF_SIGNED = 9, 10, 18
_UNKNOWN_ISSUER = frozenset({2, 19, 20, 21})
_REVOKED = 23
"""Codes of `X509_V_ERR_…` in OpenSSL's x509_vfy.h."""
_BROKEN_HASHES = frozenset({"md5", "sha1"})
_SHORTEST = {"RSA": 2048, "elliptic-curve": 224}
"""Bits of a key: OpenSSL's security level 2, its default since 3.2 (112 bits of strength, NIST SP 800-57)."""
_MOST_NAMES = 3


class CertificateRefusedError(Exception):
    """A server's certificate was refused; the text is fit for a person."""


def certificate_fault(cert: X509, *, code: int, depth: int, host: str, is_address: bool) -> str:
    """Say why one certificate of a chain is not believed; empty when it is.

    Args:
        cert: The certificate.
        code: OpenSSL's verdict on it, 0 when it found nothing wrong.
        depth: Its place in the chain, 0 for the server's own.
        host: The host that was asked, in ASCII.
        is_address: Whether the host is an IP address rather than a name.
    """
    whose = f"the certificate of {host}" if depth == 0 else f"a certificate in the chain of {host}"
    about = _about(cert) if depth == 0 else ""
    if code:
        return f"{whose} {_verdict(code)}{about}"
    weakness = _weakness(cert.to_cryptography())
    if weakness:
        return f"{whose} {weakness}{about}"
    if depth or _names_host(cert, host, is_address=is_address):
        return ""
    return f"the certificate is not for {host}{about}"


def _verdict(code: int) -> str:
    if code in _UNKNOWN_ISSUER:
        return "is signed by nobody we trust, or its chain is incomplete"
    known = {
        _NOT_YET_VALID: "is not valid yet",
        _EXPIRED: "has expired",
        _SELF_SIGNED: "is signed by its own key only",
        _REVOKED: "was revoked",
    }
    return known.get(code, f"is refused by OpenSSL with code {code}")


def _weakness(cert: x509.Certificate) -> str:
    key = cert.public_key()
    kind = "RSA" if isinstance(key, rsa.RSAPublicKey) else "elliptic-curve"
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) and key.key_size < _SHORTEST[kind]:
        return f"has a key of {key.key_size} bits only"
    digest = cert.signature_hash_algorithm
    # A root's signature by itself proves nothing, so its hash does not matter.
    if digest is not None and digest.name in _BROKEN_HASHES and cert.issuer != cert.subject:
        return f"is signed with {digest.name}, which is broken"
    return ""


def _names_host(cert: X509, host: str, *, is_address: bool) -> bool:
    wanted: ServiceID = IPAddress_ID(host) if is_address else DNS_ID(host)
    try:
        verify_service_identity(extract_patterns(cert), [wanted], [])
    except (VerificationError, CertificateError):
        return False
    return True


def _about(cert: X509) -> str:
    """Say whom a certificate names, as a lapsed domain may be someone else's by now."""
    try:
        extension = cert.to_cryptography().extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return "; it names no host"
    names = [str(name.value) for name in extension.value]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"; it names {', '.join(names[:_MOST_NAMES])}{more}"
