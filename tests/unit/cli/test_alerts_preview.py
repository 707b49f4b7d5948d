"""`hongtou alerts preview`, and the files that it writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from core.message import ChannelKind

if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import SqlDatabase

CONFIG = """
channels:
  desk: {url: "json://127.0.0.1:9/hook"}
  room: {url: "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", language: zh}
routes:
  web3: {match: {topics: [blockchain]}, channels: [room], language: zh}
"""


@pytest.fixture
def configured(tmp_path: Path) -> None:
    """A configuration with two channels and a route beside the commands."""
    (tmp_path / "hongtou.yaml").write_text(CONFIG, "utf-8")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        *(("item", kind) for kind in ChannelKind),
        *((content, ChannelKind.EMAIL) for content in ("update", "digest", "notice", "recovery", "test")),
    ],
)
def test_a_sample_is_shown_for_any_service(commands: Any, content: str, kind: ChannelKind) -> None:
    """Without a database or a channel of it, every service can be looked at."""
    shown = commands("alerts", "preview", "--as", content, "--channel", kind.value)
    assert shown.exit_code == 0
    assert f"1/1 for {kind.value} ({kind.value}): " in shown.output
    assert len(shown.output) > 60


@pytest.mark.usefixtures("stored", "configured")
def test_an_item_is_shown_as_its_channel_gets_it(commands: Any) -> None:
    """The channel's kind and language, and how much of its room the part takes."""
    shown = commands("alerts", "preview", "1", "--channel", "room")
    assert shown.exit_code == 0
    assert "1/1 for room (slack): " in shown.output
    assert " of 12,000 characters" in shown.output
    assert "<https://lianwen.example/news/1|" in shown.output
    assert "上海市" in shown.output
    assert "Thread: story-1" in shown.output


@pytest.mark.usefixtures("stored", "configured")
def test_a_route_and_a_language_change_it(commands: Any) -> None:
    """A route's language is taken before the channel's, and that of the command before both."""
    assert "Shanghai" in commands("alerts", "preview", "1").output
    by_route = commands("alerts", "preview", "1", "--route", "web3").output
    assert "上海市" in by_route
    assert "主题 区块链" in by_route
    assert "Shanghai" in commands("alerts", "preview", "1", "--route", "web3", "--language", "en").output


@pytest.mark.usefixtures("stored")
def test_several_items_are_a_digest(commands: Any) -> None:
    """Whatever `--as` says."""
    assert "2 stories" in commands("alerts", "preview", "1", "2", "--as", "item", "--channel", "email").output


@pytest.mark.usefixtures("stored")
def test_brevity_is_that_of_a_channel_that_found_it_too_long(commands: Any) -> None:
    """The highest gives only where to find it."""
    brief = commands("alerts", "preview", "1", "--channel", "discord", "--brevity", "3").output
    assert "https://" not in brief
    assert "hongtou items show 1" in brief


def test_parts_can_be_had_as_json(commands: Any) -> None:
    """Everything that is sent, blocks included."""
    (part,) = json.loads(commands("alerts", "preview", "--channel", "slack", "--json").output)
    assert part["data"]["blocks"][0]["type"] == "header"
    assert part["thread"] == "story-1"


def test_pages_are_written(commands: Any, tmp_path: Path) -> None:
    """Of a mail the mail itself; of another service what it is sent, escaped."""
    mail = commands("alerts", "preview", "--as", "digest", "--channel", "email", "--html", "mail.html")
    assert "written: mail.html" in mail.output
    assert (tmp_path / "mail.html").read_text("utf-8").startswith("<!DOCTYPE html>\n<html lang=")
    assert commands("alerts", "preview", "--channel", "slack", "--html", "slack.html").exit_code == 0
    page = (tmp_path / "slack.html").read_text("utf-8")
    assert "&lt;https://source1.example" in page
    assert "&quot;blocks&quot;" in page
    assert "<h2>Text</h2>" in page


def test_a_long_message_is_written_as_several_pages(
    commands: Any, stored: SqlDatabase, make_item: Any, make_classification: Any, tmp_path: Path
) -> None:
    """The second part stands beside the first."""
    with stored.unit_of_work() as uow:
        for n in range(3, 23):
            uow.items.add(make_item(n, classification=make_classification()))
        uow.commit()
    numbers = [str(n) for n in range(1, 23)]
    shown = commands("alerts", "preview", *numbers, "--channel", "discord", "--html", "out.html")
    assert "written: out-2.html" in shown.output
    assert (tmp_path / "out-2.html").exists()
    assert "2/" in commands("alerts", "preview", *numbers, "--channel", "discord").output


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("99",), "no item 99 is stored"),
        (("--story", "99"), "no story 99 is stored"),
        (("--channel", "nowhere"), "no channel 'nowhere' is configured"),
        (("--route", "nowhere"), "no route 'nowhere' is enabled"),
        (("--as", "poem"), "'poem' is none of item, update, digest, notice"),
        (("1", "--as", "notice"), "'notice' is none of item, update, digest"),
    ],
)
def test_what_is_not_there_is_said(commands: Any, arguments: tuple[str, ...], said: str) -> None:
    """The command ends with 2, as for any wrong argument."""
    shown = commands("alerts", "preview", *arguments)
    assert shown.exit_code == 2
    assert said in " ".join(shown.output.replace("│", " ").split())
