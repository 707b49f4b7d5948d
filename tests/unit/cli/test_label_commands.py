"""`hongtou label` asks, stores, and carries labels in and out."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.console import Console
from typer.testing import CliRunner

from core.item import ItemId
from hongtou.cli.app import app
from hongtou.cli.label_sitting import lead_of, sit
from hongtou.clock import SystemClock
from hongtou.labelling import Sitting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pytest
    from rich.text import Text

    from storage.database import SqlDatabase


class Script:
    """Keys and typed lines, in order."""

    def __init__(self, keys: str, typed: Sequence[str]) -> None:
        self._keys, self._lines = iter(keys), iter(typed)

    def key(self) -> str:
        """Return the next key."""
        return next(self._keys)

    def line(self, console: Console, prompt: Text) -> str:
        """Show the prompt and return the next line."""
        console.print(prompt)
        return next(self._lines)


class Desk:
    """A user at a terminal: keys and typed lines from a script, and what was shown."""

    def __init__(self, database: SqlDatabase, *queue: int) -> None:
        self.shown = io.StringIO()
        self.console = Console(file=self.shown, width=120, highlight=False)
        self.sitting = Sitting(database=database, queue=[ItemId(n) for n in queue], clock=SystemClock())

    def press(self, keys: str, *typed: str, show: bool = False, sources: Any = None) -> str:
        """Press keys until the user leaves, typing lines where they are asked for; return what was shown."""
        sit(self.sitting, self.console, Script(keys, typed), sources=sources or {}, show=show)
        return self.shown.getvalue()


def labels(database: SqlDatabase) -> dict[int | None, tuple[bool, tuple[str, ...]]]:
    """Return what is stored, by item."""
    with database.reading() as uow:
        return {label.item_id: (label.relevant, label.topics) for label in uow.labels.all()}


def test_a_yes_and_a_no_are_one_key_each(stored: SqlDatabase, make_source: Callable[..., Any]) -> None:
    """A yes asks for topics and Enter keeps those suggested; the end tells how many labels there are."""
    source = make_source()
    shown = Desk(stored, 1, 2).press("yn", "", sources={source.id: source})
    assert labels(stored) == {1: (True, ("blockchain",)), 2: (False, ())}
    assert "链闻 (lianwen)" in shown
    assert "2 labels stored." in shown


def test_the_classifiers_view_comes_after_the_answer(stored: SqlDatabase) -> None:
    """So that it sways nobody; `--show` tells it before."""
    before = Desk(stored, 1).press("q")
    assert "The classifier:" not in before
    assert "The classifier: flagged" in Desk(stored, 1).press("q", show=True)
    shown = Desk(stored, 1).press("y", "-")
    assert shown.index("yes") < shown.index("The classifier: flagged")
    assert labels(stored) == {1: (True, ())}


def test_topics_are_typed_and_checked(stored: SqlDatabase) -> None:
    """An unknown one is asked for again with a suggestion; `t` corrects those of the last yes."""
    shown = Desk(stored, 1, 2).press("tytq", "blokchain", "zzz", "ai, chips", "stablecoin")
    assert "did you mean blockchain?" in shown
    assert "zzz is no topic; use blockchain, web3" in shown
    assert "The last answer was no yes." in shown
    assert labels(stored) == {1: (True, ("stablecoin",))}


def test_going_back_and_leaving(stored: SqlDatabase) -> None:
    """The key u takes the last answer back, s passes over, other keys tell the keys, q leaves with what is stored."""
    shown = Desk(stored, 1, 2).press("unux snq")
    assert "This is the first question." in shown
    assert labels(stored) == {2: (False, ())}
    assert "1 labels stored." in shown
    assert "0 labels stored, 2 questions left." in Desk(stored, 1, 2).press("q")


def test_an_interrupt_between_two_keys_leaves(stored: SqlDatabase) -> None:
    """Ctrl-C while nothing is read is no traceback: answers before it are kept, and counted."""
    desk, keys = Desk(stored, 1, 2), Script("n", ())
    question, calls = desk.sitting.question, iter((False, True))

    def interrupted() -> Any:
        if next(calls):
            raise KeyboardInterrupt
        return question()

    desk.sitting.question = interrupted  # type: ignore[method-assign]
    sit(desk.sitting, desk.console, keys, sources={}, show=False)
    assert labels(stored) == {1: (False, ())}
    assert "1 labels stored, 1 questions left." in desk.shown.getvalue()


def test_a_gloss_is_shown(
    stored: SqlDatabase,
    make_item: Callable[..., Any],
    make_classification: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A Chinese title comes with its English, where there is one."""
    desk = Desk(stored, 1)
    item = make_item(1, classification=make_classification(gloss="Shanghai: action plan"))
    monkeypatch.setattr(Sitting, "question", lambda _: item)
    assert "Shanghai: action plan" in desk.press("q")


