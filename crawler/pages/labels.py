"""What a page says of its document to people: `发文机关：…`, `来源：…`, `文号 | …` in tables and header lines."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LABELS = {
    "title": "标题|公文标题|文件标题|信息名称|文件名称",
    "issuer": (
        "发文机关|发文机构|发文单位|制发机关|制定机关|发布机构|发布机关|发布单位|公开机构|公布机关|印发机关|颁布单位|發文機關"
    ),
    "number": "发文字号|文件编号|文件字号|公文字号|文号|发文文号|發文字號",
    "published": (
        "发布时间|发布日期|发表时间|发表日期|公开日期|公布日期|公开时间|公布时间|上传时间|更新时间|更新日期|日期|时间|"
        "發布時間|發布日期|發佈時間|發佈日期|Published(?: on)?|Posted(?: on)?|Updated(?: on)?|Date"
    ),
    "signed": "成文日期|成文时间|生成日期|印发日期|签发日期|发文日期",
    "source": "信息来源|文章来源|稿件来源|稿源|来源|來源|Source",
    "author": "作者|记者|撰文|文|作者信息|Author",
    "other": (
        "索引号|信息索引|信息索引号|主题分类|主题词|体裁分类|分类|组配分类|服务对象|关键词|有效性|有效期|时效|效力状态|文件状态|生效日期|"
        "失效日期|施行日期|实施日期|废止日期|浏览次数|浏览量|浏览字号|阅读次数|点击数|点击量|访问量|字体|字号|字体大小|"
        "分享|分享到|责任编辑|责编|编辑|编审|审核|语言|视力保护色|浏览"
    ),
}
"""Label words by the field they name; white space inside a label (`文　　号`) does not count."""
_NAMES = {word.replace("(?: on)?", "").lower(): field for field, words in _LABELS.items() for word in words.split("|")}
_ALTERNATIVES = "|".join(
    r"\s{0,8}".join(word) if re.fullmatch(r"[\u4e00-\u9fff]+", word) else word
    for word in sorted((word for words in _LABELS.values() for word in words.split("|")), key=len, reverse=True)
)
_LABEL = re.compile(
    rf"(?:^|(?<=[\s|\[【(（　]))(?P<label>{_ALTERNATIVES})\s{{0,3}}(?:[:：|]|】|$)\s{{0,3}}\|?", re.IGNORECASE
)
_LONGEST = 500
"""Characters of a line above which it is prose, whatever it begins with."""
_EDGE = " |[]【】,，;；"


def read_labels(lines: Iterable[str]) -> Mapping[str, str]:
    """Return the labelled values in lines: `title`, `issuer`, `number`, `published`, `signed`, `source`, `author`.

    The first value of a field counts. A value that stands alone on the line after its label is read too.
    """
    found: dict[str, str] = {}
    waiting = ""
    for line in lines:
        pairs = list(label_values(line))
        if waiting and not pairs and len(line) <= 120:
            found.setdefault(waiting, line)
        waiting = ""
        for field, value in pairs:
            if value:
                found.setdefault(field, value)
        if pairs and not pairs[-1][1]:
            waiting = pairs[-1][0]
    return found


def label_values(line: str) -> Iterable[tuple[str, str]]:
    """Return the (field, value) pairs of one line in order; values may be empty."""
    if len(line) > _LONGEST:
        return
    matches = list(_LABEL.finditer(line))
    for match, following in zip_longest(matches, matches[1:]):
        end = following.start() if following else len(line)
        yield _field_of(match["label"]), _trimmed(line[match.end() : end])


def _trimmed(value: str) -> str:
    """Return a value without the marks around it; a bracket goes when its partner stood outside."""
    bare = value.strip(_EDGE)
    balance = sum(map(bare.count, "(（")) - sum(map(bare.count, ")）"))
    if balance < 0:
        return bare.rstrip(")）")
    return bare.rstrip("(（ ") if balance > 0 else bare


def _field_of(label: str) -> str:
    bare = re.sub(r"\s+", "", label) if re.search(r"[\u4e00-\u9fff]", label) else label
    return _NAMES.get(bare.lower(), _NAMES.get(bare.lower().removesuffix(" on"), "other"))
