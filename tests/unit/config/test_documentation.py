"""The documents name every setting and every key of a source entry."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import config
from config.fields import format_duration
from config.layers import ANY_KEY
from config.loader import load_settings
from config.settings import Settings
from config.shape import type_at, walk
from config.source_entry import SourceEntry
from config.sources import load_catalogue
from core.classification import ACTS, TOPICS

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

DOCS = Path(config.__file__).parents[1] / "docs"
SETTINGS = (DOCS / "configuration.md").read_text(encoding="utf-8")
SOURCES = (DOCS / "howto-add-source.md").read_text(encoding="utf-8")


def rows(text: str) -> dict[str, list[str]]:
    """Return the cells of every table row by its first cell."""
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return {cells[0].strip("`"): cells[1:] for cells in found}


def default_of(field: FieldInfo) -> str:
    """Return a setting's default as the documents write it."""
    value = field.default
    if field.is_required():
        return "required"
    if value is None:
        return "none"
    if isinstance(value, timedelta):
        return f"`{format_duration(value)}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(format_duration(one) if isinstance(one, timedelta) else str(one) for one in value)}]`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in walk(Settings)], ids=".".join)
def test_every_setting_has_a_row(pattern: tuple[str, ...]) -> None:
    """Key, meaning, default and environment variable of each setting are in docs/configuration.md, and right."""
    names = ["NAME" if key == ANY_KEY else key for key in pattern]
    section = type_at(Settings, pattern[:-1])
    field = next(field for name, field in section.model_fields.items() if (field.alias or name) == pattern[-1])
    meaning, default, variable = rows(SETTINGS)[".".join(names)]
    assert meaning
    assert default == default_of(field)
    assert variable == f"`HONGTOU_{'__'.join(names).upper()}`"


def test_no_row_is_about_a_setting_that_is_gone() -> None:
    """A setting that was taken away leaves no row behind."""
    known = {".".join("NAME" if key == ANY_KEY else key for key in pattern) for pattern, _ in walk(Settings)}
    assert set(rows(SETTINGS)) - {"Setting", "---"} == known


def test_topics_and_acts_are_listed() -> None:
    """A user finds every word that a route may ask for."""
    assert f"Topics: {', '.join(f'`{topic}`' for topic in TOPICS)}." in SETTINGS
    assert f"Acts: {', '.join(f'`{act}`' for act in ACTS)}." in SETTINGS


def test_every_key_of_a_source_has_a_row() -> None:
    """docs/howto-add-source.md tells each key, and no other."""
    assert set(rows(SOURCES)) - {"Key", "---"} == set(SourceEntry.model_fields)


def test_the_examples_for_settings_are_right(tmp_path: Path) -> None:
    """Each YAML block of docs/configuration.md loads, and all of them together."""
    blocks = re.findall(r"```yaml\n(.*?)```", SETTINGS, flags=re.DOTALL)
    assert len(blocks) == 3
    text = "\n".join(blocks).replace("/run/secrets/slack_url", "slack")
    (tmp_path / "slack").write_text("slack://a/b/c")
    (tmp_path / "hongtou.yaml").write_text(text, encoding="utf-8")
    loaded = load_settings(tmp_path / "hongtou.yaml", environ={"SMTP_USER": "a", "SMTP_PASSWORD": "b"})
    assert set(loaded.channels) == {"desk", "team"}


def test_the_examples_for_sources_are_right(tmp_path: Path) -> None:
    """The example entry of docs/howto-add-source.md, and its changes to shipped ones, load as they stand."""
    blocks = re.findall(r"```yaml\n(.*?)```", SOURCES, flags=re.DOTALL)
    paths = []
    for index, block in enumerate(block for block in blocks if "sources:\n" in block):
        paths.append(tmp_path / f"{index}.yaml")
        paths[-1].write_text(block, encoding="utf-8")
    sources = {str(key): source for key, source in load_catalogue(extra=paths).items()}
    assert len(paths) == 3
    assert sources["zhejiang-example"].group == "mine"
    assert sources["blockworks"].enabled
