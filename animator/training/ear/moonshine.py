"""Frames of Moonshine's encoder (Jeffries et al. 2024), which has heard 200,000 hours of people speak English; we, a few.

Its licence is MIT. Nothing of it is shipped: it stays where our net is trained.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float16, Int16

from animator.errors import MissingDependencyError
from animator.training.ear.tutor import STEP, Hear
from animator.training.phones.store import HOP

FILE = "moonshine/encoder_model.ort"
"""Where it lies in the data: ``assets/tiny-en/encoder_model.ort`` of PyPI's moonshine-voice 0.0.65."""

STRIDE, CENTRE = 384, 447
"""Samples from frame to frame, and where the first is centred: convolutions of 127, 7 and 3 taps, by 64, 3 and 2."""

LONGEST, SHORTEST = 160000, 16000
"""Samples that it is given at once at most, so that time does not grow with the square of a clip, and at least."""

LOUD = 0.05
"""Root mean square that it hears every clip at."""


def tutor_in(data: Path) -> Hear:
    """The encoder among the data, ready to hear.

    Raises
    ------
    MissingDependencyError
        It is not there, or onnxruntime is not installed.
    """
    if not (data / FILE).is_file():
        raise MissingDependencyError(f"there is no {FILE} in {data}; it is assets/tiny-en in PyPI's moonshine-voice 0.0.65")
    try:
        import onnxruntime
    except ImportError:
        raise MissingDependencyError("learning by Moonshine needs onnxruntime; install animator[train]") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return partial(_hear, onnxruntime.InferenceSession(str(data / FILE), options, providers=["CPUExecutionProvider"]))


def _hear(session: Any, samples: Int16[np.ndarray, " N"]) -> Float16[np.ndarray, "S F"]:
    sound = samples.astype(np.float32)
    sound *= np.float32(LOUD) / (np.sqrt(np.mean(sound**2)) + np.float32(1e-6))
    parts = []
    for first in range(0, len(sound), LONGEST):
        part = sound[first : first + LONGEST]
        given = np.pad(part, (0, max(0, SHORTEST - len(part))))[None]
        frames = session.run(None, {"input_values": given, "attention_mask": np.ones(given.shape, np.int64)})[0][0]
        instants = np.arange(-(-len(part) // (STEP * HOP))) * STEP * HOP
        where = np.clip((instants - CENTRE) / STRIDE, 0, len(frames) - 1)
        before = np.minimum(where.astype(np.int64), len(frames) - 2)
        share = (where - before)[:, None]
        parts.append((1 - share) * frames[before] + share * frames[before + 1])
    return np.concatenate(parts).astype(np.float16)
