"""What a configuration says of polling, as the policy takes it, and what the policy makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.polling_budget import Budget
from hongtou.polling import PollingRules
from hongtou.polling_outlook import look_ahead
from scheduler.workdays import calendar_for

if TYPE_CHECKING:
    from datetime import datetime

    from config.loaded import Loaded
    from core.calendar import WorkCalendar
    from core.repositories import UnitOfWork
    from core.source import Source
    from hongtou.polling_outlook import Outlook


def polling_rules(loaded: Loaded) -> PollingRules:
    """Return how requests are shared among sources."""
    polling = loaded.settings.polling
    return PollingRules(
        budget=Budget(per_hour=polling.budget_per_hour, peak=polling.peak),
        authority_weight=polling.authority_weight,
        tier_weights=polling.tier_weights,
        holidays=polling.holidays,
    )


def calendar_of_source(source: Source) -> WorkCalendar:
    """Return the working days that a source keeps."""
    return calendar_for(zone=source.zone, jurisdiction=source.jurisdiction)


def outlook_of(uow: UnitOfWork, loaded: Loaded, *, now: datetime) -> Outlook:
    """Return when the watched sources are asked next."""
    return look_ahead(uow, loaded.watched, polling_rules(loaded), calendar_of=calendar_of_source, now=now)
