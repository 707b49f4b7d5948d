"""Configuration files that earlier versions took are taken still; nobody who upgrades has to edit anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.loader import load_settings
from core.alert import Cadence
from hongtou.fitting import operators_of

FOLDER = Path(__file__).resolve().parents[2] / "data" / "configs"
FILES = sorted(FOLDER.glob("*.yaml"))
SECRETS = dict.fromkeys(("SMTP_USER", "SMTP_PASSWORD", "SLACK_TOKEN_A", "SLACK_TOKEN_B", "SLACK_TOKEN_C"), "x")


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_former_file_loads_and_means_the_same(path: Path) -> None:
    """Its channels, routes and bounds are in force, without a warning."""
    loaded = load_settings(path, environ=SECRETS)
    assert loaded.warnings == ()
    assert set(loaded.channels) == {"desk", "team"}
    routes = {str(route.id): route for route in loaded.routes}
    assert set(routes) == {"now", "shanghai-web3", "monday-ai"}
    assert (routes["monday-ai"].cadence, routes["monday-ai"].cron) == (Cadence.DIGEST, "0 8 * * mon")
    assert (routes["shanghai-web3"].channels, routes["shanghai-web3"].continue_) == (("team",), True)
    assert loaded.settings.alerts.max_per_digest == 200
    assert loaded.watched


@pytest.mark.parametrize("name", ["2-sources", "3-judging"])
def test_operators_under_their_former_name_are_told(name: str) -> None:
    """`alerts.notices` still says who hears of faults."""
    loaded = load_settings(FOLDER / f"{name}.yaml", environ=SECRETS)
    assert operators_of(loaded).channels == ("desk",)


def test_there_are_former_files() -> None:
    """A folder that was moved tests nothing."""
    assert len(FILES) >= 3
