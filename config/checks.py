"""Checks settings against what they name: topics, acts, sources, groups, channels, cron fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.fields import JURISDICTION_PATTERN
from config.layers import problem_at
from config.problems import suggest
from config.routes import TERMINAL
from core.classification import ACTS, TOPICS
from core.text_query import QuerySyntaxError, parse_query

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from config.layers import Resolved
    from config.route_settings import MatchSettings
    from config.settings import Settings
    from config.sources import Catalogue
    from config.yamlfile import KeyPath
    from core.errors import ConfigProblem
    from core.source import Source, SourceId

LANGUAGES = ("zh", "zh-Hant", "en")
_JURISDICTION = re.compile(JURISDICTION_PATTERN)
_CRON_FIELD = re.compile(r"[0-9A-Za-z*/,\-]+")
_LONG_LIST = 24


def check_names(settings: Settings, found: Resolved, catalogue: Catalogue) -> list[ConfigProblem]:
    """Return a problem for every name that names nothing.

    Args:
        settings: What was loaded; may lack what had faults of its own.
        found: All that was written; values that came out of `${…}` are not shown.
        catalogue: The known sources.
    """
    return [
        *_watch(settings, found, catalogue),
        *_routes(settings, found, catalogue),
        *_notices(settings, found),
    ]


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


def _watch(settings: Settings, found: Resolved, catalogue: Catalogue) -> Iterator[ConfigProblem]:
    watch, path = settings.watch, ("watch",)
    yield from _unknown(found, (*path, "groups"), watch.groups, known=catalogue.groups, noun="group")
    for name, ids in (("only", watch.only), ("also", watch.also), ("never", watch.never)):
        yield from _unknown(found, (*path, name), ids, known=catalogue.ids, noun="source")


def _routes(settings: Settings, found: Resolved, catalogue: Catalogue) -> Iterator[ConfigProblem]:
    channels = _channels(found)
    for name, route in settings.routes.items():
        path = ("routes", name)
        yield from _match(found, (*path, "match"), route.match, catalogue)
        yield from _unknown(found, (*path, "channels"), route.channels, known=channels, noun="channel")
        yield from _cron(found, (*path, "cron"), route.cron)


def _notices(settings: Settings, found: Resolved) -> Iterator[ConfigProblem]:
    operators = settings.operators
    for path, names in (
        (("operators", "channels"), operators.channels),
        (("alerts", "notices"), settings.alerts.notices),
    ):
        yield from _unknown(found, path, names, known=_channels(found), noun="channel")
    if settings.retention.tidy:
        yield from _cron(found, ("retention", "tidy"), settings.retention.tidy)
    if operators.heartbeat:
        yield from _cron(found, ("operators", "heartbeat"), operators.heartbeat)


def _channels(found: Resolved) -> set[str]:
    return {*map(str, found.tree.below("channels").data), TERMINAL}


def _match(found: Resolved, path: KeyPath, match: MatchSettings, catalogue: Catalogue) -> Iterator[ConfigProblem]:
    yield from _unknown(found, (*path, "topics"), match.topics, known=TOPICS, noun="topic")
    yield from _unknown(found, (*path, "acts"), match.acts, known=ACTS, noun="act")
    yield from _unknown(found, (*path, "sources"), match.sources, known=catalogue.ids, noun="source")
    yield from _unknown(found, (*path, "groups"), match.groups, known=catalogue.groups, noun="group")
    yield from _unknown(found, (*path, "languages"), match.languages, known=LANGUAGES, noun="language")
    yield from _query(found, (*path, "query"), match.query)
    for index, code in enumerate(match.jurisdictions):
        if not _JURISDICTION.fullmatch(code):
            here = (*path, "jurisdictions", index)
            message = f"{_quoted(found, here, code)} is no jurisdiction; use lower-case codes such as cn, cn-sh or hk"
            yield problem_at(found.tree, here, message)


def _unknown(
    found: Resolved, path: KeyPath, words: Sequence[str], *, known: Collection[str], noun: str
) -> Iterator[ConfigProblem]:
    for index, word in enumerate(words):
        if word not in known:
            here = (*path, index)
            listing = f"; known: {', '.join(sorted(known))}" if len(known) <= _LONG_LIST else ""
            hint = suggest(word, known) if here not in found.templates else ""
            yield problem_at(found.tree, here, f"there is no {noun} {_quoted(found, here, word)}{hint or listing}")


def _query(found: Resolved, path: KeyPath, query: str) -> Iterator[ConfigProblem]:
    try:
        if query.strip():
            parse_query(query.strip())
    except QuerySyntaxError as error:
        message = f"cannot be read at character {error.position + 1}: {error}"
        yield problem_at(found.tree, path, f"{_quoted(found, path, query)} {message}")


def _cron(found: Resolved, path: KeyPath, cron: str) -> Iterator[ConfigProblem]:
    fields = cron.split()
    if len(fields) != 5 or not all(_CRON_FIELD.fullmatch(field) for field in fields):
        message = "is no cron time; write minute, hour, day, month, weekday, such as `0 9 * * *`"
        yield problem_at(found.tree, path, f"{_quoted(found, path, cron)} {message}")


def _quoted(found: Resolved, path: KeyPath, word: str) -> str:
    return found.templates.get(path, repr(word))
