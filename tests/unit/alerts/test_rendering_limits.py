"""No part is longer than its channel takes, and every story is in one of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.pagination import MAX_PARTS
from alerts.rendering import ChannelRenderer
from core.message import ChannelForm, ChannelKind, Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.message import Content, DigestFrame, Part

    Make = Callable[..., Any]

RENDERER = ChannelRenderer()
LOCAL = ChannelRenderer(base_url="https://hongtou.example/")
SERVICES = {
    ChannelKind.EMAIL: (30_000, Unit.BYTES),
    ChannelKind.SLACK: (3000, Unit.CHARACTERS),
    ChannelKind.TELEGRAM: (4096, Unit.UTF16),
    ChannelKind.DISCORD: (2000, Unit.UTF16),
    ChannelKind.FEISHU: (18_000, Unit.BYTES),
    ChannelKind.DINGTALK: (18_000, Unit.BYTES),
    ChannelKind.WECOM: (4096, Unit.BYTES),
    ChannelKind.NTFY: (3900, Unit.BYTES),
    ChannelKind.WEBHOOK: (30_000, Unit.BYTES),
    ChannelKind.TERMINAL: (3000, Unit.CHARACTERS),
    ChannelKind.OTHER: (1000, Unit.CHARACTERS),
}
LEAST = {ChannelKind.EMAIL: 9000, ChannelKind.WEBHOOK: 2500, ChannelKind.FEISHU: 1200}
"""Smallest limit that a service's frame leaves room in; 600 for all others."""


def unit_length(text: str, unit: Unit) -> int:
    """Measure a text independently of the code under test."""
    if unit is Unit.BYTES:
        return len(text.encode("utf-8"))
    return len(text.encode("utf-16-le")) // 2 if unit is Unit.UTF16 else len(text)


def sent_length(part: Part, form: ChannelForm) -> int:
    """Measure what the channel is sent."""
    sent = part.body
    if form.kind in (ChannelKind.FEISHU, ChannelKind.WEBHOOK):
        sent = json.dumps(dict(part.data), ensure_ascii=False)
    return unit_length(sent, form.unit)


def assert_whole(parts: tuple[Part, ...], content: Content, form: ChannelForm) -> None:
    """Check that every story stands in exactly one part, and that all parts are short enough."""
    assert len(parts) <= MAX_PARTS
    for part in parts:
        assert sent_length(part, form) <= form.max_body
        assert part.count == len(parts)
    texts = [f"{part.text}\n" for part in parts]
    found = [sum(f"{one.item.url}\n" in text for text in texts) for one in content.told]
    told = sum(part.items for part in parts)
    assert max(found) <= 1
    assert sum(found) == told
    if told < len(content.told):
        assert f"and {len(content.told) - told} more" in parts[-1].text


@pytest.mark.parametrize("kind", ChannelKind)
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_story_of_a_digest_is_in_one_part(
    kind: ChannelKind, data: st.DataObject, make_told: Make, make_content: Make, make_form: Make, frame: DigestFrame
) -> None:
    """Whatever limit, unit, number of stories, length of titles and brevity."""
    least = LEAST.get(kind, 600)
    unit = data.draw(st.sampled_from(Unit))
    least *= 2 if unit is Unit.BYTES else 1
    form = make_form(kind, max_body=data.draw(st.integers(least, least * 10)), unit=unit)
    count = data.draw(st.integers(2, 25))
    title = data.draw(st.sampled_from(["plan", "计划" * 60, "𠮷野家" * 40, "<&>*_" * 30]))
    told = [
        make_told(n, topic=("ai", "blockchain", "chips")[n % 3], title=f"{title} {n}", url=f"https://x.example/n{n}")
        for n in range(1, count + 1)
    ]
    brevity = data.draw(st.integers(0, 2))
    content = make_content(*told, frame=frame if data.draw(st.booleans()) else None)
    parts = RENDERER.render(content, form, brevity=brevity)
    assert_whole(parts, content, form)


@pytest.mark.parametrize(("kind", "bound"), SERVICES.items())
def test_a_digest_of_twenty_loses_nothing_anywhere(
    kind: ChannelKind, bound: tuple[int, Unit], make_full: Make, make_content: Make, make_form: Make
) -> None:
    """At every service's own limit twenty full stories are told in at most ten parts, none of them counted only."""
    content = make_content(*(make_full(n, primary=False) for n in range(1, 21)))
    form = make_form(kind, max_body=bound[0], unit=bound[1])
    parts = RENDERER.render(content, form)
    assert sum(part.items for part in parts) == 20
    assert_whole(parts, content, form)
    if len(parts) > 1:
        assert parts[1].subject.startswith(f"[Hongtou] 2/{len(parts)} · ")


def test_a_flood_is_told_more_briefly_before_it_is_counted(
    make_full: Make, make_content: Make, make_form: Make
) -> None:
    """A hundred stories that do not fit as they are come as titles and links, all of them."""
    content = make_content(*(make_full(n, primary=False) for n in range(1, 101)))
    parts = RENDERER.render(content, make_form(ChannelKind.DISCORD, max_body=2000, unit=Unit.UTF16))
    assert sum(part.items for part in parts) == 100
    assert "Outlet" not in parts[0].body


def test_what_is_left_is_counted_with_a_way_to_it(make_told: Make, make_content: Make, make_form: Make) -> None:
    """The last part says how many more there are, and where: the dashboard when there is one, else a command."""
    content = make_content(*(make_told(n) for n in range(1, 301)))
    form = make_form(ChannelKind.DISCORD, max_body=2000, unit=Unit.UTF16)
    parts = RENDERER.render(content, form)
    left = 300 - sum(part.items for part in parts)
    assert len(parts) == MAX_PARTS
    assert f"… and {left} more" in parts[-1].text
    assert "hongtou stories list --since 30d --limit 300" in parts[-1].text
    assert "https://hongtou.example/stories" in LOCAL.render(content, form)[-1].text


