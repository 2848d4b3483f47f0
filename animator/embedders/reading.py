"""What a face says of its feelings: a small network over the bag of frames of a window, in numpy.

Each frame's curves become features by layers that know nothing of the other frames; a window's features are their mean (Zaheer
et al. 2017, "Deep Sets"), so that a picture is a window of one frame and a clip one of all of its frames, and what a mouth says
averages out while what a face feels stays. From the mean follow, for each feeling, the mean and the spread of its intensity.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from jaxtyping import Float32
from scipy.ndimage import gaussian_filter1d

from animator.core.rig import Rig

REGIONS = ("brows", "eyes", "nose", "cheeks", "mouth", "jaw")
"""Regions of the rig whose curves are read; gaze and the head's turn say more of the camera than of what is felt."""

WINDOW = 0.6
"""Seconds: standard deviation of the Gaussian window over which frames are averaged."""

LAYERS = ("face/frame1", "face/frame2", "face/window", "face/told")
"""Names of the layers' tensors, each followed by ``.weight`` [in, out] and ``.bias`` [out]."""

CERTAIN, UNCERTAIN = 0.02, 0.5
"""Bounds of the spread of an intensity."""

Tensors = Mapping[str, np.ndarray]


def read_columns(rig: Rig) -> np.ndarray:
    """Columns of a motion in that rig that are read, ``int [R]``."""
    return np.flatnonzero(rig.region(*REGIONS))


def frame_features(curves: Float32[np.ndarray, "T R"], net: Tensors) -> Float32[np.ndarray, "T H"]:
    """Features of each frame on its own; curves are weights of the controls that `read_columns` names."""
    first = _bent(_layer(curves, net, LAYERS[0]))
    return _bent(_layer(first, net, LAYERS[1]))


def window_features(features: Float32[np.ndarray, "T H"], fps: Fraction) -> Float32[np.ndarray, "T H"]:
    """The mean of the features about each frame, with a Gaussian window; at the ends, of what there is."""
    width = WINDOW * float(fps)
    present = gaussian_filter1d(np.ones(len(features)), width, mode="constant")
    summed = gaussian_filter1d(features.astype(np.float64), width, axis=0, mode="constant")
    averaged: np.ndarray = (summed / present[:, None]).astype(np.float32)
    return averaged


def intensities(
    features: Float32[np.ndarray, "T H"], net: Tensors
) -> tuple[Float32[np.ndarray, "T E"], Float32[np.ndarray, "T E"]]:
    """Mean, in [0, 1], and standard deviation of the intensity of each feeling, from features of windows."""
    told = _layer(_bent(_layer(features, net, LAYERS[2])), net, LAYERS[3])
    mean, spread = np.split(told, 2, axis=1)
    return 1 / (1 + np.exp(-mean)), np.clip(np.exp(spread), CERTAIN, UNCERTAIN)


def _layer(rows: np.ndarray, net: Tensors, name: str) -> Float32[np.ndarray, "T out"]:
    out: np.ndarray = rows @ net[f"{name}.weight"] + net[f"{name}.bias"]
    return out


def _bent(rows: np.ndarray) -> Float32[np.ndarray, "T H"]:
    out: np.ndarray = np.maximum(rows, 0)
    return out
