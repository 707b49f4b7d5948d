"""Names of parts, by which repeats are known."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from alerts.channel_sending import PartSending
from core.alert import ChannelId
from core.message import Part

DESK, ROOM = ChannelId("desk"), ChannelId("room")
PART = Part(number=1, count=2, subject="s", body="b", text="t", data={"a": 1, "b": [2]}, thread="story-1")


def key(part: Part, channel: ChannelId = DESK) -> str:
    """Return the name of a part in a channel."""
    return PartSending.of(channel, part).key


def test_the_same_part_has_the_same_name() -> None:
    """A part that was stored and read again is the same part, whatever order its fields have."""
    assert key(PART) == key(replace(PART, data={"b": [2], "a": 1}))


def test_whatever_differs_has_another_name() -> None:
    """Each field tells parts apart, and so does the channel."""
    others = [
        replace(PART, number=2),
        replace(PART, count=3),
        replace(PART, subject="x"),
        replace(PART, body="x"),
        replace(PART, text="x"),
        replace(PART, data={}),
        replace(PART, thread="x"),
    ]
    names = [key(PART), key(PART, ROOM), *map(key, others)]
    assert len(set(names)) == len(names)


def test_a_part_with_a_name_of_its_own_keeps_it() -> None:
    """What was drawn anew, as a possible repeat, is still known as what it repeats; two of the same words are two."""
    named = replace(PART, key="alert-7/1")
    assert key(named) == key(replace(named, subject="[repeat?] s"))
    assert key(named) != key(replace(named, key="alert-8/1"))


def test_a_story_has_one_name_in_a_channel() -> None:
    """Threads do not mix channels; a digest has none."""
    thread = PartSending.of(DESK, PART).thread_key
    assert thread == PartSending.of(DESK, replace(PART, body="x")).thread_key
    assert thread != PartSending.of(ROOM, PART).thread_key
    assert PartSending.of(DESK, replace(PART, thread="")).thread_key == ""


@given(st.text(), st.text())
def test_any_words_make_a_name(subject: str, body: str) -> None:
    """32 hex digits come of any words, lone surrogates among them."""
    name = key(replace(PART, subject=subject, body=body))
    assert len(name) == 32
    assert set(name) <= set("0123456789abcdef")
