"""YAML files: how they are decoded, what is kept of them, what is refused."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.yamlfile import MAX_BYTES, parse_yaml, read_yaml
from core.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def problems(text: str) -> list[str]:
    """Return the problems of a text that must have some."""
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, name="f.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_every_key_and_item_has_its_line() -> None:
    """Keys and list items remember the line on which they stand."""
    file = parse_yaml("a:\n  b: 1\nc:\n  - x\n  - y\n", name="f.yaml")
    assert file.data == {"a": {"b": 1}, "c": ["x", "y"]}
    assert file.lines == {("a",): 1, ("a", "b"): 2, ("c",): 3, ("c", 0): 4, ("c", 1): 5}


def test_a_value_without_a_line_is_where_its_surroundings_are() -> None:
    """A missing key is looked for at the nearest key around it, and a stranger in the file as a whole."""
    file = parse_yaml("\na:\n  b: 1\n", name="f.yaml")
    assert file.where(("a", "missing")) == "f.yaml:2"
    assert file.where(("other",)) == "f.yaml"


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "~", "null\n"])
def test_a_file_without_content_is_an_empty_mapping(text: str) -> None:
    """Nothing, blank lines, comments and null all mean that nothing is set."""
    assert parse_yaml(text, name="f.yaml").data == {}


def test_an_empty_value_leaves_the_key_out() -> None:
    """A section whose lines are all commented out means the default."""
    assert parse_yaml("crawl:\n  # timeout: 20s\nlog: {level: }\n", name="f.yaml").data == {"log": {}}


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words", "42"])
def test_a_root_that_is_no_mapping_is_refused(text: str) -> None:
    """A list or a scalar in place of keys and values is told with its line."""
    assert problems(text)[0].startswith("f.yaml:1: must hold keys and values")


def test_anchors_and_merge_keys_work() -> None:
    """`&`, `*` and `<<` share values; the key's own value wins, then the first mapping of a list."""
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\nd: *a\n"
    data = parse_yaml(text, name="f.yaml").data
    assert data["c"] == {"x": 3, "y": 1, "z": 2}
    assert data["d"] == {"x": 1, "y": 1}


def test_an_aliased_key_stands_where_it_is_used() -> None:
    """A key whose value is an alias has its own line, not that of the anchor."""
    file = parse_yaml("a: &a {x: 1}\n\nb: *a\n", name="f.yaml")
    assert file.lines["b",] == 3


def test_a_file_that_doubles_itself_by_anchors_is_refused() -> None:
    """Aliases of aliases cannot fill the memory."""
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "by its anchors" in problems("\n".join(rows))[0]


def test_a_file_in_utf_8_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """Editors on Windows write the mark; it is no fault."""
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: \xe7\xba\xa2\xe5\xa4\xb4\n")
    assert read_yaml(path).data == {"name": "红头"}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("a: 红头\n".encode("utf-16"), "f.yaml: is saved as UTF-16; save it as UTF-8"),
        ("a: 1\nb: 红头\n".encode("gbk"), "f.yaml:2: is not UTF-8 text (it looks like GBK); save the file as UTF-8"),
        (b"a: 1\n\nb: \xff\xff\n", "f.yaml:3: is not UTF-8 text; save the file as UTF-8"),
        (b"a: " + b"x" * MAX_BYTES, f"f.yaml: is larger than {MAX_BYTES:,} bytes, which no configuration file is"),
    ],
)
def test_bytes_that_are_no_utf_8_are_told(tmp_path: Path, raw: bytes, message: str) -> None:
    """Another charset, or no configuration at all, is named as such, with the line where it shows."""
    (tmp_path / "f.yaml").write_bytes(raw)
    with pytest.raises(ConfigError) as caught:
        read_yaml(tmp_path / "f.yaml", name="f.yaml")
    assert str(caught.value) == message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The message names the path and the reason."""
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read: No such file or directory"):
        read_yaml(tmp_path / "none.yaml")


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    """A folder is no file, and says so."""
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        read_yaml(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    """A file of somebody else is a fault of the configuration, not a crash."""
    path = tmp_path / "f.yaml"
    path.write_text("a: 1")
    path.chmod(0)
    with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        read_yaml(path)


@given(st.text(alphabet=st.sampled_from(list("ab:-[]{}&*!|>'\"#%@`,?~ \n\t\\U0F<=.")), max_size=60))
def test_text_near_yaml_is_read_or_refused(text: str) -> None:
    """Whatever the characters, parsing gives data or a ConfigError, and nothing else."""
    with suppress(ConfigError):
        assert isinstance(parse_yaml(text, name="f.yaml").data, dict)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever the bytes, reading gives data or a ConfigError, and nothing else."""
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    with suppress(ConfigError):
        assert isinstance(read_yaml(path).data, dict)
