"""References: `${NAME}` and secret files, and that no secret shows in a fault."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.layers import Origin, Resolved, Tree, tree_of
from config.references import resolve
from config.yamlfile import parse_yaml

SECRETS = frozenset({("database",), ("channels", "*", "url")})


def filled(text: str, *, folder: Path = Path(), **environ: str) -> Resolved:
    """Return a text with its references filled in."""
    return resolve(tree_of(parse_yaml(text, name="f"), folder=folder), environ=environ, secrets=SECRETS)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${A}", "x"),
        ("a${A}b${A}c", "axbxc"),
        ("${GONE:-fallback}", "fallback"),
        ("${EMPTY:-fallback}", "fallback"),
        ("${GONE:-}", ""),
        ("${A:-fallback}", "x"),
        ("$${A}", "${A}"),
        ("$$${A}", "$${A}"),
        ("$A $5 $", "$A $5 $"),
        ("${GONE:-a:-b}", "a:-b"),
    ],
)
def test_references_are_filled_in(text: str, value: str) -> None:
    """`${A}` is the variable, `:-` a fallback for one unset or empty, `$${` the characters, a lone `$` itself."""
    found = filled(f"key: '{text}'", A="x", EMPTY="")
    assert found.problems == ()
    assert found.tree.data == {"key": value}


def test_references_are_filled_in_at_any_depth() -> None:
    """Lists and mappings are gone through; other values stay as they are."""
    found = filled("a: {b: ['${A}', 2, true]}", A="x")
    assert found.tree.data == {"a": {"b": ["x", 2, True]}}
    assert found.templates == {("a", "b", 0): "${A}"}
    assert found.names == {"A"}


def test_an_escape_alone_is_no_reference() -> None:
    """A value whose only `${` is escaped was not filled in from anywhere."""
    assert filled("key: '$${A}'").templates == {}


def test_what_the_environment_set_is_taken_as_it_is() -> None:
    """A password from a variable may hold `${` and means it."""
    tree = Tree({"key": "${A}"}, {("key",): Origin(where="HONGTOU_KEY")})
    assert resolve(tree, environ={}).tree.data == {"key": "${A}"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${GONE}", "needs the environment variable GONE, which is not set"),
        ("${EMPTY}", "needs the environment variable EMPTY, which is empty"),
        ("${}", "has a `${` that begins no ${NAME}; write `$${` for the characters themselves"),
        ("${A", "has a `${` that begins no ${NAME}; write `$${` for the characters themselves"),
        ("${A-b}", "has a `${` that begins no ${NAME}; write `$${` for the characters themselves"),
    ],
)
def test_a_reference_that_cannot_be_filled_is_told(text: str, message: str) -> None:
    """The fault names key and variable."""
    found = filled(f"\nkey: '{text}'", EMPTY="", A="secret")
    assert [str(problem) for problem in found.problems] == [f"f:2: key: {message}"]
    assert ("key",) in found.failed


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    """`url_file` is relative to the configuration file; a byte-order mark and the last newline do not count."""
    (tmp_path / "slack").write_bytes(b"\xef\xbb\xbfslack://a/b/c \r\n")
    found = filled("channels: {desk: {url_file: slack}}", folder=tmp_path)
    assert found.problems == ()
    assert found.tree.data == {"channels": {"desk": {"url": "slack://a/b/c "}}}
    assert found.templates == {("channels", "desk", "url"): "(from url_file)"}


def test_the_name_of_a_secret_file_may_be_a_reference(tmp_path: Path) -> None:
    """A folder of secrets may come from a variable."""
    (tmp_path / "dsn").write_text("sqlite://")
    assert filled("database_file: '${DIR}/dsn'", DIR=str(tmp_path)).tree.data == {"database": "sqlite://"}


def test_only_secrets_have_a_file_form() -> None:
    """`level_file` is an ordinary, unknown key."""
    assert filled("level_file: x\nchannels: {a: {b: {url_file: y}}}").tree.data == {
        "level_file": "x",
        "channels": {"a": {"b": {"url_file": "y"}}},
    }


def test_a_secret_in_both_forms_is_told() -> None:
    """Which of the two is meant cannot be known."""
    found = filled("database: a\ndatabase_file: b")
    assert [str(problem) for problem in found.problems] == [
        "f:2: database_file: stands beside `database`; give one of the two"
    ]


def test_an_address_in_place_of_a_file_is_told_without_showing_it() -> None:
    """Whoever mixes the two up must not find the password in the log."""
    found = filled("database_file: postgresql://me:hunter2@db/x")
    assert [str(problem) for problem in found.problems] == [
        "f:1: database_file: takes the path of a file; an address itself goes into `database`"
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "does not exist, or is no plain file of at most 64 KiB"),
        (b"x" * 65_537, "does not exist, or is no plain file of at most 64 KiB"),
        (b"\n", "is empty"),
        (b"\xff\xfe\xff", "cannot be read: it is not UTF-8 text"),
    ],
)
def test_a_secret_file_that_cannot_be_used_is_told(tmp_path: Path, content: bytes | None, reason: str) -> None:
    """The fault names the file and the reason."""
    file = tmp_path / "dsn"
    if content is not None:
        file.write_bytes(content)
    found = filled(f"database_file: {file}")
    assert [str(problem) for problem in found.problems] == [f"f:1: database_file: the file {file} {reason}"]
    assert {("database",), ("database_file",)} <= found.failed
    assert found.tree.data == {}


def test_a_secret_file_whose_name_is_no_path_is_told() -> None:
    """The home of nobody is a fault, not a crash."""
    assert str(filled("database_file: ~no-such-user/x").problems[0]).endswith("cannot be read: this is no path")
    assert str(filled(f"database_file: {'x' * 300}").problems[0]).endswith("cannot be read: File name too long")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_secret_file_without_permission_is_told(tmp_path: Path) -> None:
    """Somebody else's file is named with the reason."""
    (tmp_path / "dsn").write_text("x")
    (tmp_path / "dsn").chmod(0)
    assert "cannot be read: Permission denied" in str(filled("database_file: dsn", folder=tmp_path).problems[0])


@given(st.text(max_size=40))
def test_any_text_is_filled_in_or_told(text: str) -> None:
    """Filling in never raises, and changes nothing in a text without `${`."""
    tree = Tree({"key": text}, {("key",): Origin(where="f", expand=True)})
    found = resolve(tree, environ={"A": "x"})
    assert found.problems or "${" in text or found.tree.data == {"key": text}
