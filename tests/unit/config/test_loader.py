"""Loading as a whole: which file, what overrides what, what comes of it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.loader import SHIPPED_NAME, default_text, find_file, lexicon_files, load_settings
from config.settings import Settings
from config.shape import walk
from config.yamlfile import parse_yaml
from core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.loaded import Loaded

    Load = Callable[..., Loaded]
    Faults = Callable[..., list[str]]


@pytest.mark.usefixtures("folder")
def test_without_a_file_the_shipped_default_is_in_force() -> None:
    """An empty folder is enough to run: shipped sources, two routes, the terminal."""
    loaded = load_settings(None, environ={})
    assert loaded.path is None
    assert loaded.settings.model_dump(exclude={"routes"}) == Settings().model_dump(exclude={"routes"})
    assert [route.id for route in loaded.routes] == ["now", "daily"]
    assert list(loaded.channels) == ["terminal"]
    assert len(loaded.watched) >= 15
    assert loaded.warnings == ()
    assert loaded.lexicon_paths == ()


def test_the_file_is_searched_in_order(folder: Path) -> None:
    """The named one, HONGTOU_CONFIG, ./hongtou.yaml, ./config/hongtou.yaml, none."""
    assert find_file(None, {}) is None
    (folder / "config").mkdir()
    (folder / "config/hongtou.yaml").touch()
    assert find_file(None, {}) == Path("config/hongtou.yaml")
    (folder / "hongtou.yaml").touch()
    assert find_file(None, {}) == Path("hongtou.yaml")
    assert find_file(None, {"HONGTOU_CONFIG": ""}) == Path("hongtou.yaml")
    assert find_file(None, {"HONGTOU_CONFIG": "x.yaml"}) == Path("x.yaml")
    assert find_file(Path("y.yaml"), {"HONGTOU_CONFIG": "x.yaml"}) == Path("y.yaml")


@pytest.mark.usefixtures("folder")
def test_a_named_file_that_is_not_there_is_a_fault() -> None:
    """A mistyped name must not quietly mean the default."""
    with pytest.raises(ConfigError, match=r"gone\.yaml: cannot be read: No such file or directory"):
        load_settings(Path("gone.yaml"), environ={})


def test_each_layer_overrides_the_one_below(load: Load) -> None:
    """Defaults, file, environment, options: the later one wins, key by key."""
    text = "crawl: {timeout: 1s, delay: 1s, retries: 1}"
    environ = {"HONGTOU_CRAWL__DELAY": "2s", "HONGTOU_CRAWL__RETRIES": "2"}
    loaded = load(text, environ=environ, **{"crawl.retries": 3, "crawl.timeout": None})
    crawl = loaded.settings.crawl
    assert (crawl.concurrency, crawl.timeout.seconds, crawl.delay.seconds, crawl.retries) == (8, 1, 2, 3)
    assert loaded.origins["crawl.timeout"] == "hongtou.yaml:1"
    assert loaded.origins["crawl.delay"] == "HONGTOU_CRAWL__DELAY"
    assert loaded.origins["crawl.retries"] == "option crawl.retries"
    assert loaded.origins["routes.now.order"].startswith("config/routes.yaml:")
    assert "crawl.concurrency" not in loaded.origins


def test_a_shipped_route_is_changed_key_by_key(load: Load) -> None:
    """Naming one key of `daily` leaves its others as they were shipped."""
    daily = load("routes: {daily: {cron: 30 7 * * *}}").settings.routes["daily"]
    assert (daily.cron, daily.cadence, daily.order) == ("30 7 * * *", "digest", 900)


def test_a_secret_may_come_from_everywhere(load: Load, folder: Path) -> None:
    """In the file, by reference, from a file beside it, from the environment over a file."""
    (folder / "secret").write_text("json://three\n")
    text = """
channels:
  one: {url: 'json://one'}
  two: {url: '${TWO}'}
  three: {url_file: secret}
  four: {url_file: gone}
"""
    loaded = load(text, environ={"TWO": "json://two", "HONGTOU_CHANNELS__FOUR__URL": "json://${four}"})
    assert {name: url.get_secret_value() for name, url in loaded.channels.items()} == {
        "one": "json://one",
        "two": "json://two",
        "three": "json://three",
        "four": "json://${four}",
    }


def test_no_secret_shows_anywhere(load: Load) -> None:
    """Neither what is loaded nor what is shown of it holds a secret."""
    text = """
database: postgresql+psycopg://me:hunter2@db/hongtou
crawl: {proxy: 'http://hunter2@proxy'}
channels:
  {desk: {url: '${URL}'}, team: {url: 'slack://hunter2'}, odd: {url: hunter2},
   mix: {url: 'a://hunter2${URL}', secret: hunter2}}
