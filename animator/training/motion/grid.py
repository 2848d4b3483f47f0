"""GRID's first speaker: his videos, tracked, as curves of the rig, beside what he says.

Sound and picture of these clips need no shift: over the training clips, the lips' gap follows the vowels best at a lag of -5 ms
(quartiles -20 and 10 ms), and at the bilabials it is what it is at rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from animator.core.phones import PHONES, SILENCE
from animator.core.rig import Rig
from animator.core.script import felt
from animator.errors import InputError
from animator.training.motion.rate import at_generator_rate
from animator.training.motion.solve import Rest, Solver, gap, rest_of
from animator.training.motion.store import HOP, REAL, STYLE, Clip, MotionPack, Word, at_motion_rate, collect
from animator.training.motion.tracks import EYES, POINTS, Tracked, track
from animator.training.phones.aligned import GRID_TRAINED
from animator.training.phones.sound import read_16_khz
from animator.training.phones.store import FPS as LABELS
from animator.training.phones.store import UNKNOWN, Pack

TICKS = 25000
"""Units of GRID's word times in a second."""

RESTING, ENOUGH = 0.5, 6
"""Of a speaker's silent frames, the share with the narrowest gap between the lips, in which he rests; in others he breathes in.
And how many of them a clip must have to tell its own rest."""


def pack(folder: Path, rig: Rig, solver: Solver, phones: Pack, kept: Path) -> MotionPack:
    """All clips of the folder ``grid_s1`` in which a face is seen, neutral, the last hundred held out.

    Parameters
    ----------
    folder
        ``video/*.mp4``, ``audio/*.flac`` and ``words/*.align``.
    rig
        The rig of the curves.
    solver
        Reads them from the tracker's points.
    phones
        The corpus ``grid`` of `training.phones`: clips whose words could not be aligned have no phones.
    kept
        A folder for the tracks, half an hour's work.

    Raises
    ------
    InputError
        There is no video in the folder.
    """
    videos = sorted((folder / "video").glob("*.mp4"))
    if not videos:
        raise InputError(f"{folder} holds no videos of GRID (video/*.mp4)")
    labels = {name: phones[k].labels for k, name in enumerate(phones.names)}
    tracked = dict(track(videos, rig, kept))
    rests = _rests(tracked, labels, rig)
    held = {path.stem for path in sorted((folder / "audio").glob("*.flac"))[GRID_TRAINED:]}
    return collect(("grid",), rig, _clips(tracked, folder, rests, solver, labels, held, rig))


def _rests(tracked: Mapping[str, Tracked], labels: Mapping[str, np.ndarray], rig: Rig) -> dict[str, Rest]:
    """Each clip's face at rest: what its frames have in common in which the speaker is silent, his lips together, his eyes open.

    A clip of its own, since the way he holds his face between clips is no part of what he says in them; where it has fewer than
    `ENOUGH` such frames, what all clips have in common.
    """
    shut = [name for side in ("blink_left", "blink_right") for name, value in rig.gestures[side].items() if value >= 1]
    lids = [rig.columns[name] for name in shut]
    silent: dict[str, np.ndarray] = {}
    for name, face in tracked.items():
        at = np.round(np.arange(len(face.rows)) * LABELS / float(face.fps)).astype(np.int64)
        said = labels.get(name, np.full(1, UNKNOWN, dtype=np.int8))
        silent[name] = said[np.minimum(at, len(said) - 1)] == PHONES.index(SILENCE)
    narrow = np.quantile(np.concatenate([_spread(face)[silent[name]] for name, face in tracked.items()]), RESTING)
    awake = 2.0 * np.median(np.concatenate([face.rows[:, lids].max(axis=1) for face in tracked.values()]))
    resting = {
        name: np.flatnonzero(silent[name] & (_spread(face) <= narrow) & (face.rows[:, lids].max(axis=1) <= awake))
        for name, face in tracked.items()
    }
    everyone = rest_of(
        np.concatenate([face.rows[resting[name]] for name, face in tracked.items()]),
        np.concatenate([face.points[resting[name]] for name, face in tracked.items()]),
        rig,
    )
    return {
        name: rest_of(face.rows[resting[name]], face.points[resting[name]], rig) if len(resting[name]) >= ENOUGH else everyone
        for name, face in tracked.items()
    }


def _spread(face: Tracked) -> np.ndarray:
    """The gap between the lips, ``[T]``, as a share of the width between the outer corners of the eyes."""
    corners = [POINTS.index(point) for point in (EYES[0], EYES[3])]
    width: np.ndarray = gap(face.points) / np.linalg.norm(face.points[:, corners[0]] - face.points[:, corners[1]], axis=1)
    return width


def _clips(
    tracked: Mapping[str, Tracked],
    folder: Path,
    rests: Mapping[str, Rest],
    solver: Solver,
    labels: Mapping[str, np.ndarray],
    held: set[str],
    rig: Rig,
) -> Iterator[Clip]:
    turned = rig.region("head")
    for name, face in tracked.items():
        rest = rests[name]
        solved = solver.read(face.rows, face.points, rest, rig)
        solved[:, turned] = face.rows[:, turned] - rest.scores[turned]
        values = at_generator_rate(np.clip(solved, rig.low, rig.high), face.fps, rig)
        frames = len(values)
        samples = np.zeros(frames * HOP, dtype=np.int16)
        sound = np.round(np.clip(read_16_khz(folder / "audio" / f"{name}.flac"), -1, 1) * 32767)[: len(samples)]
        samples[: len(sound)] = sound
        yield Clip(
            name=name,
            person="grid s1",
            kind=REAL,
            held=name in held,
            motion=values.astype(np.float16),
            known=solver.known | turned,
            felt=np.zeros((frames, len(felt(rig.emotions))), dtype=np.float16),
            style=np.full(len(STYLE), np.nan, dtype=np.float32),
            phones=at_motion_rate(labels[name], frames) if name in labels else np.full(frames, UNKNOWN, dtype=np.int8),
            words=_words(folder / "words" / f"{name}.align"),
            sound=name,
            samples=samples,
        )


def _words(path: Path) -> tuple[Word, ...]:
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return tuple(Word(word, int(a) / TICKS, int(b) / TICKS) for a, b, word in lines if word not in ("sil", "sp"))
