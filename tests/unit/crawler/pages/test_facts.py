"""What pages say of documents in their own tables, in every layout of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from core.item import DocumentFacts, Validity
from crawler.pages.facts import find_facts, labels_outside
from crawler.pages.metadata import PageMetadata
from crawler.pages.published import DateContext

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Article

CONTEXT = DateContext(zone="Asia/Shanghai", now=datetime(2026, 11, 25, tzinfo=UTC))
NOTHING = PageMetadata(metas={}, articles=(), title="")
BODY = "<h1>某市区块链办法</h1><div id=zoom>" + "<p>为促进区块链产业发展，制定本办法，请遵照执行。</p>" * 5 + "</div>"
LAYOUTS = {
    "two columns": "<table><tr><td>索 引 号</td><td>AA-2023-7</td></tr><tr><td>主题分类</td><td>科技</td></tr>"
    "<tr><td>成文日期</td><td>2023年5月30日</td></tr><tr><td>有效性</td><td>有效</td></tr></table>",
    "four columns": "<table><tr><th>索引号：</th><td>AA-2023-7</td><th>主题分类：</th><td>科技</td></tr>"
    "<tr><th>成文日期：</th><td>2023-05-30</td><th>是否有效：</th><td>是</td></tr></table>",
    "header row": "<table><tr><th>索引号</th><th>主题分类</th><th>成文日期</th><th>有效性</th></tr>"
    "<tr><td>AA-2023-7</td><td>科技</td><td>2023-05-30</td><td>现行有效</td></tr></table>",
    "definitions": "<dl><dt>索引号：</dt><dd>AA-2023-7</dd><dt>主题分类：</dt><dd>科技</dd><dt>成文日期：</dt>"
    "<dd>二〇二三年五月三十日</dd><dt>时效性：</dt><dd>有效</dd></dl>",
    "list": "<ul><li><b>索引号：</b>AA-2023-7</li><li><b>主题分类：</b><span>科技</span></li>"
    "<li><b>成文日期：</b>2023年05月30日</li><li><b>效力状态：</b>有效</li></ul>",
    "paragraph": "<p>索引号：AA-2023-7　主题分类：科技　成文日期：2023年5月30日　有效性：有效</p>",
    "brackets": "<div>【索引号】AA-2023-7</div><div>[主题分类] 科技</div><div>【成文日期】2023.05.30</div>"
    "<div>【有效性】有效</div>",
    "boxes": "<div><div>索引号</div><div>AA-2023-7</div></div><div><div>主题分类</div><div>科技</div></div>"
    "<div><div>成文日期</div><div>2023-05-30</div></div><div><div>有效性</div><div>有效</div></div>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("order", ["above", "below"])
def test_layouts(read: Callable[..., Article], layout: str, order: str) -> None:
    """The same facts are read from every layout, above the title and behind the text."""
    box = f"<div class=info>{LAYOUTS[layout]}</div>"
    article = read(f"<body>{box}{BODY}</body>" if order == "above" else f"<body>{BODY}{box}</body>")
    assert article.facts == DocumentFacts(
        index_number="AA-2023-7", topic_class="科技", written_on=date(2023, 5, 30), validity=Validity.EFFECTIVE
    )


@pytest.mark.parametrize(
    ("field", "value", "validity"),
    [
        ("validity", "已废止", Validity.ABOLISHED),
        ("validity", "失效", Validity.ABOLISHED),
        ("validity", "全文废止", Validity.ABOLISHED),
        ("validity", "部分失效", Validity.AMENDED),
        ("validity", "已被修改", Validity.AMENDED),
        ("validity", "尚未施行", Validity.NOT_YET),
        ("validity", "否", Validity.ABOLISHED),
        ("validity", "是", Validity.EFFECTIVE),
        ("validity", "自发布之日起三十日后", None),
        ("validity", "有效" * 30, None),
        ("abolished", "是", Validity.ABOLISHED),
        ("abolished", "否", Validity.EFFECTIVE),
    ],
)
def test_validity(field: str, value: str, validity: Validity | None) -> None:
    """The words of the table tell whether a document is in force; other words tell nothing."""
    facts = find_facts({field: value}, title="某办法", notes=(), metadata=NOTHING, context=CONTEXT)
    assert (facts.validity if facts else None) == validity


@pytest.mark.parametrize(
    ("title", "note", "gone"),
    [
        ("某市区块链办法（已废止）", "", True),
        ("【已失效】某市区块链办法", "", True),
        ("某市区块链办法", "本文件已废止", True),
        ("某市区块链办法", "【已失效】", True),
        ("某市区块链办法", "此规范性文件已于2024年1月1日废止。", True),
        ("关于废止部分规范性文件的决定", "下列文件已废止：", False),
        ("某市宣布失效文件目录", "同时废止《某市暂行办法》", False),
    ],
)
def test_stamps(title: str, note: str, gone: bool) -> None:
    """A stamp in the title or on a line of its own counts; a decision that abolishes others is in force itself."""
    facts = find_facts({}, title=title, notes=(note,), metadata=NOTHING, context=CONTEXT)
    assert (facts == DocumentFacts(validity=Validity.ABOLISHED)) is gone
    assert gone or facts is None


def test_a_picture_says_it(read: Callable[..., Article]) -> None:
    """A picture of a stamp says what its description says."""
    article = read(f"<body><img src='stamp.png' alt='已废止'>{BODY}</body>")
    assert article.facts == DocumentFacts(validity=Validity.ABOLISHED)


@pytest.mark.parametrize(
    ("field", "value", "days"),
    [
        ("effective", "2023年7月1日", (date(2023, 7, 1), None)),
        ("ends", "2028-06-30", (None, date(2028, 6, 30))),
        ("ends", "自2023年7月1日至2028年6月30日", (None, date(2028, 6, 30))),
        ("ends", "五年", (None, None)),
        ("ends", "2028年6月31日", (None, None)),
        ("effective", "发布之日", (None, None)),
    ],
)
def test_days(field: str, value: str, days: tuple[date | None, date | None]) -> None:
    """Days may lie years ahead; of a span the last one ends it, and lengths of time are no days."""
    facts = find_facts({field: value}, title="", notes=(), metadata=NOTHING, context=CONTEXT)
    assert ((facts.effective_on, facts.ends_on) if facts else (None, None)) == days


def test_meta_tags() -> None:
    """What the table does not say is taken from meta tags."""
    metadata = PageMetadata(metas={"indexno": ("AA-9",), "ztfl": ("金融",)}, articles=(), title="")
    facts = find_facts({"index": "长" * 99}, title="", notes=(), metadata=metadata, context=CONTEXT)
    assert facts == DocumentFacts(index_number="AA-9", topic_class="金融")


def test_the_article_is_no_table() -> None:
    """Labels in the article's own sentences are not the page's."""
    assert labels_outside(["有效期：五年", "分类：科技"], ["有效期：五年"]) == {"topic": "科技"}
