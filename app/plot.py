"""Curves as SVG paths over a box 1000 wide and 100 high, which the page stretches to its place."""

from __future__ import annotations

from html import escape

import numpy as np
from jaxtyping import Float

POINTS = 1000
"""Points of a curve, at most; of more, every so many is drawn."""


def line(values: Float[np.ndarray, " T"], low: float, high: float, name: str) -> str:
    """A curve whose value ``low`` lies at the bottom and ``high`` at the top; beyond, it is cut off."""
    return f'<path class="tl-line" d="M{_points(values, low, high)}"><title>{escape(name)}</title></path>'


def area(under: Float[np.ndarray, " T"], over: Float[np.ndarray, " T"], low: float, high: float) -> str:
    """What lies between two curves, as a picture of its own."""
    back = " ".join(reversed(_points(under, low, high).split(" ")))
    shape = f'<path class="tl-area" d="M{_points(over, low, high)} L{back}Z"/>'
    return f'<svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">{shape}</svg>'


def _points(values: Float[np.ndarray, " T"], low: float, high: float) -> str:
    at = np.arange(0, len(values), -(-len(values) // POINTS) or 1)
    across = 1000 * at / max(1, len(values))
    down = 100 * (1 - ((values[at] - low) / (high - low)).clip(0, 1))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
