"""What is heard, felt and moved of a `Line`, and who shows it: each kept, so that only what changed is made again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import animator

from .line import Line

LONGEST = 120
"""Seconds of speech that are taken in."""

KEPT = 12
"""How many results of each stage are kept: the latest used."""

Made = TypeVar("Made")


class Stages:
    """Each stage is a function of a `Line`, and is made again only if what it depends on changed.

    Stages may be asked for from several threads at once; they are made one at a time.
    """

    def __init__(self) -> None:
        self._kept: dict[str, OrderedDict[str, Any]] = {}
        self._making = threading.RLock()

    def sound(self, line: Line, seconds: float | None = None) -> animator.Audio:
        """The speech of a line, or its first seconds; `animator.InputError` if it has none or more than `LONGEST` seconds."""
        if line.sound is None:
            raise animator.InputError("there is no speech yet; record some, drop a file, type a line or choose a sample")
        path = line.sound
        audio = self.once("sound", str(path), lambda: _bounded(path))
        if seconds is None or audio.seconds <= seconds:
            return audio
        return animator.Audio(audio.samples[: round(seconds * audio.rate)], audio.rate)

    def heard(self, line: Line) -> animator.Features:
        """What is said: phones over time."""
        recipe = line.recipe
        key = repr((line.sound, recipe.encoder, recipe.transcript))
        return self.once("heard", key, lambda: animator.hear(self.sound(line), recipe))

    def felt(self, line: Line) -> animator.Emotion:
        """What is felt, frame by frame at 50 Hz."""
        recipe, usual = _performed(line.recipe), animator.Recipe()
        key = repr((line.sound, replace(recipe, generator=usual.generator, seed=usual.seed)))
        return self.once("felt", key, lambda: animator.feel(self.sound(line), recipe, self.heard(line)))

    def moved(self, line: Line) -> animator.Motion:
        """The motion, 50 frames a second."""
        recipe = _performed(line.recipe)
        key = repr((line.sound, recipe))
        return self.once("moved", key, lambda: animator.move(self.heard(line), self.felt(line), recipe))

    def head(self, line: Line) -> animator.Head:
        """The drawn head."""
        return self.once("head", repr(line.recipe.head), lambda: animator.make_head(line.recipe))

    def portrait(self, line: Line) -> Any:
        """The person in the line's photo, fitted."""
        photo = line.photo
        if photo is None:
            raise animator.InputError("there is no photo yet; drop one")
        return self.once("portrait", repr((photo, line.face)), lambda: animator.portray(photo, line.face))

    def overlay(self, line: Line) -> Any:
        """The fit of the line's photo drawn over it, ``uint8 [h w 3]``."""
        return self.once("overlay", repr((line.photo, line.face)), lambda: animator.overlay(self.portrait(line)))

    def told(self, line: Line) -> list[dict[str, Any]]:
        """What the line's voice tells, likeliest first: ``feeling`` and its ``odds``."""
        ear = animator.build("embedders", animator.Choice("voice"))
        return self.once("told", str(line.sound), lambda: ear.told(self.sound(line)))

    def still(self, line: Line) -> Any:
        """The drawn head at rest, as the line's camera sees it, ``uint8 [H W 4]``."""
        names = animator.load_rig(line.recipe.rig).names
        rest = animator.Motion(names, np.zeros((1, len(names)), dtype=np.float32), line.recipe.picture.fps)
        head = self.head(line)
        return self.once(
            "still",
            repr((line.recipe.head, line.recipe.picture)),
            lambda: next(iter(animator.draw(rest, head, line.recipe))),
        )

    def once(self, name: str, key: str, make: Callable[[], Made]) -> Made:
        """What was made of this key for the stage of this name, or what ``make`` makes of it now."""
        with self._making:
            kept = self._kept.setdefault(name, OrderedDict())
            if key not in kept:
                kept[key] = make()
                while len(kept) > KEPT:
                    kept.popitem(last=False)
            kept.move_to_end(key)
            made: Made = kept[key]
            return made

    def has(self, name: str, key: str) -> bool:
        """Whether `once` has it made."""
        return key in self._kept.get(name, ())


def _performed(recipe: animator.Recipe) -> animator.Recipe:
    """The recipe as far as the performance depends on it: not on who shows it, nor how it is drawn."""
    usual = animator.Recipe()
    return replace(recipe, **{role: getattr(usual, role) for role in ("head", "renderer", "reenactor", "picture")})


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
