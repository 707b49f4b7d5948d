"""Paths into JSON."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.lists.jsonpath import PathError, find_all, find_words

DOCUMENT = {
    "code": 0,
    "data": {
        "rows": [{"item": {"id": 1, "name": "甲"}}, {"item": {"id": 2, "name": ""}}, {"other": True}],
        "none": [],
        "byClass": {"a": [1, 2], "b": [3]},
        "packed": '{"list": [{"t": "内"}, {"t": "外"}]}',
        "tags": ["x", None, "y", ["z"]],
        "flag": True,
        "ratio": 1.5,
        "null": None,
    },
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$", [DOCUMENT]),
        ("code", [0]),
        ("$.code", [0]),
        ("data.rows[0].item.name", ["甲"]),
        ("data.rows[-1].other", [True]),
        ("data.rows[*].item.id", [1, 2]),
        ("$.data.none[*]", []),
        ("data.none[*].x.y", []),
        ("data.none[0].x", []),
        ("data.byClass[*][*]", [1, 2, 3]),
        ("data.packed.list[*].t", ["内", "外"]),
        ("nothing | data.byClass.b[*]", [3]),
    ],
)
def test_paths_lead_to_values(path: str, values: list[object]) -> None:
    """Keys, indexes, stars over lists and objects, JSON inside strings and alternatives are followed in order."""
    assert find_all(DOCUMENT, path) == values


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("data.list[*]", "nothing at $.data.list: $.data is an object with rows, none, byClass"),
        ("data.rows[9]", "nothing at $.data.rows[9]: $.data.rows is a list of 3"),
        ("data.null.x", "$.data.null is null"),
        ("data.null[*]", "$.data.null is null"),
        ("code.x", "$.code is the value 0"),
        ("data.rows[0].item.name.x", "is a text"),
        ("a | b", "nothing at $.a: $ is an object with code, data; nothing at $.b"),
        ("data[", "data[ is no path, at character 4"),
    ],
)
def test_a_path_that_leads_nowhere_says_what_is_there(path: str, said: str) -> None:
    """The message names how far the path went and what was found instead."""
    with pytest.raises(PathError) as caught:
        find_all(DOCUMENT, path)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("code", "0"),
        ("data.ratio", "1.5"),
        ("data.rows[*].item.name", "甲"),
        ("data.rows[1].item.name | data.rows[0].item.name", "甲"),
        ("data.null | code", "0"),
        ("missing | code", "0"),
        ("data.tags", "x, y"),
        ("data.flag", ""),
        ("data.rows", ""),
        ("missing", ""),
        ("", ""),
    ],
)
def test_words_are_scalars(path: str, words: str) -> None:
    """A field is the first non-empty scalar that a path or its alternatives give; nothing else counts."""
    assert find_words(DOCUMENT, path) == words


def test_strings_that_are_no_json_stay_strings() -> None:
    """A path that goes on inside an ordinary string leads nowhere."""
    assert find_words({"a": "{not json"}, "a.b | a") == "{not json"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=8,
)


@given(values, st.text(alphabet="ab.[]0*$ |-", max_size=12))
def test_any_path_finds_or_says_that_it_does_not(document: object, path: str) -> None:
    """No path raises anything but PathError, whatever the document; `find_words` never raises."""
    with contextlib.suppress(PathError):
        find_all(document, path)
    find_words(document, path)
