"""Moods in a dialogue: each person's own emotion lingers (inertia), and others' emotions reach them (contagion).

These two are what EmotionIC (Liu et al. 2023, arXiv 2303.11117) finds that the emotion of a turn hangs on: the speaker's own
turns before, and the others'. Its nets read emotions and make none, so the equations are those of the models of affect:

- **Contagion** is absorption (Bosse et al. 2009, PRIMA): ``dq/dt = g (q* - q)``, where the strength ``g = sum(g_s)`` and the
  target ``q* = sum(g_s q_s) / g`` are summed over all that draws a mood. A sender's ``g_s`` is the receiver's openness times the
  strength of the channel. What one says with feeling draws one's own mood likewise, with strength 1.
- **Inertia** is the autoregression of moods about a home base (Kuppens, Oravecz and Tuerlinckx 2010, JPSP 99), which here is
  one more that draws, weakly and always: after `STEP` seconds drawn with strength 1, the share ``inertia`` of the distance is
  left.
- **Personality** sets the home base and weighs the change in valence, arousal and dominance (Wen et al. 2021, Findings of ACL;
  2024, ACM TOIS 42: the mood moves by the change that the dialogue calls for times the personality). Both come from the Big
  Five by Mehrabian's regression (1996, Current Psychology 14).

A mood is a code of `animator.embedders.space`: valence, arousal and dominance, and coordinates that tell apart what these three
do not, such as anger from disgust; those follow at the mean of the three paces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32, Float64

from animator.core.scene import Traits

STEP = 2.0
"""Seconds of one step of inertia: about a turn (Levinson and Torreira 2015: 1.7 s in the mean)."""

HOMEWARDS = 0.1
"""How strongly a mood is drawn to its home base, beside 1 of what one says with feeling."""

SHOWN = 0.2
"""Share of a temperament that a face rests in: a home base is an average of a whole life, most of it mild."""

PACES = (0.25, 2.0)
"""Slowest and quickest pace that personality gives a coordinate; 1 is most people's."""


class Heard(NamedTuple):
    """One turn as moods see it: who says it, its first frame and the frame after its last; what is felt in it, ``[frames K]``
    (the speaker's mood, if absent); and whom it reaches, with the strength of the channel.
    """

    who: int
    first: int
    stop: int
    felt: np.ndarray | None
    reaches: Mapping[int, float]


@dataclass(frozen=True, eq=False)
class Person:
    """What decides how a mood moves: where it begins and where its home is, ``[K]``; the pace of each coordinate, ``[K]``;
    inertia and openness to others' feelings, each in [0, 1].
    """

    begins: np.ndarray
    home: np.ndarray
    paces: np.ndarray
    inertia: float
    contagion: float


def temperament(traits: Traits) -> Float64[np.ndarray, " 3"]:
    """Valence, arousal and dominance that a personality tends to, each about [-1, 1]; 0 for average traits.

    Mehrabian's (1996) weights, for traits as deviations from the average. His fifth factor is emotional stability; neuroticism
    is its opposite, so that the signs are turned here, which Wen et al. leave as they were.
    """
    o, c, e, a, n = (2.0 * trait - 1.0 for trait in vars(traits).values())
    return np.array([0.21 * e + 0.59 * a - 0.19 * n, 0.15 * o + 0.30 * a + 0.57 * n, 0.25 * o + 0.17 * c + 0.60 * e - 0.32 * a])


def paces(traits: Traits, coordinates: int) -> Float64[np.ndarray, " K"]:
    """How readily each coordinate of a mood moves, in `PACES`; 1 for average traits."""
    three = np.clip(1.0 + temperament(traits), *PACES)
    return np.concatenate([three, np.full(coordinates - 3, three.mean())])


def drawn(
    mood: Float64[np.ndarray, " K"], pulls: Sequence[tuple[float, np.ndarray]], person: Person, seconds: float
) -> Float64[np.ndarray, " K"]:
    """A mood after so many seconds in which it is drawn by each (strength, code ``[K]``) alike."""
    strength = sum(weight for weight, _ in pulls)
    if strength == 0:
        return mood
    target = sum((weight * np.asarray(code, dtype=np.float64) for weight, code in pulls), np.zeros(len(mood))) / strength
    left = person.inertia ** (person.paces * strength * seconds / STEP)
    moved: np.ndarray = mood + (1.0 - left) * (target - mood)
    return moved


def moods(people: Sequence[Person], turns: Sequence[Heard], frames: int, seconds: float) -> Float[np.ndarray, "P T K"]:
    """The mood of each person at each frame, which takes so many ``seconds``; those who speak together draw all who hear them."""
    state = np.stack([person.begins.astype(np.float64) for person in people])
    out = np.empty((len(people), frames, state.shape[1]))
    for t in range(frames):
        out[:, t] = state
        said = [turn for turn in turns if turn.first <= t < turn.stop]
        shown = [state[turn.who] if turn.felt is None else turn.felt[t - turn.first] for turn in said]
        moved = []
        for i, person in enumerate(people):
            pulls = [(HOMEWARDS, person.home)]
            for turn, code in zip(said, shown, strict=True):
                if turn.who == i and turn.felt is not None:
                    pulls.append((1.0, code))
                elif turn.who != i:
                    pulls.append((person.contagion * turn.reaches.get(i, 0.0), code))
            moved.append(drawn(state[i], pulls, person, seconds))
        state = np.stack(moved)
    return out


def net(
    weights: Float32[np.ndarray, "T E"], valences: Float32[np.ndarray, " E"], other: Float32[np.ndarray, "T E"]
) -> Float32[np.ndarray, "T E"]:
    """What is left of feelings when their pleasant and unpleasant parts have cancelled out with the unpleasant and pleasant
    ones of ``other``, which may be themselves: a smile that fades into sorrow passes through neutral, and is not shown beside it.

    ``valences`` are the feelings' own, in [-1, 1].
    """
    good, bad = (weights @ np.maximum(sign * valences, 0) for sign in (1, -1))
    against = [other @ np.maximum(sign * valences, 0) for sign in (-1, 1)]
    left = [np.maximum(mine - theirs, 0) / np.maximum(mine, 1e-6) for mine, theirs in zip((good, bad), against, strict=True)]
    out: np.ndarray = weights * np.where(valences >= 0, left[0][:, None], left[1][:, None])
    return out.astype(np.float32)
