"""What a digest says around its stories, and how it orders them, as plain values for templates."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alerts.story_facts import story_facts
from alerts.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alerts.moments import Moments
    from alerts.story_facts import StoryFacts
    from alerts.words import Words
    from core.message import Content, DigestFrame

_MAX_QUIET = 10
"""Quiet sources named; more of them is an outage, which the operators are told of elsewhere."""
_AND = " / "
"""Between the reasons of several items of a story."""
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceGroup:
    """The stories of one jurisdiction within a topic."""

    name: str
    """In words; empty for stories of none."""
    stories: tuple[StoryFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicGroup:
    """The stories of one topic, as far as they stand on one part."""

    name: str
    """In words."""
    count: int
    """Of the whole digest, not of this part."""
    heading: str
    """Name and count; says so when the topic began on the part before."""
    places: tuple[PlaceGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day of the week's chart."""

    day: str
    """Month and day: `06-15`."""
    count: int
    percent: int
    """Of the fullest day, 0 to 100; a day with anything at all has 1 at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """How many relevant stories there were on each of the last days."""

    title: str
    total: str
    """In words: `12 relevant stories`."""
    bars: tuple[Bar, ...]
    line: str
    """The same as one line of text: `▁▃█ 1 3 8`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """What stands below the stories."""

    week: Week | None
    quiet_title: str
    """Empty where no source is quiet."""
    quiet: tuple[str, ...]
    """A line for each quiet source."""
    silenced: str
    """How many alerts were silenced; empty for none."""


NO_FOOT = Foot(week=None, quiet_title="", quiet=(), silenced="")


def digest_stories(content: Content, words: Words, base_url: str) -> list[StoryFacts]:
    """Return the stories of a digest, each once, the largest topic first, one jurisdiction's stories together.

    Of several items of one story the first is told, and why each of them was wanted.
    """
    stories: dict[int, StoryFacts] = {}
    for one in content.told:
        facts = story_facts(one, words, now=content.now, zone=content.zone, of_story=True, base_url=base_url)
        known = stories.get(facts.id)
        stories[facts.id] = _merged(known, facts) if known else facts
    return _ordered(list(stories.values()))


def _merged(known: StoryFacts, other: StoryFacts) -> StoryFacts:
    reasons = [reason for reason in known.route_reason.split(_AND) if reason]
    if other.route_reason and other.route_reason not in reasons:
        reasons.append(other.route_reason)
    return replace(known, route_reason=one_line(_AND.join(reasons), 500))


def _ordered(stories: Sequence[StoryFacts]) -> list[StoryFacts]:
    topics: dict[str, dict[str, list[StoryFacts]]] = {}
    for one in stories:
        topics.setdefault(one.topic, {}).setdefault(one.place, []).append(one)
    groups = [[one for members in places.values() for one in members] for places in topics.values()]
    return [one for group in sorted(groups, key=len, reverse=True) for one in group]


def topic_counts(stories: Iterable[StoryFacts]) -> Counter[str]:
    """Return topic id → number of stories, most of them first."""
    return Counter(one.topic for one in stories)


def counts_in(words: Words, counts: Counter[str]) -> str:
    """Return the counts in words: `blockchain 3, AI 1`."""
    return words.comma.join(f"{words.name('topics', topic)} {count}" for topic, count in counts.most_common())


def grouped(
    stories: Sequence[StoryFacts], words: Words, *, counts: Counter[str], before: str | None
) -> tuple[TopicGroup, ...]:
    """Return the stories of one part by topic and jurisdiction, in the given order.

    Args:
        stories: In the order of `digest_stories`.
        words: Of the language.
        counts: Of the whole digest.
        before: Topic of the last story on the part before; None on the first.
    """
    topics: dict[str, dict[str, list[StoryFacts]]] = {}
    for one in stories:
        topics.setdefault(one.topic, {}).setdefault(one.place, []).append(one)
    return tuple(
        TopicGroup(
            name=(name := words.name("topics", topic)),
            count=counts[topic],
            heading=words.say("continued" if topic == before else "counted", topic=name, n=counts[topic]),
            places=tuple(PlaceGroup(name=place, stories=tuple(members)) for place, members in places.items()),
        )
        for topic, places in topics.items()
    )


def foot_of(frame: DigestFrame, moments: Moments, *, brevity: int) -> Foot:
    """Return what stands below the stories; of quiet sources only their number, and no chart, when brevity is asked."""
    words = moments.words
    return Foot(
        week=_week(frame, words) if frame.week and brevity < 1 else None,
        quiet_title=words.say("quiet") if frame.quiet else "",
        quiet=_quiet(frame, moments, brevity=brevity),
        silenced=words.say("silenced", n=frame.silenced) if frame.silenced else "",
    )


def _quiet(frame: DigestFrame, moments: Moments, *, brevity: int) -> tuple[str, ...]:
    words = moments.words
    if frame.quiet and brevity >= 1:
        return (words.say("quiet-count", n=len(frame.quiet)),)
    lines = [
        words.say(
            "quiet-since",
            name=one_line(one.name, 80),
            fault=words.name("faults", one_line(one.fault, 60)),
            day=f"{one.since.astimezone(moments.zone):%Y-%m-%d}",
        )
        for one in frame.quiet[:_MAX_QUIET]
    ]
    left = len(frame.quiet) - len(lines)
    return (*lines, words.say("quiet-more", n=left)) if left else tuple(lines)


def _week(frame: DigestFrame, words: Words) -> Week:
    most = max(1, *(count for _, count in frame.week))
    bars = tuple(
        Bar(day=day[5:], count=count, percent=max(1, round(100 * count / most)) if count else 0)
        for day, count in frame.week
    )
    line = "".join(_BARS[(bar.percent * (len(_BARS) - 1) + 50) // 100] for bar in bars)
    return Week(
        title=words.say("week"),
        total=words.say("week-total", n=sum(count for _, count in frame.week)),
        bars=bars,
        line=f"{line} {' '.join(str(bar.count) for bar in bars)}",
    )
