"""The shipped names of authorities and places find what they mean, and not what merely looks like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from classifier.matching import LexiconMatcher

WHERE = (ConceptKind.AUTHORITY, ConceptKind.PLACE)


def _found(matcher: LexiconMatcher, text: str) -> set[str]:
    return {
        hit.concept.id
        for hit in matcher.find(text)
        if hit.concept.kind in WHERE and not hit.concept.id.startswith("org.local")
    }


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("云南通报一批案件", {"place.cn-yn"}),
        ("湖南宁乡的工厂", {"place.cn-hn"}),
        ("浙江西部山区", {"place.cn-zj"}),
        ("上海南站扩建", {"place.cn-sh"}),
        ("上海地区气温", {"place.cn-sh"}),
        ("中山东路修路", set()),
        ("进出海口的航道", set()),
        ("复合肥涨价", set()),
        ("后卫和中卫受伤", set()),
        ("集中卫生资源", set()),
        ("强大连接能力", set()),
        ("天下大同小异", set()),
        ("马里奥赛车新作", set()),
        ("沪深两市放量", set()),
        ("人行道翻修", set()),
        ("白俄罗斯队夺冠", {"place.by"}),
        ("印度尼西亚总统", {"place.id"}),
        ("青海与海淀", {"place.cn-qh", "place.cn-bj.haidian"}),
        ("中山大学招生", set()),
        ("Michael Jordan retires", set()),
        ("a home office with a turkey sandwich", set()),
        ("reading on the road in Georgia", set()),
        ("ships in the South China Sea", set()),
        ("ASIC miners and ASIC chips", set()),
        ("the cac 40 and the sec of a second", set()),
    ],
)  # fmt: skip
def test_false_friends(matcher: LexiconMatcher, text: str, concepts: set[str]) -> None:
    """A name inside another word, a footballer, a first name and a dish are no places."""
    assert _found(matcher, text) == concepts


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("中央金融委员会印发意见", "org.cn.party.finance"),
        ("工信部电子信息司负责人答记者问", "org.cn.miit.electronics"),
        ("中央网信办网络管理技术局", "org.cn.cac.technology"),
        ("人民银行数字货币研究所", "org.cn.pbc.digital-currency"),
        ("全国区块链标委会成立", "org.cn.tc590"),
        ("中国互联网金融协会等三协会", "org.cn.nifa"),
        ("浙江省经信厅发布", "org.cn-zj.industry"),
        ("內蒙古自治區發展改革委", "org.cn-nm.drc"),
        ("北京金融监管局提示风险", "org.cn-bj.nfra"),
        ("天津市地方金融监督管理局", "org.cn-tj.finance"),
        ("合肥市数据局局长", "org.cn-ah.hefei.data"),
        ("成都市经信局", "org.cn-sc.chengdu.industry"),
        ("临港新片区管委会", "org.cn-sh.lingang.committee"),
        ("香港數碼港", "org.hk.cyberport"),
        ("数字政策办公室", "org.hk.dpo"),
        ("中国银保监会", "org.cn.nfra"),
        ("Shenzhen Data Administration said", "org.cn-sz.data"),
        ("The Shanghai Municipal Government Office has issued a plan", "org.cn-sh.government"),
        ("the Digital Currency Institute of the bank", "org.cn.pbc.digital-currency"),
        ("CBIRC warned", "org.cn.nfra"),
        ("Hong Kong’s securities watchdog", "org.hk.sfc"),
        ("Dubai's virtual asset regulator", "org.ae.vara"),
        ("the Basel Committee", "org.intl.bcbs"),
    ],
)  # fmt: skip
def test_bodies_are_found_by_their_names(matcher: LexiconMatcher, text: str, concept: str) -> None:
    """Central, provincial, of a city, of old, abbreviated, Traditional and English."""
    assert concept in _found(matcher, text)
