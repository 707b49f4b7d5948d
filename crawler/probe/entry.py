"""An offer as the entry of a source, as `sources.d/` takes it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.source import JsonPaths, RowSelectors
from crawler.probe.naming import proposed_entry, proposed_id

if TYPE_CHECKING:
    from collections.abc import Collection

    from crawler.probe.offer import Offer

_DEFAULTS = asdict(RowSelectors(row=""))
_NO_PATHS = asdict(JsonPaths(rows="", title=""))


def source_entry(offer: Offer, *, title: str, taken: Collection[str] = ()) -> tuple[str, dict[str, Any]]:
    """Return the id and the keys of an entry; what equals a default is left out.

    Args:
        offer: What was found.
        title: Title of the page, which becomes the name.
        taken: Ids that are in use.
    """
    words = " ".join(row.title for row in offer.preview)
    entry: dict[str, Any] = {**proposed_entry(offer.url, title, words), "kind": offer.kind.value, "url": offer.url}
    if offer.rows:
        entry["rows"] = _differing(asdict(offer.rows), _DEFAULTS)
    if offer.paths:
        entry["paths"] = _differing(asdict(offer.paths), _NO_PATHS)
    if offer.params:
        entry["params"] = dict(offer.params)
    return proposed_id(offer.url, taken), entry


def _differing(values: dict[str, str], defaults: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value != defaults[key]}
