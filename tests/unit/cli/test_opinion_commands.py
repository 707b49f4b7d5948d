"""What second opinions cost is told, for people and for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.opinion_budget import Charge, month_of
from hongtou.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import SqlDatabase


def test_a_month_is_shown(commands: Any, stored: SqlDatabase, tmp_path: Path) -> None:
    """Spent of the budget, requests, tokens, memory, refusals and the last fault; the key is nowhere."""
    (tmp_path / "hongtou.yaml").write_text(
        "classify:\n  second_opinion: {enabled: true, base_url: 'https://api.example.org/v1', model: small, "
        "key: sk-secret, price_in: 0.1, price_out: 0.2, monthly_budget: 2}\n"
    )
    now = SystemClock().now()
    month = month_of(now)
    with stored.unit_of_work() as uow:
        for fault in ("", "server: the endpoint has a fault of its own (HTTP 500)"):
            assert uow.opinions.reserve(month, 900_000, budget=2_000_000)
            charge = Charge(reserved=900_000, cost=250_000, questions=2, tokens_in=700, tokens_out=50, fault=fault)
            uow.opinions.settle(month, charge, now=now)
        assert not uow.opinions.reserve(month, 1_900_000, budget=2_000_000)
        uow.opinions.note_hits(month, 7)
        uow.commit()
    shown = commands("opinion", "status")
    assert shown.exit_code == 0
    for words in (
        "0.5000 of 2",
        "2 requests about 4 items",
        "7 questions answered from memory",
        "HTTP 500",
        "1 requests",
    ):
        assert words in shown.stdout
    told = json.loads(commands("opinion", "status", "--json").stdout)
    assert (told["model"], told["spent"], told["from_memory"], told["refused_by_budget"]) == ("small", 0.5, 7, 1)
    assert "sk-secret" not in shown.stdout + json.dumps(told) + commands("config", "show").stdout


def test_nothing_is_shown_where_nobody_is_asked(commands: Any, stored: SqlDatabase) -> None:
    """It says that none is configured."""
    del stored
    shown = commands("opinion", "status")
    assert "none; see docs/second-opinion.md" in shown.stdout
    assert "refused" not in shown.stdout


def test_a_faulty_prompt_fails_the_check(commands: Any, tmp_path: Path) -> None:
    """With file and line, beside all other faults."""
    (tmp_path / "own.j2").write_text("one\n{% if %}")
    (tmp_path / "hongtou.yaml").write_text(
        "classify:\n  second_opinion: {enabled: true, base_url: 'https://api.example.org/v1', model: small, "
        "price_in: 0, price_out: 0, prompt: own.j2}\n"
    )
    result = commands("config", "check")
    assert result.exit_code != 0
    assert "own.j2: classify.second_opinion.prompt: is no template that can be used, line 2" in str(result.exception)
