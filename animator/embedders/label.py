"""`Label`: one feeling, or one mixture, from beginning to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from animator.core.audio import Audio
from animator.core.emotion import ALL, NEUTRAL, Emotion
from animator.core.feelings import Own, written_out
from animator.core.motion import GENERATOR_FPS
from animator.core.script import felt, parse_feelings, weigh
from animator.core.track import frame_count
from animator.embedders.base import LENGTH
from animator.embedders.space import blends, directed


@dataclass(frozen=True)
class Label:
    """The feeling that it is told, throughout.

    Parameters
    ----------
    feelings
        ``happy``, ``happy:0.7`` or ``happy:0.6,surprised:0.4``; weights are in [0, 1], and 1 where none is given. Besides the
        rig's own feelings, the categories and words of ``assets/categories.toml``: ``elation:0.8``. ``brows:sad:0.8`` is felt by
        the brows alone, besides what the whole face feels (`animator.core.rig.REGIONS`). ``vad(-0.6,0.7,-0.3)`` is the feeling at
        a point of valence, arousal and dominance.
    """

    hears: ClassVar[str] = LENGTH

    feelings: str = NEUTRAL

    def __post_init__(self) -> None:
        parse_feelings(self.feelings)

    def knowing(self, own: Own) -> Label:
        """The same, with feelings of a director's own written out."""
        return replace(self, feelings=written_out(self.feelings, own))

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """The feeling over the length of ``audio``, at 50 Hz, with its code; `UnknownNameError` for one that nobody knows."""
        frames = frame_count(audio.seconds, GENERATOR_FPS)
        nothing = {ALL: np.zeros(len(felt(feelings)), dtype=np.float32)}
        weights = nothing | weigh(self.feelings, feelings, blends=blends(tuple(feelings)))
        return directed({region: np.tile(mine, (frames, 1)) for region, mine in weights.items()}, feelings)
