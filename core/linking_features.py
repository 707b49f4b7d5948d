"""How two items compare, feature by feature: each says something for or against their telling one event. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

from core.classification import Stage
from core.embedding import cosine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.story_traits import StoryTraits

_Name = TypeVar("_Name", int, str)

_STEP = {Stage.DRAFT: 0, Stage.IN_FORCE: 1, Stage.AMENDED: 2, Stage.REPEALED: 2}
_ISSUING = frozenset(
    {"plan", "guideline", "rule", "notice", "funding", "standard", "list", "paper", "licence", "tax", "pilot"}
)
"""Acts that are the issuing of a paper: readers of one paper name them differently."""
_FIRM = 0.51
"""Weight from which something stands in the title or is rare and early: what an item is about."""
_PLACE, _MAIN = 0.3, 0.75
"""Weight of a place, and share of the weightiest one's, from which an item is about it."""
_TELLING = 0.3
"""Weight from which a figure is one of the title or first sentences, and no round small number."""
_CITIES = frozenset({"cn-bj", "cn-tj", "cn-sh", "cn-cq", "cn-sz"})
"""Jurisdictions that are one city: four of the rank of provinces (ISO 3166-2:CN), and Shenzhen by a code of its own."""
_ALIKE = 0.6
"""Share of pairs of characters (Dice) from which two titles of papers are one."""
_NEWS_DAYS = 4
"""Days over which the reports of one event come, by the evaluation sets."""


FEATURES = {
    "copy": 1, "number": 1, "number-cited": 1, "number-apart": -1, "paper": 1, "paper-neutral": 1, "paper-cited": 1,
    "paper-apart": -1, "paper-stage": -1, "act": 1, "act-apart": -1, "stage-apart": -1, "draft": 0, "topics": 1,
    "topics-apart": -1, "relevant-apart": -1, "concepts": 1, "concepts-share": 1, "concepts-apart": -1, "deeds": 1,
    "deeds-share": 1, "deeds-apart": -1, "names": 1, "names-share": 1, "names-apart": -1, "actors": 1,
    "actors-share": 1, "actors-apart": -1, "places": 1, "places-share": 1, "places-apart": -1, "words": 1,
    "words-share": 1, "meanings": 1, "meanings-share": 1, "meanings-cover": 1, "senses": 1, "senses-share": 1,
    "figures": 1, "figures-share": 1, "figures-apart": -1, "roundup": -1,
    "rounds": 1, "rounds-apart": -1, "years-apart": -1, "money-apart": -1, "days": -1, "late": -1,
    "other-language": 0, "jurisdiction": 1, "jurisdiction-above": -1, "jurisdiction-apart": -1, "both-official": -1,
    "elsewhere": -1,
    "forwards-apart": -1, "meaning": 1,
}  # fmt: skip
"""Every feature, and whether it speaks for one event (1), against it (-1), or either way (0)."""


def compare(one: StoryTraits, other: StoryTraits, *, is_copy: bool = False) -> dict[str, float]:
    """Return the features of a pair that are not nought; the order of the two does not matter.

    Returns:
        Feature → strength, most between 0 and 1. Names ending in `-apart` speak against.
    """
    found = {
        "copy": float(is_copy),
        **_papers(one, other),
        **_acts(one, other),
        **_weights(one, other),
        **_figures(one, other),
        **_setting(one, other),
    }
    if are_acts_elsewhere(one, other):
        # Places write like plans under like names, often in the same words: a name that both bear is nobody's own.
        found |= {"elsewhere": 1.0, "paper": 0.0, "paper-neutral": 0.0}
    return {name: value for name, value in found.items() if value}


def _papers(one: StoryTraits, other: StoryTraits) -> dict[str, float]:
    own = one.own_numbers & other.own_numbers
    cited = one.own_numbers & other.numbers or other.own_numbers & one.numbers
    written = same_paper(one.subjects, other.subjects)
    neutral = {key for key in one.subjects & other.subjects if key.startswith("~")}
    named = (one.subjects | one.documents) & (other.subjects | other.documents)
    ours, theirs = _written(one.subjects), _written(other.subjects)
    return {
        "number": float(bool(own)),
        "number-cited": float(bool(cited)),
        "number-apart": float(
            bool(one.own_numbers and other.own_numbers and one.own_numbers.isdisjoint(other.own_numbers))
        ),
        "paper": float(bool(written)),
        "paper-neutral": float(bool(neutral) and not written),
        "paper-cited": float(bool(named) and not written and not neutral),
        "paper-apart": float(bool(ours and theirs) and not written),
        "paper-stage": float(bool(written or neutral) and is_other_stage(one, other)),
    }


