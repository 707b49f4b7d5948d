"""What operator notices say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.incident import NO_SOURCE, Fault, Incident, IncidentId, Stage
from core.notice import notice_body, notice_key, notice_subject
from core.source import SourceId

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)


def incident(**fields: Any) -> Incident:
    """An incident that began six hours ago."""
    began = NOW - timedelta(hours=6)
    defaults: dict[str, Any] = {
        "id": IncidentId(1),
        "source_id": SourceId("lianwen"),
        "fault": Fault.BLOCKED,
        "started_at": began,
        "last_seen_at": NOW,
        "detail": "Rui Shu (瑞数) challenge (status 412)",
    }
    return Incident(**{**defaults, **fields})


def test_one_fault_is_in_the_subject() -> None:
    """The subject names the source and its fault, the body since when, why, and what to do."""
    told = [(incident(), Stage.FAULT)]
    assert notice_subject(told, str) == "Hongtou: lianwen refuses us"
    body = notice_body(told, str, now=NOW)
    for words in ("since 2023-06-14 20:00 UTC (6 h)", "瑞数", "hongtou sources check lianwen"):
        assert words in body


def test_reminder_and_recovery_say_that_they_are() -> None:
    """A reminder says still, a recovery how long it lasted, without a cure."""
    assert "still refuses us" in notice_subject([(incident(), Stage.REMINDER)], str)
    over = incident(ended_at=NOW)
    assert notice_subject([(over, Stage.RECOVERY)], str) == "Hongtou: lianwen is well again"
    body = notice_body([(over, Stage.RECOVERY)], str, now=NOW)
    assert "for 6 h" in body
    assert "sources check" not in body


def test_the_network_is_no_source() -> None:
    """A dead network is told as such, and its return."""
    network = incident(source_id=NO_SOURCE, fault=Fault.NETWORK, detail="")
    assert notice_subject([(network, Stage.FAULT)], str) == "Hongtou: no source at all can be reached"
    assert "sources check" not in notice_body([(network, Stage.FAULT)], str, now=NOW)
    assert notice_body([(network, Stage.RECOVERY)], str, now=NOW).startswith("The network is back. It had a fault")


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.NETWORK])
def test_every_fault_has_words(fault: Fault) -> None:
    """No fault is told by its code alone."""
    assert len(notice_subject([(incident(fault=fault), Stage.FAULT)], str)) > len("Hongtou: lianwen is")


def test_many_are_one_message_with_faults_first() -> None:
    """The subject counts, the body tells each."""
    told = [
        (incident(id=IncidentId(3), source_id=SourceId("c"), ended_at=NOW), Stage.RECOVERY),
        (incident(id=IncidentId(1), source_id=SourceId("a")), Stage.FAULT),
        (incident(id=IncidentId(2), source_id=SourceId("b")), Stage.REMINDER),
    ]
    assert notice_subject(told, str) == "Hongtou: 2 sources need a look, 1 recovered"
    assert [part[0] for part in notice_body(told, str, now=NOW).split("\n\n")] == ["A", "B", "C"]
    assert notice_subject([told[0], told[0]], str) == "Hongtou: 2 recovered"


def test_the_key_is_that_of_incident_and_stage() -> None:
    """Each stage of each incident has its own key, a second reminder too; long ones stay short."""
    keys = {
        notice_key([(incident(id=IncidentId(number), told=told), stage)])
        for number in (1, 2)
        for told in (0, 1)
        for stage in Stage
    }
    assert len(keys) == 12
    many = [(incident(id=IncidentId(number)), Stage.FAULT) for number in range(99)]
    assert len(notice_key(many)) < 120
    assert notice_key(many) != notice_key(many[1:])
