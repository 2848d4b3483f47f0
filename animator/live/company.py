"""`Company`: performers in processes of their own, so that whatever they compute the clock here stays steady."""

from __future__ import annotations

import asyncio
import signal
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from fractions import Fraction
from functools import reduce
from itertools import count, pairwise
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from jaxtyping import Float32

from animator.core.feelings import Own
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.core.rig_map import RigMap, retarget
from animator.errors import AnimatorError, LossWarning
from animator.io.rig import load_rig
from animator.io.rig_map import load_maps
from animator.live.timeline import RATE, Feeling, Prompt
from animator.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


class Session(Protocol):
    """What performs: `animator.session.Session`, or anything like it."""

    fps: Fraction
    latency: float

    def feel(self, feelings: Mapping[str, float], ease: float, besides: bool, own: Own | None) -> None:
        """From now on, feel this."""
        ...

    def do(self, gesture: str, intensity: float, hold: float) -> None:
        """Now, do this once."""
        ...

    def feed(self, samples: Float32[np.ndarray, " N"]) -> Float32[np.ndarray, "T C"]:
        """Take sound; the frames that can be told by now."""
        ...

    @staticmethod
    def feed_all(
        sessions: Sequence[Any], samples: Sequence[Float32[np.ndarray, " N"]]
    ) -> Sequence[Float32[np.ndarray, "T C"] | Exception]:
        """`feed` for several at once; what one raises is its own."""
        ...


BEAT = 0.08
"""Seconds of a session's window: how often a face asks for frames."""

PHASES = 2
"""Instants in a beat at which faces ask. At fewer, more of them are answered at once, which is cheaper, but takes longer."""


def performed(recipe: Recipe) -> Session:
    """A session of this recipe, made in the process that calls; one thread is quickest for nets as small as these."""
    import torch

    from animator.session import Session as Performing

    torch.set_num_threads(1)
    return Performing(recipe)


class _Job(NamedTuple):
    """Sound for one face, and the feelings and moves that begin with it."""

    face: int
    samples: Float32[np.ndarray, " N"]
    prompts: Sequence[Prompt]


class Company:
    """Performers, shared out among processes; those of one process are asked together, whenever it is free.

    Parameters
    ----------
    processes
        How many, at least 1.
    make
        What makes a session of a recipe; a function of a module, since it is called there.
    """

    def __init__(self, processes: int = 1, make: Callable[[Recipe], Session] = performed) -> None:
        self._stages = [_Stage() for _ in range(processes)]
        self._make, self._numbers = make, count()

    @asynccontextmanager
    async def performer(self, recipe: Recipe, rigs: Iterable[str] = ()) -> AsyncIterator[Performer]:
        """A face of its own in the least busy process, told in the recipe's rig and in ``rigs``; left again at the end.

        Raises
        ------
        AnimatorError
            The recipe cannot be performed live, or there is no such rig and no way there.
        """
        places = [(stage, phase) for stage in self._stages for phase in range(PHASES)]
        stage, phase = min(places, key=lambda place: (place[0].faces.total(), place[0].faces[place[1]]))
        face = next(self._numbers)
        stage.faces[phase] += 1
        try:
            wanted = tuple(dict.fromkeys((recipe.rig, *rigs)))
            fps, latency = await stage.call(_open, face, self._make, recipe, wanted)
            yield Performer(stage, face, phase, fps, latency, wanted)
        finally:
            stage.faces[phase] -= 1
            await asyncio.shield(stage.call(_close, face))

    def close(self) -> None:
        """End the processes."""
        for stage in self._stages:
            stage.pool.shutdown(cancel_futures=True)


class Performer:
    """One session, in another process.

    Attributes
    ----------
    fps, latency
        The session's.
    columns
        Rig to the columns of its controls in the rows.
    """

    def __init__(self, stage: _Stage, face: int, phase: int, fps: Fraction, latency: float, rigs: Sequence[str]) -> None:
        self._stage, self._face, self._phase = stage, face, phase
        self.fps, self.latency = fps, latency
        bounds = np.cumsum([0, *(len(load_rig(rig).controls) for rig in rigs)]).tolist()
        self.columns = {rig: slice(*span) for rig, span in zip(rigs, pairwise(bounds), strict=True)}

    def begin(self, now: float) -> float:
        """The instant, at ``now`` on the loop's clock or up to `BEAT` later, at which its clock is to begin.

        Faces of a process share `PHASES` beats, so that they ask for their next frames at the same instants.
        """
        beat = BEAT * self._phase / PHASES
        return float(np.ceil((now + self.latency - beat) / BEAT) * BEAT + beat - self.latency)

    async def feed(self, samples: Float32[np.ndarray, " N"], prompts: Sequence[Prompt]) -> Float32[np.ndarray, "T C"]:
        """Begin to feel and to move, then take sound; the frames that can be told by now, in all rigs side by side.

        A complaint of the session is raised here.
        """
        rows = await self._stage.ask(_Job(self._face, samples, prompts))
        if isinstance(rows, Exception):
            raise rows
        return rows


