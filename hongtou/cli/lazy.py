"""A command group that imports a command's module when the command is asked for, and its help without importing it.

What watches the web and what tells people take two seconds to import together; most commands need neither, `health` and
the lists of commands nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from hongtou.collection import uncollected

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Later:
    """A command that is imported when it is asked for."""

    at: str
    """`module:attribute` of a function or of a Typer group."""
    help: str
    """The first sentence of its help, shown in lists of commands; a test holds it to what the command says."""


class LazyGroup(TyperGroup):
    """A group whose subclasses name commands in `later`; those it has of its own come first."""

    later: Mapping[str, Later] = {}
    """By name, in the order of the help text."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - Typer's own copy of Click is private
        """Return the names, in order."""
        return [*super().list_commands(ctx), *self.later]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - same
        """Import and return one command; None when there is none of this name."""
        if cmd_name not in self.later:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self.later[cmd_name].at.partition(":")
        with uncollected(forever=True):
            found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            group, function = typer.Typer(add_completion=False, rich_markup_mode=None), found
            group.command()(function)
            found = group
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - same
        """Write the commands with their help, importing none."""
        own = {name: super(LazyGroup, self).get_command(ctx, name) for name in super().list_commands(ctx)}
        rows = [(name, command.get_short_help_str(formatter.width)) for name, command in own.items() if command]
        rows += [(name, later.help) for name, later in self.later.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
