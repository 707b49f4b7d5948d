"""Other ways to the same service, and keys that sign."""

from __future__ import annotations

from io import StringIO
from typing import Any, cast

import pytest
import requests

from alerts.apprise_building import BadAddressError, build_service
from alerts.apprise_posting import encoded, is_fine
from alerts.apprise_services import OURS, scheme_of

TELEGRAM = "tgram://123456789:abcdefghijklmnopqrstuvwxyz_12345678/12345"


def plugin(url: str, *, secret: str = "") -> Any:
    """Return the plugin that speaks to an address."""
    return cast("Any", build_service(url, wait_s=2, terminal=StringIO(), secret=secret))._plugin


@pytest.mark.parametrize(
    ("url", "attribute", "moved"),
    [
        (TELEGRAM, "notify_url", "https://gate.example.org/tg/bot"),
        ("slack://T0AAAAAAA/B0BBBBBBB/secretsecretsecret", "webhook_url", "https://gate.example.org/tg/services"),
        ("slack://xoxb-1234567890-1234567890-abcdef/room", "api_url", "https://gate.example.org/tg/api/{}"),
        ("discord://123456789012345678/abcdefghijklmnop", "notify_url", "https://gate.example.org/tg/api/webhooks"),
        ("feishu://0123456789abcdef", "notify_url", "https://gate.example.org/tg/open-apis/bot/v2/hook/{token}/"),
        (
            "lark://0123456789abcdef",
            "webhook_url",
            "https://gate.example.org/tg/open-apis/bot/v2/hook/0123456789abcdef",
        ),
        (
            "dingtalk://0123456789abcdef",
            "notify_url",
            "https://gate.example.org/tg/robot/send?access_token={token}",
        ),
        (
            "wecombot://0123456789abcdef",
            "api_url",
            "https://gate.example.org/tg/cgi-bin/webhook/send?key=0123456789abcdef",
        ),
    ],
)
def test_a_service_may_be_reached_by_a_gateway(url: str, attribute: str, moved: str) -> None:
    """`endpoint=` replaces the host; the service's own path comes after the gateway's."""
    assert getattr(plugin(f"{url}?endpoint=https://gate.example.org/tg/"), attribute) == moved


@pytest.mark.parametrize(
    "url",
    [
        f"{TELEGRAM}?endpoint=gate.example.org",
        f"{TELEGRAM}?endpoint=ftp://gate.example.org",
        f"{TELEGRAM}?endpoint=https://",
        "ntfys://ntfy.example.org/topic?endpoint=https://gate.example.org",
        "webhooks://example.org/hook?endpoint=https://gate.example.org",
    ],
)
def test_what_is_no_gateway_is_refused(url: str) -> None:
    """An endpoint that is no address, or of a service whose address has its host, is a mistake told at start."""
    with pytest.raises(BadAddressError, match="endpoint"):
        plugin(url)


@pytest.mark.parametrize(
    ("url", "secret", "key"),
    [
        ("webhooks://example.org/hook", "k3y", "k3y"),
        ("webhooks://example.org/hook", "", ""),
        ("feishu://SECabc@0123456789abcdef", "", "SECabc"),
        ("feishu://SECabc@0123456789abcdef", "k3y", "k3y"),
        ("lark://SECabc@0123456789abcdef", "", "SECabc"),
        ("dingtalk://SECabc@0123456789abcdef", "", "SECabc"),
        ("dingtalk://0123456789abcdef", "k3y", "k3y"),
    ],
)
def test_keys_come_from_the_address_or_beside_it(url: str, secret: str, key: str) -> None:
    """A key of the configuration goes before one of the address."""
    assert plugin(url, secret=secret).secret == key


@pytest.mark.parametrize("url", [TELEGRAM, "slackhook://127.0.0.1/x", "json://127.0.0.1/x", "terminal:"])
def test_a_key_for_what_cannot_be_signed_is_refused(url: str) -> None:
    """Nobody is left to believe that messages are signed."""
    with pytest.raises(BadAddressError, match="signed"):
        plugin(url, secret="k3y")


@pytest.mark.parametrize(
    ("url", "scheme"),
    [
        ("https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/secretsecretsecret", "slack"),
        ("https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnop", "discord"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdef-12", "wecombot"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/0123-abc", "feishu"),
        ("https://open.larksuite.com/open-apis/bot/v2/hook/0123-abc", "lark"),
        ("https://oapi.dingtalk.com/robot/send?access_token=abcdef123", "dingtalk"),
    ],
)
def test_a_webhook_may_be_given_as_its_service_shows_it(url: str, scheme: str) -> None:
    """The address that a service shows for a webhook is taken as it is, and options come after it."""
    assert scheme_of(url) == scheme
    made = plugin(f"{url}{'&' if '?' in url else '?'}endpoint=https://gate.example.org")
    assert type(made) is OURS[scheme]
    assert made.gateway == "https://gate.example.org"
    assert "0123-abc" not in url or made.token == "0123-abc"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("ntfy://my-topic", "https://ntfy.sh"),
        ("ntfys://ntfy.example.org/topic", "https://ntfy.example.org"),
        ("ntfy://ntfy.example.org:8080/topic", "http://ntfy.example.org:8080"),
    ],
)
def test_ntfy_is_public_or_ones_own(url: str, server: str) -> None:
    """A topic alone is one of ntfy.sh, always with TLS; a host before it is a server of one's own."""
    assert plugin(url)._server() == server


def test_what_is_no_webhook_keeps_its_scheme() -> None:
    """An address of nobody's is no channel."""
    assert scheme_of("https://example.org/x") == "https"
    with pytest.raises(BadAddressError):
        plugin("https://example.org/x")


def answer(status: int, body: bytes) -> requests.Response:
    """Make an answer."""
    made = requests.Response()
    made.status_code, made._content = status, body
    return made


@pytest.mark.parametrize(
    ("given", "fine"),
    [
        (None, False),
        (answer(200, b'{"code": 0}'), True),
        (answer(200, b'{"StatusCode": 0}'), True),
        (answer(200, b'{"code": 1}'), False),
        (answer(500, b'{"code": 0}'), False),
        (answer(200, b"<html>"), False),
        (answer(200, b"[]"), False),
    ],
)
def test_a_yes_is_an_object_that_says_no_other(given: requests.Response | None, *, fine: bool) -> None:
    """Pages, lists, errors and silence are no yes."""
    assert is_fine(given, sign="code", good=0) is fine


def test_json_is_short_and_never_fails() -> None:
    """Chinese stays as it is; a lone surrogate, which no server would take, becomes a question mark."""
    assert encoded({"a": "红头\ud800"}) == '{"a": "红头?"}'.encode()
