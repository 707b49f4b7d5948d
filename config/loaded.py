"""What loading the configuration gives; reads nothing itself, so that every part may know the type."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from config.settings import Settings
    from config.watching import Fingerprint
    from core.alert import ChannelId, Route
    from core.errors import ConfigProblem
    from core.source import Source, SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Everything that configuration says, checked."""

    settings: Settings
    sources: Mapping[SourceId, Source] = field(repr=False)
    """The effective catalogue, watched or not."""
    watched: tuple[Source, ...] = field(repr=False)
    """Sources to poll, in catalogue order."""
    routes: tuple[Route, ...]
    """Enabled routes, in the order in which they are tried."""
    channels: Mapping[ChannelId, SecretStr]
    """Addresses by name; only the implicit `terminal` when none is configured."""
    lexicon_paths: tuple[Path, ...]
    """The user's `lexicon.d/*.yaml`, in rising precedence."""
    template_folder: Path = Path("templates.d")
    """The user's `templates.d`, there or not: a folder in it for each set of templates."""
    path: Path | None
    """The file that was read; None for the shipped default."""
    hash: str
    """Twelve hex digits that change with every effective edit, but not with a secret."""
    warnings: tuple[ConfigProblem, ...] = ()
    files: tuple[Path, ...] = field(default=(), repr=False)
    """Every file that was looked for, there or not: the configuration, its `sources.d`, `lexicon.d`, and the
    files that settings name: secrets, a fitted model, a prompt."""
    folders: tuple[Path, ...] = field(default=(), repr=False)
    """Folders whose files count, there or not."""
    marks: Fingerprint = field(default=(), repr=False, compare=False)
    """How files and folders were just before they were read: whatever differs from it was edited since."""
    shown: Mapping[str, object] = field(default_factory=dict, repr=False)
    """The effective settings as plain data, secrets masked."""
    origins: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Where each setting that is not a default was written, by dotted key."""
