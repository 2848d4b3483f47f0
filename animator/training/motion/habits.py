"""What is measured once the generator has learned: how performances stray from what it expects, and what tells a style."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from animator.core.rig import Rig
from animator.generators.acting.net import Actor
from animator.generators.acting.performer import performed
from animator.generators.acting.prior import FRAMES, Prior, columns
from animator.generators.acting.style import PARAMETERS, Reader, traits
from animator.generators.acting.variety import Habit
from animator.training.motion.lessons import Lessons
from animator.training.motion.store import MotionPack

DIRECTIONS = 12
"""In which latents wander at most."""

SLOW = 5
"""Windows over which straying is averaged before it is measured: what is quicker than 0.4 s is noise, and the lips' own."""

RIDGE = 3.0


@torch.no_grad()
def habit_of(actor: Actor, speaks: Prior, drawn: Sequence[tuple[Lessons, Tensor]]) -> Habit:
    """How real and taught performances stray, slowly, from what the net expects of them."""
    strayed = []
    for lessons, style in drawn:
        expected = performed(actor, speaks, lessons.heard, style, lessons.wanted)
        whole = (lessons.there > 0).all(dim=1)[:, 0] & lessons.known.any(dim=2)[:, 0]
        was = torch.where(lessons.known, lessons.curves, expected)[whole]
        off = speaks.encode(was).mean - speaks.encode(expected[whole]).mean
        strayed.append(off.unfold(1, SLOW, 1).mean(dim=3))
    paths = torch.cat(strayed).double().numpy()
    flat = paths.reshape(-1, paths.shape[2])
    _, _, axes = np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)
    axes = axes[:DIRECTIONS]
    along = (paths - flat.mean(axis=0)) @ axes.T
    before, after = along[:, :-1].reshape(-1, len(axes)), along[:, 1:].reshape(-1, len(axes))
    memory = np.clip((before * after).mean(axis=0) / np.maximum((before**2).mean(axis=0), 1e-12), 0.0, 0.98)
    return Habit((axes * along.std(axis=(0, 1))[:, None]).astype(np.float32), memory.astype(np.float32))


def reader_of(packs: Sequence[MotionPack], rig: Rig) -> tuple[Reader, dict[str, float]]:
    """What tells a style from curves (ridge regression over `traits`), and the share of each parameter's variance it tells of
    clips that were held out. Without packs whose styles are known, it tells nothing.
    """
    moved = columns(rig)
    rows, styles, held = [], [], []
    for pack in packs:
        for k, (first, stop) in enumerate(pack.clips):
            if stop - first >= 2 * FRAMES:
                rows.append(traits(pack.motion[first:stop, moved].astype(np.float32)))
                styles.append(pack.style[k])
                held.append(bool(pack.held[k]))
    if not rows:
        return Reader(np.zeros((4 * len(moved), len(PARAMETERS)), np.float32), np.zeros(len(PARAMETERS), np.float32)), {}
    x, y, test = np.stack(rows).astype(np.float64), np.stack(styles).astype(np.float64), np.array(held)
    centre, spread, usual = x[~test].mean(axis=0), x[~test].std(axis=0) + 1e-3, y[~test].mean(axis=0)
    z = (x - centre) / spread
    weights = np.linalg.solve(z[~test].T @ z[~test] + RIDGE * np.eye(z.shape[1]), z[~test].T @ (y[~test] - usual))
    reader = Reader((weights / spread[:, None]).astype(np.float32), (usual - centre / spread @ weights).astype(np.float32))
    if not test.any():
        return reader, {}
    missed = ((z[test] @ weights + usual - y[test]) ** 2).mean(axis=0) / np.maximum(y[test].var(axis=0), 1e-9)
    return reader, {name: round(float(1.0 - m), 3) for name, m in zip(PARAMETERS, missed, strict=True) if m > 0}