def _written(keys: frozenset[str]) -> frozenset[str]:
    return frozenset(key for key in keys if not key.startswith("~") and not key.isascii())


def same_paper(one: frozenset[str], other: frozenset[str]) -> str:
    """Return the name of a paper that both sets of keys hold, one perhaps with more around it; empty when none."""
    ours, theirs = ([key for key in keys if not key.startswith("~")] for keys in (one, other))
    shared = {
        min(a, b, key=lambda key: (len(key), key)) for a in ours for b in theirs if a in b or b in a or _alike(a, b)
    }
    return max(shared, key=lambda key: (len(key), key), default="")


def _alike(one: str, other: str) -> bool:
    if one.isascii() != other.isascii() or digits(one) != digits(other):
        return False
    ours, theirs = _pairs(one), _pairs(other)
    return len(ours & theirs) * 2 >= _ALIKE * (len(ours) + len(theirs)) + 2


def digits(text: str) -> str:
    """Return the digits of a text."""
    return "".join(filter(str.isdecimal, text))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[start : start + 2] for start in range(len(text) - 1))


def _acts(one: StoryTraits, other: StoryTraits) -> dict[str, float]:
    both = "none" not in (one.act, other.act)
    same = both and one.act == other.act
    kindred = both and not same and {one.act, other.act} <= _ISSUING
    topics = len(set(one.topics) & set(other.topics))
    return {
        "act": float(same),
        "act-apart": float(both and not same and not kindred),
        "stage-apart": float(is_other_stage(one, other)),
        "draft": float(one.stage is other.stage is Stage.DRAFT),
        "topics": topics / math.sqrt(len(one.topics) * len(other.topics)) if topics else 0.0,
        "topics-apart": float(bool(one.topics and other.topics) and not topics),
        "relevant-apart": float(one.relevant != other.relevant),
    }


def is_other_stage(one: StoryTraits, other: StoryTraits) -> bool:
    """Tell whether one is about a draft, and the other about a paper in force, or one about its change."""
    return one.stage is not None and other.stage is not None and _STEP[one.stage] != _STEP[other.stage]


def overlap(one: Mapping[_Name, float], other: Mapping[_Name, float]) -> tuple[float, float]:
    """Return what two weighings share: in all, and by the geometric mean of both, 0 to 1."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    shared = sum(min(weight, large[name]) for name, weight in small.items() if name in large)
    if not shared:
        return 0.0, 0.0
    return shared, shared / math.sqrt(sum(one.values()) * sum(other.values()))


def _weights(one: StoryTraits, other: StoryTraits) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in ("concepts", "deeds", "names", "actors", "places"):
        ours, theirs = getattr(one, name), getattr(other, name)
        shared, share = overlap(ours, theirs)
        found[name] = math.log1p(shared)
        found[f"{name}-share"] = share
        found[f"{name}-apart"] = float((is_elsewhere if name == "places" else is_apart)(ours, theirs))
    shared, share = overlap(one.meanings, other.meanings)
    if one.language != other.language:
        cover = shared and shared / min(sum(one.meanings.values()), sum(other.meanings.values()))
        return found | {"meanings": math.log1p(shared), "meanings-share": share, "meanings-cover": cover}
    found |= {"senses": math.log1p(shared), "senses-share": share}
    shared, share = overlap(one.words, other.words)
    return found | {"words": math.log1p(shared), "words-share": share}


def is_apart(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Tell whether each names something firmly, and the other none of it."""
    ours = {name for name, weight in one.items() if weight >= _FIRM}
    theirs = {name for name, weight in other.items() if weight >= _FIRM}
    return bool(ours and theirs) and ours.isdisjoint(other) and theirs.isdisjoint(one)