@pytest.mark.parametrize("kind", ChannelKind)
def test_brevity_tells_less(
    kind: ChannelKind, make_full: Make, make_content: Make, make_form: Make, frame: DigestFrame
) -> None:
    """1 leaves out evidence and outlets, 2 all but title and link, 3 all but counts and where to find them."""
    form = make_form(kind)
    for content in (make_content(make_full()), make_content(make_full(1, primary=False), make_full(2), frame=frame)):
        texts = [RENDERER.render(content, form, brevity=brevity)[0].text for brevity in range(5)]
        assert len(texts[0]) > len(texts[1]) > len(texts[2])
        assert texts[3] == texts[4]
        assert "Outlet 1" not in texts[1]
        assert "区块链 · " not in texts[1]
        assert "Chain Gazette" in texts[1]
        assert "Chain Gazette" not in texts[2]
        assert "https://" in texts[2]
        assert "https://" not in texts[3]
        assert "hongtou stories" in texts[3]
        assert len(texts[3]) < 200


def test_an_item_that_does_not_fit_is_told_more_briefly(make_full: Make, make_content: Make, make_form: Make) -> None:
    """Small messages keep title and link; the smallest, a short title and where to find it."""
    content = make_content(make_full())
    for limit in (2000, 900, 500, 250, 160):
        form = make_form(ChannelKind.OTHER, max_body=limit)
        (part,) = RENDERER.render(content, form)
        assert unit_length(part.body, form.unit) <= limit
        assert "某市发布区块链" in part.body
        assert ("https://lianwen.example/news/1" in part.body) or "hongtou stories show 1" in part.body


def test_a_long_notice_is_split_between_lines(notice: Content, make_form: Make) -> None:
    """Every line of it is in one part, and an endless one ends."""
    lines = [f"line {n} of the report" for n in range(100)]
    form = make_form(ChannelKind.WECOM, max_body=700, unit=Unit.BYTES)
    parts = RENDERER.render(replace(notice, body="\n".join(lines)), form)
    assert len(parts) > 1
    assert [line for part in parts for line in part.text.split("\n") if line.startswith("line")] == lines
    endless = RENDERER.render(replace(notice, body="x" * 900 + "\n" * 50 + "y\n" * 100_000), make_form())
    assert len(endless[0].text) < 10_000


def test_a_notice_line_longer_than_a_part_is_cut(notice: Content, make_form: Make) -> None:
    """The part holds as much of it as fits."""
    (part,) = RENDERER.render(replace(notice, body="z" * 900), make_form(ChannelKind.OTHER, max_body=400))
    assert "zzzz" in part.body
    assert len(part.body) <= 400


def test_brief_notices_have_fewer_lines(notice: Content, make_form: Make) -> None:
    """Higher brevity keeps the first lines and says where the rest is."""
    long = replace(notice, body="\n".join(f"line {n}" for n in range(100)))
    texts = [RENDERER.render(long, make_form(), brevity=brevity)[0].text for brevity in range(4)]
    assert [text.count("line ") for text in texts] == [100, 20, 5, 0]
    assert "hongtou alerts list" not in texts[0]
    assert all("hongtou alerts list" in text for text in texts[1:])


def test_a_title_is_clipped_in_the_units_of_the_service(make_content: Make, make_told: Make, make_form: Make) -> None:
    """A subject is no longer than the channel's title."""
    content = make_content(make_told(title="计划" * 300))
    for unit in Unit:
        for limit in (60, 150):
            (part,) = RENDERER.render(content, make_form(ChannelKind.NTFY, max_title=limit, unit=unit))
            assert unit_length(part.subject, unit) <= limit
            assert part.subject.endswith("…")


def test_slack_blocks_stay_within_its_limits_without_a_bound(
    make_full: Make, make_content: Make, make_form: Make
) -> None:
    """At most 50 blocks, sections of 3000 characters and a header of 150, also where the form sets no bound."""
    content = make_content(*(make_full(n) for n in range(1, 81)))
    for part in RENDERER.render(content, make_form(ChannelKind.SLACK)):
        blocks: Any = part.data["blocks"]
        assert len(blocks) <= 50
        assert len(blocks[0]["text"]["text"]) <= 150
        assert all(len(block["text"]["text"]) <= 3000 for block in blocks[1:])


def test_a_mail_is_not_longer_than_gmail_shows(make_full: Make, make_content: Make, make_form: Make) -> None:
    """A digest of more than about a hundred stories comes as two mails, each below 102 kB."""
    content = make_content(*(make_full(n) for n in range(1, 141)))
    parts = RENDERER.render(content, make_form(ChannelKind.EMAIL))
    assert [part.count for part in parts] == [2, 2]
    assert sum(part.items for part in parts) == 140
    assert all(len(part.body.encode()) <= 100_000 for part in parts)
    assert "Part 1 of 2" in parts[0].body


def test_a_first_run_of_thousands_is_one_message(make_told: Make, make_content: Make, make_form: Make) -> None:
    """What ten parts of titles do not hold comes as one part that counts, where it is more than a week brings."""
    content = make_content(*(make_told(n) for n in range(1, 701)))
    (part,) = RENDERER.render(content, make_form(ChannelKind.WECOM, max_body=4096, unit=Unit.BYTES))
    assert part.items > 10
    assert part.items + part.more == 700
    assert f"… and {part.more} more" in part.text
    assert "blockchain 700" in part.text
    (whole,) = RENDERER.render(content, make_form(ChannelKind.TERMINAL))
    assert (whole.items, whole.more) == (700, 0)
    assert "Chain Gazette" in whole.text
