"""Which language a text is in, told by its script alone. Pure, and limited to what characters can tell.

Latin letters are taken for English: of the sources that are watched no other language uses them.
"""

from __future__ import annotations

import re

_SIMPLIFIED = frozenset(
    "亿稳链块币发国关业办务厅实设号区进动产会开数规资项经转点强门现组计学级对农员报见应广联环单场电创标运战导庆长时总东专图个"
    "试调领审统将济术监营乡决质内来题县车责条费财贯过问彻议认结职护织线间备补际习输续请户验评称综两华节协坚证态记权医类给贫预"
    "税执处险无础达传属积镇风军卫们书则团围视当装况变绿头购测别检减赛园络编难贴贸层从盘励选势负录灾识举银带兴养队获简参奖筹训"
)
"""Frequent characters of Simplified texts that Traditional ones do not have (no place in Big5)."""
_TRADITIONAL = frozenset(
    "億穩鏈塊幣發國關業辦務廳實設號區進動產會開數規資項經轉點強門現組計學級對農員報見應廣聯環單場電創標運戰導慶長時總東專圖個"
    "試調領審統將濟術監營鄉決質內來題縣車責條費財貫過問徹議認結職護織線間備補際習輸續請戶驗評稱綜兩華節協堅證態記權醫類給貧預"
    "稅執處險無礎達傳屬積鎮風軍衛們書則團圍視當裝況變綠頭購測別檢減賽園絡編難貼貿層從盤勵選勢負錄災識舉銀帶興養隊獲簡參獎籌訓"
)
"""The same characters' Traditional forms (no place in GB 2312)."""
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_SCRIPTS = {
    "ko": re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]"),
    "ru": re.compile(r"[\u0400-\u052f]"),
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "th": re.compile(r"[\u0e01-\u0e5b]"),
    "he": re.compile(r"[\u05d0-\u05ea]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
}
"""Language that a script is taken for; all but Latin, Han and kana."""
_SAMPLE = 4000
"""Characters that are looked at: the language of an article shows within its first screens."""
_KANA_SHARE = 0.1
"""Share of kana among kana and Han from which a text is Japanese; Chinese texts hold a stray の at most."""


def detect_language(text: str) -> str:
    """Tell the language of a title or text.

    A short Chinese title full of Latin names (`OpenAI 发布 GPT-5`) is Chinese: Latin words that begin with a small
    letter speak for English much more than capitalised ones, which are names and tokens in any language.

    Args:
        text: A title or article; only its first 4,000 characters count.

    Returns:
        `zh`, `zh-Hant`, `en`, `ja` (by kana), `ko`, `ru`, `ar`, `th`, `he`, `el` or `hi` (by script); empty when there
        is no letter of these scripts.
    """
    sample = text[:_SAMPLE]
    han = len(_HAN.findall(sample))
    kana = len(_KANA.findall(sample))
    weights = {code: float(len(script.findall(sample))) for code, script in _SCRIPTS.items()}
    weights["ja" if kana > _KANA_SHARE * (han + kana) else "zh"] = float(han + kana)
    weights["en"] = _weigh_latin(sample, alone=not han + kana)
    code = max(weights, key=lambda key: weights[key])
    if not weights[code]:
        return ""
    return _chinese(sample) if code == "zh" else code


def _weigh_latin(sample: str, *, alone: bool) -> float:
    """Weigh Latin words in units of one Han character.

    The weights are chosen so that two Han characters outweigh five capitalised names, and so that one glossed Chinese
    term in an English headline does not outweigh the headline.
    """
    words = _LATIN_WORD.findall(sample)
    if alone:
        return float(len(words))
    return sum(2.0 if word[0].islower() and len(word) > 1 else 0.25 for word in words)


def _chinese(sample: str) -> str:
    simplified = sum(character in _SIMPLIFIED for character in sample)
    traditional = sum(character in _TRADITIONAL for character in sample)
    return "zh-Hant" if traditional > simplified else "zh"
