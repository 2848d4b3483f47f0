"""What people do in a photo, and what they are then to be made to do."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from animator.core.audio import Audio
from animator.core.motion import Motion, limit
from animator.core.rig import Rig
from animator.core.script import felt
from animator.geometry.pose import HEAD_ANGLES
from animator.io.audio import read_audio
from animator.recipe import Choice, Recipe
from animator.training.embedder.people import pose
from animator.training.motion.mirror import a_pose

SAID = ("librivox_dashwood", "librivox_young_man", "sample_angry", "sample_happy", "sample_sad", "sample_story")
"""Shipped speech that targets say."""

EYES = ("leftEyeYaw", "leftEyePitch", "rightEyeYaw", "rightEyePitch")
SPARSE = 4
"""Every so many frames of a performance are kept."""


@dataclass(frozen=True, eq=False)
class Performed:
    """Frames of speech, performed: ``rows float32 [N C]`` of the rig, and what they feel, ``felt float32 [N E]``."""

    rows: Float32[np.ndarray, "N C"]
    felt: Float32[np.ndarray, "N E"]


def performed(rig: Rig, kept: Path | None = None, said: tuple[str, ...] = SAID) -> Performed:
    """The shipped speech in each feeling, as the shipped generator performs it; ``kept`` is a file (``.npz``) to keep that in."""
    if kept is not None and kept.is_file():
        with np.load(kept, allow_pickle=False) as stored:
            return Performed(stored["rows"], stored["felt"])
    names = felt(rig.emotions)
    rows, weights = [], []
    for k, name in enumerate(said):
        audio = read_audio(str(files("animator.assets").joinpath(f"{name}.wav")))
        for j, feeling in enumerate(("neutral", *names)):
            strength = 1.0 if (j + k) % 2 else 0.6
            told = feeling if feeling == "neutral" else f"{feeling}:{strength}"
            shown = _said(audio, Recipe(embedder=Choice("label", {"feelings": told}), seed=10 * k + j), rig).values[::SPARSE]
            weight = np.zeros(len(names), dtype=np.float32)
            if feeling != "neutral":
                weight[j - 1] = strength
            rows.append(shown)
            weights.append(np.tile(weight, (len(shown), 1)))
    found = Performed(np.concatenate(rows).astype(np.float32), np.concatenate(weights))
    if kept is not None:
        np.savez(kept, rows=found.rows, felt=found.felt)
    return found


def _said(audio: Audio, recipe: Recipe, rig: Rig) -> Motion:
    """Speech, performed."""
    features = recipe.part("encoder").encode(audio, recipe.transcript)
    emotion = recipe.part("embedder").embed(audio, tuple(rig.emotions))
    return limit(recipe.part("generator").generate(features, emotion, rig, np.random.default_rng(recipe.seed)), rig)


def in_photo(rig: Rig, rng: np.random.Generator) -> Float32[np.ndarray, " C"]:
    """What somebody does in front of a camera: nothing, smile, speak, feel something; and looks somewhere, the head turned."""
    row = rig.rest.astype(np.float64)
    kind = rng.random()
    if kind < 0.35:
        row += rng.uniform(0.2, 0.9) * (rig.row(rig.emotions["happy"]) - rig.rest)
    elif kind < 0.5:
        row += rng.uniform(0.2, 1.0) * (rig.row(rig.visemes[str(rng.choice(sorted(rig.visemes)))]) - rig.rest)
    elif kind < 0.7:
        row += rng.uniform(0.2, 1.0) * (rig.row(rig.emotions[str(rng.choice(felt(rig.emotions)))]) - rig.rest)
    face = ~rig.region("head", "gaze")
    row += face * (rng.random(len(row)) < 0.15) * rng.beta(1, 8, len(row))  # nobody is quite at rest
    opening = float(row @ rig.opening_row)
    if opening < 0:
        row[rig.opening_row < 0] = 0
    yaw, pitch = rng.normal(0, 0.10), rng.normal(0, 0.06)
    for name in EYES:
        row[rig.column(name)] = yaw if name.endswith("Yaw") else pitch
    for name, spread in zip(HEAD_ANGLES, (0.07, 0.10, 0.06), strict=True):
        row[rig.column(name)] = rng.normal(0, spread)
    return np.clip(row, rig.low, rig.high).astype(np.float32)


def targets(
    photo: Float32[np.ndarray, " C"], count: int, speech: Performed, rig: Rig, rng: np.random.Generator
) -> tuple[Float32[np.ndarray, "K C"], Float32[np.ndarray, "K E"]]:
    """So many other faces of the same person, and what they feel (NaN: nobody knows); head angles are those of its turn from
    where it is in the photo. Half are speech as it is performed, the others poses of feelings while they speak, blinks, and any.
    """
    names = felt(rig.emotions)
    rows, weights = [], []
    for number in range(count):
        kind = (0, 1, 0, 2, 0, 1, 0, 3)[number % 8]
        weight = np.zeros(len(names), dtype=np.float32)
        if kind == 0:
            at = int(rng.integers(len(speech.rows)))
            row, weight = speech.rows[at].copy(), speech.felt[at]
        elif kind == 3:
            row, weight = a_pose(rig, rng), np.full(len(names), np.nan, dtype=np.float32)
        else:
            if rng.random() < 0.8:
                weight[rng.integers(len(names))] = rng.uniform(0.3, 1.0)
            row = pose(weight, bool(rng.random() < 0.7), rig, rng)
        if kind == 2 or rng.random() < 0.08:
            shut = rng.choice([1.0, rng.uniform(0.3, 1.0)])
            row = row + shut * sum(rig.row(rig.gestures[f"blink_{side}"]) - rig.rest for side in ("left", "right"))
        if kind != 0:
            for name in HEAD_ANGLES:
                row[rig.column(name)] = rng.normal(0, 0.06)
        if rng.random() < 0.6:
            for name in EYES:
                row[rig.column(name)] = photo[rig.column(name)]
        rows.append(np.clip(row, rig.low, rig.high).astype(np.float32))
        weights.append(weight)
    return np.stack(rows), np.stack(weights)
