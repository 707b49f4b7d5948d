"""Spreads spans of the archive over processes of their own, so that neither the loop nor one core bears it all."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from core.backtest import Span, Tally

    Judge = Callable[[Span], Tally]

_NICE = 15
"""Steps of politeness of a gentle process: it gets what others leave."""
_AHEAD = 2
"""Spans handed out to a process beyond the one it works on, so that it never waits."""
_PATIENCE_S = 0.2
"""How long at most to wait before asking again whether to go on."""

_own_judge: dict[str, Judge] = {}
"""The judge of a process, made once; the pool hands functions over, not objects."""


def judge_spans(
    spans: Iterable[Span],
    make: Callable[[], Judge],
    *,
    processes: int,
    gentle: bool,
    cancelled: Callable[[], bool],
) -> Iterator[tuple[Span, Tally]]:
    """Yield every span with its figures, in any order.

    Args:
        spans: What to judge.
        make: Makes the judge of one process; must be picklable unless `processes` is 0.
        processes: How many, 0 for this one.
        gentle: Whether the processes leave the machine to others.
        cancelled: Asked between spans whether to stop.

    Raises:
        StorageError: From the judge; no further span is begun.
    """
    left = deque(spans)
    if not left:
        return  # a judge is dear to make
    if processes == 0:
        judge = make()
        for span in left:
            if cancelled():
                return
            yield span, judge(span)
        return
    family = _Family()
    pool = ProcessPoolExecutor(processes, mp_context=family, initializer=_begin, initargs=(make, gentle))
    try:
        yield from _hand_out(left, pool, room=processes * (1 + _AHEAD), cancelled=cancelled)
        if cancelled():
            family.end()
    except BaseException:
        family.end()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Family(SpawnContext):
    """Starts the processes of one pool, and can end them.

    They are spawned, not forked: this process has threads, and a fork of one that holds a lock would wait for it for
    ever. They only read, so that they may be ended anywhere; a pool by itself would wait for what it has handed out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._members: list[SpawnProcess] = []

    def Process(self, *arguments: Any, **options: Any) -> SpawnProcess:  # type: ignore[override]  # noqa: N802, ANN401 - the name and shape are the pool's
        """Make a process."""
        member = SpawnProcess(*arguments, **options)
        self._members.append(member)
        return member

    def end(self) -> None:
        """End all processes at once, whatever they are at."""
        for member in self._members:
            if member.is_alive():
                member.terminate()


def _hand_out(
    left: deque[Span], pool: ProcessPoolExecutor, *, room: int, cancelled: Callable[[], bool]
) -> Iterator[tuple[Span, Tally]]:
    running: dict[Future[Tally], Span] = {}
    while (left or running) and not cancelled():
        while left and len(running) < room:
            span = left.popleft()
            running[pool.submit(_judge, span)] = span
        done, _ = wait(running, timeout=_PATIENCE_S, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future.result()


def _begin(make: Callable[[], Judge], gentle: bool) -> None:  # noqa: FBT001 - the pool passes arguments by position
    """Make a process ready."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    if gentle:
        os.nice(_NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _own_judge["judge"] = make()


def _end_with_parent() -> None:
    """End this process when its parent is gone, killed perhaps: nobody else would end it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _judge(span: Span) -> Tally:
    return _own_judge["judge"](span)
