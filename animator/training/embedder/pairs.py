"""Voice and face together, from synthetic pairs: acted voices, each with a performed face that feels the same.

Real recordings of both with known intensities hardly exist. A voice enters as it is heard by networks that never heard its
speaker, a face as the face door reads it, so the network learns how far each sense can be trusted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from animator.core.motion import GENERATOR_FPS
from animator.core.rig import Rig
from animator.core.script import felt
from animator.embedders.fusion import CERTAIN, MOMENTS, SENSES, UNCERTAIN, Tensors, fuse, moments
from animator.embedders.reading import frame_features, intensities, read_columns, window_features
from animator.embedders.space import Space
from animator.embedders.voice import HEARD, SHOWN_AS, code_of
from animator.training.embedder.performances import EVERY, Performances
from animator.training.embedder.probes import recall

WIDTH, HIDDEN = 24, 48
BATCH = 128

ACTED = 0.8
"""Intensity of an acted voice without a face to tell it."""

BLIND = 0.25
"""Odds that a sense is absent in a pair, for each of both."""


def train(
    odds: np.ndarray,
    label: np.ndarray,
    held: np.ndarray,
    faces: np.ndarray,
    weights: np.ndarray,
    space: Space,
    seed: int,
    steps: int,
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Learn to fuse; measure on voices of speakers and on faces that were held out.

    Parameters
    ----------
    odds, label, held
        Of each voice: the odds of `HEARD` ``[V C]``, its index in `HEARD`, and whether its speaker is held out.
    faces, weights
        Of each face: moments as `seen` gives them ``[F M 2K]``, and the weights of the space's feelings ``[F E]``. Every fifth is
        held out.
    space
        Where both codes lie.
    seed, steps
        The source of chance, and how many steps of `BATCH` pairs.
    """
    import torch

    rng = np.random.default_rng([seed, 7])
    code = code_of(odds.astype(np.float32), space)
    voices = np.concatenate([code.mean, np.log(code.scale)], axis=1)
    said = np.array([_said(int(k), space) for k in label], dtype=np.float32)
    last = np.arange(len(faces)) % 5 == 4
    learned = _Pairs(voices[~held], said[~held], faces[~last], weights[~last])
    asked = _Pairs(voices[held], said[held], faces[last], weights[last])
    torch.manual_seed(seed)
    net = _network(voices.shape[1], space)
    bank = torch.from_numpy(space.bank)
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
    for _ in range(steps):
        senses, wanted = learned.batch(BATCH, rng)
        blind = rng.choice(3, p=(1 - 2 * BLIND, BLIND, BLIND))
        seen = {s: torch.from_numpy(senses[s]) for i, s in enumerate(SENSES) if blind != i + 1}
        target = torch.from_numpy(senses["said"] if "face" not in seen else wanted)
        mean, spread = _run(net, seen, bank)
        loss = ((0.5 * ((target - mean) / spread) ** 2 + spread.log()) * spread.detach()).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    tensors = {f"both/{n.replace('_', '/')}": p.detach().numpy() for n, p in net.named_parameters()}
    tensors = {n: (t.T if n.endswith(".weight") else t).astype(np.float16).astype(np.float32) for n, t in tensors.items()}
    return tensors, _score(tensors, asked, space, rng)


