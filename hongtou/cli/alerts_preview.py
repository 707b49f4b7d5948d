"""`hongtou alerts preview`: what a channel would get, sent to nobody."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.channel_forms import Bounds, ChannelOptions, form_of
from alerts.matcher import OrderedRouteMatcher
from alerts.samples import sample_contents
from classifier.folding import fold
from core.alert import AlertKind, ChannelId
from core.item import ItemId, StoryId
from core.message import ChannelKind
from hongtou.cli.context import ConfigOption, JsonOption, load
from hongtou.cli.preview_view import as_json, as_text, write_pages
from hongtou.clock import SystemClock
from hongtou.fitting import build_notifier, delivery_means
from hongtou.opening import open_database
from hongtou.previewing import NothingToShowError, Wanted, stored_content

if TYPE_CHECKING:
    from config.loaded import Loaded
    from core.alert import Route
    from core.message import ChannelForm, Content
    from hongtou.delivering import DeliveryMeans

_SAMPLES = ("item", "update", "digest", "notice", "recovery", "test")
_STORED = ("item", "update", "digest")


def preview(
    items: Annotated[list[int] | None, typer.Argument(help="Numbers of items; none shows a made-up sample.")] = None,
    config: ConfigOption = None,
    *,
    story: Annotated[list[int] | None, typer.Option(help="Number of a story; may be repeated.")] = None,
    content: Annotated[
        str, typer.Option("--as", help=f"What to show: {', '.join(_SAMPLES)}. Several items are a digest.")
    ] = "item",
    channel: Annotated[
        str | None,
        typer.Option(help=f"A channel, by default the first, or a service: {', '.join(ChannelKind)}."),
    ] = None,
    route: Annotated[str | None, typer.Option(help="Show it as this route tells it.")] = None,
    language: Annotated[str | None, typer.Option(help="Of our own words: en or zh.")] = None,
    brevity: Annotated[int, typer.Option(min=0, max=3, help="As for a channel that found it too long.")] = 0,
    html: Annotated[Path | None, typer.Option(help="Write pages for a browser instead.", dir_okay=False)] = None,
    json_wanted: JsonOption = False,
) -> None:
    """Show what a channel would get for items, stories or a sample, and send nothing."""
    loaded = load(config)
    means = delivery_means(loaded, build_notifier(loaded, terminal=sys.stdout))
    told_by = _route(loaded, route)
    form = _form(means, channel, told_by=told_by, language=language)
    if items or story:
        wanted = Wanted(
            kind=AlertKind(_chosen(content, _STORED)),
            channel=form.channel,
            items=tuple(ItemId(number) for number in items or ()),
            stories=tuple(StoryId(number) for number in story or ()),
            route=told_by,
        )
        shown = _stored(loaded, means, wanted)
    else:
        shown = sample_contents(SystemClock().now())[_chosen(content, _SAMPLES)]
    parts = means.renderer.render(shown, form, brevity=brevity)
    if html is not None:
        for path in write_pages(parts, form, html):
            typer.echo(f"written: {path}")
    else:
        typer.echo(as_json(parts) if json_wanted else as_text(parts, form))


def _stored(loaded: Loaded, means: DeliveryMeans, wanted: Wanted) -> Content:
    database = open_database(loaded)
    try:
        with database.unit_of_work() as uow:
            return stored_content(
                uow,
                wanted,
                lookups=means.lookups,
                matcher=OrderedRouteMatcher(loaded.routes, fold=fold),
                now=SystemClock().now(),
            )
    except NothingToShowError as error:
        raise typer.BadParameter(str(error)) from None
    finally:
        database.close()


def _chosen(content: str, known: tuple[str, ...]) -> str:
    if content not in known:
        raise typer.BadParameter(f"{content!r} is none of {', '.join(known)}", param_hint="--as")
    return content


def _route(loaded: Loaded, name: str | None) -> Route | None:
    if name is None:
        return None
    found = next((route for route in loaded.routes if route.id == name), None)
    if found is None:
        known = ", ".join(route.id for route in loaded.routes)
        raise typer.BadParameter(f"no route {name!r} is enabled; there are: {known}", param_hint="--route")
    return found


def _form(means: DeliveryMeans, channel: str | None, *, told_by: Route | None, language: str | None) -> ChannelForm:
    form = _found(means, channel)
    if told_by:
        form = replace(form, language=told_by.language or form.language, template=told_by.template or form.template)
    return replace(form, language=language) if language else form


def _found(means: DeliveryMeans, channel: str | None) -> ChannelForm:
    """Return the form of a configured channel, else of a service by its name."""
    forms = means.sender.forms()
    for form in forms:
        if channel in (None, form.channel):
            return form
    if channel in set(ChannelKind):
        return _any_form(ChannelKind(channel))
    known = ", ".join(form.channel for form in forms)
    raise typer.BadParameter(f"no channel {channel!r} is configured; there are: {known}", param_hint="--channel")


def _any_form(kind: ChannelKind) -> ChannelForm:
    """Return the form of a service that need not be configured."""
    plain = Bounds(max_title=0, max_body=0)
    return form_of(ChannelId(kind.value), kind, ChannelOptions(), is_plain=False, others=plain)
