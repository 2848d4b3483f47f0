"""`Voice`: what a voice feels, from how it sounds and not from what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float32

from animator.core.audio import Audio, resampled
from animator.core.emotion import NEUTRAL, Code, Emotion
from animator.core.motion import GENERATOR_FPS
from animator.core.script import felt
from animator.core.track import frame_count
from animator.embedders.acoustics import RATE, Voiceprint, functionals, listen
from animator.embedders.base import STRETCH
from animator.embedders.space import Space, load_space
from animator.errors import InputError
from animator.io.weights import read_weights

HEARD = ("neutral", "bored", "happy", "sad", "angry", "fear", "disgusted")
"""What the network tells apart."""

SHOWN_AS: Mapping[str, tuple[str, float]] = {"bored": ("calm", 0.4)}
"""What a rig has no face for: the nearest feeling, and how much of it."""

HOP = 25
"""Frames at 100 Hz from one window to the next."""

PASSAGE = 1200
"""Frames at 100 Hz of the longest stretch that is judged as one."""

PRESENT = 0.3
"""Seconds of voice in a window from which its verdict counts in full."""

LEAD = 0.5
"""By how much the odds of the likeliest feeling exceed those of the next, from which it is felt in full."""

FAR = 5.0
"""Standard deviations from the usual beyond which a measurement says no more."""

Tensors = Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Verdict:
    """What was heard: odds of each of `HEARD`, summing to 1, at 50 Hz and for the whole.

    ``odds float32 [T C]``, ``whole float32 [C]``; ``present float32 [T]`` in [0, 1]: whether there is a voice to judge.
    """

    odds: Float32[np.ndarray, "T C"]
    whole: Float32[np.ndarray, " C"]
    present: Float32[np.ndarray, " T"]


@dataclass(frozen=True)
class Voice:
    """The feelings that the voice itself tells; near neutral where it tells little.

    Of the odds, calibrated on speakers that were held out, the likeliest is felt, as far as it leads the next and times
    ``strength``. The code is the Gaussian of that share, the rest being neutral. No measurement depends on how loud the
    recording is, and none is normalised by speaker: one clip is enough.

    Parameters
    ----------
    strength
        0 to 1.5: intensity of a feeling that is heard for sure, before it is limited to 1.
    window
        Seconds, 1 to 10, that are judged at once; half of each verdict is that of the passage (up to 12 s) around it.

    Raises
    ------
    InputError
        A setting leaves its range.
    """

    hears: ClassVar[str] = STRETCH

    strength: float = 0.8
    window: float = 2.0

    def __post_init__(self) -> None:
        for name, low, high in (("strength", 0, 1.5), ("window", 1, 10)):
            if not low <= getattr(self, name) <= high:
                raise InputError(f"{name} of voice lies in [{low}, {high}], not {getattr(self, name):g}")

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """What the voice feels over the length of ``audio``, at 50 Hz; `MissingWeightsError` without the shipped weights."""
        verdict, space = self.hear(audio), load_space()
        code = space.gaussian(shares(verdict.odds, self.strength * verdict.present, space))
        channels = felt(feelings)
        return Emotion(channels, space.decode(code.mean, channels), GENERATOR_FPS, code)

    def told(self, audio: Audio) -> list[dict[str, Any]]:
        """What is heard in the whole, in words, likeliest first, from one in ten: ``feeling``, and its ``odds`` in [0, 1]."""
        verdict = self.hear(audio)
        if not verdict.present.any():
            return [{"feeling": NEUTRAL, "odds": 1.0}]
        order = [i for i in np.argsort(-verdict.whole).tolist() if verdict.whole[i] >= 0.1]
        return [{"feeling": HEARD[i], "odds": round(float(verdict.whole[i]), 2)} for i in order]

    def hear(self, audio: Audio) -> Verdict:
        """The odds of each of `HEARD`, over time and for the whole."""
        return _heard(audio, self.window)


@lru_cache(maxsize=1)  # what is felt and what is said of it are asked for in turn, of one sound
def _heard(audio: Audio, window: float) -> Verdict:
    net = read_weights("embedder")[0]
    voice = listen(resampled(audio.samples, audio.rate, RATE))
    times = np.arange(frame_count(audio.seconds, GENERATOR_FPS)) / float(GENERATOR_FPS)
    near = _judged(voice, round(100 * window), HOP, net)
    far = _judged(voice, PASSAGE, PASSAGE // 2, net)
    logits = (between(times, near.middles, near.logits) + between(times, far.middles, far.logits)) / 2
    present = between(times, near.middles, near.present[:, None])[:, 0]
    whole = (far.present @ far.logits / max(far.present.sum(), 1e-6))[None].astype(np.float32)
    return Verdict(odds(logits, net), odds(whole, net)[0], present.astype(np.float32))


def shares(heard: Float32[np.ndarray, "T C"], strength: Float32[np.ndarray, " T"], space: Space) -> Float32[np.ndarray, "T E"]:
    """Odds as shares of the space's feelings: the likeliest alone, as far as it leads the next, and the rest neutral.

    A bottleneck on purpose: how odds are spread over what is not the likeliest tells more of who speaks than of what is felt. At
    a tie nothing is felt, so that one feeling gives way to another without a jump.
    """
    rows, likeliest = np.arange(len(heard)), heard.argmax(axis=1)
    second, first = np.partition(heard, -2, axis=1)[:, -2:].T
    lead = np.clip((first - second) / LEAD, 0.0, 1.0)
    out = np.zeros((len(heard), len(HEARD)), dtype=np.float32)
    out[rows, likeliest] = np.clip(lead * lead * (3 - 2 * lead) * strength, 0.0, 1.0)
    told: np.ndarray = out @ _shown(space.feelings)
    return told


def _shown(feelings: Sequence[str]) -> Float32[np.ndarray, "C E"]:
    """How much of each of the space's feelings is shown of each of `HEARD`."""
    told = [SHOWN_AS.get(name, (name, 1.0)) for name in HEARD]
    return np.array([[most * (name == feeling) for feeling in feelings] for name, most in told], dtype=np.float32)