def is_elsewhere(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Tell whether each names places firmly, and none of one's lies in, or holds, one of the other's."""
    ours, theirs = _innermost(one), _innermost(other)
    return bool(ours and theirs) and not any(_holds(a, b) or _holds(b, a) for a in ours for b in theirs)


def are_acts_elsewhere(one: StoryTraits, other: StoryTraits) -> bool:
    """Tell whether both tell acts, of bodies of two places: of two jurisdictions, or two cities of one province."""
    if "none" in (one.act, other.act):
        return False
    ours, theirs = _main_places(one.places), _main_places(other.places)
    if not ours or not theirs or any(_holds(a, b) or _holds(b, a) for a in ours for b in theirs):
        return False
    upper = one.jurisdiction
    if upper != other.jurisdiction:
        return (
            bool(upper and other.jurisdiction)
            and not is_above(upper, other.jurisdiction)
            and not is_above(other.jurisdiction, upper)
        )
    # Places inside a city are its districts, which one plan of the city may name in turn.
    return (
        upper.startswith("cn-")
        and upper not in _CITIES
        and all(place.startswith(f"place.{upper}.") for place in (*ours, *theirs))
    )


def _main_places(places: Mapping[str, float]) -> list[str]:
    """Return the innermost of the places that weigh most: those that an item is about, also where a place is common."""
    least = max(_PLACE, _MAIN * max(places.values(), default=0.0))
    named = [name for name, weight in places.items() if weight >= least]
    return [name for name in named if not any(name != inner and _holds(name, inner) for inner in named)]


def is_within(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Tell whether all places that one names firmly lie inside those that the other does, which names none smaller."""
    ours, theirs = _innermost(one), _innermost(other)
    return (
        bool(ours)
        and any(b not in ours for b in theirs)
        and all(any(_holds(b, a) for b in theirs if b != a) for a in ours)
    )


def _innermost(places: Mapping[str, float]) -> list[str]:
    firm = [name for name, weight in places.items() if weight >= _FIRM]
    return [name for name in firm if not any(name != inner and _holds(name, inner) for inner in firm)]


def _holds(place: str, inner: str) -> bool:
    """Tell whether a place is, or holds, another: `place.cn` holds `place.cn-js`, and that `place.cn-js.suzhou`."""
    return inner == place or inner.startswith((f"{place}.", f"{place}-"))


def _figures(one: StoryTraits, other: StoryTraits) -> dict[str, float]:
    shared, share = overlap(one.figures, other.figures)
    ours, theirs = ({name for name, weight in traits.figures.items() if weight >= _TELLING} for traits in (one, other))
    periods = [{figure for figure in traits.figures if figure.startswith("years")} for traits in (one, other)]
    money = [{figure for figure in traits.figures if figure.startswith("money")} for traits in (one, other)]
    return {
        "figures": math.log1p(shared),
        "figures-share": share,
        "figures-apart": float(
            bool(ours and theirs) and ours.isdisjoint(other.figures) and theirs.isdisjoint(one.figures)
        ),
        "rounds": float(bool(one.rounds & other.rounds)),
        "rounds-apart": float(bool(one.rounds and other.rounds) and one.rounds.isdisjoint(other.rounds)),
        "years-apart": float(all(periods) and periods[0].isdisjoint(periods[1])),
        "money-apart": float(all(money) and money[0].isdisjoint(money[1])),
    }


def _setting(one: StoryTraits, other: StoryTraits) -> dict[str, float]:
    days = abs((one.published_at - other.published_at).total_seconds()) / 86_400
    where = {one.jurisdiction, other.jurisdiction}
    above = is_above(one.jurisdiction, other.jurisdiction) or is_above(other.jurisdiction, one.jurisdiction)
    return {
        "days": math.log1p(days),
        "late": max(0.0, math.log((1 + days) / (1 + _NEWS_DAYS))),
        "other-language": float(one.language != other.language),
        "jurisdiction": float(len(where) == 1 and "" not in where),
        "jurisdiction-above": float(above),
        "jurisdiction-apart": float(len(where) == 2 and "" not in where and not above),
        "both-official": float(one.is_official and other.is_official),
        "roundup": float(one.is_roundup != other.is_roundup),
        "forwards-apart": float(one.forwards != other.forwards),
        "meaning": max(0.0, cosine(one.vector, other.vector))
        if one.vector and len(one.vector) == len(other.vector)
        else 0.0,
    }


def is_above(upper: str, lower: str) -> bool:
    """Tell whether one jurisdiction holds another: `cn` holds `cn-sh`."""
    return bool(upper) and lower.startswith(f"{upper}-")
