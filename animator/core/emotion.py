"""`Emotion`: how much of each feeling, frame by frame, and the Gaussian it is drawn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float32

from animator.core.rig import REGIONS, Rig
from animator.core.track import Track
from animator.errors import InputError, UnknownNameError

NEUTRAL = "neutral"
"""The feeling that is the absence of the others; it has no channel of its own."""

ALL = "all"
"""Stands for the whole face where a region could."""


@dataclass(frozen=True, eq=False)
class Code:
    """A Gaussian over a small space of feelings, frame by frame, meant to say the same for every speaker and every face.

    The origin is neutral, a direction is a feeling and the distance from the origin its intensity
    (`animator.embedders.space` says which direction is which).

    Parameters
    ----------
    mean
        ``float32 [T K]``, finite.
    scale
        ``float32 [T K]``, finite and > 0: the standard deviation of each coordinate.
    """

    mean: Float32[np.ndarray, "T K"]
    scale: Float32[np.ndarray, "T K"]

    def __post_init__(self) -> None:
        mean, scale = (np.array(part, dtype=np.float32) for part in (self.mean, self.scale))
        if mean.ndim != 2 or mean.shape != scale.shape:
            raise InputError(f"a code's mean and scale are both [T, K], not {mean.shape} and {scale.shape}")
        if not (np.isfinite(mean).all() and np.isfinite(scale).all()):
            raise InputError("a code holds finite numbers, but one is not")
        if scale.size and scale.min() <= 0:
            frame = int(np.argmin(scale.min(axis=1)))
            raise InputError(f"a code's scale is above 0, but is {scale[frame].min():g} at frame {frame}")
        mean.flags.writeable = scale.flags.writeable = False
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "scale", scale)

    def __len__(self) -> int:
        """Number of frames, ``T``."""
        return int(self.mean.shape[0])

    def drawn(self, rng: np.random.Generator, variety: float = 1.0) -> Code:
        """The same feelings as another would show them: one draw for the whole track, so that it varies but never trembles.

        ``variety`` in [0, 1] scales the draw; 0 keeps the mean.
        """
        step = rng.standard_normal((1, self.mean.shape[1])).astype(np.float32)
        return Code(self.mean + np.float32(variety) * step * self.scale, self.scale)


class Gesture(NamedTuple):
    """Something done once: one of the rig's moves, from so many seconds on, how strongly, and how much longer it is held."""

    name: str
    start: float
    strength: float = 1.0
    hold: float = 0.0


