"""Finds the names and numbers of official documents in text, and makes them comparable. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from core.english_titles import find_english_titles

if TYPE_CHECKING:
    from collections.abc import Iterator


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_HAN = r"[\u4e00-\u9fff]"
_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {
    ord(look): plain for look, plain in zip("\u3000﹝﹞【】〖〗—–―號", " 〔〕〔〕〔〕---号", strict=True)
}
"""Full-width and look-alike characters to plain ones, one to one, so that offsets stay."""

_CODE = re.compile(
    rf"({_HAN}[{_HAN[1:-1]} ]{{0,24}}{_HAN})[ ]?[〔\[(][ ]?((?:19|20)\d\d)年?[ ]?[〕\])][ ]?第?[ ]?(\d{{1,5}})[ ]?号"
)
"""发文字号: an organ's code, the year in brackets, a running number (GB/T 9704-2012 §7.2.5 prescribes 〔〕)."""
_ORDER = re.compile(
    rf"({_HAN}{{1,24}})[ ]?(令|公告|通告)[ ]?[〔\[(]?[ ]?(?:((?:19|20)\d\d)年)?"
    r"[ ]?第[ ]?([\d零〇一二三四五六七八九十百千]{1,9})[ ]?号"
)
_STANDARD = re.compile(
    r"(?<![A-Za-z/])((?:GB|GBZ|JR|YD|YDC|SJ|GA|GM|HJ|JT|JTG|QC|WS|CJ|JG|LD|SF|NY|TC260|DB\d{2,4})(?:/[TZ])?|T/[A-Z]{2,8})"
    r"[ ]?(\d{1,6}(?:\.\d{1,3})?)[ ]?-{1,2}[ ]?((?:19|20)\d\d)(?!\d)"
)
_FOREIGN = (
    (re.compile(r"(?<![A-Za-z] )(?<!Market )\bCap\.[ ]?(\d{1,4}[A-Z]{0,2})\b"), "Cap. {}"),
    (re.compile(r"\((?:香港法例)?第[ ]?(\d{1,4}[A-Z]{0,2})[ ]?章\)"), "Cap. {}"),
    (re.compile(r"\(EU\)[ ](?:No\.?[ ])?(\d{4}/\d{1,4}|\d{1,4}/\d{4})\b"), "(EU) {}"),
    (re.compile(r"\bRelease Nos?\.[ ](3[34]-\d{4,6})\b"), "Release No. {}"),
    (re.compile(r"\bExecutive Order[ ](?:No\.?[ ])?(\d{5})\b"), "Executive Order {}"),
    (re.compile(r"\bH\.[ ]?R\.[ ]?(\d{1,5})\b"), "H.R. {}"),
)
"""Hong Kong chapters, EU acts, SEC releases, US executive orders and House bills."""
_MARKS = (
    *_words("GB /T /Z T/ JR YD SJ GA GM HJ JT QC WS CJ JG LD SF NY TC DB Cap. 章) (EU) H."),
    "Release No",
    "Executive Order",
)
"""Of these at least one stands in every such number: most texts hold none, and are not searched further."""
_WIDE = re.compile("[Ａ-Ｚ／]|章）|（EU")
"""Full-width characters that can stand in one as well."""
_NUMBER_END = re.compile("[号號]")
_REACH = 60
"""Characters before 号 that can belong to a document's number: 26 of the organ, then brackets, year and digits."""
_LEAD_IN = re.compile(
    r".*(?:的|了|根据|依据|依照|按照|参照|遵照|执行|转发|贯彻|落实|关于|印发|发布|下发|出台|通知|意见|办法|方案|规定|决定|细则|文件|文号|字号|编号"
    r"|详见|参见|以及|废止|号| )(?=.{2})"
)
"""Words that run up to a document's number without being part of it."""
_FULL_ORGAN = re.compile(r".*(?:办公厅|办公室|人民政府|委员会|总局|总署|管理局|[厅局])(?=.{3})")
_LONGEST_CODE = 9
"""Characters of the longest ordinary organ code (国家发改委办公厅 style codes have at most nine)."""
_ORDER_LEAD_IN = re.compile(r"^(?:中华人民共和国|[年月日由以按见与和及在自是为对据原])+(?=.{2})")
_ORGAN_END = re.compile(r"(?:院|部|委|局|署|厅|会|行|办|室|府|主席|法院)$")