"""
    loaded = load(text, environ={"URL": "mailtos://hunter2"})
    assert "hunter2" not in repr(loaded) + repr(loaded.shown) + repr(loaded.origins)
    assert loaded.shown["database"] == "postgresql+psycopg://***"
    channels = loaded.shown["channels"]
    assert isinstance(channels, dict)
    assert {name: (channel["url"], channel["secret"]) for name, channel in channels.items()} == {
        "desk": ("${URL}", None),
        "team": ("slack://***", None),
        "odd": ("***", None),
        "mix": ("a://***", "***"),
    }


def test_no_secret_shows_in_a_fault(faults: Faults) -> None:
    """A value that came from the environment is not repeated when it is wrong."""
    text = """
database: [hunter2]
crawl: {timeout: '${S}', user_agent: '${S}é', retries: '${S}'}
log: {level: '${S}'}
watch: {only: ['${S}'], groups: ['${S}']}
channels: {desk: {url: {hunter2: 1}}}
data_dir: '~${S}/x'
routes:
  a: {cron: '${S}', zone: '${S}', channels: ['${S}'], match: {topics: ['${S}'], jurisdictions: ['${S}!']}}
"""
    told = faults(text, environ={"S": "hunter2"})
    assert len(told) == 14
    assert "hunter2" not in "\n".join(told)


def test_every_fault_of_every_file_is_told_at_once(faults: Faults, folder: Path) -> None:
    """One run shows all there is to mend, in file order."""
    (folder / "sources.d").mkdir()
    (folder / "sources.d/a.yaml").write_text("sources:\n  panews: {tier: 9}\n")
    (folder / "sources.d/b.yaml").write_text("sources: [\n")
    told = faults(
        "log: {level: x}\nwatch: {only: [nothing-such]}\nchannels: {d: {url: '${GONE}'}}\nroutes: {now: {order: x}}\n",
        environ={"HONGTOU_CRAWL__RETRIES": "many", "HONGTOU_WATCH__TIERS": "[1"},
    )
    places = [line.split(": ")[0] for line in told]
    assert places == [
        "hongtou.yaml:1", "hongtou.yaml:2", "hongtou.yaml:3", "hongtou.yaml:4",
        "sources.d/a.yaml:2", "sources.d/b.yaml:2", "HONGTOU_WATCH__TIERS:1", "HONGTOU_CRAWL__RETRIES",
    ]  # fmt: skip


def test_a_variable_that_names_nothing_is_a_warning_unless_the_file_refers_to_it(load: Load) -> None:
    """`HONGTOU_TOKEN` may be a secret of the file; a slip of a setting's name is worth a word."""
    environ = {"HONGTOU_TOKEN": "x", "HONGTOU_CRAWLER__DELAY": "1s"}
    loaded = load("channels: {desk: {url: 'json://${HONGTOU_TOKEN}'}}", environ=environ)
    assert [warning.where for warning in loaded.warnings] == ["HONGTOU_CRAWLER__DELAY"]


def test_watching_nothing_is_a_warning(load: Load) -> None:
    """A daemon without sources is legal, and hardly meant."""
    assert [str(warning) for warning in load("watch:\n  tiers: [5]\n").warnings] == [
        "hongtou.yaml:1: watch: no source is watched; see `hongtou sources list` for what there is"
    ]


def test_the_hash_changes_with_every_effective_edit_and_no_secret(load: Load, folder: Path) -> None:
    """Comments, order and secrets do not count; settings and sources do."""
    base = load("log: {level: debug}\nchannels: {a: {url: 'json://one'}}").hash
    assert len(base) == 12
    assert load("# a comment\nchannels: {a: {url: 'json://two'}}\nlog: {level: debug}").hash == base
    assert load("log: {level: info}\nchannels: {a: {url: 'json://one'}}").hash != base
    (folder / "sources.d").mkdir()
    (folder / "sources.d/a.yaml").write_text("sources: {panews: {tier: 2}}")
    assert load("log: {level: debug}\nchannels: {a: {url: 'json://one'}}").hash != base


def test_a_secret_in_a_source_does_not_count_in_the_hash(load: Load, folder: Path) -> None:
    """A token in a header comes from the environment and stays out of what is shown."""
    (folder / "sources.d").mkdir()
    (folder / "sources.d/a.yaml").write_text("sources: {panews: {headers: {X-Key: '${KEY}'}}}")
    one, two = load("", environ={"KEY": "hunter2"}), load("", environ={"KEY": "other"})
    assert one.hash == two.hash
    assert one.sources["panews"].headers == {"X-Key": "hunter2"}  # type: ignore[index]
    assert "hunter2" not in repr(one)


def test_files_beside_the_configuration_are_found(load: Load, folder: Path) -> None:
    """`sources.d` and `lexicon.d` belong to the file they lie beside, or would lie beside, in name order."""
    for name in ("lexicon.d/b.yml", "lexicon.d/a.yaml", "lexicon.d/note.txt", "etc/lexicon.d/c.yaml"):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).touch()
    expected = (Path("lexicon.d/a.yaml"), Path("lexicon.d/b.yml"))
    assert load().lexicon_paths == expected == lexicon_files(None)
    assert lexicon_files(Path("etc/hongtou.yaml")) == (Path("etc/lexicon.d/c.yaml"),)


