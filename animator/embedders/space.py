"""`Space`: where feelings lie. Every door (label, voice, face) ends here, in one Gaussian code a frame.

The contract, for whoever makes or reads codes:

- A code has ``K`` coordinates. The first three are **valence, arousal and dominance**, about [-1, 1]; the others tell apart
  feelings which those three do not (anger from fear), by how alike their faces are. The origin is neutral.
- **Intensity is a direction**: the code of a feeling at intensity ``s`` is ``s`` times its anchor, and a mixture is the sum of
  its parts: `Space.encode_weights` is linear. `Space.decode` undoes it exactly.
- The **bank** is 32 learned directions. Feelings are read through it by attention: what a direction shares with the bank's says
  how widely such a feeling varies, and which faces a bare point of valence, arousal and dominance has.
- What a door hears or sees is a share for each feeling, summing to at most 1, the rest being neutral; `Space.gaussian` makes of
  it the Gaussian with the mean and the spread of that mixture. So a door that is unsure lands near neutral, with a wide scale,
  and only what it says of feelings can pass. A door that mistakes one speaker otherwise than the next still gives that away;
  `animator.training.embedder.leaks.leak` measures how much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float32

from animator.core.emotion import ALL, Code, Emotion, channel
from animator.core.motion import GENERATOR_FPS
from animator.core.rig import REGIONS
from animator.core.script import felt, point_of, weigh
from animator.io.categories import categories
from animator.io.weights import read_weights

FLOOR = 0.02
"""Scale of a code that is neutral for sure."""

SHARPNESS = 12.0
"""Of attention over the bank: a direction 30 degrees off the nearest code gets a fifth of the share of one that is on it."""


@dataclass(frozen=True, eq=False)
class Space:
    """Where feelings lie.

    Parameters
    ----------
    feelings
        Names of the anchors, ``E`` of them; neutral is not among them.
    anchors
        ``float32 [E K]``: the code of each feeling at intensity 1. Linearly independent.
    bank
        ``float32 [N K]``: learned directions, each of length 1.
    spread
        ``float32 [N K]`` >= 0: how far feelings in the direction of each stray from it, for a code of length 1.
    """

    feelings: tuple[str, ...]
    anchors: Float32[np.ndarray, "E K"]
    bank: Float32[np.ndarray, "N K"]
    spread: Float32[np.ndarray, "N K"]

    @property
    def K(self) -> int:  # noqa: N802 - the axis has this name everywhere
        """Number of coordinates of a code."""
        return int(self.anchors.shape[1])

    def attend(self, code: Float32[np.ndarray, "T K"]) -> Float32[np.ndarray, "T N"]:
        """Share of each code of the bank in each frame, summing to 1: softmax of the cosine; even for a code of length 0."""
        length = np.linalg.norm(code, axis=1, keepdims=True)
        return softmax(SHARPNESS * (code / np.maximum(length, 1e-6)) @ self.bank.T)

    def encode_weights(
        self, weights: Float32[np.ndarray, "T F"], feelings: Sequence[str] | None = None
    ) -> tuple[Float32[np.ndarray, "T K"], Float32[np.ndarray, "T K"]]:
        """Mean and scale of the code of weights in [0, 1] over ``feelings`` (all the anchors, in their order, if absent).

        The mean is linear in the weights. The scale is what the bank says of such a feeling, in proportion to its intensity,
        above `FLOOR`. A feeling that has no anchor lies at the origin.
        """
        known = np.array([name in self.feelings for name in feelings or self.feelings], dtype=bool)
        mean: np.ndarray = weights[:, known] @ self._rows([n for n in feelings or self.feelings if n in self.feelings])
        return mean, self.scale(mean)

    def scale(self, code: Float32[np.ndarray, "T K"]) -> Float32[np.ndarray, "T K"]:
        """How widely a feeling of this direction and intensity varies between people and moments."""
        length = np.linalg.norm(code, axis=1, keepdims=True)
        out: np.ndarray = FLOOR + length * (self.attend(code) @ self.spread)
        return out

    def decode(self, mean: Float32[np.ndarray, "T K"], feelings: Sequence[str] | None = None) -> Float32[np.ndarray, "T F"]:
        """Weights in [0, 1] over ``feelings`` whose code is nearest to the mean (least squares with weights >= 0).

        A feeling that has no anchor gets 0. What `encode_weights` made of two or three feelings comes back as it was.
        """
        wanted = tuple(feelings or self.feelings)
        known = [name for name in wanted if name in self.feelings]
        weights = np.zeros((len(mean), len(wanted)), dtype=np.float32)
        weights[:, [wanted.index(name) for name in known]] = np.minimum(_nonnegative(mean, self._rows(known)), 1.0)
        return weights

    def gaussian(self, shares: Float32[np.ndarray, "T E"]) -> Code:
        """The Gaussian with mean and variance of a mixture of feelings at full intensity, the remaining share neutral.

        ``shares`` are in [0, 1] and sum to at most 1 in each frame.
        """
        mean = shares @ self.anchors
        second = shares @ self.anchors**2
        scale = np.sqrt(np.maximum(second - mean**2, 0.0) + self.scale(mean) ** 2)
        return Code(mean, scale)

    def independent(self, mean: Float32[np.ndarray, "T E"], spread: Float32[np.ndarray, "T E"]) -> Code:
        """The Gaussian of intensities that vary each on its own, with how widely people differ in such feelings beside it."""
        middle, usual = self.encode_weights(mean)
        return Code(middle, np.sqrt(usual**2 + spread**2 @ self.anchors**2))

    def from_vad(self, vad: Float32[np.ndarray, "T 3"]) -> Float32[np.ndarray, "T K"]:
        """Codes of points of valence, arousal and dominance: the bank fills in what the three leave open.

        Each code of the bank is stretched to come nearest the point; the nearer, the larger its share in the other coordinates.
        """
        seen = self.bank[:, :3]
        stretch = np.clip(vad @ seen.T / np.maximum((seen**2).sum(axis=1), 1e-3), 0.0, 1.5)
        miss = ((stretch[:, :, None] * seen - vad[:, None]) ** 2).sum(axis=2)
        size = np.maximum((vad**2).sum(axis=1, keepdims=True), 1e-6)
        shares = softmax(-2 * SHARPNESS * miss / size) * stretch
        return np.concatenate([vad, shares @ self.bank[:, 3:]], axis=1).astype(np.float32)

    def _rows(self, names: Sequence[str]) -> Float32[np.ndarray, "F K"]:
        return self.anchors[[self.feelings.index(name) for name in names]]


@cache
def load_space() -> Space:
    """The space of the shipped weights; `MissingWeightsError` without them."""
    tensors, header = read_weights("embedder")
    return Space(tuple(header["recipe"]["feelings"]), tensors["anchors"], tensors["bank"], tensors["spread"])


def emotion(weights: Float32[np.ndarray, "T F"], channels: Sequence[str]) -> Emotion:
    """Weights of a rig's feelings at 50 Hz, with the code of what the whole face feels."""
    return Emotion(tuple(channels), weights, GENERATOR_FPS, Code(*load_space().encode_weights(weights, channels)))


