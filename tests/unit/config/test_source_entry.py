"""A source entry as a whole, and the source it becomes."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from config.source_entry import ArticleEntry, PathsEntry, RowsEntry, SourceEntry
from core.source import ArticleSelectors, JsonPaths, PollBounds, RowSelectors, Source, SourceKind, Voice

BASE: dict[str, Any] = {
    "name": "某部", "name_en": "A ministry", "kind": "feed", "url": "https://x.example/feed", "group": "test",
    "voice": "authority",
}  # fmt: skip


def test_an_entry_needs_only_what_has_no_default() -> None:
    """Name, kind, address, group and voice make a source; the rest is as the source type has it."""
    made = SourceEntry.model_validate(BASE).source("x")
    assert made == Source(
        id=made.id, name="某部", name_en="A ministry", kind=SourceKind.FEED, url="https://x.example/feed",
        group="test", voice=Voice.AUTHORITY,
    )  # fmt: skip


def test_every_field_arrives() -> None:
    """What an entry says is what the source has."""
    entry = {
        **BASE, "kind": "json", "jurisdiction": "cn-sh", "issuer": "某部", "language": "zh-Hant", "zone": "Asia/Taipei",
        "encoding": "big5", "tier": 3, "enabled": False, "headers": {"A": "b"}, "form": {"c": "d"},
        "fetch_articles": False, "poll": {"min": "1m", "max": "2h"}, "allow_private_addresses": True, "note": "x",
        "paths": {"rows": "$[*]", "title": "t", "link": "l", "guid": "g", "date": "d", "summary": "s", "text": "x",
                  "link_template": "https://x.example/{id}", "title_pattern": "(.)"},
        "article": {"title": "h1", "body": "p", "date": "time", "author": "b", "drop": "i"},
    }  # fmt: skip
    made = SourceEntry.model_validate(entry).source("x")
    assert made.paths == JsonPaths(**entry["paths"])
    assert made.article == ArticleSelectors(**entry["article"])
    assert made.bounds == PollBounds(min_interval=timedelta(minutes=1), max_interval=timedelta(hours=2))
    for name in ("jurisdiction", "issuer", "language", "zone", "encoding", "tier", "enabled", "headers", "form",
                 "fetch_articles", "allow_private_addresses", "note"):  # fmt: skip
        assert getattr(made, name) == entry[name]


def test_a_listing_has_rows() -> None:
    """Selectors that are not given are the usual ones: the first link of a row."""
    made = SourceEntry.model_validate({**BASE, "kind": "listing", "rows": {"row": "li"}}).source("x")
    assert made.rows == RowSelectors(row="li")


@pytest.mark.parametrize(
    ("entry", "core"), [(RowsEntry, RowSelectors), (PathsEntry, JsonPaths), (ArticleEntry, ArticleSelectors)]
)
def test_entries_know_every_field_of_the_values_they_become(entry: Any, core: Any) -> None:
    """A selector that is added to the source types can be written in a file."""
    assert set(entry.model_fields) == {field.name for field in fields(core)}


def test_an_entry_knows_every_field_of_a_source() -> None:
    """Only the id, which is the entry's key, and the poll bounds have other names."""
    assert {*SourceEntry.model_fields, "id", "bounds"} - {"poll"} == {field.name for field in fields(Source)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rows": {"row": "li"}}, "a source of kind `feed` takes no `rows`"),
        ({"kind": "json"}, "a source of kind `json` needs `paths`"),
        ({"paths": {"rows": "a", "title": "b"}}, "a source of kind `feed` takes no `paths`"),
        ({"kind": "json", "paths": {"rows": "a", "title": "b"}}, "needs `paths.link` or `paths.link_template`"),
        ({"poll": {"min": "2h", "max": "1h"}}, "max no shorter than min"),
        ({"poll": {"min": "0s"}}, "min more than zero"),
        ({"language": "de"}, "literal_error"),
        ({"tier": 0}, "greater_than_equal"),
        ({"unknown": 1}, "extra_forbidden"),
        ({"params": {"sid": "2"}}, "a source of kind `feed` takes no `params.sid`"),
        ({"kind": "jpaas", "params": {"webID": "1"}}, "takes no `params.webID`; did you mean `webId`?"),
        ({"kind": "gkmlpt", "params": {"x": "1"}}, "takes no `params.x`; known: category, sid"),
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, Any], message: str) -> None:
    """A kind has its own kind of reading, and bounds have an order."""
    with pytest.raises(ValidationError, match=message):
        SourceEntry.model_validate({**BASE, **change})


def test_the_ids_of_a_dialect_arrive() -> None:
    """Names are those of the dialect's own interface."""
    made = SourceEntry.model_validate({**BASE, "kind": "gkmlpt", "params": {"sid": "2", "category": "5"}}).source("x")
    assert made.params == {"sid": "2", "category": "5"}


def test_a_list_that_holds_the_whole_text_needs_no_addresses() -> None:
    """Flashes may have none."""
    entry = {**BASE, "kind": "json", "paths": {"rows": "a", "title": "b"}, "fetch_articles": False}
    assert SourceEntry.model_validate(entry).source("x").paths == JsonPaths(rows="a", title="b")
