"""`Face`: what a face feels, from its curves, a picture or a video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from jaxtyping import Float32

from animator.core.audio import Audio
from animator.core.emotion import Code, Emotion
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.rig import Rig
from animator.core.script import felt
from animator.core.track import Track, frame_count, sample
from animator.embedders.base import LENGTH
from animator.embedders.reading import frame_features, intensities, read_columns, window_features
from animator.embedders.space import Space, load_space
from animator.errors import InputError
from animator.io.footage import open_footage
from animator.io.kind import kind_of
from animator.io.landmarks import read_picture, read_video
from animator.io.rig import load_rig
from animator.io.track import read_motion
from animator.io.weights import read_weights

RIG = "arkit"
"""The rig whose curves are read."""

EASE = 0.5
"""Seconds that a feeling takes from the end of a reference to what is held after it."""

AFTER = ("hold", "loop")


@dataclass(frozen=True)
class Face:
    """The feelings of a face in another recording, whoever's it is.

    Parameters
    ----------
    path
        A motion file in the ARKit rig, a picture or a video; without one, nothing is felt.
    strength
        0 to 2: scales what was read, before it is limited to full intensity.
    rest
        The same person feeling nothing, read in the same way (a picture for a video, say), which makes the reading surer.
    after
        Where the sound is longer than the reference: ``hold`` what is felt in all of it, or ``loop`` it.

    Raises
    ------
    InputError
        A setting leaves its range.
    """

    hears: ClassVar[str] = LENGTH

    path: str = ""
    strength: float = 1.0
    rest: str = ""
    after: str = "hold"

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 2:
            raise InputError(f"strength of face lies in [0, 2], not {self.strength:g}")
        if self.after not in AFTER:
            raise InputError(f"after the end of a reference, {' or '.join(AFTER)}, not {self.after!r}")

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """What the face feels, from its beginning, over the length of ``audio``, at 50 Hz.

        Raises
        ------
        InputError
            There is no such file, no face in it, or its curves are not ARKit's.
        FormatError
            It is not a file that can be read.
        MissingDependencyError
            It is a picture or video, and no face tracker is installed.
        MissingWeightsError
            The shipped weights are not there.
        """
        frames = frame_count(audio.seconds, GENERATOR_FPS)
        if not self.path:
            return Emotion(felt(feelings), np.zeros((frames, len(felt(feelings))), dtype=np.float32), GENERATOR_FPS)
        code, whole = watch(read_face(Path(self.path)), read_face(Path(self.rest)) if self.rest else None)
        mean, scale = (
            _laid_out(over_time, held[0], frames, self.after)
            for over_time, held in ((code.mean, whole.mean), (code.scale, whole.scale))
        )
        return _emotion(Code(np.float32(self.strength) * mean, scale), load_space(), feelings)


def read_face(path: Path) -> Motion:
    """The curves of a motion file, a picture or a video, in the ARKit rig; raises as `Face.embed`."""
    kind, rig = kind_of(path), load_rig(RIG)
    if kind == "motion":
        return read_motion(path)[0]
    if kind == "picture":
        return read_picture(path, rig)
    if kind == "video":
        return read_video(open_footage(path), rig)
    raise InputError(f"{str(path)!r} shows no face; give a motion file (.npz), a picture or a video")


def watch(motion: Motion, rest: Motion | None = None) -> tuple[Code, Code]:
    """The Gaussian code of each frame, at 50 Hz over the motion's length, and that of the whole, one frame.

    The code holds feelings and nothing else: mean and spread of the intensity of each, carried into the space of feelings.
    ``rest`` is the same person feeling nothing.

    Raises
    ------
    InputError
        A motion has no frame, or not the curves of ARKit.
    """
    space, net, rig = load_space(), read_weights("embedder")[0], load_rig(RIG)
    features = frame_features(_curves(motion, rig), net, None if rest is None else _curves(rest, rig))
    windows = np.concatenate(list(window_features(features, motion.fps)), axis=1)
    times = np.arange(frame_count(motion.seconds, GENERATOR_FPS)) / float(GENERATOR_FPS)
    moved = sample(Track(tuple(map(str, range(windows.shape[1]))), windows, motion.fps), times)
    over_time = np.stack(np.split(moved, len(features), axis=1))
    whole = features.mean(axis=1, keepdims=True)
    return _code(*intensities(over_time, net), space), _code(*intensities(whole, net), space)


def emotion_of(motion: Motion, feelings: Sequence[str]) -> tuple[Emotion, Emotion]:
    """What is felt over a motion's own length, at 50 Hz, and in all of it, one frame; raises as `watch`."""
    over_time, whole = (_emotion(code, load_space(), feelings) for code in watch(motion))
    return over_time, whole


def _emotion(code: Code, space: Space, feelings: Sequence[str]) -> Emotion:
    return Emotion(felt(feelings), space.decode(code.mean, felt(feelings)), GENERATOR_FPS, code)


def _code(mean: Float32[np.ndarray, "T E"], spread: Float32[np.ndarray, "T E"], space: Space) -> Code:
    """Independent intensities as a Gaussian in the space, which adds how widely people differ in such a feeling."""
    middle, usual = space.encode_weights(mean)
    return Code(middle, np.sqrt(usual**2 + spread**2 @ space.anchors**2))


def _curves(motion: Motion, rig: Rig) -> Float32[np.ndarray, "T R"]:
    """The weights that the network reads, limited to their range."""
    wanted = [rig.names[column] for column in read_columns(rig)]
    lacking = [name for name in wanted if name not in motion.names]
    if lacking:
        raise InputError(f"a face is read from ARKit's curves, and this motion lacks {lacking[0]!r} ({len(lacking)} in all)")
    if len(motion) == 0:
        raise InputError("a motion without a frame shows no face; at least one is needed")
    picked: np.ndarray = np.clip(motion.values[:, [motion.index(name) for name in wanted]], 0.0, 1.0)
    return picked


def _laid_out(
    rows: Float32[np.ndarray, "T K"], whole: Float32[np.ndarray, " K"], frames: int, after: str
) -> Float32[np.ndarray, "M K"]:
    """Rows over another number of frames: cut, looped, or followed by what is felt in the whole."""
    if after == "loop" or frames <= len(rows):
        return rows[np.arange(frames) % len(rows)]
    s = np.clip(np.arange(1, frames - len(rows) + 1) / (EASE * float(GENERATOR_FPS)), 0.0, 1.0)[:, None]
    share = (s * s * (3 - 2 * s)).astype(np.float32)
    return np.concatenate([rows, rows[-1] + share * (whole - rows[-1])])
