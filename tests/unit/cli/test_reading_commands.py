"""Commands that show what is stored, and those that judge without storing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import ConfigError
from hongtou.cli.exits import Exit

if TYPE_CHECKING:
    from storage.database import SqlDatabase

ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT / "tests" / "data" / "pages" / "seed" / "page.html"
OWN = ROOT / "tests" / "data" / "eval" / "own.jsonl"


def test_alerts_are_listed_with_their_errors(commands: Any, stored: SqlDatabase) -> None:
    """The table shows every alert and the counts; `--state` and `--json` narrow and shape it."""
    assert stored.name
    shown = commands("alerts", "list")
    assert shown.exit_code == 0
    assert "no such mailbox" in shown.output
    assert "3 in = 1 sent + 1 waiting + 0 held + 0 in digests + 0 silenced + 1 dead + 0 pruned" in shown.output
    dead = json.loads(commands("alerts", "list", "--state", "dead", "--json").output)
    assert [(alert["state"], alert["last_error"]) for alert in dead] == [("dead", "no such mailbox")]


def test_a_dead_alert_can_be_revived_and_others_not(commands: Any, stored: SqlDatabase) -> None:
    """`alerts retry` makes a dead alert pending, and says which numbers are none."""
    assert commands("alerts", "retry", "2").exit_code == 0
    again = commands("alerts", "retry", "2", "99")
    assert again.exit_code == Exit.DELIVERY
    assert "alert 99 is not dead" in again.stderr
    with stored.unit_of_work() as uow:
        assert uow.outbox.counts() == {"pending": 2, "sent": 1}


def test_items_are_listed_and_shown(commands: Any, stored: SqlDatabase) -> None:
    """Relevant items come in a table; `--all` has the others too; one is shown whole as JSON."""
    assert stored.name
    assert "第1版" in commands("items", "list").output
    assert "第2版" not in commands("items", "list").output
    assert "第2版" in commands("items", "list", "--all").output
    assert len(json.loads(commands("items", "list", "--json").output)) == 1
    item = json.loads(commands("items", "show", "1").output)
    assert item["classification"]["topics"] == ["blockchain"]
    assert commands("items", "show", "77").exit_code == 2


def test_sources_are_listed_and_shown(commands: Any) -> None:
    """Watched sources come in a table; one is shown whole, and an unknown id is told."""
    assert "cointelegraph" in commands("sources", "list").output
    everything = json.loads(commands("sources", "list", "--all", "--json").output)
    assert any(not source["watched"] for source in everything)
    shown = json.loads(commands("sources", "show", "cointelegraph").output)
    assert shown["source"]["kind"] == "feed"
    assert shown["state"] is None
    assert isinstance(commands("sources", "show", "nosuch").exception, ConfigError)


def test_a_saved_page_is_inspected_for_people_and_for_scripts(commands: Any) -> None:
    """The text form tells verdict, facts and evidence; the JSON form is a list; what cannot be read has an error."""
    shown = commands("inspect", str(SEED), "--url", "https://www.fiboquantum.example/x")
    assert shown.exit_code == 0
    assert "RELEVANT" in shown.output
    assert "Metaverse Key Technology R&D Plan (2023-2025)" in shown.output
    mixed = commands("inspect", str(SEED), "nowhere.html", "--json")
    assert mixed.exit_code == Exit.SOURCES
    page, lost = json.loads(mixed.output)
    assert page["classification"]["relevant"]
    assert lost["error_kind"] == "HongtouError"
    assert "nowhere.html" in lost["error"]
    assert "nowhere.html" in commands("inspect", "nowhere.html").output


@pytest.mark.parametrize(
    "arguments", [[], [str(SEED), str(SEED), "--url", "https://x.example/"], ["https://x.example/", "--url", "y"]]
)
def test_a_misuse_of_inspect_is_told(commands: Any, arguments: list[str]) -> None:
    """Nothing to inspect, or an address for more than one page, is code 2."""
    assert commands("inspect", *arguments).exit_code == 2


@pytest.mark.parametrize("content", [None, "name\nx.html\n"])
def test_a_bad_manifest_is_told(commands: Any, tmp_path: Path, content: str | None) -> None:
    """A manifest that is not there, or has other columns, is a fault with its name."""
    manifest = tmp_path / "pages.csv"
    if content:
        manifest.write_text(content, encoding="utf-8")
    error = commands("inspect", "--manifest", str(manifest)).exception
    assert isinstance(error, ConfigError)
    assert "pages.csv" in str(error)


def test_labelled_items_are_scored(commands: Any, tmp_path: Path) -> None:
    """`eval` prints figures and misses with evidence, `--json` one object; a file that is not there is told."""
    lines = OWN.read_text(encoding="utf-8").splitlines()[:30]
    wrong = json.loads(lines[0])
    wrong |= {"relevant": not wrong["relevant"], "topics": [], "act": "none"}
    few = tmp_path / "few.jsonl"
    few.write_text("\n".join([*lines[1:], *([json.dumps(wrong)] * 2)]), encoding="utf-8")
    shown = commands("eval", str(few), "--misses", "1")
    assert shown.exit_code == 0, shown.output
    assert "macro-F1" in shown.output
    assert "more misses" in shown.output
    report = json.loads(commands("eval", str(few), "--json").output)
    assert set(report) >= {"relevance", "topics", "jurisdiction", "act", "by_language", "hard", "misses"}
    assert isinstance(commands("eval", "nowhere.jsonl").exception, ConfigError)


def test_the_database_is_made_and_checked(commands: Any) -> None:
    """`db upgrade` makes it, `db check` finds it usable."""
    assert "schema of this program" in commands("db", "upgrade").output
    assert "can be used" in commands("db", "check").output


def test_the_version_is_told(commands: Any) -> None:
    """`--version` names the program."""
    assert commands("--version").output.startswith("hongtou ")
