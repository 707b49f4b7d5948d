"""Where the configuration and the data are: found without the models of all settings, which take long to import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from config.home import expand_home
from config.layers import Origin, Tree, problem_at, tree_of
from config.references import resolve
from config.yamlfile import read_yaml
from core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "HONGTOU_"
"""Begins the name of every variable that is a setting."""
CONFIG_VARIABLE = "HONGTOU_CONFIG"
"""Names the configuration file itself."""
SEARCHED = (Path("hongtou.yaml"), Path("config/hongtou.yaml"))
"""Where a file is looked for when none is named, relative to the working directory."""
DATA_DIR = Path("data")
"""Where the data are when nothing else is said."""
_KEY = "data_dir"


def find_file(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the configuration file to read, or None for the shipped default.

    A file that was named is returned whether it is there or not, so that its absence is told.
    """
    named = path or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    return named or next((candidate for candidate in SEARCHED if candidate.is_file()), None)


def find_data_dir(path: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the data directory as the whole configuration would, of which only this is read.

    Args:
        path: The configuration file, or None to look for it.
        environ: The environment, which goes before the file.

    Raises:
        ConfigError: The file cannot be read or is no YAML, or the setting is no path.
    """
    for name in sorted(environ, reverse=True):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() == _KEY and environ[name]:
            return _path(Tree(origins={(): Origin(where=name)}), environ[name])
    found = find_file(path, environ)
    tree = tree_of(read_yaml(found), folder=found.parent) if found else Tree()
    given = {_KEY: tree.data[_KEY]} if _KEY in tree.data else {}
    resolved = resolve(Tree(given, tree.origins), environ=environ)
    value = resolved.tree.data.get(_KEY, str(DATA_DIR))
    if resolved.problems:
        raise ConfigError(resolved.problems)
    return _path(tree, value)


def _path(tree: Tree, value: object) -> Path:
    if not isinstance(value, str):
        raise ConfigError([problem_at(tree, (_KEY,), "must be a path")])
    try:
        return expand_home(Path(value))
    except ValueError as error:
        raise ConfigError([problem_at(tree, (_KEY,), str(error))]) from None
