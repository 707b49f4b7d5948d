"""Puts contents into the form of a channel, by templates of its service; sends nothing, reads no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from alerts.drawing import Drawing
from alerts.scripts import COUNTS_ONLY, TITLES_ONLY
from alerts.template_sets import TemplateSet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.message import ChannelForm, Content, Part

FLOOD = 500
"""Stories of one digest above which it comes as one part where ten do not hold their titles: nobody reads ten parts of
a list that is not whole, and what a first run finds shall be one message."""
_LOG = structlog.get_logger(__name__)


class ChannelRenderer:
    """Templates of every service, shipped and users' own; implements `core.ports.PartRenderer`.

    A message is cut between stories: each part holds as many as fit, drawn and measured as it will be sent, so that no
    markup is ever cut. What needs more than `alerts.pagination.MAX_PARTS` parts is told more briefly; what is too much
    even so is counted, and said where it is. A user's template that fails falls back to the shipped one.
    """

    def __init__(self, templates: Mapping[str, TemplateSet] | None = None, *, base_url: str = "") -> None:
        """Take the templates.

        Args:
            templates: Users' own by name, as `ChannelForm.template` says them.
            base_url: Address of the dashboard, to which messages link for more; empty where there is none.
        """
        self._shipped = TemplateSet()
        self._own = dict(templates or {})
        self._base_url = base_url.rstrip("/")
        self._said: set[tuple[str, str]] = set()

    def render(self, content: Content, form: ChannelForm, *, brevity: int = 0) -> tuple[Part, ...]:
        """Return the parts in which a content is sent, cut between items; nothing of it is lost.

        Args:
            content: What to tell.
            form: Of the channel.
            brevity: 0 for the usual length, 1 without evidence and outlets, 2 for titles and links, 3 for counts.
        """
        own = self._own.get(form.template)
        if own is None:
            if form.template:
                self._say_once(form, "there are no templates of this name")
            return self._parts(content, form, self._shipped, brevity=brevity)
        try:
            return self._parts(content, form, own, brevity=brevity)
        except Exception as error:  # noqa: BLE001 - a user's template may raise anything, and the alert must go out
            self._say_once(form, f"{type(error).__name__}: {error}")
            return self._parts(content, form, self._shipped, brevity=brevity)

    def _parts(self, content: Content, form: ChannelForm, templates: TemplateSet, *, brevity: int) -> tuple[Part, ...]:
        drawing = Drawing(content, form, templates=templates, base_url=self._base_url)
        used = max(0, min(brevity, COUNTS_ONLY))
        is_flood = drawing.is_bounded and drawing.total > FLOOD
        used = max(used, TITLES_ONLY) if is_flood else used
        pages = drawing.pages(used)
        while pages[-1].more and used < TITLES_ONLY:
            used += 1
            pages = drawing.pages(used)
        if pages[-1].more and is_flood:
            pages = drawing.pages(used, most=1)
        return tuple(drawing.part(page, used) for page in pages)

    def _say_once(self, form: ChannelForm, fault: str) -> None:
        """Say once for each kind of fault that the shipped templates are used."""
        key = (form.template, fault)
        if key not in self._said:
            self._said.add(key)
            _LOG.warning("template_failed", template=form.template, channel=form.channel, fault=fault)
