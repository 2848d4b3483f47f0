"""Speech and feelings to a talking face by a net that learned it from people and from a teacher fitted to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float64

from animator.core.emotion import Emotion
from animator.core.features import Features
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.rig import Rig
from animator.core.settings import check_dials
from animator.core.spoken import phones, targets
from animator.core.track import frame_count
from animator.errors import InputError, UnknownNameError
from animator.generators.curves import window
from animator.generators.expression import feelings
from animator.generators.life import living
from animator.generators.life.living import Life
from animator.generators.speech.contacts import keep_contacts
from animator.generators.speech.prosody import prosody

RANGES = {"style_amount": 2.0, "variety": 2.0, "effort": 5.0} | living.RANGES
"""Highest value of each dial; the lowest is 0."""

STEP = 40
"""Milliseconds of one step of look-ahead."""

FRAME = 20
"""Milliseconds of a frame."""

ALL = 840
"""Milliseconds of look-ahead beyond which nothing is gained."""

REST = 0.1
"""Seconds before a phrase in which lips may already part, and after it in which they come to rest."""

UPPER = ("brows", "eyes", "nose", "cheeks")
"""Regions that the dial ``effort`` moves."""


@dataclass(frozen=True)
class Learned:
    """A talking face by a net.

    Parameters
    ----------
    style
        How it is said: usual, calm, broadcast, animated or mumbled; or a motion file (.npz) of somebody who speaks that way.
    style_amount
        How much of the style, [0, 2].
    variety
        How much performances of one line with different seeds differ, [0, 2]; 0 = all are the one that is expected.
    look_ahead
        Milliseconds into the future that each window of 80 ms may use, in steps of 40; 840, the most, is the whole clip.
    effort
        How much brows and lids answer stress and vocal effort, [0, 5].
    blink
        Rate of blinks as a multiple of people's, [0, 5]; 0 = none.
    gaze
        Size of looks away, [0, 2]; at 0 the eyes stay on the camera.
    head_motion
        Range of head motion, [0, 3].
    breath
        Size of the signs of breath, [0, 3].

    Raises
    ------
    InputError
        A dial is out of its range.

    Notes
    -----
    A feeling changes the neutral face of the same speech in proportion to its intensity; contacts of the lips are then made,
    whatever is felt. Each kind of life draws from a stream of its own.
    """

    style: str = "usual"
    style_amount: float = 1.0
    variety: float = 1.0
    look_ahead: int = ALL
    effort: float = 1.0
    blink: float = 1.0
    gaze: float = 1.0
    head_motion: float = 1.0
    breath: float = 1.0

    def __post_init__(self) -> None:
        check_dials(self, RANGES)
        if not 0 <= self.look_ahead <= ALL or self.look_ahead % STEP:
            raise InputError(f"the look-ahead lies in [0, {ALL}] ms in steps of {STEP}, not {self.look_ahead}")

    def generate(self, features: Features, emotion: Emotion, rig: Rig, rng: np.random.Generator) -> Motion:
        """Move a face; see `base.Generator`. Features need phone channels; loudness, pitch and effort are used if there."""
        if len(features) == 0 or len(emotion) == 0:
            raise InputError("features and emotion of at least one frame are needed to move a face")
        frames = frame_count(Fraction(len(features)) / features.fps, GENERATOR_FPS)
        times = np.arange(frames) / float(GENERATOR_FPS)
        heard = phones(features)
        said = targets(heard)
        delivery = prosody(features, heard, times)
        felt = feelings(emotion, rig, times)
        talking = window(times, delivery.phrases, REST, REST)[:, None]
        values = np.empty((frames, len(rig.controls)), dtype=np.float32)
        done = 0
        for face, spoken in self._acted(features, felt, talking, rig, rng.spawn(1)[0]):
            piece = slice(done, done + len(face))
            done = piece.stop
            nearby = said.about(times[piece.start], times[piece.stop - 1])
            values[piece] = keep_contacts(face, spoken, times[piece], nearby, rig)
        Life(self.blink, self.gaze, self.head_motion, self.breath).add(values, times, delivery, felt, rig, rng)
        return Motion(rig.names, values, GENERATOR_FPS)

    def _acted(
        self, features: Features, felt: Mapping[str, np.ndarray], talking: np.ndarray, rig: Rig, rng: np.random.Generator
    ) -> Iterator[tuple[Float64[np.ndarray, "T C"], Float64[np.ndarray, "T C"]]]:
        """Pieces of the face within its limits, and of what it does for speech alone, relative to rest; contacts come after."""
        from animator.generators.acting.cast import cast
        from animator.generators.acting.hearing import heard
        from animator.generators.acting.performer import Manner, Performer
        from animator.generators.acting.prior import FRAMES, columns
        from animator.generators.acting.style import style_row

        played = cast()
        frames = len(talking)
        for name in felt:
            if name not in played.feelings:
                raise UnknownNameError("feeling", name, played.feelings, "the generator learned")
        moved = columns(rig)
        if len(moved) != played.prior.controls:
            raise InputError(f"learned moves the rig that it learned, and {rig.name!r} has other controls; use visemes")
        unmoved = ~np.isin(np.arange(len(rig.controls)), moved)  # the lids and the head, which the prior leaves to life
        style = style_row(self.style, self.style_amount, rig, played.reader)
        manner = Manner(style, self.look_ahead // FRAME, self.variety, self.effort)
        performer = Performer(played, manner, rig.region(*UPPER)[moved], rng)
        padded = -(-frames // FRAMES) * FRAMES
        known = (felt.get(name, np.zeros(frames)) for name in played.feelings)
        wanted = np.stack([np.pad(each, (0, padded - frames), mode="edge") for each in known], axis=1).astype(np.float32)
        lips = rig.region("mouth", "jaw", "tongue", "cheeks")
        fed = told = 0
        for piece in heard(features, padded):
            now = slice(fed, fed + len(piece))
            fed = now.stop
            performed = performer.feed(piece, wanted[now], last=fed == padded)
            now = slice(told, min(told + len(performed.felt), frames))
            told = now.stop
            face = np.tile(rig.rest.astype(np.float64), (now.stop - now.start, 1))
            spoken = np.zeros_like(face)
            spoken[:, moved] = np.clip(performed.neutral[: len(face)], rig.low[moved], rig.high[moved]) - rig.rest[moved]
            for name, intensity in felt.items():
                face += intensity[now, None] * (rig.row(rig.emotions[name]) - rig.rest) * unmoved
            face[:, moved] = performed.felt[: len(face)]
            silent = np.where(lips, (talking[now] - 1.0) * spoken, 0.0)  # lips rest where nothing is said
            yield np.clip(face + silent, rig.low, rig.high), spoken + silent
