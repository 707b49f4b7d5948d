"""TLS connections as sources need them: relaxed in ciphers or renegotiation for old servers, never in verification."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, cast

from OpenSSL import SSL
from twisted.internet._sslverify import IOpenSSLTrustRoot
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import AcceptableCiphers, TLSVersion, optionsForClientTLS, platformTrust
from twisted.python.failure import Failure
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from core.source import Tls
from crawler.certificates import CertificateRefusedError, certificate_fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from OpenSSL.crypto import X509
    from twisted.protocols.tls import TLSMemoryBIOProtocol

_CIPHERS = {
    Tls.STRICT: "DEFAULT",
    Tls.WEAK_DH: "DEFAULT:!DH",
    Tls.LEGACY_RENEGOTIATION: "DEFAULT",
    Tls.OLD_CIPHERS: "DEFAULT:!DH:@SECLEVEL=0",
}
"""OpenSSL cipher lists. Level 0 is what TLS 1.0 and 1.1 need since OpenSSL 3, as they sign with SHA-1 and MD5. 3DES and
RC4 are in no list: the OpenSSL that comes with `cryptography` is built without them."""
_OP_LEGACY_SERVER_CONNECT = 0x4
"""From OpenSSL's ssl.h: connect to servers without RFC 5746 (secure renegotiation)."""


@implementer(IOpenSSLTrustRoot)
class RelaxedTrust:
    """The trust store of the system, on a context that is also told to bear with an old server.

    Twisted hands the context to its trust root before it sets the cipher list, and offers no other place for options.
    """

    def __init__(self, tls: Tls) -> None:
        self._tls = tls

    def _addCACertsToContext(self, context: SSL.Context) -> None:  # noqa: N802 (Twisted's IOpenSSLTrustRoot)
        platformTrust()._addCACertsToContext(context)  # type: ignore[no-untyped-call]  # noqa: SLF001 (the same)
        # A server of the age of old ciphers seldom knows RFC 5746, and a source has one relaxation only.
        if self._tls in (Tls.LEGACY_RENEGOTIATION, Tls.OLD_CIPHERS):
            context.set_options(_OP_LEGACY_SERVER_CONNECT)
        if self._tls is Tls.OLD_CIPHERS:
            # The level stays when Twisted sets the list again, cipher by cipher.
            context.set_cipher_list(_CIPHERS[self._tls].encode())


@implementer(IOpenSSLClientConnectionCreator)
class VerifiedConnections:
    """Makes connections to one host that end with a `CertificateRefusedError` unless its certificate is good."""

    def __init__(self, host: str, tls: Tls) -> None:
        """Set up the maker.

        Args:
            host: Name or address that was asked for, in ASCII.
            tls: What the host's server needs.
        """
        self._host = host
        trust = cast("IOpenSSLTrustRoot", RelaxedTrust(tls))
        self._inner = optionsForClientTLS(host, trust, extraCertificateOptions=_options(tls))

    def clientConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:  # noqa: N802, N803 (Twisted's)
        """Return a connection that verifies chain and host name."""
        connection: SSL.Connection = self._inner.clientConnectionForTLS(tlsProtocol)  # type: ignore[call-arg, misc]
        judge = verdict_on(self._host, tlsProtocol.failVerification)
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, judge)
        return connection


@implementer(IPolicyForHTTPS)
class TlsPolicy:
    """Makes the connections of all hosts that need the same relaxation, which may be none."""

    def __init__(self, tls: Tls) -> None:
        self._tls = tls

    def creatorForNetloc(self, hostname: bytes, port: int) -> VerifiedConnections:  # noqa: N802 (Twisted's)
        """Return the maker of connections to a host."""
        del port
        return VerifiedConnections(hostname.decode("ascii"), self._tls)


def _options(tls: Tls) -> dict[str, object]:
    options: dict[str, object] = {
        "acceptableCiphers": AcceptableCiphers.fromOpenSSLCipherString(_CIPHERS[tls]),  # type: ignore[no-untyped-call]
        "fixBrokenPeers": True,
    }
    if tls is Tls.OLD_CIPHERS:
        options["insecurelyLowerMinimumTo"] = TLSVersion.TLSv1_0
    return options


def verdict_on(host: str, refuse: Callable[[Failure], object]) -> Callable[[SSL.Connection, X509, int, int, int], bool]:
    """Return OpenSSL's verify callback.

    It stands in for Twisted's, which gives no reasons and lets a certificate that names no host at all pass.
    """
    is_address = _is_address(host)

    def judge(connection: SSL.Connection, cert: X509, code: int, depth: int, ok: int) -> bool:
        del connection
        try:
            fault = certificate_fault(cert, code=0 if ok else code, depth=depth, host=host, is_address=is_address)
        except Exception as error:  # noqa: BLE001 (an exception would be lost in OpenSSL; what cannot be read is refused)
            fault = f"the certificate of {host} cannot be read: {error}"
        if fault:
            refuse(Failure(CertificateRefusedError(fault)))  # type: ignore[no-untyped-call]
        return not fault

    return judge


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