def test_an_unjudged_item_can_be_labelled(stored: SqlDatabase, make_item: Callable[..., Any]) -> None:
    """What was never judged says so; there are no topics to suggest."""
    with stored.unit_of_work() as uow:
        uow.items.add(make_item(5, classification=None))
        uow.commit()
    shown = Desk(stored, 3).press("y", "")
    assert "has not judged it" in shown
    assert "topics [none]" in shown
    assert labels(stored) == {3: (True, ())}


def test_the_lead_ends_with_a_sentence(make_item: Callable[..., Any]) -> None:
    """It is cut after the last whole sentence; without text the summary is shown."""
    text = "第一句话。" * 200
    lead = lead_of(make_item(1, text=text))
    assert lead.endswith("。 …")
    assert len(lead) <= 602
    assert lead_of(make_item(1, text="无" * 700)).endswith("无 …")
    assert lead_of(replace(make_item(1), text="", summary="摘要")) == "摘要"


def test_label_asks_without_a_command(commands: Any, stored: SqlDatabase) -> None:
    """`hongtou label` and `hongtou label --limit 1` ask; keys come from the terminal."""
    assert labels(stored) == {}
    run = CliRunner().invoke(app, ["label", "--limit", "1"], input="n")
    assert run.exit_code == 0, run.output
    assert "1 of 1, 0 labelled" in run.output
    assert len(labels(stored)) == 1
    assert CliRunner().invoke(app, ["label"], input="q").exit_code == 0
    empty = commands("label", "ask", "--query", "nothing-has-this-word")
    assert "nothing to ask about" in empty.output
    assert commands("label", "--since", "soon").exit_code == 2


def test_one_item_is_labelled_by_number(commands: Any, stored: SqlDatabase) -> None:
    """`hongtou label 1 yes --topics a,b` stores; unknown items and topics are told."""
    assert commands("label", "1", "yes", "--topics", "ai, chips").exit_code == 0
    assert labels(stored) == {1: (True, ("ai", "chips"))}
    assert commands("label", "99", "no").exit_code == 2
    assert commands("label", "1", "yes", "--topics", "aliens").exit_code == 2
    assert commands("label", "1", "maybe").exit_code == 2


def test_labels_are_listed(commands: Any, stored: SqlDatabase) -> None:
    """As a table with a count, and as JSON with everything."""
    assert stored.name
    commands("label", "1", "yes", "--topics", "ai")
    commands("label", "2", "no")
    listed = commands("label", "list")
    assert "2 labels: 1 yes, 1 no." in listed.output
    rows = json.loads(commands("label", "list", "--json").output)
    assert [(row["item_id"], row["relevant"], row["topics"]) for row in rows] == [(1, True, ["ai"]), (2, False, [])]
    assert rows[0]["labelled_at"].endswith("+00:00")


def test_labels_travel_in_files_that_eval_reads(commands: Any, stored: SqlDatabase, tmp_path: Path) -> None:
    """Export, evaluate, import: the same labels; files that cannot be used are told."""
    commands("label", "1", "yes", "--topics", "blockchain")
    assert "1 labels are in labels.jsonl" in commands("label", "export", "labels.jsonl").output
    report = json.loads(commands("eval", "labels.jsonl", "--json").output)
    assert report["items"] == 1
    assert (
        "0 new labels, 0 changed, 1 the same; 1 are of stored items."
        in commands("label", "import", "labels.jsonl").output
    )
    assert labels(stored) == {1: (True, ("blockchain",))}
    for arguments in (("import", "nowhere.jsonl"), ("export", str(tmp_path / "no" / "x.jsonl"))):
        failed = commands("label", *arguments)
        assert failed.exit_code != 0
        assert "cannot be" in str(failed.exception)
