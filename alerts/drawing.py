"""Draws the parts of one content for one channel, and says how long each is where the channel measures it. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from alerts.feishu_card import feishu_card
from alerts.lengths import clip_to, length_of
from alerts.markup import style_of
from alerts.pagination import MAX_PARTS, Page, paginate
from alerts.scripts import COUNTS_ONLY, Entry, Line, script_for
from alerts.slack_payload import slack_payload
from alerts.template_sets import rendered
from alerts.webhook_payload import webhook_payload
from alerts.wording import defused, one_line
from alerts.words import words_for
from core.message import ChannelKind, Part, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alerts.scripts import Script
    from alerts.template_sets import TemplateSet
    from core.message import ChannelForm, Content

PREFIX = "[Hongtou] "
"""By which mail rules and readers know our messages."""
MAX_SUBJECT = 200
"""Characters of a subject; RFC 5322 §2.1.1 allows 998 octets a line, mail programs show about 70."""
_BOUNDS: Mapping[ChannelKind, tuple[int, Unit]] = {
    ChannelKind.SLACK: (12_000, Unit.CHARACTERS),  # four full sections, far from Slack's 50 blocks
    ChannelKind.EMAIL: (100_000, Unit.BYTES),  # Gmail hides what of a mail's HTML is over 102 kB
}
"""How much one message holds where the form sets no bound, for services that would show only a part of more."""
_WITH_HEAD = frozenset({ChannelKind.SLACK, ChannelKind.FEISHU})
"""Services whose message has a head of its own, apart from any title."""
_ALWAYS_HEADED = frozenset({ChannelKind.EMAIL, ChannelKind.DINGTALK})
"""Services whose title does not stand above the message: mail folds it away, DingTalk's is the notification's."""
_SIGNS = {"notice": "warning", "recovery": "white_check_mark"}
"""Of ntfy's tags, those that it shows as a picture before the title. Source: ntfy's list of emoji short codes."""
_LITERAL = frozenset({ChannelKind.EMAIL, ChannelKind.WEBHOOK, ChannelKind.TERMINAL})
_MEASURED_AS_JSON = frozenset({ChannelKind.FEISHU, ChannelKind.WEBHOOK})


class Drawing:
    """One content, drawn for one channel by one set of templates."""

    def __init__(self, content: Content, form: ChannelForm, *, templates: TemplateSet, base_url: str) -> None:
        """Gather what the content tells.

        Args:
            content: What to tell.
            form: Of the channel.
            templates: By which it is drawn.
            base_url: Address of the dashboard, without a slash at its end; empty for none.
        """
        self._content = content
        self._form = form
        self._words = words_for(form.language)
        self._script: Script = script_for(content, self._words, base_url=base_url)
        self._body = templates.body(self._script.name, form.kind)
        self._text = templates.text(self._script.name, form.kind)
        usual = _BOUNDS.get(form.kind, (0, form.unit))
        self._bound, self._unit = (form.max_body, form.unit) if form.max_body else usual

    @property
    def total(self) -> int:
        """How many stories there are to tell."""
        return self._script.total

    @property
    def is_bounded(self) -> bool:
        """Whether one part holds only so much."""
        return self._bound > 0

    def pages(self, brevity: int, *, most: int = MAX_PARTS) -> tuple[Page[Entry | Line], ...]:
        """Share what is told at a brevity out over at most so many pages."""
        return paginate(
            self._script.entries(brevity),
            fits=lambda page: not self._bound or self._fits(page, brevity),
            thinner=lambda entry: entry.thinner(),
            most=most,
        )

    def part(self, page: Page[Entry | Line], brevity: int) -> Part:
        """Draw one page."""
        values = self._values(page, brevity)
        subject, body = str(values["subject"]), self._drawn(values)
        stories = tuple(one.whole.id for one in page.entries if isinstance(one, Entry))
        return Part(
            number=page.number,
            count=page.count,
            subject=subject,
            body=body,
            text=rendered(self._text, values),
            data=self._data(page, subject=subject, body=body),
            thread=self._script.thread,
            items=len(stories),
            stories=stories,
            more=self._script.total - len(stories) if brevity >= COUNTS_ONLY else page.more * (self._script.total > 0),
        )

    def _fits(self, page: Page[Entry | Line], brevity: int) -> bool:
        """Say whether a page is short enough; a chat's plain text too, which is sent where markup is refused."""
        values = self._values(page, brevity)
        body, unit = self._drawn(values), self._unit
        if self._form.kind in _MEASURED_AS_JSON:
            data = self._data(page, subject=str(values["subject"]), body=body)
            return length_of(json.dumps(data, ensure_ascii=False), unit) <= self._bound
        if length_of(body, unit) > self._bound:
            return False
        return self._form.kind is ChannelKind.EMAIL or length_of(rendered(self._text, values), unit) <= self._bound

    def _drawn(self, values: Mapping[str, object]) -> str:
        return rendered(self._body, values).replace("\n", style_of(self._form.kind).line_break)

    def _values(self, page: Page[Entry | Line], brevity: int) -> dict[str, object]:
        """Return what the templates are given for one page."""
        values = {**self._common(page, self._subject(page)), **self._script.values(page, brevity)}
        if self._form.kind is ChannelKind.WEBHOOK:
            values["payload"] = webhook_payload(
                self._content, page, values, thread=self._script.thread, language=self._words.language
            )
        return values

    def _subject(self, page: Page[Entry | Line]) -> str:
        number = f"{page.number}/{page.count} · " if page.count > 1 else ""
        said = self._script.subject.removeprefix(PREFIX)
        mark = f" {self._words.say('repeat-mark')}" if self._content.possible_repeat else ""
        line = self._worded(one_line(f"{PREFIX}{number}{said}", MAX_SUBJECT - len(mark))) + mark
        return clip_to(line, self._form.max_title, self._form.unit) if self._form.max_title else line

    def _heading(self, page: Page[Entry | Line]) -> str:
        number = f"{page.number}/{page.count} · " if page.count > 1 else ""
        return f"{number}{self._worded(self._script.heading)}"

    def _worded(self, line: str) -> str:
        """Return a line as a chat's title may hold it: where mail and programs read words, chats find mentions."""
        return line if self._form.kind in _LITERAL else defused(line)

    def _is_headed(self) -> bool:
        """Whether the body begins with the heading: where nothing above it says the same."""
        kind = self._form.kind
        return kind in _ALWAYS_HEADED or (self._form.max_title == 0 and kind not in _WITH_HEAD)

    def _common(self, page: Page[Entry | Line], subject: str) -> dict[str, object]:
        words, content = self._words, self._content
        return {
            "content": self._script.name,
            "channel": self._form.channel,
            "route": one_line(content.route or "", 80),
            "language": words.language,
            "t": words.say,
            "subject": subject,
            "heading": self._heading(page),
            "headed": self._is_headed(),
            "part": words.say("part", number=page.number, count=page.count) if page.count > 1 else "",
            "is_first": page.is_first,
            "is_last": page.is_last,
            "repeat": words.say("possible-repeat") if content.possible_repeat else "",
        }

    def _tapped(self) -> dict[str, object]:
        """Return where a tap on the message leads, and the sign of a notice, as ntfy takes them."""
        link = {"click": self._script.link} if self._script.link else {}
        sign = _SIGNS.get(self._script.name)
        return {**link, "tags": [sign]} if sign else {**link}

    def _data(self, page: Page[Entry | Line], *, subject: str, body: str) -> Mapping[str, object]:
        kind, heading = self._form.kind, self._heading(page)
        if kind is ChannelKind.SLACK:
            return slack_payload(subject, body, header=heading)
        if kind is ChannelKind.FEISHU:
            return feishu_card(heading, body, content=self._script.name)
        if kind is ChannelKind.NTFY:
            return self._tapped()
        if kind is ChannelKind.WEBHOOK:
            payload = json.loads(body)
            if not isinstance(payload, dict):
                raise ValueError("a webhook's template must give a JSON object")
            return payload
        return {}
