"""A visitor's studio: clips and reports of a `Line`, drawn as jobs that tell how far they are and can be stopped."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

import animator

from .desk import Desk
from .line import Line, beside, draft
from .parts import parts
from .stages import Stages

QUICK = 6.0
"""Seconds of a preview, at most; of a photo, which is drawn at its own size, half as many."""

CLIPS = 24
"""How many clips a studio keeps: the latest used."""

Progress = Callable[[float, str], Any]
"""Told how far a job is, in [0, 1], and what it is about."""


class Stopped(Exception):  # noqa: N818 (it is no error: somebody asked for it)
    """A job was cancelled, or another of its name has begun."""


class Studio(Stages):
    """What one visitor's lines become at their desk: `Stages` of the performance, and clips, any number of them at once."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._jobs: dict[str, threading.Event] = {}

    def frames(self, line: Line) -> animator.Frames:
        """The pictures of the clip, to be drawn one by one as they are read.

        `animator.InputError` for a photo whose person has not agreed.
        """
        _check_agreed(line)
        seconds, motion = self.sound(line).seconds, self.moved(line)
        if line.photo is None:
            return animator.draw(motion, self.head(line), line.recipe, seconds)
        return animator.reenact(motion, self.portrait(line), line.recipe, self.felt(line), seconds)

    def preview(self, line: Line, job: str = "clip", progress: Progress = lambda share, what: None) -> Path:
        """The first seconds of the line, small and with few pictures a second; otherwise as `clip`."""
        return self.clip(draft(line), job=job, progress=progress, seconds=QUICK if line.photo is None else QUICK / 2)

    def clip(
        self,
        line: Line,
        suffix: str = ".mp4",
        job: str = "clip",
        progress: Progress = lambda share, what: None,
        seconds: float | None = None,
    ) -> Path:
        """The line as a clip, drawn unless that was done before.

        Parameters
        ----------
        line
            What to draw.
        suffix
            Of the file: ``.mp4``, ``.webm``, ``.mov``.
        job
            A name: of two jobs of one name, the second one stops the first.
        progress
            Told of each stage and each picture.
        seconds
            How much of an ``.mp4`` to draw, from its beginning; all of it if absent.

        Raises
        ------
        Stopped
            As soon as `cancel` is called, between two pictures; nothing is left of the clip.
        """
        name = f"{line.sound.stem if line.sound else 'clip'}{suffix}"
        return self.made(repr((line, suffix, seconds)), name, lambda path, at: self._draw(line, path, at, seconds), job, progress)

    def made(
        self,
        key: str,
        name: str,
        draw: Callable[[Path, Progress], None],
        job: str,
        progress: Progress = lambda share, what: None,
    ) -> Path:
        """A file of this name, unless one was made of this key: made by ``draw``, which gets its path and tells how far it is.

        ``job``, ``progress`` and `Stopped` are as for `clip`.
        """
        stop = self._begin(job)

        def at(share: float, what: str) -> None:
            if stop.is_set():
                raise Stopped
            progress(share, what)

        with self._making:
            clips = self._kept.setdefault("clips", OrderedDict())
            if key in clips:
                clips.move_to_end(key)
                return Path(clips[key])
        path = self.desk.place(name)
        try:
            draw(path, at)
        except BaseException:
            self.desk.throw_away(path)
            raise
        with self._making:
            clips[key] = path
            while len(clips) > CLIPS:
                self.desk.throw_away(clips.popitem(last=False)[1])
        return path

    def report(self, line: Line, name: str, progress: Progress = lambda share, what: None) -> Path:
        """What came of the performance, measured and shown on one page of this name; a job ``file``, as `clip` may be."""
        stop, path = self._begin("file"), self.desk.place(name)
        try:
            with ExitStack() as outputs:
                told = animator.Report([path], False, outputs)
                progress(0.1, "measuring")
                audio, title = self.sound(line), line.sound.name if line.sound else name
                told.measure(title, self.moved(line), beside(line.recipe), audio, self.heard(line))
                if line.photo is None:
                    told.draw(line.recipe)
                else:
                    frames = told.watch(self.frames(line))
                    for done, _ in enumerate(frames, 1):
                        if stop.is_set():
                            raise Stopped
                        progress(0.1 + 0.9 * done / frames.count, f"drawing {done} of {frames.count}")
                told.write()
        except BaseException:
            self.desk.throw_away(path)
            raise
        return path

    def cancel(self, job: str | None = None) -> None:
        """Stop the job of this name, or all of them, at the next picture."""
        for name, stop in list(self._jobs.items()):
            if job in (None, name):
                stop.set()

    def close(self) -> None:
        """Stop everything and clear the desk."""
        self.cancel()
        self.desk.clear()

    def _begin(self, job: str) -> threading.Event:
        with self._making:
            if job in self._jobs:
                self._jobs[job].set()
            self._jobs[job] = threading.Event()
            return self._jobs[job]

    def _draw(self, line: Line, path: Path, at: Progress, seconds: float | None) -> None:
        _check_agreed(line)
        for share, what, stage in (
            (0.0, "listening", self.heard), (0.03, "feeling", self.felt), (0.06, "moving", self.moved),
            (0.09, "looking at the photo" if line.photo else "making the head", self.portrait if line.photo else self.head),
        ):  # fmt: skip
            at(share, what)
            stage(line)
        recipe, source = animator.recipe_to_toml(beside(line.recipe)), {"source": animator.COMPOSITE} if line.photo else {}

        def one_more(done: int, of: int) -> None:
            at(0.1 + 0.9 * done / of, f"drawing {done} of {of}")

        if path.suffix == ".mp4":
            animator.join_video(self._parts(line, one_more, seconds), self.sound(line, seconds), path, recipe, **source)
            return
        frames = animator.evened(self.frames(line), path)
        steps = count(1)
        animator.write_video(
            frames, self.sound(line), path, on_frame=lambda: one_more(next(steps), frames.count), recipe=recipe, **source
        )

    def shown(self, line: Line, seconds: float | None = None) -> tuple[animator.Motion, animator.Emotion]:
        """What a clip of the line shows, and what is felt in it, picture by picture; ``seconds`` as for `clip`."""
        rig = animator.load_rig(line.recipe.rig)
        motion = animator.retime(self.moved(line), line.recipe.picture.fps, rig, self.sound(line, seconds).seconds)
        return motion, animator.resample(self.felt(line), motion.fps, len(motion))

    def pictures(self, line: Line, motion: animator.Motion, emotion: animator.Emotion) -> animator.Frames:
        """Pictures of the line's face for an ``.mp4``, one for each frame of a motion and of what is felt in it; as `frames`."""
        _check_agreed(line)
        if line.photo is None:
            return animator.draw(motion, self.head(line), line.recipe)
        return animator.evened(animator.reenact(motion, self.portrait(line), line.recipe, emotion), Path("clip.mp4"))

    def _parts(self, line: Line, on_frame: Callable[[int, int], None], seconds: float | None) -> list[Path]:
        """The clip in parts, of which those that other clips of the same face have too are not drawn again."""
        recipe = line.recipe
        motion, emotion = self.shown(line, seconds)

        def draw(wanted: np.ndarray) -> animator.Frames:
            felt = replace(emotion, values=emotion.values[wanted], **emotion.beside(lambda rows: rows[wanted]))
            return self.pictures(line, replace(motion, values=motion.values[wanted]), felt)

        known = [emotion.values, *([emotion.code.mean] if emotion.code else [])] if line.photo else []
        rows = np.hstack([motion.values, *known])
        looks = repr((line.photo, line.face, recipe.head, recipe.picture, recipe.renderer, recipe.reenactor))
        folder = self.desk.folder / "parts"
        folder.mkdir(exist_ok=True)
        return parts(rows, looks, draw, motion.fps, folder, on_frame)


