"""Operator notices say in the channel's language what they are about; their details are English."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alerts.rendering import ChannelRenderer
from alerts.words import words_for
from core.alert import AlertKind, ChannelId
from core.message import ChannelForm, ChannelKind, Content
from core.notices import NoticeKind

_NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


def text_of(kind: NoticeKind | None, language: str, *, channel: ChannelKind = ChannelKind.EMAIL) -> str:
    """Return what a channel is sent."""
    content = Content(
        kind=AlertKind.NOTICE if kind else AlertKind.TEST, now=_NOW, notice=kind, subject="A subject", body="Details."
    )
    form = ChannelForm(channel=ChannelId("desk"), kind=channel, max_title=200, max_body=0, language=language)
    (part,) = ChannelRenderer().render(content, form)
    return part.text or part.body


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_is_told_in_chinese_before_its_details(kind: NoticeKind) -> None:
    """One sentence of Chinese stands first, in mail and in chats, and the details follow."""
    gist = words_for("zh").name("notices", kind.value)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in gist)
    for channel in (ChannelKind.EMAIL, ChannelKind.FEISHU, ChannelKind.TERMINAL):
        text = text_of(kind, "zh", channel=channel)
        assert text.index(gist) < text.index("Details.")


def test_english_channels_and_tests_go_without() -> None:
    """Where the details are in the channel's language already, nothing is said twice."""
    gist = words_for("en").name("notices", NoticeKind.DISK.value)
    assert gist not in text_of(NoticeKind.DISK, "en")
    assert not [kind for kind in NoticeKind if words_for("zh").name("notices", kind.value) in text_of(None, "zh")]
