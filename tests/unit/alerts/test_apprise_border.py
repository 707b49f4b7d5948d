"""Services made of addresses."""

from __future__ import annotations

import logging
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from alerts.apprise_building import BadAddressError, build_service, is_known_scheme

if TYPE_CHECKING:
    from alerts.apprise_border import Service

SLACK = "slack://T0AAAAAAA/B0BBBBBBB/secretsecretsecret"


def service(url: str) -> Service:
    """Build a service that would wait two seconds."""
    return build_service(url, wait_s=2, terminal=StringIO())


@pytest.mark.parametrize(
    ("url", "html", "titled", "converts"),
    [
        ("mailto://example.org?from=a@example.org&to=b@example.org", True, True, False),
        ("mailtos://u:p@example.org?format=text", False, True, False),
        (f"{SLACK}?format=text", False, True, False),
        ("slackhook://127.0.0.1:8065/hooks/abc", False, True, False),
        ("slackhooks://chat.example.org/hooks/abc", False, True, False),
        ("ntfys://ntfy.example.org/topic", False, True, False),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz_12345678/12345", False, False, True),
        ("discord://123456789012345678/abcdefghijklmnop", False, True, False),
        ("feishu://0123456789abcdef", False, True, False),
        ("dingtalk://0123456789abcdef", False, True, False),
        ("wecombot://0123456789abcdef", False, False, False),
        ("json://127.0.0.1/x", False, True, False),
    ],
)
def test_each_service_gets_its_form(url: str, *, html: bool, titled: bool, converts: bool) -> None:
    """Mail gets HTML; text for all others is converted by Apprise where a service takes markup only."""
    made = service(url)
    assert (made.takes_html, made.max_title > 0, made.converts) == (html, titled, converts)
    assert made.max_body >= 1000


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nosuch://x",
        "mailto://",
        "mailtos://",
        "slack://only/two",
        "slackhook://",
        "not an address",
        "json:///",
        "mailtos://u:p@h.org?mode=odd",
        "mailtos://u:p@h.org?format=odd",
    ],
)
def test_bad_addresses_are_refused(url: str) -> None:
    """What Apprise cannot use is an error with its reason, not a channel that never tells anybody."""
    with pytest.raises(BadAddressError) as caught:
        service(url)
    assert str(caught.value)


def test_sockets_wait_as_long_as_we_say() -> None:
    """Apprise's short time-outs are replaced, those of the address are kept."""
    plugin = service("json://127.0.0.1/x")._plugin
    assert plugin.request_timeout == (2, 2)
    plugin = service("json://127.0.0.1/x?rto=7&cto=8")._plugin
    assert plugin.request_timeout == (8, 7)


def test_the_log_of_apprise_goes_nowhere() -> None:
    """Addresses and payloads in Apprise's log reach no handler of the program."""
    service(SLACK)
    assert not logging.getLogger("apprise").propagate
    assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.WARNING)


def test_a_hook_shows_no_path() -> None:
    """The address that Apprise may show of a Slack-compatible hook ends at the host."""
    for url, shown in (
        ("slackhook://127.0.0.1:1/hooks/secret", "slackhook://127.0.0.1/"),
        ("slackhooks://127.0.0.1/hooks/secret", "slackhooks://127.0.0.1/"),
        ("terminal:", "terminal:"),
    ):
        plugin: Any = service(url)._plugin
        assert plugin.url() == shown


def test_a_mail_to_nobody_is_told() -> None:
    """When no recipient is left, the reason is told, and nothing is taken for delivered."""
    made = service("mailto://u:p@example.org")
    plugin: Any = made._plugin
    plugin.targets = []
    outcome = made.send_text("t", "b", delivered=set())
    assert not outcome.accepted
    assert outcome.log == ("There are no Email recipients to notify",)


def test_known_schemes() -> None:
    """Ours and Apprise's are known, and nothing else."""
    assert all(map(is_known_scheme, ("terminal", "slackhook", "mailtos", "slack", "tgram", "ntfy")))
    assert not any(map(is_known_scheme, ("", "s3cr3t", "terminals")))
