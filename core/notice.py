"""What an operator notice about sources says. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.hashing import body_hash
from core.health import in_words
from core.incident import NO_SOURCE, Fault, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from core.incident import Incident
    from core.source import SourceId

_WORDS = {
    Fault.BLOCKED: "refuses us",
    Fault.GONE: "is gone from its address",
    Fault.TLS: "cannot be connected to securely",
    Fault.UNREADABLE: "gives something else than its list",
    Fault.EMPTY: "gives an empty list",
    Fault.UNREACHABLE: "does not answer",
    Fault.OURS: "cannot be worked on",
    Fault.DEGRADED: "is read in another way than configured",
    Fault.PAGES: "gives its list but none of its articles",
    Fault.QUIET: "is unusually quiet",
    Fault.NETWORK: "No source at all can be reached",
}
_CURES = {
    Fault.BLOCKED: "It is asked ever more slowly. If that does not help, watch another channel of the same issuer.",
    Fault.GONE: "Find the list's new address and put it into the source's entry.",
    Fault.TLS: "An old server may need `tls:` in its entry; another site's certificate means a wrong address.",
    Fault.UNREADABLE: "The page was probably rebuilt: look at it, and correct address, kind or selectors of the entry.",
    Fault.EMPTY: "The list may have moved behind a script: look at the page, and correct the entry.",
    Fault.DEGRADED: "News still arrives; correct the selectors of the entry.",
    Fault.PAGES: "Titles still arrive, without their texts.",
    Fault.QUIET: "It may have moved its news to another list: look at the page.",
}
Told = tuple["Incident", Stage]


def notice_key(told: Sequence[Told]) -> str:
    """Return the dedup key of a notice: the same for the same stages of the same incidents."""
    stages = "+".join(f"{incident.id}.{stage}.{incident.told}" for incident, stage in told)
    return f"health/{stages if len(stages) <= 100 else body_hash(stages.encode())}"


def notice_subject(told: Sequence[Told], name: Callable[[SourceId], str]) -> str:
    """Return the subject: the one source and its fault, or how many fail and how many recovered."""
    if len(told) == 1:
        return f"Hongtou: {_headline(*told[0], name)}"
    recovered = sum(stage is Stage.RECOVERY for _, stage in told)
    parts = [f"{len(told) - recovered} sources need a look"] if len(told) > recovered else []
    parts += [f"{recovered} recovered"] if recovered else []
    return f"Hongtou: {', '.join(parts)}"


def notice_body(told: Sequence[Told], name: Callable[[SourceId], str], *, now: datetime) -> str:
    """Return the body: one paragraph for each incident, faults first."""
    ordered = sorted(told, key=lambda pair: (pair[1] is Stage.RECOVERY, pair[0].started_at))
    return "\n\n".join(_paragraph(incident, stage, name, now=now) for incident, stage in ordered)


def _headline(incident: Incident, stage: Stage, name: Callable[[SourceId], str]) -> str:
    if incident.source_id == NO_SOURCE:
        return "the network is back" if stage is Stage.RECOVERY else "no source at all can be reached"
    if stage is Stage.RECOVERY:
        return f"{name(incident.source_id)} is well again"
    still = "still " if stage is Stage.REMINDER else ""
    return f"{name(incident.source_id)} {still}{_WORDS[incident.fault]}"


def _paragraph(incident: Incident, stage: Stage, name: Callable[[SourceId], str], *, now: datetime) -> str:
    headline = _headline(incident, stage, name)
    began = f"{incident.started_at:%Y-%m-%d %H:%M} UTC"
    if stage is Stage.RECOVERY:
        lasted = in_words((incident.ended_at or now) - incident.started_at)
        return f"{headline[0].upper()}{headline[1:]}. It had a fault since {began}, for {lasted}."
    lines = [f"{headline[0].upper()}{headline[1:]}, since {began} ({in_words(now - incident.started_at)})."]
    lines += [f"{incident.detail[0].upper()}{incident.detail[1:].rstrip('.')}."] if incident.detail else []
    lines += [_CURES[incident.fault]] if incident.fault in _CURES else []
    if incident.source_id != NO_SOURCE:
        lines.append(f"More: hongtou sources check {incident.source_id}")
    return "\n".join(lines)
