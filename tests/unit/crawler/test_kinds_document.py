"""The examples in docs/sources-kinds.md do what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import html

from core.outcome import Answer
from core.source import SourceKind
from crawler.lists.jsonpath import find_all
from crawler.lists.selectors import compile_selector

DOCUMENT = (Path(__file__).parents[3] / "docs" / "sources-kinds.md").read_text(encoding="utf-8")
_CHECKED = re.compile(r"^\*Checked\*, all on `(.+)`:\n\n.*\n.*\n((?:\|.*\n)+)", re.MULTILINE)
_ROW = re.compile(r"^\| `(.*?)` \| `(.*)` \|$", re.MULTILINE)
(JSON, PATHS), (ROW, SELECTORS) = _CHECKED.findall(DOCUMENT)


@pytest.mark.parametrize(("path", "values"), _ROW.findall(PATHS))
def test_paths_lead_where_the_document_says(path: str, values: str) -> None:
    """Every path of the table gives its values on the document's example."""
    assert find_all(json.loads(JSON), path.replace("\\|", "|")) == json.loads(values)


@pytest.mark.parametrize(("selector", "words"), _ROW.findall(SELECTORS))
def test_selectors_take_what_the_document_says(selector: str, words: str) -> None:
    """Every selector of the table takes its words on the document's example."""
    assert compile_selector(selector).words(html.fromstring(ROW)) == words


def test_every_kind_has_its_section() -> None:
    """No kind of source is undocumented, and no class of answer is named that does not exist."""
    headings = re.findall(r"^## ([\w, -]+)$", DOCUMENT, re.MULTILINE)
    assert {kind.value for kind in SourceKind} <= {kind for heading in headings for kind in heading.split(", ")}
    table = DOCUMENT.partition("## Answers that are no list")[2]
    named = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(.+?)`", row)}
    assert named <= {answer.value for answer in Answer}