def seen(clips: Performances, net: Tensors, rig: Rig, space: Space, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Moments of performed clips as the face door's network reads them, four of each clip, and what is felt in them."""
    rng, fps = np.random.default_rng([seed, 8]), GENERATOR_FPS / EVERY
    known = [felt(rig.emotions).index(name) for name in space.feelings]
    rows = []
    for curves in clips.curves[:, :, read_columns(rig)]:
        windows = window_features(frame_features(np.clip(curves, 0.0, 1.0), net), fps)
        code = space.independent(*intensities(windows, net))
        rows.append(moments(code, rng.integers(0, len(code), 4), float(fps)))
    return np.concatenate(rows), np.repeat(clips.felt[:, known], 4, axis=0)


def _said(label: int, space: Space) -> np.ndarray:
    feeling, most = SHOWN_AS.get(HEARD[label], (HEARD[label], ACTED))
    return np.array([most * (name == feeling) for name in space.feelings])


class _Pairs:
    """Voices and faces that feel the same."""

    def __init__(self, voices: np.ndarray, said: np.ndarray, faces: np.ndarray, weights: np.ndarray) -> None:
        self._voices, self._said, self._faces, self._felt = voices, said, faces, weights
        kind = np.where(weights.max(axis=1) > 0.1, weights.argmax(axis=1), -1)
        told = np.where(said.max(axis=1) > 0, said.argmax(axis=1), -1)
        self._voices_of = {k: np.flatnonzero(told == k) for k in np.unique(kind) if (told == k).any()}
        self._faces_of = {k: np.flatnonzero(kind == k) for k in self._voices_of}

    def batch(self, size: int, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Moments of both senses ``[B M 2K]``, what the voice says ``[B E]``, and what is felt ``[B E]``."""
        kinds = rng.choice(list(self._voices_of), size)
        heard = np.array([rng.choice(self._voices_of[k]) for k in kinds])
        seen = np.array([rng.choice(self._faces_of[k]) for k in kinds])
        voice = np.repeat(self._voices[heard][:, None], MOMENTS, axis=1)
        trouble = rng.random((size, 1, 1)) * 0.3
        face = self._faces[seen] + trouble * rng.standard_normal(self._faces[seen].shape)
        voice = voice + 0.1 * rng.standard_normal(voice.shape)
        senses = {"voice": voice, "face": face, "said": self._said[heard]}
        return {name: rows.astype(np.float32) for name, rows in senses.items()}, self._felt[seen].astype(np.float32)


def _network(width: int, space: Space) -> Any:
    from torch import nn, zeros

    parts: dict[str, Any] = {}
    for sense in SENSES:
        parts[sense] = nn.Linear(width, WIDTH)
        parts |= {f"{sense}_{part}": nn.Linear(WIDTH, WIDTH) for part in ("query", "key", "value")}
    parts |= {"ask": nn.Linear(WIDTH, WIDTH), "key": nn.Linear(space.K, WIDTH)}
    parts |= {"hidden": nn.Linear(WIDTH + space.K, HIDDEN), "told": nn.Linear(HIDDEN, 2 * len(space.feelings))}
    net = nn.ModuleDict(parts)
    for sense in SENSES:
        net.register_parameter(f"{sense}_absent", nn.Parameter(zeros(WIDTH)))
    return net


def _run(net: Any, senses: dict[str, Any], bank: Any) -> tuple[Any, Any]:
    """As `animator.embedders.fusion.fuse` does it, in torch."""
    import torch

    seen = {sense: net[sense](tokens).tanh() for sense, tokens in senses.items()}
    pooled: Any = 0
    for sense, other in (SENSES, SENSES[::-1]):
        if sense in seen:
            own = seen[sense]
            absent = getattr(net, f"{other}_absent").expand(len(own), 1, WIDTH)
            tokens = absent if other not in seen else torch.cat([seen[other], absent], dim=1)
            shares = torch.softmax(net[f"{sense}_query"](own) @ net[f"{other}_key"](tokens).transpose(1, 2) / WIDTH**0.5, dim=-1)
            pooled = pooled + (own + shares @ net[f"{other}_value"](tokens)).mean(dim=1)
    shares = torch.softmax(net["ask"](pooled) @ net["key"](bank).T, dim=-1)
    hidden = net["hidden"](torch.cat([pooled, shares @ bank], dim=1)).relu()
    mean, spread = net["told"](hidden).chunk(2, dim=1)
    return mean.sigmoid(), spread.clamp(max=1.0).exp().clamp(CERTAIN, UNCERTAIN)


def _score(net: dict[str, np.ndarray], asked: _Pairs, space: Space, rng: np.random.Generator) -> dict[str, Any]:
    """Recall of the feeling and mean error of its intensity on pairs held out, by voice, by face and by both."""
    senses, wanted = asked.batch(600, rng)
    truth = np.where(wanted.max(axis=1) > 0.1, wanted.argmax(axis=1) + 1, 0)
    out: dict[str, Any] = {}
    for name, used in (("voice", SENSES[:1]), ("face", SENSES[1:]), ("both", SENSES)):
        mean, _ = fuse({sense: senses[sense] for sense in used}, space.bank, net)
        told = np.where(mean.max(axis=1) > 0.1, mean.argmax(axis=1) + 1, 0)
        out[name] = {"recall": recall(told, truth, len(space.feelings) + 1), "error": float(np.abs(mean - wanted).mean())}
    return out
