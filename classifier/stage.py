"""How far the paper that an item is about has come: proposed, in force, changed or ended; by title, then opening."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from classifier.folding import fold
from core.classification import Stage, Zone

if TYPE_CHECKING:
    from classifier.reading import Reading


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


_REPEALED = _any(
    r"废止|废除|宣布失效|停止执行|不再执行|不执行了|撤[销回].{0,20}(?:通知|办法|规定|规则|意见|命令|行政令|指引|公告|指南)",
    r"\b(?:repeal|rescind|revok|scrap|withdraw)(?:s|ed|es|ing|ped|ping|n)?\b",
    r"\b(?:struck|strikes) down|\bdoes away with|\blift(?:s|ed|ing)? .{0,12}\b(?:ban|moratorium|prohibition)",
)
_REPLACED = _any(r"修订|修改|新版|(?:新|重新)(?:印发|制定)|同时废止", "replac|superseded?s?")
_DRAFT = _any(
    r"征求意见|征询意见|征求社会|征求公众|公开征集.{0,16}意见|意见征集|送审稿|讨论稿|草案|草拟|预告",
    r"咨询文件|谘询|公众咨询|公开咨询|展开.{0,12}咨询",
    r"提请审议|首次审议|二次审议|三读前|初审|立法会.{0,8}(?:首读|二读)|提案|法案.{0,8}(?:提交|提出|待|交)",
    r"拟(?:规定|出台|推出|对|要求|设|修|立法)",
    r"\bdraft|\bproposals?\b|\bpropos(?:es?|ed|ing)\b|\bconsult(?:s|ation|ing|ed)?\b",
    r"\bseeks? (?:\w+ ){0,2}(?:comment|views|feedback|input|opinion)|\b(?:request|call) for (?:comment|evidence|input)",
    r"\bcomment (?:period|window)|\bcomments? (?:on|by|due)",
    r"\bbill\b.{0,60}\b(?:introduced|advances?|heads? to|clears? (?:committee|the (?:house|senate|lower))|faces|stall)",
    (
        r"\b(?:introduc(?:es|ed|ing)|tables|tabled|moot(?:s|ed)|float(?:s|ed)|mull(?:s|ed)|weigh(?:s|ed|ing)) "
        r".{0,40}\b(?:bill|rules?|ban|law|tax|regime|plan)\b"
    ),
    r"\b(?:send|sends|sent|goes|heads?|moves|now) (?:it )?to the (?:senate|upper house|lower house|full|president)",
    r"送(?:参议院|参院|众议院|立法院|总统签署)|\bclears? .{0,24}hurdle|\bsplits? over",
    r"\bplans? to (?:\w+ ){0,2}(?:introduc|legislat|regulat|ban|require|tax|licen)",
    r"\bwould (?:\w+ )?(?:require|ban|have to|be|need|let|allow|force)",
)
_PASSED = _any(
    r"审议通过|表决通过|三读通过|获通过|已通过|正式通过|通过了|通过《|咨询总结|谘询总结",
    r"(?:印发|公布|发布|施行|生效|出台)(?!.{0,24}(?:征求意见|草案|送审稿|咨询))",
    r"\bfinal(?:ised|ized|ises|izes)?\b|\bconsultation conclusions|\b(?:signed|signs) (?:\w+ ){0,4}(?:bill|law)",
    r"\b(?:passes|passed|adopts?|adopted|enact(?:s|ed)|approves?|approved|ratif(?:ies|ied))\b",
    r"\btakes? effect|\bcame? into force|\benters? into force",
)
_AMENDED = _any(
    r"修改.{0,40}的?(?:决定|公告|通知)|(?:关于|决定|予以|作出|局部)修[改订]|修正案|修正《|修例|修法",
    r"修订(?:后|版|并|了|发布|印发|《)|[（(]\d{4}年修[订正][)）]",
    r"延长.{0,30}(?:有效期|期限|实施|执行|试行|试点|政策)|有效期延|延期|推迟|延后|暂缓|展期|继续(?:执行|实施)",
    r"调整.{0,16}(?:目录|清单|政策|名单|标准)",
    r"\b(?:amend|revis|overhaul|postpon|delay|extend|defer)(?:s|es|ed|ing|ments?|ions?)?\b",
    r"\bpush(?:es|ed) back",
)
_AMENDED_IN_TEXT = _any(
    r"修改《.{2,60}》?的决定|修正(?:发布|通过)|作如下修改|延长.{0,16}有效期|有效期延长",
    r"\bamend(?:s|ed|ing) (?:the|its|an?)\b|\b(?:second|third|further) extension of",
)
"""What a text says of its subject; other words of change may be said of anything in it."""
_PAPERS = frozenset({
    "plan", "guideline", "rule", "draft", "notice", "ban", "licence", "funding", "tax", "standard", "list", "paper",
    "body",
})  # fmt: skip
"""Acts done by a paper, so that one that is neither draft nor changed nor ended is in force."""
_DEEDS = frozenset({"pilot", "agreement"})
"""Acts that are done by a paper or without; only one that is named has a stage."""
_NAMED = _any(
    "《|方案|办法|通知|意见|协议|协定|备忘录|章程|批复|规定|公约|宣言",
    r"\b(?:memorandum|treaty|convention|framework|agreement|act|law|rules?|plan|programme|circular|order|charter)\b",
)
_INTERPRETS = _any(
    "司法解释|的解释|若干规定|会议纪要|指导性案例|审判指引", r"\binterpretation|\bprovisions\b|\bguiding cases?"
)
"""Papers of courts that hold for other cases."""


def find_stage(reading: Reading, act: str) -> Stage | None:
    """Return the stage of the paper that a relevant document is about.

    The title decides where it says anything: ended, open for comment, passed, changed. Else the text's first two
    clauses do. Where nothing tells, a paper that was issued is in force. Acts without a paper have no stage: warnings,
    statements, enforcement, rulings but those that interpret the law, pilots of which no paper is named.

    Args:
        reading: The document.
        act: Its act, of `core.classification.ACTS`.
    """
    title, opening = fold(reading.title), _opening(reading)
    if act == "draft":
        return Stage.DRAFT
    if act == "ruling":
        return Stage.IN_FORCE if _INTERPRETS.search(f"{title} {opening}") else None
    if act not in _PAPERS and not (act in _DEEDS and _NAMED.search(f"{title} {opening}")):
        return None
    return _told(title, _AMENDED) or _told(opening, _AMENDED_IN_TEXT) or Stage.IN_FORCE


def _told(text: str, amended: re.Pattern[str]) -> Stage | None:
    """Return what a title or opening says of the stage; None when it says nothing."""
    if _REPEALED.search(text) and not _REPLACED.search(text):
        return Stage.REPEALED
    passed = _PASSED.search(text)
    if _DRAFT.search(text) and not passed:
        return Stage.DRAFT
    if amended.search(text):
        return Stage.AMENDED
    return Stage.IN_FORCE if passed else None


def _opening(reading: Reading) -> str:
    """Return the folded first two clauses of the text."""
    clauses = reading.zone(Zone.LEAD)[:2]
    return fold(reading.text[clauses[0].start : clauses[-1].end]) if clauses else ""
