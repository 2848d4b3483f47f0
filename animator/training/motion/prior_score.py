"""How well a prior knows motion that was held out, and whether what lies between two motions moves like one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import torch

from animator.core.motion import CLOSED, GENERATOR_FPS
from animator.core.rig import Rig
from animator.generators.acting.prior import FRAMES, Prior, columns
from animator.metrics.jitter import jitter
from animator.training.motion.store import MotionPack

AT_MOST = 60
"""Held clips of each pack that are measured, evenly spread."""

Remake = Callable[[np.ndarray], np.ndarray]
"""Curves ``float32 [T C]`` of the prior's controls, T a multiple of `FRAMES`, to curves."""


def score(net: Prior, packs: Sequence[MotionPack], rig: Rig) -> dict[str, dict[str, float]]:
    """Figures by kind of clip, and of what lies between two clips.

    ``error`` and ``error 95 %``: mean and 95th percentile of the absolute error of controls that the source knows, in weights
    (their range is 1); ``opening``: mean absolute error of the lips' opening; ``closures kept``: share of stretches with closed
    lips that stay closed in some frame; ``closures made``: share of stretches with closed lips in what was remade, in which they
    were no farther apart than twice `CLOSED`. For ``held``, ``remade`` and ``between``: median `jitter` of the opening, and
    ``speed``, its mean change a second.
    """
    with torch.inference_mode():
        found = _of_kinds(lambda curves: _remade(net, curves), packs, rig)
        clips = [curves for curves, _, _ in _held(packs, rig)]
        for name, made in (("held", clips), ("remade", [_remade(net, c) for c in clips]), ("between", _between(net, clips))):
            found[name] = _tremble(made, rig)
    return found


def mean_face(still: np.ndarray, packs: Sequence[MotionPack], rig: Rig) -> dict[str, dict[str, float]]:
    """The same figures by kind for a face that never moves, ``still [C]``."""
    return _of_kinds(lambda curves: np.tile(still, (len(curves), 1)), packs, rig)


def _of_kinds(remake: Remake, packs: Sequence[MotionPack], rig: Rig) -> dict[str, dict[str, float]]:
    row = rig.opening_row[columns(rig)]
    found: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]] = {}
    for curves, known, kind in _held(packs, rig):
        made = remake(curves)
        wrong = np.abs(made - curves)[:, known].ravel()
        parted, parted_made = curves @ row, made @ row
        kept = _met(parted <= CLOSED, parted_made <= CLOSED)
        right = _met(parted_made <= CLOSED, parted <= 2 * CLOSED)
        found.setdefault(kind, []).append((wrong, np.abs(parted_made - parted), kept, right))
    figures = {}
    for kind, clips in sorted(found.items()):
        wrong, parted, kept, right = (np.concatenate(parts) for parts in zip(*clips, strict=True))
        figures[kind] = {
            "error": float(wrong.mean()),
            "error 95 %": float(np.quantile(wrong, 0.95)),
            "opening": float(parted.mean()),
            "closures kept": float(kept.mean()) if len(kept) else 1.0,
            "closures made": float(right.mean()) if len(right) else 1.0,
        }
    return {kind: {name: round(value, 5) for name, value in each.items()} for kind, each in figures.items()}


def _held(packs: Sequence[MotionPack], rig: Rig) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    """Curves of held clips, which of them the source knows, and the kind."""
    moved = columns(rig)
    for pack in packs:
        held = np.flatnonzero(pack.held)
        for k in held[:: max(1, -(-len(held) // AT_MOST))]:
            first, stop = pack.clips[k]
            stop -= (stop - first) % FRAMES
            yield pack.motion[first:stop, moved].astype(np.float32), pack.known[k, moved], pack.kinds[k]


def _met(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    """For each stretch of wanted frames, whether one of them is found, ``bool [S]``."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8))).reshape(-1, 2)
    return np.array([found[a:b].any() for a, b in edges], dtype=bool)


def _remade(net: Prior, curves: np.ndarray) -> np.ndarray:
    return _shown(net, net.encode(torch.from_numpy(curves)[None]).mean)


def _shown(net: Prior, latents: torch.Tensor) -> np.ndarray:
    curves: np.ndarray = net.decode(latents)[0].clamp(0.0, 1.0).numpy()
    return curves


def _between(net: Prior, clips: Sequence[np.ndarray]) -> list[np.ndarray]:
    """What half-way latents of each clip and the next one show."""
    latents = [net.encode(torch.from_numpy(curves)[None]).mean for curves in clips]
    shortest = [min(a.shape[1], b.shape[1]) for a, b in pairwise(latents)]
    return [_shown(net, (a[:, :n] + b[:, :n]) / 2) for (a, b), n in zip(pairwise(latents), shortest, strict=True)]


def _tremble(clips: Sequence[np.ndarray], rig: Rig) -> dict[str, float]:
    parted = [curves @ rig.opening_row[columns(rig)] for curves in clips]
    shaken = [value for curve in parted if (value := jitter(curve, GENERATOR_FPS)) is not None]
    speed = [float(np.abs(np.diff(curve)).mean() * float(GENERATOR_FPS)) for curve in parted]
    return {"jitter": round(float(np.median(shaken or [0.0])), 4), "speed": round(float(np.mean(speed or [0.0])), 4)}
