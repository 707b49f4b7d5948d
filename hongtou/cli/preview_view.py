"""Shows parts as a channel would get them: as text, as JSON, and as pages."""

from __future__ import annotations

import json
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING

from alerts.lengths import length_of
from core.message import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from core.message import ChannelForm, Part

_MEASURED_AS_JSON = (ChannelKind.FEISHU, ChannelKind.WEBHOOK)


def as_text(parts: Iterable[Part], form: ChannelForm) -> str:
    """Return the parts below one another, each with its size; of a mail the text half."""
    return "\n\n".join(_block(part, form) for part in parts)


def _block(part: Part, form: ChannelForm) -> str:
    is_mail = form.kind is ChannelKind.EMAIL
    said = part.text if is_mail else part.body
    lines = [f"──── {part.number}/{part.count} for {form.channel} ({form.kind.value}): {_size(part, form)}"]
    if form.max_title:
        lines.append(f"Subject: {part.subject}")
    if part.thread:
        lines.append(f"Thread: {part.thread}")
    if is_mail:
        lines.append("(the text half; --html FILE writes the other)")
    return "\n".join([*lines, "", said])


def _size(part: Part, form: ChannelForm) -> str:
    sent = json.dumps(dict(part.data), ensure_ascii=False) if form.kind in _MEASURED_AS_JSON else part.body
    size = f"{length_of(sent, form.unit):,}"
    return f"{size} of {form.max_body:,} {form.unit.value}" if form.max_body else f"{size} {form.unit.value}"


def as_json(parts: Iterable[Part]) -> str:
    """Return everything that the parts hold, as a JSON list."""
    return json.dumps([asdict(part) for part in parts], ensure_ascii=False, indent=2)


def write_pages(parts: Sequence[Part], form: ChannelForm, file: Path) -> tuple[Path, ...]:
    """Write a page for each part: the mail itself, or what another service is sent, as it is.

    Args:
        parts: To be shown.
        form: Of the channel.
        file: Of the first page; others get its name with `-2` and so on before the suffix.

    Raises:
        OSError: A page cannot be written.
    """
    written = []
    for part in parts:
        path = file if part.number == 1 else file.with_stem(f"{file.stem}-{part.number}")
        path.write_text(part.body if form.kind is ChannelKind.EMAIL else _page(part), "utf-8")
        written.append(path)
    return tuple(written)


def _page(part: Part) -> str:
    sections = [("Subject", part.subject), ("Body", part.body)]
    if part.text != part.body:
        sections.append(("Text", part.text))
    if part.data:
        sections.append(("Data", json.dumps(dict(part.data), ensure_ascii=False, indent=2)))
    shown = "\n".join(
        f"<h2>{name}</h2>\n<pre style='white-space:pre-wrap'>{escape(text)}</pre>" for name, text in sections
    )
    return (
        "<!DOCTYPE html>\n<html><head><meta charset='utf-8'><meta name='color-scheme' content='light dark'>"
        f"<title>{escape(part.subject)}</title></head>\n<body style='font-family:sans-serif;max-width:60em'>\n"
        f"{shown}\n</body></html>\n"
    )
