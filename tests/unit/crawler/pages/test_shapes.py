"""Whole small pages in the shapes that sites have, with what is hard about each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Article

ZH = [f"{n}、各地要结合实际推进区块链、人工智能和元宇宙的应用，做好安全评估和保障工作。" for n in range(6)]
EN = [
    f"Part {n} of the plan for quantum chips was published by the commission on Monday, officials said."
    for n in range(6)
]
NAV = "<ul>" + "".join(f'<li><a href="/{n}">Menu {n}</a></li>' for n in range(20)) + "</ul>"
CARDS = "".join(
    f'<div class="card"><a href="/c{n}"><h3>Bitcoin jumps {n} percent as traders bet on a cut</h3></a>'
    f"<p>The largest token rose on Tuesday after data showed inflation cooling, analysts told reporters.</p>"
    f"<span>June {n + 1}, 2023</span></div>"
    for n in range(12)
)
ROWS = "".join(f'<li><a href="/{n}">另一条新闻的题目之{n}号</a> 2023-06-{n + 10}</li>' for n in range(10))


def story(lines: list[str]) -> str:
    """Return lines as paragraphs."""
    return "".join(f"<p>{line}</p>" for line in lines)


CASES = {
    "wordpress page builder": (
        f"""<title>A plan for chips - CoinPaper</title><body>{NAV}
        <div class="elementor-widget elementor-widget-theme-post-title"><h1>A plan for chips</h1></div>
        <div class="elementor-widget">June 15, 2023 10:08 am by Bob Lee</div>
        <div class="elementor-widget elementor-widget-theme-post-content"><div>{story(EN)}
        <p><strong>Also read:</strong> <a href="/z">Some other story here</a></p></div></div>{CARDS}""",
        "A plan for chips", "2023-06-15 18:08", "", EN,
    ),
    "generated class names and glued byline": (
        f"""<title>Rules land | The Chain</title><body><div id="__next"><header>{NAV}</header><main><div class="css-1">
        <h1 class="css-2">Rules land</h1><div class="css-3"><span>By Ann Bo</span><span>Jun 15, 2023, 10:08 AM</span>
        </div><div class="css-4">{story(EN)}</div><div class="css-9"><h4>Sign up for The Daily</h4>
        <p>Get the news in your inbox every weekday.</p></div></div><div class="css-7">{CARDS}</div></main>""",
        "Rules land", "2023-06-15 18:08", "Ann Bo", EN,
    ),
    "one sentence in a known container": (
        f"""<title>区块链座谈会召开</title><body>{NAV}<h2>区块链座谈会召开</h2><div>发布时间：2023-06-15 浏览：12</div>
        <div id="zoom">{story(ZH[:1])}</div><div>【打印】【关闭】</div><div>{CARDS}</div>""",
        "区块链座谈会召开", "2023-06-15 00:00", "", ZH[:1],
    ),
    "one sentence beside a long list of dated links": (
        f"""<title>区块链座谈会召开</title><body>{NAV}<div><h2>区块链座谈会召开</h2><div>发布时间：2023-06-15</div>
        <div class="nr">{story(ZH[:1])}</div></div><div class="side"><ul>{ROWS}</ul></div>""",
        "区块链座谈会召开", "2023-06-15 00:00", "", ZH[:1],
    ),
    "hong kong press release": (
        f"""<html lang="zh-HK"><title>政府推出穩定幣沙盒</title><body>{NAV}<div id="contentBody">
        <span>政府推出穩定幣沙盒</span><div>*************</div><span id="pressrelease">
        香港金融管理局今日宣布推出穩定幣發行人沙盒，讓機構測試其計劃，並了解監管要求。<br><br>
        參與機構名單將於稍後公布，當局會按情況檢討有關安排，確保金融穩定。</span>
        <div>完／2023年6月5日（星期一）<br>香港時間16時30分</div><div>NNNN</div></div>""",
        "政府推出穩定幣沙盒", "2023-06-05 16:30", "",
        ["香港金融管理局今日宣布推出穩定幣發行人沙盒，讓機構測試其計劃，並了解監管要求。",
         "參與機構名單將於稍後公布，當局會按情況檢討有關安排，確保金融穩定。",
         "完／2023年6月5日（星期一）", "香港時間16時30分"],
    ),
    "layout tables and a title element that names the site": (
        f"""<html><head><title>某部网站</title></head><body><table><tr><td>{NAV}</td></tr><tr><td><table>
        <tr><td class="title">关于加强算法治理的通知</td></tr><tr><td>2023年06月15日　来源：某部信息中心</td></tr>
        <tr><td>{story(ZH)}</td></tr></table></td></tr><tr><td>版权所有 某部</td></tr></table>""",
        "关于加强算法治理的通知", "2023-06-15 00:00", "某部信息中心", ZH,
    ),
    "line breaks for paragraphs": (
        f"""<title>数字货币试点_某网</title><body>{NAV}<h1>数字货币试点</h1><div class="time">2023-06-15 10:08</div>
        <div class="content">　　{"<br><br>　　".join(ZH)}</div>""",
        "数字货币试点", "2023-06-15 10:08", "", ZH,
    ),
    "table of names and an attachment": (
        f"""<title>公示_某局</title><body>{NAV}<div><h1>公示</h1><p>2023-06-15</p>
        <div class="nr">{story(ZH[:2])}
        <table><tr><td>1</td><td>甲公司</td></tr><tr><td>2</td><td>乙公司</td></tr></table><p>某市科学技术委员会</p>
        <p>2023年6月14日</p><p>附件：<a href="/a.xlsx">名单.xlsx</a></p></div></div>""",
        "公示", "2023-06-15 00:00", "",
        [*ZH[:2], "1 | 甲公司", "2 | 乙公司", "某市科学技术委员会", "2023年6月14日", "附件：名单.xlsx"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_shape(read: Callable[..., Article], name: str) -> None:
    """Title, time in China, author and every line of the text are read, and nothing else."""
    page, title, time, author, lines = CASES[name]
    article = read(page)
    assert article.published is not None
    shown = article.published.at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")
    assert (article.title, shown, article.author) == (title, time, author)
    assert article.text.split("\n") == lines