def test_a_file_with_the_other_suffix_is_not_passed_over_in_silence(folder: Path) -> None:
    """`hongtou.yml` is told not to be read, unless there is a `hongtou.yaml` as well."""
    (folder / "hongtou.yml").touch()
    assert [str(warning) for warning in load_settings(None, environ={}).warnings] == [
        "hongtou.yml: is not read; name it hongtou.yaml"
    ]
    (folder / "hongtou.yaml").touch()
    assert load_settings(None, environ={}).warnings == ()


def test_a_file_that_is_no_yaml_does_not_hide_the_faults_of_others(faults: Faults, folder: Path) -> None:
    """The sources are checked although the settings cannot be read."""
    (folder / "sources.d").mkdir()
    (folder / "sources.d/a.yml").write_text("sources: {panews: {tier: 9}}")
    assert [line.split(": ")[0] for line in faults("log: 1\nlog: 2\n")] == ["hongtou.yaml:2", "sources.d/a.yml:1"]


def uncommented() -> str:
    """Return the shipped file with every setting switched on: a `#` before anything but one space and a word."""
    lines = default_text().splitlines()
    return "\n".join(line.replace("#", "", 1) if _is_setting(line) else line for line in lines)


def _is_setting(line: str) -> bool:
    bare = line.lstrip()
    return bare.startswith("#") and bare != "#" and not (bare[1] == " " and bare[2:3] != " ")


def test_the_shipped_file_shows_every_setting_with_its_default() -> None:
    """Switching on a line of the shipped file changes nothing, and no setting is missing from it."""
    content = parse_yaml(uncommented(), name=SHIPPED_NAME)
    data = {key: value for key, value in content.data.items() if key not in ("channels", "routes")}
    assert Settings.model_validate(data) == Settings()
    for pattern, _ in walk(Settings):
        if pattern[0] not in ("channels", "routes"):
            assert pattern in content.lines, f"{'.'.join(pattern)} is missing from config/hongtou.yaml"


def test_the_examples_of_the_shipped_file_are_right(load: Load) -> None:
    """The channels and routes that it suggests can be used as they stand."""
    names = ("SMTP_USER", "SMTP_PASSWORD", "SLACK_TOKEN_A", "SLACK_TOKEN_B", "SLACK_TOKEN_C")
    loaded = load(uncommented(), environ=dict.fromkeys(names, "x"))
    assert set(loaded.channels) == {"desk", "team"}
    assert [route.id for route in loaded.routes] == ["night-desk", "shanghai-web3", "monday-ai", "now"]
    assert loaded.warnings == ()


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from(["${A}", "${B}", "$${", "${", "1h", "terminal", "now", "cn-central", "0 9 * * *"]),
)  # fmt: skip
KEYS = st.one_of(
    st.sampled_from(
        ["watch", "only", "crawl", "timeout", "proxy", "channels", "routes", "now", "daily", "match", "topics", "url",
         "url_file", "cron", "order", "enabled", "log", "level", "database", "database_file", "data_dir", "continue"]
    ),
    st.text(max_size=6),
)  # fmt: skip
DATA = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4), max_leaves=12
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.dictionaries(KEYS, DATA, max_size=5))
def test_any_yaml_is_loaded_or_refused(folder: Path, data: dict[str, object]) -> None:
    """Whatever a file holds, loading gives settings or a ConfigError, and nothing else."""
    (folder / "any.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with suppress(ConfigError):
        load_settings(folder / "any.yaml", environ={"A": "x"})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.dictionaries(st.sampled_from(["sources", "defaults", "x"]), st.dictionaries(KEYS, DATA, max_size=3)))
def test_any_source_file_is_loaded_or_refused(folder: Path, data: dict[str, object]) -> None:
    """Whatever a source file holds, loading gives a catalogue or a ConfigError, and nothing else."""
    (folder / "sources.d").mkdir(exist_ok=True)
    (folder / "hongtou.yaml").touch()
    (folder / "sources.d/any.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with suppress(ConfigError):
        load_settings(folder / "hongtou.yaml", environ={"A": "x"})


@given(environ=st.dictionaries(st.sampled_from(
    ["HONGTOU_CRAWL", "HONGTOU_CRAWL__TIMEOUT", "HONGTOU_CRAWL__TIMEOUT__X", "HONGTOU_WATCH__ONLY", "HONGTOU___",
     "HONGTOU_ROUTES__X", "HONGTOU_CHANNELS__A__URL", "HONGTOU_CHANNELS__A__URL_FILE", "HONGTOU_", "HONGTOU_X_FILE"]
), st.text(max_size=10)))  # fmt: skip
def test_any_environment_is_loaded_or_refused(environ: dict[str, str]) -> None:
    """Whatever the variables hold, loading gives settings or a ConfigError, and nothing else."""
    with suppress(ConfigError):
        load_settings(None, environ=environ)
