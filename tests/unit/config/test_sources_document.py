"""The page of all shipped sources, and the document that holds it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import config
from config.sources import load_catalogue
from config.sources_document import GROUPS, sources_document
from core.source import Source, SourceId, SourceKind, Voice

PAGE = Path(config.__file__).parents[1] / "docs" / "sources.md"
SHIPPED = load_catalogue()


def make(source_id: str, *, group: str = "hk", tier: int = 1, enabled: bool = True) -> Source:
    """Return a source with what the page shows of it."""
    return Source(
        id=SourceId(source_id), name="某源", name_en="A | source", kind=SourceKind.FEED, url="https://x.example/feed",
        group=group, voice=Voice.PRESS, tier=tier, enabled=enabled, confidence="high", note="Why.",
    )  # fmt: skip


def test_the_document_is_in_step_with_the_catalogue() -> None:
    """docs/sources.md is the page of the shipped sources; with HONGTOU_WRITE_DOCS set, the test writes it first."""
    page = sources_document(SHIPPED.values())
    if os.environ.get("HONGTOU_WRITE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def test_every_shipped_source_is_on_the_page_once() -> None:
    """Each id leads to its address."""
    page = sources_document(SHIPPED.values())
    for source in SHIPPED.values():
        assert page.count(f"| [`{source.id}`]({source.url}) |") == 1


def test_every_group_is_known_and_used() -> None:
    """A group that no source is in, or that the page knows no name of, is a slip."""
    assert {source.group for source in SHIPPED.values()} == set(GROUPS)


@pytest.mark.parametrize(("tier", "enabled", "state"), [(1, True, "yes"), (3, True, "by tier"), (1, False, "off")])
def test_a_row_tells_whether_it_is_watched_and_why(tier: int, enabled: bool, state: str) -> None:
    """Off is off whatever the tier; a bar in a name breaks no table."""
    page = sources_document([make("a", tier=tier, enabled=enabled)])
    row = f"| [`a`](https://x.example/feed) | 某源<br>A \\| source | {tier} | `feed` | high | {state} | Why. |"
    assert row in page.splitlines()
    assert f"1 sources in 1 groups; {int(state == 'yes')} are watched" in page


def test_a_group_without_a_name_is_refused() -> None:
    """Whoever adds a group to the catalogue names it."""
    with pytest.raises(KeyError, match="mine"):
        sources_document([make("a", group="mine")])
