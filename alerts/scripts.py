"""What each kind of content says, part by part: its subject, heading and the values its templates are given. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from alerts.digest_facts import NO_FOOT, counts_in, digest_stories, foot_of, grouped, topic_counts
from alerts.moments import Moments
from alerts.reasons import made_because
from alerts.story_facts import THINNEST, story_facts, thinned
from alerts.wording import clip, one_line
from core.alert import AlertKind
from core.message import DigestFrame
from core.notices import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alerts.pagination import Page
    from alerts.story_facts import StoryFacts
    from alerts.words import Words
    from core.message import Content

TITLES_ONLY = 2
"""The brevity at which stories are told by title and link."""
COUNTS_ONLY = 3
"""The brevity at which nothing is told but how much there is and where to find it."""
_MAX_NOTICE = 8000
"""Characters of a notice; what is longer is a log, which is kept elsewhere."""
_MAX_LINE = 1000
_NOTICE_LINES = (10_000, 20, 5, 0)
"""Lines of a notice by brevity."""
_SHORTEST_LINE = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One story, as thin as it had to become."""

    whole: StoryFacts
    step: int = 0
    """Of `thinned`."""

    @property
    def facts(self) -> StoryFacts:
        """What is told of it."""
        return thinned(self.whole, self.step)

    def thinner(self) -> Entry | None:
        """Return less of it; None when there is no less."""
        return Entry(self.whole, self.step + 1) if self.step < THINNEST else None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a notice."""

    text: str

    def thinner(self) -> Line | None:
        """Return the half of it; None when it is short already."""
        return Line(clip(self.text, len(self.text) // 2)) if len(self.text) > _SHORTEST_LINE else None


class Script(Protocol):
    """One content, told in one language."""

    @property
    def name(self) -> str:
        """Of its templates: `item`, `update`, `digest`, `notice`, `recovery`, `test`."""
        ...

    @property
    def subject(self) -> str:
        """One line for the subject of a mail, without our prefix."""
        ...

    @property
    def heading(self) -> str:
        """One short line for the head of a message."""
        ...

    @property
    def thread(self) -> str:
        """Stable name of the story that it belongs to; empty for none."""
        ...

    @property
    def total(self) -> int:
        """How many stories it has to tell."""
        ...

    @property
    def link(self) -> str:
        """Where a tap on the whole message leads; empty for nowhere."""
        ...

    def entries(self, brevity: int) -> Sequence[Entry | Line]:
        """Return what may be shared out over parts."""
        ...

    def values(self, page: Page[Entry | Line], brevity: int) -> Mapping[str, object]:
        """Return the variables for one part that only this kind of content has."""
        ...


def script_for(content: Content, words: Words, *, base_url: str) -> Script:
    """Return the script of a content; several items that are no digest are told like one."""
    if content.kind in (AlertKind.NOTICE, AlertKind.TEST):
        return NoticeScript(content, words)
    if content.kind is AlertKind.DIGEST or len(content.told) != 1:
        return DigestScript(content, words, base_url)
    return ItemScript(content, words, base_url)


class ItemScript:
    """One item, or what is new in its story."""

    total = 1

    def __init__(self, content: Content, words: Words, base_url: str) -> None:
        self._content = content
        self._words = words
        self._base_url = base_url
        self._facts = story_facts(
            content.told[0], words, now=content.now, zone=content.zone, of_story=False, base_url=base_url
        )
        self.name = content.kind.value
        self._update = self._said_of_update()
        self.heading = " · ".join(part for part in (self._facts.label, self._update) if part) or words.say("story")
        label = self._update or self._facts.label
        title = self._facts.title
        self.subject = words.say("item-subject", label=label, title=title) if label else title
        self.thread = f"story-{self._facts.id}"
        self.link = self._facts.url

    def entries(self, brevity: int) -> Sequence[Entry | Line]:
        """Return the item."""
        return (Entry(self._facts, THINNEST if brevity >= COUNTS_ONLY else brevity),)

    def values(self, page: Page[Entry | Line], brevity: int) -> Mapping[str, object]:
        """Return the item and what is new; where to find the rest when it had to be left out."""
        told = [one.facts for one in page.entries if isinstance(one, Entry)]
        return {
            "item": told[0] if told else thinned(self._facts, THINNEST),
            "update": self._update,
            "find": self._find(is_thin=brevity >= COUNTS_ONLY or not told or not told[0].url),
        }

    def _said_of_update(self) -> str:
        if self._content.kind is not AlertKind.UPDATE:
            return ""
        if self._content.change is None:
            return self._words.say("update")
        language = self._words.name("languages", self._content.told[0].item.language)
        return self._words.say(self._content.change.value, language=language)

    def _find(self, *, is_thin: bool) -> str:
        told = self._content.told[0]
        command = f"hongtou stories show {self._facts.id}" if told.story else f"hongtou items show {int(told.item.id)}"
        where = self._facts.page or (command if is_thin else "")
        return self._words.say("more-at", where=where) if where else ""


class DigestScript:
    """A bundle of stories, by topic and jurisdiction."""

    name = AlertKind.DIGEST.value
    thread = ""

    def __init__(self, content: Content, words: Words, base_url: str) -> None:
        self._words = words
        self._base_url = base_url
        self._content = content
        self._frame = content.frame or DigestFrame(since=None)
        self._moments = Moments(words, now=content.now, zone=content.zone)
        self._stories = digest_stories(content, words, base_url)
        self._counts = topic_counts(self._stories)
        named = {
            "route": one_line(content.route or "", 80) or "Hongtou",
            "day": self._moments.today.isoformat(),
            "stories": words.say("stories", n=len(self._stories)),
        }
        self._said = named["stories"]
        self.heading = words.say("digest", **named)
        self.subject = words.say("digest-subject", **named, counts=counts_in(words, self._counts))
        self.total = len(self._stories)
        self.link = f"{base_url}/stories" if base_url else ""

    def entries(self, brevity: int) -> Sequence[Entry | Line]:
        """Return the stories in their order; none when only counts are asked for."""
        return () if brevity >= COUNTS_ONLY else tuple(Entry(one, brevity) for one in self._stories)

    def values(self, page: Page[Entry | Line], brevity: int) -> Mapping[str, object]:
        """Return one part's stories with what stands around them."""
        words, frame = self._words, self._frame
        is_bare = page.is_bare or brevity >= COUNTS_ONLY
        told = [one.facts for one in page.entries if isinstance(one, Entry)]
        before = self._stories[page.offset - 1].topic if page.offset else None
        left = page.more or brevity >= COUNTS_ONLY
        since = frame.since and not is_bare
        return {
            "stories": self._said,
            "counts": "" if page.is_bare else counts_in(words, self._counts),
            "why": "" if is_bare else made_because(words, frame.why),
            "since": words.say("since", when=self._moments.both_zones(frame.since)) if since and frame.since else "",
            "groups": grouped(told, words, counts=self._counts, before=before),
            "more": self._more(page.more, brevity),
            "find": words.say("find", where=self._where()) if left else "",
            "foot": NO_FOOT if is_bare else foot_of(frame, self._moments, brevity=brevity),
        }

    def _more(self, more: int, brevity: int) -> str:
        if brevity >= COUNTS_ONLY:
            return self._words.say("counts-only", stories=self._said)
        return self._words.say("more", n=more) if more else ""

    def _where(self) -> str:
        if self.link:
            return self.link
        since = self._frame.since
        days = (self._content.now - since).days + 1 if since else 30
        return f"hongtou stories list --since {days}d --limit {max(50, len(self._stories))}"


