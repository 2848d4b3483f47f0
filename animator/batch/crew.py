"""Workers: processes that make one line after another, each with its own nets, and one that ends harms no line but its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from animator.core.settings import cores

if TYPE_CHECKING:  # a worker says how many threads it wants before it imports what counts them
    from animator.batch.jobs import Job
    from animator.batch.line import Report

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Where numerical libraries look for how many threads to use."""

PATIENCE = 3.0
"""Seconds that a worker has to clear up when it is asked to end."""


@dataclass(frozen=True)
class Worker:
    """A process, our end of the pipe to it, and the number of the job it is at."""

    process: BaseProcess
    pipe: Connection
    job: int


def work_through(jobs: Sequence[Job], workers: int, drafts: Path, begin: Callable[[Job], None]) -> Generator[tuple[int, Report]]:
    """Make jobs in ``workers`` processes, those with the same head one after another; gives each one's number and report.

    When the caller stops asking, or is interrupted, workers clear their half-made outputs away and end. They also end when this
    process does, however it does.

    Parameters
    ----------
    jobs
        In any order.
    workers
        Processes, 1 or more; never more than there are jobs.
    drafts
        A folder for outputs while they come into being.
    begin
        Called before a job is given to a worker.
    """
    from animator.batch.line import Report

    waiting = deque(_by_head(jobs))
    threads = max(1, cores() // max(1, min(workers, len(jobs))))
    crew: dict[Connection, Worker] = {}
    leaving: list[BaseProcess] = []

    def employ(process: BaseProcess, pipe: Connection) -> None:
        job = waiting.popleft()
        begin(jobs[job])
        crew[pipe] = Worker(process, pipe, job)
        with suppress(OSError):  # it has ended; waiting for its answer tells how
            pipe.send(jobs[job])

    try:
        while waiting or crew:
            while waiting and len(crew) < workers:
                employ(*_hire(drafts, threads))
            for pipe in wait(list(crew)):
                assert isinstance(pipe, Connection)
                worker = crew.pop(pipe)
                try:
                    report: Report = pipe.recv()
                except (EOFError, OSError):
                    yield worker.job, Report(failure=_last_words(worker.process))
                    continue
                if waiting:
                    employ(worker.process, pipe)
                else:
                    pipe.close()  # at which it ends
                    leaving.append(worker.process)
                yield worker.job, report
    finally:
        for worker in crew.values():
            worker.process.terminate()
        for process in [*leaving, *(worker.process for worker in crew.values())]:
            _see_off(process)


def _by_head(jobs: Sequence[Job]) -> list[int]:
    """Numbers of jobs: those of the same head together, so that a worker makes few heads; otherwise in their order."""
    heads: list[object] = []
    for job in jobs:
        if job.recipe.head not in heads:
            heads.append(job.recipe.head)
    return sorted(range(len(jobs)), key=lambda job: heads.index(jobs[job].recipe.head))


def _hire(drafts: Path, threads: int) -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, drafts, threads), daemon=True)
    with _no_interrupt():
        process.start()
    theirs.close()
    return process, ours


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back for a moment; a process started meanwhile never gets it."""
    if os.name != "posix":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _see_off(process: BaseProcess) -> None:
    process.join(PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()


def _last_words(process: BaseProcess) -> str:
    process.join()
    code = process.exitcode or 0
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
    why = ", as a system does that runs out of memory: fewer --workers need less" if code == -9 else ""
    return f"the worker that made it {how}{why}"


def _serve(pipe: Connection, drafts: Path, threads: int) -> None:
    """A worker's life: take a job, make it, report."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever gives out the work decides
    signal.signal(signal.SIGTERM, _clear_up)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    os.environ.update(dict.fromkeys(THREADS, str(threads)))
    from animator.batch.line import Maker

    maker = Maker()
    try:
        while True:
            try:
                job = pipe.recv()
            except EOFError:
                return
            report = maker.make(job, drafts)
            try:
                pipe.send(report)
            except OSError:
                return
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # nothing is left to clear away, so the end need not be an exception


def _clear_up(*_: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)  # raised as an exception, so that what is half made is cleared away


def _end_with(parent: BaseProcess | None) -> None:
    """End at once when the parent does: what it was told to make, it will be told again."""
    if parent is not None:
        parent.join()
        os._exit(1)
