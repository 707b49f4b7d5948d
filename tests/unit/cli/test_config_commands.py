"""`hongtou init` and `hongtou config check|show|schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
import yaml
from typer.testing import CliRunner

from config.loader import load_settings
from config.settings import Settings
from config.sources import load_catalogue
from core.errors import ConfigError
from hongtou.cli.config_commands import config_app, init

if TYPE_CHECKING:
    from typer.testing import Result

    from core.errors import HongtouError

APP = typer.Typer()
APP.command()(init)
APP.add_typer(config_app, name="config")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and an environment without our variables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HONGTOU_CONFIG", raising=False)
    return tmp_path


def run(*arguments: str) -> Result:
    """Run a command that succeeds."""
    result = CliRunner().invoke(APP, arguments)
    assert result.exception is None, result.exception
    return result


def fault(*arguments: str) -> str:
    """Run a command that must end in a fault of the configuration; return its text."""
    result = CliRunner().invoke(APP, arguments)
    error: HongtouError | BaseException | None = result.exception
    assert isinstance(error, ConfigError)
    return str(error)


def test_init_writes_a_file_that_changes_nothing(folder: Path) -> None:
    """A new file gives the same settings as none, and names its schema in the first line."""
    before = load_settings(None, environ={})
    assert "hongtou config check --config hongtou.yaml" in run("init").stdout
    text = (folder / "hongtou.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=hongtou.schema.json\n")
    assert json.loads((folder / "hongtou.schema.json").read_text(encoding="utf-8"))["title"] == "Hongtou configuration"
    after = load_settings(None, environ={})
    assert after.path == Path("hongtou.yaml")
    assert (after.settings, after.hash) == (before.settings, before.hash)


def test_init_does_not_overwrite(folder: Path) -> None:
    """What is there stays there, unless it is told otherwise."""
    (folder / "hongtou.yaml").write_text("log: {level: debug}")
    assert fault("init") == "hongtou.yaml: is there already; give another name, or --force to overwrite it"
    assert (folder / "hongtou.yaml").read_text() == "log: {level: debug}"
    run("init", "--force")
    assert "yaml-language-server" in (folder / "hongtou.yaml").read_text()


def test_init_takes_a_folder_or_a_name(folder: Path) -> None:
    """Folders that are missing are made."""
    (folder / "etc").mkdir()
    run("init", "etc")
    assert (folder / "etc/hongtou.yaml").is_file()
    run("init", "other/")
    assert (folder / "other/hongtou.yaml").is_file()
    run("init", "new/deep/mine.yaml")
    assert (folder / "new/deep/mine.yaml").is_file()
    assert (folder / "new/deep/hongtou.schema.json").is_file()


def test_init_says_when_it_cannot_write(folder: Path) -> None:
    """A file where a folder is needed is told, without a traceback."""
    (folder / "file").touch()
    assert fault("init", "file/hongtou.yaml").startswith("file/hongtou.yaml: cannot be written: ")


def test_check_sums_up(folder: Path) -> None:
    """One look shows file, hash, sources by group, channels without their addresses, routes in words."""
    (folder / "hongtou.yaml").write_text("""
watch: {groups: [hk]}
channels: {desk: {url: 'json://hunter2@localhost'}}
routes:
  web3: {match: {topics: [web3, nft], min_score: 0.7}, cadence: digest, cron: 0 8 * * mon, zone: UTC, continue: true}
  daily: {enabled: false}
