"""One process at a time on a data directory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import InstanceLockedError, StorageError
from storage.lock import InstanceLock

ROOT = Path(__file__).resolve().parents[3]
HOLDER = r"""
import os, sys, time
from pathlib import Path
from storage.lock import InstanceLock

with InstanceLock(Path(sys.argv[1])):
    if sys.argv[2] == "fork" and os.fork() == 0:
        os.write(1, b"child\n")
        time.sleep(60)
    os.write(1, b"held\n")
    time.sleep(60)
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "data"


def test_a_second_process_is_told_who_holds_the_folder(data_dir: Path) -> None:
    """While one process holds a folder another is refused, with the process id, until the first is killed."""
    command = [sys.executable, "-c", HOLDER, str(data_dir), "plain"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InstanceLockedError, match=f"already runs on .*data as process {holder.pid}\\."):
            InstanceLock(data_dir).acquire()
        holder.kill()
        holder.wait()
    with InstanceLock(data_dir):
        pass


def test_a_forked_child_does_not_keep_the_lock(data_dir: Path) -> None:
    """A child that outlives its killed parent does not hold the folder."""
    command = [sys.executable, "-c", HOLDER, str(data_dir), "fork"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, start_new_session=True) as holder:
        assert holder.stdout is not None
        # One write each: the two processes share the pipe.
        assert {holder.stdout.readline(), holder.stdout.readline()} == {b"held\n", b"child\n"}
        holder.kill()
        holder.wait()
        with InstanceLock(data_dir):
            pass
        os.killpg(holder.pid, signal.SIGKILL)


def test_a_child_forgets_the_lock_and_leaves_its_file_alone(data_dir: Path) -> None:
    """What runs in every forked child closes the file without emptying it, and does nothing when there is no lock."""
    lock = InstanceLock(data_dir)
    lock._forget()
    lock.acquire()
    lock._forget()
    lock.release()
    assert (data_dir / "hongtou.lock").read_text() == f"{os.getpid()}\n"


def test_a_lock_is_free_again_after_its_release(data_dir: Path) -> None:
    """Releasing frees the folder, also after an error, and may be done twice."""
    lock = InstanceLock(data_dir)
    with pytest.raises(KeyError), lock:
        raise KeyError("x")
    lock.release()
    with lock, pytest.raises(InstanceLockedError, match=f"as process {os.getpid()}"):
        InstanceLock(data_dir).acquire()
    with lock:
        pass


def test_a_holder_that_left_no_number_is_still_refused(data_dir: Path) -> None:
    """An emptied lock file changes only the message."""
    with InstanceLock(data_dir):
        (data_dir / "hongtou.lock").write_text("")
        with pytest.raises(InstanceLockedError, match=r"already runs on .*data\.$"):
            InstanceLock(data_dir).acquire()


def test_an_unusable_folder_is_a_storage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is no folder, or a file system without locks, is told by its path."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file/hongtou\.lock cannot be opened"):
        InstanceLock(tmp_path / "file").acquire()

    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("storage.lock.fcntl.flock", refuse)
    with pytest.raises(StorageError, match="cannot be taken: Operation not supported"):
        InstanceLock(tmp_path).acquire()
