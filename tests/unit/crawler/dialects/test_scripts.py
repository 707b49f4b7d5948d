"""Values in scripts, read without running them."""

from __future__ import annotations

import pytest

from crawler.dialects.scripts import assigned, count_in, meta_content, pairs, scripts


@pytest.mark.parametrize(
    "literal",
    [
        "{'webId':'149','tagId':'当前栏目','n':15,'inner':'{\"pageSize\":20}'}",
        '{"webId": "149", "tagId": "当前栏目", "n": 15, "inner": {"pageSize": 20}}',
        "{webId: '149', tagId: '当前栏目', n: 15, inner: '{\\'pageSize\\': 20}'}",
        "{&#39;webId&#39;:&#39;149&#39;,&#39;tagId&#39;:&#39;当前栏目&#39;,&quot;n&quot;:15,&quot;pageSize&quot;:&quot;20&quot;}",
    ],
)
def test_an_object_is_read_however_it_is_quoted(literal: str) -> None:
    """JSON, single quotes, bare keys and entities come to the same, inner objects included."""
    found = pairs(literal)
    assert {name: found[name] for name in ("webId", "tagId", "n", "pageSize")} == {
        "webId": "149",
        "tagId": "当前栏目",
        "n": "15",
        "pageSize": "20",
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("var SID = '755031';", "755031"),
        ('{"SID": "755031"}', "755031"),
        ("{SID:755031}", "755031"),
        ("sid=755031", "755031"),
        ("mySID = '1'; data-SID='2'", ""),
        ("SID: {}", ""),
    ],
)
def test_a_name_is_given_a_value_in_many_ways(text: str, value: str) -> None:
    """Assignments, members and attributes count; longer names do not."""
    assert assigned(text, "SID") == value


def test_a_meta_element_is_found_by_its_name() -> None:
    """The order of attributes and the case of the name do not count."""
    text = '<meta charset="utf-8"><meta content="a&amp;1" name="ChannelId"/>'
    assert meta_content(text, "channelid") == "a&1"
    assert meta_content(text, "other") == ""


def test_scripts_are_those_with_content() -> None:
    """Scripts that only point to a file have none."""
    assert scripts("<script src='a.js'></script><SCRIPT type='text/javascript'>var a</SCRIPT>") == ["var a"]


@pytest.mark.parametrize(("text", "count"), [("12", 12), ("", None), ("-1", None), ("٣", None), ("9" * 5_000, None)])
def test_a_count_is_a_sane_number(text: str, count: int | None) -> None:
    """Digits of other scripts and endless ones count nothing."""
    assert count_in(text) == count
