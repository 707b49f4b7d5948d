"""The documentation names everything that a template or a receiver can use, and nothing that there is not."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from alerts.digest_facts import Bar, Foot, PlaceGroup, TopicGroup, Week
from alerts.drawing import Drawing
from alerts.outlet_facts import KinFacts, OutletFacts, PrimaryFacts
from alerts.rendering import ChannelRenderer
from alerts.samples import sample_contents
from alerts.story_facts import Row, StoryFacts
from alerts.template_sets import CONTENTS, TemplateSet
from core.message import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Any]

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "templates.md").read_text("utf-8")
PROSE = re.sub(r"```.*?```", "", DOC, flags=re.DOTALL)
CODES = {word for span in re.findall(r"`([^`]+)`", PROSE) for word in re.findall(r"[a-z_0-9]+", span)}


@pytest.mark.parametrize(
    "facts", [StoryFacts, Row, PrimaryFacts, OutletFacts, KinFacts, PlaceGroup, TopicGroup, Week, Bar, Foot]
)
def test_every_field_is_documented(facts: type[Any]) -> None:
    """Each field of what templates are given stands in the tables."""
    assert {one.name for one in fields(facts)} <= CODES


def test_fields_of_an_item_are_the_documented_ones() -> None:
    """No field of `item` is documented that there is not, and its properties are."""
    named = set(re.findall(r"`item\.([a-z_]+)`", DOC))
    assert named == {one.name for one in fields(StoryFacts)} | {"label", "progress"}


@pytest.mark.parametrize("content", CONTENTS)
def test_every_variable_is_documented(content: str, make_form: Make, monkeypatch: pytest.MonkeyPatch, now: Any) -> None:
    """Each variable of each content stands in the tables."""
    seen: set[str] = set()

    def note(_: object, values: dict[str, object]) -> str:
        seen.update(values)
        return "{}"

    monkeypatch.setattr("alerts.drawing.rendered", note)
    drawing = Drawing(
        sample_contents(now)[content], make_form(ChannelKind.WEBHOOK), templates=TemplateSet(), base_url=""
    )
    drawing.part(drawing.pages(0)[0], 0)
    assert len(seen) > 12
    assert seen <= CODES | {"t"}


@pytest.mark.parametrize("content", CONTENTS)
def test_every_key_of_the_webhook_is_documented(content: str, make_form: Make, now: Any) -> None:
    """Each key that the shipped payload can have stands in the text."""
    (part,) = ChannelRenderer().render(sample_contents(now)[content], make_form(ChannelKind.WEBHOOK))
    keys: set[str] = set()
    json.loads(part.body, object_hook=keys.update)
    assert len(keys) > 10
    assert keys <= CODES


def test_the_pictures_are_there_and_small() -> None:
    """Every picture that the documentation shows exists, as a PNG of less than 150 kB."""
    shown = re.findall(r"\(images/([^)]+)\)", DOC)
    assert len(shown) >= 5
    for name in shown:
        data = (ROOT / "docs" / "images" / name).read_bytes()
        assert data.startswith(b"\x89PNG")
        assert len(data) < 150_000
