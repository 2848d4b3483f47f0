"""The fitted tables as data: fitted to GRID, measured on clips held out beside what they have to beat, kept as weights are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from animator.core.motion import CLOSED
from animator.core.rig import Rig
from animator.generators.speech.coarticulation import mouth
from animator.io.weights import load_weights, read_weights, write_weights
from animator.training.corpora import CORPORA
from animator.training.motion import wander
from animator.training.motion.fit import STEPS, Coarticulation, Lesson, fit, lesson
from animator.training.motion.speech import Said, said
from animator.training.motion.store import MotionPack
from animator.training.motion.teacher import Teacher
from animator.training.phones.store import Pack

NAME = "teacher"
"""Of the shipped file among the assets."""

NEAR = 0.02
"""Seconds beside a bilabial in which its closure may be."""

_TABLES = ("target", "louder", "longer", "strength", "before", "after", "core", "shift")
_WANDER = "wander"


def fit_teacher(
    real: MotionPack, phones: Pack, rig: Rig, out: Path, *, seed: int = 0, steps: int = STEPS
) -> Mapping[str, Mapping[str, float]]:
    """Fit the coarticulation model to tracked faces, write its tables to ``out`` (``.safetensors``) and say how good they are.

    Parameters
    ----------
    real
        Tracked clips (`grid.pack`); those held out are measured on.
    phones
        What is said in them, by the clips' names.
    rig
        The rig of the curves.
    out
        The file.
    seed, steps
        The source of chance, and how many steps.

    Returns
    -------
    Mapping
        `score` of the fitted tables (``fitted``) and of what they have to beat, on the clips held out.
    """
    controls = spoken_controls(real, rig)
    trained, held = ([*_lessons(real, phones, rig, controls, h)] for h in (False, True))
    tables = fit([each for each, _, _ in trained], controls, rig, seed=seed, steps=steps)
    scores = _scores(tables, trained, held, rig)
    write_weights(
        out,
        {**{name: np.asarray(getattr(tables, name)) for name in _TABLES}, _WANDER: wander.measured(real, rig)},
        [_provenance(corpus) for corpus in real.corpora],
        {"controls": list(controls), "power": tables.power, "steps": steps, "seed": seed, "clips": len(trained)},
        scores,
    )
    return scores


def load_teacher(rig: Rig, path: Path | None = None) -> Teacher:
    """The teacher with the shipped tables, or with those of a file that `fit_teacher` wrote; errors as `io.weights`."""
    tensors, header = read_weights(NAME) if path is None else load_weights(path)
    recipe = header["recipe"]
    tables = {name: tensors[name].astype(np.float64) for name in _TABLES}
    fitted = Coarticulation(controls=tuple(recipe["controls"]), power=float(recipe["power"]), **tables)
    return Teacher(fitted, tensors[_WANDER].astype(np.float64), rig)


def spoken_controls(real: MotionPack, rig: Rig) -> tuple[str, ...]:
    """The controls of mouth and jaw that are known in every clip."""
    spoken = real.known.all(axis=0) & rig.region("mouth", "jaw")
    return tuple(name for name, yes in zip(rig.names, spoken, strict=True) if yes)


def score(made: Callable[[int], np.ndarray], lessons: list[tuple[Lesson, Said, np.ndarray]], row: np.ndarray) -> dict[str, float]:
    """How near curves come to tracked ones where speech is.

    ``error``: root of the mean squared difference, mean over controls; ``opening_error``, ``opening_r`` and ``opening_range``:
    of how far the lips part, that root, the correlation and the ratio of deviations; ``closed``: share of bilabials in which the
    lips shut at an instant. ``made(k)`` gives the curves ``[T K]`` of lesson k, ``row [K]`` is the measure of opening.
    """
    missed, real_parting, made_parting, shut = [], [], [], []
    for k, (each, heard, _) in enumerate(lessons):
        curves = made(k)
        missed.append((curves - each.values)[each.taught] ** 2)
        real_parting.append((each.values @ row)[each.taught])
        made_parting.append((curves @ row)[each.taught])
        for start, end in heard.targets.spans("PP"):
            inside = (heard.times >= start - NEAR) & (heard.times <= end + NEAR)
            shut.append(bool((curves[inside] @ row <= CLOSED).any()))
    real, ours = np.concatenate(real_parting), np.concatenate(made_parting)
    return {
        "error": float(np.sqrt(np.concatenate(missed).mean(axis=0)).mean()),
        "opening_error": float(np.sqrt(((ours - real) ** 2).mean())),
        "opening_r": float(np.corrcoef(ours, real)[0, 1]) if ours.std() > 0 else 0.0,
        "opening_range": float(ours.std() / real.std()),
        "closed": float(np.mean(shut)) if shut else float("nan"),
    }


def _lessons(
    real: MotionPack, phones: Pack, rig: Rig, controls: tuple[str, ...], held: bool
) -> Iterator[tuple[Lesson, Said, np.ndarray]]:
    """Clips with known phones: the lesson, what is said, and the loudness of each frame."""
    columns = [rig.column(name) for name in controls]
    numbers = {name: k for k, name in enumerate(phones.names)}
    for clip in real:
        if clip.held == held and clip.name in numbers:
            heard = said(phones[numbers[clip.name]])
            frames = min(len(heard.times), len(clip.motion))
            values = (clip.motion[:frames, columns].astype(np.float64)) - rig.rest[columns]
            heard = Said(heard.times[:frames], heard.targets, heard.delivery, heard.loudness[:frames])
            yield lesson(heard.targets, values), heard, heard.loudness


def _scores(
    tables: Coarticulation,
    trained: list[tuple[Lesson, Said, np.ndarray]],
    held: list[tuple[Lesson, Said, np.ndarray]],
    rig: Rig,
) -> dict[str, dict[str, float]]:
    """Of the fitted tables, of the rule-made ones, of those with the best gain for each control, of a jaw that follows loudness
    (and every control with it, by the best line), and of the mean face.
    """
    columns = tables.columns(rig)
    row = rig.opening_row[columns].astype(np.float64)
    real = np.concatenate([each.values[each.taught] for each, _, _ in trained])
    ruled = [mouth(h.times, h.targets, rig, jaw=1.0, lips=1.0, pre_roll=0.1)[:, columns] for _, h, _ in trained]
    by_rule = np.concatenate([curves[each.taught] for curves, (each, _, _) in zip(ruled, trained, strict=True)])
    gains = (by_rule * real).sum(axis=0) / np.maximum((by_rule**2).sum(axis=0), 1e-6)
    loud = np.concatenate([loudness[each.taught] for each, _, loudness in trained])
    line = np.stack([loud, np.ones_like(loud)], axis=1)
    slope = np.linalg.lstsq(line, real, rcond=None)[0]

    def rule(k: int) -> np.ndarray:
        return mouth(held[k][1].times, held[k][1].targets, rig, jaw=1.0, lips=1.0, pre_roll=0.1)[:, columns]

    def loudness_drives(k: int) -> np.ndarray:
        curves: np.ndarray = np.stack([held[k][2], np.ones_like(held[k][2])], axis=1) @ slope
        return curves

    return {
        "fitted": score(lambda k: tables.mouth(held[k][1].times, held[k][1].targets), held, row),
        "visemes": score(rule, held, row),
        "visemes_best_gains": score(lambda k: rule(k) * gains, held, row),
        "loudness": score(loudness_drives, held, row),
        "mean": score(lambda k: np.tile(real.mean(axis=0), (len(held[k][0].values), 1)), held, row),
        "tracked": score(lambda k: held[k][0].values, held, row),
    }


def _provenance(corpus: str) -> dict[str, str]:
    entry = asdict(CORPORA[corpus])
    return {key: entry[key] for key in ("name", "licence", "credit")}
