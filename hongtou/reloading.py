"""The reload use case: take edits of the configuration over while the daemon runs, or keep the old one, loudly.

Everything is read and built off the loop before anything changes; then all of it is put in force in one step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from config.fixed import keep_fixed
from config.watching import emptied, fingerprint
from core.errors import ConfigError, ConfigProblem, DeliveryError, HongtouError, StorageError
from core.notices import Notice, NoticeKind
from hongtou.differences import Difference, after_move, compare, is_same
from hongtou.in_force import InForce, write_in_force
from hongtou.logs import configure_logging
from hongtou.trimming import give_back_memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from config.loaded import Loaded
    from config.watching import Fingerprint
    from core.ports import Clock, Offload
    from core.repositories import Database
    from hongtou.live import Effective, Live
    from hongtou.notices import Notices

log = structlog.get_logger(__name__)

_TRY_BROKEN_AGAIN = timedelta(minutes=1)
"""How often a broken configuration is tried again without an edit: what it lacks may be a file that is not watched."""
_TRY_STORING_AGAIN = timedelta(seconds=15)
"""How soon a good one is tried again when the database was away: building its parts costs a second or two."""
_TEMPLATE = ".j2"
_TOLD = 12
"""Faults told in a notice; the log has all of them."""
_NAMED = 20
"""Ids named in the log of a reload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a configuration is read, and the parts made of it; both block, and are called off the loop."""

    load: Callable[[], Loaded]
    """Raises ConfigError."""
    fit: Callable[[Loaded, Effective], Effective]
    """Given what is in force, so that what stays is gone on with. Raises ConfigError or DeliveryError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """A configuration that can be put in force."""

    parts: Effective
    refused: tuple[str, ...]
    """Keys of settings that need a restart, and were left as they are."""


