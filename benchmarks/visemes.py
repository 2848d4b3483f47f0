"""Curves read as visemes: how often the viseme that is said is the strongest one of a retargeted performance.

``python -m benchmarks.visemes CACHE`` prints the poses by which the canonical rig knows visemes in faces that talk
(``[seen]`` in rigs/arkit.toml): `SEEN` centres a viseme (k-means) of what the generator ``learned`` does in the middle of each,
to labelled speech that is not held out.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from jaxtyping import Float64
from scipy.cluster.vq import kmeans2

from animator.core.audio import Audio
from animator.core.features import Features
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.phones import PHONE_VISEMES, PHONES, VISEMES
from animator.core.rig import Rig
from animator.core.rig_map import retarget
from animator.core.spoken import GLIDE
from animator.errors import LossWarning
from animator.io.rig import load_rig
from animator.io.rig_map import load_maps
from animator.metrics.spans import Span
from animator.training.motion import measure as m
from animator.training.phones.store import FPS, RATE, Utterance, read_pack
from benchmarks.result import Row, row
from benchmarks.speech import clips

SETS = ("oculus", "vrm")
"""Rigs that are read: all fifteen visemes, and five vowels."""

VOWELS = {"aa": "aa", "E": "ee", "ih": "ih", "oh": "oh", "ou": "ou"}
"""Our viseme to VRM's preset."""

GENERATORS = ("learned", "visemes")
SILENT = VISEMES[0]

CORPORA = {"emodb": 70, "grid": 70, "kokoro": 25, "ljspeech": 10}
"""Clips of each corpus to learn from, less those of over `LONGEST` seconds."""

LONGEST = 12

SEEN = 2
KEPT = 0.8
"""Share of the middles that are used, those nearest to their median: some are another sound's, as labels and ears err."""

LEAST = 0.015
"""What moves less is left out of a pose."""


def measure(data: Path | None, quick: bool) -> list[Row]:
    """For each corpus whose phones are known, generator and set: right visemes as shares, of all and by viseme."""
    rig = load_rig("arkit")
    rows: list[Row] = []
    spoken = [(clip, m.Heard(clip.audio)) for clip in clips(data, quick)]
    for name in GENERATORS:
        mover = m.by(name, rig)
        motions = [mover(heard.features, m.holding(heard.features, rig), 0) for _, heard in spoken]
        for rig_name in SETS:
            said, read = [], []
            for (clip, _), motion in zip(spoken, motions, strict=True):
                for viseme, strongest in _read(motion, clip.known, rig_name):
                    said.append(viseme)
                    read.append(strongest)
            right = np.array(said) == np.array(read)
            each = [float(right[np.array(said) == viseme].mean()) for viseme in sorted(set(said))]
            case = f"all speech, as {rig_name}"
            rows.append(row(case, name, "right viseme strongest", "", [float(right.mean())], "higher"))
            rows.append(row(case, name, "right viseme strongest, a viseme", "", each, "higher"))
    return rows


def _read(motion: Motion, known: Sequence[Span], rig_name: str) -> Iterator[tuple[str, str]]:
    """Visemes said that the set has, each with the strongest one in its middle."""
    names = VOWELS if rig_name == "vrm" else {viseme: viseme for viseme in VISEMES if viseme != SILENT}
    (found,) = load_maps("arkit", rig_name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossWarning)
        carried = retarget(motion, found)
    strengths = np.stack([carried[control] for control in names.values()], axis=1)
    for viseme, frame in middles(known, len(motion)):
        if viseme in names:
            strongest = int(strengths[frame].argmax())
            yield viseme, list(names)[strongest] if strengths[frame, strongest] > 0 else ""


def middles(known: Iterable[Span], frames: int) -> Iterator[tuple[str, int]]:
    """Each viseme that is said, and the frame of motion in its middle; a diphthong is two."""
    for span in known:
        visemes = PHONE_VISEMES.get(span.phone, ())
        cut = span.start + GLIDE * (span.stop - span.start)
        edges = (span.start, cut, span.stop) if len(visemes) == 2 else (span.start, span.stop)
        for viseme, (start, stop) in zip(visemes, pairwise(edges), strict=False):
            if viseme != SILENT:
                yield viseme, min(frames - 1, round((start + stop) / 2 * float(GENERATOR_FPS)))


def seen(cache: Path) -> dict[str, list[dict[str, float]]]:
    """Poses by viseme, in the controls that our own poses of visemes move, alike on both sides."""
    rig = load_rig("arkit")
    mover = m.by("learned", rig)
    found: dict[str, list[np.ndarray]] = {}
    for utterance in _labelled(cache):
        features = m.Heard(Audio(utterance.samples.astype(np.float32) / np.float32(32768), RATE)).features
        motion = _moved(mover, features, rig)
        for viseme, frame in middles(_spans(utterance), len(motion)):
            found.setdefault(viseme, []).append(motion[frame])
    moved = {name for pose in rig.visemes.values() for name in pose} | {"mouthClose"}
    told = [name for name in rig.names if name in moved]
    columns = [rig.column(name) for name in told]

    def pose(centre: np.ndarray) -> dict[str, float]:
        return {name: round(value, 2) for name, value in zip(told, centre.tolist(), strict=True) if value > LEAST}

    said = [viseme for viseme in VISEMES if viseme != SILENT]
    return {viseme: [pose(centre) for centre in _centres(np.array(found[viseme])[:, columns])] for viseme in said}


def _moved(mover: m.Mover, features: Features, rig: Rig) -> Float64[np.ndarray, "T C"]:
    """A performance of nothing felt, from rest, the same on both sides."""
    moved = mover(features, m.holding(features, rig), 0).values.astype(np.float64) - rig.rest
    other = moved[:, [rig.columns[control.mirror] for control in rig.controls]]
    alike: Float64[np.ndarray, "T C"] = (moved + other) / 2
    return alike


def _centres(rows: Float64[np.ndarray, "N C"]) -> Float64[np.ndarray, "K C"]:
    far = np.square(rows - np.median(rows, axis=0)).sum(axis=1)
    centres, _ = kmeans2(rows[far <= np.quantile(far, KEPT)], SEEN, minit="++", seed=0)
    return np.asarray(centres[np.argsort(centres.sum(axis=1))])


def _labelled(cache: Path) -> Iterator[Utterance]:
    rng = np.random.default_rng(0)
    for corpus, count in CORPORA.items():
        pack = read_pack(cache / f"{corpus}.npz")
        chosen = (pack[k] for k in rng.permutation(np.flatnonzero(~pack.held))[:count].tolist())
        yield from (each for each in chosen if len(each.samples) <= LONGEST * RATE)


def _spans(utterance: Utterance) -> Iterator[Span]:
    labels = utterance.labels
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    return (Span(a / FPS, b / FPS, PHONES[labels[a]]) for a, b in pairwise(edges) if labels[a] >= 0)


if __name__ == "__main__":
    for viseme, poses in seen(Path(sys.argv[1])).items():
        told = ", ".join("{ " + ", ".join(f"{name} = {value:g}" for name, value in pose.items()) + " }" for pose in poses)
        print(f"{viseme} = [{told}]")
