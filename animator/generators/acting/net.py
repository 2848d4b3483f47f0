"""`Actor`: what a face does to what is said and felt, in the language of latents that the prior speaks.

Three parts, each a latent offset for every window of 80 ms:

- **speech**: phones and loudness through convolutions at 25 Hz that look as far ahead as they are allowed (`animator.nn.ahead`),
  leaning to a style; alone, it is the neutral face;
- **answer**: what brows, lids and mouth do to stress, pitch and vocal effort;
- **feeling**: what an emotion's code, at full intensity, does to that content (as PC-Talk has it: the felt face less the neutral
  one of the same speech). Its last layer begins at zero, and what it does is multiplied by the intensity, so that without a
  feeling the face is the neutral one to the bit.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from animator.generators.acting.hearing import PROSODY, SPEECH
from animator.generators.acting.prior import FRAMES
from animator.nn.ahead import FULL, Block, Flow, Plan, plan, whole
from animator.nn.asking import Ask, Asking

STEP = 2
"""Frames of 20 ms that the blocks hear as one; what is 10 ms apart still stands side by side in them."""

DILATIONS = (1, 1, 2, 2, 1)
"""Of the blocks that hear speech, in steps: with three taps on either side, 0.84 s."""

PACE = (1, 1, 2)
"""Of the blocks that hear how it is said, in windows: 0.96 s."""

TAPS = 3

AHEAD = STEP * TAPS * sum(DILATIONS)
"""Frames of 20 ms ahead of which more changes nothing."""


class Acted(NamedTuple):
    """Latent offsets, each ``float [B W D]``."""

    speech: Tensor
    answer: Tensor
    feeling: Tensor


class Actor(nn.Module):
    """The network.

    Parameters
    ----------
    anchors
        ``float [E K]``: the code of each feeling at full intensity, as the space of the embedders has it.
    styles
        How many parameters a style has.
    latent
        Size of the prior's latents.
    width, hidden
        Of the blocks that hear speech.
    answer, feeling
        Widths of those two parts.
    """

    def __init__(
        self, anchors: Tensor, styles: int, latent: int, width: int = 128, hidden: int = 256, answer: int = 64, feeling: int = 192
    ) -> None:
        super().__init__()
        self.anchors: Tensor
        self.register_buffer("anchors", anchors)
        self.stem = nn.Linear(STEP * SPEECH, width)
        self.lean = nn.Linear(styles, width)
        self.blocks = nn.ModuleList(Block(width, hidden, d, TAPS) for d in DILATIONS)
        self.speak = nn.Sequential(
            nn.LayerNorm(FRAMES // STEP * width), nn.Linear(FRAMES // STEP * width, hidden), nn.GELU(), nn.Linear(hidden, latent)
        )
        self.pitch = nn.Linear(FRAMES * PROSODY, answer)
        self.pace = nn.ModuleList(Block(answer, 2 * answer, d, TAPS) for d in PACE)
        self.reply = nn.Sequential(nn.LayerNorm(answer), _from_zero(answer, latent))
        self.content = nn.Linear(FRAMES // STEP * width, feeling)
        self.direction = nn.Linear(anchors.shape[1], feeling)
        self.turns = nn.ModuleList(Block(feeling, 2 * feeling, 1, TAPS) for _ in range(2))
        self.express = nn.Sequential(nn.LayerNorm(feeling), _from_zero(feeling, latent))

    def forward(self, heard: Tensor, style: Tensor, direction: Tensor, ahead: int = FULL) -> Acted:
        """Act a whole clip.

        Parameters
        ----------
        heard
            ``float [B T SPEECH + PROSODY]``, as `hearing.heard` gives it; T is a multiple of `FRAMES`.
        style
            ``float [B S]``, 0 = usual.
        direction
            ``float [B W K]``: the code of what is felt, at full intensity, for each of the W windows.
        ahead
            Frames of 20 ms after a window that may be used.
        """
        speech, answer, feeling = self.plans(ahead)
        said, how = heard[..., :SPEECH], heard[..., SPEECH:]
        spoken = side_by_side(whole(speech, self.stem(side_by_side(said, STEP)) + self.lean(style)[:, None]), FRAMES // STEP)
        replied = whole(answer, self.pitch(side_by_side(how, FRAMES)))
        felt = whole(feeling, self.content(spoken) + self.direction(direction))
        return Acted(self.speak(spoken), self.reply(replied), self.express(felt))

    def plans(self, ahead: int) -> tuple[Plan, Plan, Plan]:
        """The blocks of speech, answer and feeling with their shares of the look-ahead; a feeling never looks ahead."""
        return plan(self.blocks, ahead // STEP), plan(self.pace, ahead // FRAMES), plan(self.turns, 0)


class Stage:
    """One clip in one style, acted piece by piece; all pieces together are what the whole gives."""

    def __init__(self, actor: Actor, style: Tensor, ahead: int) -> None:
        speech, answer, feeling = actor.plans(ahead)
        self._actor, self._lean = actor, actor.lean(style)
        self._speech, self._answer, self._feeling = Flow(speech), Flow(answer), Flow(feeling)
        self._said, self._how = torch.zeros(1, 0, SPEECH), torch.zeros(1, 0, PROSODY)
        self._spoken = torch.zeros(1, 0, actor.stem.out_features)
        self._replied = torch.zeros(1, 0, actor.pitch.out_features)
        self._direction = torch.zeros(1, 0, actor.direction.in_features)

    def feeding(self, heard: Tensor, direction: Tensor, last: bool = False) -> Asking[Acted]:
        """Take the next frames.

        Parameters
        ----------
        heard, direction
            ``float [1 T SPEECH + PROSODY]`` and ``float [1 T K]``, T at least 0; all in all a multiple of `FRAMES`.
        last
            Whether nothing comes after them.

        Returns
        -------
        Acted
            The windows that can be told by now.
        """
        actor = self._actor
        said, self._said = _whole_groups(torch.cat([self._said, heard[..., :SPEECH]], dim=1), STEP)
        how, self._how = _whole_groups(torch.cat([self._how, heard[..., SPEECH:]], dim=1), FRAMES)
        stem = yield Ask(actor.stem, (side_by_side(said, STEP),))
        spoken = yield from self._speech.feeding(stem + self._lean, last)
        replied = yield from self._answer.feeding((yield Ask(actor.pitch, (side_by_side(how, FRAMES),))), last)
        self._spoken = torch.cat([self._spoken, spoken], dim=1)
        self._replied = torch.cat([self._replied, replied], dim=1)
        self._direction = torch.cat([self._direction, direction], dim=1)
        ready = min(self._spoken.shape[1] * STEP // FRAMES, self._replied.shape[1])
        (spoken, self._spoken), (replied, self._replied), (wanted, self._direction) = (
            (held[:, :first], held[:, first:])
            for held, first in (
                (self._spoken, ready * FRAMES // STEP),
                (self._replied, ready),
                (self._direction, ready * FRAMES),
            )
        )
        spoken = side_by_side(spoken, FRAMES // STEP)
        content = yield Ask(actor.content, (spoken,))
        felt = yield from self._feeling.feeding(content + (yield Ask(actor.direction, (centres(wanted),))))
        return Acted(
            (yield Ask(actor.speak, (spoken,))), (yield Ask(actor.reply, (replied,))), (yield Ask(actor.express, (felt,)))
        )


def side_by_side(frames: Tensor, count: int) -> Tensor:
    """``float [B T / count, count * C]`` from ``float [B T C]``: so many frames as one."""
    side: Tensor = frames.reshape(len(frames), -1, count * frames.shape[2])
    return side


def centres(frames: Tensor) -> Tensor:
    """``float [B W C]`` from ``float [B T C]``: the mean of each window."""
    return frames.reshape(len(frames), -1, FRAMES, frames.shape[2]).mean(dim=2)


def _whole_groups(frames: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """As many of ``float [1 T C]`` as fill groups of ``count``, and those that are left."""
    full = frames.shape[1] // count * count
    return frames[:, :full], frames[:, full:]


def _from_zero(inputs: int, outputs: int) -> nn.Linear:
    """A layer that gives 0 until it has learned something."""
    layer = nn.Linear(inputs, outputs)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer
