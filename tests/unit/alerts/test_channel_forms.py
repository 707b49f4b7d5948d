"""In what form each service takes messages."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest

from alerts.apprise_notifier import AppriseNotifier
from alerts.channel_forms import ChannelOptions
from core.alert import ChannelId
from core.message import ChannelForm, ChannelKind, Unit

DESK = ChannelId("desk")
TELEGRAM = "tgram://123456789:abcdefghijklmnopqrstuvwxyz_12345678/12345"


def form(url: str, options: ChannelOptions | None = None) -> ChannelForm:
    """Return the form of a channel of an address."""
    said = {DESK: options} if options else None
    notifier = AppriseNotifier({DESK: url}, timeout=timedelta(seconds=5), terminal=StringIO(), options=said)
    [found] = notifier.forms()
    return found


@pytest.mark.parametrize(
    ("url", "kind", "max_title", "max_body", "unit"),
    [
        ("mailto://example.org?from=a@example.org&to=b@example.org", ChannelKind.EMAIL, 250, 0, Unit.CHARACTERS),
        ("mailtos://u:p@example.org?format=text", ChannelKind.EMAIL, 250, 0, Unit.CHARACTERS),
        ("slack://T0AAAAAAA/B0BBBBBBB/secretsecretsecret", ChannelKind.SLACK, 150, 12_000, Unit.CHARACTERS),
        ("slack://xoxb-1234567890-1234567890-abcdef/room", ChannelKind.SLACK, 150, 12_000, Unit.CHARACTERS),
        ("slackhooks://chat.example.org/hooks/abc", ChannelKind.SLACK, 150, 12_000, Unit.CHARACTERS),
        (TELEGRAM, ChannelKind.TELEGRAM, 0, 4096, Unit.UTF16),
        ("discord://123456789012345678/abcdefghijklmnop", ChannelKind.DISCORD, 0, 2000, Unit.UTF16),
        ("feishu://0123456789abcdef", ChannelKind.FEISHU, 300, 18_000, Unit.BYTES),
        ("lark://0123456789abcdef", ChannelKind.FEISHU, 300, 18_000, Unit.BYTES),
        ("dingtalk://0123456789abcdef", ChannelKind.DINGTALK, 300, 18_000, Unit.BYTES),
        ("wecombot://0123456789abcdef", ChannelKind.WECOM, 0, 4096, Unit.BYTES),
        ("ntfys://ntfy.example.org/topic", ChannelKind.NTFY, 250, 3900, Unit.BYTES),
        ("webhooks://example.org/hook", ChannelKind.WEBHOOK, 500, 0, Unit.BYTES),
        ("terminal:", ChannelKind.TERMINAL, 500, 0, Unit.CHARACTERS),
    ],
)
def test_each_service_has_its_bounds(url: str, *, kind: ChannelKind, max_title: int, max_body: int, unit: Unit) -> None:
    """Kind, longest title and longest body are what the service's makers say, in its own unit."""
    assert form(url) == ChannelForm(channel=DESK, kind=kind, max_title=max_title, max_body=max_body, unit=unit)


@pytest.mark.parametrize(
    ("url", "max_body", "unit"),
    [
        (f"{TELEGRAM}?format=text", 2867, Unit.CHARACTERS),
        ("wecombot://0123456789abcdef?format=text", 2000, Unit.BYTES),
        ("feishu://0123456789abcdef?format=text", 17_500, Unit.BYTES),
        ("json://127.0.0.1/x", 32_518, Unit.CHARACTERS),
        ("mmost://127.0.0.1/0123456789abcdef", 4000, Unit.CHARACTERS),
    ],
)
def test_whatever_is_sent_text_is_other(url: str, *, max_body: int, unit: Unit) -> None:
    """Services that we draw nothing for, and addresses that ask for text, get text of a size that fits once escaped."""
    found = form(url)
    assert (found.kind, found.max_body, found.unit) == (ChannelKind.OTHER, max_body, unit)


def test_options_override_what_is_known() -> None:
    """Language, templates and the longest body are the configuration's where it says them."""
    found = form("wecombot://0123456789abcdef", ChannelOptions(language="zh", template="desk", max_size=2048))
    assert (found.language, found.template, found.max_body) == ("zh", "desk", 2048)


def test_a_key_is_not_shown() -> None:
    """The key that signs messages stays out of logs and tracebacks."""
    assert "s3cret" not in repr(ChannelOptions(secret="s3cret"))
