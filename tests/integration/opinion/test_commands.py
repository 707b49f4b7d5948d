"""Second opinions in the commands, against the stand-in."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from classifier.lexicon_classifier import LexiconClassifier
from config.lexicon import load_lexicon
from config.loader import load_settings
from core.classification import Document
from hongtou.cli.app import app
from hongtou.clock import SystemClock
from hongtou.intake import document_of
from hongtou.opening import open_database
from hongtou.opinions import with_second_opinion
from hongtou.wiring import build_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from core.source import Source

pytestmark = pytest.mark.integration

KEY = "sk-secret-0123456789"
PAGE = """<html lang="zh"><head><title>某区举办产业座谈会</title></head><body><article><h1>某区举办产业座谈会</h1>
<p>本区于近日召开产业座谈会，区领导听取企业意见，并介绍了今后的打算。多家企业的代表在会上发言，谈到了产品和市场。</p>
<p>会议由区科委主持，会后参观了展厅，相关部门将继续听取各方面的意见，适时研究下一步的工作安排和服务举措。</p></article></body></html>"""


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexiconClassifier:
    """A classifier on a lexicon of two concepts."""
    folder = tmp_path_factory.mktemp("lexicon")
    technology = "{tech.blockchain: {topics: [blockchain], zh: [区块链], en: [blockchain]}}"
    (folder / "technology.yaml").write_text(f"kind: technology\nconcepts: {technology}\n", encoding="utf-8")
    act = "{act.issue: {zh: [印发], en: [issues]}}"
    (folder / "act.yaml").write_text(f"kind: act\nconcepts: {act}\n", encoding="utf-8")
    return LexiconClassifier(load_lexicon(shipped=folder), threshold=0.5)


@pytest.fixture
def commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standin: Any, lexical: LexiconClassifier
) -> Callable[..., Result]:
    """Run a command in a folder whose configuration asks the stand-in about everything."""
    for module in ("hongtou.parts", "hongtou.wiring", "hongtou.cli.backtest_command", "hongtou.cli.eval_command"):
        monkeypatch.setattr(f"{module}.build_classifier", lambda _: lexical)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HONGTOU_CONFIG", raising=False)
    monkeypatch.setenv("OPINION_KEY", KEY)
    section = {
        "enabled": True,
        "base_url": standin.url,
        "model": "small",
        "key": "${OPINION_KEY}",
        "margin": 0.5,
        "weight": 3,
        "price_in": 0.001,
        "price_out": 0.002,
        "translate": True,
    }
    (tmp_path / "hongtou.yaml").write_text(json.dumps({"classify": {"second_opinion": section}}))
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(app, arguments)


def answer_with_words(standin: Any) -> None:
    """Have everything called relevant, with translation and summary."""
    words = {"translation": "A district holds a meeting", "summary": ["It met.", "It will go on."]}
    yes = {"relevant": True, "confidence": 0.9, "topics": ["digital-economy"], "act": "statement", **words}
    standin.behave = lambda request, handler: standin.send(
        handler, standin.completion(standin.answer(request.code, *[yes for _ in request.pages]))
    )


def test_inspect_asks_only_when_told(commands: Callable[..., Result], standin: Any) -> None:
    """Then it shows score, reason, evidence and the machine's words, pays once, and the key is nowhere."""
    answer_with_words(standin)
    (plain,) = json.loads(commands("inspect", "page.html", "--json").stdout)
    assert standin.requests == []
    assert plain["classification"]["translation"] == ""
    (asked,) = json.loads(commands("inspect", "page.html", "--opinion", "--json").stdout)
    judged = asked["classification"]
    assert judged["score"] > plain["classification"]["score"]
    assert "A second opinion (small) was asked" in judged["reason"]
    assert [one["concept"] for one in judged["evidence"] if one["kind"] == "second-opinion"] == ["opinion.small"]
    shown = commands("inspect", "page.html", "--opinion")
    assert len(standin.requests) == 1
    assert judged["relevant"]
    assert (judged["translation"], judged["summary"]) == ("A district holds a meeting", ["It met.", "It will go on."])
    assert "by machine  A district holds a meeting" in shown.stdout
    status = json.loads(commands("opinion", "status", "--json").stdout)
    assert (status["requests"], status["from_memory"], status["spent"]) == (1, 1, 0.0008)
    output = "".join(commands(*words).output for words in (("config", "show"), ("opinion", "status")))
    assert KEY not in output + shown.output


