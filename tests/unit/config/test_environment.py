"""Settings from environment variables."""

from __future__ import annotations

import pytest

from config.environment import environment_layer, unknown_variable


@pytest.mark.parametrize(
    ("name", "text", "data"),
    [
        ("HONGTOU_CRAWL__TIMEOUT", "20s", {"crawl": {"timeout": "20s"}}),
        ("HONGTOU_DATA_DIR", "/data", {"data_dir": "/data"}),
        ("HONGTOU_WATCH__GROUPS", "hk, crypto-en,", {"watch": {"groups": ["hk", "crypto-en"]}}),
        ("HONGTOU_WATCH__GROUPS", "[hk, 'crypto-en']", {"watch": {"groups": ["hk", "crypto-en"]}}),
        ("HONGTOU_WATCH__TIERS", "1,2", {"watch": {"tiers": ["1", "2"]}}),
        ("HONGTOU_CHANNELS__DESK__URL", "[a, b]", {"channels": {"desk": {"url": "[a, b]"}}}),
        ("HONGTOU_CHANNELS__MY_DESK__URL_FILE", "/x", {"channels": {"my-desk": {"url_file": "/x"}}}),
        ("HONGTOU_ROUTES__DAILY__CONTINUE", "yes", {"routes": {"daily": {"continue": "yes"}}}),
        ("HONGTOU_ROUTES__A__MATCH__TOPICS", "ai", {"routes": {"a": {"match": {"topics": ["ai"]}}}}),
        ("HONGTOU_LOG", "{level: debug}", {"log": {"level": "debug"}}),
        ("HONGTOU_DATABASE_FILE", "/run/secrets/dsn", {"database_file": "/run/secrets/dsn"}),
        ("HONGTOU_CRAWL__NOTHING", "x", {"crawl": {"nothing": "x"}}),
    ],
)
def test_a_variable_is_a_setting(name: str, text: str, data: dict[str, object]) -> None:
    """`__` goes down a level, `_` in a free name is a hyphen, lists are separated by commas, secrets are verbatim."""
    layer = environment_layer({name: text})
    assert (layer.tree.data, layer.problems, layer.unknown) == (data, (), ())


def test_origins_name_the_variable() -> None:
    """A fault in a variable's value can be told by its name."""
    layer = environment_layer({"HONGTOU_CRAWL__DELAY": "1s", "HONGTOU_CRAWL__TIMEOUT": "2s"})
    assert layer.tree.origin(("crawl", "delay")).where == "HONGTOU_CRAWL__DELAY"
    assert not layer.tree.origin(("crawl", "timeout")).expand


def test_what_is_not_ours_or_empty_is_left_alone() -> None:
    """Other programs' variables, the file's name and empty variables set nothing."""
    environ = {"PATH": "/bin", "HONGTOU_CONFIG": "x.yaml", "HONGTOU_DATABASE": ""}
    assert environment_layer(environ).tree.data == {}


def test_a_variable_with_our_prefix_that_names_nothing_is_kept_apart() -> None:
    """It may be meant for `${…}`; else it is worth a warning."""
    assert environment_layer({"HONGTOU_TOKEN": "x", "HONGTOU_CRAWLER__DELAY": "1s"}).unknown == (
        "HONGTOU_CRAWLER__DELAY",
        "HONGTOU_TOKEN",
    )
    assert str(unknown_variable("HONGTOU_CRAWLER__DELAY")) == (
        "HONGTOU_CRAWLER__DELAY: names no setting, and is ignored; did you mean `crawl`?"
    )


def test_a_variable_that_is_no_yaml_is_told() -> None:
    """Lists and sections in YAML are checked as a file would be."""
    layer = environment_layer({"HONGTOU_WATCH__GROUPS": "[hk"})
    assert [problem.where for problem in layer.problems] == ["HONGTOU_WATCH__GROUPS:1"]
