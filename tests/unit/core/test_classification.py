"""The tables of topics and acts."""

from __future__ import annotations

import re

import pytest

from core.classification import ACTS, TOPICS, Zone


@pytest.mark.parametrize("table", [TOPICS, ACTS])
def test_ids_are_unique_and_plain(table: tuple[str, ...]) -> None:
    """Ids are lower-case words joined by hyphens, each there once."""
    assert len(set(table)) == len(table)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in table)


def test_no_act_is_an_act_of_its_own() -> None:
    """`none` says that an item reports no act of an authority."""
    assert "none" in ACTS


def test_zones_run_from_title_to_body() -> None:
    """Evidence is found in one of three zones, told in reading order."""
    assert list(Zone) == ["title", "lead", "body"]
