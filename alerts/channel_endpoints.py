"""Which server stands behind a channel, so that it can be looked at without sending anything."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from alerts.apprise_building import BadAddressError, build_service
from alerts.apprise_email import MultipartEmail
from alerts.apprise_posting import Posting
from alerts.apprise_services import scheme_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.alert import ChannelId

_KNOWN: Mapping[str, str] = {
    "slack": "slack.com",
    "tgram": "api.telegram.org",
    "discord": "discord.com",
    "feishu": "open.feishu.cn",
    "lark": "open.larksuite.com",
    "dingtalk": "oapi.dingtalk.com",
    "wecombot": "qyapi.weixin.qq.com",
    "ntfy": "ntfy.sh",
    "ntfys": "ntfy.sh",
}
"""Servers of services whose addresses name none: there a part that looks like a host is a token."""
_TLS_PORT, _PLAIN_PORT = 443, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLogin:
    """How a mail server is spoken to."""

    mode: str
    """`insecure`, `starttls` or `ssl`."""
    user: str
    password: str = field(repr=False)
    verify: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The server of one channel."""

    channel: ChannelId
    scheme: str
    host: str = ""
    """Empty where none is known."""
    port: int = _TLS_PORT
    is_tls: bool = True
    mail: MailLogin | None = None
    """For mail servers."""


def endpoint_of(channel: ChannelId, address: str) -> Endpoint:
    """Return the server behind a channel's address; without a host where the address does not tell it."""
    scheme = scheme_of(address)
    try:
        service = build_service(address, wait_s=10, terminal=io.StringIO())
    except BadAddressError:
        return Endpoint(channel=channel, scheme=scheme)
    plugin = service.plugin
    if isinstance(plugin, MultipartEmail):
        login = MailLogin(
            mode=str(plugin.secure_mode),
            user=plugin.user or "",
            password=plugin.password or "",
            verify=bool(plugin.verify_certificate),
        )
        return Endpoint(channel=channel, scheme=scheme, host=plugin.smtp_host, port=int(plugin.port), mail=login)
    if isinstance(plugin, Posting) and plugin.gateway:
        gateway = urlsplit(plugin.gateway)
        is_tls = gateway.scheme == "https"
        port = gateway.port or (_TLS_PORT if is_tls else _PLAIN_PORT)
        return Endpoint(channel=channel, scheme=scheme, host=gateway.hostname or "", port=port, is_tls=is_tls)
    host = _KNOWN.get(scheme) or (plugin.host or "")
    named = bool(plugin.host) and "." in str(plugin.host)
    if scheme in ("ntfy", "ntfys") and named:
        host = plugin.host
    is_tls = scheme in _KNOWN or bool(plugin.secure)
    port = int(plugin.port or (_TLS_PORT if is_tls else _PLAIN_PORT))
    return Endpoint(channel=channel, scheme=scheme, host=host, port=port, is_tls=is_tls)