class NoticeScript:
    """What the program itself has to say: operator notices, recoveries and tests."""

    thread = ""
    total = 0
    link = ""

    def __init__(self, content: Content, words: Words) -> None:
        self._words = words
        self._notice = content.notice
        self.name = "recovery" if content.notice is NoticeKind.RECOVERY else content.kind.value
        self.subject = self.heading = one_line(content.subject, 200) or words.say(self.name)
        details = content.body[:_MAX_NOTICE].splitlines()
        self._lines = [Line(one_line(line, _MAX_LINE)) for line in (*_gist(content, words), *details)]

    def entries(self, brevity: int) -> Sequence[Entry | Line]:
        """Return the lines, fewer of them when brevity is asked for."""
        return tuple(self._lines[: _NOTICE_LINES[min(brevity, COUNTS_ONLY)]])

    def values(self, page: Page[Entry | Line], brevity: int) -> Mapping[str, object]:
        """Return one part's lines."""
        is_cut = bool(page.more) or (page.is_last and len(self._lines) > len(self.entries(brevity)))
        return {
            "title": self.subject,
            "lines": tuple(one.text for one in page.entries if isinstance(one, Line)),
            "notice": self._notice.value if self._notice else "",
            "find": self._words.say("find", where="hongtou alerts list") if is_cut else "",
        }


def _gist(content: Content, words: Words) -> tuple[str, ...]:
    """Return what a notice is about in the channel's language, where its details are in another: they are English."""
    if content.notice is None or words.language == "en":
        return ()
    return words.name("notices", content.notice.value), ""