_INSTRUMENT_ENDS = _words("""
    规划 規劃 计划 計劃 方案 办法 辦法 条例 條例 通知 意见 意見 措施 规定 規定 决定 決定 细则
    細則 指引 指南 白皮书 白皮書 标准 標準 规范 規範 目录 目錄 清单 清單 公告 通告 声明 聲明
    宣言 倡议 倡議 纲要 綱要 规则 規則 守则 守則 准则 準則 政策 提示 要求 框架 备忘录 備忘錄
    公约 公約 议定书 議定書 批复 函 通函 通报 通報 战略 戰略 要点 要點 名单 名單 解释 解釋
    章程 建议 建議 草案 法案 文件 路线图 路線圖 工作报告 工作報告 参考架构 參考架構 体系 體系
    制度 协定 協定 协议 協議 行动 行動 咨询总结 諮詢總結 蓝图 藍圖 纪要 紀要 指示 请示 答复 若干条 十条 令
""")
"""What titles of official documents end in; both scripts, longer endings are covered by their last characters."""
_LAW = re.compile(r"(?<![方做看魔书書说說想兵语語文算司合立执執手用佛无無犯违違设設疗療画畫])法$")
"""Titles of laws end in 法; so do words that are none: 方法, 算法, 书法."""
_REPORT = re.compile(r"(?:关于|關於|批转|转发).*(?:报告|報告)$")
"""Reports that an authority addresses or passes on; other reports are anybody's."""
_STAGE = re.compile(r"[\s]*[(（〔\[【][^()（）]{0,30}[)）〕\]】]$")
_GENERIC = re.compile(
    r"(?:行动|行動|实施|實施|工作|暂行|暫行|管理|若干|三年|试行|試行|总体|專項|专项|发展|指导|行业|政策|相关|有关|风险|風險|行政|本|该|該)*"
)
_MAX_TITLE = 120


def find_document_numbers(text: str) -> tuple[str, ...]:
    """Find the numbers of official documents.

    Found: 发文字号 in any brackets (`国办发[2023]1号` comes out as `国办发〔2023〕1号`), orders and announcements with
    their issuing organ (`国务院令第761号`, `财政部公告2023年第5号`), Chinese standards (`GB/T 12345-2023`), Hong Kong
    chapters (`Cap. 656`, also from 第656章), `(EU) 2023/1114`, `Release No. 34-98765`, `Executive Order 14110`.

    Returns:
        Normalised numbers, unique, in order of first appearance.
    """
    found = sorted([*_numbered(text), *_marked(text)])
    return tuple(dict.fromkeys(number for _, number in found))


def find_document_titles(text: str) -> tuple[str, ...]:
    """Find the titles of official documents.

    Chinese ones stand in 《》 and end in the name of an instrument (规划, 办法, 通知, 法 …), so that books, papers and
    films are left out; a bare 《办法》 that only points back is none either. English ones are quoted or in title case.

    Returns:
        Titles bare of their outer brackets and quotation marks, unique, in order of first appearance.
    """
    found = sorted([*_bracketed(text), *find_english_titles(text)])
    by_key: dict[str, str] = {}
    for _, title in found:
        by_key.setdefault(document_key(title), title)
    return tuple(by_key.values())


