"""The settings of Hongtou as frozen Pydantic models, one section an adapter.

Every field here can be set in `hongtou.yaml` and by an environment variable; `docs/configuration.md` has a row for
each. Reading files and the environment is the loader's work.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from config.alert_settings import AlertSettings, OperatorSettings
from config.fields import Duration, Identifier, Listen, PositiveDuration, Section, UserAgent, Zone
from config.home import expand_home
from config.opinion_settings import SecondOpinionSettings
from config.place import DATA_DIR
from config.polling_settings import PollingSettings
from config.route_settings import ChannelSettings, RouteSettings


class WatchSettings(Section):
    """Which of the known sources are polled."""

    groups: tuple[str, ...] = ()
    """Catalogue groups to watch, such as `cn-central` or `crypto-en`; empty watches every group."""
    tiers: tuple[Annotated[int, Field(ge=1, le=5)], ...] = (1, 2)
    """Tiers to watch: 1 essential, 2 useful, 3 and 4 marginal or fragile."""
    only: tuple[str, ...] = ()
    """When set, exactly these source ids are watched and everything else here is ignored."""
    also: tuple[str, ...] = ()
    """Source ids to watch besides, whatever their group and tier, also when their entry says `enabled: false`."""
    never: tuple[str, ...] = ()
    """Source ids never to watch."""


class CrawlSettings(Section):
    """How politely and how patiently the web is read."""

    user_agent: UserAgent = "Mozilla/5.0 (compatible; Hongtou/0.1; policy news monitor)"
    """User-Agent of every request; add a contact address of yours here."""
    timeout: PositiveDuration = timedelta(seconds=30)
    """Longest wait for one answer."""
    poll_deadline: PositiveDuration = timedelta(minutes=5)
    """Longest time one poll, its articles included, may take; what came until then is kept."""
    delay: Duration = timedelta(seconds=2)
    """Shortest gap between two requests to one host."""
    concurrency: Annotated[int, Field(ge=1, le=64)] = 8
    """Requests under way at once, over all hosts; one host never gets more than one."""
    max_body: Annotated[int, Field(ge=65_536)] = 5_242_880
    """Largest answer in bytes that is read."""
    max_pages_per_poll: Annotated[int, Field(ge=1)] = 40
    """Article pages fetched in one poll; the rest waits for the next."""
    retries: Annotated[int, Field(ge=0, le=5)] = 2
    """Second tries of one request after a passing fault."""
    obey_robots: bool = True
    """Whether robots.txt is asked for and obeyed."""
    allow_private_addresses: bool = False
    """Whether hosts on private and loopback addresses may be contacted; for rehearsals and intranets only."""
    proxy: SecretStr | None = None
    """HTTP proxy for all requests, `http://user:password@host:port`."""


class FirstSyncSettings(Section):
    """What happens on the first poll of a source."""

    max_age: Duration = timedelta(hours=24)
    """Items older than this, and those without a date, are stored silently; younger ones are treated as news."""


class ClassifySettings(Section):
    """When an item counts as emerging-tech policy."""

    model: Annotated[Path, AfterValidator(expand_home)] | None = None
    """Model file that `hongtou tune` wrote, relative to this file's folder; by default the shipped one."""
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """Score from which an item is relevant."""
    semantic: bool = False
    """Whether an embedding model may move scores near the threshold; needs an extra, see docs/semantic.md."""
    second_opinion: SecondOpinionSettings = SecondOpinionSettings()
    """A language model's opinion on items near the threshold."""


class CopySettings(Section):
    """How copies of a text are found."""

    within: PositiveDuration = timedelta(days=30)
    """How far back copies are looked for; what finds them is kept as long."""


class StorySettings(Section):
    """How reports of one event are put together."""

    within: PositiveDuration = timedelta(days=30)
    """How long after its last report a story takes further ones; what is not relevant is found again as long."""
    lineage: PositiveDuration = timedelta(days=730)
    """How far back relevant stories are looked for that a new one follows: the draft of a rule, the plan above it."""


class ScheduleSettings(Section):
    """How often the daemon looks at its own due list."""

    poll_tick: PositiveDuration = timedelta(seconds=5)
    """Gap between two looks for due sources."""
    dispatch_tick: PositiveDuration = timedelta(seconds=2)
    """Gap between two looks for due alerts."""
    digest_tick: PositiveDuration = timedelta(seconds=30)
    """Gap between two looks for due digests."""
    max_polls: Annotated[int, Field(ge=1)] = 16
    """Polls under way at once."""
    stop_timeout: Duration = timedelta(seconds=15)
    """Longest wait on stopping for polls and deliveries under way."""
    stuck_after: Duration = timedelta(minutes=2)
    """How long the daemon's loop may be stuck before it ends itself, to be started again; `0s` never."""


class HealthSettings(Section):
    """When a source that is not well is told to a person."""

    grace: Annotated[float, Field(ge=0.01, le=100)] = 1.0
    """Factor on the time for which a fault must last before it is told; 2 waits twice as long."""
    reminder: Duration = timedelta(weeks=1)
    """How often a fault that lasts is told again; `0s` never."""
    network_grace: Duration = timedelta(hours=2)
    """How long no source at all may be reached before that is told, as one notice."""
    least_silence: PositiveDuration = timedelta(days=1)
    """No source counts as unusually quiet before this, however often it usually has news."""


