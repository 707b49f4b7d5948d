"""`hongtou inspect`: what Hongtou makes of addresses and saved pages, and why."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from core.errors import ConfigError, ConfigProblem, FetchError, HongtouError
from crawler.fetching import fetch_pages
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.cli.exits import Exit
from hongtou.cli.inspect_view import show_inspection
from hongtou.inspection import Inspection, Page
from hongtou.opening import open_database
from hongtou.wiring import build_inspector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from config.loaded import Loaded
    from hongtou.inspection import Inspector


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """One thing to inspect: a saved page with the address it came from, or an address alone."""

    file: Path | None
    url: str

    @property
    def name(self) -> str:
        return str(self.file) if self.file else self.url


def inspect(
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="URL|FILE...", help="Addresses or saved pages.")
    ] = None,
    config: ConfigOption = None,
    *,
    url: Annotated[str, typer.Option(help="Address that the one saved page came from.")] = "",
    manifest: Annotated[Path | None, typer.Option(help="CSV with columns file,url; files relative to it.")] = None,
    opinion: Annotated[
        bool, typer.Option("--opinion", help="Ask for second opinions, as configured; costs money, and is remembered.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch (or read), extract, classify and explain; store nothing."""
    wanted = _targets(targets or [], url, manifest)
    loaded = load(config)
    database = open_database(loaded) if opinion else None
    inspector = build_inspector(loaded, database)
    results = list(_inspect_all(wanted, inspector, loaded))
    if database is not None:
        database.close()
    if as_json:
        typer.echo(json.dumps([_as_json(target, result) for target, result in results], ensure_ascii=False, indent=2))
    else:
        for target, result in results:
            _show(out(), target, result)
    failed = any(isinstance(result, HongtouError) for _, result in results)
    raise typer.Exit(Exit.SOURCES if failed else Exit.OK)


def _targets(arguments: Sequence[str], url: str, manifest: Path | None) -> list[_Target]:
    if url and (len(arguments) != 1 or "://" in arguments[0]):
        raise typer.BadParameter("--url names the address of exactly one saved page", param_hint="--url")
    found = [
        _Target(file=None, url=argument) if "://" in argument else _Target(file=Path(argument), url=url)
        for argument in arguments
    ]
    found += _read_manifest(manifest) if manifest else []
    if not found:
        raise typer.BadParameter("name at least one address or file, or a --manifest", param_hint="URL|FILE")
    return found


def _read_manifest(path: Path) -> list[_Target]:
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([ConfigProblem(where=str(path), key="", message=f"cannot be read: {error}")]) from error
    if rows and "file" not in rows[0]:
        raise ConfigError([ConfigProblem(where=f"{path}:1", key="", message="needs the columns file,url")])
    return [_Target(file=path.parent / row["file"], url=row.get("url") or "") for row in rows]


def _inspect_all(
    targets: Iterable[_Target], inspector: Inspector, loaded: Loaded
) -> Iterator[tuple[_Target, Inspection | HongtouError]]:
    targets = list(targets)
    fetched = _fetch([target.url for target in targets if target.file is None], loaded)
    for target in targets:
        try:
            page = fetched[target.url] if target.file is None else _read(target.file, target.url)
            if isinstance(page, FetchError):
                raise page
            yield target, inspector.inspect(page)
        except HongtouError as error:
            yield target, error


def _fetch(urls: list[str], loaded: Loaded) -> dict[str, Page | FetchError]:
    if not urls:
        return {}
    return {
        url: answer
        if isinstance(answer, FetchError)
        else Page(body=answer.body, url=answer.url, content_type=answer.content_type)
        for url, answer in fetch_pages(urls, loaded.settings.crawl).items()
    }


def _read(path: Path, url: str) -> Page:
    try:
        return Page(body=path.read_bytes(), url=url)
    except OSError as error:
        raise HongtouError(f"{path}: {error.strerror}") from error


def _as_json(target: _Target, result: Inspection | HongtouError) -> dict[str, Any]:
    if isinstance(result, Inspection):
        return {"target": target.name, **result.to_json()}
    return {"target": target.name, "url": target.url, "error": str(result), "error_kind": type(result).__name__}


def _show(console: Console, target: _Target, result: Inspection | HongtouError) -> None:
    console.rule(Text(target.name))
    if isinstance(result, HongtouError):
        console.print(Text(f"{type(result).__name__}: {result}", style="red"))
        return
    show_inspection(console, result)