def directed(weights: Mapping[str, Float32[np.ndarray, "T F"]], feelings: Sequence[str]) -> Emotion:
    """What a director asks for, at 50 Hz: weights of a rig's feelings for the whole face (`ALL`) and for regions besides.

    Feelings that a region never has get no channel there.
    """
    channels = felt(feelings)
    names, columns = list(channels), [weights[ALL]]
    for region in (each for each in REGIONS if each in weights):
        held = np.flatnonzero(weights[region].any(axis=0))
        names += [channel(region, channels[i]) for i in held]
        columns.append(weights[region][:, held])
    return emotion(np.concatenate(columns, axis=1), names)


def category_code(space: Space, name: str) -> Float32[np.ndarray, " K"]:
    """The code of one of the categories: its place in valence, arousal and dominance, and its kin's face."""
    entry = categories()["categories"][name]
    code: np.ndarray = space.from_vad(np.array([entry["vad"]], dtype=np.float32))[0]
    if "kin" in entry:
        share = np.array([entry["kin"].get(feeling, 0.0) for feeling in space.feelings], dtype=np.float32)
        code[3:] = (share @ space.anchors)[3:]
    return code


@cache
def blends(feelings: tuple[str, ...]) -> Mapping[str, Float32[np.ndarray, " F"]]:
    """Each category, and each other word for a feeling, as weights of those that a rig has (`animator.core.script.felt`)."""
    space = load_space()
    channels = felt(feelings)
    known = {name: space.decode(category_code(space, name)[None], channels)[0] for name in categories()["categories"]}
    lacking = dict.fromkeys(space.feelings, np.zeros(len(channels), dtype=np.float32))
    mixtures = categories()["words"].items()
    return Blends(known | {word: weigh(text, feelings, word, lacking | known)[ALL] for word, text in mixtures}, channels)


class Blends(Mapping[str, np.ndarray]):
    """Names of feelings as weights of a rig's channels: those of a table, and any point ``vad(v,a,d)``, not listed."""

    def __init__(self, table: Mapping[str, Float32[np.ndarray, " F"]], channels: tuple[str, ...]) -> None:
        self._table, self._channels = table, channels

    def __getitem__(self, name: str) -> Float32[np.ndarray, " F"]:
        point = None if name in self._table else point_of(name)
        if point is None:
            return self._table[name]
        space = load_space()
        row: np.ndarray = space.decode(space.from_vad(np.array([point], dtype=np.float32)), self._channels)[0]
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


def _nonnegative(target: Float32[np.ndarray, "T K"], rows: Float32[np.ndarray, "F K"]) -> Float32[np.ndarray, "T F"]:
    """Least squares with weights >= 0, by coordinate descent in float64 (Franc, Hlavac and Navara 2005)."""
    gram = rows.astype(np.float64) @ rows.T
    wanted = target.astype(np.float64) @ rows.T
    weights: np.ndarray = np.zeros_like(wanted)
    for _ in range(300):
        for j in range(len(rows)):
            weights[:, j] = np.maximum(weights[:, j] + (wanted[:, j] - weights @ gram[j]) / gram[j, j], 0.0)
    return weights.astype(np.float32)


def softmax(logits: np.ndarray) -> Float32[np.ndarray, "*T N"]:
    """Shares along the last axis, summing to 1."""
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    out: np.ndarray = shares / shares.sum(axis=-1, keepdims=True)
    return out.astype(np.float32)
