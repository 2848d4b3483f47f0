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
from scipy.special import expit

from animator.core.rig import Rig

REGIONS = ("brows", "eyes", "nose", "cheeks", "mouth", "jaw")
"""Regions of the rig whose curves are read; gaze and the head's turn say more of the camera than of what is felt."""

WINDOW = 0.6
"""Seconds: standard deviation of the Gaussian window over which frames are averaged."""

FARTHEST = 3.0
"""Deviations from what is usual beyond which a curve is no stranger: a curve at exactly 0 is no tracker's."""

GAIN = 3.0
"""Of weights beside log-odds."""

CENTRE, SIZE = "face/centre", "face/size"
"""Names of the tensors ``[R]`` that say what log-odds are usual, and how much they vary."""

REST = "face/rest"
"""Name of the tensor ``[R]`` of the log-odds of an average person's face at rest."""

LAYERS = ("face/frame1", "face/frame2", "face/window", "face/told")
"""Names of the layers' tensors, each followed by ``.weight`` [M in out] and ``.bias`` [M 1 out], of ``M`` networks."""

CERTAIN, UNCERTAIN = 0.02, 0.5
"""Bounds of the spread of an intensity."""

FLOOR = 1e-4
"""Added to weights before their log-odds are taken: of what a tracker hardly sees it tells little, but not nothing."""

Tensors = Mapping[str, np.ndarray]


def read_columns(rig: Rig) -> np.ndarray:
    """Columns of a motion in that rig that are read, ``int [R]``."""
    return np.flatnonzero(rig.region(*REGIONS))


def log_odds(curves: Float32[np.ndarray, "T R"]) -> Float32[np.ndarray, "T R"]:
    """Of weights in [0, 1]. A tracker that sees a weight of 0.001 rather than 0.0001 has seen something."""
    odds: np.ndarray = np.log((curves + FLOOR) / (1 - curves + FLOOR))
    return odds.astype(np.float32)


def frame_features(
    curves: Float32[np.ndarray, "T R"], net: Tensors, rest: Float32[np.ndarray, "N R"] | None = None
) -> Float32[np.ndarray, "M T H"]:
    """Features of each frame on its own, by each network; curves are weights of the controls that `read_columns` names.

    ``rest``, frames of the same person's face when nothing is felt, takes what is this person's own out of the curves.
    """
    odds = log_odds(curves)
    if rest is not None:
        odds = odds - log_odds(rest).mean(axis=0) + net[REST]
    return _bent(_layer(_bent(_layer(inputs(odds, net[CENTRE], net[SIZE]), net, LAYERS[0])), net, LAYERS[1]))


def inputs(odds: Float32[np.ndarray, "... R"], centre: Float32[np.ndarray, " R"], size: Float32[np.ndarray, " R"]) -> np.ndarray:
    """What the networks read, ``float32 [... 2 R]``: log-odds against the usual, for trackers; and weights, for rigs."""
    usual = np.clip((odds - centre) / size, -FARTHEST, FARTHEST)
    return np.concatenate([usual, GAIN * expit(odds)], axis=-1).astype(np.float32)


def window_features(features: Float32[np.ndarray, "M T H"], fps: Fraction) -> Float32[np.ndarray, "M T H"]:
    """The mean of the features about each frame, with a Gaussian window; at the ends, of what there is."""
    width = WINDOW * float(fps)
    there = gaussian_filter1d(np.ones(features.shape[1]), width, mode="constant")
    summed = gaussian_filter1d(features.astype(np.float64), width, axis=1, mode="constant")
    averaged: np.ndarray = (summed / there[:, None]).astype(np.float32)
    return averaged


def intensities(
    features: Float32[np.ndarray, "M T H"], net: Tensors
) -> tuple[Float32[np.ndarray, "T E"], Float32[np.ndarray, "T E"]]:
    """Mean, in [0, 1], and standard deviation of the intensity of each feeling, from features of windows.

    The networks' Gaussians are taken together as one (Lakshminarayanan et al. 2017, "Deep Ensembles"). Where they disagree, the
    face is of a kind that they never met: the spread is wide, and the mean m is drawn to 0 by Wiener's gain m² / (m² + d²) for
    a disagreement d, so that what nobody knows is hardly felt.
    """
    told = _layer(_bent(_layer(features, net, LAYERS[2])), net, LAYERS[3])
    means, spreads = np.split(told, 2, axis=2)
    means, spreads = _share(means), CERTAIN + (UNCERTAIN - CERTAIN) * _share(spreads)
    mean, disagreement = means.mean(axis=0), means.var(axis=0)
    return mean**3 / (mean**2 + disagreement + 1e-9), np.sqrt((spreads**2).mean(axis=0) + disagreement)


def _layer(rows: np.ndarray, net: Tensors, name: str) -> Float32[np.ndarray, "M T out"]:
    out: np.ndarray = rows @ net[f"{name}.weight"] + net[f"{name}.bias"]
    return out


def _bent(rows: np.ndarray) -> Float32[np.ndarray, "M T H"]:
    out: np.ndarray = np.maximum(rows, 0)
    return out


def _share(logits: np.ndarray) -> Float32[np.ndarray, "M T E"]:
    out: np.ndarray = expit(logits)
    return out
