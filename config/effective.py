"""The effective configuration as it may be shown: secrets masked, references as written; and its hash."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.settings import Settings
    from config.yamlfile import KeyPath
    from core.source import Source, SourceId

HASH_LENGTH = 12
"""Hex digits; 48 bits tell apart every edit a person will ever make."""
MASK = "***"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://")
_REFERENCE_ONLY = re.compile(r"\$\{[A-Za-z0-9_]+\}|\(from \w+\)")


def shown(settings: Settings, templates: Mapping[KeyPath, str]) -> dict[str, Any]:
    """Return the settings as plain data fit to be printed.

    Secrets keep only the scheme of their address; values that came out of `${NAME}` or a file stand as they were
    written.

    Args:
        settings: What was loaded.
        templates: What was written at values that were filled in.
    """
    data = settings.model_dump(by_alias=True)
    return {key: _plain(value, (key,), templates) for key, value in data.items()}


def effective_hash(settings: Settings, sources: Mapping[SourceId, Source], templates: Mapping[KeyPath, str]) -> str:
    """Return a short hash of settings and catalogue, which changes with every effective edit but not with a secret.

    Args:
        settings: What was loaded.
        sources: The effective catalogue.
        templates: What was written at values that were filled in; those of sources by `("sources", id, …)`.
    """
    catalogue = [_plain(asdict(source), ("sources", source.id), templates) for source in sources.values()]
    text = json.dumps([shown(settings, templates), catalogue], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def mask(secret: str) -> str:
    """Return a secret address with everything but its scheme hidden."""
    scheme = _SCHEME.match(secret)
    return f"{scheme[1]}://{MASK}" if scheme else MASK


def _plain(value: object, path: KeyPath, templates: Mapping[KeyPath, str]) -> object:
    written = templates.get(path)
    if isinstance(value, SecretStr):
        return written if written and _REFERENCE_ONLY.fullmatch(written) else mask(value.get_secret_value())
    if written is not None:
        return written
    if isinstance(value, dict):
        return {str(key): _plain(item, (*path, key), templates) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, (*path, index), templates) for index, item in enumerate(value)]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
