"""What the ear hears of motion packs, once, in several ways, so that the generator learns from what it will be given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from jaxtyping import Float16

from animator.core.audio import Audio
from animator.core.phones import PHONES
from animator.encoders.speech import Speech, ear
from animator.generators.acting.hearing import EACH, PROSODY, SPEECH, heard
from animator.training.motion.store import HOP, MotionPack
from animator.training.phones.store import RATE, UNKNOWN

SOON = 80
"""Milliseconds of look-ahead of the live ear."""

NOISE = (8.0, 25.0)
"""dB by which speech is louder than the noise that one hearing has, evenly drawn."""


@dataclass(frozen=True, eq=False)
class Hearing:
    """A pack's sounds as heard: the whole clip at once, live, and in noise.

    ``frames float16 [H F D]`` over the frames of all its sounds, in the pack's order (``pack.sounds``), as `hearing.heard` gives
    them; the first hearing is the plain one.
    """

    frames: Float16[np.ndarray, "H F D"]


def hear(pack: MotionPack, kept: Path | None, seed: int = 0, tell: Callable[[str], None] = lambda _: None) -> Hearing:
    """Hear every sound of a pack, or read what was heard before with the same ear from ``kept``, an ``.npz``."""
    mark = _mark(pack)
    if kept is not None and kept.is_file():
        with np.load(kept, allow_pickle=False) as found:
            if str(found["mark"]) == mark:
                return Hearing(found["frames"])
    rng = np.random.default_rng([seed, 4])
    whole, live = Speech(), Speech(look_ahead=SOON)
    frames = np.zeros((3, int(pack.sounds[-1, 1]), SPEECH + PROSODY), dtype=np.float16)
    for s, (first, stop) in enumerate(pack.sounds.tolist()):
        sound = pack.samples[first * HOP : stop * HOP].astype(np.float32) / np.float32(32768)
        for h, (listener, samples) in enumerate(((whole, sound), (live, sound), (whole, _noisy(sound, rng)))):
            features = listener.encode(Audio(samples, RATE))
            frames[h, first:stop] = np.concatenate(list(heard(features, stop - first)))
        if s % 500 == 499:
            tell(f"heard {s + 1} of {len(pack.sounds)} sounds")
    if kept is not None:
        draft = kept.with_name(f".{kept.name}.draft")
        with draft.open("wb") as file:
            np.savez(file, allow_pickle=False, mark=np.array(mark), frames=frames)
        draft.replace(kept)
    return Hearing(frames)


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


def _mark(pack: MotionPack) -> str:
    """Tells sounds and ears apart."""
    weights = b"".join(tensor.numpy().tobytes() for tensor in ear().state_dict().values())
    return f"{crc32(pack.samples.tobytes()):08x}{crc32(weights):08x}"
