"""The lexicon's JSON Schema allows what the loader allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fastjsonschema
import pytest

from config.lexicon import SHIPPED
from config.lexicon_entry import FORMER_KEYS, KEYS
from config.lexicon_patterns import MEMBER_KEYS
from config.lexicon_schema import lexicon_schema
from config.yamlfile import parse_yaml, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = lexicon_schema()
VALIDATE = fastjsonschema.compile({**SCHEMA, "$schema": "http://json-schema.org/draft-07/schema#"})


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.name)
def test_shipped_files_are_accepted(path: Path) -> None:
    """Every file of the program is right to an editor."""
    VALIDATE(read_yaml(path).data)


def test_all_keys_are_known() -> None:
    """The schema names the keys of the loader and no others."""
    assert set(SCHEMA["$defs"]["Concept"]["properties"]) == KEYS
    assert set(SCHEMA["$defs"]["Former"]["properties"]) == FORMER_KEYS
    assert set(SCHEMA["$defs"]["Member"]["properties"]) == MEMBER_KEYS


@pytest.mark.parametrize(
    "text",
    [
        "kind: gadget",
        "concepts: {Tech: {}}",
        "concepts: {tech.x: {topics: [bitcoin]}}",
        "concepts: {tech.x: {weight: 2}}",
        "concepts: {org.x: {rank: minister}}",
        "concepts: {org.x: {former: [{zh: 局, until: May}]}}",
        "concepts: {org.x: {jurisdiction: China}}",
        "members: {org.x: {patern: city}}",
        "words: {}",
    ],
)
def test_wrong_files_are_refused(text: str) -> None:
    """Slips that the loader tells are marked while typing."""
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        VALIDATE(parse_yaml(text, name="f").data)
