"""Feelings and vocal effort on the face, as deformations that add to speech."""

from __future__ import annotations

import types
from collections.abc import Mapping

import numpy as np
from scipy.ndimage import gaussian_filter1d

from animator.core.curves import bumps, drift, window
from animator.core.emotion import ALL, Emotion, by_region
from animator.core.rig import Rig
from animator.core.track import sample
from animator.errors import UnknownNameError
from animator.generators.speech.prosody import Prosody

UPPER = ("brows", "eyes", "nose", "cheeks")
"""The regions that feel first; the lower face follows."""

ONSET, OFFSET = 0.35, 0.6
"""Seconds that a feeling takes to come and to go, from a tenth to nine tenths."""

LAG = 0.08
"""Seconds by which the lower face comes after the upper."""

SPEAKING = {"mouth": 0.7, "jaw": 0.35, "tongue": 0.0}
"""Share of a feeling that the mouth keeps while it speaks: articulation and expression compete for the same muscles."""

ROUNDED = 0.6
"""Share of a feeling's mouth that fully rounded lips take away: one cannot pucker and smile."""

EFFORT_SLOPE = 0.217
"""Slope of the logarithm of people's brow amplitude over vocal effort, for the step from usual to marked."""

Felt = Mapping[str, np.ndarray]
"""Intensity ``[T]`` of each feeling, by name."""

_NONE: Mapping[str, Felt] = types.MappingProxyType({})


def feelings(emotion: Emotion, rig: Rig, times: np.ndarray) -> dict[str, np.ndarray]:
    """Intensity of each feeling at these instants (seconds, ``[T]``), by name, at the pace of a face.

    However abruptly a feeling is asked for, it takes `ONSET` to come and `OFFSET` to go. `UnknownNameError` if the rig has
    no pose for it.
    """
    for name in emotion.names:
        if name not in rig.emotions:
            raise UnknownNameError("feeling", name, rig.emotions, f"rig {rig.name!r}")
    asked = sample(emotion, times).astype(np.float64)
    fps = 1.0 / (times[1] - times[0]) if len(times) > 1 else 1.0
    coming, going = (gaussian_filter1d(asked, s / 2.5 * fps, axis=0, mode="nearest") for s in (ONSET, OFFSET))
    lingering = [np.interp(times - OFFSET / 2, times, going[:, i]) for i in range(len(emotion.names))]
    return {name: np.maximum(coming[:, i], lingering[i]) for i, name in enumerate(emotion.names)}


def feelings_by_region(emotion: Emotion, rig: Rig, times: np.ndarray) -> tuple[Felt, dict[str, Felt]]:
    """`feelings` of the whole face, and of each region that feels something besides (`core.emotion.by_region`)."""
    felt: dict[str, Felt] = {region: feelings(each, rig, times) for region, each in by_region(emotion).items()}
    return felt.pop(ALL), felt


def expression(
    felt: Felt,
    spoken: np.ndarray,
    delivery: Prosody,
    times: np.ndarray,
    rig: Rig,
    *,
    rng: np.random.Generator,
    own: Mapping[str, Felt] = _NONE,
) -> np.ndarray:
    """`shown`, beside speech (``spoken``, as from `coarticulation.mouth`): `beside_speech`."""
    return beside_speech(shown(felt, delivery, times, rig, rng=rng, own=own), spoken, rig)


def shown(
    felt: Felt,
    delivery: Prosody,
    times: np.ndarray,
    rig: Rig,
    *,
    rng: np.random.Generator,
    own: Mapping[str, Felt] = _NONE,
) -> np.ndarray:
    """The felt face relative to rest, ``float64 [T C]``: poses times intensities, alive.

    ``own`` is what is felt in each region that feels otherwise than the whole face: its controls show that, and nothing else.

    The upper face leads the lower by `LAG`; a held feeling wavers by some percent, slowly, above and below apart; the sides
    of a face are not equally strong (FACS); in speech the mouth keeps the share that `SPEAKING` says.
    """
    upper = rig.region(*UPPER)
    waver = 1.0 + 0.06 * np.clip(drift(times, 1.1, 2, rng), -2.0, 2.0)
    sides = _sides(rig, rng)
    out = np.zeros((len(times), len(rig.controls)))
    for here, feels in ((~rig.region(*own), felt), *((rig.region(region), own[region]) for region in own)):
        for name, intensity in feels.items():
            if not intensity.any():
                continue
            pose = np.where(here, (rig.row(rig.emotions[name]) - rig.rest) * sides, 0.0)
            late = np.interp(times - LAG, times, intensity)
            out += np.where(upper, (intensity * waver[:, 0])[:, None], (late * waver[:, 1])[:, None]) * pose
    busy = window(times, delivery.phrases, 0.35, 0.5)
    for region, share in SPEAKING.items():
        out[:, rig.region(region)] *= (1.0 - (1.0 - share) * busy)[:, None]
    return out


def beside_speech(face: np.ndarray, spoken: np.ndarray, rig: Rig) -> np.ndarray:
    """What is felt, relative to rest ``[T C]``, with less of the mouth's while the lips are rounded."""
    out = face.copy()
    out[:, rig.region("mouth")] *= (1.0 - ROUNDED * _rounding(spoken, rig))[:, None]
    return out


def accent(times: np.ndarray, delivery: Prosody) -> np.ndarray:
    """How much brows and lids answer the voice, ``float64 [T]`` in [0, 1]: on stressed syllables, more with effort.

    The prominence of a syllable is relative to the speaker's others, so that its size answers effort alone, with the slope of
    `EFFORT_SLOPE` in the logarithm; in silence it is 0.
    """
    beats = bumps(times, delivery.accents - 0.03, 0.75 * delivery.prominence, 0.6)
    beats = np.tanh(beats + 0.06)
    raised: np.ndarray = delivery.talking * beats * np.exp(EFFORT_SLOPE * delivery.effort)
    return raised


def _rounding(spoken: np.ndarray, rig: Rig) -> np.ndarray:
    """How far the lips are rounded, ``[T]`` in [0, 1]: how much of the roundest vowel's pose there is in the mouth."""
    pose = (rig.row(rig.visemes.get("ou", {})) - rig.rest) * rig.region("mouth")
    share: np.ndarray = np.clip(spoken @ pose / max(float(pose @ pose), 1e-6), 0.0, 1.0)
    return share


def _sides(rig: Rig, rng: np.random.Generator) -> np.ndarray:
    """``[C]`` gains near 1: one for each of a pair of mirrored controls, 1 for those in the middle and for the head."""
    paired = np.array([c.mirror != c.name and c.unit == "weight" for c in rig.controls])
    return np.where(paired, 1.0 + np.clip(0.02 * rng.standard_normal(len(rig.controls)), -0.04, 0.04), 1.0)
