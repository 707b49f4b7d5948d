"""Loads the configuration, once a process: the only reader of its files and of the environment.

Precedence, rising: defaults in the models, shipped routes and sources, `hongtou.yaml` with `sources.d/` beside it,
environment variables, options of the command line.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from config.checks import check_names, watched_sources
from config.effective import effective_hash, shown
from config.environment import branch, environment_layer, unknown_variable
from config.fields import Section
from config.layers import Origin, Tree, dotted, merge, problem_at, tree_of
from config.loaded import Loaded
from config.place import SEARCHED, find_file
from config.problems import in_file_order
from config.references import resolve
from config.route_lint import route_warnings
from config.routes import make_channels, make_routes, shipped_routes
from config.settings import Settings
from config.shape import secret_patterns
from config.sources import read_catalogue
from config.validation import validate
from config.watching import fingerprint
from config.yamlfile import parse_yaml, read_yaml
from core.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.layers import Resolved
    from config.sources import Catalogue
    from config.yamlfile import KeyPath

__all__ = ["SHIPPED_NAME", "Loaded", "default_text", "find_file", "lexicon_files", "load_settings"]

SHIPPED_NAME = "config/hongtou.yaml"
"""How the shipped default file is called in messages."""
SOURCES_FOLDER = "sources.d"
LEXICON_FOLDER = "lexicon.d"
TEMPLATES_FOLDER = "templates.d"
_MISNAMED = Path("hongtou.yml")
_SUFFIXES = (".yaml", ".yml")


def load_settings(
    path: Path | None, *, environ: Mapping[str, str], overrides: Mapping[str, object] = MappingProxyType({})
) -> Loaded:
    """Load and check everything.

    Args:
        path: The file, or None to look for it: `HONGTOU_CONFIG`, `./hongtou.yaml`, `./config/hongtou.yaml`, and last
            the shipped default.
        environ: The environment.
        overrides: Options of the command line by dotted key, such as `crawl.timeout`; None is an option not given.

    Raises:
        ConfigError: With every fault of every file and variable.
    """
    found = find_file(path, environ)
    marks = fingerprint(_named(found), _folders(found))
    environment = environment_layer(environ)
    file, malformed = _file_layer(found)
    tree = merge(merge(shipped_routes(), file), environment.tree)
    for key, value in overrides.items():
        if value is not None:
            tree = merge(tree, branch(tuple(key.split(".")), value, Origin(where=f"option {key}")))
    resolved = resolve(tree, environ=environ, secrets=secret_patterns(Settings))
    extra = _beside(found, SOURCES_FOLDER)
    folders = tuple(filter(None, map(_folder_fault, _folders(found))))
    catalogue = read_catalogue(extra=extra, environ=environ)
    settings, invalid = validate(resolved, Settings)
    problems = [*malformed, *folders, *environment.problems, *resolved.problems, *catalogue.problems, *invalid]
    problems.extend(check_names(settings, resolved, catalogue) if settings else ())
    if problems or settings is None:
        raise ConfigError(in_file_order(problems, map(str, (found, *extra))))
    named = resolved.names | catalogue.names
    warnings = [unknown_variable(name) for name in environment.unknown if name not in named]
    if found is None and _MISNAMED.is_file():
        warnings.append(ConfigProblem(where=str(_MISNAMED), key="", message="is not read; name it hongtou.yaml"))
    loaded = _loaded(settings, resolved, catalogue, found=found, warnings=warnings)
    return replace(loaded, marks=tuple(sorted({*marks, *fingerprint(_named_by(settings, resolved, found), ())})))


def lexicon_files(file: Path | None) -> tuple[Path, ...]:
    """Return the user's lexicon files beside a configuration file, in rising precedence."""
    return _beside(file, LEXICON_FOLDER)


def default_text() -> str:
    """Return the shipped, commented `hongtou.yaml`."""
    return resources.files("config").joinpath("hongtou.yaml").read_text(encoding="utf-8")


def _file_layer(path: Path | None) -> tuple[Tree, tuple[ConfigProblem, ...]]:
    """Return the file as a layer, an empty one with the faults when it is no YAML, so that the rest can be checked."""
    if path is None:
        return tree_of(parse_yaml(default_text(), name=SHIPPED_NAME), folder=Path()), ()
    try:
        return tree_of(read_yaml(path), folder=path.parent), ()
    except ConfigError as error:
        return Tree(), error.problems


def _beside(file: Path | None, folder: str) -> tuple[Path, ...]:
    """Return the YAML files of a folder beside the file, or beside where it would be, in name order."""
    return yaml_files(_place(file, folder))


def yaml_files(folder: Path) -> tuple[Path, ...]:
    """Return the YAML files of a folder, in name order; none when it is not there.

    Hidden files are none of ours: editors leave locks and copies beside the file they have open.
    """
    paths = (path for path in folder.glob("*") if not path.name.startswith("."))
    return tuple(sorted(path for path in paths if path.suffix in _SUFFIXES))


def _folder_fault(folder: Path) -> ConfigProblem | None:
    """Return why a folder that is there cannot be looked into: what is in it would be missed without a word."""
    try:
        next(folder.iterdir(), None)
    except FileNotFoundError:
        reason = "is a link that leads nowhere" if folder.is_symlink() else ""
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
    else:
        reason = ""
    return ConfigProblem(where=str(folder), key="", message=reason) if reason else None


def _place(file: Path | None, folder: str) -> Path:
    return (file.parent if file else Path()) / folder


def _named(found: Path | None) -> tuple[Path, ...]:
    return (found,) if found else SEARCHED


def _folders(found: Path | None) -> tuple[Path, ...]:
    sets = sorted(path for path in _place(found, TEMPLATES_FOLDER).glob("*") if path.is_dir())
    return (*(_place(found, folder) for folder in (SOURCES_FOLDER, LEXICON_FOLDER, TEMPLATES_FOLDER)), *sets)


def _named_by(settings: Settings, resolved: Resolved, found: Path | None) -> tuple[Path, ...]:
    """Return the files that settings name, relative ones from the file's folder."""
    return (*resolved.files, *(found.parent / path if found else path for path in _files_of(settings)))


def _files_of(value: object) -> Iterator[Path]:
    """Yield the files that settings name: a fitted model, a prompt."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, Section):
        for name in type(value).model_fields:
            if name != "data_dir":
                yield from _files_of(getattr(value, name))


def _files(found: Path | None, resolved: Resolved, settings: Settings) -> tuple[Path, ...]:
    """Return the files that were read, and those that would be read in place of the shipped defaults."""
    beside = (*_beside(found, SOURCES_FOLDER), *lexicon_files(found))
    return (*_named(found), *beside, *_named_by(settings, resolved, found))


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
        lexicon_paths=lexicon_files(found),
        files=_files(found, resolved, settings),
        folders=_folders(found),
        template_folder=_place(found, TEMPLATES_FOLDER),
        path=found,
        hash=effective_hash(settings, catalogue.sources, templates),
        warnings=(*warnings, *route_warnings(routes, resolved.tree, {source.id: source for source in watched})),
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
