"""JSON Schemas of `hongtou.yaml` and of source files, for editors that complete and check YAML."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from config.fields import format_duration
from config.layers import ANY_KEY
from config.settings import Settings
from config.shape import secret_patterns
from config.source_entry import SourceEntry
from core.classification import ACTS, TOPICS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from core.source import Source, SourceId

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE: Mapping[str, object] = {"type": "string", "pattern": r"\$\{"}
"""A value that is filled in from the environment."""


class _Generator(GenerateJsonSchema):
    """Writes default durations as a file would."""

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401 - as inherited
        """Return a default as plain data."""
        return format_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


def settings_schema(sources: Mapping[SourceId, Source]) -> dict[str, Any]:
    """Return the schema of `hongtou.yaml`.

    It allows what the loader allows: empty values, `${NAME}` anywhere, secrets as `KEY_file`.

    Args:
        sources: The catalogue, whose ids and groups are offered for completion.
    """
    schema = _schema(Settings, "Hongtou configuration")
    _offer(schema, "MatchSettings", {"topics": TOPICS, "acts": ACTS}, only=True)
    groups = tuple(dict.fromkeys(source.group for source in sources.values()))
    _offer(schema, "MatchSettings", {"sources": tuple(sources), "groups": groups}, only=False)
    ids = {name: tuple(sources) for name in ("only", "also", "never")}
    _offer(schema, "WatchSettings", {**ids, "groups": groups}, only=False)
    for pattern in secret_patterns(Settings):
        _add_file_form(schema, pattern)
    for section in _sections(schema):
        _loosen(section)
    return schema


def sources_schema() -> dict[str, Any]:
    """Return the schema of a file in `sources.d/`: every key of an entry is optional, since it may be an override."""
    entry = _schema(SourceEntry, "Hongtou sources")
    definitions = entry.pop("$defs")
    for section in (entry, *definitions.values()):
        section.pop("required", None)
        _loosen(section)
    for key in ("$schema", "title"):
        entry.pop(key)
    definitions["SourceEntry"] = entry
    reference = {"$ref": "#/$defs/SourceEntry"}
    return {
        "$schema": DIALECT,
        "title": "Hongtou sources",
        "type": "object",
        "additionalProperties": False,
        "properties": {"defaults": reference, "sources": {"type": "object", "additionalProperties": reference}},
        "$defs": definitions,
    }


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    return {"$schema": DIALECT, **model.model_json_schema(schema_generator=_Generator), "title": title}


def _sections(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [schema, *schema["$defs"].values()]


def _offer(schema: dict[str, Any], section: str, words: Mapping[str, tuple[str, ...]], *, only: bool) -> None:
    """Name the words that a list of a section may hold, or may well hold besides others."""
    for name, known in words.items():
        choice = {"enum": list(known)}
        items = {"anyOf": [choice, _REFERENCE]} if only else {"anyOf": [choice, {"type": "string"}]}
        schema["$defs"][section]["properties"][name]["items"] = items


def _add_file_form(schema: dict[str, Any], pattern: tuple[str, ...]) -> None:
    section = schema
    for key in pattern[:-1]:
        step = next(iter(section["patternProperties"].values())) if key == ANY_KEY else section["properties"][key]
        section = schema["$defs"][step["$ref"].rpartition("/")[2]] if "$ref" in step else step
    name = pattern[-1]
    section["properties"][f"{name}_file"] = {"type": "string", "description": f"File whose text is `{name}`."}
    if name in section.get("required", ()):
        section["required"].remove(name)
        section["oneOf"] = [{"required": [name]}, {"required": [f"{name}_file"]}]


def _loosen(section: dict[str, Any]) -> None:
    """Let every value of a section be empty or a reference as well."""
    for name, value in section.get("properties", {}).items():
        rest = {key: part for key, part in value.items() if key != "description"}
        loose = {"anyOf": [rest, {"type": "null"}, _REFERENCE]}
        section["properties"][name] = {"description": value["description"], **loose}
