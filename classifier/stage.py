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
    r"废止|予以废除|宣布失效|停止执行|不再执行|撤销.{0,12}(?:通知|办法|规定|意见|命令|行政令)",
    r"\b(?:repeal|rescind|revok|scrap|withdraw)(?:s|ed|es|ing|ped|ping|n)?\b",
    r"\b(?:struck|strikes) down|\bdoes away with",
)
_REPLACED = _any(r"修订|修改|新版|(?:新|重新)(?:印发|制定)|同时废止", "replac|supersed")
_DRAFT = _any(
    r"征求意见|征询意见|征求社会|征求公众|公开征集.{0,16}意见|意见征集|送审稿|讨论稿|草案|草拟|预告",
    r"咨询文件|谘询|公众咨询|公开咨询|展开.{0,12}咨询",
    r"提请审议|首次审议|二次审议|三读前|初审|立法会.{0,8}(?:首读|二读)|提案|法案.{0,8}(?:提交|提出|待|交)",
    r"拟(?:规定|出台|推出|对|要求|设|修|立法)",
    r"\bdraft|\bpropos(?:es|ed|al|als|ing|e)\b|\bconsult(?:s|ation|ing|ed)?\b",
    r"\bseeks? (?:\w+ ){0,2}(?:comment|views|feedback|input|opinion)|\b(?:request|call) for (?:comment|evidence|input)",
    r"\bcomment (?:period|window)|\bcomments? (?:on|by|due)",
    r"\bbill\b.{0,60}\b(?:introduced|advances?|heads? to|clears? (?:committee|the (?:house|senate|lower))|faces|stall)",
    (
        r"\b(?:introduc(?:es|ed|ing)|tabl(?:es|ed)|moot(?:s|ed)|float(?:s|ed)|mull(?:s|ed)|weigh(?:s|ed|ing)) "
        r".{0,40}\b(?:bill|rules?|ban|law|tax|regime|plan)\b"
    ),
    r"\bplans? to (?:\w+ ){0,2}(?:introduc|legislat|regulat|ban|requir|tax|licen)",
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
    r"\b(?:amend|revis|overhaul|updat|postpon|delay|extend|defer|eas|relax)(?:s|es|ed|ing|ments?|ions?)?\b",
    r"\bpush(?:es|ed) back",
)
_PAPERS = frozenset({
    "plan", "guideline", "rule", "draft", "notice", "ban", "licence", "pilot", "funding", "tax", "standard", "list",
    "paper", "agreement", "body",
})  # fmt: skip
"""Acts that are done by a paper of their own, so that one that is neither draft nor changed nor ended is in force."""


def find_stage(reading: Reading, act: str) -> Stage | None:
    """Return the stage of the paper that a relevant document is about.

    The title decides where it says anything: ended, open for comment, passed, changed. Else the text's first two
    clauses do. Where nothing tells, a paper that was issued is in force; acts without one (warnings, statements) have
    no stage.

    Args:
        reading: The document.
        act: Its act, of `core.classification.ACTS`.
    """
    title = fold(reading.title)
    told = _told(title, act)
    if told is None:
        told = _told(_opening(reading), act)
    if told is None and act in _PAPERS:
        return Stage.DRAFT if act == "draft" else Stage.IN_FORCE
    return told


def _told(text: str, act: str) -> Stage | None:
    """Return what a title or opening says of the stage; None when it says nothing."""
    if _REPEALED.search(text) and not _REPLACED.search(text):
        return Stage.REPEALED
    if act == "draft" or (_DRAFT.search(text) and not _PASSED.search(text)):
        return Stage.DRAFT
    if _AMENDED.search(text):
        return Stage.AMENDED
    return Stage.IN_FORCE if act in _PAPERS and _PASSED.search(text) else None


def _opening(reading: Reading) -> str:
    """Return the folded first two clauses of the text."""
    clauses = reading.zone(Zone.LEAD)[:2]
    return fold(reading.text[clauses[0].start : clauses[-1].end]) if clauses else ""
