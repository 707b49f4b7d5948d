"""JSON with what sites wrap around it."""

from __future__ import annotations

import pytest

from core.errors import ListParseError
from crawler.lists.jsontext import parse_json


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1]}',
        '  {"a": [1]} \n',
        '{"a": [1]};',
        'callback({"a": [1]});',
        'jQuery1102_169({"a": [1]})',
        '/**/ cb && cb({"a": [1]})'.replace("cb && ", ""),
        'window["cb"]({"a": [1]});',
        'var data = {"a": [1]}; var more = 1;',
        'channel.list={"a": [1]}',
        ')]}\',\n{"a": [1]}',
        'for(;;);{"a": [1]}',
    ],
)
def test_wrappers_are_passed_over(text: str) -> None:
    """JSONP calls, assignments and guards around JSON do not matter."""
    assert parse_json(text) == {"a": [1]}


def test_line_breaks_inside_strings_are_taken() -> None:
    """Raw control characters in strings, which hand-made JSON holds, are no fault."""
    assert parse_json('["a\nb"]') == ["a\nb"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": ', "broken JSON at character"),
        ("", "broken JSON at character 0"),
        ("<html>", "broken JSON at character 0"),
        ("[1] [2]", "other text behind it"),
        ("[" * 100_000, "nests too deep"),
        ("[" + "1" * 5_000 + "]", "a number too long"),
    ],
)
def test_what_is_no_json_is_a_list_error(text: str, said: str) -> None:
    """The message says where the JSON breaks."""
    with pytest.raises(ListParseError, match=said):
        parse_json(text, url="https://a.cn/")
