"""Layers: what lies over what, and where each value was written."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from config.layers import Origin, Tree, merge, tree_of
from config.yamlfile import parse_yaml

KEYS = st.sampled_from(["a", "b", "c"])
DATA = st.recursive(
    st.dictionaries(KEYS, st.integers(0, 3), max_size=3), lambda below: st.dictionaries(KEYS, below, max_size=3)
)


def tree(text: str, name: str = "f") -> Tree:
    """Return a text as a tree."""
    return tree_of(parse_yaml(text, name=name), folder=Path("conf"))


def test_mappings_are_joined_and_the_rest_is_replaced() -> None:
    """A layer changes the keys it names; lists are replaced as a whole."""
    merged = merge(tree("a: {x: 1, y: [1, 2]}\nb: 1\n"), tree("a: {y: [3]}\nc: 2\n"))
    assert merged.data == {"a": {"x": 1, "y": [3]}, "b": 1, "c": 2}


def test_each_value_remembers_the_layer_it_came_from() -> None:
    """Origins follow the values, with the folder their relative paths start from."""
    merged = merge(tree("a:\n  x: 1\n  y: 2\n", "low"), tree("a: {y: 3}\n", "high"))
    assert merged.origin(("a", "x")) == Origin(where="low:2", folder=Path("conf"), expand=True)
    assert merged.origin(("a", "y")).where == "high:1"
    assert merged.origin(("a", "gone")).where == "high:1"
    assert merged.origin(("nowhere",)).where == "high"


def test_a_tree_without_a_file_still_names_something() -> None:
    """A problem of a value that nobody wrote is one of the configuration."""
    assert Tree().origin(("x",)).where == "configuration"


def test_a_secret_and_its_file_form_replace_each_other() -> None:
    """A higher layer may give a secret in the other form without a conflict."""
    assert merge(tree("url: a\n"), tree("url_file: b\n")).data == {"url_file": "b"}
    assert merge(tree("url_file: a\n"), tree("url: b\n")).data == {"url": "b"}
    assert merge(tree(""), tree("url: a\nurl_file: b\n")).data == {"url": "a", "url_file": "b"}


def test_below_cuts_out_a_mapping_with_its_origins() -> None:
    """A part of a file can be worked on as if it were one."""
    part = tree("a:\n  x: 1\nb: 2\n").below("a")
    assert part.data == {"x": 1}
    assert part.origin(("x",)).where == "f:2"
    assert part.origin(()).where == "f:1"
    assert tree("b: 2\n").below("b").data == {}


@given(DATA, DATA)
def test_nothing_of_the_upper_layer_is_lost(low: dict[str, object], high: dict[str, object]) -> None:
    """Laying a layer over again changes nothing, and an empty one leaves all as it was."""
    merged = merge(Tree(low), Tree(high))
    assert merge(merged, Tree(high)).data == merged.data
    assert merge(Tree(low), Tree()).data == low
    assert merge(Tree(), Tree(high)).data == high
    assert set(merged.data) == set(low) | set(high)
