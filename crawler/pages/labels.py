"""What a page says of its document to people: `发文机关：…`, `来源：…`, `文号 | …` in tables and header lines."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LABELS = {
    "title": "标题|公文标题|文件标题|信息名称|文件名称",
    "issuer": (
        "发文机关|发文机构|发文单位|制发机关|制定机关|发布机构|发布机关|发布单位|公开机构|公布机关|印发机关|颁布单位|發文機關|發布單位|發佈單位|發布機關"
    ),
    "number": "发文字号|文件编号|文件字号|公文字号|文号|发文文号|發文字號",
    "published": (
        "发布时间|发布日期|发表时间|发表日期|公开日期|公布日期|公开时间|公布时间|上传时间|更新时间|更新日期|日期|时间|"
        "發布時間|發布日期|發佈時間|發佈日期|Published(?: on)?|Posted(?: on)?|Updated(?: on)?|Date"
    ),
    "signed": "成文日期|成文时间|生成日期|印发日期|签发日期|发文日期",
    "source": "信息来源|文章来源|稿件来源|资料来源|資料來源|稿源|来源|來源|Source",
    "author": "作者|记者|撰文|文|作者信息|Author",
    "index": "索引号|信息索引号|索引号码|索取号|索引編號|Index No",
    "topic": "主题分类|主题类别|信息分类|文件分类|公文种类|信息类别|分类|體裁分類",
    "validity": "有效性|是否有效|时效性|时效|效力状态|文件状态|效力|文件有效性|状态",
    "abolished": "是否废止|是否失效",
    "effective": "生效日期|生效时间|施行日期|施行时间|实施日期|实施时间",
    "ends": "失效日期|失效时间|废止日期|废止时间|终止日期|有效期|有效期至|有效期限",
    "other": (
        "信息索引|主题词|体裁分类|组配分类|服务对象|关键词|浏览次数|浏览量|浏览字号|阅读次数|点击数|点击量|访问量|字体|字号|字体大小|"
        "分享|分享到|责任编辑|责编|编辑|编审|审核|语言|视力保护色|浏览|公开方式|公开属性|公开范围|信息格式|载体类型|名称"
    ),
}
"""Label words by the field they name; white space inside a label (`文　　号`) does not count."""
_NAMES = {word.replace("(?: on)?", "").lower(): field for field, words in _LABELS.items() for word in words.split("|")}
_ALTERNATIVES = "|".join(
    r"\s{0,8}".join(word) if re.fullmatch(r"[\u4e00-\u9fff]+", word) else word
    for word in sorted((word for words in _LABELS.values() for word in words.split("|")), key=len, reverse=True)
)
LABEL = re.compile(
    rf"(?:^|(?<=[\s|\[【(（　]))(?P<label>{_ALTERNATIVES})\s{{0,3}}(?:[:：|]|[】\]]|$)[\s|]{{0,6}}", re.IGNORECASE
)
"""A label at the head of a line or behind a space, bar or bracket, with what divides it from its value."""
_LONGEST = 500
"""Characters of a line above which it is prose, whatever it begins with."""
_LONGEST_VALUE = 120
"""Characters of a value that stands on a line of its own."""
_EDGE = " |[]【】,，;；"


def read_labels(lines: Iterable[str]) -> Mapping[str, str]:
    """Return the labelled values in lines, by the fields of `_LABELS`.

    The first value of a field counts. A value that stands alone on the line after its label is read too, and so is a
    row of values under a row of nothing but labels.
    """
    found: dict[str, str] = {}
    waiting: list[str] = []
    for line in lines:
        pairs = list(label_values(line))
        if waiting and not pairs:
            pairs = _values_under(waiting, line)
            waiting = []
        else:
            empty = [field for field, value in pairs if not value]
            waiting = empty if len(empty) == len(pairs) else [field for field, _ in pairs[-1:] if field in empty[-1:]]
        for field, value in pairs:
            if value:
                found.setdefault(field, value)
    return found


def _values_under(labels: Sequence[str], line: str) -> list[tuple[str, str]]:
    """Pair labels with what the line after them holds: one value, or a row with a cell for each label."""
    if len(labels) == 1:
        return [(labels[0], line)] if len(line) <= _LONGEST_VALUE else []
    cells = [_trimmed(cell) for cell in line.split(" | ")]
    return list(zip(labels, cells, strict=True)) if len(cells) == len(labels) else []


def label_values(line: str) -> Iterable[tuple[str, str]]:
    """Return the (field, value) pairs of one line in order; values may be empty."""
    if len(line) > _LONGEST:
        return
    matches = list(LABEL.finditer(line))
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
