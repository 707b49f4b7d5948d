"""Log lines as people and machines get them."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import structlog

from hongtou.logs import configure_logging

if TYPE_CHECKING:
    import pytest


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Away from a terminal an event is one JSON object with its keys; empty ones are left out, Chinese is readable."""
    configure_logging("info", "json")
    structlog.get_logger("x").info("poll", source="中国政府网", detail=None)
    line = capsys.readouterr().err
    assert "中国政府网" in line
    event = json.loads(line)
    assert (event["event"], event["source"], event["level"]) == ("poll", "中国政府网", "info")
    assert "detail" not in event


def test_console_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    """For people a line is text."""
    configure_logging("info", "console")
    structlog.get_logger("x").warning("poll", source="a")
    assert "source=a" in capsys.readouterr().err


def test_the_level_holds_and_libraries_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """Lower levels are not written, and libraries only warn."""
    configure_logging("info", "json")
    structlog.get_logger("x").debug("hidden")
    logging.getLogger("scrapy.core").info("hidden too")
    logging.getLogger("scrapy.core").warning("shown")
    lines = capsys.readouterr().err.splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["shown"]
