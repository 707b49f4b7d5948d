"""What is shipped: our package names are ours, and the wheel holds everything the program reads."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("alerts", "classifier", "config", "core", "crawler", "hongtou", "scheduler", "storage")


def test_nobody_else_owns_our_package_names() -> None:
    """No installed distribution brings a top-level package of one of our names, which would shadow it."""
    owners = packages_distributions()
    assert {name: owners[name] for name in PACKAGES if set(owners.get(name, [])) - {"hongtou"}} == {}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    [built] = folder.glob("hongtou-*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_the_wheel_holds_every_file_that_the_program_reads(wheel: Path) -> None:
    """Every tracked file of our packages that is not Python is in the wheel too."""
    tracked = subprocess.run(
        ["git", "ls-files", "--", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert [name for name in tracked if not (wheel / name).is_file()] == []


def test_the_wheel_runs_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """From an empty folder the unpacked wheel checks its shipped configuration and makes its database."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
    for command in (["config", "check"], ["db", "upgrade"], ["sources", "list", "--json"]):
        run = subprocess.run(
            [sys.executable, "-m", "hongtou", *command],
            cwd=tmp_path, env={**environment, "PYTHONPATH": str(wheel)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
    where = subprocess.run(
        [sys.executable, "-c", "import config, hongtou; print(config.__file__, hongtou.__file__)"],
        cwd=tmp_path, env={**environment, "PYTHONPATH": str(wheel)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert where.count(str(wheel)) == 2
