"""What a digest says around its stories, and in which order it tells them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from alerts.digest_facts import counts_in, digest_stories, foot_of, grouped, topic_counts
from alerts.moments import Moments
from alerts.rendering import ChannelRenderer
from alerts.words import words_for
from core.message import ChannelKind, DigestFrame

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Make = Callable[..., Any]

EN = words_for("en")


def test_stories_stand_by_topic_and_place(make_told: Make, make_content: Make) -> None:
    """The largest topic comes first, and one place's stories stand together."""
    told = [
        make_told(1, topic="ai", place="hk"),
        make_told(2, topic="blockchain", place="cn-sh"),
        make_told(3, topic="blockchain", place="hk"),
        make_told(4, topic="blockchain", place="cn-sh"),
    ]
    stories = digest_stories(make_content(*told), EN, "")
    assert [one.id for one in stories] == [2, 4, 3, 1]
    counts = topic_counts(stories)
    assert counts_in(EN, counts) == "blockchain 3, AI 1"
    groups = grouped(stories, EN, counts=counts, before=None)
    assert [(group.heading, [place.name for place in group.places]) for group in groups] == [
        ("blockchain (3)", ["Shanghai", "Hong Kong"]),
        ("AI (1)", ["Hong Kong"]),
    ]


def test_a_topic_that_goes_on_says_so(make_told: Make, make_content: Make, make_form: Make) -> None:
    """On a further part, a topic that began before is marked, with the count of the whole digest."""
    content = make_content(*(make_told(n) for n in range(1, 9)))
    parts = ChannelRenderer().render(content, make_form(ChannelKind.OTHER, max_body=900))
    assert "== blockchain (8) ==" in parts[0].body
    assert all("== blockchain (8), continued ==" in part.body for part in parts[1:])


def test_reasons_of_one_story_are_joined(make_told: Make, make_content: Make) -> None:
    """Each reason is told once."""
    told = [make_told(n, story_id=1, reason=reason) for n, reason in enumerate(("topic ai", "act plan", "act plan"), 1)]
    (story,) = digest_stories(make_content(*told), EN, "")
    assert story.route_reason == "topic ai / act plan"


def test_the_foot_tells_quiet_sources_the_week_and_silences(frame: DigestFrame, now: datetime) -> None:
    """Bars are in percent of the fullest day; a day with anything is not empty."""
    foot = foot_of(frame, Moments(EN, now=now, zone="Asia/Shanghai"), brevity=0)
    assert foot.quiet == ("某局: blocked since 2023-06-10",)
    assert foot.silenced == "2 alerts were silenced"
    assert foot.week is not None
    assert foot.week.line == "▃▄▁▂▆█▃ 3 5 0 1 9 12 4"
    assert [bar.percent for bar in foot.week.bars] == [25, 42, 0, 8, 75, 100, 33]
    assert foot.week.bars[0].day == "06-09"


def test_a_week_without_anything_has_empty_bars(now: datetime) -> None:
    """Nothing is divided by nothing."""
    frame = DigestFrame(since=None, week=(("2023-06-09", 0), ("2023-06-10", 0)))
    foot = foot_of(frame, Moments(EN, now=now, zone="UTC"), brevity=0)
    assert foot.week is not None
    assert foot.week.line == "▁▁ 0 0"
    assert foot.quiet_title == ""


def test_many_quiet_sources_are_counted(frame: DigestFrame, now: datetime) -> None:
    """Ten are named, the rest is a number; briefly, only the number."""
    many = replace(frame, quiet=frame.quiet * 14)
    moments = Moments(EN, now=now, zone="UTC")
    assert len(foot_of(many, moments, brevity=0).quiet) == 11
    assert foot_of(many, moments, brevity=0).quiet[-1] == "and 4 more sources"
    brief = foot_of(many, moments, brevity=1)
    assert brief.quiet == ("14 sources are quiet or failing",)
    assert brief.week is None


def test_the_first_digest_has_no_since(make_told: Make, make_content: Make, make_form: Make) -> None:
    """Without an earlier digest nothing is said of one, and a command lists a month."""
    content = make_content(make_told(1), make_told(2), frame=DigestFrame(since=None))
    (part,) = ChannelRenderer().render(content, make_form(ChannelKind.OTHER), brevity=3)
    assert "Since" not in part.body
    assert "--since 30d" in part.body
    later = replace(content, frame=DigestFrame(since=content.now - timedelta(days=3, hours=1)))
    assert "--since 4d" in ChannelRenderer().render(later, make_form(ChannelKind.OTHER), brevity=3)[0].body