class _Stage:
    """One process. While it works, what is asked is gathered, and asked at once when it is free: the busier, the cheaper."""

    def __init__(self) -> None:
        self.pool = ProcessPoolExecutor(1, get_context("spawn"), _begin)
        self.faces: Counter[int] = Counter()
        self._waiting: list[tuple[_Job, asyncio.Future[Any]]] = []
        self._working: asyncio.Task[None] | None = None

    async def call(self, function: Callable[..., Any], *given: Any) -> Any:
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, function, *given)
        except BrokenProcessPool:
            raise AnimatorError("a process that moves faces has died; was there too little memory?") from None

    async def ask(self, job: _Job) -> Float32[np.ndarray, "T C"] | Exception:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        rows: Float32[np.ndarray, "T C"] | Exception = await answer
        return rows

    async def _work(self) -> None:
        while self._waiting:
            asked, self._waiting = [one for one in self._waiting if not one[1].done()], []  # who asked may have left
            try:
                told = await self.call(_feed, [job for job, _ in asked])
            except Exception as error:
                told = [error] * len(asked)
            for (_, answer), rows in zip(asked, told, strict=True):
                if not answer.done():
                    answer.set_result(rows)
        self._working = None


class _Face(NamedTuple):
    """In a process of the company: a session that it performs, and the ways from its rig to all that are wanted."""

    session: Session
    rig: Rig
    ways: Sequence[Sequence[RigMap]]

    def told(self, rows: Float32[np.ndarray, "T C"]) -> Float32[np.ndarray, "T D"]:
        """Rows of its session in all rigs, side by side."""
        if len(self.ways) == 1:
            return rows
        motion = Motion(self.rig.names, rows, self.session.fps)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LossWarning)  # what a rig lacks is told once, when the wire is opened
            return np.concatenate([reduce(retarget, way, motion).values for way in self.ways], axis=1)


_faces: dict[int, _Face] = {}


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one


def _open(face: int, make: Callable[[Recipe], Session], recipe: Recipe, rigs: Sequence[str]) -> tuple[Fraction, float]:
    try:
        if not _faces:  # what is slow the first time is done before the clock begins
            make(recipe).feed(np.zeros(RATE, dtype=np.float32))
        session = make(recipe)
        _faces[face] = _Face(session, load_rig(recipe.rig), [load_maps(recipe.rig, rig) for rig in rigs])
    except Exception as error:
        raise _told(error) from None
    return session.fps, session.latency


def _feed(jobs: Sequence[_Job]) -> list[Float32[np.ndarray, "T C"] | AnimatorError]:
    told: dict[int, Float32[np.ndarray, "T C"] | AnimatorError] = {}
    ready = []
    for job in jobs:
        try:
            for prompt in job.prompts:
                session = _faces[job.face].session
                session.feel(*prompt) if isinstance(prompt, Feeling) else session.do(*prompt)
            ready.append(job)
        except Exception as error:
            told[job.face] = _told(error)
    sessions = [_faces[job.face].session for job in ready]
    fed = type(sessions[0]).feed_all(sessions, [job.samples for job in ready]) if sessions else ()
    for job, rows in zip(ready, fed, strict=True):
        told[job.face] = _told(rows) if isinstance(rows, Exception) else _faces[job.face].told(rows)
    return [told[job.face] for job in jobs]


def _told(error: Exception) -> AnimatorError:
    """A complaint that survives the way between processes, which not every exception does."""
    if isinstance(error, AnimatorError):
        return AnimatorError(str(error))
    traceback.print_exception(error)
    return AnimatorError(f"moving the face failed: {type(error).__name__}: {error}")


def _close(face: int) -> None:
    _faces.pop(face, None)
