"""Speech and feelings to a talking face by a net that learned it from people and from a teacher fitted to people."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from animator.core.emotion import Emotion
from animator.core.features import Features
from animator.core.lips import Lips, lips_from
from animator.core.look import Look, looks_from
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.rig import Rig
from animator.core.settings import check_dials
from animator.core.spoken import phones, targets
from animator.core.track import frame_count
from animator.errors import InputError
from animator.generators.expression import Felt, beside_speech, feelings_by_region, shown
from animator.generators.gestures import add_moves
from animator.generators.life import living
from animator.generators.life.living import Life
from animator.generators.life.ongoing import Ongoing
from animator.generators.speech.articulation import Piece, articulated
from animator.generators.speech.contacts import keep_contacts
from animator.generators.speech.prosody import Prosody, parted, prosody

if TYPE_CHECKING:
    from animator.generators.acting.improvised import Improvised
    from animator.generators.acting.role import Role

RANGES = {"style_amount": 2.0, "variety": 2.0, "shade": 2.0, "effort": 5.0} | living.RANGES
"""Highest value of each dial; the lowest is 0."""

STEP = 40
"""Milliseconds of one step of look-ahead."""

FRAME = 20
"""Milliseconds of a frame."""

ALL = 840
"""Milliseconds of look-ahead beyond which nothing is gained."""


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
    shade
        How far the feelings of performances with different seeds lie apart, [0, 2] standard deviations of the emotion's Gaussian;
        0 = all feel its mean.
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
    articulation
        How a director has it said, throughout, for spans or for words: `Lips`, or tables of their fields, as in a recipe.
    looks
        What a director has it look at, those in seconds in order: `Look`, or tables of their fields.

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
    shade: float = 0.0
    look_ahead: int = ALL
    effort: float = 1.0
    blink: float = 1.0
    gaze: float = 1.0
    head_motion: float = 1.0
    breath: float = 1.0
    articulation: Sequence[Lips | Mapping[str, Any]] = ()
    looks: Sequence[Look | Mapping[str, Any]] = ()

    def __post_init__(self) -> None:
        check_dials(self, RANGES)
        object.__setattr__(self, "articulation", lips_from(self.articulation, "articulation"))
        object.__setattr__(self, "looks", looks_from(self.looks, "looks"))
        if not 0 <= self.look_ahead <= ALL or self.look_ahead % STEP:
            raise InputError(f"the look-ahead lies in [0, {ALL}] ms in steps of {STEP}, not {self.look_ahead}")

    @property
    def timed(self) -> bool:
        """Whether it is directed by seconds or words, so that whole speech must be known."""
        return any(way.timed or way.words is not None for way in self._ways()) or self._life().timed

    def generate(self, features: Features, emotion: Emotion, rig: Rig, rng: np.random.Generator) -> Motion:
        """Move a face; see `base.Generator`. Features need phone channels; loudness, pitch and effort are used if there."""
        if len(features) == 0 or len(emotion) == 0:
            raise InputError("features and emotion of at least one frame are needed to move a face")
        frames = frame_count(Fraction(len(features)) / features.fps, GENERATOR_FPS)
        times = np.arange(frames) / float(GENERATOR_FPS)
        heard = phones(features)
        said = targets(heard)
        delivery = prosody(features, heard, times)
        felt, own, posed = _parted(*feelings_by_region(emotion, rig, times))
        talking = parted(times, delivery)
        values = np.empty((frames, len(rig.controls)), dtype=np.float32)
        done = 0
        chance = rng.spawn(1)[0]
        role, *others = (self._role(tuple(felt), rig, copy.deepcopy(chance), self.look_ahead) for _ in ("", *own))
        beyond = role.beyond(emotion, times, self.shade, chance.spawn(1)[0])
        acted = self._acted(role, features, felt, beyond, talking)
        apart = {
            region: self._acted(other, features, own[region], beyond, talking) for region, other in zip(own, others, strict=True)
        }
        pose = _posed(*posed, delivery, times, rig, chance)
        for face, spoken in articulated(_mixed(acted, apart, rig), self._ways(), features.words, times, said, rig):
            piece = slice(done, done + len(face))
            done = piece.stop
            if pose is not None:
                np.add(face, beside_speech(pose[piece], spoken, rig), out=face)
            add_moves(face, rig, emotion.gestures, times[piece])
            np.clip(face, rig.low, rig.high, out=face)
            nearby = said.about(times[piece.start], times[piece.stop - 1])
            values[piece] = keep_contacts(face, spoken, times[piece], nearby, rig)
        self._life().among(features.words).add(values, times, delivery, own.get("head", felt), rig, rng)
        return Motion(rig.names, values, GENERATOR_FPS)

    def improvise(
        self, heard: tuple[str, ...], felt: tuple[str, ...], rig: Rig, rng: np.random.Generator, ahead: int = 0
    ) -> Improvised:
        """A face for speech that is still coming.

        Parameters
        ----------
        heard
            Channels that the encoder tells, at 100 Hz.
        felt
            The feelings that may be felt; those that the cast never learned are poses of a director's own.
        rig, rng
            As in `generate`.
        ahead
            Milliseconds of look-ahead, instead of the setting; each adds to the delay.
        """
        from animator.generators.acting.cast import cast
        from animator.generators.acting.improvised import Improvised

        if self.timed or any(way.crisp != 1.0 for way in self._ways()):
            raise InputError("lips and looks can be directed by seconds or words, and lips in crispness, in whole speech alone")
        learned = tuple(name for name in felt if name in cast().feelings)
        role, life = self._role(learned, rig, rng.spawn(1)[0], ahead), Ongoing(self._life(), rig, rng)
        return Improvised(role, life, heard, rig, self._ways())

    def _acted(
        self, role: Role, features: Features, felt: Mapping[str, np.ndarray], beyond: np.ndarray, talking: np.ndarray
    ) -> Iterator[Piece]:
        """Pieces of the face within its limits, and of what it does for speech alone, relative to rest; contacts come after."""
        from animator.generators.acting.hearing import heard
        from animator.generators.acting.prior import FRAMES

        frames = len(talking)
        padded = -(-frames // FRAMES) * FRAMES
        held = np.minimum(np.arange(padded), frames - 1)
        wanted = role.wanted(felt, frames, beyond).within(held)
        fed = told = 0
        for piece in heard(features, padded):
            now = slice(fed, fed + len(piece))
            fed = now.stop
            performed = role.feed(piece, wanted.within(now), last=fed == padded)
            now = slice(told, min(told + len(performed.felt), frames))
            told = now.stop
            yield role.play(performed, {name: intensity[now] for name, intensity in felt.items()}, talking[now])

    def _role(self, felt: tuple[str, ...], rig: Rig, rng: np.random.Generator, ahead: int) -> Role:
        from animator.generators.acting.role import Role

        return Role(self.style, self.style_amount, ahead // FRAME, self.variety, self.effort, felt, rig, rng)

    def _ways(self) -> tuple[Lips, ...]:
        return lips_from(self.articulation, "articulation")

    def _life(self) -> Life:
        return Life(self.blink, self.gaze, self.head_motion, self.breath, looks_from(self.looks, "looks"))


def _parted(felt: Felt, own: Mapping[str, Felt]) -> tuple[Felt, dict[str, Felt], tuple[Felt, dict[str, Felt]]]:
    """What is felt by the whole face and by regions: of what the net learned; and of poses of a director's own, which it did not.

    Regions that act as the whole face does are left out.
    """
    from animator.generators.acting.cast import cast

    known = cast().feelings

    def part(feels: Felt, learned: bool) -> Felt:
        return {name: intensity for name, intensity in feels.items() if (name in known) == learned}

    whole = part(felt, True)
    acted = {region: part(feels, True) for region, feels in own.items()}
    apart = {region: feels for region, feels in acted.items() if any((feels[name] != whole[name]).any() for name in whole)}
    return whole, apart, (part(felt, False), {region: part(feels, False) for region, feels in own.items()})


def _posed(
    felt: Felt, own: Mapping[str, Felt], delivery: Prosody, times: np.ndarray, rig: Rig, chance: np.random.Generator
) -> np.ndarray | None:
    """The poses of a director's own relative to rest, ``[T C]``, if any is felt."""
    if not any(intensity.any() for feels in (felt, *own.values()) for intensity in feels.values()):
        return None
    return shown(felt, delivery, times, rig, rng=chance.spawn(1)[0], own=own)


def _mixed(acted: Iterator[Piece], apart: Mapping[str, Iterator[Piece]], rig: Rig) -> Iterator[Piece]:
    """Faces whose regions are those of other faces, which feel otherwise and do the same besides."""
    for whole, *others in zip(acted, *apart.values(), strict=True):
        for region, (face, _) in zip(apart, others, strict=True):
            here = rig.region(region)
            whole[0][:, here] = face[:, here]
        yield whole
