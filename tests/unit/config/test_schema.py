"""The JSON Schemas that editors check files against: they must allow what the loader allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import fastjsonschema
import pytest

from config.loader import default_text
from config.schema import settings_schema, sources_schema
from config.sources import load_catalogue
from config.yamlfile import parse_yaml
from core.classification import TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = settings_schema(load_catalogue())
SOURCES = sources_schema()
DRAFT_7 = "http://json-schema.org/draft-07/schema#"


def compiled(schema: dict[str, Any]) -> Callable[[object], object]:
    """Return a validator; it knows drafts up to 7, whose words the schemas keep to."""
    validate: Callable[[object], object] = fastjsonschema.compile({**schema, "$schema": DRAFT_7})
    return validate


VALIDATORS = {"settings": compiled(SCHEMA), "sources": compiled(SOURCES)}


def accepts(name: str, data: object) -> bool:
    """Say whether a schema accepts data."""
    try:
        VALIDATORS[name](data)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        "",
        default_text(),
        "crawl:\nwatch: {groups: [hk, mine], only: [panews, mine]}",
        "crawl: {timeout: 20s, delay: 5, retries: '${N}', proxy_file: /run/x}\ndatabase_file: x",
        "channels: {a: {url: 'json://x'}, b: {url_file: x}}",
        "routes: {a: {match: {topics: [ai], acts: [plan]}, continue: true}}",
    ],
)
def test_right_files_are_accepted(text: str) -> None:
    """Empty sections, references, secret files and names of the user's own are no faults to an editor."""
    assert accepts("settings", parse_yaml(text, name="f").data)


def test_empty_values_are_accepted() -> None:
    """A section whose lines are all commented out is null to an editor."""
    assert accepts("settings", {"crawl": None, "log": {"level": None}, "channels": None})


@pytest.mark.parametrize(
    "text",
    [
        "crawll: {}",
        "crawl: {timeoutt: 20s}",
        "crawl: {retries: many}",
        "log: {level: loud}",
        "channels: {a: {url: x, url_file: y}}",
        "channels: {a: {}}",
        "routes: {a: {match: {topics: [blockchainn]}}}",
        "routes: {a: {continue_: true}}",
    ],
)
def test_faults_are_shown_while_typing(text: str) -> None:
    """What the loader would refuse by shape, an editor can refuse already."""
    assert not accepts("settings", parse_yaml(text, name="f").data)


def test_editors_can_complete() -> None:
    """Topics, source ids and groups are listed; every setting has a description and durations are readable."""
    definitions = SCHEMA["$defs"]
    assert definitions["MatchSettings"]["properties"]["topics"]["anyOf"][0]["items"]["anyOf"][0]["enum"] == list(TOPICS)
    assert "panews" in definitions["WatchSettings"]["properties"]["only"]["anyOf"][0]["items"]["anyOf"][0]["enum"]
    assert definitions["CrawlSettings"]["properties"]["timeout"]["anyOf"][0]["default"] == "30s"
    for section in (SCHEMA, *definitions.values()):
        assert all(value["description"] for value in section.get("properties", {}).values())
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("sources: {panews: {tier: 2}}", True),
        ("defaults: {group: a}\nsources: {b: {kind: json, paths: {title: t}, poll: {min: 5m}}}", True),
        ("sources: {panews: {tire: 2}}", False),
        ("sources: {panews: {kind: rss}}", False),
        ("source: {}", False),
    ],
)
def test_source_files_have_a_schema_of_their_own(text: str, *, is_right: bool) -> None:
    """No key of an entry is required, since it may change a shipped one."""
    assert accepts("sources", parse_yaml(text, name="f").data) is is_right
