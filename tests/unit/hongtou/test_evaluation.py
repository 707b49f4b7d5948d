"""Tests of the eval use case."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from core.classification import Classification, Document, Evidence, Stage, Zone
from core.errors import ConfigError
from core.source import Source, SourceId, SourceKind, Voice
from hongtou.evaluation import evaluate, read_labelled

ROW = {
    "id": "a1", "source": "sh-gov", "url": "https://www.shanghai.gov.cn/a", "lang": "zh",
    "published": "2023-06-15T10:00:00+08:00", "title": "上海发布元宇宙方案", "body": "正文", "relevant": True,
    "hard": True, "topics": ["metaverse"], "jurisdiction": "cn-sh", "act": "plan", "story": None,
}  # fmt: skip


class FakeClassifier:
    """Says yes to titles with 方案, and remembers what it was given."""

    version = "fake-1"

    def __init__(self) -> None:
        self.seen: list[Document] = []

    def classify(self, document: Document) -> Classification:
        """Judge by one word."""
        self.seen.append(document)
        yes = "方案" in document.title
        part = Evidence(
            concept="doc.plan", kind="instrument", zone=Zone.TITLE, start=0, end=2, text=document.title[:2],
            contribution=1.23456,
        )  # fmt: skip
        return Classification(
            relevant=yes, score=0.9 if yes else 0.1, topics=("metaverse",) if yes else (), jurisdiction="cn-sh",
            act="plan" if yes else "none", evidence=(part,) * 20, documents=(), document_numbers=(), reason="because",
            classifier=self.version,
        )  # fmt: skip


def _line(**changes: object) -> str:
    return json.dumps(ROW | changes, ensure_ascii=False)


def _problem(line: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read_labelled(["", line], name="x.jsonl")
    return str(caught.value)


def test_reads_a_line() -> None:
    """Every field arrives in its type, and empty lines are skipped."""
    (item,) = read_labelled(["\n", _line(), "  "])
    assert (item.id, item.text, item.language, item.hard, item.topics) == ("a1", "正文", "zh", True, ("metaverse",))
    assert item.published_at is not None
    assert item.published_at.utcoffset() == timedelta(hours=8)


def test_optional_fields_may_be_absent() -> None:
    """A title and a verdict are enough."""
    (item,) = read_labelled(['{"title": "T", "relevant": false}'])
    assert (item.id, item.text, item.jurisdiction, item.act, item.topics) == ("line-1", "", None, "none", ())
    assert item.published_at is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "x.jsonl:2: is no JSON"),
        ("[1]", "x.jsonl:2: must be a JSON object"),
        (_line(title=" "), "x.jsonl:2: title: is required"),
        (_line(title=5), "x.jsonl:2: title: must be a text"),
        (_line(relevant="yes"), "x.jsonl:2: relevant: must be true or false"),
        (_line(act="decree"), "x.jsonl:2: act: 'decree' is no act"),
        (_line(topics="ai"), "x.jsonl:2: topics: must be a list"),
        (_line(topics=["coins"]), "x.jsonl:2: topics: 'coins' is no topic"),
        (_line(topics=[["ai"]]), "x.jsonl:2: topics: ['ai'] is no topic"),
        (_line(published="yesterday"), "x.jsonl:2: published: 'yesterday' is no time"),
    ],
)
def test_faults_name_file_and_line(line: str, message: str) -> None:
    """A faulty line is told by file, line and field."""
    assert message in _problem(line)


def test_all_faulty_lines_are_told() -> None:
    """One fault does not hide the next."""
    with pytest.raises(ConfigError) as caught:
        read_labelled(["{", "[]"], name="x")
    assert len(caught.value.problems) == 2


def test_an_empty_file_is_a_fault() -> None:
    """No items cannot be measured."""
    with pytest.raises(ConfigError, match="holds no items"):
        read_labelled(["\n"])


def test_report_has_the_documented_shape() -> None:
    """Scripts rely on these keys and figures."""
    items = read_labelled(
        [
            _line(),
            _line(id="a2", title="另一条", hard=False, jurisdiction="cn"),
            _line(id="a3", lang="en", title="方案 but no", relevant=False, topics=[], act="none"),
        ]
    )
    report = evaluate(items, FakeClassifier()).to_json()
    json.dumps(report)
    assert report["items"] == 3
    assert report["classifier"] == "fake-1"
    assert {key: report["relevance"][key] for key in ("precision", "recall", "f1")} == {
        "precision": 0.5, "recall": 0.5, "f1": 0.5}  # fmt: skip
    assert report["jurisdiction"] == {"accuracy": 0.5}
    assert report["act"] == {"accuracy": 0.5}
    assert report["topics"]["micro_f1"] == 0.5
    assert list(report["by_language"]) == ["zh", "en"]
    assert report["hard"] == {"positives": 1, "recall": 1.0, "negatives": 1, "false_positive_rate": 1.0}
    assert [miss["id"] for miss in report["misses"]] == ["a2", "a3"]


def test_misses_tell_expected_got_and_evidence() -> None:
    """A miss carries both answers and the strongest evidence, in JSON's own types."""
    (item,) = read_labelled([_line(title="另一条")])
    (miss,) = evaluate([item], FakeClassifier()).to_json()["misses"]
    assert miss["expected"] == {
        "relevant": True, "topics": ["metaverse"], "jurisdiction": "cn-sh", "act": "plan"}  # fmt: skip
    assert miss["got"]["relevant"] is False
    assert len(miss["evidence"]) == 8
    assert miss["evidence"][0]["contribution"] == 1.235
    assert miss["evidence"][0]["zone"] == "title"


