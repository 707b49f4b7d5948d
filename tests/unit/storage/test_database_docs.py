"""The document of the database tells every table and column, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from storage.tables import Base

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "database.md"


def documented() -> dict[str, list[str]]:
    """Return the columns that the document explains, by table."""
    sections = re.split(r"^## ", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    tables = {}
    for section in sections:
        name, _, body = section.partition("\n")
        firsts = re.findall(r"^\| (`.*?) \|", body, flags=re.MULTILINE)
        columns = [column for cell in firsts for column in re.findall(r"`(\w+)`", cell)]
        if columns:
            tables[name] = columns
    return tables


def test_every_column_is_documented() -> None:
    """The document has one section a table with all its columns, and none that is gone."""
    assert {name: sorted(columns) for name, columns in documented().items()} == {
        table.name: sorted(column.name for column in table.columns) for table in Base.metadata.sorted_tables
    }


def test_every_meaning_is_told() -> None:
    """No row of the document is without a meaning."""
    assert re.findall(r"^\| `[^|]*\|\s*\|$", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE) == []
