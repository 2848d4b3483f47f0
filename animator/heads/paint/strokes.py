"""Hairs, veins and fibres: many thin tapered curves laid into one picture, each smooth at its edges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jaxtyping import Float

from animator.geometry.kernel import kernel


@kernel
def _draw(points: Any, radii: Any, values: Any, cover: Any, shade: Any) -> None:
    height, width = cover.shape
    for s in range(points.shape[0]):
        for p in range(points.shape[1] - 1):
            ax, ay = points[s, p, 0], points[s, p, 1]
            bx, by = points[s, p + 1, 0], points[s, p + 1, 1]
            ra, rb = radii[s, p], radii[s, p + 1]
            reach = max(ra, rb) + 1.0
            x0, x1 = max(0, int(min(ax, bx) - reach)), min(width - 1, int(max(ax, bx) + reach + 1))
            y0, y1 = max(0, int(min(ay, by) - reach)), min(height - 1, int(max(ay, by) + reach + 1))
            ex, ey = bx - ax, by - ay
            length = ex * ex + ey * ey + 1e-9
            for y in range(y0, y1 + 1):
                for x in range(x0, x1 + 1):
                    t = ((x + 0.5 - ax) * ex + (y + 0.5 - ay) * ey) / length
                    t = min(max(t, 0.0), 1.0)
                    r = ra + (rb - ra) * t
                    d = math.hypot(x + 0.5 - ax - t * ex, y + 0.5 - ay - t * ey)
                    # A curve thinner than a pixel covers part of it: narrow in width, not in strength of edge.
                    a = min(max(r + 0.5 - d, 0.0), 1.0, 2.0 * r)
                    if a > 0.0:
                        shade[y, x] += (values[s] - shade[y, x]) * a
                        cover[y, x] = max(cover[y, x], a) if a < 0.5 else cover[y, x] + (1.0 - cover[y, x]) * a


def draw(
    shape: tuple[int, int],
    points: Float[np.ndarray, "S P 2"],
    radii: Float[np.ndarray, "S P"],
    values: Float[np.ndarray, " S"],
    background: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Lay curves over one another in order.

    Parameters
    ----------
    shape
        Height and width of the picture, px.
    points
        Each curve's points (x, y), px; (0, 0) is the top left corner of the picture.
    radii
        Half the width of the curve at each point, px; below 0.5 the curve thins by fading.
    values
        One number a curve, that it leaves where it lies.
    background
        The number where no curve lies.

    Returns
    -------
    cover, value
        ``float32 [H W]`` each: how far a texel is covered, in [0, 1], and the number left there.
    """
    cover = np.zeros(shape, dtype=np.float32)
    shade = np.full(shape, background, dtype=np.float32)
    _draw(points.astype(np.float32), radii.astype(np.float32), values.astype(np.float32), cover, shade)
    return cover, shade
