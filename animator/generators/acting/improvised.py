"""`Improvised`: a face moved by speech that is still coming.

A window of 80 ms is told as soon as all of it has been heard. What the rules of `generators.speech` say of a stretch is asked
again with each window, over the last seconds of what was heard; where more speech has changed their mind about the frame told
last, the difference is eased away over the next frames, so that nothing jumps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float32, Float64

from animator.core.emotion import ALL, Gesture
from animator.core.features import Features
from animator.core.lips import Lips
from animator.core.motion import GENERATOR_FPS
from animator.core.rig import Rig
from animator.core.spoken import Targets, phones, targets
from animator.generators.acting.ensemble import Ensemble, Felt
from animator.generators.acting.hearing import EACH, RATE, steps
from animator.generators.acting.role import Role
from animator.generators.expression import SPEAKING, beside_speech
from animator.generators.gestures import add_moves
from animator.generators.life.ongoing import Ongoing
from animator.generators.speech.articulation import articulated
from animator.generators.speech.contacts import keep_contacts
from animator.generators.speech.prosody import BEAT, parted, prosody
from animator.nn.asking import Asking

MEMORY = 2.0
"""Seconds of what was heard that still count: stress is told beside the other vowels of that stretch."""

EASE = (0.75, 0.45, 0.2, 0.05)
"""Share of a changed mind that is left in the frames after it."""


class Improvised:
    """One speaker.

    Parameters
    ----------
    role
        What moves the face; its look-ahead is part of the delay.
    life
        Blinks, gaze, head and breath, which go on in silence too.
    names
        Channels of what is heard, `RATE` frames a second.
    rig
        The controls to move.
    ways
        How a director has all of it said.
    """

    def __init__(self, role: Role, life: Ongoing, names: tuple[str, ...], rig: Rig, ways: Sequence[Lips] = ()) -> None:
        self._ensemble, self._life, self._names, self._rig, self._ways = Ensemble(role, rig), life, names, rig, ways
        self._heard = np.zeros((0, len(names)), dtype=np.float32)
        self._forgotten = self._told = 0
        self._moves: list[Gesture] = []
        self._last: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self._accent = -np.inf

    def knows(self, rig: Rig) -> None:
        """From now on, poses of feelings are those of ``rig``, whose controls are the same."""
        self._rig = rig

    def do(self, gesture: Gesture) -> None:
        """Do one of the rig's moves; its start is in seconds since the first frame, and lies ahead."""
        self._moves.append(gesture)

    def feeding(self, heard: Float32[np.ndarray, "T D"], felt: Mapping[str, Felt]) -> Asking[Float32[np.ndarray, "K C"]]:
        """Take what was heard next.

        Parameters
        ----------
        heard
            The next frames of features, an even number; what they are told of is told with no more known than these.
        felt
            What the whole face (`ALL`), and each region that feels otherwise, feels at the frames of motion that they span:
            intensity of each feeling, ``[T / 2]``.

        Returns
        -------
        ndarray
            The frames of motion, `GENERATOR_FPS` a second, that can be told by now, within the rig's limits.
        """
        if not len(heard):
            return np.zeros((0, len(self._rig.controls)), dtype=np.float32)
        self._heard = np.concatenate([self._heard, heard])
        frames, told = yield from self._ensemble.feeding(steps(self._names, heard), felt)
        if not frames:
            return np.zeros((0, len(self._rig.controls)), dtype=np.float32)
        recent = Features(self._names, self._heard, RATE)
        spoken_phones = phones(recent)
        since = self._forgotten / float(RATE)
        times = (self._told + np.arange(-1, frames)) / float(GENERATOR_FPS) - since
        delivery = prosody(recent, spoken_phones, times)
        talking = parted(times, delivery)
        said = targets(spoken_phones)
        played = self._ensemble.play(told, talking[1:])
        face, spoken = next(articulated(iter([played]), self._ways, (), times[1:], said, self._rig))
        values = self._eased(self._directed(face, spoken, talking[1:], told), spoken, times, said)
        new = delivery.accents + since > self._accent + BEAT
        self._accent = max([self._accent, *(delivery.accents[new] + since)])
        self._life.next(
            values,
            bool(delivery.talking[-1] > 0.5),
            delivery.prominence[new],
            self._ensemble.learned(told.get("head", told[ALL])),
        )
        self._told += frames
        self._forget()
        return values.astype(np.float32)

    def _directed(self, face: np.ndarray, spoken: np.ndarray, talking: np.ndarray, felt: Mapping[str, Felt]) -> np.ndarray:
        """The face with poses of a director's own, as far as they are felt, and with what it is to do once.

        Of a pose the mouth keeps the share that `SPEAKING` says while it speaks. Life's waver and the lag of the lower face,
        which a whole clip has besides, are left out.
        """
        rig = self._rig
        posed = np.zeros_like(face)
        parts = {region: rig.region(region) for region in felt if region != ALL} | {ALL: ~rig.region(*felt)}
        for region, feels in felt.items():
            for name in feels.keys() - self._ensemble.learned(feels).keys():
                posed += feels[name][:, None] * np.where(parts[region], rig.row(rig.emotions[name]) - rig.rest, 0.0)
        for region, share in SPEAKING.items():
            posed[:, rig.region(region)] *= (1.0 - (1.0 - share) * talking)[:, None]
        if posed.any():
            face = face + beside_speech(posed, spoken, rig)
        at = (self._told + np.arange(len(face))) / float(GENERATOR_FPS)
        add_moves(face, rig, self._moves, at)
        self._moves = [each for each in self._moves if each.start + rig.moves[each.name][-1][0] + each.hold > at[-1]]
        out: np.ndarray = np.clip(face, rig.low, rig.high)
        return out

    def _eased(self, face: np.ndarray, spoken: np.ndarray, times: np.ndarray, said: Targets) -> Float64[np.ndarray, "K C"]:
        """The next frames with their contacts, going on from the frame told last."""
        if self._last is None:
            out = keep_contacts(face, spoken, times[1:], said, self._rig)
        else:
            before, before_spoken, shown = self._last
            both = keep_contacts(np.vstack([before, face]), np.vstack([before_spoken, spoken]), times, said, self._rig)
            out = both[1:]
            ease = np.zeros(len(out))
            ease[: len(EASE)] = EASE[: len(out)]
            out = np.clip(out + ease[:, None] * (shown - both[0]), self._rig.low, self._rig.high)
        self._last = face[-1], spoken[-1], out[-1].copy()  # life is put on what was told, in place
        return out

    def _forget(self) -> None:
        """Drop what was heard so long ago that it counts no more."""
        old = len(self._heard) - round(MEMORY * float(RATE))
        old -= old % EACH
        if old > 0:
            self._heard = self._heard[old:]
            self._forgotten += old
