"""The shipped actor with all that it needs, made once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from zlib import crc32

import numpy as np
import torch

from animator.errors import FormatError
from animator.generators.acting.net import Actor
from animator.generators.acting.prior import Prior, prior
from animator.generators.acting.style import Reader
from animator.generators.acting.variety import Habit
from animator.io.weights import read_weights


@dataclass(frozen=True, eq=False)
class Cast:
    """``feelings`` are names, in the order in which the actor takes them."""

    actor: Actor
    prior: Prior
    feelings: tuple[str, ...]
    habit: Habit
    reader: Reader


@cache
def cast() -> Cast:
    """The shipped one.

    Raises
    ------
    MissingWeightsError
        Its weights, or the prior's, are not installed.
    FormatError
        It learned with another prior than the one installed.
    """
    return cast_of(*read_weights("generator"), prior())


def cast_of(tensors: Mapping[str, np.ndarray], header: Mapping[str, Any], speaks: Prior) -> Cast:
    """A cast from its weights, as `animator.io.weights.load_weights` gives them; `FormatError` as for `cast`."""
    recipe = header["recipe"]
    if recipe["prior"] != fingerprint(speaks):
        raise FormatError("these weights of the generator learned with another prior; make them with 'animator train generator'")
    anchors = torch.from_numpy(tensors["anchors"])
    actor = Actor(anchors, len(recipe["styles"]), speaks.latent, **recipe["sizes"])
    actor.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items() if "/" not in name})
    habit = Habit(tensors["habit/basis"], tensors["habit/memory"])
    reader = Reader(tensors["style/weights"], tensors["style/bias"])
    return Cast(actor.eval().requires_grad_(False), speaks, tuple(recipe["feelings"]), habit, reader)


def fingerprint(speaks: Prior) -> str:
    """Tells priors apart."""
    halves = (tensor.numpy().astype(np.float16).tobytes() for tensor in speaks.state_dict().values())
    return f"{crc32(b''.join(halves)):08x}"
