"""`Prompted`: feelings told while they are felt: what `script.Script` makes of the same cues, frame by frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from animator.core.curves import smoothstep
from animator.core.emotion import ALL, NEUTRAL, Emotion, channel, parts_of
from animator.core.feelings import Own, written_out
from animator.core.motion import GENERATOR_FPS
from animator.core.script import feelings_text, felt, parse_feelings, weigh
from animator.embedders.space import blends


class _Turn(NamedTuple):
    """A change of one track: when it begins and how many seconds it takes, and where it leads, ``[E]``."""

    start: float
    ease: float
    weights: np.ndarray


class Prompted:
    """What one face feels.

    Parameters
    ----------
    feelings
        The rig's, without poses of a director's own.
    """

    def __init__(self, feelings: Sequence[str]) -> None:
        self._feelings = tuple(feelings)
        self._names = felt(feelings)
        self._own: Own = {}
        self._tracks: dict[str, list[_Turn]] = {ALL: []}
        self._frame = 0
        blends(self._feelings)  # which takes a while the first time

    @property
    def now(self) -> float:
        """Seconds at which the next frame stands."""
        return self._frame / float(GENERATOR_FPS)

    def knows(self, own: Own, poses: Sequence[str]) -> None:
        """From now on, these feelings of a director's own may be felt too; ``poses`` are those among them that have one."""
        self._own = own
        self._names += tuple(name for name in poses if name not in self._names)

    def feel(self, feelings: Mapping[str, float], ease: float, besides: bool) -> None:
        """From the next frame on, feel this: intensity in [0, 1] by channel (`core.emotion.channel`); none is neutral.

        Regions, and the whole face, that are not named stay as they are if ``besides``; else they come to rest. In the first
        frame, a feeling is there at once.

        Raises
        ------
        UnknownNameError
            Nobody knows the feeling.
        """
        wanted = self._weigh(feelings_text(feelings or {NEUTRAL: 1.0}))
        for region in () if besides else self._tracks:
            wanted.setdefault(region, np.zeros(len(self._names), dtype=np.float32))
        for region, weights in wanted.items():
            self._tracks.setdefault(region, []).append(_Turn(self.now, ease if self._frame else 0.0, weights))

    def next(self, frames: int) -> Emotion:
        """What is felt in the next frames, at least one, without a code."""
        times = (self._frame + np.arange(frames)) / float(GENERATOR_FPS)
        self._frame += frames
        names, columns = list[str](), []
        for region, turns in self._tracks.items():
            values, done = np.zeros((frames, len(self._names))), 0
            for i, turn in enumerate(turns):
                since = times - turn.start
                share = smoothstep(since / turn.ease) if turn.ease else np.ones(frames)
                values += share[:, None] * (np.pad(turn.weights, (0, len(self._names) - len(turn.weights))) - values)
                done = i if share[-1] == 1.0 else done
            self._tracks[region] = turns[done:]
            held = np.flatnonzero(values.any(axis=0)) if region != ALL else np.arange(len(self._names))
            names += [channel(region, self._names[i]) for i in held]
            columns.append(values[:, held])
        self._tracks = {
            region: turns for region, turns in self._tracks.items() if region == ALL or any(turn.weights.any() for turn in turns)
        }
        return Emotion(tuple(names), np.clip(np.concatenate(columns, axis=1), 0.0, 1.0).astype(np.float32), GENERATOR_FPS)

    def _weigh(self, text: str) -> dict[str, np.ndarray]:
        """Weights ``[E]`` of the whole face and of regions, as far as they are named; poses beside the rig's feelings."""
        told = parse_feelings(written_out(text, self._own))
        posed = {name: weight for name, weight in told.items() if parts_of(name)[1] in self._names[len(felt(self._feelings)) :]}
        rest = {name: weight for name, weight in told.items() if name not in posed}
        known = blends(self._feelings)
        weights = weigh(feelings_text(rest), self._feelings, blends=known) if rest else {}
        out = {region: np.pad(mine, (0, len(self._names) - len(mine))) for region, mine in weights.items()}
        for name, weight in posed.items():
            region, feeling = parts_of(name)
            out.setdefault(region, np.zeros(len(self._names), dtype=np.float32))[self._names.index(feeling)] = weight
        return out
