"""`hongtou init` and `hongtou config check|show|schema`."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import yaml

from alerts.apprise_notifier import AppriseNotifier
from config.effective import mask
from config.lexicon import read_lexicon
from config.lexicon_schema import lexicon_schema
from config.loader import SHIPPED_NAME, default_text, find_file, lexicon_files
from config.schema import settings_schema, sources_schema
from config.sources import load_catalogue
from core.alert import Cadence
from core.errors import ConfigError, ConfigProblem, DeliveryError
from hongtou.cli.context import ConfigOption, JsonOption, load
from hongtou.file_checks import file_faults, time_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.lexicon import LexiconFiles
    from config.loaded import Loaded
    from core.alert import Route

SCHEMA_FILE = "hongtou.schema.json"
"""Written beside a new `hongtou.yaml`, whose first line names it for editors."""

config_app = typer.Typer(
    help="What is configured, whether it is right, and its schema.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


def init(
    path: Annotated[Path, typer.Argument(help="File to write, or a folder to write it into.")] = Path("hongtou.yaml"),
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Write a commented hongtou.yaml that holds every setting, and its JSON Schema for editors."""
    target = path if path.suffix and not path.is_dir() else path / "hongtou.yaml"
    schema = target.with_name(SCHEMA_FILE)
    if target.exists() and not force:
        raise ConfigError([_fault(target, "is there already; give another name, or --force to overwrite it")])
    line = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        schema.write_text(_json(settings_schema(load_catalogue())) + "\n", encoding="utf-8")
        target.write_text(line + default_text(), encoding="utf-8")
    except OSError as error:
        raise ConfigError([_fault(target, f"cannot be written: {error.strerror or error}")]) from error
    typer.echo(f"Wrote {target}, and {schema} for editors that complete and check YAML.")
    typer.echo(f"Edit it, then run: hongtou config check --config {target}")


@config_app.command()
def check(config: ConfigOption = None) -> None:
    """Check the configuration with its sources and lexicon, and say what it comes to.

    Exit code 0 when it can be used, warnings or not; 2 with every fault, one a line, on standard error.
    """
    loaded, files = _load_all(config)
    for line in _summary(loaded, files):
        typer.echo(line)
    for warning in (*loaded.warnings, *files.warnings):
        typer.echo(f"warning: {warning}", err=True)


@config_app.command()
def show(
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
    origin: Annotated[bool, typer.Option("--origin", help="Say where each value comes from.")] = False,
) -> None:
    """Show the settings in force, defaults included and secrets masked, as YAML.

    With --json one object of the same shape; with --json --origin an object with `settings` and `origins`.
    """
    loaded = load(config)
    if as_json:
        content = {"settings": loaded.shown, "origins": loaded.origins} if origin else loaded.shown
        typer.echo(_json(content))
        return
    typer.echo(f"# {loaded.path or SHIPPED_NAME}, hash {loaded.hash}")
    if origin:
        for line in _with_origins(loaded.shown, loaded.origins):
            typer.echo(line)
    else:
        typer.echo(yaml.safe_dump(loaded.shown, allow_unicode=True, sort_keys=False, width=120), nl=False)


@config_app.command()
def schema(
    *,
    sources: Annotated[bool, typer.Option("--sources", help="The schema of files in sources.d/ instead.")] = False,
    lexicon: Annotated[bool, typer.Option("--lexicon", help="The schema of files in lexicon.d/ instead.")] = False,
) -> None:
    """Print the JSON Schema of hongtou.yaml."""
    if lexicon:
        typer.echo(_json(lexicon_schema()))
    else:
        typer.echo(_json(sources_schema() if sources else settings_schema(load_catalogue())))


def _load_all(config: Path | None) -> tuple[Loaded, LexiconFiles]:
    """Load configuration and lexicon and try channels and times, with the faults of all at once."""
    problems: list[ConfigProblem] = []
    loaded, files = None, None
    try:
        loaded = load(config)
    except ConfigError as error:
        problems.extend(error.problems)
    try:
        files = read_lexicon(extra=lexicon_files(find_file(config, os.environ)))
    except ConfigError as error:
        problems.extend(error.problems)
    if loaded is not None:
        problems.extend([*_channel_faults(loaded), *time_faults(loaded), *file_faults(loaded)])
    if loaded is None or files is None or problems:
        raise ConfigError(problems)
    return loaded, files


def _channel_faults(loaded: Loaded) -> Iterator[ConfigProblem]:
    """Yield the channels whose address is none; nothing is sent."""
    for name, url in loaded.channels.items():
        try:
            AppriseNotifier({name: url.get_secret_value()}, timeout=loaded.settings.alerts.timeout, terminal=sys.stdout)
        except DeliveryError as error:
            key = f"channels.{name}.url"
            yield ConfigProblem(where=loaded.origins.get(key, f"channel {name}"), key=key, message=str(error))


def _summary(loaded: Loaded, files: LexiconFiles) -> Iterator[str]:
    yield f"file      {loaded.path or SHIPPED_NAME}"
    yield f"hash      {loaded.hash}"
    yield f"data      {loaded.settings.data_dir}"
    yield f"lexicon   {len(files.lexicon.concepts)} concepts, version {files.lexicon.version}"
    yield f"sources   {len(loaded.watched)} watched of {len(loaded.sources)} known"
    for group, count in Counter(source.group for source in loaded.watched).items():
        yield f"          {group} {count}"
    for title, rows in (("channels", _channels(loaded)), ("routes", map(_route, loaded.routes))):
        for index, row in enumerate(rows):
            yield f"{title if index == 0 else '':<10}{row}"


def _channels(loaded: Loaded) -> Iterator[str]:
    for name, url in loaded.channels.items():
        yield f"{name}: {mask(url.get_secret_value())}"


def _route(route: Route) -> str:
    when = "at once" if route.cadence is Cadence.NOW else f"digest at `{route.cron}` {route.zone}"
    wanted = [
        f"{field.name} {', '.join(sorted(value))}"
        for field in fields(route.match)
        if isinstance(value := getattr(route.match, field.name), frozenset) and value
    ]
    if route.match.min_score:
        wanted.append(f"score from {route.match.min_score:g}")
    what = "; ".join(wanted) or "everything relevant"
    return f"{route.id}: {what} -> {', '.join(route.channels)}, {when}{', and on' if route.continue_ else ''}"


def _with_origins(shown: Mapping[str, object], origins: Mapping[str, str], prefix: str = "") -> Iterator[str]:
    for key, value in shown.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            yield from _with_origins(value, origins, f"{path}.")
        else:
            yield f"{path}: {json.dumps(value, ensure_ascii=False)}  # {origins.get(path, 'default')}"


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _fault(path: Path, message: str) -> ConfigProblem:
    return ConfigProblem(where=str(path), key="", message=message)
