"""`Painter`: the shipped net at work on one clip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import cache

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from torch import Tensor

from animator.core.emotion import Emotion
from animator.core.track import resample
from animator.errors import InputError
from animator.reenactors.moved.mover import Look
from animator.reenactors.refine.looks import colours, framed, guides, heads, refined, window
from animator.reenactors.refine.net import Given, Refiner
from animator.reenactors.refine.sampling import sample


@contextmanager
def one_thread() -> Iterator[None]:
    """Torch works in the calling thread alone, meanwhile: others would wait for the cores on which the next frames are moved."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class Painter:
    """A net, and the noise that all of a clip starts from.

    Parameters
    ----------
    net, feelings
        The network, on its device, and the feelings whose anchors it knows.
    steps, guidance
        As of `sampling.sample`.
    precision
        ``float32``, ``bfloat16`` or ``float16``.
    seed
        Of the noise.
    batch
        Pictures that the net sees at once; fewer are filled up, since what it says of one depends in its last bits on how many
        there are. So a picture is the same in whichever part of a clip it is made.
    """

    def __init__(
        self,
        net: Refiner,
        feelings: tuple[str, ...],
        steps: int,
        guidance: Mapping[str, float],
        precision: str,
        seed: int,
        batch: int,
    ) -> None:
        self._net, self._feelings, self._steps, self._guidance = net, feelings, steps, guidance
        self._device = net.bank.anchors.device
        self._kind: torch.dtype = getattr(torch, precision)
        self._seed, self._batch = seed, batch

    def codes(self, emotion: Emotion | None, count: int, fps: Fraction) -> Float32[np.ndarray, "T K"] | None:
        """What is felt at each frame of a clip, in the space of the embedder; None where nobody knows."""
        if emotion is None or not len(emotion):
            return None
        felt = resample(emotion, fps, count)
        if felt.code is not None:
            return felt.code.mean
        anchors = dict(zip(self._feelings, self._net.bank.anchors.cpu().numpy(), strict=True))
        nothing = np.zeros(self._net.bank.anchors.shape[1], dtype=np.float32)
        table = np.stack([anchors.get(name, nothing) for name in felt.names])
        known: np.ndarray = (felt.values[..., None] * table).sum(
            axis=1
        )  # not a product of matrices, whose last bits know its rows
        return known

    @torch.inference_mode()
    @one_thread()
    def paint(
        self,
        looks: Sequence[Look],
        references: Sequence[UInt8[np.ndarray, "S S 3"]],
        codes: Float32[np.ndarray, "B K"] | None,
    ) -> UInt8[np.ndarray, "B S S 3"]:
        """Some frames, a batch at most, refined; ``references`` are the photos that they come from, in the crop."""
        if not looks:
            return np.empty((0, 0, 0, 3), dtype=np.uint8)
        asked, device, count = len(looks), self._device, self._batch
        each_of = np.minimum(np.arange(count), asked - 1)
        looks, references = ([several[k] for k in each_of] for several in (looks, references))
        one = all(each is references[0] for each in references)  # then the net looks at it once
        reference = colours(np.stack(references[:1] if one else references), device)
        rows, columns = within = window(reference.shape[-1])
        noise = _noise(self._seed, reference.shape[-1], device)[..., rows, columns]
        warped = np.stack([look.warped for look in looks])
        code = torch.zeros(count, self._net.bank.anchors.shape[1]) if codes is None else torch.from_numpy(codes[each_of])
        inside, seen, normals = (
            np.stack([getattr(look, name)[within] for look in looks]) for name in ("inside", "seen", "normals")
        )
        guide = guides(inside, seen, normals, device)
        given = Given(
            colours(warped[:, rows, columns], device),
            guide,
            reference[..., rows, columns],
            code.to(device),
            torch.full((count,), float(codes is not None), device=device),
            framed(heads(guide)),
        )
        with torch.autocast(device.type, self._kind, enabled=self._kind is not torch.float32):
            residual = sample(self._net, given, noise, self._steps, self._guidance)
        warped[:, rows, columns] = refined(warped[:, rows, columns], residual)
        return warped[:asked]


@cache
def _noise(seed: int, size: int, device: torch.device) -> Tensor:
    """What all pictures of a seed start from, ``float [1 3 S S]``."""
    return torch.randn((1, 3, size, size), generator=torch.Generator().manual_seed(seed)).to(device)


def device_of(name: str) -> torch.device:
    """A device that torch has here, by its name; `InputError` for another."""
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise InputError(f"torch has no device {name!r} here; 'cpu' is always there") from error
    return device
