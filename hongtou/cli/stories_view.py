"""Shows stories: tables for a terminal, and the documented JSON objects."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from core.item import Item
    from core.stories import Outlet, Story
    from hongtou.story_lookup import Descent, StoryDetails

_HOUR = timedelta(hours=1)


def stories_table(stories: Iterable[Story]) -> Table:
    """Return one row a story."""
    table = Table()
    for column in ("story", "last seen", "reports", "languages", "score", "jurisdiction", "act", "topics", "title"):
        table.add_column(column)
    for story in stories:
        reports = f"{story.items} of {story.sources}" if story.items > 1 else "1"
        table.add_row(
            str(story.id),
            story.last_seen_at.isoformat(timespec="minutes"),
            reports + (" + own" if story.primary_item_id is not None else ""),
            ", ".join(story.languages),
            f"{story.score:.2f}",
            story.jurisdiction,
            "" if story.act == "none" else story.act,
            ", ".join(story.topics),
            _title(story),
        )
    return table


def show_details(console: Console, details: StoryDetails) -> None:
    """Print all that is known of a story."""
    story = details.story
    console.print(Text(f"Story {story.id}  ", style="dim").append_text(_title(story)))
    for line in _facts(details):
        console.print(line, markup=False)
    console.print(_items_table(details))
    if details.lineage.below or details.lineage.story.id != story.id:
        console.print(_tree(details.lineage, story))
    for tie, other in details.siblings:
        console.print(Text(f"Beside it: story {other.id}  {other.title}  ").append(tie.reason, style="dim"))
    console.print(_log_table(details))
    if details.alerts:
        console.print(_alerts_table(details))


def story_json(story: Story) -> dict[str, Any]:
    """Return the documented JSON object of a story; see docs/stories.md."""
    return asdict(story)


def details_json(details: StoryDetails) -> dict[str, Any]:
    """Return the documented JSON object of `hongtou stories show --json`; see docs/stories.md."""
    reasons = details.reasons
    return story_json(details.story) | {
        "names": list(details.names),
        "primary": _item_json(details.primary) if details.primary else None,
        "outlets": [_outlet_json(outlet) for outlet in details.outlets],
        "reports": [_item_json(item) | {"reason": reasons.get(item.id, "")} for item in details.items],
        "lineage": _descent_json(details.lineage),
        "siblings": [
            {"story": other.id, "title": other.title, "reason": tie.reason} for tie, other in details.siblings
        ],
        "apart_from": list(details.apart),
        "log": [asdict(event) for event in details.events],
        "alerts": [asdict(alert) for alert in details.alerts],
    }


def _title(story: Story) -> Text:
    return Text(story.title).append(f"\n{story.gloss}" if story.gloss else "", style="dim")


def _facts(details: StoryDetails) -> Iterable[str]:
    story, primary = details.story, details.primary
    act = "" if story.act == "none" else story.act
    stage = story.stage.value if story.stage else ""
    yield " · ".join(word for word in (story.jurisdiction, act, stage, ", ".join(story.topics)) if word)
    if primary is None:
        yield "The authority's own document was not seen yet."
    else:
        number = f"{primary.document_numbers[0]}, " if primary.document_numbers else ""
        yield f"Document: {number}item {primary.id}, {primary.source_id}, {primary.url}"
    began, seen = (at.isoformat(timespec="minutes") for at in (story.began_at, story.first_seen_at))
    yield f"First published {began}, first seen {seen}; {story.items} items of {story.sources} sources"
    if len(details.names) > 1:
        yield f"Also known as story {', '.join(map(str, details.names[1:]))}"
    if details.apart:
        yield f"Split by a user from story {', '.join(map(str, details.apart))}"


def _items_table(details: StoryDetails) -> Table:
    """Return one row an item, with its outlet's lead at the outlet's first."""
    leads = {outlet.item_id: lead_words(outlet.lead) for outlet in details.outlets}
    reasons = details.reasons
    table = Table(title="Reports", title_justify="left")
    for column in ("item", "published", "lead", "language", "source", "title", "why here"):
        table.add_column(column)
    for item in details.items:
        marks = "document" if details.primary and item.id == details.primary.id else leads.get(item.id, "")
        published = item.published.at.isoformat(timespec="minutes")
        row = (str(item.id), published, marks, item.language, item.source_id)
        table.add_row(*row, Text(item.title), Text(reasons.get(item.id, "")))
    return table


def lead_words(lead: timedelta | None) -> str:
    """Return how long after the authority an outlet published, short: `+3.5 h`, `-40 min`, `+2 d`."""
    if lead is None:
        return ""
    sign, size = ("-" if lead < timedelta() else "+"), abs(lead)
    if size >= 48 * _HOUR:
        return f"{sign}{size / (24 * _HOUR):.0f} d"
    return f"{sign}{size / _HOUR:.1f} h" if size >= _HOUR else f"{sign}{size / (_HOUR / 60):.0f} min"


def _tree(lineage: Descent, own: Story) -> Tree:
    tree = Tree(_node(lineage, own))
    _grow(tree, lineage, own)
    return tree


def _grow(tree: Tree, lineage: Descent, own: Story) -> None:
    for below in lineage.below:
        _grow(tree.add(_node(below, own)), below, own)


def _node(descent: Descent, own: Story) -> Text:
    story, tie = descent.story, descent.tie
    words = Text(f"{tie.relation.value}: " if tie else "", style="italic")
    words.append(f"story {story.id}  {story.title}", style="bold" if story.id == own.id else "not italic")
    return words.append(f"  {tie.reason}" if tie and tie.reason else "", style="dim not italic")


def _log_table(details: StoryDetails) -> Table:
    table = Table(title="Log", title_justify="left")
    for column in ("at", "what", "item", "why"):
        table.add_column(column)
    for event in details.events:
        item = str(event.item_id) if event.item_id is not None else ""
        table.add_row(event.at.isoformat(timespec="seconds"), event.kind.value, item, Text(event.reason))
    return table


def _alerts_table(details: StoryDetails) -> Table:
    table = Table(title="Told", title_justify="left")
    for column in ("at", "channel", "route", "kind", "state"):
        table.add_column(column)
    for alert in details.alerts:
        at = alert.at.isoformat(timespec="seconds")
        table.add_row(at, alert.channel, alert.route, alert.kind, alert.state)
    return table


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "item": item.id,
        "source": item.source_id,
        "url": item.url,
        "title": item.title,
        "language": item.language,
        "published_at": item.published.at,
        "first_seen_at": item.first_seen_at,
        "document_numbers": list(item.document_numbers),
    }


def _outlet_json(outlet: Outlet) -> dict[str, Any]:
    lead = outlet.lead.total_seconds() if outlet.lead is not None else None
    return {name: value for name, value in asdict(outlet).items() if name != "lead"} | {"lead_s": lead}


def _descent_json(descent: Descent) -> dict[str, Any]:
    tie = descent.tie
    return {
        "story": descent.story.id,
        "title": descent.story.title,
        "relation": tie.relation if tie else None,
        "reason": tie.reason if tie else "",
        "by_hand": tie.by_hand if tie else False,
        "below": [_descent_json(below) for below in descent.below],
    }
