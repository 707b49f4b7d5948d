"""A name resolver that never hands out a forbidden address, so that what was checked is what is connected to.

It wraps whatever resolver the reactor has. It looks nothing up itself and keeps no answers.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Protocol

from crawler.addresses import forbidden_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twisted.internet.address import IPv4Address, IPv6Address

    IPAddress = IPv4Address | IPv6Address

_MOST_REFUSALS = 1000


class ResolutionReceiver(Protocol):
    """Takes the addresses of a name; Twisted's `IResolutionReceiver`, with types."""

    def resolutionBegan(self, resolutionInProgress: object) -> None:  # noqa: N802, N803 (Twisted's names)
        """Take note that the look-up has begun."""

    def addressResolved(self, address: IPAddress) -> None:  # noqa: N802
        """Take one address."""

    def resolutionComplete(self) -> None:  # noqa: N802
        """Take note that there are no more."""


class NameResolver(Protocol):
    """Looks names up; Twisted's `IHostnameResolver`, with types."""

    def resolveHostName(  # noqa: N802 (Twisted's names)
        self,
        resolutionReceiver: ResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IPAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> object:
        """Look a name up and hand its addresses over; return the look-up under way."""


class ResolvingReactor(Protocol):
    """A reactor whose name resolver can be replaced; Twisted's `IReactorPluggableNameResolver`, with types."""

    @property
    def nameResolver(self) -> NameResolver:  # noqa: N802 (Twisted's names)
        """The resolver in use."""

    def installNameResolver(self, resolver: NameResolver, /) -> object:  # noqa: N802
        """Use another resolver; return the one that was in use."""


class GuardedResolver:
    """Resolves names, leaving out addresses that must not be contacted."""

    def __init__(self, inner: NameResolver, *, may_be_private: Callable[[str], bool]) -> None:
        """Wrap a resolver.

        Args:
            inner: The resolver that does the work.
            may_be_private: Says whether a host name may resolve to any address.
        """
        self.inner = inner
        self._may_be_private = may_be_private
        self._refused: dict[str, str] = {}

    def resolveHostName(  # noqa: N802 (Twisted's interface)
        self,
        resolutionReceiver: ResolutionReceiver,  # noqa: N803 (Twisted's interface)
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IPAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> object:
        """Resolve a name; a name with forbidden addresses only resolves to nothing."""
        host = _in_ascii(hostName)
        self._refused.pop(host, None)
        receiver = resolutionReceiver
        if not self._may_be_private(host):
            receiver = _Sieve(resolutionReceiver, host, self._note)
        return self.inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)

    def refusal(self, host: str) -> str | None:
        """Say why the last look-up of a host left addresses out; None when it left out none.

        Args:
            host: In lower case.
        """
        return self._refused.get(host)

    def _note(self, host: str, reason: str) -> None:
        if len(self._refused) >= _MOST_REFUSALS:
            self._refused.clear()
        self._refused[host] = reason


class _Sieve:
    """Passes on the public addresses."""

    def __init__(self, receiver: ResolutionReceiver, host: str, note: Callable[[str, str], None]) -> None:
        self._receiver = receiver
        self._host = host
        self._note = note

    def resolutionBegan(self, resolutionInProgress: object) -> None:  # noqa: N802, N803
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IPAddress) -> None:  # noqa: N802
        text = str(address.host).partition("%")[0]
        reason = forbidden_reason(ipaddress.ip_address(text))
        if reason is None:
            self._receiver.addressResolved(address)
        else:
            self._note(self._host, f"{self._host} resolves to {text}, which is {reason}")

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


def _in_ascii(name: str) -> str:
    """Return a name as it stands in an address; Twisted hands international names over in their own script."""
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return name.lower()
