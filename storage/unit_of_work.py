"""One transaction, with the repositories that work in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.health import SqlHealthRepository
from storage.items import SqlItemRepository
from storage.labels import SqlLabelRepository
from storage.near_duplicates import SqlNearDuplicateRepository
from storage.opinions import SqlOpinionRepository
from storage.outbox import SqlOutboxRepository
from storage.pacing import SqlPacingRepository
from storage.parts import SqlPartRepository
from storage.rechecks import SqlRecheckRepository
from storage.silences import SqlSilenceRepository
from storage.sources import SqlSourceRepository
from storage.stories import SqlStoryRepository

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy.orm import Session, sessionmaker


class SqlUnitOfWork:
    """Implements `core.repositories.UnitOfWork` on one database session.

    The transaction begins with the first statement, and anew with the first one after a `commit`: an unused unit of
    work takes no lock.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._session = sessions()
        self._sources = SqlSourceRepository(self._session)
        self._items = SqlItemRepository(self._session)
        self._outbox = SqlOutboxRepository(self._session)
        self._pacing = SqlPacingRepository(self._session, self._outbox.add)
        self._parts = SqlPartRepository(self._session)
        self._silences = SqlSilenceRepository(self._session)
        self._health = SqlHealthRepository(self._session)
        self._rechecks = SqlRecheckRepository(self._session)
        self._labels = SqlLabelRepository(self._session)
        self._opinions = SqlOpinionRepository(self._session)
        self._near_duplicates = SqlNearDuplicateRepository(self._session)
        self._stories = SqlStoryRepository(self._session)

    @property
    def sources(self) -> SqlSourceRepository:
        """What is remembered of sources."""
        return self._sources

    @property
    def items(self) -> SqlItemRepository:
        """Stored items."""
        return self._items

    @property
    def outbox(self) -> SqlOutboxRepository:
        """Alerts on their way."""
        return self._outbox

    @property
    def pacing(self) -> SqlPacingRepository:
        """What decides about pending alerts."""
        return self._pacing

    @property
    def parts(self) -> SqlPartRepository:
        """The parts in which alerts are sent."""
        return self._parts

    @property
    def silences(self) -> SqlSilenceRepository:
        """Silences that users made."""
        return self._silences

    @property
    def health(self) -> SqlHealthRepository:
        """What is remembered of the health of sources."""
        return self._health

    @property
    def rechecks(self) -> SqlRecheckRepository:
        """What is remembered of further looks at flagged items."""
        return self._rechecks

    @property
    def labels(self) -> SqlLabelRepository:
        """What users said of items."""
        return self._labels

    @property
    def opinions(self) -> SqlOpinionRepository:
        """Second opinions, and what they cost."""
        return self._opinions

    @property
    def near_duplicates(self) -> SqlNearDuplicateRepository:
        """Keys under which items are found by their copies."""
        return self._near_duplicates

    @property
    def stories(self) -> SqlStoryRepository:
        """Stories, their logs and ties."""
        return self._stories

    def __enter__(self) -> SqlUnitOfWork:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """End; roll back what was not committed."""
        self._session.close()

    def commit(self) -> None:
        """Make everything since the last commit durable.

        Raises:
            StorageError: Nothing of it was stored.
        """
        self._session.commit()
