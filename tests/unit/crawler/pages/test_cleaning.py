"""Lines that are not an article's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.boilerplate import KEEP
from crawler.pages.cleaning import clean_lines, is_advert

PROSE = [f"这是正文的第{n}句话，讲的是政策本身，后面还有内容。" for n in range(8)]

STRAY = [
    "Wood Profits Banner>", "Wood Profits Banner", "Trade now >>", "Advertisement", "ADVERTISEMENT",
    "Sponsored by Acme Exchange", "Promoted content", "广告", "[广告]", "广告：买一送一", "图片广告", "推广链接",
    "Story continues below advertisement", "【打印】 【关闭】", "打印本页 | 关闭窗口", "分享到：微信 微博 QQ空间",
    "字体：大 中 小", "扫一扫在手机打开当前页", "浏览次数：1024", "返回顶部", "Share Tweet Email", "Copy link",
    "Print this page", "相关阅读", "相关链接：", "延伸阅读：元宇宙是什么", "上一篇：关于开展检查的通知", "下一篇",
    "Read more: Hong Kong opens its doors", "Related posts", "Recommended for you", "More from Chain Gazette",
    "You may also like", "Don't miss these stories", "Trending", "点击查看更多", "Subscribe to our newsletter",
    "Sign up for the Daily Brief and never miss a story in your inbox.",
    "By subscribing you agree to our privacy policy.", "We use cookies to improve this site.", "© 2023 Chain Gazette",
    "All rights reserved", "Join our Telegram channel", "Follow us on X", "Download our app", "下载某某APP查看全文",
    "关注某某微信公众号", "扫码订阅", "版权所有 某市人民政府", "未经授权不得转载",
]  # fmt: skip

OWN = [
    "第二章 广告内容准则", "Banner year for chipmakers", "相关政策措施落实情况", "Related party transactions",
    "三、保障措施", "上海市人民政府办公厅", "2023年5月30日", "附件：1.任务分工表", "附件1 下载", "（此件公开发布）",
    "指标 | 2022年 | 2025年", "1 | 2 | 3", "2025", "推广区块链应用", "Three sites, one ring", "打印设备补贴",
    "Sponsored research", "联系人：张三", "Subscription prices", "订阅服务备案", "扫码支付规范",
    "Read more widely, the plan suggests.",
]  # fmt: skip


@pytest.mark.parametrize("line", STRAY)
def test_stray_lines_go(line: str) -> None:
    """Controls, teasers, boxes and adverts go, in the middle of a text and at its end."""
    assert clean_lines([*PROSE, line, *PROSE]) == [*PROSE, *PROSE]
    assert clean_lines([*PROSE, line]) == PROSE


@pytest.mark.parametrize("line", OWN)
def test_own_lines_stay(line: str) -> None:
    """Headings, signatures, dates, table rows and attachments stay, in the middle of a text and at its end."""
    assert clean_lines([*PROSE, line, *PROSE]) == [*PROSE, line, *PROSE]
    assert clean_lines([*PROSE, line]) == [*PROSE, line]


@pytest.mark.parametrize(
    "line", ["责任编辑：李四", "来源：某日报 作者：王五", "Tags: web3, shanghai", "Source: Chain Gazette", "编辑：赵六"]
)
def test_credits_go_at_the_edges(line: str) -> None:
    """Credits go at both ends of a text, and stay in its middle, where they may be content."""
    assert clean_lines([line, *PROSE]) == PROSE
    assert clean_lines([*PROSE, line]) == PROSE
    assert line in clean_lines([*PROSE, line, *PROSE])


@pytest.mark.parametrize("line", ["2023年06月15日 10:08 来源：某网", "首页 > 政务公开 > 文件", "当前位置：首页"])
def test_datelines_go_at_the_top(line: str) -> None:
    """The date with its time, and the way through the site, go from the top of a text."""
    assert clean_lines([line, *PROSE]) == PROSE


def test_titles_under_a_teaser() -> None:
    """The titles of other articles under their heading go, up to the next sentence or attachment."""
    teaser = ["相关阅读", "一图看懂行动计划", "专家解读行动计划"]
    assert clean_lines([*PROSE, *teaser]) == PROSE
    assert clean_lines([*PROSE, *teaser, *PROSE]) == [*PROSE, *PROSE]
    assert clean_lines([*PROSE, *teaser, "附件：名单", "某市政府"]) == [*PROSE, "附件：名单", "某市政府"]


@pytest.mark.parametrize(
    ("line", "cleaned"),
    [
        ("A first review follows in 2024. Wood Profits Banner>", "A first review follows in 2024."),
        ("A first review follows in 2024. Advertisement", "A first review follows in 2024."),
        ("整顿仍将持续。返回首页>>", "整顿仍将持续。"),
        ("The banner was green. The Star Banner is a paper.", "The banner was green. The Star Banner is a paper."),
    ],
)
def test_glued_adverts(line: str, cleaned: str) -> None:
    """An advert's name behind the last sentence of a paragraph goes, and the paragraph stays."""
    assert clean_lines([line]) == [cleaned]


def test_long_lines_are_no_adverts() -> None:
    """A long line is prose, and an attachment is one, though it ends in an arrow."""
    assert not is_advert("word " * 20 + ">")
    assert not is_advert("附件：名单>")


@given(st.lists(st.one_of(st.sampled_from([*STRAY, *OWN, *PROSE]), st.text(max_size=40)), max_size=30))
def test_laws(lines: list[str]) -> None:
    """Cleaning twice changes nothing, adds nothing, keeps the order, and never drops an attachment."""
    cleaned = clean_lines(lines)
    assert clean_lines(cleaned) == cleaned
    rest = iter(lines)
    assert all(any(line.startswith(kept) for line in rest) for kept in cleaned)
    assert sum(1 for line in lines if KEEP.match(line)) == sum(1 for line in cleaned if KEEP.match(line))


@pytest.mark.parametrize(
    "head",
    [
        ["■ 本报记者 钱某 《某日报》（ 2024年05月16日 第 03 版）"],
        ["某月2024-08-19 09:00"],
        ["赵某", "2023年09月06日05:42 来源：某报"],
        ["日期：114-08-28資料來源：新聞傳播處"],
        ["今天 14:05"],
        ["直播时间：2024年6月20日 14:30"],
    ],
)
def test_headers_go(head: list[str]) -> None:
    """A line of date, source and names above the first sentence is not the article's, nor is the name above it."""
    own = "某市政府办公厅印发行动计划，提出建设公共服务平台。"
    assert clean_lines([*head, own, own]) == [own, own]


@pytest.mark.parametrize(
    "first",
    [
        "（2024年3月18日某市人民政府令第88号公布）",
        "某府发〔2024〕3号",
        "2024年3月18日",
        "2024年3月18日下午，市政府召开常务会议研究部署下一阶段工作，听取有关部门汇报并作出安排",
    ],
)
def test_first_lines_of_decrees_stay(first: str) -> None:
    """What a decree says of its own date, and a number, is its text."""
    lines = [first, "各区人民政府：", "现将《某市行动计划》印发给你们，请认真贯彻执行。"]
    assert clean_lines(lines) == lines
