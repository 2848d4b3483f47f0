"""A visitor's studio: what is heard, felt, moved and drawn of a `Line`, each kept, so that only what changed is made again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import animator

from .desk import Desk
from .line import Line, draft
from .parts import parts

LONGEST = 120
"""Seconds of speech that are taken in."""

QUICK = 6.0
"""Seconds of a preview, at most."""

KEPT, CLIPS = 12, 24
"""How many results of each stage, and how many clips, a studio keeps: the latest used."""

Made = TypeVar("Made")
Progress = Callable[[float, str], Any]
"""Told how far a job is, in [0, 1], and what it is about."""


class Stopped(Exception):  # noqa: N818 (it is no error: somebody asked for it)
    """A job was cancelled, or another of its name has begun."""


class Studio:
    """Makes what one visitor asks for. Each stage is a function of a `Line` and is made again only if what it depends on changed.

    Stages may be asked for from several threads at once; they are made one at a time, while any number of clips is drawn.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._kept: dict[str, OrderedDict[str, Any]] = {}
        self._making = threading.RLock()
        self._jobs: dict[str, threading.Event] = {}

    def sound(self, line: Line, seconds: float | None = None) -> animator.Audio:
        """The speech of a line, or its first seconds; `animator.InputError` if it has none or more than `LONGEST` seconds."""
        if line.sound is None:
            raise animator.InputError("there is no speech yet; record some, drop a file, type a line or choose a sample")
        path = line.sound
        audio = self._stage("sound", str(path), lambda: _bounded(path))
        if seconds is None or audio.seconds <= seconds:
            return audio
        return animator.Audio(audio.samples[: round(seconds * audio.rate)], audio.rate)

    def heard(self, line: Line) -> animator.Features:
        """What is said: phones over time."""
        recipe = line.recipe
        key = repr((line.sound, recipe.encoder, recipe.transcript))
        return self._stage("heard", key, lambda: animator.hear(self.sound(line), recipe))

    def felt(self, line: Line) -> animator.Emotion:
        """What is felt, frame by frame at 50 Hz."""
        recipe, usual = _performed(line.recipe), animator.Recipe()
        key = repr((line.sound, replace(recipe, generator=usual.generator, seed=usual.seed)))
        return self._stage("felt", key, lambda: animator.feel(self.sound(line), recipe, self.heard(line)))

    def moved(self, line: Line) -> animator.Motion:
        """The motion, 50 frames a second."""
        recipe = _performed(line.recipe)
        key = repr((line.sound, recipe))
        return self._stage("moved", key, lambda: animator.move(self.heard(line), self.felt(line), recipe))

    def head(self, line: Line) -> animator.Head:
        """The drawn head."""
        return self._stage("head", repr(line.recipe.head), lambda: animator.make_head(line.recipe))

    def portrait(self, line: Line) -> Any:
        """The person in the line's photo, fitted."""
        photo = line.photo
        if photo is None:
            raise animator.InputError("there is no photo yet; drop one")
        return self._stage("portrait", repr((photo, line.face)), lambda: animator.portray(photo, line.face))

    def overlay(self, line: Line) -> Any:
        """The fit of the line's photo drawn over it, ``uint8 [h w 3]``."""
        return self._stage("overlay", repr((line.photo, line.face)), lambda: animator.overlay(self.portrait(line)))

    def told(self, line: Line) -> list[dict[str, Any]]:
        """What the line's voice tells, likeliest first: ``feeling`` and its ``odds``."""
        ear = animator.build("embedders", animator.Choice("voice"))
        return self._stage("told", str(line.sound), lambda: ear.told(self.sound(line)))

    def still(self, line: Line) -> Any:
        """The drawn head at rest, as the line's camera sees it, ``uint8 [H W 4]``."""
        names = animator.load_rig(line.recipe.rig).names
        rest = animator.Motion(names, np.zeros((1, len(names)), dtype=np.float32), line.recipe.picture.fps)
        head = self.head(line)
        return self._stage(
            "still",
            repr((line.recipe.head, line.recipe.picture)),
            lambda: next(iter(animator.draw(rest, head, line.recipe))),
        )

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
        return self.clip(draft(line), job=job, progress=progress, seconds=QUICK)

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
                told.measure(title, self.moved(line), line.recipe, audio, self.heard(line))
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
        recipe, source = animator.recipe_to_toml(line.recipe), {"source": animator.COMPOSITE} if line.photo else {}

        def one_more(done: int, of: int) -> None:
            at(0.1 + 0.9 * done / of, f"drawing {done} of {of}")

        if path.suffix == ".mp4" and not (line.photo and line.recipe.reenactor.name != "warp"):
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
            some, felt = motion.values[wanted], emotion.values[wanted]
            return self.pictures(line, replace(motion, values=some), replace(emotion, values=felt, code=None))

        rows = np.hstack([motion.values, emotion.values]) if line.photo else motion.values
        looks = repr((line.photo, line.face, recipe.head, recipe.picture, recipe.renderer, recipe.reenactor))
        folder = self.desk.folder / "parts"
        folder.mkdir(exist_ok=True)
        return parts(rows, looks, draw, motion.fps, folder, on_frame)

    def _stage(self, name: str, key: str, make: Callable[[], Made]) -> Made:
        with self._making:
            kept = self._kept.setdefault(name, OrderedDict())
            if key not in kept:
                kept[key] = make()
                while len(kept) > KEPT:
                    kept.popitem(last=False)
            kept.move_to_end(key)
            made: Made = kept[key]
            return made


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


def _performed(recipe: animator.Recipe) -> animator.Recipe:
    """The recipe as far as the performance depends on it: not on who shows it, nor how it is drawn."""
    usual = animator.Recipe()
    return replace(recipe, **{role: getattr(usual, role) for role in ("head", "renderer", "reenactor", "picture")})


def _check_agreed(line: Line) -> None:
    if line.photo is not None and not line.agreed:
        raise animator.InputError("a photo speaks only when whoever is in it has said yes; ask them, then tick the box below it")


def _bounded(path: Path) -> animator.Audio:
    """A sound of at most `LONGEST` seconds; no more of it is read than that."""
    try:
        pieces = animator.audio_pieces(path, LONGEST)
        audio = next(pieces)
        if next(pieces, None) is None:
            return audio
    except animator.AnimatorError as error:
        raise type(error)(str(error).replace(str(path), path.name)) from None
    raise animator.InputError(f"{path.name!r} goes on for more than {LONGEST} s; give a shorter one, or use the command line")
