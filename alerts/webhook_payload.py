"""Builds the JSON that our own webhook sends: a stable, versioned schema, described in the documentation. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alerts.scripts import Entry
from alerts.wording import one_line, safe_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from alerts.pagination import Page
    from alerts.scripts import Line
    from alerts.story_facts import StoryFacts
    from core.alert import Told
    from core.message import Content

SCHEMA_VERSION = 1
"""Raised when a field changes its meaning or goes; new fields do not raise it."""


def webhook_payload(
    content: Content, page: Page[Entry | Line], values: Mapping[str, Any], *, thread: str, language: str
) -> dict[str, object]:
    """Return one part's payload: codes and ISO 8601 times for programs, the same words as in chats for people.

    Args:
        content: What is told.
        page: Of this part.
        values: Of the templates, for what is said in words.
        thread: Stable name of the story; empty for none.
        language: Of what is said in words.
    """
    told = {_story_id(one): one for one in reversed(content.told)}
    return {
        "version": SCHEMA_VERSION,
        "kind": values["content"],
        "at": _iso(content.now),
        "route": content.route,
        "channel": values["channel"],
        "language": language,
        "thread": thread,
        "part": {"number": page.number, "count": page.count},
        "possible_repeat": content.possible_repeat,
        "subject": values["subject"],
        "change": content.change.value if content.change else None,
        "stories": [
            _story(entry.facts, told[entry.whole.id], is_whole=entry.step < 2)
            for entry in page.entries
            if isinstance(entry, Entry)
        ],
        "digest": _digest(content, page, values) if content.frame or "stories" in values else None,
        "notice": _notice(content, values) if "lines" in values else None,
        "find": values["find"],
    }


def _story_id(told: Told) -> int:
    return int(told.story.story.id if told.story else told.item.story_id or told.item.id)


def _story(facts: StoryFacts, told: Told, *, is_whole: bool) -> dict[str, object]:
    judged = told.item.classification
    short: dict[str, object] = {"id": facts.id, "title": facts.title, "url": facts.url or None}
    if not is_whole:
        return short
    return short | {
        "item_id": int(told.item.id),
        "source_id": told.item.source_id,
        "title_language": told.item.language,
        "gloss": facts.gloss,
        "by_machine": list(facts.by_machine),
        "who": facts.who,
        "jurisdiction": _jurisdiction(told),
        "topics": list(told.story.story.topics if told.story else judged.topics if judged else ()),
        "act": judged.act if judged else None,
        "stage": judged.stage.value if judged and judged.stage else None,
        "comments_until": judged.comments_until.isoformat() if judged and judged.comments_until else None,
        "effective_on": judged.effective_on.isoformat() if judged and judged.effective_on else None,
        "published_at": _iso(told.item.published.at),
        "published_precision": told.item.published.precision.value,
        "score": judged.score if judged else None,
        "why": facts.why,
        "words": list(facts.words),
        "documents": list(facts.documents),
        "document_numbers": list(facts.numbers),
        "route_reason": facts.route_reason,
        "note": facts.note,
        "is_primary": facts.is_primary,
        "primary": {"title": facts.primary.title, "url": facts.primary.url or None} if facts.primary else None,
        "outlets": _outlets(told) if facts.outlets else [],
        "others": facts.others,
        "kin": [{"relation": one.relation, "title": one.title} for one in facts.kin],
        "page": facts.page or None,
    }


def _jurisdiction(told: Told) -> str | None:
    judged = told.item.classification
    code = told.story.story.jurisdiction if told.story else judged.jurisdiction if judged else ""
    return one_line(code or "", 40) or None


def _outlets(told: Told) -> list[dict[str, object]]:
    outlets = told.story.outlets if told.story else ()
    return [
        {
            "source_id": one.outlet.source_id,
            "name": one_line(one.name, 120),
            "url": safe_url(one.url) or None,
            "language": one.outlet.language,
            "published_at": _iso(one.outlet.published_at),
            "lead_s": None if one.outlet.lead is None else int(one.outlet.lead.total_seconds()),
            "is_authority": one.outlet.is_authority,
            "reports": one.outlet.reports,
        }
        for one in outlets
    ]


def _digest(content: Content, page: Page[Entry | Line], values: Mapping[str, Any]) -> dict[str, object]:
    frame = content.frame
    return {
        "since": _iso(frame.since) if frame and frame.since else None,
        "why": values["why"],
        "counts": values["counts"],
        "more": page.more,
        "week": [{"day": day, "count": count} for day, count in frame.week] if frame else [],
        "quiet": [
            {
                "source_id": one.source_id,
                "name": one_line(one.name, 80),
                "fault": one_line(one.fault, 60),
                "since": _iso(one.since),
            }
            for one in (frame.quiet if frame and page.is_last else ())
        ],
        "silenced": frame.silenced if frame else 0,
    }


def _notice(content: Content, values: Mapping[str, Any]) -> dict[str, object]:
    return {
        "kind": content.notice.value if content.notice else None,
        "title": values["title"],
        "lines": list(values["lines"]),
    }


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