def test_eval_asks_only_when_told(commands: Callable[..., Result], standin: Any, tmp_path: Path) -> None:
    """Whatever the age of the items: a model that knows better shows in the figures."""
    answer_with_words(standin)
    item: dict[str, Any] = {
        "id": "1",
        "title": "某区召开座谈会",
        "body": "区领导听取意见。",
        "source": "",
        "lang": "zh",
    }
    item |= {
        "published": "2020-01-01T00:00:00+00:00",
        "relevant": True,
        "topics": [],
        "jurisdiction": "cn",
        "act": "none",
    }
    (tmp_path / "items.jsonl").write_text(json.dumps(item), encoding="utf-8")
    alone = json.loads(commands("eval", "items.jsonl", "--json").stdout)
    assert standin.requests == []
    advised = json.loads(commands("eval", "items.jsonl", "--json", "--opinion").stdout)
    assert (alone["relevance"]["recall"], advised["relevance"]["recall"]) == (0.0, 1.0)
    assert len(standin.requests) == 1


def test_the_archive_is_judged_by_remembered_opinions(
    commands: Callable[..., Result],
    lexical: LexiconClassifier,
    standin: Any,
    make_item: Any,
    make_published: Any,
) -> None:
    """A backtest asks nothing, and finds nothing changed where the opinion is the one the item was stored with."""
    answer_with_words(standin)
    loaded = load_settings(None, environ={"OPINION_KEY": KEY})
    now = SystemClock().now()
    source: Source = next(iter(loaded.sources.values()))
    fresh = {"source_id": source.id, "published": make_published(at=now), "first_seen_at": now, "updated_at": now}
    item = make_item(1, title="某区召开产业座谈会", text="区领导听取意见。", **fresh)
    database = open_database(loaded)
    second = with_second_opinion(loaded, lexical, database)
    judged = second.classify(document_of(item, source))
    assert len(standin.requests) == 1
    with database.unit_of_work() as uow:
        uow.items.add(make_item(1, title=item.title, text=item.text, classification=judged, **fresh))
        uow.items.add(make_item(2, title="另一个从未问过的标题", text="别的。", **fresh))
        uow.commit()
    database.close()
    report = json.loads(commands("backtest", "--jobs", "0", "--json").stdout)
    assert len(standin.requests) == 1
    assert (report["items"], report["changes"]["flagged"], report["changes"]["unflagged"]) == (2, 0, 0)
    assert json.loads(commands("opinion", "status", "--json").stdout)["from_memory"] == 0


def test_an_endpoint_that_refuses_the_key_is_told_and_inspection_goes_on(
    commands: Callable[..., Result], standin: Any
) -> None:
    """The judgement is the lexicon's; the status has the fault, without the key that the endpoint repeated."""
    standin.behave = lambda _, handler: standin.send(handler, f"wrong key {KEY}".encode(), status=401)
    (plain,) = json.loads(commands("inspect", "page.html", "--json").stdout)
    asked = commands("inspect", "page.html", "--opinion", "--json")
    assert json.loads(asked.stdout)[0]["classification"] == plain["classification"]
    status = commands("opinion", "status")
    assert "key: the key is refused (HTTP 401)" in status.stdout
    assert KEY not in asked.output + status.output


async def test_the_daemon_asks_prunes_and_stops(
    commands: Callable[..., Result], lexical: LexiconClassifier, standin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its classifier asks, with threads of its own; old opinions are pruned; once it is to stop nobody is asked."""
    del commands
    monkeypatch.setattr("hongtou.fitting.build_classifier", lambda *_: lexical)
    daemon_app = build_app(load_settings(None, environ={"OPINION_KEY": KEY}), terminal=StringIO())
    try:
        classifier = daemon_app.live.now.rules.classifier
        judged = await daemon_app.offload.run(classifier.classify, Document(title="某区召开产业座谈会", language="zh"))
        assert "opinion.small" in judged.classifier
        assert daemon_app.offload._pool._max_workers == 8
        jobs = {job.name: job.run for job in daemon_app.daemon._further}
        await jobs["opinions"]()
        daemon_app.daemon.request_stop()
        later = await daemon_app.offload.run(classifier.classify, Document(title="另一个标题", language="zh"))
        assert "opinion.small" not in later.classifier
        assert len(standin.requests) == 1
    finally:
        daemon_app.close()