def document_key(title: str) -> str:
    """Fold a title so that spellings of one document compare equal and different documents do not.

    Width, case, white space, brackets, quotation marks and dashes do not count, nor the 年 inside a range of years
    or an English article in front. The stage (征求意见稿, 试行) and the years do count.
    """
    folded = unicodedata.normalize("NFKC", title).casefold().strip()
    folded = re.sub(r"(\d{4})年?\s*[-—–~至]+\s*(\d{4})年?", r"\1-\2", folded)
    return re.sub(r"[\W_]+", "", re.sub(r"^the\s+", "", folded))


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    """Find numbers that end in 号: each is looked for in the stretch before its 号, as most texts hold few."""
    previous = 0
    for end in _NUMBER_END.finditer(text):
        start = max(previous, end.start() - _REACH)
        stretch = _narrow(text[start : end.end()])
        is_listed = start == previous > 0
        for offset, number in (*_codes(stretch, is_listed=is_listed), *_orders(stretch)):
            yield start + offset, number
        previous = end.end()


def _marked(text: str) -> Iterator[tuple[int, str]]:
    """Find numbers that begin with a word of their own."""
    if not _WIDE.search(text) and not any(mark in text for mark in _MARKS):
        return
    narrow = _narrow(text)
    yield from _standards(narrow)
    for pattern, form in _FOREIGN:
        for match in pattern.finditer(narrow):
            yield match.start(), form.format(match[1])


def _narrow(text: str) -> str:
    return re.sub(r"[\t\r\n]", " ", text.translate(_NARROW))


def _codes(text: str, *, is_listed: bool) -> Iterator[tuple[int, str]]:
    for match in _CODE.finditer(text):
        organ = _LEAD_IN.sub("", match[1])
        if is_listed and not match.start():
            organ = organ.lstrip("和与及")
        organ = re.sub(r"^[将把原](?=.{3})", "", organ)
        if len(organ) > _LONGEST_CODE:
            organ = _FULL_ORGAN.sub("", organ)
        yield match.start(2), f"{organ}〔{match[2]}〕{int(match[3])}号"


def _orders(text: str) -> Iterator[tuple[int, str]]:
    for match in _ORDER.finditer(text):
        organ = _ORDER_LEAD_IN.sub("", _LEAD_IN.sub("", match[1]))
        organ = "国务院" if organ == "国" else organ
        if _ORGAN_END.search(organ):
            year = f"{match[3]}年" if match[3] else ""
            yield match.start(2), f"{organ}{match[2]}{year}第{_number(match[4])}号"


def _standards(text: str) -> Iterator[tuple[int, str]]:
    for match in _STANDARD.finditer(text):
        yield match.start(), f"{match[1]} {match[2]}-{match[3]}"


def _number(digits: str) -> int:
    """Read a number in Arabic or Chinese digits, up to 9999: `七百六十一`, `一二三`, `十五`."""
    if digits.isdecimal():
        return int(digits)
    units = {"十": 10, "百": 100, "千": 1000}
    values = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0}
    if not any(character in units for character in digits):
        return int("".join(str(values.get(character, character)) for character in digits))
    total, digit = 0, 0
    for character in digits:
        if character in units:
            total += (digit or 1) * units[character]
            digit = 0
        else:
            digit = values.get(character, 0)
    return total + digit


def _bracketed(text: str) -> Iterator[tuple[int, str]]:
    position = text.find("《")
    while position >= 0:
        end = _closing(text, position)
        if end:
            title = " ".join(text[position + 1 : end].split())
            if _is_official(title):
                yield position, title
        position = text.find("《", end or position + 1)


def _closing(text: str, opening: int) -> int:
    """Return the offset of the bracket that closes the one at `opening`; 0 when none does within a title's length."""
    depth = 0
    for offset in range(opening, min(len(text), opening + _MAX_TITLE)):
        depth += {"《": 1, "》": -1}.get(text[offset], 0)
        if not depth:
            return offset
    return 0


def _is_official(title: str) -> bool:
    bare = title
    while _STAGE.search(bare):
        bare = _STAGE.sub("", bare)
    bare = bare.strip("“”\"' 》")
    ending = max((end for end in _INSTRUMENT_ENDS if bare.endswith(end)), key=len, default="")
    if not ending:
        return len(bare) > 1 and (_LAW.search(bare) or _REPORT.search(bare)) is not None
    return _GENERIC.fullmatch(bare.removesuffix(ending)) is None
