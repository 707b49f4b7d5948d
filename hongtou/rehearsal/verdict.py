"""Compares what the daemon stored and sent with what the timeline says a good monitor makes of it. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.alert import AlertState
from core.item import BodyOrigin
from core.outcome import Answer
from core.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.item import Item, StoryId
    from hongtou.rehearsal.record import Record
    from hongtou.rehearsal.web import ExpectedItem

SEED = "sh-manufacturing"
"""The story the product was born from, told in Chinese and English by six outlets."""
ADVERT = "Wood Profits Banner"
_REPEAT = "possible repeat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One promise, and what is missing of it."""

    promise: str
    missing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the receivers got."""

    mails: tuple[str, ...]
    """Subjects, in order."""
    slack: tuple[str, ...]
    """Texts, in order."""


def judge(record: Record, expected: Sequence[ExpectedItem], sent: Sent) -> tuple[Check, ...]:
    """Check every promise that the rehearsal can show."""
    found = _found(record.items, expected)
    there = {want.key: found[want.key] for want in expected if want.key in found}
    return (
        Check(promise="every article is stored", missing=tuple(_not_stored(expected, there))),
        Check(promise="every policy item is flagged, with its topics", missing=tuple(_not_flagged(expected, there))),
        Check(promise="nothing else is flagged", missing=tuple(_wrongly_flagged(expected, there))),
        Check(promise="titles are read right, GBK included", missing=tuple(_misread(expected, there))),
        Check(promise="stray adverts are dropped", missing=tuple(_adverts(record.items))),
        Check(promise="every story is told to every channel", missing=tuple(_untold(record, expected, there))),
        Check(promise="every story is told once, in any language", missing=tuple(_repeats(record, expected, there))),
        Check(promise="different acts are different stories", missing=tuple(_mixed(expected, there))),
        Check(promise="what was old at the first look is not told", missing=tuple(_told_baseline(record))),
        Check(promise="an edit is a revision", missing=tuple(_unrevised(expected, there))),
        Check(promise="a lost page keeps its item", missing=tuple(_lost_pages(expected, there))),
        Check(promise="a challenge and an outage are told apart", missing=tuple(_faults(record))),
        Check(promise="all alerts arrived, none twice", missing=tuple(_deliveries(record, sent))),
    )


def stories_told(record: Record, expected: Sequence[ExpectedItem]) -> Mapping[str, int]:
    """Return how often each expected story was told to the channel that was told most."""
    by_item = {item.id: key for key, item in _found(record.items, expected).items()}
    story_of = {want.key: want.expect.story for want in expected if want.expect}
    counts = Counter(
        (story_of.get(by_item.get(alert.item_id, ""), "?") if alert.item_id else "?", alert.channel)
        for alert in record.told("now")
    )
    told: dict[str, int] = {}
    for (story, _), count in counts.items():
        told[story] = max(told.get(story, 0), count)
    return told


def _found(items: Iterable[Item], expected: Iterable[ExpectedItem]) -> dict[str, Item]:
    by_url = {item.canonical_url: item for item in items}
    return {want.key: by_url[key] for want in expected if (key := canonical_url(want.url)) in by_url}


def _not_stored(expected: Iterable[ExpectedItem], there: Mapping[str, Item]) -> Iterable[str]:
    return (want.key for want in expected if want.key not in there)


def _not_flagged(expected: Iterable[ExpectedItem], there: Mapping[str, Item]) -> Iterable[str]:
    for want in expected:
        item = there.get(want.key)
        if want.expect is None or item is None:
            continue
        judged = item.classification
        if judged is None or not judged.relevant:
            yield want.key
        elif lacking := want.expect.topics - set(judged.topics):
            yield f"{want.key}: topics {', '.join(sorted(lacking))}"
        elif judged.jurisdiction != want.expect.jurisdiction:
            yield f"{want.key}: jurisdiction {judged.jurisdiction} for {want.expect.jurisdiction}"
        elif want.expect.act not in ("any", judged.act):
            yield f"{want.key}: act {judged.act} for {want.expect.act}"


def _wrongly_flagged(expected: Iterable[ExpectedItem], there: Mapping[str, Item]) -> Iterable[str]:
    for want in expected:
        item = there.get(want.key)
        judged = item.classification if item else None
        if want.expect is None and judged is not None and judged.relevant:
            yield want.key


def _misread(expected: Iterable[ExpectedItem], there: Mapping[str, Item]) -> Iterable[str]:
    for want in expected:
        item = there.get(want.key)
        if item is not None and item.title != want.title:
            yield f"{want.key}: {item.title}"


def _adverts(items: Iterable[Item]) -> Iterable[str]:
    return (f"item {item.id}" for item in items if ADVERT in item.text)


def _untold(record: Record, expected: Sequence[ExpectedItem], there: Mapping[str, Item]) -> Iterable[str]:
    """Yield the stories of which some channel was told no item at all."""
    told = {(alert.channel, alert.item_id) for alert in record.told("now")}
    stories: dict[str, set[int]] = {}
    for want in expected:
        if want.expect and want.key in there:
            stories.setdefault(want.expect.story, set()).add(there[want.key].id)
    for story, ids in stories.items():
        for channel in ("desk", "slack"):
            if not any((channel, item_id) in told for item_id in ids):
                yield f"{story} to {channel}"


def _repeats(record: Record, expected: Sequence[ExpectedItem], there: Mapping[str, Item]) -> Iterable[str]:
    """Yield the stories of which some channel was told more than once, and what is wrong with the seed story."""
    languages = {there[want.key].language for want in expected if _is_seed(want) and want.key in there}
    if not {"zh", "en"} <= languages:
        yield f"{SEED}: seen only in {', '.join(sorted(languages)) or 'no language'}"
    told = stories_told(record, expected)
    for story, count in {SEED: 0, **told}.items():
        if count > 1 or (story == SEED and not count):
            yield f"{story}: told {count} times"


def _mixed(expected: Iterable[ExpectedItem], there: Mapping[str, Item]) -> Iterable[str]:
    """Yield what is wrongly put together."""
    acts: dict[StoryId, set[str]] = {}
    for want in expected:
        item = there.get(want.key)
        if want.expect and item is not None and item.story_id is not None:
            acts.setdefault(item.story_id, set()).add(want.expect.story)
    return (f"story {number}: {' and '.join(sorted(told))}" for number, told in acts.items() if len(told) > 1)


def _is_seed(want: ExpectedItem) -> bool:
    return want.expect is not None and want.expect.story == SEED


def _told_baseline(record: Record) -> Iterable[str]:
    baseline = {item.id for item in record.items if item.baseline}
    return (f"item {alert.item_id}" for alert in record.alerts if alert.item_id in baseline)


def _unrevised(expected: Iterable[ExpectedItem], there: Mapping[str, Item]) -> Iterable[str]:
    for want in expected:
        if want.revised and want.key in there and there[want.key].revision < 2:
            yield want.key


def _lost_pages(expected: Iterable[ExpectedItem], there: Mapping[str, Item]) -> Iterable[str]:
    for want in expected:
        item = there.get(want.key)
        if (
            want.page != "ok"
            and item is not None
            and (item.page_problem is None or item.body_origin is BodyOrigin.PAGE)
        ):
            yield want.key


def _faults(record: Record) -> Iterable[str]:
    answers = {str(state.source_id): state.last_answer for state in record.sources}
    for source, wanted in (("demo-council", (Answer.BLOCKED,)), ("demo-kuaixun", (Answer.OK, Answer.NOT_MODIFIED))):
        if answers.get(source) not in wanted:
            yield f"{source}: {answers.get(source)}"


def _deliveries(record: Record, sent: Sent) -> Iterable[str]:
    for alert in record.alerts:
        if alert.state is not AlertState.SENT:
            yield f"alert {alert.id} is {alert.state.value}: {alert.last_error}"
    for place, messages in (("mail", sent.mails), ("Slack", sent.slack)):
        for message, count in Counter(messages).items():
            if count > 1 and _REPEAT not in message.lower():
                yield f"{place} {count} times: {message}"
    slack = len([alert for alert in record.told("now") if alert.channel == "slack"])
    if len(sent.slack) < slack:
        yield f"{slack} alerts sent to Slack, {len(sent.slack)} arrived"
