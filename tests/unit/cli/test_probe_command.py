"""`hongtou sources probe` on saved pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from config.loader import load_settings
from core.source import SourceId, SourceKind
from crawler.probe import Visited, probe
from crawler.probe.entry import source_entry
from hongtou.clock import SystemClock

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Commands

LISTS = Path(__file__).parents[2] / "data" / "lists"
CARDS, CARDS_URL = str(LISTS / "whole-card-links.html"), "https://www.lianbao.example.com/newsflash"


def test_the_answer_is_a_file_for_sources_d(commands: Commands, tmp_path: Path) -> None:
    """What is printed can be saved as it is, and passes the check of the configuration."""
    printed = commands("sources", "probe", CARDS, "--url", CARDS_URL)
    assert printed.exit_code == 0
    (tmp_path / "sources.d").mkdir()
    (tmp_path / "sources.d" / "mine.yaml").write_text(printed.output, encoding="utf-8")
    (tmp_path / "hongtou.yaml").write_text("watch: {only: [lianbao-example-newsflash]}\n", encoding="utf-8")
    source = load_settings(tmp_path / "hongtou.yaml", environ={}).sources[SourceId("lianbao-example-newsflash")]
    assert source.kind is SourceKind.LISTING
    assert source.rows is not None
    assert source.rows.row == "a.box"
    assert "# It gives 10 rows" in printed.output


def test_every_entry_passes_the_check(tmp_path: Path) -> None:
    """Every entry that is proposed for any of our own list pages is right."""
    taken: dict[str, object] = {}
    for path in LISTS.glob("*.html"):
        url = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["url"]
        found = probe(Visited(url=url, body=path.read_bytes()), {}, now=SystemClock().now())
        for offer in found.offers:
            source_id, entry = source_entry(offer, title=found.title, taken=taken)
            taken[source_id] = entry
    (tmp_path / "sources.d").mkdir()
    text = yaml.safe_dump({"sources": taken}, allow_unicode=True)
    (tmp_path / "sources.d" / "all.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "hongtou.yaml").write_text("{}\n", encoding="utf-8")
    assert len(taken) > 60
    assert set(taken) <= set(load_settings(tmp_path / "hongtou.yaml", environ={}).sources)


def test_json_for_scripts(commands: Commands) -> None:
    """The documented keys are there, and the YAML is the entry."""
    found = json.loads(commands("sources", "probe", CARDS, "--url", CARDS_URL, "--json").output)
    assert set(found) == {"target", "url", "title", "what", "best", "others"}
    best = found["best"]
    assert set(best) == {"kind", "url", "reason", "score", "checked", "id", "entry", "yaml", "rows"}
    assert yaml.safe_load(best["yaml"]) == {"sources": {best["id"]: best["entry"]}}
    assert len(best["rows"]) == 10
    assert set(best["rows"][0]) == {"title", "url", "published"}


def test_a_page_says_its_own_address(commands: Commands, tmp_path: Path) -> None:
    """Without --url the canonical link counts; without that one is asked for one."""
    body = Path(CARDS).read_text(encoding="utf-8")
    canonical = body.replace("<title>", '<link rel="canonical" href="https://news.example.com/flash"><title>')
    (tmp_path / "page.html").write_text(canonical, encoding="utf-8")
    found = json.loads(commands("sources", "probe", "page.html", "--json").stdout)
    assert found["url"] == "https://news.example.com/flash"
    told = commands("sources", "probe", CARDS, "--json")
    assert "name its address with --url" in told.stderr
    assert json.loads(told.stdout)["best"]["id"] == "address-invalid"


def test_nothing_to_watch(commands: Commands) -> None:
    """A page without a list, and a file that is not there, are said, with the code of unreadable sources."""
    empty = commands("sources", "probe", str(LISTS / "menus-only.html"), "--url", "https://www.example.com/")
    assert (empty.exit_code, empty.stdout) == (4, "")
    assert "nothing to watch was found" in empty.stderr
    missing = commands("sources", "probe", "nowhere.html")
    assert missing.exit_code == 4
    assert "nowhere.html" in missing.stderr


def test_wrong_use(commands: Commands) -> None:
    """An address needs no --url."""
    assert commands("sources", "probe", CARDS_URL, "--url", CARDS_URL).exit_code == 2
