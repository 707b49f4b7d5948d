"""`hongtou stories list|search|show|split|merge`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from core.item import ItemId, StoryId
from core.stories import WantedStories
from hongtou.cli.context import ConfigOption, JsonOption, load, out, read_span
from hongtou.cli.stories_view import details_json, show_details, stories_table, story_json
from hongtou.clock import SystemClock
from hongtou.opening import open_database
from hongtou.parts import build_telling, source_lookup
from hongtou.story_desk import StoryDesk
from hongtou.story_lookup import look_up
from hongtou.story_telling import tell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from config.loaded import Loaded
    from core.repositories import UnitOfWork
    from core.stories import Story

stories_app = typer.Typer(
    help="Events, with all their reports.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

_StoryArgument = Annotated[int, typer.Argument(help="Number of a story.", min=1)]
_Since = Annotated[str, typer.Option(help="With a report first seen within, such as 7d.")]
_Topics = Annotated[list[str] | None, typer.Option("--topic", help="With any of these topics.")]
_Places = Annotated[list[str] | None, typer.Option("--jurisdiction", help="Of any of these; cn includes cn-sh.")]
_Acts = Annotated[list[str] | None, typer.Option("--act", help="With any of these acts.")]
_All = Annotated[bool, typer.Option("--all", help="Also what is not relevant.")]
_Limit = Annotated[int, typer.Option(min=1, help="At most so many, those seen last first.")]


@stories_app.command("list")
def list_stories(
    config: ConfigOption = None,
    *,
    since: _Since = "30d",
    topics: _Topics = None,
    jurisdictions: _Places = None,
    acts: _Acts = None,
    text: Annotated[str, typer.Option(help="Contained in the title or its gloss.")] = "",
    everything: _All = False,
    limit: _Limit = 50,
    as_json: JsonOption = False,
) -> None:
    """List stories: one event each, in all languages."""
    wanted = WantedStories(
        since=SystemClock().now() - read_span(since, "--since"),
        relevant_only=not everything,
        topics=tuple(topics or ()),
        jurisdictions=tuple(jurisdictions or ()),
        acts=tuple(acts or ()),
        text=text,
    )
    _print_list(config, wanted, limit=limit, as_json=as_json)


@stories_app.command()
def search(
    text: Annotated[str, typer.Argument(help="Contained in the title or its gloss.")],
    config: ConfigOption = None,
    *,
    everything: _All = False,
    limit: _Limit = 50,
    as_json: JsonOption = False,
) -> None:
    """Find stories of any age by their titles."""
    _print_list(config, WantedStories(text=text, relevant_only=not everything), limit=limit, as_json=as_json)


@stories_app.command()
def show(story_id: _StoryArgument, config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Show one story: its document, outlets with their lead, lineage, log, and who was told."""
    loaded = load(config)
    database = open_database(loaded)
    with database.reading() as uow:
        details = look_up(uow, StoryId(story_id), source_lookup(loaded.sources))
    database.close()
    if details is None:
        raise typer.BadParameter(f"there is no story {story_id}; `hongtou stories list --all` shows what there is")
    if as_json:
        typer.echo(json.dumps(details_json(details), ensure_ascii=False, indent=2, default=str))
        return
    show_details(out(), details)


@stories_app.command()
def split(
    story_id: _StoryArgument,
    items: Annotated[list[int], typer.Argument(help="Numbers of the items that tell another event.")],
    config: ConfigOption = None,
    *,
    tells: Annotated[bool, typer.Option("--tell", help="Let the routes tell the new story, unless it is old.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put items of a story into a new one; the two are never put together again by themselves."""
    loaded, clock = load(config), SystemClock()
    database = open_database(loaded)
    try:
        with database.unit_of_work() as uow:
            desk = StoryDesk(source_lookup(loaded.sources))
            story = desk.split(uow, StoryId(story_id), [ItemId(number) for number in items], now=clock.now())
            alerts = _tell(uow, loaded, story) if tells else 0
            uow.commit()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    finally:
        database.close()
    if as_json:
        typer.echo(json.dumps(story_json(story) | {"alerts": alerts}, ensure_ascii=False, indent=2, default=str))
        return
    told = f", {alerts} alerts" if tells else ""
    out().print(f"Story {story.id} has now {story.items} of its items: {story.title}{told}", markup=False)


@stories_app.command()
def merge(
    stories: Annotated[list[int], typer.Argument(help="Numbers of stories; the first takes the items of the others.")],
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Put stories that tell one event together, also such as were split before."""
    loaded = load(config)
    database = open_database(loaded)
    try:
        with database.unit_of_work() as uow:
            desk = StoryDesk(source_lookup(loaded.sources))
            story = desk.merge(uow, [StoryId(number) for number in stories], now=SystemClock().now())
            uow.commit()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    finally:
        database.close()
    if as_json:
        typer.echo(json.dumps(story_json(story), ensure_ascii=False, indent=2, default=str))
        return
    out().print(f"Story {story.id} has now {story.items} items: {story.title}", markup=False)


def _print_list(config: Path | None, wanted: WantedStories, *, limit: int, as_json: bool) -> None:
    database = open_database(load(config))
    with database.reading() as uow:
        stories: Sequence[Story] = uow.stories.list(wanted, limit=limit)
    database.close()
    if as_json:
        typer.echo(json.dumps([story_json(story) for story in stories], ensure_ascii=False, indent=2, default=str))
        return
    out().print(stories_table(stories))


def _tell(uow: UnitOfWork, loaded: Loaded, story: Story) -> int:
    """Let the routes tell a story as if its items had just been found; return how many alerts there are."""
    sources, rules, now = source_lookup(loaded.sources), build_telling(loaded), SystemClock().now()
    items = uow.stories.items(story.id)
    return sum(tell(uow, item, sources(item.source_id), rules, now=now) for item in items)
