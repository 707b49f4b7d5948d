"""Pages with content are never taken for walls, pleas or stand-ins."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.outcome import Answer
from crawler.answers import Expected, classify_answer

DATA = Path(__file__).resolve().parents[2] / "data"
FIXTURES = sorted(path for path in DATA.rglob("*") if path.suffix in (".html", ".htm"))


def answer_to(page: Path, expected: Expected) -> tuple[Answer, str]:
    """Classify a page as if it had come with status 200."""
    url = f"https://www.example.gov.cn/{page.name}"
    return classify_answer(status=200, headers={}, body=page.read_bytes(), url=url, expected=expected)


@pytest.mark.captures
@pytest.mark.parametrize("expected", [Expected.PAGE, Expected.LISTING])
def test_real_pages_are_content(captures_dir: Path, expected: Expected) -> None:
    """None of the real pages at hand is refused, whether it was asked for as an article or as a list."""
    pages = sorted((captures_dir / "pages").glob("*.html"))
    assert len(pages) > 100
    assert {page.name: answer for page in pages if (answer := answer_to(page, expected))[0] is not Answer.OK} == {}


@pytest.mark.parametrize("page", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_own_pages_are_content(page: Path) -> None:
    """Fixtures are content, or shells that carry it in a script, which their reader looks into; none is a wall."""
    for expected in (Expected.PAGE, Expected.LISTING):
        answer, detail = answer_to(page, expected)
        assert answer is Answer.OK or (answer is Answer.SOFT_404 and "script" in detail), detail
