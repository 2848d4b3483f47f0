"""What the ear hears of motion packs, once, in one of several ways, so that the generator learns from what it will be given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from jaxtyping import Float16

from animator.core.audio import Audio
from animator.core.phones import PHONES
from animator.encoders.speech import Speech
from animator.generators.acting.hearing import EACH, PROSODY, SPEECH, heard
from animator.training.motion.store import HOP, MotionPack
from animator.training.phones.store import RATE, UNKNOWN

SOON = 80
"""Milliseconds of look-ahead of the live ear."""

NOISE = (8.0, 25.0)
"""dB by which speech is louder than the noise that one hearing has, evenly drawn."""


LIVE, NOISY = 0.25, 0.25
"""Shares of the sounds that are heard live, and in noise; the others, and all that is held out, as they are."""


@dataclass(frozen=True, eq=False)
class Hearing:
    """A pack's sounds as heard: ``frames float16 [F D]`` over the frames of all its sounds, in the pack's order
    (``pack.sounds``), as `hearing.heard` gives them.
    """

    frames: Float16[np.ndarray, "F D"]


def hear(pack: MotionPack, kept: Path | None, seed: int = 0, tell: Callable[[str], None] = lambda _: None) -> Hearing:
    """Hear every sound of a pack; of those that ``kept``, an ``.npz``, holds, what was heard before is taken.

    It is not asked with which ear that was: to learn from what another hears, delete the file.
    """
    known = _known(kept)
    whole, live = Speech(), Speech(look_ahead=SOON)
    frames = np.zeros((int(pack.sounds[-1, 1]), SPEECH + PROSODY), dtype=np.float16)
    marks = np.zeros(len(pack.sounds), dtype=np.uint32)
    measured = set(pack.heard[pack.held].tolist())
    for s, (first, stop) in enumerate(pack.sounds.tolist()):
        samples = pack.samples[first * HOP : stop * HOP]
        marks[s] = crc32(samples.tobytes())
        if marks[s] in known and len(known[marks[s]]) == stop - first:
            frames[first:stop] = known[marks[s]]
            continue
        rng = np.random.default_rng([seed, 4, int(marks[s])])
        sound, way = samples.astype(np.float32) / np.float32(32768), 1.0 if s in measured else float(rng.random())
        features = (live if way < LIVE else whole).encode(
            Audio(_noisy(sound, rng) if LIVE <= way < LIVE + NOISY else sound, RATE)
        )
        frames[first:stop] = np.concatenate(list(heard(features, stop - first)))
        if s % 250 == 249:
            tell(f"heard {s + 1} of {len(pack.sounds)} sounds")
            _keep(kept, marks[: s + 1], pack.sounds[: s + 1], frames)
    _keep(kept, marks, pack.sounds, frames)
    return Hearing(frames)


def _known(kept: Path | None) -> dict[int, np.ndarray]:
    """What was heard before, by the checksum of the sound."""
    if kept is None or not kept.is_file():
        return {}
    with np.load(kept, allow_pickle=False) as found:
        frames, marks, sounds = found["frames"], found["marks"], found["sounds"]
    return {int(mark): frames[a:b] for mark, (a, b) in zip(marks, sounds, strict=True)}


def _keep(kept: Path | None, marks: np.ndarray, sounds: np.ndarray, frames: np.ndarray) -> None:
    if kept is None:
        return
    draft = kept.with_name(f".{kept.name}.draft")
    with draft.open("wb") as file:
        np.savez(file, allow_pickle=False, marks=marks, sounds=sounds, frames=frames[: sounds[-1, 1]])
    draft.replace(kept)


def told(how: Float16[np.ndarray, "T D"], phones: np.ndarray) -> Float16[np.ndarray, "T D"]:
    """What is heard where the words are known: phones ``int8 [T]`` in place of the posteriors, where they are not `UNKNOWN`."""
    out = how.copy()
    known = phones != UNKNOWN
    sure = np.eye(len(PHONES), dtype=np.float16)[np.maximum(phones, 0)]
    posteriors = out[:, :SPEECH].reshape(len(out), EACH, -1)[..., : len(PHONES)]
    posteriors[known] = sure[known][:, None]
    return out


def _noisy(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    level = float(np.sqrt(np.mean(sound**2)))
    noise = rng.standard_normal(len(sound)).astype(np.float32)
    # half white, half rumble
    noise = noise + 4.0 * np.convolve(noise, np.hanning(64) / 32.0, mode="same").astype(np.float32)
    noise *= level * 10.0 ** (-rng.uniform(*NOISE) / 20.0) / float(noise.std())
    noisy: np.ndarray = np.clip(sound + noise, -1.0, 1.0).astype(np.float32)
    return noisy
