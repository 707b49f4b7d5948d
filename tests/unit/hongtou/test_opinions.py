"""A second opinion stands behind the classifier where the configuration asks for it, and nowhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from classifier.lexicon_classifier import LexiconClassifier
from classifier.opinion.second_opinion import SecondOpinion
from config.lexicon import load_lexicon
from config.loader import load_settings
from core.alert import ChannelId
from core.classification import Document
from core.errors import ConfigError
from core.opinion_budget import OpinionMonth
from hongtou.clock import SystemClock
from hongtou.notices import Notices, Operators
from hongtou.opinions import (
    OperatorNotices,
    check_second_opinion,
    own_threads,
    prune_opinions,
    read_month,
    status_json,
    stop_asking,
    with_second_opinion,
)
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.loaded import Loaded

SECTION = {
    "enabled": True,
    "base_url": "http://127.0.0.1:9/v1",
    "model": "small",
    "key": "sk-secret",
    "price_in": 0.1,
    "price_out": 0.2,
}


@pytest.fixture
def make_loaded(tmp_path: Path) -> Callable[..., Loaded]:
    """Loader of a configuration with these settings of the second opinion."""

    def make(**fields: Any) -> Loaded:
        (tmp_path / "hongtou.yaml").write_text("data_dir: data\n")
        overrides = {f"classify.second_opinion.{name}": value for name, value in {**SECTION, **fields}.items()}
        return load_settings(tmp_path / "hongtou.yaml", environ={}, overrides=overrides)

    return make


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexiconClassifier:
    """A classifier on a lexicon of two concepts."""
    folder = tmp_path_factory.mktemp("lexicon")
    technology = "{tech.blockchain: {topics: [blockchain], zh: [区块链], en: [blockchain]}}"
    (folder / "technology.yaml").write_text(f"kind: technology\nconcepts: {technology}\n", encoding="utf-8")
    act = "{act.issue: {zh: [印发], en: [issues]}}"
    (folder / "act.yaml").write_text(f"kind: act\nconcepts: {act}\n", encoding="utf-8")
    return LexiconClassifier(load_lexicon(shipped=folder), threshold=0.5)


def test_it_is_off_by_default(lexical: LexiconClassifier, database: SqlDatabase) -> None:
    """The classifier comes back as it is, and no thread is taken."""
    loaded = load_settings(None, environ={})
    assert with_second_opinion(loaded, lexical, database) is lexical
    assert own_threads(loaded) == 0
    check_second_opinion(loaded)


def test_it_is_on_when_configured(
    make_loaded: Callable[..., Loaded], lexical: LexiconClassifier, database: SqlDatabase
) -> None:
    """The version names the model; each request that may run has two threads."""
    loaded = make_loaded(concurrency=3)
    second = with_second_opinion(loaded, lexical, database, max_age=timedelta(days=9))
    assert isinstance(second, SecondOpinion)
    assert second.version.startswith(f"{lexical.version}+opinion.small.")
    assert own_threads(loaded) == 6
    check_second_opinion(loaded)


def test_it_can_be_stopped(
    make_loaded: Callable[..., Loaded], lexical: LexiconClassifier, database: SqlDatabase
) -> None:
    """At the end of the program; a classifier that asks nobody has nothing to stop."""
    second = with_second_opinion(make_loaded(margin=0.5), lexical, database)
    stop_asking(second)
    stop_asking(lexical)
    second.classify(Document(title="某市印发区块链产业三年行动计划", language="zh"))
    assert read_month(database, now=SystemClock().now()).calls == 0


def test_a_faulty_prompt_is_told_at_load(
    make_loaded: Callable[..., Loaded], lexical: LexiconClassifier, database: SqlDatabase, tmp_path: Path
) -> None:
    """By the check, and when the classifier is built; not while it is off."""
    (tmp_path / "own.j2").write_text("{{ nothing }}")
    loaded = make_loaded(prompt=str(tmp_path / "own.j2"))
    with pytest.raises(ConfigError, match="nothing"):
        check_second_opinion(loaded)
    with pytest.raises(ConfigError, match=r"own\.j2"):
        with_second_opinion(loaded, lexical, database)
    check_second_opinion(make_loaded(prompt=str(tmp_path / "own.j2"), enabled=False))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"model": ""}, "needs `model` when it is enabled"),
        ({"base_url": "", "price_in": None}, "needs `base_url`"),
        ({"base_url": "https://user:pw@x.example/v1"}, "base_url"),
        ({"base_url": "https://x.example/v1?key=1"}, "base_url"),
        ({"base_url": "ftp://x.example/v1"}, "base_url"),
        ({"key": "sk secret\nX-Evil: 1"}, "printable ASCII"),
        ({"key": "schlüssel"}, "printable ASCII"),
    ],
)
def test_a_faulty_section_is_told_without_the_key(
    make_loaded: Callable[..., Loaded], fields: dict[str, Any], message: str
) -> None:
    """What is missing, an address with secrets in it, and a key that no header can hold."""
    with pytest.raises(ConfigError) as caught:
        make_loaded(**fields)
    assert message in str(caught.value)
    assert "sk secret" not in str(caught.value)
    assert "schlüssel" not in str(caught.value)


def test_the_key_is_never_shown(make_loaded: Callable[..., Loaded], tmp_path: Path) -> None:
    """Neither in what is in force nor in its representation, however it was given."""
    (tmp_path / "key").write_text("sk-from-file\n")
    (tmp_path / "own.yaml").write_text(f"classify: {{second_opinion: {{key_file: {tmp_path / 'key'}}}}}\n")
    from_file = load_settings(tmp_path / "own.yaml", environ={})
    for loaded in (make_loaded(), from_file):
        assert "sk-" not in str(loaded.shown)
        assert "sk-" not in repr(loaded.settings)
    key = from_file.settings.classify.second_opinion.key
    assert key is not None
    assert key.get_secret_value() == "sk-from-file"


def test_a_month_is_told(make_loaded: Callable[..., Loaded], database: SqlDatabase, now: Any) -> None:
    """Money in the user's unit, times in UTC, and nulls where there is nothing."""
    loaded = make_loaded()
    assert read_month(database, now=now) == OpinionMonth(month="2023-06")
    told = status_json(loaded, OpinionMonth(month="2023-06", spent=1_234_567, last_fault="key: no", last_fault_at=now))
    assert (told["spent"], told["budget"], told["enabled"]) == (1.234567, 5.0, True)
    assert told["last_fault_at"] == "2023-06-15T02:00:00+00:00"
    assert status_json(loaded, OpinionMonth(month="2023-06"))["last_fault"] is None
    assert prune_opinions(loaded, database) == 0


