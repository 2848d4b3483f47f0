"""What the ear is to hear besides phones: voicing, pitch and effort, measured on each pack's clean sound."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from animator.encoders.hearing import prosody
from animator.training.phones.store import Pack


@dataclass(frozen=True, eq=False)
class Voices:
    """Curves beside the labels of a pack: voicing [0, 1], octaves from 200 Hz, effort as in `core.features`."""

    voicing: Float32[np.ndarray, " T"]
    octave: Float32[np.ndarray, " T"]
    effort: Float32[np.ndarray, " T"]


def measure(pack: Pack, keep: Path | None = None) -> Voices:
    """Measure a pack, or read what was measured before from ``keep``.

    Effort is relative to all that a speaker says in the pack, so that a shouted clip is known for one.
    """
    if keep is not None and keep.is_file():
        with np.load(keep, allow_pickle=False) as file:
            if len(file["voicing"]) == len(pack.labels):
                return Voices(*(file[name].astype(np.float32) for name in ("voicing", "octave", "effort")))
    heard = [_clip(pack, k) for k in range(len(pack))]
    curves = np.zeros((3, len(pack.labels)), dtype=np.float32)
    for speaker in sorted(set(pack.speakers)):
        mine = [k for k, other in enumerate(pack.speakers) if other == speaker]
        level, hertz, periodicity = (np.concatenate(parts) for parts in zip(*(heard[k] for k in mine), strict=True))
        voice = prosody.relate(level, hertz, periodicity)
        where = np.concatenate([np.arange(*pack.clips[k]) for k in mine])
        curves[:, where] = voice.voicing, np.log2(np.maximum(hertz, 40.0) / 200.0), voice.effort
    voices = Voices(*curves)
    if keep is not None:
        keep.parent.mkdir(parents=True, exist_ok=True)
        np.savez(keep, voicing=voices.voicing, octave=voices.octave, effort=voices.effort)
    return voices


def _clip(pack: Pack, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    sound = pack[k].samples.astype(np.float32) / np.float32(32768.0)
    frames = len(pack[k].labels)
    return (prosody.levels(sound, frames), *prosody.fundamental(sound, frames))