class Reloader:
    """Looks at the files from time to time, and takes over what changed."""

    def __init__(
        self,
        *,
        live: Live,
        reading: Reading,
        database: Database,
        notices: Notices,
        offload: Offload,
        clock: Clock,
        after: Callable[[Effective], None],
    ) -> None:
        """Set up.

        Args:
            live: What is in force.
            reading: How to read the configuration.
            database: For new sources and notices.
            notices: Tell people.
            offload: Where files are read and parts built.
            clock: The time.
            after: Told of what was put in force; must return at once.
        """
        self._live = live
        self._reading = reading
        self._database = database
        self._notices = notices
        self._offload = offload
        self._clock = clock
        self._after = after
        self._asked = False
        self._tried: Fingerprint = live.now.loaded.marks
        """The files as they were when they were last taken over, or refused."""
        self._glimpsed: Fingerprint = self._tried
        """The files as the last look saw them."""
        self._try_again_at: datetime | None = None
        self._publish()

    def request(self) -> None:
        """Read the files at the next look, changed or not."""
        self._asked = True

    async def look(self) -> None:
        """Take the files over when they changed and have come to rest, or when that was asked for."""
        loaded = self._live.now.loaded
        seen: Fingerprint = ()
        if loaded.settings.reload.watch or self._asked:
            seen = await self._offload.run(fingerprint, loaded.files, loaded.folders)
        at_rest, self._glimpsed = seen == self._glimpsed, seen
        changed = seen != self._tried and at_rest and loaded.settings.reload.watch
        if changed or self._asked or self._is_to_be_tried_again():
            self._asked, self._tried = False, seen
            await self._reload()
            await self._offload.run(give_back_memory)

    def _is_to_be_tried_again(self) -> bool:
        return self._try_again_at is not None and self._clock.now() >= self._try_again_at

    async def _reload(self) -> None:
        running, self._try_again_at = self._live.now, None
        try:
            prepared = await self._offload.run(self._prepare, running)
            difference = await self._offload.run(self._register, running, prepared.parts)
        except (ConfigError, DeliveryError) as error:
            await self._keep(error)
        except StorageError as error:
            self._try_again_at = self._clock.now() + _TRY_STORING_AGAIN
            log.warning("configuration not reloaded yet", reason=str(error))
        except Exception as error:  # whatever files may provoke, what is in force stays, and people are told
            log.exception("configuration not reloaded")
            told = f"fails with {type(error).__name__}: {error}; please report this"
            await self._keep(ConfigError([ConfigProblem(where="configuration", key="", message=told)]))
        else:
            await self._take_over(running, prepared, difference)

    def _prepare(self, running: Effective) -> _Prepared:
        if lost := _lost(running.loaded):
            raise ConfigError(lost)
        loaded = self._reading.load()
        settings, refused = keep_fixed(running.loaded.settings, loaded.settings)
        parts = self._reading.fit(replace(loaded, settings=settings), running)
        return _Prepared(parts=parts, refused=refused)

    def _register(self, running: Effective, parts: Effective) -> Difference:
        """Make states for new sources, and let those that moved be read afresh, without losing what is known."""
        now = self._clock.now()
        difference = compare(running.watch.sources, parts.watch.sources)
        with self._database.unit_of_work() as uow:
            uow.sources.register(list(parts.watch.sources), now=now)
            for state in filter(None, map(uow.sources.get, difference.moved)):
                uow.sources.put(after_move(state, now=now))
            uow.commit()
        return difference

    async def _take_over(self, running: Effective, prepared: _Prepared, difference: Difference) -> None:
        parts, loaded = prepared.parts, prepared.parts.loaded
        self._live.replace(parts)
        self._tried = loaded.marks
        if loaded.settings.log != running.loaded.settings.log:
            configure_logging(loaded.settings.log.level, loaded.settings.log.format)
        if is_same(running, parts):
            log.info("configuration read again: nothing changed", hash=loaded.hash)
        else:
            _log_reload(parts, difference)
            self._after(parts)
        await self._tell_mended()
        await self._tell_refused(prepared.refused)
        await self._offload.run(self._publish)

    async def _keep(self, error: ConfigError | DeliveryError) -> None:
        """Keep what is in force; tell the log each new reason, and people once until it is mended."""
        problems = _problems(error)
        told, self._live.faults = self._live.faults, problems
        if told != problems:
            log.error("configuration not reloaded: the old one stays in force", problems=list(problems))
            await self._offload.run(self._publish)
        self._try_again_at = self._clock.now() + _TRY_BROKEN_AGAIN
        if not told:
            intro = "An edit was not taken over; everything goes on as before it."
            await self._tell(
                "The configuration has faults, the old one stays in force",
                "\n".join([intro, "", *problems[:_TOLD]]),
            )

    async def _tell_mended(self) -> None:
        if self._live.faults:
            self._live.faults = ()
            await self._tell(
                "The configuration is in force again",
                "The edit that had faults was mended.",
                kind=NoticeKind.RECOVERY,
            )

    async def _tell_refused(self, refused: tuple[str, ...]) -> None:
        if refused and refused != self._live.needs_restart:
            log.warning("some settings need a restart", settings=list(refused))
            await self._tell(
                f"A restart is needed for {', '.join(refused)}",
                "They were edited, and cannot change while the daemon runs: they stay as they were until it is started "
                f"again. Everything else counts already.\n\n{', '.join(refused)}",
            )
        self._live.needs_restart = refused

    def _publish(self) -> None:
        """Tell other programs what is in force, and what is not."""
        live, loaded = self._live, self._live.now.loaded
        told = InForce(hash=loaded.hash, faults=live.faults, needs_restart=live.needs_restart)
        write_in_force(loaded.settings.data_dir, told)

    async def _tell(self, subject: str, body: str, *, kind: NoticeKind = NoticeKind.CONFIG) -> None:
        notice = Notice(
            kind=kind,
            recovers=NoticeKind.CONFIG if kind is NoticeKind.RECOVERY else None,
            key=f"config/{self._clock.now().isoformat()}/{subject}",
            subject=subject,
            body=body,
        )
        try:
            await self._offload.run(self._put_notice, notice)
        except StorageError as error:
            log.warning("notice lost", subject=subject, reason=str(error))

    def _put_notice(self, notice: Notice) -> None:
        with self._database.unit_of_work() as uow:
            self._notices.tell(uow, notice)
            uow.commit()


def _lost(loaded: Loaded) -> list[ConfigProblem]:
    """Return what is wrong with files that went, where a start would take the lack of them for what is wanted.

    Without its file Hongtou would watch all that is shipped and tell the terminal; a file that is empty is one that is
    being written, or for which the disk had no room.
    """
    if loaded.path is not None and not loaded.path.exists():
        message = "is not there any more; put it back, or restart to do without it"
        return [ConfigProblem(where=str(loaded.path), key="", message=message)]
    ours = set(map(str, loaded.files))
    message = "is empty now; if that is meant, write a comment into it"
    return [
        ConfigProblem(where=path, key="", message=message)
        for path in emptied(loaded.marks, fingerprint(loaded.files, loaded.folders))
        if path in ours or path.endswith(_TEMPLATE)
    ]


def _problems(error: HongtouError) -> tuple[str, ...]:
    return tuple(map(str, error.problems)) if isinstance(error, ConfigError) else (str(error),)


def _log_reload(parts: Effective, difference: Difference) -> None:
    loaded = parts.loaded
    log.info(
        "configuration reloaded",
        hash=loaded.hash,
        sources=len(loaded.watched),
        added=difference.added[:_NAMED] or None,
        removed=difference.removed[:_NAMED] or None,
        moved=difference.moved[:_NAMED] or None,
        routes=[route.id for route in loaded.routes],
        channels=list(loaded.channels),
        classifier=parts.rules.classifier.version,
    )
    for warning in loaded.warnings:
        log.warning("configuration", warning=str(warning))
