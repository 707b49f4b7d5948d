"""Settings of channels and routes."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from config.fields import Duration, PositiveDuration, QuietTime, Section, Zone
from core.stories import StoryChange

MessageLanguage = Literal["en", "zh"]


class ChannelSettings(Section):
    """One place to tell, by an Apprise address."""

    url: SecretStr
    """Apprise address such as `mailtos://…` or `slack://…`; keep its secrets in `${ENV}` or use `url_file`."""
    language: MessageLanguage = "en"
    """Language of Hongtou's own words in it; titles stay as they are."""
    template: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]*)?$")] = ""
    """Name of your own templates for it; empty for the shipped ones."""
    gap: Duration | None = None
    """Shortest time between two messages; by default what the service is known to bear."""
    max_size: Annotated[int, Field(ge=200)] | None = None
    """Longest message in the service's own unit, where it takes less than is known of it."""
    secret: SecretStr | None = None
    """Key that signs the messages of a `webhook` or `webhooks` channel; or use `secret_file`."""


class MatchSettings(Section):
    """What a route wants; an empty list wants everything."""

    topics: tuple[str, ...] = ()
    """Topic ids, any of which must be present."""
    jurisdictions: tuple[str, ...] = ()
    """Jurisdiction codes; `cn` includes `cn-sh` and all other parts."""
    acts: tuple[str, ...] = ()
    """Kinds of act."""
    stages: tuple[Literal["draft", "in-force", "amended", "repealed"], ...] = ()
    """How far the paper has come."""
    sources: tuple[str, ...] = ()
    """Source ids."""
    groups: tuple[str, ...] = ()
    """Source groups."""
    languages: tuple[str, ...] = ()
    """Languages: `zh` (includes `zh-Hant`), `en`."""
    min_score: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Least score."""
    query: str = ""
    """Words wanted in title or text: `(chip OR 芯片) -price "export control"`; see docs/alerts.md."""


def _changes(value: object) -> object:
    """Read `none` and `every` as lists."""
    return {"none": (), "every": tuple(StoryChange)}.get(value, value) if isinstance(value, str) else value


Updates = Annotated[
    tuple[StoryChange, ...],
    BeforeValidator(_changes, json_schema_input_type=Literal["none", "every"] | tuple[StoryChange, ...]),
]


class RouteSettings(Section):
    """One way from items to channels."""

    enabled: bool = True
    """False switches the route off without deleting it."""
    match: MatchSettings = MatchSettings()
    """What the route wants."""
    channels: tuple[str, ...] = ()
    """Names of channels; empty means all of them, or the terminal when there is none."""
    cadence: Literal["now", "digest", "both"] = "now"
    """Tell at once, in a digest, or both."""
    cron: str = "0 9 * * *"
    """When a digest is sent: five cron fields, read in `zone`."""
    zone: Zone = "Asia/Shanghai"
    """Time zone of `cron` and `quiet_hours`."""
    order: int = 100
    """Routes are tried from the lowest order to the highest; equal ones by id."""
    continue_: Annotated[bool, Field(alias="continue")] = False
    """Whether later routes are tried too after this one matched."""
    updates: Updates = ()
    """What new in a story that it told the route tells again: `new-language`, `primary-found`, `report`; `every`."""
    group_by: Literal["story", "item", "topic", "jurisdiction", "route"] = "story"
    """What is told in one message: a story once, every item, or the stories of one topic, jurisdiction, or all."""
    group_wait: PositiveDuration = timedelta(minutes=5)
    """How long others of a group are waited for."""
    quiet_hours: tuple[QuietTime, ...] = ()
    """When it does not ring, in `zone`: `22:00-07:00`, `sat-sun 00:00-24:00`. What comes then is told after."""
    max_per_hour: Annotated[int, Field(ge=0)] = 0
    """Messages at once in an hour to each channel; the rest comes as a digest. 0 for no bound."""
    language: MessageLanguage | None = None
    """Language of Hongtou's own words; by default the channel's."""
    template: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]*)?$")] = ""
    """Name of your own templates; by default the channel's."""