""")
    watched = sum(source.group == "hk" and source.enabled and source.tier <= 2 for source in load_catalogue().values())
    lines = run("config", "check").stdout.splitlines()
    assert lines[0] == "file      hongtou.yaml"
    assert lines[1].startswith("hash      ")
    assert lines[3].startswith("lexicon   ")
    assert lines[4].startswith(f"sources   {watched} watched of ")
    assert lines[5:] == [
        f"          hk {watched}",
        "channels  desk: json://***",
        "routes    web3: topics nft, web3; score from 0.7 -> desk, digest at `0 8 * * mon` UTC, and on",
        "          now: everything relevant -> desk, at once, and on",
    ]


def test_check_without_a_file_is_about_the_shipped_one() -> None:
    """The default configuration is right, and says where it is."""
    assert run("config", "check").stdout.startswith("file      config/hongtou.yaml\n")


def test_check_warns_on_standard_error(folder: Path) -> None:
    """A warning does not make the configuration unusable."""
    (folder / "hongtou.yaml").write_text("watch: {tiers: [5]}")
    result = run("config", "check")
    assert result.stderr.startswith("warning: hongtou.yaml:1: watch: no source is watched")


def test_check_tells_every_fault_of_every_part(folder: Path) -> None:
    """Settings, sources and lexicon are checked in one go."""
    for name, text in (
        ("hongtou.yaml", "log: {level: loud}\nwatch: {only: [nothing-such]}\n"),
        ("sources.d/a.yaml", "sources: {panews: {tier: 9}}"),
        ("lexicon.d/a.yaml", "- not a mapping\n"),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    told = fault("config", "check")
    for part in ("log.level", "watch.only[0]", "sources.panews.tier", "a.yaml"):
        assert part in told


def test_check_tries_channels_and_times(folder: Path) -> None:
    """An address that no service knows and a date that never comes are told with their lines; nothing is sent."""
    (folder / "hongtou.yaml").write_text("""channels:
  desk: {url: 'nosuch://a/b'}
routes:
  daily: {cron: 0 9 31 2 *}
""")
    told = fault("config", "check").splitlines()
    assert told[0].startswith("hongtou.yaml:2: channels.desk.url: ")
    assert told[1].startswith("hongtou.yaml:4: routes.daily.cron: ")


def test_check_tells_where_a_variable_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the environment names the variable."""
    monkeypatch.setenv("HONGTOU_CRAWL__TIMEOUT", "soon")
    assert fault("config", "check").startswith("HONGTOU_CRAWL__TIMEOUT: crawl.timeout: 'soon' is no duration")


def test_show_is_a_configuration_again(folder: Path) -> None:
    """What is shown without secrets can be loaded, and gives the same settings."""
    (folder / "hongtou.yaml").write_text("crawl: {delay: 90s}\nroutes: {a: {match: {topics: [ai]}}}")
    shown = run("config", "show").stdout
    assert shown.startswith("# hongtou.yaml, hash ")
    assert Settings.model_validate(yaml.safe_load(shown)) == load_settings(None, environ={}).settings


def test_show_masks_secrets(folder: Path) -> None:
    """Addresses keep their scheme only, in every form of showing."""
    (folder / "hongtou.yaml").write_text("channels: {desk: {url: 'slack://hunter2/b/c'}}")
    for arguments in ([], ["--json"], ["--origin"], ["--json", "--origin"]):
        shown = run("config", "show", *arguments).stdout
        assert "hunter2" not in shown
        assert "slack://***" in shown


def test_show_says_where_values_come_from(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line ends in the file and line, the variable, or `default`."""
    (folder / "hongtou.yaml").write_text("crawl:\n  delay: 90s\n")
    monkeypatch.setenv("HONGTOU_LOG__LEVEL", "error")
    lines = run("config", "show", "--origin").stdout.splitlines()
    assert 'crawl.delay: "90s"  # hongtou.yaml:2' in lines
    assert 'log.level: "error"  # HONGTOU_LOG__LEVEL' in lines
    assert "crawl.retries: 2  # default" in lines
    assert "channels: {}  # default" in lines


def test_show_as_json_is_for_scripts(folder: Path) -> None:
    """One object of settings; with origins, an object of both."""
    (folder / "hongtou.yaml").write_text("log: {level: debug}")
    assert json.loads(run("config", "show", "--json").stdout)["log"]["level"] == "debug"
    both = json.loads(run("config", "show", "--json", "--origin").stdout)
    assert both["settings"]["log"]["level"] == "debug"
    assert both["origins"]["log.level"] == "hongtou.yaml:1"


def test_schema_is_printed() -> None:
    """Both schemas are JSON."""
    assert json.loads(run("config", "schema").stdout)["title"] == "Hongtou configuration"
    assert json.loads(run("config", "schema", "--sources").stdout)["title"] == "Hongtou sources"
