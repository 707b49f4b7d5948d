"""A command group that imports a command's module when the command is asked for.

Scrapy, SQLAlchemy and Apprise take two seconds to import together; most commands need one of them, `health` none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(TyperGroup):
    """A group whose subclasses name their commands in `commands_at`."""

    commands_at: Mapping[str, str] = {}
    """Name → `module:attribute` of a function or of a Typer group, in the order of the help text."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - Typer's own copy of Click is private
        """Return the names, in order."""
        del ctx
        return list(self.commands_at)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - same
        """Import and return one command; None when there is none of this name."""
        del ctx
        if cmd_name not in self.commands_at:
            return None
        module, _, attribute = self.commands_at[cmd_name].partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            group, function = typer.Typer(add_completion=False, rich_markup_mode=None), found
            group.command()(function)
            found = group
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command
