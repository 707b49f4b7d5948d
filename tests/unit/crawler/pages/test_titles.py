"""The title of an article."""

from __future__ import annotations

import pytest

from crawler.pages.dom import parse_page
from crawler.pages.metadata import read_metadata
from crawler.pages.titles import TitleClues, find_title, without_site


def title(
    page: str,
    *,
    selector: str = "",
    listed: str = "",
    labelled: str = "",
    lines: tuple[str, ...] = (),
    lead: tuple[str, ...] = (),
) -> str:
    """Return the title found on a page."""
    root = parse_page(page)
    assert root is not None
    clues = TitleClues(selector=selector, listed=listed, labelled=labelled, lines=lines, lead=lead)
    return find_title(root, read_metadata(root), clues)


@pytest.mark.parametrize(
    ("whole", "bare"),
    [
        ("数字人民币试点扩围_财经频道_某某网", "数字人民币试点扩围"),
        ("关于支持区块链的通知-某市人民政府办公室", "关于支持区块链的通知"),
        ("三年行动计划（2023-2025年）", "三年行动计划（2023-2025年）"),
        ("5-6月工业运行情况", "5-6月工业运行情况"),
        ("Rules for stablecoins – The Daily Post", "Rules for stablecoins"),
        ("State-backed chips | Tech News", "State-backed chips"),
        ("深度 | 元宇宙落地三问_某某网", "深度 | 元宇宙落地三问"),
        ("Chip rules - why the second draft matters", "Chip rules - why the second draft matters"),
        ("某某网", "某某网"),
        ("", ""),
    ],
)
def test_site_names_go(whole: str, bare: str) -> None:
    """Site and column names behind a title are cut off, and dashes inside titles are not."""
    assert without_site(whole) == bare


def test_named_site_goes() -> None:
    """A site that names itself is cut off though its name looks like nothing special."""
    assert without_site("A plan for chips-Zorblat", "Zorblat") == "A plan for chips"
    assert without_site("A plan for chips-Zorblat") == "A plan for chips-Zorblat"


def test_agreement_wins() -> None:
    """What several places say wins over one place that says something else."""
    page = (
        '<title>市政府发布元宇宙方案_要闻_某市</title><meta name="title" content="某市政府门户"><h1>某市人民政府</h1>'
        '<div class="title">市政府发布元宇宙方案</div>'
    )
    assert title(page) == "市政府发布元宇宙方案"


def test_heading_beats_a_cut_title_element() -> None:
    """The whole heading is preferred to its shortened copy."""
    page = "<title>关于推进区块链和隐私计算…</title><h1>关于推进区块链和隐私计算融合应用的通知</h1>"
    assert title(page) == "关于推进区块链和隐私计算融合应用的通知"


def test_line_break_in_a_chinese_heading() -> None:
    """A line break between Chinese characters is no space; one between words is."""
    assert title("<h1>关于印发《行动<br>计划》的通知</h1>") == "关于印发《行动计划》的通知"
    assert title("<h1>A plan for<br>quantum chips</h1>") == "A plan for quantum chips"


def test_selector_is_believed() -> None:
    """What the source's selector finds is the title; one that finds nothing is passed over."""
    page = "<title>Wrong</title><h1>Wrong</h1><p class='real'>Right words</p>"
    assert title(page, selector="p.real") == "Right words"
    assert title(page, selector="p.none") == "Wrong"


def test_list_decides_on_a_page_named_after_its_column() -> None:
    """When the page only names its column, the list's title is taken, unless it was shortened."""
    page = "<title>新闻动态_某学会</title>"
    assert title(page, listed="2026年年会在渝举行") == "2026年年会在渝举行"
    assert title(page, listed="2026年年会...") == "新闻动态"
    assert title(page, listed="2026年年会在渝举行", lines=("新闻动态", "2026年年会在渝举行")) == "2026年年会在渝举行"


def test_label_without_any_title_element() -> None:
    """A page without title element is named by its document table, else by its first line."""
    assert title("<p>x</p>", labelled="关于科技节水的复函") == "关于科技节水的复函"
    assert title("<p>x</p>", lead=("", "第一行")) == "第一行"
    assert title("<p>x</p>") == ""


def test_visible_head_of_the_title_element() -> None:
    """A site name of unknown shape goes when the page shows the title without it."""
    page = "<title>性能大增，一块顶十块-EDN 设计</title>"
    assert title(page, lines=("性能大增，一块顶十块",)) == "性能大增，一块顶十块"


def test_headings_that_are_lists_or_essays() -> None:
    """Boxes with title in their name that hold a menu or a whole text are no titles."""
    boxes = f"<div class='title'><ul><li>菜单一</li></ul></div><div class='tit'>{'长' * 400}</div><h1>!!</h1>"
    page = f"<title>短题在此</title>{boxes}"
    assert title(page) == "短题在此"


@pytest.mark.parametrize(
    ("page", "lines", "expected"),
    [
        ("<title>某省厅 通知公告 关于试点工作的通知</title>", ("关于试点工作的通知",), "关于试点工作的通知"),
        ("<title>某市人民政府_关于开展试点工作的通知</title>", ("关于开展试点工作的通知",), "关于开展试点工作的通知"),
        ("<title>Agency.example | Firm settles charges</title><h1>Firm settles charges</h1>",
         ("Firm settles charges",), "Firm settles charges"),
        ("<title>Ledger: Weekly note on audits</title><h1>Ledger</h1><h3 class=post-title>Weekly note on audits</h3>",
         ("Ledger", "Weekly note on audits"), "Weekly note on audits"),
        ("<title>新闻动态--某学会</title>", ("首页", "某学会年会在渝成功举行", "发布时间：2019-05-18 来源：某学会"),
         "某学会年会在渝成功举行"),
        ("<title>某某事件最新...</title><h2>评论（0）</h2>", ("评论（0）",), "某某事件最新..."),
        ("<title>深度 | 某市的算力账</title>", ("深度 | 某市的算力账",), "深度 | 某市的算力账"),
    ],
    ids=["site first", "site and bar", "agency", "blog", "above the date", "counter", "column kept"],
)  # fmt: skip
def test_what_is_no_title(page: str, lines: tuple[str, ...], expected: str) -> None:
    """Names of sites and columns in front, blogs' names, columns alone, and counters give way to the title."""
    assert title(page, lines=lines) == expected
