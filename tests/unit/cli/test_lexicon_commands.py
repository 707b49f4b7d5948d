"""Tests of `hongtou lexicon`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from hongtou.cli.app import app

if TYPE_CHECKING:
    from pathlib import Path

MINE = """\
kind: authority
concepts:
  org.cn.mine: {jurisdiction: cn, parent: org.cn.miit, zh: [试验司], en: [Trial Department], former: [{zh: 旧试验司}]}
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A lexicon file of the user's beside the configuration: one body without a rank."""
    path = tmp_path / "lexicon.d" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(MINE, encoding="utf-8")
    return path


def test_list_chooses_by_kind_topic_code_and_rank(commands: Any) -> None:
    """Choices of several sorts must all hold."""
    result = commands("lexicon", "list", "--kind", "authority", "--jurisdiction", "hk", "--rank", "regulator", "--json")
    rows = json.loads(result.stdout)
    assert "org.hk.sfc" in {row["id"] for row in rows}
    assert {(row["kind"], row["jurisdiction"], row["rank"]) for row in rows} == {("authority", "hk", "regulator")}
    rows = json.loads(commands("lexicon", "list", "--topic", "6g", "--json").stdout)
    assert rows
    assert all("6g" in row["topics"] for row in rows)


def test_list_is_a_table_for_people(commands: Any) -> None:
    """Id, both languages, and what the concept says."""
    result = commands("lexicon", "list", "--rank", "exchange")
    assert "org.cn.exchange.sse" in result.stdout
    assert "上海证券交易所" in result.stdout
    assert "cn, exchange" in result.stdout


def test_show_tells_former_names_with_their_days(commands: Any) -> None:
    """And what the body belongs to, up to the top, and where it is written."""
    lines = commands("lexicon", "show", "org.cn.nfra").stdout.splitlines()
    assert "formerly     银保监会 / CBIRC, from 2018-04-08 until 2023-05-18" in lines
    assert "part of      State Council (org.cn.state-council)" in lines
    assert lines[-1].startswith("written in   lexicon/authorities-central.yaml:")


def test_show_tells_what_belongs_to_a_body(commands: Any) -> None:
    """Children are found by their parent."""
    shown = json.loads(commands("lexicon", "show", "org.cn.pbc", "--json").stdout)
    assert "org.cn.pbc.digital-currency" in shown["children"]
    assert shown["where"].startswith("lexicon/authorities-central.yaml:")


def test_show_of_an_unknown_id_suggests_a_near_one(commands: Any) -> None:
    """A typing slip is met with the right id."""
    result = commands("lexicon", "show", "org.cn.nfr")
    assert result.exit_code != 0
    assert "did you mean `org.cn.nfra`?" in str(result.exception)


def test_find_shows_what_matches_and_where(commands: Any) -> None:
    """The longest name of a family, at its offsets."""
    found = json.loads(commands("lexicon", "find", "今天银保监会发布通知", "--json").stdout)
    assert {"start": 2, "end": 6, "text": "银保监会", "concept": "org.cn.nfra"}.items() <= found[0].items()
    assert "银保监会" in commands("lexicon", "find", "今天银保监会发布通知").stdout


def test_find_reads_standard_input() -> None:
    """`-` is for longer texts."""
    result = CliRunner().invoke(app, ["lexicon", "find", "-"], input="the SEC said")
    assert "org.us.sec" in result.stdout


def test_users_files_are_read(commands: Any, mine: Path) -> None:
    """A concept of the user's is found, shown with its former name without days, and checked."""
    assert "org.cn.mine" in commands("lexicon", "find", "旧试验司发文").stdout
    shown = commands("lexicon", "show", "org.cn.mine").stdout
    assert "formerly     旧试验司\n" in shown
    assert f"written in   {mine.relative_to(mine.parents[1])}:3" in shown


def test_check_counts_and_warns(commands: Any, mine: Path) -> None:
    """What a user's own concept lacks is a warning, and the exit code stays 0."""
    result = commands("lexicon", "check")
    assert result.exit_code == 0
    assert " authority" in result.stdout
    where = mine.relative_to(mine.parents[1])
    assert (
        f"warning: {where}:3: org.cn.mine.rank: is missing: an authority of a jurisdiction has a rank" in result.stderr
    )


def test_config_check_warns_too(commands: Any, mine: Path) -> None:
    """One command checks everything."""
    assert mine.is_file()
    result = commands("config", "check")
    assert result.exit_code == 0
    assert "org.cn.mine.rank" in result.stderr


def test_the_schema_is_printed(commands: Any) -> None:
    """`config schema --lexicon` is for editors."""
    assert json.loads(commands("config", "schema", "--lexicon").stdout)["title"] == "Hongtou lexicon"