class Studios:
    """The studios of all visitors, by the session that the page gives each."""

    def __init__(self, ground: Path) -> None:
        self._ground = ground
        self._open: dict[str | None, Studio] = {}
        self._opening = threading.Lock()

    def of(self, session: str | None) -> Studio:
        """A visitor's own studio, opened at the first visit."""
        with self._opening:
            if session not in self._open:
                self._open[session] = Studio(Desk(self._ground))
            return self._open[session]

    def leave(self, session: str | None) -> None:
        """Close a visitor's studio, if there is one."""
        with self._opening:
            studio = self._open.pop(session, None)
        if studio:
            studio.close()

    def close(self) -> None:
        """Close all of them."""
        for session in list(self._open):
            self.leave(session)

    def warm(self) -> None:
        """Load what the first clip needs, so that no visitor waits for it: the nets, the usual head, the renderer's loops."""
        with suppress(animator.AnimatorError):  # what is missing is told to whoever asks for it
            line = draft(Line(), side=64)
            silence = animator.Audio(np.zeros(16000, dtype=np.float32), 16000)
            frames = animator.draw(animator.generate(silence, line.recipe), animator.make_head(line.recipe), line.recipe)
            next(iter(frames))


def _check_agreed(line: Line) -> None:
    if line.photo is not None and not line.agreed:
        raise animator.InputError("a photo speaks only when whoever is in it has said yes; ask them, then tick the box below it")