def code_of(heard: Float32[np.ndarray, "T C"], space: Space) -> Code:
    """The code of odds at full strength."""
    return space.gaussian(shares(heard, np.ones(len(heard), dtype=np.float32), space))


def logits(rows: Float32[np.ndarray, "N D"], net: Tensors) -> Float32[np.ndarray, "N C"]:
    """Log-odds of functionals, before they are calibrated: the mean of perceptrons with one hidden layer."""
    scaled = np.clip((rows - net["voice/mean"]) / net["voice/scale"], -FAR, FAR)
    hidden = np.maximum(scaled @ net["voice/hidden.weight"] + net["voice/hidden.bias"], 0)
    each = _log_odds(hidden @ net["voice/told.weight"] + net["voice/told.bias"])
    return _log_odds(each.mean(axis=0)).astype(np.float32)


def odds(logits: Float32[np.ndarray, "N C"], net: Tensors) -> Float32[np.ndarray, "N C"]:
    """Odds that sum to 1, at the temperature that fits speakers held out."""
    out: np.ndarray = np.exp(_log_odds(logits / net["voice/temperature"]))
    return out.astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Judged:
    """Windows: their middles in seconds, what the network makes of them, and whether there is a voice in them."""

    middles: np.ndarray
    logits: np.ndarray
    present: np.ndarray


def _judged(voice: Voiceprint, length: int, hop: int, net: Tensors) -> _Judged:
    total = len(voice.voiced)
    starts = np.arange(0, max(total - length, 0) + hop, hop) if total > length else np.zeros(1, dtype=np.int64)
    stops = np.minimum(starts + length, total)
    starts = np.maximum(stops - length, 0)
    rows = np.array([functionals(voice, a, b) for a, b in zip(starts.tolist(), stops.tolist(), strict=True)])
    spoken = np.array([voice.voiced[a:b].sum() / 100 for a, b in zip(starts.tolist(), stops.tolist(), strict=True)])
    return _Judged((starts + stops) / 200, logits(rows, net), np.clip(spoken / PRESENT, 0.0, 1.0))


def between(times: np.ndarray, known: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Rows ``[M C]``, each of a ``known`` instant, at any instants: linear between them and held at both ends."""
    return np.stack([np.interp(times, known, column) for column in rows.T], axis=1).astype(np.float32)


def _log_odds(logits: np.ndarray) -> np.ndarray:
    top = logits - logits.max(axis=-1, keepdims=True)
    out: np.ndarray = top - np.log(np.exp(top).sum(axis=-1, keepdims=True))
    return out
