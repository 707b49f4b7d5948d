"""The user's templates, from beside the configuration into messages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from config.loader import load_settings
from core.errors import ConfigError
from hongtou.own_templates import own_templates

if TYPE_CHECKING:
    from pathlib import Path

    from config.loaded import Loaded

CONFIG = """
channels:
  desk: {url: "json://127.0.0.1:9/hook", template: brief}
routes:
  all: {channels: [desk], template: %s}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration whose channel names the set `brief`, which is there."""
    (tmp_path / "hongtou.yaml").write_text(CONFIG % "brief", "utf-8")
    (tmp_path / "templates.d" / "brief").mkdir(parents=True)
    (tmp_path / "templates.d" / "brief" / "item.webhook.j2").write_text('{"text": "{{ item.title }}"}', "utf-8")
    return tmp_path


def loaded(folder: Path) -> Loaded:
    """Load the configuration of a folder."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU")}
    return load_settings(folder / "hongtou.yaml", environ=environ)


def test_sets_lie_beside_the_configuration(folder: Path) -> None:
    """They are found wherever the program is started."""
    assert set(own_templates(loaded(folder))) == {"brief"}


def test_a_name_without_a_folder_is_a_fault(folder: Path) -> None:
    """Of a route as of a channel."""
    (folder / "hongtou.yaml").write_text(CONFIG % "long", "utf-8")
    with pytest.raises(ConfigError, match="there is no folder 'long' of templates"):
        own_templates(loaded(folder))


def test_edits_of_templates_are_noticed(folder: Path) -> None:
    """The folder and each set in it are among those whose files count."""
    folders = loaded(folder).folders
    assert folder / "templates.d" in folders
    assert folder / "templates.d" / "brief" in folders
