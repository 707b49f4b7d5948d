"""YAML syntax: scalars of the 1.2 core schema, and every fault in words of its own."""

from __future__ import annotations

import pytest
import yaml

from config.yamlfile import parse_yaml
from config.yamlnodes import MAX_DEPTH, NodeBuilder, plain_scalar
from core.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("12", 12), ("-3", -3), ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0),
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("NO", "NO"), ("y", "y"),
        ("12:30", "12:30"), ("2023-06-13", "2023-06-13"), ("0x1F", "0x1F"), ("1_000", "1_000"),
        ("0 9 * * *", "0 9 * * *"), ("9" * 40, 1e40), ("tRue", "tRue"),
    ],
)  # fmt: skip
def test_only_what_yaml_1_2_calls_so_is_no_text(text: str, value: object) -> None:
    """Norway's code, times, dates and cron lines stay the text they are."""
    assert plain_scalar(text) == value
    assert type(plain_scalar(text)) is type(value)


def test_quotes_make_text() -> None:
    """A quoted, block or tagged scalar is text whatever it looks like."""
    text = "a: 'true'\nb: \"12\"\nc: |\n  null\nd: !!str 5\n"
    assert parse_yaml(text, name="f").data == {"a": "true", "b": "12", "c": "null\n", "d": "5"}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key `a` stands here twice, first in line 1; join the two"),
        ("a:\n\tb: 1\n", 2, "is indented or separated by a tab; use spaces"),
        ("a: b: c\n", 1, "a `: ` stands where no key can be; put quotes round the text, or check the indentation"),
        ("a: 1\nword\nb: 2\n", 2, "a key without its `:`; check this line and the one before it"),
        ("a:\n  b: 1\n c: 2\n", 3, "the indentation does not fit the lines above"),
        ("a: @x\n", 1, "a text that starts with @, ` or % needs quotes"),
        ("a: *x\n", 1, "no anchor of this name is complete above; put quotes round a text that starts with *"),
        ("a: &x [*x]\n", 1, "no anchor of this name is complete above; put quotes round a text that starts with *"),
        ("a: !!python/name:os.system ''\n", 1, "tags are not read; put quotes round a text that starts with !"),
        ("a: 1\n---\nb: 2\n", 3, "a second document (after `---`) is not read; keep one"),
        ("[a]: 1\n", 1, "a key must be a plain word; put quotes round a text that starts with [, { or *"),
        ("a: {<<: 1}\n", 1, "`<<` takes an anchored mapping, or a list of them"),
        ('a: "\\uD800"\n', 1, "has an escape in a quoted text that names no character"),
        ("a: 'x\n", 2, "is no valid YAML: found unexpected end of stream"),
        ("a: 1\nb: {c: ${D}}\n", 2, "inside { } or [ ] a text with ${…} needs quotes round it"),
        (f"a:\n {'[' * (MAX_DEPTH + 1)}", 2, f"is nested more than {MAX_DEPTH} levels deep"),
    ],
)
def test_each_syntax_fault_says_what_would_be_right(text: str, line: int, message: str) -> None:
    """The message names the line and, where one can be known, the cure."""
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, name="f.yaml")
    assert str(caught.value.problems[0]) == f"f.yaml:{line}: {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: \x01", "holds a control character, which YAML text may not"),
        ('a: "\\UFFFFFFFF"', "has an escape in a quoted text that names no character"),
    ],
)
def test_faults_without_a_line_name_the_file(text: str, message: str) -> None:
    """What the scanner cannot place is told for the whole file."""
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, name="f.yaml")
    assert str(caught.value) == f"f.yaml: {message}"


def test_several_refusals_are_told_together() -> None:
    """Faults that do not stop the scanner come all at once."""
    with pytest.raises(ConfigError) as caught:
        parse_yaml("a: 1\na: 2\nb: !x 1\nc: *gone\n", name="f.yaml")
    assert [problem.where for problem in caught.value.problems] == ["f.yaml:2", "f.yaml:3", "f.yaml:4"]


TRICKY = """\
# a comment
base: &base {a: 1, b: [x, 'y', "z\\u4e2d", ~], on: yes, n: '12', t: 2023-01-01}
more: {<<: *base, a: 2.5, text: |
    line
}
"""
BLOCK = """\
base: &base {a: 1, b: [x, 'y', "z\\u4e2d", ~], on: yes, n: '12', quoted: "true", plain: true}
more:
  <<: *base
  a: 2.5
  text: |
    two
    lines
  folded: >-
    one
    line
深圳: {方案: [人工智能, 1e3]}
"""


@pytest.mark.parametrize("text", [BLOCK, TRICKY, "", "a: {b: 1, b: 2}", "a: !x 1", "a: [1", "a: *nowhere"])
def test_both_parsers_give_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nodes, lines and faults do not depend on whether libyaml is there."""
    fast = NodeBuilder("f")
    with_libyaml = fast.build(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    slow = NodeBuilder("f")
    assert slow.build(text) == with_libyaml
    assert slow.problems == fast.problems
