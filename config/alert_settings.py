"""Settings of delivery, and of what operators are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.fields import Duration, PositiveDuration, QuietTime, Section, Zone
from core.notices import NoticeKind


class AlertSettings(Section):
    """How alerts are delivered."""

    timeout: PositiveDuration = timedelta(seconds=30)
    """Longest wait for a channel's answer to one message."""
    max_attempts: Annotated[int, Field(ge=1)] = 12
    """Tries before an alert is dead and an operator notice goes out by the other channels."""
    max_item_age: Duration = timedelta(days=30)
    """Items published longer ago than this are stored without an alert: old pages that reappear are not news."""
    lease: PositiveDuration = timedelta(minutes=2)
    """How long a dispatcher may hold an alert before another may take it."""
    max_per_digest: Annotated[int, Field(ge=1)] = 200
    """Items told in one digest; the rest follows in further ones, at once."""
    notices: tuple[str, ...] = ()
    """Former name of `operators.channels`, which goes before it."""
    storm_most: Annotated[int, Field(ge=0)] = 30
    """Alerts told at once within `storm_within`, over all routes and channels, before the rest is told as one digest a
    channel; 0 never does that."""
    storm_within: PositiveDuration = timedelta(minutes=10)
    """See `storm_most`; also how long a storm is collected."""
    catch_up: Duration = timedelta(minutes=10)
    """What the first polls of sources find is told together once nothing more has come for so long; `0s` tells each."""
    keep: PositiveDuration = timedelta(days=180)
    """How long alerts that have reached their end are kept."""
    remember: PositiveDuration = timedelta(days=730)
    """How long it is remembered after that what was told, so that nothing is told a second time."""
    base_url: Annotated[str, Field(pattern=r"^(https?://[^\s]+)?$")] = ""
    """Address at which this instance's pages are reached, for links to what a message leaves out; empty for none."""

    @model_validator(mode="after")
    def _lease_outlasts_timeout(self) -> Self:
        if self.lease <= self.timeout:
            raise ValueError("needs a `lease` longer than `timeout`, or an alert under way could be sent a second time")
        return self


class OperatorSettings(Section):
    """The route of operator notices."""

    channels: tuple[str, ...] = ()
    """Names of the channels that operator notices go to; empty means `alerts.notices`, else all of them."""
    never: tuple[NoticeKind, ...] = ()
    """Kinds of notices that are not sent; they are logged all the same."""
    quiet_hours: tuple[QuietTime, ...] = ()
    """When they do not ring, in `zone`, as of a route; deliveries that are dead and disks that are full ring always."""
    zone: Zone = "Asia/Shanghai"
    """Time zone of `quiet_hours` and `heartbeat`."""
    least_free: Annotated[int, Field(ge=0)] = 209_715_200
    """Free bytes on the disk of `data_dir` below which that is told; 0 never."""
    heartbeat: str = ""
    """When to tell that all is well, with what was done since: five cron fields, such as `0 8 * * *`; empty never."""
