"""Tells other programs what the running daemon makes of its files: a small file in the data directory."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What a daemon works by."""

    hash: str
    """Of the configuration that is in force."""
    faults: tuple[str, ...] = ()
    """What is wrong with the files, for which they are not; without secrets."""
    needs_restart: tuple[str, ...] = ()
    """Keys of settings that were edited, and wait for a restart."""


def in_force_path(data_dir: Path) -> Path:
    """Return where the daemon on this data directory tells it."""
    return data_dir / "configuration.json"


def write_in_force(data_dir: Path, told: InForce) -> None:
    """Tell it; only logs where the disk does not take it."""
    try:
        in_force_path(data_dir).write_text(json.dumps(asdict(told), ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        log.warning("what is in force is not told to others", reason=error.strerror or str(error))


def read_in_force(data_dir: Path) -> InForce | None:
    """Return what the daemon last told; None when there is nothing that can be read."""
    try:
        told = json.loads(in_force_path(data_dir).read_text(encoding="utf-8"))
        return InForce(
            hash=str(told["hash"]),
            faults=tuple(map(str, told["faults"])),
            needs_restart=tuple(map(str, told["needs_restart"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