def test_an_operator_is_told_once_a_month(database: SqlDatabase) -> None:
    """Of a refused key, and of a budget that is used up, by each channel; also when the program was started anew."""
    for _ in range(2):
        operators = Operators(channels=(ChannelId("desk"), ChannelId("team")))
        tell = OperatorNotices(database, Notices(operators, SystemClock()), model="small")
        tell("key", "the key is refused (HTTP 401)")
        tell("budget of 2023-06", "the budget of 2023-06 does not hold another request")
    with database.reading() as uow:
        alerts = uow.outbox.list(limit=99)
    told = sorted((alert.channel, alert.subject) for alert in alerts)
    subjects = ("Second opinions: the budget is used up", "Second opinions: the key is refused")
    assert told == [(channel, subject) for channel in ("desk", "team") for subject in subjects]
    assert all("small is not asked for now: the " in alert.body for alert in alerts)


def test_a_notice_is_lost_without_a_database(tmp_path: Path) -> None:
    """It is logged in its place, and the judgement goes on."""
    with SqlDatabase(f"sqlite:///{tmp_path / 'absent' / 'hongtou.db'}") as absent:
        notices = Notices(Operators(channels=(ChannelId("desk"),)), SystemClock())
        OperatorNotices(absent, notices, model="small")("key", "the key is refused")


def test_an_endpoint_that_is_away_changes_nothing(
    make_loaded: Callable[..., Loaded], lexical: LexiconClassifier, database: SqlDatabase
) -> None:
    """The whole chain against a closed port: the first judgement, and one fault in the month's figures."""
    loaded = make_loaded(margin=0.5)
    document = Document(title="某市印发区块链产业三年行动计划", text="支持建设公共服务平台。", language="zh")
    judged = with_second_opinion(loaded, lexical, database).classify(document)
    assert judged == lexical.classify(document)
    month = read_month(database, now=SystemClock().now())
    assert (month.calls, month.faults, month.spent) == (1, 1, 0)
    assert month.last_fault.startswith("unreachable: ")
    assert month.questions == 1
