"""Plans of two places are two events, however like their words; those of one place are not parted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.item import ItemId, StoryId
from core.linking import decide
from core.linking_features import are_acts_elsewhere, compare
from core.story_traits import StoryCandidate, StoryTraits

_HEFEI = StoryTraits(
    published_at=datetime(2026, 3, 1, tzinfo=UTC),
    language="zh",
    relevant=True,
    jurisdiction="cn-ah",
    act="plan",
    topics=("metaverse",),
    subjects=frozenset({"元宇宙产业实施方案"}),
    places={"place.cn-ah.hefei": 0.62},
    words=dict.fromkeys(range(30), 0.3),
    figures={"money 1e+10": 0.8},
)


def _of(place: str, jurisdiction: str, weight: float = 0.7, **further: float) -> StoryTraits:
    later = _HEFEI.published_at + timedelta(hours=3)
    return replace(_HEFEI, published_at=later, jurisdiction=jurisdiction, places={place: weight, **further})


@pytest.mark.parametrize(
    ("other", "elsewhere"),
    [
        (_of("place.cn-sn.xian", "cn-sn"), True),
        (_of("place.cn-sz", "cn-sz", 0.44), True),
        (_of("place.cn-ah.wuhu", "cn-ah"), True),
        (_of("place.hk", "hk"), True),
        (_of("place.cn-ah.hefei", "cn-ah"), False),
        (_of("place.cn-ah", "cn-ah"), False),
        (_of("place.cn-sn.xian", "cn"), False),
        (_of("place.cn-sn.xian", ""), False),
        (_of("place.cn-sn.xian", "cn-sn", 0.7, **{"place.cn-ah.hefei": 0.65}), False),
        (_of("place.cn-sn.xian", "cn-sn", 0.2), False),
        (replace(_of("place.cn-sn.xian", "cn-sn"), act="none"), False),
        (replace(_of("place.cn-sn.xian", "cn-sn"), places={}), False),
    ],
)
def test_acts_of_two_places(other: StoryTraits, *, elsewhere: bool) -> None:
    """Two jurisdictions, or two cities of a province; not where one holds the other, or either is in doubt."""
    assert are_acts_elsewhere(_HEFEI, other) is elsewhere
    assert are_acts_elsewhere(other, _HEFEI) is elsewhere
    assert ("elsewhere" in compare(_HEFEI, other)) is elsewhere


def test_districts_of_one_city_are_one_place() -> None:
    """A city's plan names its districts in turn, and each report another one."""
    one = replace(_HEFEI, jurisdiction="cn-sh", places={"place.cn-sh.zhangjiang": 0.6})
    other = replace(_HEFEI, jurisdiction="cn-sh", places={"place.cn-sh.lingang": 0.6})
    assert not are_acts_elsewhere(one, other)


@pytest.mark.parametrize("is_copy", [False, True])
def test_like_plans_of_two_cities_are_two_stories(*, is_copy: bool) -> None:
    """The same words, sums and name of a plan do not join them, nor a text that differs in the city only."""
    stored = StoryCandidate(
        item_id=ItemId(1), story_id=StoryId(1), traits=_of("place.cn-sn.xian", "cn-sn"), is_copy=is_copy
    )
    assert decide(_HEFEI, [stored]).story_id is None
    assert decide(_HEFEI, [replace(stored, traits=_of("place.cn-ah.hefei", "cn-ah"))]).story_id == 1
