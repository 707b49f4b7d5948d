"""Tests of who acts in a clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.actors import find_deed
from core.classification import Zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.actors import Deed
    from classifier.reading import Reading


def _deed(reading: Reading, zone: Zone = Zone.TITLE) -> Deed:
    return find_deed(reading, reading.zone(zone)[0])


def test_named_authority_with_verb_and_paper_is_sure(read: Callable[..., Reading]) -> None:
    """Who, by which verb, with what paper: full strength."""
    deed = _deed(read("工业和信息化部印发行动计划"))
    assert deed.actor is not None
    assert deed.actor.concept.id == "org.cn.miit"
    assert deed.verb is not None
    assert deed.instrument is not None
    assert deed.strength == 1.0


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ("工信部印发行动计划", "工信部印发某物"),
        ("工信部印发某物", "有关部门印发某物"),
        ("工信部发布规划", "上海发布规划"),
        ("上海发布规划", "上海公司发布规划"),
        ("上海发布规划", "他在上海发布规划"),
        ("Shenzhen regulators issued rules", "regulators issued rules"),
        ("Japan unveils plan", "Japanese lender unveils plan"),
        ("南京：规模突破千亿", "南京规模突破千亿"),
        ("国家标准施行", "文件施行"),
    ],
)
def test_strength_falls_with_doubt(stronger: str, weaker: str, read: Callable[..., Reading]) -> None:
    """Names outweigh sorts of bodies, which outweigh places; a company or a mere location is no actor."""
    assert _deed(read(stronger)).strength > _deed(read(weaker)).strength


def test_no_actor_no_deed(read: Callable[..., Reading]) -> None:
    """A verb alone is nobody's act."""
    assert _deed(read("新品发布")).strength == 0


def test_a_place_outside_the_title_needs_a_sure_verb(read: Callable[..., Reading]) -> None:
    """In running text `Beijing wants` is a manner of speaking."""
    assert _deed(read("T", "Beijing wants more jobs."), Zone.LEAD).strength == 0
    assert _deed(read("T", "Beijing issued a notice."), Zone.LEAD).strength > 0


def test_named_laws_are_papers(read: Callable[..., Reading]) -> None:
    """A programme with an act is a paper by its name alone."""
    assert _deed(read("“数据二十条”落地")).instrument is not None
