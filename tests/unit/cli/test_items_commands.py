"""What publishers changed and removed, on the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core.item import ItemId
from core.recheck import Recheck

if TYPE_CHECKING:
    from storage.database import SqlDatabase

OLD = "到2025年，产业规模达到1.5亿元。请各区认真执行。"
NEW = "到2026年，产业规模达到1.5亿元。请各区认真执行。附件另发。"


@pytest.fixture
def revised(stored: SqlDatabase, now: Any) -> SqlDatabase:
    """The stored database, whose first item was edited twice and then removed."""
    with stored.unit_of_work() as uow:
        item = uow.items.get(ItemId(1))
        assert item is not None
        uow.items.revise(replace(item, text=OLD))
        uow.items.revise(replace(item, text=NEW, title="新标题[更正]", updated_at=now + timedelta(hours=1)))
        uow.rechecks.put(Recheck(item_id=item.id, due_at=None, removed_at=now, removal="it is gone", removals=1))
        uow.commit()
    return stored


def test_each_revision_is_shown_beside_the_one_before(commands: Any, revised: SqlDatabase) -> None:
    """Marks tell what went and came, with and without colours; unchanged sentences are left out."""
    assert revised.name
    shown = commands("items", "diff", "1")
    assert shown.exit_code == 0
    assert "revision 1 → 2" in shown.output
    assert "revision 2 → 3" in shown.output
    assert "到[-2025-]{+2026+}年，产业规模达到1.5亿元。" in shown.output
    assert "{+附件另发。+}" in shown.output
    assert "请各区认真执行" not in shown.output.split("2 → 3")[1]


def test_a_difference_is_json_for_scripts(commands: Any, revised: SqlDatabase) -> None:
    """Each pair has its numbers, its time, and the changes of title and text."""
    assert revised.name
    first, second = json.loads(commands("items", "diff", "1", "--json").output)
    assert (first["from"], first["to"], second["from"], second["to"]) == (1, 2, 2, 3)
    assert second["at"] == "2023-06-15 03:00:00+00:00"
    assert second["title"][0]["after"] == "新标题[更正]"
    assert second["text"][0] == {
        "before": "到2025年，产业规模达到1.5亿元。",
        "after": "到2026年，产业规模达到1.5亿元。",
        "marked": "到[-2025-]{+2026+}年，产业规模达到1.5亿元。",
    }


def test_any_two_revisions_can_be_compared(commands: Any, revised: SqlDatabase) -> None:
    """`--from` and `--to` name them; one alone means from the first, or to the last."""
    assert revised.name
    for options, pair in (
        (("--from", "1", "--to", "3"), (1, 3)),
        (("--from", "2"), (2, 3)),
        (("--to", "2"), (1, 2)),
    ):
        [found] = json.loads(commands("items", "diff", "1", *options, "--json").output)
        assert (found["from"], found["to"]) == pair
    refused = commands("items", "diff", "1", "--to", "9")
    assert refused.exit_code == 2
    assert "there are: 1, 2, 3" in " ".join(refused.output.split())


def test_an_item_that_never_changed_says_so(commands: Any, stored: SqlDatabase) -> None:
    """One revision has no difference; an item that is not there is a fault."""
    assert stored.name
    assert "one revision only" in commands("items", "diff", "1").output
    assert json.loads(commands("items", "diff", "1", "--json").output) == []
    assert commands("items", "diff", "77").exit_code == 2


def test_removed_and_revised_items_are_marked(commands: Any, revised: SqlDatabase) -> None:
    """The list marks them, in the table and in JSON; `show` tells when and why. Brackets in titles stay."""
    assert revised.name
    shown = commands("items", "list").output
    assert "removed" in shown
    assert "revised" in shown
    assert "[更正]" in shown
    [row] = json.loads(commands("items", "list", "--json").output)
    assert (row["marks"], row["removal"]) == (["removed", "revised"], "it is gone")
    assert row["removed_at"].startswith("2023-06-15")
    item = json.loads(commands("items", "show", "1").output)
    assert (item["recheck"]["removal"], item["recheck"]["removals"]) == ("it is gone", 1)
    other = json.loads(commands("items", "show", "2").output)
    assert (other["recheck"], other["marks"], other["removed_at"]) == (None, [], None)
