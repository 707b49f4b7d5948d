"""Tests of reading one entry of a lexicon file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from config.lexicon_entry import extended, read_changes
from core.lexicon import Concept, ConceptKind, Former, Rank

if TYPE_CHECKING:
    from config.yamlfile import KeyPath


def _read(entry: dict[str, object]) -> tuple[dict[str, object], list[str]]:
    faults: list[str] = []

    def fault(path: KeyPath, message: str) -> None:
        faults.append(f"{'.'.join(map(str, path))}: {message}")

    return read_changes(("x",), entry, fault), faults


def test_values_come_in_their_final_types() -> None:
    """Lists are tuples without repeats, ranks and days are read."""
    changes, faults = _read({
        "zh": ["某局", "某局"],
        "rank": "bureau",
        "weight": 1,
        "masks": False,
        "parent": "org.y",
        "former": [{"zh": "旧局", "en": "Old Bureau", "since": "2018-01-02", "until": "2020-03-04"}, {"en": "OB"}],
    })  # fmt: skip
    assert faults == []
    assert changes == {
        "zh": ("某局",), "rank": Rank.BUREAU, "weight": 1.0, "masks": False, "parent": "org.y",
        "former": (Former(zh="旧局", en="Old Bureau", since=date(2018, 1, 2), until=date(2020, 3, 4)), Former(en="OB")),
    }  # fmt: skip


def test_controlling_keys_are_no_fields() -> None:
    """`also` and `enabled` are checked and left to the loader."""
    assert _read({"also": {"zh": ["局"]}, "enabled": False}) == ({}, [])


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"rank": "minister"}, "x.rank: 'minister' is no rank; did you mean `ministry`?"),
        ({"rank": "zzz"}, "x.rank: 'zzz' is no rank; use one of central-party, "),
        ({"parent": 5}, "x.parent: must be a text"),
        ({"former": "银保监会"}, "x.former: must be a list such as [{zh: 银保监会,"),
        ({"former": ["银保监会"]}, "x.former: must be a list such as"),
        ({"former": [{"until": "2023-05-18"}]}, "x.former.0: must have a name under zh or en"),
        (
            {"former": [{"zh": "局", "till": "2023-05-18"}]},
            "x.former.0.till: is not known; a former name has en, since",
        ),
        ({"former": [{"zh": "局", "until": "May 2023"}]}, "x.former.0.until: 'May 2023' is no day; write it such as"),
        (
            {"former": [{"zh": "局", "since": "2023-05-18", "until": "2018-01-01"}]},
            "x.former.0: ends on 2018-01-01, before it begins on 2023-05-18",
        ),
        (
            {"also": {"rank": ["x"]}},
            "x.also: must hold lists to add, under en, hosts, meant, not_in, only_with, topics, zh",
        ),
    ],
)
def test_faults(entry: dict[str, object], fault: str) -> None:
    """Each is told at its key, with what would be right."""
    [told] = _read(entry)[1]
    assert told.startswith(fault)


def test_also_adds_without_repeats() -> None:
    """What is there stays first."""
    concept = Concept(id="x.y", kind=ConceptKind.ACT, zh=("甲",), en=("a",))
    assert extended(concept, {"zh": ["乙", "甲"]}).zh == ("甲", "乙")
    assert extended(concept, None) == concept
