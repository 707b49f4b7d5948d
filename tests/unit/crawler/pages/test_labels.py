"""Labelled values in tables and header lines."""

from __future__ import annotations

import pytest

from crawler.pages.labels import label_values, read_labels


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        (
            "发文字号： | 沪府办发〔2023〕10号 | 发布日期： | 2023年06月15日",
            [("number", "沪府办发〔2023〕10号"), ("published", "2023年06月15日")],
        ),
        ("文　　号 | 国发〔2019〕4号", [("number", "国发〔2019〕4号")]),
        (
            "索 引 号：AA2023-06-00417 成文日期：2023年5月30日",
            [("index", "AA2023-06-00417"), ("signed", "2023年5月30日")],
        ),
        (
            "发布时间：2023-06-15 10:08 来源：市政府办公厅 字体：大 中 小",
            [("published", "2023-06-15 10:08"), ("source", "市政府办公厅"), ("other", "大 中 小")],
        ),
        ("[来源：新华社]", [("source", "新华社")]),
        ("（来源：新华社）", [("source", "新华社")]),
        ("发布机构：某局（挂某办牌子）", [("issuer", "某局（挂某办牌子）")]),
        ("来源：某报（时间：2023-06-15）", [("source", "某报"), ("published", "2023-06-15")]),
        ("By Ann | Published: May 3, 2023", [("published", "May 3, 2023")]),
        ("Published on: 3 May 2023", [("published", "3 May 2023")]),
        ("外文来源可靠性研究：一个综述", []),
        ("责任编辑：张三", [("other", "张三")]),
        ("作者：" + "长" * 600, []),
    ],
)
def test_lines(line: str, pairs: list[tuple[str, str]]) -> None:
    """Values end where the next label begins; words inside sentences are no labels."""
    assert list(label_values(line)) == pairs


def test_first_value_counts() -> None:
    """A field keeps its first value that is not empty."""
    assert read_labels(["来源：", "来源：甲", "来源：乙"])["source"] == "甲"


def test_value_on_the_next_line() -> None:
    """A value may stand alone on the line after its label."""
    assert read_labels(["发文机关：", "某市人民政府", "其他"]) == {"issuer": "某市人民政府"}
    assert read_labels(["发文机关：", "长" * 200]) == {}


def test_rows_of_labels_and_values() -> None:
    """A row of labels gives its fields to the row under it when both have as many cells; else nothing is guessed."""
    labels = "索引号 | 发文字号 | 发布日期"
    assert read_labels([labels, "AA-1 | 沪府办发〔2023〕10号 | 2023-06-15"]) == {
        "index": "AA-1",
        "number": "沪府办发〔2023〕10号",
        "published": "2023-06-15",
    }
    assert read_labels([labels, "AA-1 | 2023-06-15"]) == {}
