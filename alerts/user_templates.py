"""Loads users' own templates, and tries every one of them before any alert depends on it."""

from __future__ import annotations

import re
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, TemplateSyntaxError

from alerts.drawing import Drawing
from alerts.samples import bare_contents, sample_contents
from alerts.scripts import COUNTS_ONLY
from alerts.template_sets import CONTENTS, TemplateSet
from core.alert import ChannelId
from core.errors import ConfigError, ConfigProblem
from core.message import ChannelForm, ChannelKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_NAME = re.compile(
    rf"(?P<content>{'|'.join(CONTENTS)})\.(?:(?P<kind>{'|'.join(kind for kind in ChannelKind if kind != 'email')})"
    r"|(?P<mail>email)\.(?:html|txt))\.j2"
)
_MOMENT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
"""When the samples are told: any moment, always the same."""


def load_user_templates(folder: Path, *, wanted: Iterable[str] = ()) -> Mapping[str, TemplateSet]:
    """Return the sets of templates in a folder, by name: `templates.d/NAME/item.slack.j2`.

    A set replaces what it has files for, and leaves the rest to the shipped templates. Every file is tried with samples
    in both languages, at every brevity, and with contents that lack all that an alert may lack. Files whose name begins
    with `_` are for others to include.

    Args:
        folder: May be absent.
        wanted: Names that routes and channels use.

    Raises:
        ConfigError: With every fault of every file, and the names that there are no templates of.
    """
    there = folder.iterdir() if folder.is_dir() else ()
    names = sorted(path.name for path in there if path.is_dir() and not path.name.startswith("."))
    problems = [_stray(path) for path in sorted(folder.glob("*.j2"))]
    sets: dict[str, TemplateSet] = {}
    for name in names:
        loader = FileSystemLoader(folder / name)
        sets[name] = TemplateSet(loader)
        problems += [problem for path in sorted((folder / name).glob("*")) for problem in _faults(path, sets[name])]
    problems += [_missing(folder, name, names) for name in sorted(set(wanted) - {"", *names})]
    if problems:
        raise ConfigError(problems)
    return sets


def _faults(path: Path, templates: TemplateSet) -> list[ConfigProblem]:
    """Return what is wrong with one file, at most one fault."""
    if path.name.startswith(("_", ".")) or path.is_dir():
        return []
    match = _NAME.fullmatch(path.name)
    if match is None:
        return [
            ConfigProblem(
                where=str(path),
                key="",
                message=f"no template is named so; write CONTENT.KIND.j2 with one of {', '.join(CONTENTS)} and of "
                f"{', '.join(kind for kind in ChannelKind if kind != 'email')}, email.html or email.txt, or begin the "
                "name with _ for a file that others include",
            )
        ]
    kind = ChannelKind(match["kind"] or match["mail"])
    fault = _tried(match["content"], kind, templates, path)
    return [fault] if fault else []


def _tried(content: str, kind: ChannelKind, templates: TemplateSet, path: Path) -> ConfigProblem | None:
    """Draw every sample with it, and return the first fault."""
    try:
        for language in ("en", "zh"):
            form = ChannelForm(channel=ChannelId("sample"), kind=kind, max_title=200, max_body=0, language=language)
            for contents in (sample_contents(_MOMENT), bare_contents(_MOMENT)):
                drawing = Drawing(contents[content], form, templates=templates, base_url="")
                for brevity in range(COUNTS_ONLY + 1):
                    for page in drawing.pages(brevity):
                        drawing.part(page, brevity)
    except TemplateSyntaxError as error:
        where = f"{error.filename or path}:{error.lineno}"
        return ConfigProblem(where=where, key="", message=f"it cannot be read: {error.message}")
    except Exception as error:  # noqa: BLE001 - a template may raise anything, and the user is to be told where
        return ConfigProblem(
            where=f"{path}{_line(error, path)}",
            key="",
            message=f"it fails with a sample of {content!r}: {type(error).__name__}: {error}",
        )
    return None


def _line(error: Exception, path: Path) -> str:
    """Return the line of the template that failed, as `:12`; nothing where that was outside it."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f":{lines[-1]}" if lines else ""


def _stray(path: Path) -> ConfigProblem:
    message = "it stands outside any set; put it into a folder of the name that a channel or route gives as `template`"
    return ConfigProblem(where=str(path), key="", message=message)


def _missing(folder: Path, name: str, names: Iterable[str]) -> ConfigProblem:
    known = ", ".join(names) or "none"
    return ConfigProblem(
        where=str(folder),
        key="",
        message=f"there is no folder {name!r} of templates, which a `template` names; there are: {known}",
    )
