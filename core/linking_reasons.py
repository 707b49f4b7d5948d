"""Says in a few words what ties an item to another, or keeps it apart. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.linking_features import same_paper
from core.linking_weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.story_traits import StoryTraits

MOST = 4
"""Ties told of at most, the weightiest first."""
_TOLD = 0.25
"""Log-odds from which a tie is told of."""


def explain(one: StoryTraits, other: StoryTraits, features: Mapping[str, float]) -> str:
    """Return why a pair may tell one event: `same document number 国办发〔2023〕10号, same act, 2 days apart`."""
    weighed = {name: WEIGHTS.get(name, 0.0) * value for name, value in features.items()}
    ties = sorted(_ties(one, other, features, weighed), key=lambda tie: -tie[0])
    told = [words for weight, words in ties if weight >= _TOLD][:MOST]
    return ", ".join([*told, _apart_in_time(one, other)])


def explain_against(features: Mapping[str, float]) -> str:
    """Return what spoke most against a pair; empty when nothing did."""
    weighed = {name: WEIGHTS.get(name, 0.0) * value for name, value in features.items() if name in _AGAINST}
    worst = min(weighed, key=lambda name: weighed[name], default="")
    return _AGAINST[worst] if worst and weighed[worst] < -_TOLD else ""


_AGAINST = {
    "number-apart": "other document numbers",
    "paper-apart": "other papers",
    "paper-stage": "another stage of the same document",
    "act-apart": "another act",
    "stage-apart": "another stage",
    "topics-apart": "other topics",
    "concepts-apart": "other technologies",
    "names-apart": "other names",
    "actors-apart": "another authority",
    "elsewhere": "an act of another place",
    "places-apart": "another place",
    "jurisdiction-apart": "another jurisdiction",
    "rounds-apart": "another round",
    "years-apart": "another period",
    "money-apart": "other sums",
    "roundup": "one tells several events",
    "forwards-apart": "one passes on another's paper",
}


def _ties(
    one: StoryTraits, other: StoryTraits, features: Mapping[str, float], weighed: Mapping[str, float]
) -> Iterator[tuple[float, str]]:
    if "copy" in features:
        yield weighed["copy"], "a copy of its text"
    if "number" in features:
        yield weighed["number"], f"same document number {min(one.own_numbers & other.own_numbers)}"
    elif "number-cited" in features:
        cited = (one.own_numbers & other.numbers) | (other.own_numbers & one.numbers)
        yield weighed["number-cited"], f"cites document number {min(cited)}"
    if "paper" in features:
        yield weighed.get("paper", 1.0), f"same document {same_paper(one.subjects, other.subjects)}"
    elif "paper-neutral" in features:
        yield weighed["paper-neutral"], "a document of the same kind and subject"
    yield from _shares(one, other, features, weighed)


def _shares(
    one: StoryTraits, other: StoryTraits, features: Mapping[str, float], weighed: Mapping[str, float]
) -> Iterator[tuple[float, str]]:
    def sum_of(*names: str) -> float:
        return sum(weighed.get(f"{name}{part}", 0.0) for name in names for part in ("", "-share", "-cover"))

    def fact(*names: str) -> float:
        """Weigh what can be looked up: told also where the weight went to the words that say the same."""
        return max(sum_of(*names), _TOLD)

    same = [name for name, key in (("authority", "actors"), ("act", "act"), ("topics", "topics")) if features.get(key)]
    if same:
        yield fact("actors", "act", "topics"), f"same {' and '.join(same)}"
    figures = sorted(one.figures.keys() & other.figures.keys(), key=lambda figure: (-one.figures[figure], figure))
    if figures:
        shown = "1 shared figure" if len(figures) == 1 else f"{len(figures)} shared figures"
        yield fact("figures"), f"{shown} ({figures[0].partition(' ')[2]})"
    names = sorted(one.names.keys() & other.names.keys(), key=lambda name: (-one.names[name], name))
    if names:
        yield fact("names"), f"both name {', '.join(names[:2])}"
    yield sum_of("concepts"), "same technologies"
    yield sum_of("words", "senses", "meanings"), "much the same words"


def _apart_in_time(one: StoryTraits, other: StoryTraits) -> str:
    hours = abs((one.published_at - other.published_at).total_seconds()) / 3600
    if hours < 1:
        return "within the hour"
    if hours < 48:  # two days
        return f"{hours:.0f} hours apart"
    return f"{hours / 24:.0f} days apart"
