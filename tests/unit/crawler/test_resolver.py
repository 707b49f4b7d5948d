"""Names resolve to public addresses only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from crawler import resolver
from crawler.resolver import GuardedResolver

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.resolver import ResolutionReceiver


class FakeResolver:
    """Resolves every name to the same addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    def resolveHostName(  # noqa: N802 (Twisted's names)
        self,
        resolutionReceiver: ResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IPv4Address | IPv6Address]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> object:
        """Hand the addresses over."""
        del addressTypes, transportSemantics
        resolutionReceiver.resolutionBegan(hostName)
        for address in self.addresses:
            kind = IPv6Address if ":" in address else IPv4Address
            resolutionReceiver.addressResolved(kind("TCP", address, portNumber))
        resolutionReceiver.resolutionComplete()
        return hostName


class Received:
    """Takes what a resolver hands over."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.steps: list[str] = []

    def resolutionBegan(self, resolutionInProgress: object) -> None:  # noqa: N802, N803
        """Note the beginning."""
        self.steps.append(f"began {resolutionInProgress}")

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:  # noqa: N802
        """Note an address."""
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        """Note the end."""
        self.steps.append("complete")


@pytest.mark.parametrize(
    ("resolved", "passed"),
    [
        (("8.8.8.8", "2400:3200::1"), ["8.8.8.8", "2400:3200::1"]),
        (("127.0.0.1", "8.8.8.8"), ["8.8.8.8"]),
        (("10.0.0.1", "::1", "::ffff:10.0.0.1", "fe80::1%eth0"), []),
        ((), []),
    ],
)
def test_only_public_addresses_pass(resolved: tuple[str, ...], passed: list[str]) -> None:
    """A name that resolves to public and private addresses is one that resolves to the public ones."""
    received = Received()
    guarded = GuardedResolver(FakeResolver(*resolved), may_be_private=lambda _: False)
    guarded.resolveHostName(received, "rebind.example")
    assert received.addresses == passed
    assert received.steps == ["began rebind.example", "complete"]
    assert (guarded.refusal("rebind.example") is None) is (len(passed) == len(resolved))


def test_a_refusal_is_that_of_the_last_look_up() -> None:
    """A name that resolves to a public address now is not held to what it resolved to before."""
    inner = FakeResolver("10.0.0.1")
    guarded = GuardedResolver(inner, may_be_private=lambda _: False)
    guarded.resolveHostName(Received(), "rebind.example")
    assert guarded.refusal("rebind.example") == "rebind.example resolves to 10.0.0.1, which is private"
    inner.addresses = ("8.8.8.8",)
    guarded.resolveHostName(Received(), "rebind.example")
    assert guarded.refusal("rebind.example") is None


def test_an_exempt_host_resolves_to_anything() -> None:
    """A host that may be private is looked up as it is."""
    received = Received()
    guarded = GuardedResolver(FakeResolver("10.0.0.1"), may_be_private=lambda host: host == "intra.example")
    guarded.resolveHostName(received, "intra.example")
    assert received.addresses == ["10.0.0.1"]


@pytest.mark.parametrize(
    ("name", "host"), [("Intra.Example", "intra.example"), ("内网.example", "xn--v6q792i.example")]
)
def test_names_are_known_as_addresses_spell_them(name: str, host: str) -> None:
    """Capitals and international names are told under the name that stands in a request's address."""
    asked: list[str] = []

    def may_be_private(host: str) -> bool:
        asked.append(host)
        return False

    guarded = GuardedResolver(FakeResolver("10.0.0.1"), may_be_private=may_be_private)
    guarded.resolveHostName(Received(), name)
    assert asked == [host]
    assert guarded.refusal(host) is not None


def test_a_name_that_is_none_is_left_to_the_resolver() -> None:
    """A label that is too long is passed on as it is."""
    received = Received()
    GuardedResolver(FakeResolver("8.8.8.8"), may_be_private=lambda _: False).resolveHostName(received, "x" * 70)
    assert received.addresses == ["8.8.8.8"]


def test_refusals_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed of a thousand private names leaves no thousand memories."""
    monkeypatch.setattr(resolver, "_MOST_REFUSALS", 10)
    guarded = GuardedResolver(FakeResolver("10.0.0.1"), may_be_private=lambda _: False)
    for n in range(100):
        guarded.resolveHostName(Received(), f"h{n}.example")
    assert len(guarded._refused) <= 10
