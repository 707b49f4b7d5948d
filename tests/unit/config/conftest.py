"""Makers for configuration tests: files in a folder of their own, and the problems that loading them gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.loader import load_settings
from core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from config.loaded import Loaded

    Load = Callable[..., Loaded]
    Faults = Callable[..., list[str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, empty, so that messages name files shortly."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def load(folder: Path) -> Load:
    """Loader of a text as `hongtou.yaml`, beside whatever else lies in the folder."""

    def run(text: str = "", *, environ: Mapping[str, str] | None = None, **overrides: object) -> Loaded:
        (folder / "hongtou.yaml").write_text(text, encoding="utf-8")
        return load_settings(None, environ=environ or {}, overrides=overrides)

    return run


@pytest.fixture
def faults(load: Load) -> Faults:
    """Loader of a text that must have faults; gives them as lines."""

    def run(text: str = "", *, environ: Mapping[str, str] | None = None) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load(text, environ=environ)
        return [str(problem) for problem in caught.value.problems]

    return run
