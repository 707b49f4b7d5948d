"""Tells moments, days and spans of time in words. Pure."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date, datetime

    from alerts.words import Words
    from core.classification import Classification

_DAY = timedelta(days=1)


class Moments:
    """Tells time in one language and zone, seen from one moment."""

    def __init__(self, words: Words, *, now: datetime, zone: str) -> None:
        """Take the language, the moment and the zone.

        Args:
            words: Of the language.
            now: Aware UTC.
            zone: IANA zone.
        """
        self.words = words
        self.zone = ZoneInfo(zone)
        self._zone_name = words.name("zones", zone).rpartition("/")[2].replace("_", " ")
        self._today = now.astimezone(self.zone).date()
        self._is_utc = zone == "UTC"

    @property
    def today(self) -> date:
        """The day that it is now, in the zone."""
        return self._today

    def both_zones(self, at: datetime) -> str:
        """Return a moment in the zone and in UTC: `2023-06-15 09:30 Shanghai (2023-06-15 01:30 UTC)`.

        The day of UTC is left out where it is the same.
        """
        there, utc = at.astimezone(self.zone), at.astimezone(UTC)
        if self._is_utc:
            return f"{utc:%Y-%m-%d %H:%M} UTC"
        told = f"{utc:%H:%M}" if utc.date() == there.date() else f"{utc:%Y-%m-%d %H:%M}"
        return self.words.say("two-zones", there=f"{there:%Y-%m-%d %H:%M}", zone=self._zone_name, utc=told)

    def stage(self, judged: Classification) -> str:
        """Return how far a paper has come, with the day that goes with it; the day alone where no stage is known."""
        if judged.comments_until:
            day = self._day("comments-until", judged.comments_until, ahead="days-left", past="")
        elif judged.effective_on:
            day = self._day("effective-on", judged.effective_on, ahead="days-ahead", past="days-past")
        else:
            day = ""
        stage = self.words.name("stages", judged.stage.value) if judged.stage else ""
        return ("，" if self.words.language == "zh" else ", ").join(part for part in (stage, day) if part)

    def _day(self, key: str, day: date, *, ahead: str, past: str) -> str:
        days = (day - self._today).days
        if days == 0:
            left = self.words.say("today")
        elif days > 0:
            left = self.words.say(ahead, n=days)
        else:
            left = self.words.say(past, n=-days) if past else self.words.say("over")
        return self.words.say(key, day=day.isoformat(), left=left)

    def lead(self, lead: timedelta, *, by_day: bool) -> str:
        """Return how long after the authority something was published: `+3 h 20 min`, `−2 d`.

        Args:
            lead: Negative for before.
            by_day: Whether of the authority's document only the day is known.
        """
        if by_day:
            days = lead // _DAY
            if days == 0:
                return self.words.say("same-day")
            span = self.words.say("span-days", n=abs(days))
        else:
            span = self._span(abs(lead))
            if not span:
                return self.words.say("same-time")
        return self.words.say("lead-before" if lead < timedelta() else "lead-after", span=span)

    def _span(self, span: timedelta) -> str:
        """Return the two largest units of a span that are not zero; nothing for less than a minute."""
        minutes = int(span.total_seconds()) // 60
        amounts = (
            ("span-days", minutes // 1440),
            ("span-hours", minutes // 60 % 24),
            ("span-minutes", minutes % 60 if minutes < 1440 else 0),
        )
        return self.words.gap.join(self.words.say(key, n=amount) for key, amount in amounts if amount)
