"""Users' own templates: found by name, tried at load, and never in the way of an alert."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from alerts.rendering import ChannelRenderer
from alerts.user_templates import load_user_templates
from core.alert import AlertKind
from core.errors import ConfigError
from core.message import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[..., Any]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writer of one template of the set `desk`; returns the folder of all sets."""

    def write(name: str, text: str, *, folder: str = "desk") -> Path:
        path = tmp_path / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return tmp_path

    return write


def faults(folder: Path, *wanted: str) -> list[str]:
    """Return the faults of a folder as lines, with paths relative to it."""
    with pytest.raises(ConfigError) as caught:
        load_user_templates(folder, wanted=wanted)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_a_template_replaces_the_shipped_one(
    write: Callable[..., Path], make_full: Make, make_content: Make, make_form: Make
) -> None:
    """A channel that names a set is told by it, and other contents and services by the shipped templates."""
    sets = load_user_templates(write("item.slack.j2", "New: {{ link(item.url, item.title) }} {{ item.place }}"))
    renderer = ChannelRenderer(sets)
    content = make_content(make_full())
    (own,) = renderer.render(content, make_form(ChannelKind.SLACK, template="desk"))
    assert own.body == "New: <https://lianwen.example/news/1|某市发布区块链产业行动计划（第1版）> Shanghai"
    shipped = ChannelRenderer()
    for form in (make_form(ChannelKind.SLACK), make_form(ChannelKind.DISCORD, template="desk")):
        assert renderer.render(content, form) == shipped.render(content, form)
    digest = make_content(make_full(1), make_full(2))
    form = make_form(ChannelKind.SLACK, template="desk")
    assert renderer.render(digest, form) == shipped.render(digest, form)


def test_an_update_is_told_by_the_items_template(
    write: Callable[..., Path], make_full: Make, make_content: Make, make_form: Make
) -> None:
    """Updates, recoveries and tests use the user's template of items and notices, unless there is one of their own."""
    folder = write("item.other.j2", "own {{ update }}")
    form = make_form(ChannelKind.OTHER, template="desk")
    content = make_content(make_full(), kind=AlertKind.UPDATE)
    (part,) = ChannelRenderer(load_user_templates(folder)).render(content, form)
    assert part.body == "own New in a known story"
    write("update.other.j2", "news")
    (part,) = ChannelRenderer(load_user_templates(folder)).render(content, form)
    assert part.body == "news"


def test_both_halves_of_a_mail_can_be_replaced(write: Callable[..., Path], make_content: Make, make_form: Make) -> None:
    """`email.html` is the HTML, escaped as such, and `email.txt` the text."""
    write("item.email.html.j2", "<p>{{ subject }} & {{ '<' }}</p>")
    folder = write("item.email.txt.j2", "{{ subject }} & {{ item.title }}")
    (part,) = ChannelRenderer(load_user_templates(folder)).render(make_content(), make_form(template="desk"))
    assert part.body == "<p>[Hongtou] Shanghai · plan: 某市发布区块链产业行动计划（第1版） & &lt;</p>"
    assert part.text.endswith("& 某市发布区块链产业行动计划（第1版）")


def test_a_shipped_template_can_be_extended(
    write: Callable[..., Path], make_full: Make, make_content: Make, make_form: Make
) -> None:
    """A user's template may replace one block of ours, and include files of its own."""
    write("_sign.j2", "-- the desk")
    folder = write(
        "item.telegram.j2",
        '{% extends "telegram/item.j2" %}{% block story %}{% include "_sign.j2" %}{% endblock %}',
    )
    form = make_form(ChannelKind.TELEGRAM, template="desk")
    (part,) = ChannelRenderer(load_user_templates(folder)).render(make_content(make_full()), form)
    assert part.body.endswith("-- the desk")
    assert "Outlet 1" not in part.body


