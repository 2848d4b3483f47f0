"""The refiner of some weights: the shipped ones, or those that somebody trained."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import torch

from animator.errors import FormatError, MissingWeightsError
from animator.io.weights import load_weights, read_weights
from animator.reenactors.refine.net import Refiner

PART = "portrait"


def rebuild(tensors: dict[str, np.ndarray], widths: tuple[int, int, int], words: int) -> Refiner:
    """The net of some weights, frozen."""
    anchors, directions = (torch.from_numpy(tensors[f"bank.{name}"]) for name in ("anchors", "directions"))
    net = Refiner(anchors, directions, widths, words)
    net.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()})
    return net.requires_grad_(False).eval()


@cache
def refiner(device: str, path: str = "") -> tuple[Refiner, tuple[str, ...]]:
    """The net of a file of weights, or of the shipped ones, on a device, and the feelings it knows.

    Raises
    ------
    MissingWeightsError
        There are none.
    FormatError
        The file is none of ours, or of another part.
    """
    if path and not Path(path).is_file():
        raise MissingWeightsError(f"there are no weights at {path}; 'animator train {PART}' makes them")
    tensors, header = load_weights(Path(path)) if path else read_weights(PART)
    recipe = header["recipe"]
    if not {"widths", "words", "feelings"} <= set(recipe):
        raise FormatError(f"{path} holds the weights of another part; 'animator train {PART}' makes these")
    net = rebuild(dict(tensors), tuple(recipe["widths"]), recipe["words"])
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return net.to(device), tuple(recipe["feelings"])
