"""Loads the configuration, once a process: the only reader of its files and of the environment.

Precedence, rising: defaults in the models, shipped routes and sources, `hongtou.yaml` with `sources.d/` beside it,
environment variables, options of the command line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import ValidationError

from config.checks import check_names, watched_sources
from config.effective import effective_hash, shown
from config.environment import CONFIG_VARIABLE, branch, environment_layer, unknown_variable
from config.layers import Origin, Tree, merge, tree_of
from config.problems import dotted, problem_at, problems_of
from config.references import resolve
from config.routes import make_channels, make_routes, route_warnings, shipped_routes
from config.settings import Settings
from config.shape import secret_patterns
from config.sources import read_catalogue
from config.yamlfile import parse_yaml, read_yaml
from core.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from config.references import Resolved
    from config.sources import Catalogue
    from config.yamlfile import KeyPath
    from core.alert import ChannelId, Route
    from core.source import Source, SourceId

SHIPPED_NAME = "config/hongtou.yaml"
"""How the shipped default file is called in messages."""
SEARCHED = (Path("hongtou.yaml"), Path("config/hongtou.yaml"))
"""Where a file is looked for when none is named, relative to the working directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Everything that configuration says, checked."""

    settings: Settings
    sources: Mapping[SourceId, Source]
    """The effective catalogue, watched or not."""
    watched: tuple[Source, ...]
    """Sources to poll, in catalogue order."""
    routes: tuple[Route, ...]
    """Enabled routes, in the order in which they are tried."""
    channels: Mapping[ChannelId, SecretStr]
    """Addresses by name; only the implicit `terminal` when none is configured."""
    lexicon_paths: tuple[Path, ...]
    """The user's `lexicon.d/*.yaml`, in rising precedence."""
    path: Path | None
    """The file that was read; None for the shipped default."""
    hash: str
    """Twelve hex digits that change with every effective edit, but not with a secret."""
    warnings: tuple[ConfigProblem, ...] = ()
    shown: Mapping[str, object] = field(default_factory=dict, repr=False)
    """The effective settings as plain data, secrets masked."""
    origins: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Where each setting that is not a default was written, by dotted key."""


def load_settings(
    path: Path | None, *, environ: Mapping[str, str], overrides: Mapping[str, object] = MappingProxyType({})
) -> Loaded:
    """Load and check everything.

    Args:
        path: The file, or None to look for it: `HONGTOU_CONFIG`, `./hongtou.yaml`, `./config/hongtou.yaml`, and last
            the shipped default.
        environ: The environment.
        overrides: Options of the command line by dotted key, such as `crawl.timeout`.

    Raises:
        ConfigError: With every fault of every file and variable.
    """
    found = find_file(path, environ)
    file = _file_layer(found)
    folder = found.parent if found else None
    environment = environment_layer(environ)
    tree = merge(merge(shipped_routes(), file), environment.tree)
    for key, value in overrides.items():
        tree = merge(tree, branch(tuple(key.split(".")), value, Origin(where=f"option {key}")))
    resolved = resolve(tree, environ=environ, secrets=secret_patterns(Settings))
    catalogue = read_catalogue(extra=_files(folder, "sources.d"), environ=environ)
    problems = [*environment.problems, *resolved.problems, *catalogue.problems]
    settings = _settings(resolved, problems)
    if settings is not None:
        problems.extend(check_names(settings, tree, catalogue.sources))
    if problems or settings is None:
        raise ConfigError(problems)
    named = resolved.names | catalogue.names
    unknown = [unknown_variable(name) for name in environment.unknown if name not in named]
    return _loaded(settings, resolved, catalogue, found=found, warnings=unknown)


def find_file(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the configuration file to read, or None for the shipped default.

    A file that was named is returned whether it is there or not, so that its absence is told.
    """
    named = path or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    return named or next((candidate for candidate in SEARCHED if candidate.is_file()), None)


def default_text() -> str:
    """Return the shipped, commented `hongtou.yaml`."""
    return resources.files("config").joinpath("hongtou.yaml").read_text(encoding="utf-8")


def _file_layer(path: Path | None) -> Tree:
    if path is None:
        return tree_of(parse_yaml(default_text(), name=SHIPPED_NAME), folder=Path())
    return tree_of(read_yaml(path), folder=path.parent)


def _files(folder: Path | None, name: str) -> tuple[Path, ...]:
    return tuple(sorted((folder / name).glob("*.yaml"))) if folder is not None else ()


def _settings(resolved: Resolved, problems: list[ConfigProblem]) -> Settings | None:
    try:
        return Settings.model_validate(resolved.tree.data)
    except ValidationError as error:
        problems.extend(problems_of(error, resolved, model=Settings))
        return None


def _loaded(
    settings: Settings, resolved: Resolved, catalogue: Catalogue, *, found: Path | None, warnings: list[ConfigProblem]
) -> Loaded:
    templates = {**resolved.templates, **catalogue.templates}
    routes = make_routes(settings)
    watched = watched_sources(settings, catalogue.sources)
    if not watched:
        message = "no source is watched; see `hongtou sources list` for what there is"
        warnings = [*warnings, problem_at(resolved.tree, ("watch",), message)]
    return Loaded(
        settings=settings,
        sources=catalogue.sources,
        watched=watched,
        routes=routes,
        channels=make_channels(settings),
        lexicon_paths=_files(found.parent if found else None, "lexicon.d"),
        path=found,
        hash=effective_hash(settings, catalogue.sources, templates),
        warnings=(*warnings, *route_warnings(routes, resolved.tree)),
        shown=shown(settings, templates),
        origins=_origins(resolved.tree.data, (), resolved.tree),
    )


def _origins(value: object, path: KeyPath, tree: Tree) -> dict[str, str]:
    if isinstance(value, dict):
        found: dict[str, str] = {}
        for key, item in value.items():
            found.update(_origins(item, (*path, key), tree))
        return found
    return {dotted(path): tree.origin(path).where}
