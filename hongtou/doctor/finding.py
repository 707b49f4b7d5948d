"""What one look of the doctor found. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "warning"
    """It runs, and not as well as it could."""
    FAILURE = "failure"
    """Something will not work."""
    SKIPPED = "skipped"
    """Not looked at, because it is not configured or was not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    topic: str
    """`database`, `disk`, `channel desk`, …"""
    verdict: Verdict
    detail: str
    """What was found, in one sentence without secrets."""
    advice: str = ""
    """What to do about it; empty when all is well."""


def fine(topic: str, detail: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(topic=topic, verdict=Verdict.OK, detail=detail)


def warning(topic: str, detail: str, advice: str) -> Finding:
    """Return that something is not as good as it could be."""
    return Finding(topic=topic, verdict=Verdict.WARNING, detail=detail, advice=advice)


def failure(topic: str, detail: str, advice: str) -> Finding:
    """Return that something will not work."""
    return Finding(topic=topic, verdict=Verdict.FAILURE, detail=detail, advice=advice)


def skipped(topic: str, detail: str) -> Finding:
    """Return that something was not looked at."""
    return Finding(topic=topic, verdict=Verdict.SKIPPED, detail=detail)
