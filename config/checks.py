"""Checks settings against what they name: topics, acts, sources, groups, channels, cron fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.problems import problem_at, suggest
from config.routes import TERMINAL
from core.classification import ACTS, TOPICS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from config.layers import Tree
    from config.settings import MatchSettings, RouteSettings, Settings
    from config.yamlfile import KeyPath
    from core.errors import ConfigProblem
    from core.source import Source, SourceId

LANGUAGES = ("zh", "zh-Hant", "en")
_JURISDICTION = re.compile(r"[a-z]{2,4}(-[a-z0-9]{2,4}){0,2}")
_CRON_FIELD = re.compile(r"[0-9A-Za-z*/,\-]+")
_LONG_LIST = 12


def check_names(settings: Settings, tree: Tree, sources: Mapping[SourceId, Source]) -> list[ConfigProblem]:
    """Return a problem for every name that names nothing.

    Args:
        settings: What was loaded.
        tree: Where origins are looked up.
        sources: The catalogue.
    """
    return [*_watch(settings, tree, sources), *_routes(settings, tree, sources)]


def watched_sources(settings: Settings, sources: Mapping[SourceId, Source]) -> tuple[Source, ...]:
    """Return the sources to poll, in catalogue order.

    Args:
        settings: Its `watch` section decides.
        sources: The catalogue.
    """
    watch = settings.watch
    if watch.only:
        return tuple(source for source in sources.values() if source.id in watch.only)
    return tuple(
        source
        for source in sources.values()
        if source.id not in watch.never
        and (
            source.id in watch.also
            or (source.enabled and source.tier in watch.tiers and (not watch.groups or source.group in watch.groups))
        )
    )


def _watch(settings: Settings, tree: Tree, sources: Mapping[SourceId, Source]) -> Iterator[ConfigProblem]:
    groups = {source.group for source in sources.values()}
    for name, known, noun in (
        ("groups", groups, "group"),
        ("only", sources, "source"),
        ("also", sources, "source"),
        ("never", sources, "source"),
    ):
        yield from _unknown(tree, ("watch", name), getattr(settings.watch, name), known=known, noun=noun)


def _routes(settings: Settings, tree: Tree, sources: Mapping[SourceId, Source]) -> Iterator[ConfigProblem]:
    channels = {*settings.channels, TERMINAL}
    for name, route in settings.routes.items():
        path = ("routes", name)
        yield from _match(tree, (*path, "match"), route.match, sources)
        yield from _unknown(tree, (*path, "channels"), route.channels, known=channels, noun="channel")
        yield from _cron(tree, (*path, "cron"), route)


def _match(
    tree: Tree, path: KeyPath, match: MatchSettings, sources: Mapping[SourceId, Source]
) -> Iterator[ConfigProblem]:
    groups = {source.group for source in sources.values()}
    for name, known, noun in (
        ("topics", TOPICS, "topic"),
        ("acts", ACTS, "act"),
        ("sources", sources, "source"),
        ("groups", groups, "group"),
        ("languages", LANGUAGES, "language"),
    ):
        yield from _unknown(tree, (*path, name), getattr(match, name), known=known, noun=noun)
    for index, code in enumerate(match.jurisdictions):
        if not _JURISDICTION.fullmatch(code):
            message = f"{code!r} is no jurisdiction; use lower-case codes such as cn, cn-sh or hk"
            yield problem_at(tree, (*path, "jurisdictions", index), message)


def _unknown(
    tree: Tree, path: KeyPath, words: Sequence[str], *, known: Collection[str], noun: str
) -> Iterator[ConfigProblem]:
    for index, word in enumerate(words):
        if word not in known:
            listing = f"; known: {', '.join(sorted(known))}" if len(known) <= _LONG_LIST else ""
            yield problem_at(tree, (*path, index), f"there is no {noun} {word!r}{suggest(word, known) or listing}")


def _cron(tree: Tree, path: KeyPath, route: RouteSettings) -> Iterator[ConfigProblem]:
    fields = route.cron.split()
    if len(fields) != 5 or not all(_CRON_FIELD.fullmatch(field) for field in fields):
        yield problem_at(
            tree, path, f"{route.cron!r} is no cron time; write minute, hour, day, month, weekday, such as `0 9 * * *`"
        )