def test_known_sources_lend_voice_and_jurisdiction() -> None:
    """Items are judged as in operation where their source is known, and by their words where it is not."""
    source = Source(
        id=SourceId("sh-gov"), name="上海", name_en="Shanghai", kind=SourceKind.FEED, url="https://x", group="g",
        voice=Voice.AUTHORITY, jurisdiction="cn-sh", issuer="上海市政府",
    )  # fmt: skip
    items = read_labelled([_line(), _line(id="b", source="unknown")])
    classifier = FakeClassifier()
    evaluate(items, classifier, find_source=lambda source_id, _url: source if source_id == "sh-gov" else None)
    first, second = classifier.seen
    assert (first.voice, first.jurisdiction, first.issuer) == (Voice.AUTHORITY, "cn-sh", "上海市政府")
    assert (second.voice, second.jurisdiction, second.issuer) == (None, "", "")
    assert first.published_at == datetime(2023, 6, 15, 2, 0, tzinfo=UTC)


def test_facts_of_papers_are_read_and_scored() -> None:
    """Stage and days count where the reader spoke of them; a null says that there is none."""
    (item,) = read_labelled(
        [_line(stage="draft", effective_on=None, comments_until="2024-05-01", story="s", kind="flash", voice="company")]
    )
    assert (item.stage, item.comments_until, item.effective_on) == (Stage.DRAFT, date(2024, 5, 1), None)
    assert item.told == {"stage", "effective_on", "comments_until"}
    assert (item.story, item.kind, item.voice) == ("s", "flash", Voice.PRESS)
    report = evaluate([item], FakeClassifier())
    assert report.facts == (("stage", 1, 0.0), ("effective_on", 1, 1.0), ("comments_until", 1, 0.0))
    assert evaluate(read_labelled([_line()]), FakeClassifier()).facts == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (_line(stage="dead"), "stage: 'dead' is no stage"),
        (_line(effective_on="soon"), "effective_on: 'soon' is no day"),
    ],
)
def test_faulty_facts_are_told(line: str, message: str) -> None:
    """By field, like every other fault."""
    assert message in _problem(line)


def test_kinds_have_figures_and_so_have_their_groups() -> None:
    """What stands before a comma is a group of kinds."""
    items = read_labelled([_line(kind="feeds, a"), _line(kind="feeds, b"), _line(kind="page"), _line()])
    report = evaluate(items, FakeClassifier())
    assert [(name, counts.items) for name, counts in report.by_kind] == [
        ("feeds", 2), ("feeds, a", 1), ("feeds, b", 1), ("page", 1)]  # fmt: skip
    assert report.to_json()["reliability"]["brier"] == pytest.approx(0.01)


def test_an_authority_without_a_known_source_is_heard_as_one() -> None:
    """The labelled voice stands in where no source tells."""
    classifier = FakeClassifier()
    evaluate(read_labelled([_line(voice="authority")]), classifier)
    assert classifier.seen[0].voice is Voice.AUTHORITY
