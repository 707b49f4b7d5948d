"""Tests of kinds of act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.act_kinds import find_act
from classifier.actors import find_deed

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.actors import Deed
    from classifier.reading import Reading


def _deeds(reading: Reading) -> tuple[Deed, ...]:
    found = (find_deed(reading, clause) for clause in reading.clauses)
    return tuple(deed for deed in found if deed.strength > 0)


@pytest.mark.parametrize(
    ("title", "act"),
    [
        ("上海市人民政府办公厅关于印发《元宇宙行动方案》的通知", "plan"),
        ("关于促进人工智能发展的若干措施", "guideline"),
        ("国务院关于深入推进数据要素市场的指导意见", "guideline"),
        ("无人驾驶航空器飞行管理暂行条例公布", "rule"),
        ("《生成式人工智能服务管理办法（征求意见稿）》公开征求意见", "draft"),
        ("低空经济行动方案（草案）", "draft"),
        ("关于开展区块链创新应用试点工作的通知", "pilot"),
        ("关于公布大数据产业发展试点示范项目名单的通知", "list"),
        ("关于发布脑机接口专题项目申报指南的通知", "funding"),
        ("区块链国家标准发布", "standard"),
        ("关于整治虚拟货币挖矿活动的通知", "ban"),
        ("SEC sues exchange over unregistered securities", "enforcement"),
        ("SFC consults on virtual asset rules", "draft"),
        ("央行提示风险：远离虚拟货币", "warning"),
        ("对镓、锗相关物项实施出口管制", "licence"),
        ("政府发表政策宣言", "statement"),
        ("成立第三代互联网专责小组", "body"),
        ("北京Web3白皮书发布", "paper"),
        ("关于保障5G基础设施建设的通知", "notice"),
        ("立法会通过《稳定币条例草案》", "rule"),
        ("关于组织开展数据中心典型案例推荐工作的通知", "notice"),
        ("天气晴", "none"),
    ],
)
def test_acts_of_titles(title: str, act: str, read: Callable[..., Reading]) -> None:
    """The paper a title names, or else its verb, says what kind of act it is."""
    reading = read(title)
    assert find_act(reading, _deeds(reading), is_official=False) == act


def test_long_texts_do_not_outvote_the_title(read: Callable[..., Reading]) -> None:
    """A plan that speaks of subsidies on every page is still a plan."""
    reading = read("智能终端产业行动方案", "给予补贴。设立专项资金。" * 200)
    assert find_act(reading, _deeds(reading), is_official=False) == "plan"


def test_without_a_word_for_it(read: Callable[..., Reading]) -> None:
    """A paper whose title was cut off is a plan, and somebody's bare word a statement."""
    assert find_act(read("关于印发《上海市低空经济产业高质量发展..."), (), is_official=True) == "plan"
    reading = read("工信部加快发展区块链")
    assert find_act(reading, _deeds(reading), is_official=False) == "statement"
