"""A page that did not change is no edit, whatever was known of it when it was read first."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.assemble import entry_of, is_edit, new_item
from core.errors import ParseError
from core.recheck import Sight, look_at_article
from crawler.pages.extractor import PageExtractor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from core.source import Source

OWN = Path(__file__).resolve().parents[1] / "data" / "pages"
LEAST = 100
"""Pages that a run must have read, so that a folder which moved is noticed."""


@pytest.fixture
def edits(
    make_source: Callable[..., Source], make_entry: Callable[..., Any], clock: Any
) -> Callable[[Iterable[Path]], tuple[int, list[str]]]:
    """Reader of pages, with a list's entry or without, and then as a recheck does; names what changed or is missed."""
    extractor, source = PageExtractor(clock), make_source()

    def read(files: Iterable[Path]) -> tuple[int, list[str]]:
        done, changed = 0, []
        for file in files:
            body, url = file.read_bytes(), f"https://lianwen.example/{file.parent.name}/{file.stem}"
            for listed in (None, make_entry(url=url, title="", summary="一句话摘要。", published=None)):
                with suppress(ParseError):
                    first = extractor.extract(body, url=url, content_type="", source=source, entry=listed)
                    entry = listed or make_entry(url=url, title=first.title)
                    item = new_item(source, entry, first, now=clock.now())
                    again = extractor.extract(body, url=url, content_type="", source=source, entry=entry_of(item))
                    fresh = new_item(source, entry_of(item), again, now=clock.now())
                    done += 1
                    is_there = look_at_article(item, again, lists=(source.url,)).sight is Sight.PRESENT
                    changed += [] if is_there and not is_edit(fresh, item) else [file.name]
        return done, changed

    return read


def test_own_pages_stay_what_they_are(edits: Callable[[Iterable[Path]], tuple[int, list[str]]]) -> None:
    """None of the shipped layouts is an edit of itself, or missed."""
    done, changed = edits(sorted(OWN.rglob("*.html")))
    assert done >= LEAST
    assert changed == []


@pytest.mark.captures
@pytest.mark.slow
def test_real_pages_stay_what_they_are(
    edits: Callable[[Iterable[Path]], tuple[int, list[str]]], captures_dir: Path
) -> None:
    """None of the captured pages is an edit of itself, or missed."""
    done, changed = edits(sorted((captures_dir / "pages").rglob("*.html")))
    assert done >= LEAST
    assert changed == []
