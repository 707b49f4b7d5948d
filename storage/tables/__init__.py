"""The tables. Private to this package: repositories take and return `core` values.

What every column means is told in `docs/database.md`.
"""

from storage.tables.alerts import (
    AlertPartRow,
    AlertRow,
    DeliveryRow,
    DigestRow,
    OutboxTotalRow,
    SilenceRow,
    ToldKeyRow,
)
from storage.tables.base import Base
from storage.tables.copies import CopyKeyRow, FingerprintRow, SourceLineRow
from storage.tables.items import Content, GoneKeyRow, ItemKeyRow, ItemRow, ItemSourceRow, RecheckRow, RevisionRow
from storage.tables.judgements import LabelRow, OpinionMonthRow, OpinionRow
from storage.tables.sources import IncidentRow, NewsHourRow, PollHourRow, SourceStateRow
from storage.tables.stories import (
    StoryEventRow,
    StoryKeyRow,
    StoryKinRow,
    StoryNameRow,
    StoryRow,
    StoryTraitsRow,
    StoryVetoRow,
)

__all__ = [
    "AlertPartRow",
    "AlertRow",
    "Base",
    "Content",
    "CopyKeyRow",
    "DeliveryRow",
    "DigestRow",
    "FingerprintRow",
    "GoneKeyRow",
    "IncidentRow",
    "ItemKeyRow",
    "ItemRow",
    "ItemSourceRow",
    "LabelRow",
    "NewsHourRow",
    "OpinionMonthRow",
    "OpinionRow",
    "OutboxTotalRow",
    "PollHourRow",
    "RecheckRow",
    "RevisionRow",
    "SilenceRow",
    "SourceLineRow",
    "SourceStateRow",
    "StoryEventRow",
    "StoryKeyRow",
    "StoryKinRow",
    "StoryNameRow",
    "StoryRow",
    "StoryTraitsRow",
    "StoryVetoRow",
    "ToldKeyRow",
]
