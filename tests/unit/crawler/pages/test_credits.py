"""Author, issuer and numbers."""

from __future__ import annotations

import pytest

from crawler.pages.credits import find_author, find_issuer, find_numbers
from crawler.pages.metadata import PageMetadata


def metadata(**metas: str) -> PageMetadata:
    """Return metadata with these meta tags."""
    return PageMetadata(metas={name: (content,) for name, content in metas.items()}, articles=(), title="")


def test_order_of_authors() -> None:
    """The selector comes first, then the author that the page names, then its source, its metas, and the list."""
    labels = {"author": "王五", "source": "某日报"}
    linked = PageMetadata(metas={}, articles=({"author": {"name": "Ann"}},), title="")
    assert find_author(labels, metadata(), selected="By Mara", header=[], listed="表") == "Mara"
    assert find_author(labels, linked, selected="", header=[], listed="表") == "王五"
    assert find_author({"source": "某日报"}, linked, selected="", header=[], listed="表") == "Ann"
    assert find_author({"source": "某日报"}, metadata(author="编"), selected="", header=[], listed="表") == "某日报"
    assert find_author({}, metadata(author="Mara"), selected="", header=[], listed="列表作者") == "Mara"
    assert find_author({}, metadata(contentsource="某网"), selected="", header=[], listed="") == "某网"
    assert find_author({}, metadata(), selected="", header=[], listed="列表作者") == "列表作者"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x",
        "105464",
        "未知",
        "admin",
        "name@site.example",
        "https://a.example",
        "见2023年报道",
        "长" * 100,
        "转载请注明",
        "甲：乙",
        "一句话。",
    ],
)
def test_nobody(name: str) -> None:
    """Numbers, addresses, sentences and what content systems fill in are nobody."""
    assert find_author({"author": name}, metadata(), selected="", header=[], listed="") == ""


@pytest.mark.parametrize(
    ("piece", "name"),
    [
        ("By Ann Lee", "Ann Lee"),
        ("By Ann Lee and Bo J. Chan | June 5", "Ann Lee and Bo J. Chan"),
        ("Written by Ann O'Neil 3 min read", "Ann O'Neil"),
        ("By the end of the year", ""),
        ("Ann Lee", ""),
    ],
)
def test_bylines(piece: str, name: str) -> None:
    """An English byline under the title names the author."""
    assert find_author({}, metadata(), selected="", header=["x", piece], listed="") == name


def test_brackets() -> None:
    """Brackets around a name go, those inside it stay."""
    assert find_author({"author": "（王五）"}, metadata(), selected="", header=[], listed="") == "王五"
    assert (
        find_author({"author": "数据中心（挂卡服务牌子）"}, metadata(), selected="", header=[], listed="")
        == "数据中心（挂卡服务牌子）"
    )


def test_issuer() -> None:
    """The issuing organ is the table's, else the meta tag's."""
    assert find_issuer({"issuer": "某市政府"}, metadata(issuer="别处")) == "某市政府"
    assert find_issuer({}, metadata(issuer="某局")) == "某局"
    assert find_issuer({"source": "某报"}, metadata()) == ""


def test_own_number_first() -> None:
    """The table's number comes first, then those that title and text name, each once."""
    body = ["根据国发〔2015〕40号和沪府办发〔2023〕10号，制定本计划。"]
    labels = {"number": "沪府办发﹝2023﹞10号"}
    assert find_numbers(labels, "", [], body) == ("沪府办发〔2023〕10号", "国发〔2015〕40号")


def test_number_alone_on_its_line() -> None:
    """Without a table, a number that stands alone above the text is the document's own."""
    body = ["沪府办发〔2023〕10号", "各区人民政府：", "根据国发〔2015〕40号，制定本计划。"]
    assert find_numbers({}, "转发国发〔2015〕40号的通知", [], body)[0] == "沪府办发〔2023〕10号"
    assert find_numbers({}, "", ["沪府办发〔2023〕10号"], body[1:])[0] == "沪府办发〔2023〕10号"
    assert find_numbers({}, "", [], ["没有文号的文字。"]) == ()
