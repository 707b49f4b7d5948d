"""`hongtou lexicon list|show|find|check`: what the program knows by name."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from classifier.matching import LexiconMatcher
from config.lexicon import read_lexicon
from config.loader import find_file, lexicon_files
from config.problems import suggest
from core.errors import ConfigError, ConfigProblem
from core.lexicon import ConceptKind, Rank  # noqa: TC001 - Typer reads the annotations
from hongtou.cli.context import ConfigOption, JsonOption, out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from classifier.matching import Hit
    from config.lexicon import LexiconFiles
    from core.lexicon import Concept, Former

lexicon_app = typer.Typer(
    help="The names that are looked for in texts, in Chinese and English.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@lexicon_app.command("list")
def list_concepts(
    config: ConfigOption = None,
    *,
    kind: Annotated[list[ConceptKind] | None, typer.Option(help="Only concepts of this kind; may be repeated.")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="Only those of this topic; may be repeated.")] = None,
    jurisdiction: Annotated[list[str] | None, typer.Option(help="Only those of this code; may be repeated.")] = None,
    rank: Annotated[list[Rank] | None, typer.Option(help="Only authorities of this rank; may be repeated.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List concepts with their best names and what they say."""
    chosen = [
        concept
        for concept in _read(config).lexicon.concepts
        if (not kind or concept.kind in kind)
        and (not topic or set(topic) & set(concept.topics))
        and (not jurisdiction or concept.jurisdiction in jurisdiction)
        and (not rank or concept.rank in rank)
    ]
    if as_json:
        typer.echo(_json([asdict(concept) for concept in chosen]))
        return
    table = Table("id", "English", "Chinese", "says")
    for concept in chosen:
        table.add_row(concept.id, concept.english, next(iter(concept.zh), ""), _says(concept))
    out().print(table)


@lexicon_app.command()
def show(
    concept_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a concept, such as org.cn.nfra.")],
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show one concept: its names, former ones too, what it belongs to, what belongs to it, and where it is written."""
    files = _read(config)
    concept = files.lexicon.get(concept_id)
    if concept is None:
        near = suggest(concept_id, (known.id for known in files.lexicon.concepts))
        raise ConfigError([ConfigProblem(where="lexicon show", key=concept_id, message=f"no such concept{near}")])
    if as_json:
        children = [other.id for other in files.lexicon.concepts if other.parent == concept.id]
        shown = {**asdict(concept), "children": children, "where": files.places[concept.id]}
        typer.echo(_json(shown))
        return
    for name, value in _rows(concept, files):
        if value:
            typer.echo(f"{name:<13}{value}")


@lexicon_app.command()
def find(
    text: Annotated[str, typer.Argument(help="A text; `-` reads standard input.")],
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show which concepts are found in a text, and where: guards, masks and the longest name decide as in judging."""
    text = sys.stdin.read() if text == "-" else text
    hits = LexiconMatcher(_read(config).lexicon).find(text)
    if as_json:
        typer.echo(_json([_found(hit, text) for hit in hits]))
        return
    table = Table("from", "to", "text", "concept", "kind", "says")
    for hit in hits:
        surface = text[hit.start : hit.end]
        table.add_row(str(hit.start), str(hit.end), surface, hit.concept.id, hit.concept.kind.value, _says(hit.concept))
    out().print(table)


@lexicon_app.command()
def check(config: ConfigOption = None) -> None:
    """Check all lexicon files and count what they hold; doubtful names are warnings.

    Exit code 0 when it can be used, warnings or not; 2 with every fault, one a line, on standard error.
    """
    files = _read(config)
    kinds = Counter(concept.kind.value for concept in files.lexicon.concepts)
    names = sum(len(concept.names) for concept in files.lexicon.concepts)
    typer.echo(f"{len(files.lexicon.concepts)} concepts with {names} names, version {files.lexicon.version}")
    for kind, count in kinds.most_common():
        typer.echo(f"{count:>6} {kind}")
    for warning in files.warnings:
        typer.echo(f"warning: {warning}", err=True)


def _read(config: Path | None) -> LexiconFiles:
    return read_lexicon(extra=lexicon_files(find_file(config, os.environ)))


def _says(concept: Concept) -> str:
    """Return topics, act, signal, or code and rank, whichever the concept has."""
    parts = (*concept.topics, concept.jurisdiction, concept.rank or "", concept.act, concept.signal)
    return ", ".join(part for part in parts if part)


def _rows(concept: Concept, files: LexiconFiles) -> Iterator[tuple[str, str]]:
    yield "id", concept.id
    yield "kind", concept.kind.value
    yield "says", _says(concept)
    yield "Chinese", ", ".join(concept.zh)
    yield "English", ", ".join(concept.en)
    for former in concept.former:
        yield "formerly", f"{' / '.join(former.names)}{_days(former)}"
    for parent in _parents(concept, files):
        yield "part of", f"{parent.english} ({parent.id})"
    children = [other.id for other in files.lexicon.concepts if other.parent == concept.id]
    yield "has", ", ".join(children)
    yield "publishes on", ", ".join(concept.hosts)
    yield "not in", ", ".join(concept.not_in)
    yield "only with", ", ".join(concept.only_with)
    yield "weight", "" if concept.weight == 1 else f"{concept.weight:g}"
    yield "written in", files.places[concept.id]


def _days(former: Former) -> str:
    since = f" from {former.since}" if former.since else ""
    until = f" until {former.until}" if former.until else ""
    return f",{since}{until}" if since or until else ""


def _parents(concept: Concept, files: LexiconFiles) -> Iterator[Concept]:
    """Yield what a concept belongs to, the nearest first; loading has refused circles."""
    parent = files.lexicon.get(concept.parent)
    while parent:
        yield parent
        parent = files.lexicon.get(parent.parent)


def _found(hit: Hit, text: str) -> dict[str, Any]:
    return {
        "start": hit.start,
        "end": hit.end,
        "text": text[hit.start : hit.end],
        "concept": hit.concept.id,
        "kind": hit.concept.kind.value,
        "english": hit.concept.english,
    }


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, default=str)