class RecheckSettings(Section):
    """Whether and when the pages of flagged items are looked at again."""

    enabled: bool = True
    """Whether flagged items are looked at again, to notice edits and removals."""
    after: Annotated[tuple[PositiveDuration, ...], Field(min_length=1)] = tuple(
        timedelta(hours=hours) for hours in (1, 6, 24, 72, 168, 336, 720)
    )
    """Ages of an item at which its page is looked at again."""
    tick: PositiveDuration = timedelta(minutes=5)
    """Gap between two looks for pages that are due."""
    max_per_tick: Annotated[int, Field(ge=1, le=500)] = 20
    """Pages looked at again in one tick; the rest waits for the next."""
    notify_removed: bool = True
    """Whether channels that were told of an item are told when its publisher removes or empties its page."""


class ArchiveSettings(Section):
    """Whether the pages of flagged items are kept as they came."""

    enabled: bool = False
    """Whether the pages of flagged items are kept as WARC files, in `archive` in the data directory."""
    max_size: Annotated[int, Field(ge=1_048_576)] = 1_073_741_824
    """Bytes that the files may take; then nothing more is kept."""


class ReloadSettings(Section):
    """Whether the running daemon takes edits of its files over, and what it tells of them."""

    watch: bool = True
    """Whether edits are noticed; without it only SIGHUP makes the daemon read its files again."""
    tick: PositiveDuration = timedelta(seconds=3)
    """Gap between two looks at the files; an edit counts when a file has stayed the same from one look to the next."""
    backtest: Duration = timedelta(days=7)
    """How far back the log tells what an edit changes, on stored items; `0s` does not."""
    backtest_items: Annotated[int, Field(ge=1)] = 10_000
    """Stored items judged again for that at most, the last seen."""


class RetentionSettings(Section):
    """How long is kept what nobody will ask for again."""

    irrelevant: Duration = timedelta(days=365)
    """How long items that were judged irrelevant are kept; labelled ones, and reports of relevant stories, stay. `0s`
    keeps all."""
    remember: PositiveDuration = timedelta(days=1095)
    """How long it is remembered that they were there, so that an old list makes nothing new of them."""
    tidy: str = "30 4 * * *"
    """When unused space is given back: five cron fields; empty never. Writers wait meanwhile."""
    zone: Zone = "Asia/Shanghai"
    """Time zone of `tidy`."""


class BackupSettings(Section):
    """Copies of the database."""

    before_upgrade: bool = True
    """Whether the database is copied before a newer program changes its tables."""
    keep: Annotated[int, Field(ge=1)] = 5
    """Copies kept in the folder; older ones are deleted when one is made."""
    folder: Annotated[Path, AfterValidator(expand_home)] | None = None
    """Where copies are put; by default `backups` in `data_dir`. Another disk is safer."""


class WebSettings(Section):
    """Pages for operations: `/healthz`, `/readyz`, `/metrics`."""

    listen: Listen = ""
    """Address and port to listen on, such as `127.0.0.1:8470`; empty serves nothing. They ask for no password."""


class LogSettings(Section):
    """What is logged, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """Least level that is written."""
    format: Literal["auto", "console", "json"] = "auto"
    """`auto` is console on a terminal and JSON elsewhere."""


class Settings(Section):
    """Everything that can be set, as loaded from defaults, `hongtou.yaml` and the environment."""

    data_dir: Annotated[Path, AfterValidator(expand_home)] = DATA_DIR
    """Folder for the database, its lock and state; created when it is not there. Relative to the working directory."""
    database: SecretStr | None = None
    """SQLAlchemy address; by default SQLite in `data_dir`. PostgreSQL: `postgresql+psycopg://…`."""
    watch: WatchSettings = WatchSettings()
    """Which sources are polled."""
    crawl: CrawlSettings = CrawlSettings()
    """How the web is read."""
    first_sync: FirstSyncSettings = FirstSyncSettings()
    """First poll of a source."""
    classify: ClassifySettings = ClassifySettings()
    """Relevance."""
    copies: CopySettings = CopySettings()
    """Copies of one text."""
    stories: StorySettings = StorySettings()
    """Reports of one event."""
    channels: dict[Identifier, ChannelSettings] = Field(default_factory=dict)
    """Places to tell, by name."""
    routes: dict[Identifier, RouteSettings] = Field(default_factory=dict)
    """Ways from items to channels, by id; an id of a shipped route changes that route."""
    alerts: AlertSettings = AlertSettings()
    """Delivery."""
    operators: OperatorSettings = OperatorSettings()
    """What the program has to say to those who run it."""
    health: HealthSettings = HealthSettings()
    """Operator notices about sources."""
    polling: PollingSettings = PollingSettings()
    """How often sources are asked."""
    schedule: ScheduleSettings = ScheduleSettings()
    """Ticks."""
    rechecks: RecheckSettings = RecheckSettings()
    """Further looks at flagged items."""
    archive: ArchiveSettings = ArchiveSettings()
    """Pages kept as evidence."""
    reload: ReloadSettings = ReloadSettings()
    """Edits while the daemon runs."""
    retention: RetentionSettings = RetentionSettings()
    """What is forgotten, and when."""
    backups: BackupSettings = BackupSettings()
    """Copies of the database, and where they go."""
    web: WebSettings = WebSettings()
    """Pages for operations."""
    log: LogSettings = LogSettings()
    """Logging."""
