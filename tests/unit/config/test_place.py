"""The data directory, found without the rest of the configuration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.loader import default_text, load_settings
from config.place import DATA_DIR, find_data_dir
from config.yamlfile import parse_yaml
from core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.mark.parametrize(
    ("text", "environ"),
    [
        (None, {}),
        ("", {}),
        ("data_dir:\n", {}),
        ("data_dir: here\n", {}),
        ("data_dir: /srv/hongtou\n", {"HONGTOU_DATA_DIR": ""}),
        ("data_dir: here\n", {"HONGTOU_DATA_DIR": "/there"}),
        ("data_dir: here\n", {"HONGTOU_data_dir": "lower", "HONGTOU_DATA_DIR": "/there"}),
        ("data_dir: ~/hongtou\n", {}),
        ("data_dir: ${BASE}/x\n", {"BASE": "/srv"}),
        ("data_dir: ${BASE:-/opt}/x\n", {}),
        ("data_dir: here\n", {"HONGTOU_DATA_DIR": "${BASE}", "BASE": "/srv"}),
        ("data_dir: here\nlog: {level: debug}\n", {"HONGTOU_LOG__LEVEL": "info"}),
    ],
)
def test_it_is_where_the_whole_configuration_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, environ: Mapping[str, str]
) -> None:
    """What is read alone is what would be read among all the rest."""
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "hongtou.yaml").write_text(text, encoding="utf-8")
    assert find_data_dir(None, environ) == load_settings(None, environ=environ).settings.data_dir


@pytest.mark.parametrize(
    "text", ["data_dir: [a]\n", "data_dir: 5\n", "data_dir: ${NOWHERE}\n", "data_dir: ~nobody-at-all/x\n", "a: [\n"]
)
def test_what_the_whole_configuration_refuses_is_refused(tmp_path: Path, text: str) -> None:
    """A setting that is none, and a file that is none, are told with their place."""
    file = tmp_path / "hongtou.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as alone:
        find_data_dir(file, {})
    with pytest.raises(ConfigError) as whole:
        load_settings(file, environ={})
    assert alone.value.problems == whole.value.problems


def test_a_fault_elsewhere_in_the_file_does_not_matter(tmp_path: Path) -> None:
    """While a file is being edited, the daemon goes on with the old one, and the heartbeat is where it was."""
    file = tmp_path / "hongtou.yaml"
    file.write_text("data_dir: here\nwatch: {groups: 5}\nnonsense: 1\n", encoding="utf-8")
    assert find_data_dir(file, {}) == Path("here")


def test_the_shipped_file_names_no_other_place() -> None:
    """Without a file the default holds, which the shipped file leaves as it is."""
    assert "data_dir" not in parse_yaml(default_text(), name="shipped").data
    assert find_data_dir(None, {}) == DATA_DIR
