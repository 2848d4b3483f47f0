"""What is wrong with a refined face: its pixels and edges, a mouth that looks unreal, a feeling that cannot be read from it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from animator.reenactors.refine.looks import GAIN
from animator.training.portrait.lessons import Lesson

WINDOW = 64
"""Pixels a side to which mouths are brought before they are judged."""


@dataclass(frozen=True)
class Weights:
    """How much each error counts.

    Parameters
    ----------
    mouth, eyes
        What an error in the box of the mouth or of an eye counts more than one elsewhere, which counts 1.
    edges
        Of errors of differences between pixels side by side, against blur.
    feeling
        Of the emotion discrimination objective.
    real
        Of the critic of mouths.
    """

    mouth: float = 6.0
    eyes: float = 3.0
    edges: float = 1.0
    feeling: float = 0.01
    real: float = 0.01


class Critic(nn.Module):
    """Tells real mouths from made ones, patch by patch (Isola et al. 2017)."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(4, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 4 * width, 3, 1, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(4 * width, 1, 3, 1, 1),
        )

    def forward(self, mouths: Tensor) -> Tensor:
        """``float [B 1 w w]``, above 0 where a patch looks real, of ``float [B 4 W W]``: colours and inside."""
        told: Tensor = self.layers(mouths)
        return told


def pixels(made: Tensor, lesson: Lesson, weights: Weights) -> Tensor:
    """Error of a residual and of its edges, on the scale of colours; where more is at stake it is weighted more.

    Of pixels the mean of the error and four times its square: the former leaves alone what the warp does right, the latter pulls
    at what it lacks from the first step on, when the median of what may be lacking is still nothing.
    """
    error = (made - lesson.residual) / GAIN
    stake = stakes(lesson.boxes, error.shape[-1], weights)
    across, down = error.diff(dim=3), error.diff(dim=2)
    edges = (across.abs() * stake[..., 1:]).mean() + (down.abs() * stake[..., 1:, :]).mean()
    return (((error.abs() + 4 * error**2) * stake).mean() + weights.edges * edges) / stake.mean()


def stakes(boxes: Tensor, size: int, weights: Weights) -> Tensor:
    """``float [B 1 S S]``: what an error counts at each pixel."""
    at = torch.arange(size, device=boxes.device)
    low, high = boxes[..., :2, None], boxes[..., 2:, None]
    within = ((at >= low) & (at < high)).float()
    more = torch.tensor([weights.mouth, weights.eyes, weights.eyes], device=boxes.device)
    return 1 + torch.einsum("bpy,bpx,p->byx", within[:, :, 1], within[:, :, 0], more)[:, None]


def readable(told: Tensor, felt: Tensor, rows: Tensor) -> Tensor:
    """How badly log-odds tell the feelings of those rows: cross entropy with their weights, above its least."""
    if not rows.any():
        return told.sum() * 0.0
    wanted = felt[rows].clamp(0, 1)
    least = functional.binary_cross_entropy(wanted, wanted)
    return functional.binary_cross_entropy_with_logits(told[rows], wanted) - least


def realness(critic: Critic, made: Tensor, lesson: Lesson) -> tuple[Tensor, Tensor]:
    """What the maker loses by mouths that are seen to be made, and what the critic loses (hinge); each trains its own alone.

    Judged are the mouths that are wholly in their picture; with none nothing is lost.
    """
    box = lesson.boxes[:, 0]
    shown = ((box >= 0) & (box <= made.shape[-1])).all(dim=1)
    if not shown.any():
        return made.sum() * 0.0, made.detach().sum() * 0.0
    given = lesson.given
    frozen = {name: parameter.detach() for name, parameter in critic.named_parameters()}
    true, false = (_mouths(given.warped + residual / GAIN, lesson)[shown] for residual in (lesson.residual, made))
    fooled: Tensor = -functional_call(critic, frozen, (false,)).mean()
    caught = functional.relu(1 - critic(true)).mean() + functional.relu(1 + critic(false.detach())).mean()
    return fooled, caught


def _mouths(pictures: Tensor, lesson: Lesson) -> Tensor:
    """``float [B 4 W W]``: the mouth's box, with the share of each pixel that is inside the mouth."""
    size = pictures.shape[-1]
    box = lesson.boxes[:, 0].float()
    middle = (box[:, :2] + box[:, 2:]) / size - 1
    reach = (box[:, 2:] - box[:, :2]).amax(dim=1) / size
    turn = torch.eye(2, device=box.device) * reach[:, None, None]
    grid = functional.affine_grid(
        torch.cat([turn, middle[:, :, None]], dim=2), [len(box), 4, WINDOW, WINDOW], align_corners=False
    )
    seen = torch.cat([pictures, lesson.given.guide[:, :1]], dim=1)
    return functional.grid_sample(seen, grid, align_corners=False, padding_mode="border")
