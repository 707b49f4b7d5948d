"""Which addresses may be contacted."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import BAD_PORTS, forbidden_reason, host_of, literal_address, refusal


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("１２７。０。０。１", "127.0.0.1"),
        ("[::1]", "::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
    ],
)
def test_every_spelling_of_an_address_is_read(host: str, address: str) -> None:
    """Whatever a system resolver takes for an address is taken for the same one here."""
    assert literal_address(host) == ipaddress.ip_address(address)


@pytest.mark.parametrize("host", ["www.gov.cn", "", "1.example", "999999999999", "1.2.3.4.5", "0x7g.1", "[]", "a:b"])
def test_a_name_is_no_address(host: str) -> None:
    """Names, and numbers that are no address, are left to the resolver."""
    assert literal_address(host) is None


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "unspecified"),
        ("10.255.0.1", "private"),
        ("100.64.0.1", "CGNAT"),
        ("100.127.255.254", "CGNAT"),
        ("127.8.8.8", "loopback"),
        ("169.254.169.254", "link-local"),
        ("172.31.0.1", "private"),
        ("192.168.1.1", "private"),
        ("224.0.0.1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("fc00::1", "ULA"),
        ("fdff::1", "ULA"),
        ("fe80::1", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("::ffff:192.168.0.1", "private, inside"),
        ("::127.0.0.1", "loopback, inside"),
        ("2002:7f00:1::", "loopback, inside"),
        ("64:ff9b::a00:1", "private, inside"),
        ("64:ff9b:1::a9fe:a9fe", "link-local, inside"),
        ("2001:0:53aa:64c:0:f0f0:3f57:fefe", "reserved"),
    ],
)
def test_special_addresses_are_forbidden(address: str, reason: str) -> None:
    """Every special block is named, also when its addresses come inside an IPv6 one."""
    found = forbidden_reason(ipaddress.ip_address(address))
    assert found is not None
    assert reason in found


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_addresses_are_allowed(address: str) -> None:
    """What lies beside a special block, or carries a public IPv4 address, is public."""
    assert forbidden_reason(ipaddress.ip_address(address)) is None


@given(st.ip_addresses(v=4))
def test_no_global_address_hides_a_special_one(address: ipaddress.IPv4Address) -> None:
    """What is allowed is global by Python's own tables, and stays what it is when IPv6 carries it."""
    allowed = forbidden_reason(address) is None
    if allowed:
        assert address.is_global
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    assert (forbidden_reason(mapped) is None) is allowed


@given(st.ip_addresses(v=4))
def test_decimal_and_hexadecimal_spellings_are_the_same_address(address: ipaddress.IPv4Address) -> None:
    """A number spells the address that its bytes do."""
    assert literal_address(str(int(address))) == literal_address(hex(int(address))) == address


@given(st.text(max_size=40))
def test_any_text_is_judged(text: str) -> None:
    """No host and no address makes the guard fail."""
    literal_address(text)
    host_of(text)
    assert refusal(text, may_be_private=False) is None or isinstance(refusal(text, may_be_private=True), str | None)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://192.168.0.1/", "192.168.0.1 is private"),
        ("http://[::1]:8080/", "::1 is loopback"),
        ("ftp://www.gov.cn/", "neither http nor https"),
        ("http:///path", "neither http nor https"),
        ("https://www.gov.cn:22/", "port 22 of www.gov.cn"),
        ("http://www.gov.cn:99999/", "is no address"),
        ("http://[half/", "is no address"),
    ],
)
def test_a_refusal_says_why(url: str, words: str) -> None:
    """The sentence names what is wrong with the address."""
    reason = refusal(url, may_be_private=False)
    assert reason is not None
    assert words in reason


def test_an_exempt_host_may_be_private_and_no_more() -> None:
    """Leave to be private does not cover ports of other protocols."""
    assert refusal("http://127.0.0.1:8000/", may_be_private=True) is None
    assert refusal("http://127.0.0.1:25/", may_be_private=True) is not None


def test_ports_of_government_sites_are_allowed() -> None:
    """The odd ports on which web servers really run are not among the refused ones."""
    assert not BAD_PORTS & {80, 81, 82, 88, 443, 7001, 8000, 8080, 8081, 8088, 8443, 9000, 9090}


@pytest.mark.parametrize(
    ("url", "host"),
    [("http://A.Example:80/x", "a.example"), ("http://[::1]/", "::1"), ("nonsense", ""), ("http://[x", "")],
)
def test_hosts_are_comparable(url: str, host: str) -> None:
    """A host comes without port, brackets and capitals."""
    assert host_of(url) == host
