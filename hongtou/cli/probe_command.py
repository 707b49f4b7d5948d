"""`hongtou sources probe`: the best way to watch an address, as an entry for `sources.d/`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

from core.errors import FetchError, HongtouError
from crawler.fetching import fetch_with_more
from crawler.probe import Visited, probe
from crawler.probe.entry import source_entry
from hongtou.cli.context import ConfigOption, JsonOption, load
from hongtou.cli.exits import Exit, tell
from hongtou.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from config.loaded import Loaded
    from crawler.probe import Offer, Probe
    from crawler.runtime import Fetched

_SHOWN = 10
"""Rows of a preview that are printed for a person."""
_CANONICAL = re.compile(
    r"""<(?:link[^<>]{0,200}rel=["']canonical["'][^<>]{0,200}href|meta[^<>]{0,200}["']og:url["'][^<>]{0,200}content)"""
    r"""=["'](https?://[^"'\s]{4,400})""",
    re.IGNORECASE,
)
_NOWHERE = "https://address.invalid/"


def probe_address(
    target: Annotated[str, typer.Argument(metavar="URL|FILE", help="An address, or a saved page.")],
    config: ConfigOption = None,
    *,
    url: Annotated[str, typer.Option(help="Address that the saved page came from.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Find the best way to watch an address, and print it as a source entry."""
    loaded = load(config)
    is_address = "://" in target
    if url and is_address:
        raise typer.BadParameter("--url names the address of a saved page", param_hint="--url")
    found = _probe_live(target, loaded) if is_address else _probe_file(Path(target), url)
    offers = [_as_json(found, offer, loaded) for offer in found.offers]
    if as_json:
        best = {"best": offers[0] if offers else None, "others": offers[1:]}
        told = {"target": target, "url": found.url, "title": found.title, "what": found.what, **best}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif offers:
        typer.echo("\n".join(_lines(found, offers)))
    if not offers:
        tell(HongtouError(f"{target}: nothing to watch was found: {found.what}"))
        raise typer.Exit(Exit.SOURCES)


def _probe_file(path: Path, url: str) -> Probe:
    """Look at a saved page, without any network."""
    try:
        body = path.read_bytes()
    except OSError as error:
        tell(HongtouError(f"{path}: {error.strerror}"))
        raise typer.Exit(Exit.SOURCES) from error
    own = _CANONICAL.search(body[:100_000].decode("utf-8", errors="replace"))
    address = url or (own[1] if own else _NOWHERE)
    if address == _NOWHERE:
        tell(HongtouError(f"{path}: the page does not say where it comes from; name its address with --url"))
    return probe(Visited(url=address, body=body), {}, now=SystemClock().now())


def _probe_live(url: str, loaded: Loaded) -> Probe:
    """Fetch an address and what it names.

    Raises:
        FetchError: The address itself cannot be had.
    """
    now = SystemClock().now()

    def more(answers: Mapping[str, Fetched | FetchError]) -> Iterable[str]:
        page = answers[url]
        return () if isinstance(page, FetchError) else probe(_visited(page), _usable(answers), now=now).follow

    answers = fetch_with_more([url], loaded.settings.crawl, more=more)
    page = answers.pop(url)
    if isinstance(page, FetchError):
        raise page
    return probe(_visited(page), _usable(answers), now=now)


def _visited(page: Fetched) -> Visited:
    return Visited(url=page.url, body=page.body, content_type=page.content_type)


def _usable(answers: Mapping[str, Fetched | FetchError]) -> dict[str, Visited]:
    """Return what was had, by the address asked for; what failed is an empty answer, so that it is not asked again."""
    return {
        url: Visited(url=url, body=b"") if isinstance(page, FetchError) else _visited(page)
        for url, page in answers.items()
    }


def _as_json(found: Probe, offer: Offer, loaded: Loaded) -> dict[str, Any]:
    source_id, entry = source_entry(offer, title=found.title, taken={str(known) for known in loaded.sources})
    rows = [{"title": row.title, "url": row.url, "published": row.published or None} for row in offer.preview]
    document = {"sources": {source_id: entry}}
    return {
        "kind": offer.kind.value,
        "url": offer.url,
        "reason": offer.reason,
        "score": round(offer.score, 3),
        "checked": offer.checked,
        "id": source_id,
        "entry": entry,
        "yaml": yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1_000),
        "rows": rows,
    }


def _lines(found: Probe, offers: list[dict[str, Any]]) -> Iterable[str]:
    """Give the answer as YAML whose comments say the rest, so that it can be saved as it is."""
    best, others = offers[0], offers[1:]
    yield f"# {found.url} is {found.what}."
    yield f"# Best way to watch it: {best['kind']}, {best['reason']}."
    yield f"# Save this as sources.d/{best['id']}.yaml beside hongtou.yaml; set group and names; hongtou config check."
    yield best["yaml"].rstrip()
    if best["rows"]:
        yield f"# It gives {len(best['rows'])} rows{', the first of which are' if len(best['rows']) > _SHOWN else ''}:"
    for row in best["rows"][:_SHOWN]:
        yield f"#   {(row['published'] or 'no date')[:10]:10}  {row['title']}"
    if others:
        yield "# Other ways:"
    for other in others:
        yield f"#   {other['kind']} {other['url']} ({other['reason']})"
