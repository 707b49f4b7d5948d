"""One process at a time on a data directory."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from core.errors import InstanceLockedError, StorageError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

LOCK_FILE = "hongtou.lock"


class InstanceLock:
    """An exclusive lock on a folder, held by this process until `release` or its end, however it ends.

    The file stays behind and says nothing by itself: the operating system holds the lock and lets go of it when the
    process dies. A context manager.

    Args:
        data_dir: The folder; made when it is not there.
    """

    def __init__(self, data_dir: Path) -> None:
        self._file = data_dir / LOCK_FILE
        self._descriptor: int | None = None
        # A forked child, of a process pool say, shares the lock and would keep it after this process was killed.
        os.register_at_fork(after_in_child=self._forget)

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            InstanceLockedError: Another process holds it; the message names its process id.
            StorageError: The folder or the file cannot be made or locked.
        """
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StorageError(f"The lock {self._file} cannot be opened: {error.strerror}.") from error
        try:
            self._lock(descriptor)
        except StorageError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go of the lock; does nothing when it is not held."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        """Take the lock."""
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Let go of it."""
        self.release()

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
            raise InstanceLockedError(
                f"Hongtou already runs on {self._file.parent}" + (f" as process {holder}." if holder else ".")
            ) from error
        except OSError as error:
            raise StorageError(f"The lock {self._file} cannot be taken: {error.strerror}.") from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)

    def _forget(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
