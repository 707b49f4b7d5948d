"""Which hosts, ports and schemes may be contacted, so that no list or redirect leads into a private network. Pure.

Names are not looked up here: `crawler.resolver` applies `forbidden_reason` to every address that a name resolves to.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_INET_ATON = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}")
_FORBIDDEN_V4 = tuple(
    (ipaddress.IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by carriers (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "reserved"),
        ("198.51.100.0/24", "reserved"),
        ("203.0.113.0/24", "reserved"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
"""IANA IPv4 Special-Purpose Address Registry (RFC 6890), without the entries that are globally reachable."""
_FORBIDDEN_V6 = tuple(
    (ipaddress.IPv6Network(network), reason)
    for network, reason in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("100::/64", "reserved"),
        ("2001:db8::/32", "reserved"),
        ("2001::/23", "reserved"),
        ("3fff::/20", "reserved"),
        ("5f00::/16", "reserved"),
        ("fc00::/7", "private (ULA)"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
"""IANA IPv6 Special-Purpose Address Registry, and the long deprecated site-local block (RFC 3879)."""
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
"""RFC 6052 and RFC 8215: the last 32 bits are an IPv4 address."""
_V4_COMPATIBLE = ipaddress.IPv6Network("::/96")

BAD_PORTS = frozenset(
    {
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
        110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530,
        531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190,
        5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    }
)  # fmt: skip
"""Ports of other protocols that no browser asks over HTTP either (WHATWG Fetch, "port blocking")."""


def literal_address(host: str) -> Address | None:
    """Read a host as an address, in any spelling that a connection would be made with.

    Dotted, decimal (`2130706433`), octal (`0177.0.0.1`), hexadecimal (`0x7f.1`), full-width digits, bracketed and
    zoned IPv6 are all understood, since the system's resolver understands them.

    Returns:
        The address; None when the host is a name.
    """
    text = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").rstrip(".").partition("%")[0]
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        pass
    if _INET_ATON.fullmatch(text):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(text))
        except OSError:
            return None
    return None


def forbidden_reason(address: Address) -> str | None:
    """Say why an address must not be contacted.

    An IPv6 address that carries an IPv4 one (v4-mapped, v4-compatible, 6to4, Teredo, NAT64) is judged by both.

    Returns:
        What the address is, such as `loopback`; None when it is public.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return next((reason for network, reason in _FORBIDDEN_V4 if address in network), None)
    reason = next((reason for network, reason in _FORBIDDEN_V6 if address in network), None)
    if reason is not None:
        return reason
    for carried in _carried(address):
        reason = forbidden_reason(carried)
        if reason is not None:
            return f"{reason}, inside an IPv6 address"
    return None


def _carried(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    last = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    carried = [address.ipv4_mapped, address.sixtofour]
    if address in _V4_COMPATIBLE or any(address in network for network in _NAT64):
        carried.append(last)
    return tuple(found for found in carried if found is not None)


def host_of(url: str) -> str:
    """Return the host of an address in lower case, without brackets and port; empty when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def refusal(url: str, *, may_be_private: bool) -> str | None:
    """Say why an address must not be asked for, as far as it can be told without looking up a name.

    Args:
        url: An absolute address.
        may_be_private: Whether its host was allowed to be on a private address.

    Returns:
        A sentence for a person; None when nothing speaks against it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return f"{url} is no address"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"{url} is neither http nor https"
    if port in BAD_PORTS:
        return f"port {port} of {parts.hostname} is not a web server's"
    if may_be_private:
        return None
    address = literal_address(parts.hostname)
    reason = forbidden_reason(address) if address is not None else None
    return f"{parts.hostname} is {reason}" if reason else None
