"""Tests of how far a paper has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.stage import find_stage
from core.classification import ACTS, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


@pytest.mark.parametrize(
    ("title", "act", "stage"),
    [
        ("关于公开征求《区块链管理办法（征求意见稿）》意见的公告", "rule", Stage.DRAFT),
        ("《低空经济促进条例（草案）》提请审议", "rule", Stage.DRAFT),
        ("證監會就虛擬資產交易平台展開諮詢", "licence", Stage.DRAFT),
        ("Agency proposes rules for stablecoin issuers", "rule", Stage.DRAFT),
        ("Bill on AI liability introduced in Senate", "rule", Stage.DRAFT),
        ("立法会三读通过《稳定币条例草案》", "rule", Stage.IN_FORCE),
        ("Parliament passes bill on crypto-assets", "rule", Stage.IN_FORCE),
        ("Regulator publishes final rule on tokens", "rule", Stage.IN_FORCE),
        ("上海市人民政府办公厅关于印发元宇宙行动方案的通知", "plan", Stage.IN_FORCE),
        ("国务院关于修改《商用密码管理条例》的决定", "rule", Stage.AMENDED),
        ("關於延長智能網聯汽車試點政策有效期的通知", "notice", Stage.AMENDED),
        ("Lawmakers amend crypto tax act", "tax", Stage.AMENDED),
        ("关于废止《数字藏品备案指引》的公告", "guideline", Stage.REPEALED),
        ("Agency rescinds guidance on digital assets", "guideline", Stage.REPEALED),
        ("关于印发新办法的通知（同时废止旧办法）", "rule", Stage.IN_FORCE),
        ("央行行长谈数字货币", "statement", None),
        ("警方提醒谨防虚拟货币骗局", "warning", None),
        ("法院判决比特币交易合同无效", "ruling", None),
        ("两高发布关于洗钱的司法解释", "ruling", Stage.IN_FORCE),
        ("无人驾驶出租车开跑", "pilot", None),
        ("关于开展数字人民币试点的通知", "pilot", Stage.IN_FORCE),
        ("什么也没说", "draft", Stage.DRAFT),
    ],
)
def test_titles(title: str, act: str, stage: Stage | None, read: Callable[..., Reading]) -> None:
    """The title's forms and verbs say it, in both languages and scripts; acts without a paper have no stage."""
    assert find_stage(read(title), act) is stage


def test_the_opening_tells_what_the_title_does_not(read: Callable[..., Reading]) -> None:
    """The first two clauses are read too, for what they say of the paper itself."""
    assert find_stage(read("机器人新规来了", "市经信局今日就条例公开征求意见。"), "rule") is Stage.DRAFT
    assert find_stage(read("机器人新规来了", "决定对条例作如下修改。"), "rule") is Stage.AMENDED
    assert find_stage(read("机器人新规来了", "某公司推迟上市。"), "rule") is Stage.IN_FORCE
    assert find_stage(read("机器人新规来了", "甲。乙。丙。公开征求意见。"), "rule") is Stage.IN_FORCE


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_an_answer(act: str, read: Callable[..., Reading]) -> None:
    """No act fails, and a draft is a draft."""
    stage = find_stage(read(""), act)
    assert stage is None or isinstance(stage, Stage)
    assert (stage is Stage.DRAFT) == (act == "draft")
