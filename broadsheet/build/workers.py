"""Who does the work: this process, a pool of processes, or any other `concurrent.futures.Executor`.

What is done is a function of a task that all chunks share and of a chunk, both picklable, and its results come back in
the order of the chunks, whoever made them: so the output cannot depend on the number of workers. Only a few chunks
are under way at a time, so that memory does not grow with the site.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Self, TypeVar

from broadsheet.build.garbage import relax

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Task = TypeVar("Task")
Chunk = TypeVar("Chunk")
Result = TypeVar("Result")

CHUNK = 128
"""Articles or pages that are handed over at once: some 60 ms of work, against 0.3 ms for the handing over."""
_WORTH_A_POOL = 2
"""Chunks from which on a pool of processes is started: it costs what one chunk does."""
_AHEAD = 3
"""Chunks for each worker that are under way or waiting."""
_PATIENCE = 60
"""Seconds after which other machines that do not come back with a chunk count as lost."""


class Crew:
    """Workers, started when there is enough to do; a context manager that sends them home."""

    def __init__(self, jobs: int, executor: Executor | None = None) -> None:
        """`jobs` is the number of workers, also of an executor that is given."""
        self._jobs = jobs
        self._executor = executor
        self._is_pool = False
        self._is_lost = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._executor is not None and self._is_pool:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def dismiss(self) -> None:
        """Send them home, and do not wait for it: nothing is left to do, and what they hold is memory."""
        if self._executor is not None and self._is_pool:
            self._executor.shutdown(wait=False)
            self._executor, self._is_pool = None, False

    @property
    def is_far(self) -> bool:
        """Whether the workers may be on other machines, and see none of our files."""
        return self._executor is not None and not self._is_pool

    def each(self, function: Callable[[Task, Chunk], Result], task: Task, chunks: Iterable[Chunk]) -> Iterator[Result]:
        """The function's results for chunks, in their order."""
        waiting = iter(chunks)
        first = list(islice(waiting, _WORTH_A_POOL))
        chunks = chain(first, waiting)
        executor = self._hire(len(first))
        if executor is None or not first:
            yield from (function(task, chunk) for chunk in chunks)
            return
        packed = pickle.dumps(task)
        ahead: deque[tuple[Chunk, Future[Result] | None]] = deque()
        for chunk in chunks:
            ahead.append((chunk, self._submit(executor, function, packed, chunk)))
            if len(ahead) > _AHEAD * self._jobs:
                yield self._result(function, task, *ahead.popleft())
        while ahead:
            yield self._result(function, task, *ahead.popleft())

    def _submit(
        self, executor: Executor, function: Callable[[Any, Chunk], Result], packed: bytes, chunk: Chunk
    ) -> Future[Result] | None:
        """None where there is nobody left to do it: of a pool, one process's death is the death of all."""
        from concurrent.futures import BrokenExecutor

        if self._is_lost:
            return None
        try:
            with _uninterrupted():
                return executor.submit(_run, function, packed, chunk)
        except BrokenExecutor:
            self._is_lost = True
            return None

    def _result(
        self, function: Callable[[Task, Chunk], Result], task: Task, chunk: Chunk, future: Future[Result] | None
    ) -> Result:
        """What came of a chunk; where that failed it is done here, which costs time, and its own error comes again."""
        if future is not None and (future.done() or not self._is_lost):
            try:
                return future.result(_PATIENCE if self.is_far else None)
            except TimeoutError:
                self._is_lost = self.is_far  # in a pool it is the function's own
            except Exception:  # noqa: BLE001, S110 -- a cluster fails in many ways
                pass
        return function(task, chunk)

    def _hire(self, number: int) -> Executor | None:
        if self._executor is None and self._jobs > 1 and number >= _WORTH_A_POOL:
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context

            self._executor = ProcessPoolExecutor(self._jobs, get_context(start_method()), _begin)
            self._is_pool = True
        return self._executor


def start_method() -> str | None:
    """How processes begin: as BROADSHEET_START_METHOD says, else by a fork, which is quickest, else as Python likes."""
    from multiprocessing import get_all_start_methods

    wanted = os.environ.get("BROADSHEET_START_METHOD", "fork")
    return wanted if wanted in get_all_start_methods() else None


def cores() -> int:
    """Cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits: a pool that it meets half begun cannot be ended, and a worker just begun would print a traceback.

    Workers inherit it, and leave Ctrl-C to the process that began them. Not on Windows.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run(function: Callable[[Any, Chunk], Result], packed: bytes, chunk: Chunk) -> Result:
    return function(_task(packed), chunk)


@lru_cache(maxsize=4)
def _task(packed: bytes) -> Any:  # noqa: ANN401 -- whatever the function takes
    """Unpacked once in each worker: it comes from the process that began this one, or from the cluster's scheduler."""
    return pickle.loads(packed)  # noqa: S301


def _begin() -> None:
    """Ctrl-C goes to all processes of a terminal; the first of them sees to it."""
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    relax()
    Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:
    """Where that process is killed, nobody would tell: each worker holds the pipe open that all of them wait at."""
    from multiprocessing import parent_process

    first = parent_process()
    if first is not None:
        first.join()
        os._exit(1)
