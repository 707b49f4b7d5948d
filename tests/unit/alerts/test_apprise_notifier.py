"""The notifier on terminals: channels, order, and what is remembered."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import StringIO

import pytest

from alerts.apprise_notifier import AppriseNotifier
from core.alert import ChannelId
from core.errors import DeliveryError
from core.message import ChannelKind, Part
from core.outcome import DeliveryReport, DeliveryVerdict

DESK, HOOK = ChannelId("desk"), ChannelId("hook")


def part(words: str) -> Part:
    """Make a part of some words."""
    return Part(number=1, count=1, subject=words, body=f"{words}\n\nbody")


def notifier(stream: StringIO) -> AppriseNotifier:
    """Make a notifier with a terminal and a hook."""
    urls = {DESK: "terminal:", HOOK: "slackhook://127.0.0.1:1/hooks/secret"}
    return AppriseNotifier(urls, timeout=timedelta(seconds=5), terminal=stream)


def test_forms_are_those_of_the_channels_in_order() -> None:
    """Each channel has a form, in the configuration's order."""
    forms = notifier(StringIO()).forms()
    assert [(form.channel, form.kind) for form in forms] == [(DESK, ChannelKind.TERMINAL), (HOOK, ChannelKind.SLACK)]


async def test_a_channel_that_is_gone_rejects() -> None:
    """A message to a channel that left the configuration cannot be helped by waiting."""
    report = await notifier(StringIO()).send_part(ChannelId("gone"), part("a"))
    assert report == DeliveryReport(verdict=DeliveryVerdict.REJECTED, detail="no such channel is configured any more")


async def test_messages_of_one_channel_keep_their_order() -> None:
    """Messages sent at the same time come one after the other, whole."""
    stream = StringIO()
    sender = notifier(stream)
    reports = await asyncio.gather(*(sender.send_part(DESK, part(f"m{number}")) for number in range(10)))
    assert {report.verdict for report in reports} == {DeliveryVerdict.ACCEPTED}
    told = [part.split("\n")[1] for part in stream.getvalue().split("─" * 72)[1:]]
    assert told == [f"m{number}" for number in range(10)]


async def test_the_same_words_can_be_told_again() -> None:
    """Two messages of the same words are two messages, once the first was accepted."""
    stream = StringIO()
    sender = notifier(stream)
    for _ in range(2):
        await sender.send_part(DESK, part("test"))
    assert stream.getvalue().count("body") == 2


async def test_a_closed_terminal_passes() -> None:
    """A stream that cannot be written is a passing fault with its reason."""
    stream = StringIO()
    sender = notifier(stream)
    stream.close()
    report = await sender.send_part(DESK, part("a"))
    assert report.verdict is DeliveryVerdict.TRANSIENT
    assert "closed file" in report.detail


def test_one_bad_address_is_enough() -> None:
    """A notifier with a channel that could not be told is not built."""
    with pytest.raises(DeliveryError, match="channel 'hook': its address \\(scheme slack\\) cannot be used") as caught:
        AppriseNotifier({DESK: "terminal:", HOOK: "slack://a/b"}, timeout=timedelta(seconds=5), terminal=StringIO())
    assert caught.value.channel == "hook"


async def test_a_renewed_notifier_goes_on_with_the_channels_that_stay() -> None:
    """Name and address alike, a channel keeps its turn and what it accepted; others begin anew or are gone."""
    stream = StringIO()
    old = notifier(stream)
    new = old.renewed({DESK: "terminal:", ChannelId("new"): "terminal:"}, timeout=timedelta(seconds=9))
    assert [form.channel for form in new.forms()] == ["desk", "new"]
    assert new._lines[DESK].lane is old._lines[DESK].lane
    assert new._lines[DESK].ledger is old._lines[DESK].ledger
    assert new._limit_s == 9
    moved = old.renewed({HOOK: "slackhook://127.0.0.1:1/hooks/other"}, timeout=timedelta(seconds=5))
    assert moved._lines[HOOK].ledger is not old._lines[HOOK].ledger
    await new.send_part(ChannelId("new"), part("a"))
    assert "body" in stream.getvalue()
    assert "secret" not in repr(old._lines)
