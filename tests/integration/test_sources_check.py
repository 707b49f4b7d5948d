"""`hongtou sources check`, the real command, against the rehearsal web with every fault switched on in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.outcome import Answer
from hongtou.rehearsal.faults import SiteFault
from hongtou.rehearsal.stage import Rehearsal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]
ROOT = Path(__file__).resolve().parents[2]
STEP = 2
"""A step of the timeline at which no site has a fault of its own."""
LISTS, FEEDS, JSONS = ("shanghai", "kechuang"), ("lianwen", "ledgerpost", "harbour"), ("council", "kuaixun")
ALL = (*LISTS, *FEEDS, *JSONS)
LIMITS = {"allow_private_addresses": True, "delay": "0.02s", "timeout": "2s", "retries": 0, "max_body": 1_000_000}

ANSWERS: dict[SiteFault, Answer] = {
    SiteFault.UNAVAILABLE: Answer.HTTP_ERROR,
    SiteFault.CLOSED: Answer.REFUSED,
    SiteFault.HANG: Answer.TIMEOUT,
    SiteFault.CHALLENGE: Answer.BLOCKED,
    SiteFault.CHALLENGE_521: Answer.BLOCKED,
    SiteFault.CLOUDFLARE: Answer.BLOCKED,
    SiteFault.LOGIN: Answer.BLOCKED,
    SiteFault.APP_SHELL: Answer.SOFT_404,
    SiteFault.GONE: Answer.GONE,
    SiteFault.GONE_FOR_GOOD: Answer.GONE,
    SiteFault.GARBLED: Answer.DECODE,
    SiteFault.TOO_LARGE: Answer.TOO_LARGE,
    SiteFault.REDIRECT_LOOP: Answer.HTTP_ERROR,
    SiteFault.RATE_LIMITED: Answer.RATE_LIMITED,
    SiteFault.ROBOTS: Answer.ROBOTS,
}
"""Faults that are the same on a site of any kind."""
WORDS = {
    SiteFault.CHALLENGE: "瑞数",
    SiteFault.CHALLENGE_521: "加速乐",
    SiteFault.CLOUDFLARE: "Cloudflare",
    SiteFault.LOGIN: "login",
    SiteFault.APP_SHELL: "app shell",
    SiteFault.REDIRECT_LOOP: "redirects",
    SiteFault.ROBOTS: "robots.txt",
}
"""What the sentence must name."""
CASES = [
    *((fault, site, "failed", answer) for fault, answer in ANSWERS.items() for site in ALL),
    *((SiteFault.HTML_FOR_FEED, site, "failed", Answer.SOFT_404) for site in (*FEEDS, *JSONS)),
    *((SiteFault.HTML_FOR_FEED, site, "failed", Answer.SELECTOR_BROKEN) for site in LISTS),
    *((SiteFault.EMPTY, site, "failed", Answer.EMPTY) for site in (*FEEDS, *JSONS)),
    *((SiteFault.EMPTY, site, "failed", Answer.SELECTOR_BROKEN) for site in LISTS),
    *((SiteFault.REBUILT, site, "failed", Answer.EMPTY) for site in FEEDS),
    *((SiteFault.REBUILT, site, "failed", Answer.SELECTOR_BROKEN) for site in JSONS),
    *((SiteFault.REBUILT, site, "degraded", Answer.OK) for site in LISTS),
    *((SiteFault.INDEX_FOR_ARTICLE, site, "failed", Answer.OK) for site in ("council", "harbour", "lianwen", *LISTS)),
    *((SiteFault.INDEX_FOR_ARTICLE, site, "degraded", Answer.OK) for site in ("ledgerpost",)),
    *((SiteFault.INDEX_FOR_ARTICLE, site, "ok", Answer.OK) for site in ("kuaixun",)),
]
"""Fault, site, finding, and class of the answer. The flash wire has no articles to be read, and the last but one's feed
carries them whole."""


def run(config: Path, *arguments: str) -> tuple[int, str]:
    """Run a command of `hongtou sources`; return its exit code and standard output."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
    done = subprocess.run(
        [sys.executable, "-m", "hongtou", "sources", *arguments, "--config", str(config)],
        env={**clean, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A rehearsal without a daemon, all sites well."""
    now = datetime.now(tz=UTC)  # noqa: TID251 - the command's clock is real
    with Rehearsal(tmp_path_factory.mktemp("check"), now=now, changes={"crawl": LIMITS}) as opened:
        opened.web.advance(STEP)
        yield opened


Rows = dict[tuple[SiteFault, str], dict[str, Any]]
Case = tuple[SiteFault, str, str, Answer]
FAULTS = tuple(SiteFault)
SAMPLE = [case for case in CASES if ALL[FAULTS.index(case[0]) % len(ALL)] == case[1]]
"""Every fault once, at one site each: three runs of the command."""


def check_all(stage: Rehearsal, cases: Iterable[Case]) -> Rows:
    """Return what the command says of every case; each run has another fault at every site."""
    waiting: dict[str, list[SiteFault]] = defaultdict(list)
    for fault, site, *_ in cases:
        waiting[site].append(fault)
    found: Rows = {}
    for faults in zip_longest(*waiting.values()):
        stage.web.heal()
        switched = {site: fault for site, fault in zip(waiting, faults, strict=True) if fault is not None}
        for site, fault in switched.items():
            stage.web.fail(site, fault)
        code, text = run(stage.config, "check", "--json")
        rows = {row["id"].removeprefix("demo-"): row for row in json.loads(text)}
        assert code == (4 if any(row["found"] == "failed" for row in rows.values()) else 0)
        found |= {(fault, site): rows[site] for site, fault in switched.items()}
    stage.web.heal()
    return found


def assert_named(row: dict[str, Any], case: Case) -> None:
    """Fail unless the row tells the case's fault, and says what is missing."""
    fault, _, finding, answer = case
    assert (row["found"], row["answer"]) == (finding, answer), row
    assert bool(row["missing"]) is (finding == "failed")
    assert bool(row["degraded"]) is (finding == "degraded")
    assert WORDS.get(fault, "") in "".join(row["missing"])


@pytest.fixture(scope="module")
def sample(stage: Rehearsal) -> Rows:
    """What the command says of every fault, at one site each."""
    return check_all(stage, SAMPLE)


@pytest.fixture(scope="module")
def whole(stage: Rehearsal) -> Rows:
    """What the command says of every fault at every site."""
    return check_all(stage, CASES)


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: f"{case[0]}-{case[1]}")
def test_each_fault_is_named_rightly(sample: Rows, case: Case) -> None:
    """The command tells each way of failing from the others."""
    assert_named(sample[case[0], case[1]], case)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_each_fault_is_named_rightly_on_every_kind_of_source(whole: Rows, case: Case) -> None:
    """The same holds for feeds, JSON lists and HTML lists alike."""
    assert_named(whole[case[0], case[1]], case)


def test_every_fault_is_in_the_table() -> None:
    """No fault of the rehearsal is left out, on no kind of source, and none from the sample."""
    assert {fault for fault, *_ in SAMPLE} == set(SiteFault)
    assert {(fault, site) for fault, site, *_ in CASES} == {(fault, site) for fault in SiteFault for site in ALL}


def test_sites_that_are_well_are_found_well_and_nothing_is_stored(stage: Rehearsal) -> None:
    """Without a fault every source has rows, dates and an article, the exit code is 0, and no database was made."""
    stage.web.heal()
    code, text = run(stage.config, "check", "--json")
    rows = json.loads(text)
    assert (code, len(rows)) == (0, len(ALL)), rows
    assert {row["found"] for row in rows} == {"ok"}, rows
    assert all(row["rows"] == row["dated"] > 2 and row["newest"] and "title" in row["article"] for row in rows)
    assert not (stage.data / "hongtou.db").exists()


def test_named_sources_alone_are_checked_and_shown_as_a_table(stage: Rehearsal) -> None:
    """Ids choose; the table has a line a source; an unknown id is told before anything is asked."""
    stage.web.heal()
    stage.web.fail("lianwen", SiteFault.GONE)
    code, text = run(stage.config, "check", "demo-lianwen", "demo-council", "demo-lianwen")
    stage.web.heal()
    assert code == 4
    assert "2 checked, 1 failed" in text
    assert "(status 404)" in text
    assert run(stage.config, "check", "demo-lianwem")[0] == 2
