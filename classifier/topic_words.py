"""Topics by everyday words, for what is known to be relevant but names no technology of the lexicon.

Headlines say coins, rockets and machine-made text. Such words say too little of whether an item is relevant to be in
the lexicon, and enough of what a relevant one is about.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from classifier.folding import fold
from core.classification import TOPICS

if TYPE_CHECKING:
    from classifier.reading import Reading

_WORDS = {
    "blockchain": (
        r"区块链|上链|链上|代币化|通证|账本|分布式|智能合约|联盟链|链|rwa|存证",
        (
            r"blockchain|block chain|ledger|tokeni[sz]\w*|on-?chain|dlt|smart contracts?|mixers?|nodes?|"
            r"protocols?|rwa|asset-backed tokens?|decentrali[sz]ed"
        ),
    ),
    "web3": (
        r"web ?3(?:\.0)?|互联网3\.0|去中心化|dao",
        r"web ?3(?:\.0)?|decentrali[sz]ed|internet 3\.0|dao",
    ),
    "metaverse": (
        r"元宇宙|虚拟现实|增强现实|xr|vr|虚拟主播|数字人|沉浸",
        r"metaverse|virtual reality|augmented reality|xr|vr|immersive|virtual worlds?|avatars?",
    ),
    "virtual-assets": (
        (
            r"虚拟货币|虚拟资产|加密|代币|交易所|交易平台|挖矿|矿企|矿工|矿场|炒币|比特币|以太坊|发币|持币|币圈|"
            r"币商|数字资产|泰达币|usdt|稳定币|钱包|平台|币"
        ),
        (
            r"crypto\w*|coins?|tokens?|bitcoin|ether\w*|exchanges?|miners?|mining|mixers?|staking|wallets?|"
            r"virtual assets?|digital[- ]assets?|trading platforms?|custod\w*|stablecoins?|memecoins?"
        ),
    ),
    "stablecoin": (
        r"稳定币|usdt|usdc|泰达|锚定|发币|法币",
        (
            r"stablecoins?|pegged|tether|usd[ct]|fiat[- ]backed|reserve[- ]backed|payment tokens?|"
            r"e-?money tokens?"
        ),
    ),
    "cbdc": (
        (
            r"数字人民币|数字货币研究|央行数字|数字欧元|数字美元|数码港元|数字卢布|法定数字货币|e-?cny|"
            r"数码人民币|货币桥|批发层面"
        ),
        (
            r"cbdcs?|digital (?:yuan|euro|pound|dollar|ruble|rupee|won|yen|cash|currency)|e-?cny|"
            r"central bank digital|mbridge|wholesale|e-?hkd"
        ),
    ),
    "ai": (
        (
            r"人工智能|算法|大模型|智能体|智能算力|智算|算力券|具身|换脸|ai|机器学习|生成式|深度合成|模型|gpu|"
            r"高带宽|智能驾驶|自动驾驶|辅助驾驶|机器视觉|生成内容|数字人"
        ),
        (
            r"ai|artificial intelligence|algorithm\w*|machine[- ]learning|chatbots?|deepfakes?|models?|embodied|"
            r"neural|generative|machine-made|gpus?|h\d{2,3}|compute|automated decision\w*|humanoids?"
        ),
    ),
    "data-elements": (
        (
            r"数据要素|公共数据|数据资源|数据出境|跨境数据|数据跨境|数据局|数据交易|数据资产|授权运营|"
            r"大数据条例|数据条例|数据产权|个人信息|生物识别数据|数据回传|数据流通|数据基础制度|征信|语料|"
            r"数据集|数据知识产权"
        ),
        (
            r"data (?:elements?|market|exchange|trading|assets?|flows?|transfer\w*|spaces?|sharing|bureau)|"
            r"data (?:administration|rules|act|law|corridor|resources|governance|protection|privacy)|"
            r"public data|personal data|cross-border data|neural data|gdpr|datasets?|pilot zones for data"
        ),
    ),
    "chips": (
        r"芯片|半导体|集成电路|晶圆|封测|光刻|晶片|存储|碳化硅|gpu|eda|先进制程|光电子|晶体管|流片",
        (
            r"chips?|chipmak\w*|semiconductors?|lithograph\w*|wafers?|fabs?|foundr\w*|hbm|high-bandwidth|nvidia|"
            r"gpus?|eda|silicon|h20|h200"
        ),
    ),
    "quantum": (
        r"量子",
        r"quantum|qubits?|rsa|post-? ?quantum",
    ),
    "6g": (
        r"6g|5g-a|太赫兹|imt-2030|卫星互联网|第六代|频段",
        r"6g|imt-2030|terahertz|sixth[- ]generation|6 ghz",
    ),
    "robotics": (
        r"机器人|具身|外骨骼|机械臂|人形",
        r"robot\w*|humanoids?|exoskeleton\w*|embodied",
    ),
    "low-altitude": (
        r"低空|无人机|evtol|飞行汽车|通航|无人驾驶航空器|空域|无人驾驶航空|起降",
        r"low[- ]altitude|drones?|evtol|air taxis?|unmanned|uavs?|flying cars?|airspace",
    ),
    "commercial-space": (
        r"航天|火箭|卫星|太空|发射|星座|轨道|遥感|北斗|空天|海上发射",
        (
            r"space\w*|rockets?|satellites?|launch(?:es|ers?| site| pad)|orbit\w*|spaceports?|constellations?|"
            r"aerospace|earth observation"
        ),
    ),
    "brain-computer": (
        r"脑机|脑接口|植入|类脑|神经数据|脑电",
        r"brain[- ](?:computer|machine|wave|data)\w*|bci|implants?|neural|neurotech\w*|brainwaves?",
    ),
    "autonomous-driving": (
        (
            r"自动驾驶|无人驾驶|智能网联|无人车|车路云|robotaxi|辅助驾驶|无人集卡|无人环卫|无人配送|车内无人|"
            r"智能驾驶|智驾|安全员|网联汽车"
        ),
        (
            r"autonomous (?:driving|vehicles?|cars?|trucks?|buses?)|self-?driving|driverless|robotaxis?|"
            r"intelligent connected|driver-?assist\w*|automated (?:driving|vehicles?)|connected vehicles?"
        ),
    ),
    "biomanufacturing": (
        r"生物制造|合成生物|生物经济|发酵|细胞|基因|生物医药|生物反应",
        (
            r"biomanufactur\w*|synthetic biolog\w*|bioeconomy|biotech\w*|fermentation|cell[- ]cultured|"
            r"gene(?:tic)?"
        ),
    ),
    "new-energy-storage": (
        r"储能|电池|氢能|固态|电化学|光储|抽蓄|钠离子|液流|虚拟电厂",
        r"storage|batter(?:y|ies)|hydrogen|grid-scale|electrochemical|solid[- ]state|sodium",
    ),
    "computing-infrastructure": (
        r"算力|数据中心|智算|超算|东数西算|云计算|机房|算力券|枢纽|pue|电价|云服务|gpu集群|超级工厂",
        (
            r"data cent(?:re|er)s?|"
            r"comput(?:e|ing) (?:power|hubs?|centres?|centers?|clusters?|capacity|infrastructure|vouchers?|network)|"
            r"supercomput\w*|gigafactor\w*|cloud|exascale|hyperscale\w*|server farms?"
        ),
    ),
    "cybersecurity": (
        (
            r"网络安全|个人信息|隐私|黑客|数据出境|涉密|泄密|泄露|网络攻击|撞库|黑灰产|密码法|商用密码|后量子|"
            r"抗量子|资通安全|资安|关键信息基础设施|标识|深度合成|换脸|拟声|清朗|不可靠实体|网络暴力|未成年人|"
            r"防护|漏洞|涉敏|身份验证|反诈|诈骗"
        ),
        (
            r"cyber\w*|hack\w*|privacy|breach\w*|encrypt\w*|cryptograph\w*|rsa|post-? ?quantum|ransom\w*|"
            r"deepfakes?|malware|security law|data protection|personal (?:data|information)|"
            r"critical infrastructure|vulnerability|vulnerabilities|spyware|watermark\w*|label(?:s|led|ling)"
        ),
    ),
    "digital-economy": (
        (
            r"数字经济|平台经济|平台企业|网络交易|电子商务|电商|数字化|数字中国|数字贸易|数字产业|新基建|"
            r"数字技术|互联网平台|数字政府|数字化改革|数字社会|直播|网约车|外卖|数据局|消费券|数字基础设施|"
            r"数字转型|信息消费"
        ),
        (
            r"digital econom\w*|platform econom\w*|platforms?|e-?commerce|"
            r"digital (?:trade|transformation|technolog\w*|industr\w*|china|services|markets|agency|society)|"
            r"big tech|gatekeepers?|digitalis\w*|digitiz\w*|online marketplaces?|digital omnibus"
        ),
    ),
    "nft": (
        r"nft|数字藏品|非同质化|数码藏品|藏品",
        r"nfts?|non-?fungible|collectibles?",
    ),
    "advanced-manufacturing": (
        (
            r"制造业|先进制造|智能制造|工业母机|机床|首台套|首台\(套\)|首批次|产业集群|工业设备|设备更新|"
            r"新型工业化|智能工厂|灯塔工厂|智改数转|工业互联网|零部件|装备|本地化率|本地化比例|中试|碳化硅|"
            r"新材料|产线|智能化改造|工业软件|数字化转型|技改|智慧机械|封测|减速器|工厂|制造"
        ),
        (
            r"manufactur\w*|factor(?:y|ies)|industrial (?:internet|robots?|equipment|software|clusters?)|"
            r"machine tools?|smart factor\w*|production lines?|new industrialis\w*|new materials?|rare earths?|"
            r"silicon carbide|supply chains?|foundry|made in|additive"
        ),
    ),
}
"""Chinese and English patterns on folded text; the English ones stand for whole words."""
_PATTERNS = {
    topic: (re.compile(chinese), re.compile(rf"(?<![a-z0-9])(?:{english})(?![a-z0-9])"))
    for topic, (chinese, english) in _WORDS.items()
}
_READ = 6_000
"""Characters of the text that are looked at."""
_LEAD_CHINESE = 220
_LEAD_LATIN = 600
_IN_TITLE = 3.0
_IN_BODY = 0.3
_LEAST = 0.6
"""Least weight of the best topic: one word of the lead, or two of the body."""
_NEAR_BEST = 0.8
_BROAD = frozenset({"computing-infrastructure", "digital-economy", "advanced-manufacturing"})
"""Topics whose words stand in most texts; they count only where nothing else does."""


def guess_topics(reading: Reading) -> tuple[str, ...]:
    """Return the topics that everyday words of title and text speak for most, strongest first; empty for none."""
    lead = _LEAD_CHINESE if reading.is_chinese else _LEAD_LATIN
    zones = (
        (fold(reading.title), _IN_TITLE),
        (fold(reading.text[:lead]), 1.0),
        (fold(reading.text[lead:_READ]), _IN_BODY),
    )
    weights = {topic: sum(share * _said(text, topic) for text, share in zones) for topic in TOPICS}
    best = max(weights.values())
    if best < _LEAST:
        return ()
    near = [topic for topic in TOPICS if weights[topic] >= _NEAR_BEST * best]
    found = [topic for topic in near if topic not in _BROAD] or near
    return tuple(sorted(found, key=lambda topic: -weights[topic]))


def _said(text: str, topic: str) -> float:
    """Return how much a text says of a topic: the logarithm of its words, so that the tenth adds little."""
    return math.log1p(sum(len(pattern.findall(text)) for pattern in _PATTERNS[topic]))
