"""The case the product was born from, through the real command: our pages of it, in English and Chinese."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "tests" / "data" / "pages" / "seed"


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """Both pages through `inspect --manifest --json`, by file name."""
    manifest = tmp_path_factory.mktemp("seed") / "pages.csv"
    rows = (
        f"{SEED / 'page.html'},https://www.fiboquantum.example/shanghai-action-plan",
        f"{SEED / 'gov.html'},https://www.shanghai.gov.cn/nw12344/20230615/0001.html",
    )
    manifest.write_text("file,url\n" + "\n".join(rows) + "\n", encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
    run = subprocess.run(
        [sys.executable, "-m", "hongtou", "inspect", "--manifest", str(manifest), "--json"],
        cwd=manifest.parent, env={**clean, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {Path(page["target"]).name: page for page in json.loads(run.stdout)}


@pytest.mark.parametrize("name", ["page.html", "gov.html"])
def test_the_seed_case_is_read_in_both_languages(inspected: dict[str, dict[str, object]], name: str) -> None:
    """Relevant, about blockchain, Web3 and the metaverse, a plan of Shanghai's, with both documents and no advert."""
    page = inspected[name]
    judged = page["classification"]
    assert isinstance(judged, dict)
    assert judged["relevant"]
    assert {"blockchain", "web3", "metaverse"} <= set(judged["topics"])
    assert (judged["jurisdiction"], judged["act"]) == ("cn-sh", "plan")
    documents = page["documents"]
    assert isinstance(documents, list)
    assert len(documents) == 2
    assert "Banner" not in str(page["text"])
    assert "Trending" not in str(page["text"])
