"""`Stream`: sound in pieces, heard as it comes; what comes out is what the whole gives, whatever the pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from animator.encoders.listening import mel
from animator.encoders.listening.net import STEM, STEP, Ear, Heard
from animator.nn.ahead import Flow
from animator.nn.asking import Ask, Asking, alone


class Piece(NamedTuple):
    """What could be told by now, frame by frame where it left off."""

    heard: Heard
    level: Tensor
    """``float [T]``: A-weighted dB."""


class Stream:
    """One sound, from its beginning to its end.

    Frame ``i`` comes out once the sound is known up to half a window after the later frame of its pair and the look-ahead:
    10 + 12.5 ms and ``20 * ahead`` ms after its instant.

    Parameters
    ----------
    ear
        The net.
    ahead
        Steps of 20 ms that it may look into the future.
    """

    def __init__(self, ear: Ear, ahead: int) -> None:
        self._ear = ear
        self._flow = Flow(ear.plan(ahead))
        self._sound = torch.zeros(1, mel.WINDOW // 2)
        self._mel = torch.zeros(1, STEM - STEP, mel.MELS)
        self._level = torch.zeros(0)
        self._samples = self._frames = 0

    def feed(self, samples: Tensor) -> Piece:
        """Take the next ``float [N]`` samples at 16 kHz, N at least 0."""
        return alone(self.feeding(samples))

    def feeding(self, samples: Tensor) -> Asking[Piece]:
        """`feed`, beside others."""
        self._samples += len(samples)
        self._sound = torch.cat([self._sound, samples[None]], dim=1)
        ready = max(0, (self._sound.shape[1] - mel.WINDOW) // mel.HOP + 1)
        return (yield from self._advance(ready - ready % STEP, last=False))

    def finish(self) -> Piece:
        """The rest, when no more sound comes: silence is heard after it."""
        return alone(self._finish())

    def _finish(self) -> Asking[Piece]:
        missing = mel.frames_in(self._samples) - self._frames
        need = (missing - 1) * mel.HOP + mel.WINDOW - self._sound.shape[1]
        self._sound = torch.cat([self._sound, torch.zeros(1, max(0, need))], dim=1)
        return (yield from self._advance(missing, last=True))

    def _advance(self, frames: int, last: bool) -> Asking[Piece]:
        power = mel.windowed(self._sound, frames) if frames else torch.zeros(1, 0, mel.SPECTRUM // 2 + 1)
        self._sound, self._frames = self._sound[:, frames * mel.HOP :], self._frames + frames
        self._level = torch.cat([self._level, mel.level(power)[0]])
        bands = torch.cat([self._mel, mel.log_mel(power)], dim=1)
        self._mel = bands[:, frames:]
        x = yield from self._flow.feeding((yield Ask(self._ear.begin, (bands,))), last)
        told = x.shape[1] * STEP
        level, self._level = self._level[:told], self._level[told:]
        return Piece((yield Ask(self._ear.tell, (x,))), level)


def joined(pieces: Sequence[Piece]) -> Piece:
    """Pieces of one sound, one after another, as one."""
    heard = Heard(*(torch.cat(parts, dim=1) for parts in zip(*(p.heard for p in pieces), strict=True)))
    return Piece(heard, torch.cat([p.level for p in pieces]))
