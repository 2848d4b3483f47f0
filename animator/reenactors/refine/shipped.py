"""The shipped refiner."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch

from animator.io.weights import read_weights
from animator.reenactors.refine.net import Refiner

PART = "portrait"


def rebuild(tensors: dict[str, np.ndarray], widths: tuple[int, int, int], words: int) -> Refiner:
    """The net of some weights, frozen."""
    anchors, directions = (torch.from_numpy(tensors[f"bank.{name}"]) for name in ("anchors", "directions"))
    net = Refiner(anchors, directions, widths, words)
    net.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()})
    return net.requires_grad_(False).eval()


@cache
def shipped(device: str) -> tuple[Refiner, tuple[str, ...]]:
    """The shipped net on a device, and the feelings it knows; `MissingWeightsError` without its weights."""
    tensors, header = read_weights(PART)
    recipe = header["recipe"]
    net = rebuild(dict(tensors), tuple(recipe["widths"]), recipe["words"])
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return net.to(device), tuple(recipe["feelings"])
