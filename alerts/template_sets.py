"""The templates of every service, shipped and users' own, each in an environment that escapes for that service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from alerts.markup import PLAIN_STYLE, style_of
from alerts.wording import safe_url
from core.message import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import BaseLoader, Template

    from alerts.markup import MarkStyle

CONTENTS = ("item", "update", "digest", "notice", "recovery", "test")
"""Kinds of contents that templates are written for."""
_INSTEAD = {"update": "item", "recovery": "notice", "test": "notice"}
"""Whose template serves a content that has none of its own."""
TEXT = "text"
"""Folder of the plain text beside the markup."""


class MarkedEnvironment(ImmutableSandboxedEnvironment):
    """Templates of one service: every value is escaped for it unless a function of the service made it.

    Sandboxed, for users' own templates: they reach no attribute with an underscore and change nothing.
    """

    def __init__(self, style: MarkStyle, loader: BaseLoader) -> None:
        """Take the service's way of writing, and where templates are found."""
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=lambda value: _marked(style, value),
        )
        self.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
        self.filters.pop("safe")  # no template shall let a title be markup
        self.filters["e"] = self.filters["escape"] = lambda value: _marked(style, value)
        self.globals |= {**_functions(style), "has_links": style.has_links}


def _functions(style: MarkStyle) -> Mapping[str, Callable[..., Markup]]:
    def wrapped(marks: tuple[str, str]) -> Callable[[object], Markup]:
        return lambda value: Markup(f"{marks[0]}{_marked(style, value)}{marks[1]}")  # noqa: S704 - escaped by style

    def link(url: str, label: str) -> Markup:
        target = safe_url(url)
        return Markup(style.link(target, label)) if target else _marked(style, label)  # noqa: S704 - escaped by style

    def headline(url: str, label: str) -> Markup:
        return Markup(style.headline(safe_url(url), label))  # noqa: S704 - escaped by style

    def address(url: str) -> Markup:
        return Markup(safe_url(url))  # noqa: S704 - an address holds no mark of plain text

    return {
        "strong": wrapped(style.strong),
        "muted": wrapped(style.muted),
        "link": link,
        "headline": headline,
        "address": address,
    }


def _marked(style: MarkStyle, value: object) -> Markup:
    if isinstance(value, Markup):
        return value
    return Markup(style.escape(str(value)))  # noqa: S704 - that is the escaping


class TemplateSet:
    """Finds the template for a content and a service."""

    def __init__(self, own: BaseLoader | None = None) -> None:
        """Take the loader of a user's templates, named `item.slack.j2`; None for the shipped ones alone."""
        self._own = own
        shipped = PackageLoader("alerts")
        loader = ChoiceLoader([own, shipped]) if own else shipped
        self._marked = {kind: MarkedEnvironment(style_of(kind), loader) for kind in ChannelKind}
        self._plain = MarkedEnvironment(PLAIN_STYLE, loader)

    def body(self, content: str, kind: ChannelKind) -> Template:
        """Return the template of a message's body.

        Args:
            content: Of `CONTENTS`.
            kind: The service.
        """
        names = (f"{{}}.{kind.value}.html.j2", f"{{}}.{kind.value}.j2")
        return self._find(self._marked[kind], content, folder=kind.value, own=names)

    def text(self, content: str, kind: ChannelKind) -> Template:
        """Return the template of the plain text beside the body."""
        return self._find(self._plain, content, folder=TEXT, own=(f"{{}}.{kind.value}.txt.j2",))

    def _find(self, environment: MarkedEnvironment, content: str, *, folder: str, own: tuple[str, ...]) -> Template:
        contents = [content, *([_INSTEAD[content]] if content in _INSTEAD else [])]
        names = [name.format(one) for one in contents for name in own] if self._own else []
        names += [f"{folder}/{one}.j2" for one in contents]
        return environment.select_template(names)


def rendered(template: Template, values: Mapping[str, Any]) -> str:
    """Render a template and tidy its white space: no line ends in any, and no two empty lines follow each other."""
    lines = [line.rstrip() for line in template.render(values).split("\n")]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip("\n")
