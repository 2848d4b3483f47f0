"""Voice and face together: cross-modal attention between their codes, read through the bank, in numpy.

As in DICE-Talk, the moments of each sense ask those of the other; a sense that is absent is a token of its own, learned, so that
one network serves both senses and either alone. What comes of it queries the bank's codes by attention, and from both follow the
mean and the spread of each feeling's intensity. All it is given are codes, so that it learns no more of a speaker or a face than
they tell.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float32

from animator.core.emotion import Code
from animator.embedders.space import softmax

SENSES = ("voice", "face")

MOMENTS, APART = 5, 0.4
"""Moments of each sense about an instant, and seconds from one to the next."""

CERTAIN, UNCERTAIN = 0.02, 0.5
"""Bounds of the spread of an intensity."""

Tensors = Mapping[str, np.ndarray]


def moments(code: Code, frames: np.ndarray, fps: float) -> Float32[np.ndarray, "T M D"]:
    """Mean and logarithm of the scale at the moments about each of these frames, held at both ends."""
    steps = np.rint((np.arange(MOMENTS) - MOMENTS // 2) * APART * fps).astype(np.int64)
    at = np.clip(frames[:, None] + steps, 0, len(code) - 1)
    return np.concatenate([code.mean[at], np.log(code.scale[at])], axis=2)


def fuse(
    senses: Mapping[str, Float32[np.ndarray, "T M D"]], bank: Float32[np.ndarray, "N K"], net: Tensors
) -> tuple[Float32[np.ndarray, "T E"], Float32[np.ndarray, "T E"]]:
    """Mean, in [0, 1], and standard deviation of each feeling's intensity, from one sense of `SENSES` or both."""
    seen = {sense: np.tanh(_layer(tokens, net, f"both/{sense}")) for sense, tokens in senses.items()}
    met = [_asks(seen[sense], seen.get(other), net, sense, other) for sense, other in (SENSES, SENSES[::-1]) if sense in seen]
    pooled = sum(tokens.mean(axis=1) for tokens in met)
    shares = softmax(_layer(pooled, net, "both/ask") @ _layer(bank, net, "both/key").T)
    hidden = np.maximum(_layer(np.concatenate([pooled, shares @ bank], axis=1), net, "both/hidden"), 0)
    mean, spread = np.split(_layer(hidden, net, "both/told"), 2, axis=1)
    middle: np.ndarray = 1 / (1 + np.exp(-np.clip(mean, -30, 30)))
    return middle.astype(np.float32), np.clip(np.exp(np.minimum(spread, 1.0)), CERTAIN, UNCERTAIN).astype(np.float32)


def _asks(own: np.ndarray, other: np.ndarray | None, net: Tensors, sense: str, asked: str) -> np.ndarray:
    """The moments of one sense, each with what it learns from those of the other, or from its absence."""
    absent = np.broadcast_to(net[f"both/{asked}/absent"], (len(own), 1, own.shape[2]))
    tokens = absent if other is None else np.concatenate([other, absent], axis=1)
    query, key = _layer(own, net, f"both/{sense}/query"), _layer(tokens, net, f"both/{asked}/key")
    shares = softmax(query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(own.shape[2])))
    out: np.ndarray = own + shares @ _layer(tokens, net, f"both/{asked}/value")
    return out


def _layer(rows: np.ndarray, net: Tensors, name: str) -> np.ndarray:
    out: np.ndarray = rows @ net[f"{name}.weight"] + net[f"{name}.bias"]
    return out