@dataclass(frozen=True, eq=False)
class Emotion(Track):
    """Weight of each feeling over time, one channel a feeling, each in [0, 1].

    A frame of zeros is neutral. Weights are intensities, not probabilities: two feelings may both be strong. A channel
    ``brows/angry`` is what one of `core.rig.REGIONS` feels besides (`channel`, `by_region`). ``code``, where an embedder gives
    one, is the Gaussian of which the whole face's weights are the mean's decoding; it has a frame for each frame of weights.
    ``gestures`` are done meanwhile.
    """

    code: Code | None = None
    gestures: tuple[Gesture, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in self.names:
            region, _ = parts_of(name)
            if region not in (ALL, *REGIONS):
                raise UnknownNameError("face region", region, REGIONS, f"the channel {name!r}")
        if self.values.size and (self.values.min() < 0 or self.values.max() > 1):
            frame, channel = np.argwhere((self.values < 0) | (self.values > 1))[0]
            worst = self.values[frame, channel]
            raise InputError(f"the intensity of {self.names[channel]!r} lies in [0, 1], but is {worst:g} at frame {frame}")
        if self.code is not None and len(self.code) != len(self):
            raise InputError(f"an emotion of {len(self)} frames needs a code of as many, not of {len(self.code)}")

    def beside(self, change: Callable[..., np.ndarray], *others: Track) -> dict[str, Any]:
        """The code and the gestures follow their weights through cuts, joins and changes of rate.

        Joined with one that has no code, the code goes. A gesture that was begun before a cut goes on after it, and is one again
        where both parts are joined.
        """
        parts = [each for each in (self, *others) if isinstance(each, Emotion)]
        codes = [each.code for each in parts if each.code is not None]
        code = None
        if len(codes) > len(others):
            code = Code(change(*(code.mean for code in codes)), change(*(code.scale for code in codes)))
        instants, done, end = [], dict[tuple[str, float], Gesture](), 0.0
        for part in parts:
            begun = (gesture._replace(start=end + gesture.start) for gesture in part.gestures)
            done |= {(gesture.name, round(gesture.start, 5)): gesture for gesture in begun}
            instants.append(end + np.arange(len(part))[:, None] / float(part.fps))
            end += part.seconds
        kept = change(*instants) if done else np.zeros((0, 1))
        if not len(kept):
            return {"code": code, "gestures": ()}
        first, last = float(kept[0, 0]), float(kept[-1, 0]) + 1 / float(self.fps)
        begun = (gesture._replace(start=gesture.start - first) for gesture in done.values() if gesture.start < last)
        return {"code": code, "gestures": tuple(begun)}


def channel(region: str, feeling: str) -> str:
    """The channel of what a region, or `ALL`, feels."""
    return feeling if region == ALL else f"{region}/{feeling}"


def parts_of(name: str) -> tuple[str, str]:
    """The region, or `ALL`, and the feeling of a channel."""
    region, slash, feeling = name.partition("/")
    return (region, feeling) if slash else (ALL, name)


def by_region(emotion: Emotion) -> dict[str, Emotion]:
    """What each part of the face feels, every one over the same feelings.

    `ALL` has the weights of the whole face, and the code; a region in which anything is felt besides has the sum of both, at
    most 1. The other regions feel what the whole face does.
    """
    feelings = tuple(dict.fromkeys(parts_of(name)[1] for name in emotion.names))
    columns = {name: i for i, name in enumerate(emotion.names)}

    def weights(region: str) -> np.ndarray:
        held = [columns.get(channel(region, feeling)) for feeling in feelings]
        nothing = np.zeros(len(emotion), dtype=np.float32)
        return np.stack([nothing if at is None else emotion.values[:, at] for at in held], axis=1)

    if not feelings:
        return {ALL: emotion}
    everywhere = weights(ALL)
    own = {region: weights(region) for region in REGIONS}
    out = {ALL: Emotion(feelings, everywhere, emotion.fps, emotion.code, emotion.gestures)}
    out |= {
        region: Emotion(feelings, np.minimum(everywhere + mine, np.float32(1.0)), emotion.fps)
        for region, mine in own.items()
        if mine.any()
    }
    return out


def strongest(emotion: Emotion, least: float = 0.05, most: int = 3) -> dict[str, float]:
    """The feelings of the whole face that are strongest over the whole time, strongest first, each with its mean intensity.

    None that is under ``least``, and no more than ``most``.
    """
    means = {name: float(emotion[name].mean()) for name in emotion.names if parts_of(name)[0] == ALL} if len(emotion) else {}
    best = sorted(means.items(), key=lambda each: -each[1])[:most]
    return {name: round(mean, 2) for name, mean in best if mean >= least}


def unshown(emotion: Emotion, rig: Rig) -> dict[str, tuple[str, ...]]:
    """What is felt besides, by region, in regions of which none of its poses moves a control."""
    felt: dict[str, tuple[str, ...]] = {}
    for name in emotion.names:
        region, feeling = parts_of(name)
        if region != ALL and emotion[name].any():
            felt[region] = (*felt.get(region, ()), feeling)
    return {
        region: feelings
        for region, feelings in felt.items()
        if not any(rig.control(name).region == region for feeling in feelings for name in rig.emotions.get(feeling, {}))
    }
