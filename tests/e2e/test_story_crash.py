"""A process that is killed between storing an item and putting it into its story loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from core.stories import WantedStories
from storage.database import SqlDatabase

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]
ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from config.loader import load_settings
from core.classification import Classification, Evidence, Zone
from core.item import DateOrigin, DatePrecision, Item, ItemId, Published, StoryId
from core.source import SourceId
from core.story_facts import Report, tell_story
from hongtou.opening import open_database

database, now = open_database(load_settings(None, environ=dict(os.environ))), datetime.now(tz=UTC)
TEXT = (
    "上海市人民政府办公厅印发《上海市区块链产业发展三年行动计划（2026-2028年）》，"
    "提出到2028年培育企业120家，资金总额3亿元。"
)
judged = Classification(
    relevant=True, score=0.9, topics=("blockchain",), jurisdiction="cn-sh", act="plan", documents=(),
    evidence=(Evidence(concept="tech.blockchain", kind="technology", zone=Zone.BODY, start=0, end=3, text="区块链",
                       contribution=1.0),),
    document_numbers=(), reason="A plan on blockchain.", classifier="test",
)

def item(n, title, text):
    url = f"https://outlet{n}.example/{n}"
    published = Published(at=now - timedelta(hours=1), precision=DatePrecision.MINUTE, origin=DateOrigin.LIST)
    return Item(
        id=ItemId(0), source_id=SourceId(f"outlet{n}"), url=url, canonical_url=url, guid=None, title=title, text=text,
        summary="", language="zh", published=published, first_seen_at=now, updated_at=now, content_hash=f"1:{n}",
        classification=judged,
    )

items = [item(1, "上海印发区块链产业发展三年行动计划", TEXT),
         item(2, "沪出台区块链产业三年行动计划", "本报讯 " + TEXT + "业内人士表示欢迎。")]
with database.unit_of_work() as uow:
    ids = [uow.items.add(one) for one in items]
    uow.commit()
with database.unit_of_work() as uow:
    report = Report(item=replace(items[0], id=ids[0]), source=None)
    uow.stories.move(ids[:1], uow.stories.begin(tell_story(StoryId(0), [report])))
    print("linked, not committed", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, without our variables in the environment."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_an_item_whose_linking_was_killed_is_linked_and_told_at_the_next_start(tmp_path: Path) -> None:
    """Two reports of one event that are in no story become one, and are told once."""
    source = {"name": "x", "name_en": "x", "language": "zh", "group": "g", "kind": "feed", "voice": "press",
              "url": "http://127.0.0.1:9/feed"}  # fmt: skip
    settings = {
        "watch": {"only": ["x"]},
        "crawl": {"allow_private_addresses": True, "retries": 0, "timeout": "2s", "delay": "0s"},
    }
    (tmp_path / "sources.d").mkdir()
    (tmp_path / "sources.d" / "x.yaml").write_text(yaml.safe_dump({"sources": {"x": source}}), encoding="utf-8")
    (tmp_path / "hongtou.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    killed = run(tmp_path, "-c", KILLED)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "linked, not committed\n"), killed.stderr
    told = run(tmp_path, "-m", "hongtou", "run", "--once", "--all").stdout
    with SqlDatabase(f"sqlite:///{tmp_path / 'data' / 'hongtou.db'}") as database, database.reading() as uow:
        [story] = uow.stories.list(WantedStories(), limit=9)
        assert (story.items, uow.stories.unlinked(limit=9)) == (2, ())
        assert [event.kind.value for event in uow.stories.events(story.id)] == ["begun", "report"]
        assert sorted(alert.dedup_key for alert in uow.outbox.list()) == [
            f"{route}/terminal/story-{story.id}" for route in ("daily", "now")
        ]
    assert "上海印发区块链产业发展三年行动计划" in told
    assert "沪出台" not in told
