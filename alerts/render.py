"""Turns alerts into messages with the Jinja2 templates of this package; sends nothing, reads no clock."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.facts import SHANGHAI, ItemFacts, item_facts
from alerts.wording import mrkdwn, mrkdwn_link, one_line
from core.alert import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.alert import RouteId, Told

MAX_SUBJECT = 200
"""Characters of a subject; RFC 5322 §2.1.1 allows 998 octets a line, mail programs show about 70."""
_MAX_NOTICE = 8000
_PREFIX = "[Hongtou] "
"""By which mail rules and readers know our messages."""
_REPEAT = "Possible repeat: an earlier attempt ended without an answer, so you may have had this already."


class TemplateRenderer:
    """Jinja2 templates, one for each kind of message and form; implements `core.ports.Renderer`.

    Texts from outside are made single lines without control characters before they reach a template; HTML is
    autoescaped, Slack markup escaped by filter, and only http(s) addresses become links.
    """

    def __init__(self, *, max_per_digest: int = 200) -> None:
        """Load the templates.

        Args:
            max_per_digest: Items told in full in one digest, 1 or more; the rest is counted.
        """
        self._max_per_digest = max_per_digest
        self._templates = Environment(
            loader=PackageLoader("alerts"),
            autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False, default_for_string=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["mrkdwn"] = mrkdwn
        self._templates.globals["mrkdwn_link"] = mrkdwn_link

    def item(self, told: Told, *, possible_repeat: bool) -> Message:
        """Render one item."""
        facts = item_facts(told)
        label = f"{facts.label}: " if facts.label else ""
        return self._message(
            "item",
            subject=f"{_PREFIX}{label}{facts.title}",
            possible_repeat=possible_repeat,
            values={"item": facts},
        )

    def digest(self, told: Sequence[Told], *, route: RouteId, now: datetime, possible_repeat: bool) -> Message:
        """Render a digest of at least one item, by topic, then by jurisdiction, each in the given order."""
        facts = [item_facts(one) for one in told]
        shown = facts[: self._max_per_digest]
        topics = Counter(one.topic for one in facts)
        day = f"{now.astimezone(SHANGHAI):%Y-%m-%d}"
        counts = ", ".join(f"{topic} {count}" for topic, count in topics.most_common())
        items = "1 item" if len(facts) == 1 else f"{len(facts)} items"
        return self._message(
            "digest",
            subject=f"{_PREFIX}{one_line(route)} digest {day}: {items} ({counts})",
            possible_repeat=possible_repeat,
            values={
                "route": one_line(route),
                "day": day,
                "items": items,
                "counts": counts,
                "groups": _grouped(shown),
                "more": len(facts) - len(shown),
            },
        )

    def notice(self, subject: str, body: str) -> Message:
        """Render an operator notice or a test message; line breaks in the body are kept."""
        lines = [one_line(line, 1000) for line in body.splitlines()]
        kept = "\n".join(lines)[:_MAX_NOTICE]
        title = one_line(subject).removeprefix(_PREFIX)  # there already when a message is told again, shortened
        return self._message(
            "notice",
            subject=f"{_PREFIX}{title}",
            possible_repeat=False,
            values={"title": title, "lines": kept.split("\n")},
        )

    def _message(self, kind: str, *, subject: str, possible_repeat: bool, values: Mapping[str, object]) -> Message:
        repeat = _REPEAT if possible_repeat else ""
        line = one_line(f"{subject} (possible repeat)" if possible_repeat else subject, MAX_SUBJECT)
        forms = {
            form: self._templates.get_template(f"{kind}.{form}.j2").render(values, subject=line, repeat=repeat).strip()
            for form in ("txt", "html", "mrkdwn")
        }
        return Message(subject=line, text=forms["txt"], html=forms["html"], markdown=forms["mrkdwn"])


def _grouped(facts: Sequence[ItemFacts]) -> list[tuple[str, list[ItemFacts]]]:
    """Return (topic, items) with the largest topic first; the items of one jurisdiction stand together."""
    topics: dict[str, dict[str, list[ItemFacts]]] = {}
    for one in facts:
        topics.setdefault(one.topic, {}).setdefault(one.jurisdiction, []).append(one)
    groups = [(topic, [one for members in places.values() for one in members]) for topic, places in topics.items()]
    return sorted(groups, key=lambda group: -len(group[1]))