def test_a_webhook_can_be_given_any_json(
    write: Callable[..., Path], make_content: Make, make_told: Make, make_form: Make
) -> None:
    """Values are escaped for the inside of JSON strings, and `payload` holds the shipped form."""
    folder = write("item.webhook.j2", '{"text": "{{ item.title }}", "all": {{ payload | tojson }}}')
    form = make_form(ChannelKind.WEBHOOK, template="desk")
    content = make_content(make_told(title='a "plan" \\ b'))
    (part,) = ChannelRenderer(load_user_templates(folder)).render(content, form)
    assert part.data["text"] == 'a "plan" \\ b'
    assert json.loads(part.body)["all"]["version"] == 1


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("digest.slack.j2", "x\n{% if %}", "digest.slack.j2:2: it cannot be read: Expected an expression"),
        ("item.slack.j2", "x\n{{ item.nope }}", "item.slack.j2:2: it fails with a sample of 'item': UndefinedError"),
        ("item.slack.j2", "{{ boo }}", "item.slack.j2:1: it fails with a sample of 'item': UndefinedError"),
        ("item.slack.j2", "{{ 1 // route | length }}", "item.slack.j2:1: it fails with a sample of 'item': ZeroDiv"),
        ("notice.ntfy.j2", "{{ 1 / 0 }}", "notice.ntfy.j2:1: it fails with a sample of 'notice': ZeroDivisionError"),
        ("notice.wecom.j2", "{{ ''.__class__ }}", "notice.wecom.j2:1: it fails with a sample of 'notice': Security"),
        ("test.discord.j2", "{{ subject | safe }}", "test.discord.j2:1: it cannot be read: No filter named 'safe'."),
        ("item.webhook.j2", "{", "item.webhook.j2: it fails with a sample of 'item': JSONDecodeError"),
        ("item.webhook.j2", "[1]", "item.webhook.j2: it fails with a sample of 'item': ValueError: a webhook's"),
        ("update.feishu.j2", "{{ item.primary.url }}", "update.feishu.j2:1: it fails with a sample of 'update'"),
        ("item.pager.j2", "x", "item.pager.j2: no template is named so; write CONTENT.KIND.j2"),
        ("item.email.j2", "x", "item.email.j2: no template is named so"),
    ],
)
def test_a_fault_is_told_with_file_and_line(write: Callable[..., Path], name: str, text: str, fault: str) -> None:
    """Templates are tried when they are loaded, also with contents that lack what an alert may lack."""
    (told,) = faults(write(name, text))
    assert told.startswith(f"desk/{fault}")


def test_all_faults_are_told_at_once(write: Callable[..., Path]) -> None:
    """Files outside any set and names without templates are among them."""
    write("item.slack.j2", "{{ boo }}")
    write("item.discord.j2", "{% if %}")
    folder = write("stray.j2", "x", folder=".")
    told = faults(folder, "", "desk", "ops")
    assert len(told) == 4
    assert any("stray.j2: it stands outside any set" in line for line in told)
    assert "there is no folder 'ops' of templates" in told[-1]
    assert told[-1].endswith("there are: desk")


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    """An absent folder is no fault, unless a name is wanted."""
    assert load_user_templates(tmp_path / "templates.d") == {}
    assert len(faults(tmp_path / "templates.d", "desk")) == 1


def test_a_fault_at_run_time_falls_back_and_says_so_once(
    write: Callable[..., Path], make_content: Make, make_told: Make, make_form: Make
) -> None:
    """The alert goes out by the shipped template; the log holds one line, not one an alert."""
    folder = write("item.slack.j2", "{{ 1 // (item.title | length - 3) }}")
    renderer = ChannelRenderer(load_user_templates(folder))
    form = make_form(ChannelKind.SLACK, template="desk")
    content = make_content(make_told(title="abc"))
    with structlog.testing.capture_logs() as logs:
        first, second = renderer.render(content, form), renderer.render(content, form)
    assert first == second == ChannelRenderer().render(content, form)
    assert [entry["event"] for entry in logs] == ["template_failed"]
    assert logs[0]["template"] == "desk"
    assert "ZeroDivisionError" in logs[0]["fault"]


def test_a_name_without_templates_is_told_by_the_shipped_ones(make_content: Make, make_form: Make) -> None:
    """So is a channel whose set has since been removed."""
    renderer = ChannelRenderer()
    with structlog.testing.capture_logs() as logs:
        parts = renderer.render(make_content(), make_form(template="gone"))
    assert parts == renderer.render(make_content(), make_form())
    assert [entry["template"] for entry in logs] == ["gone"]
