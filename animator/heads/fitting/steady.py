"""Portraits of a video, steadied: a tracker's points tremble, and a face that is fitted to them would tremble with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float64

from animator.core.portrait import Portrait, View

LAG = 2
"""Pictures looked at before and after each."""

_NEAR = np.array([1.0, 4.0, 6.0, 4.0, 1.0])

TREMBLE = 0.05
"""Change of a control, weight or radians, from which it is taken to be meant: a lid or a lip that shuts is not smoothed away."""


def steady(window: Sequence[Portrait | None]) -> Portrait | None:
    """The middle one of ``2 LAG + 1`` portraits of one person, its view and its row weighed with those of its neighbours.

    Each control by a bilateral filter (Tomasi and Manduchi 1998): neighbours count the less, the more they differ. The view by a
    plain one, as heads have mass. Where there is no middle one there is none.
    """
    middle = window[LAG]
    if middle is None:
        return None
    beside = [(weight, each) for weight, each in zip(_NEAR, window, strict=True) if each is not None]
    near = np.array([weight for weight, _ in beside])
    rows = np.stack([each.row for _, each in beside]).astype(np.float64)
    alike = near[:, None] * np.exp(-0.5 * ((rows - middle.row) / TREMBLE) ** 2)
    row = (alike * rows).sum(axis=0) / alike.sum(axis=0)
    return replace(middle, row=row.astype(np.float32), view=_mean([each.view for _, each in beside], near))


def _mean(views: Sequence[View], near: Float64[np.ndarray, " N"]) -> View:
    share = near / near.sum()
    left, _, right = np.linalg.svd(np.tensordot(share, np.stack([view.rotation for view in views]), axes=1))
    place = np.tensordot(share, np.stack([view.translation for view in views]), axes=1)
    return replace(views[0], rotation=left @ right, translation=place)
