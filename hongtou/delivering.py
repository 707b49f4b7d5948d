"""Delivers one claimed alert: gathers what it tells, puts it into parts, and sends those that are missing.

Parts are stored before the first is sent, and each is marked in a transaction of its own once the channel has accepted
it. While none is out, every attempt renders anew; once one is, the others stay as they are, so that a retry sends
exactly what is missing. Only a crash between "accepted" and its mark repeats a part: that one alone, and marked so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from core.alert import AlertKind
from core.delivery_repositories import StoredPart
from core.errors import HongtouError
from core.message import BRIEFEST, ChannelKind
from core.notices import Notice, NoticeKind
from core.outcome import DeliveryReport, DeliveryVerdict
from hongtou.contents import Lookups, content_of, form_for, missing_stories, story_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from core.alert import Alert
    from core.item import Item
    from core.message import ChannelForm, Content, Part
    from core.ports import Clock, Offload, PartRenderer, PartSender
    from core.repositories import Database, UnitOfWork
    from hongtou.notices import Notices
    from hongtou.pacing import PacingMeans

log = structlog.get_logger(__name__)

ACCEPTED = DeliveryReport(verdict=DeliveryVerdict.ACCEPTED)
_GONE = DeliveryReport(verdict=DeliveryVerdict.REJECTED, detail="the item it tells of is no longer stored")
_NO_CHANNEL = DeliveryReport(
    verdict=DeliveryVerdict.REJECTED, detail="no channel of this name is configured any more; name it again, and retry"
)
_BREVITY = re.compile(r"~(\d)/\d+$")
"""Where the key of a part says how brief it is."""
_MARK = "(possible repeat) "


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchLimits:
    """Bounds of delivery."""

    max_attempts: int
    lease: timedelta
    timeout: timedelta
    max_per_digest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryMeans:
    """By what alerts are paced, rendered and sent; replaced as a whole."""

    renderer: PartRenderer
    sender: PartSender
    limits: DispatchLimits
    lookups: Lookups
    pacing: PacingMeans

    def form_of(self, alert: Alert) -> ChannelForm | None:
        """Return the form in which an alert is sent; None when its channel has left the configuration."""
        found = next((form for form in self.sender.forms() if form.channel == alert.channel), None)
        return form_for(alert, found, self.lookups) if found else None


class UnrenderableError(HongtouError):
    """A message could not be put into words: a fault of ours, or of a template."""


class Deliverer:
    """Delivers alerts that the caller has claimed."""

    def __init__(self, *, database: Database, offload: Offload, clock: Clock, notices: Notices) -> None:
        self._database = database
        self._offload = offload
        self._clock = clock
        self._notices = notices
        self._stopping = False

    def stop(self) -> None:
        """Begin no further part; the rest of an alert is given back."""
        self._stopping = True

    async def deliver(self, alert: Alert, means: DeliveryMeans) -> DeliveryReport | None:
        """Send what of an alert has not been sent, and return how that ended.

        Where all was accepted the alert is marked as sent. None when there is nothing to settle: the claim was lost to
        another on the way, or the alert was given back between two parts.

        Raises:
            StorageError: The database cannot be used; the alert comes back when its claim ends.
        """
        form = means.form_of(alert)
        if form is None:
            return _NO_CHANNEL
        try:
            parts = await self._offload.run(self._prepare, alert, means, form)
            return await self._send(alert, means, form, parts) if parts else _GONE
        except UnrenderableError as error:
            return DeliveryReport(verdict=DeliveryVerdict.TRANSIENT, detail=str(error))

    async def _send(
        self, alert: Alert, means: DeliveryMeans, form: ChannelForm, parts: Sequence[StoredPart]
    ) -> DeliveryReport | None:
        claim, is_repeat, elapsed = alert.claimed_until, alert.possible_repeat, 0.0
        while left := [one for one in parts if one.sent_at is None]:
            claim = await self._offload.run(self._hold_on, alert, claim, means.limits)
            if claim is None:
                return None
            if self._stopping:
                await self._offload.run(self._give_back, alert)
                return None
            part = _as_repeat(left[0], form) if is_repeat else left[0].part
            report = await means.sender.send_part(alert.channel, part)
            elapsed += report.elapsed_s
            if report.verdict is DeliveryVerdict.ACCEPTED:
                parts = await self._offload.run(self._accept, alert, parts, left[0].part.number)
                is_repeat = False  # what comes after it was never tried
            elif report.verdict is DeliveryVerdict.TOO_LONG and (brevity := brevity_of(part) + 1) <= BRIEFEST:
                parts = await self._offload.run(self._shorten, alert, means, form, parts, brevity)
            else:
                return replace(report, elapsed_s=elapsed)
        return replace(ACCEPTED, elapsed_s=elapsed)

    def _give_back(self, alert: Alert) -> None:
        with self._database.unit_of_work() as uow:
            uow.outbox.give_back(alert.id)
            uow.commit()

    def _prepare(self, alert: Alert, means: DeliveryMeans, form: ChannelForm) -> tuple[StoredPart, ...]:
        """Return the parts of an alert: as they are stored once one of them is out, else rendered anew."""
        with self._database.reading() as uow:
            stored = uow.parts.of(alert.id)
            if any(one.sent_at for one in stored):
                return stored
            content = content_of(uow, alert, means.lookups, now=self._clock.now())
        if content is None:
            return ()
        brevity = brevity_of(stored[0].part) if stored else _first_brevity(content, means.limits)
        parts = self._render(alert, means, form, content, brevity=brevity)
        with self._database.unit_of_work() as uow:
            uow.parts.put(alert.id, parts)
            uow.commit()
        return parts

    def _shorten(
        self, alert: Alert, means: DeliveryMeans, form: ChannelForm, parts: Sequence[StoredPart], brevity: int
    ) -> tuple[StoredPart, ...]:
        """Return the parts that were accepted, and the rest of what is to be told, more briefly."""
        sent = [one for one in parts if one.sent_at]
        with self._database.reading() as uow:
            content = content_of(uow, alert, means.lookups, now=self._clock.now())
        if content is None:
            raise UnrenderableError("what it tells of is no longer stored")
        told = {number for one in sent for number in one.part.stories}
        rest = tuple(one for one in content.told if story_number(one) not in told)
        # Lines of a notice are not told apart: all of it is told again, and says so.
        content = replace(content, told=rest, possible_repeat=bool(sent and not content.told))
        shorter = self._render(alert, means, form, content, brevity=brevity, after=len(sent))
        with self._database.unit_of_work() as uow:
            uow.parts.put(alert.id, [*sent, *shorter])
            uow.commit()
        log.info("told more briefly", alert=alert.id, channel=alert.channel, brevity=brevity)
        return (*sent, *shorter)

    def _render(
        self, alert: Alert, means: DeliveryMeans, form: ChannelForm, content: Content, *, brevity: int, after: int = 0
    ) -> tuple[StoredPart, ...]:
        """Render a content, make sure that nothing of it is left out, and name its parts."""
        try:
            parts = means.renderer.render(content, form, brevity=brevity)
            told = [number for part in parts for number in part.stories]
            if left := missing_stories(content, told, more=sum(part.more for part in parts)):
                self._tell_mismatch(alert, [story_number(one) for one in left])
                parts = (*parts, *means.renderer.render(replace(content, told=left), form, brevity=brevity))
            marked: Sequence[Part] = ()
            if alert.possible_repeat or len(parts) > 1:
                marked = means.renderer.render(replace(content, possible_repeat=True), form, brevity=brevity)
        except Exception as error:  # a fault of a template must not keep all other alerts from their way
            log.exception("an alert could not be rendered", alert=alert.id, channel=alert.channel)
            raise UnrenderableError(f"it could not be rendered: {type(error).__name__}") from error
        is_same = [part.stories for part in parts] == [part.stories for part in marked]
        twins = marked if is_same else [None] * len(parts)
        stem, count = f"{alert.dedup_key}@{alert.created_at.isoformat()}~{brevity}", after + len(parts)
        return tuple(
            StoredPart(
                part=_named(part, stem, number=number, count=count),
                sent_at=None,
                marked=_named(twin, stem, number=number, count=count) if twin else None,
            )
            for number, (part, twin) in enumerate(zip(parts, twins, strict=True), start=after + 1)
        )

    def _hold_on(self, alert: Alert, claim: datetime | None, limits: DispatchLimits) -> datetime | None:
        """Make the claim outlast the next part; None when it is no longer ours."""
        now = self._clock.now()
        if claim is None or now + limits.timeout < claim <= now + limits.lease:
            return claim
        with self._database.unit_of_work() as uow:
            is_ours = uow.outbox.renew(alert.id, held_until=claim, until=now + limits.lease)
            uow.commit()
        return now + limits.lease if is_ours else None

    def _accept(self, alert: Alert, parts: Sequence[StoredPart], number: int) -> tuple[StoredPart, ...]:
        """Mark a part as accepted, with the last one the alert; return the parts as they are now."""
        now = self._clock.now()
        after = tuple(replace(one, sent_at=now) if one.part.number == number else one for one in parts)
        with self._database.unit_of_work() as uow:
            uow.parts.mark_sent(alert.id, number, at=now)
            if all(one.sent_at for one in after):
                uow.outbox.mark_sent(alert.id, at=now)
            uow.commit()
        return after

    def _tell_mismatch(self, alert: Alert, left: Sequence[int]) -> None:
        """Say that a message did not tell all that it should; what was left out is sent in further parts."""
        log.error("stories left out of a message", alert=alert.id, channel=alert.channel, stories=left)
        with self._database.unit_of_work() as uow:
            notice = Notice(
                kind=NoticeKind.MISMATCH,
                key=f"left-out/{alert.id}",
                subject=f"Hongtou: alert {alert.id} left {len(left)} stories out",
                body=(
                    f"Its message to {alert.channel} did not hold all that it should; the rest follows in further "
                    "parts, so that nothing is lost. A template of yours, or a fault of ours, is behind it: "
                    f"hongtou alerts show {alert.id}"
                ),
            )
            self._notices.tell(uow, notice)
            uow.commit()


def keep_told(uow: UnitOfWork, digest: Alert, *, now: datetime) -> None:
    """Settle the rows of a digest that is about to die which parts of it told: only the others are held again."""
    told = {number for one in uow.parts.of(digest.id) if one.sent_at for number in one.part.stories}
    if digest.kind is not AlertKind.DIGEST or not told:
        return
    rows = uow.outbox.members(digest.id)
    items = uow.items.get_many([row.item_id for row in rows if row.item_id is not None])
    known = [item.id for item in items if _number_now(uow, item) in told]
    uow.outbox.tell_members(digest.id, known, at=now)


def _number_now(uow: UnitOfWork, item: Item) -> int:
    """Return the number under which parts tell an item now; see `hongtou.contents.story_number`."""
    story = uow.stories.get(item.story_id) if item.story_id is not None else None
    return int(story.id if story else item.story_id or item.id)


def brevity_of(part: Part) -> int:
    """Return how brief a part is, as its key says."""
    found = _BREVITY.search(part.key)
    return int(found[1]) if found else 0


def _first_brevity(content: Content, limits: DispatchLimits) -> int:
    """Return how brief a message begins: a summary of thousands names them, and no more."""
    stories = len({story_number(one) for one in content.told})
    return 0 if stories <= limits.max_per_digest else 2


def _named(part: Part, stem: str, *, number: int, count: int) -> Part:
    # The stem holds the moment: a database begun anew gives the same keys, and mail programs drop a name they know.
    return replace(part, key=f"{stem}/{number}", number=number, count=count)


def _as_repeat(stored: StoredPart, form: ChannelForm) -> Part:
    """Return a part that says that it may be a repeat."""
    part = stored.marked or stored.part
    if stored.marked is not None or form.kind is ChannelKind.WEBHOOK:
        return part
    in_body = form.max_title == 0 and form.kind not in (ChannelKind.SLACK, ChannelKind.FEISHU)
    return replace(
        part,
        subject=f"{_MARK}{part.subject}",
        body=f"{_MARK}{part.body}" if in_body else part.body,
        text=f"{_MARK}{part.text}",
    )
