"""`Take`: a performance with what another program may want beside it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from animator.core.audio import Audio
from animator.core.features import Features
from animator.core.head import Head
from animator.core.motion import Motion, require_rig
from animator.core.rig import Rig
from animator.errors import InputError


@dataclass(frozen=True, eq=False)
class Take:
    """What leaves for another program: one motion on the wanted clock, in the wanted rig.

    Parameters
    ----------
    name
        What the performance is called there: a subject, an animation, a clip.
    motion
        The performance, its rate the one that is written.
    rig
        The rig that the motion is written in.
    audio
        Its sound, if it is known; as long as the motion within a frame, or told to be otherwise by who made the take.
    sound
        Name of the sound's file, for formats that refer to it; empty if there is none.
    features
        What was heard in the sound, for formats that tell what is said; absent unless the exporter needs it.
    head
        The head that is moved, for formats that carry a mesh; absent unless the exporter needs it. Its displacements are those
        of the canonical rig.
    start
        Seconds on the clock of the shoot at frame 0, for formats with a timecode.
    recipe
        Text of the recipe it was made by; empty if nobody knows.

    Raises
    ------
    InputError
        The motion has no frame, or is not written in that rig; the take has no name, or begins before 0.
    """

    name: str
    motion: Motion
    rig: Rig
    audio: Audio | None = None
    sound: str = ""
    features: Features | None = None
    head: Head | None = None
    start: Fraction = Fraction(0)
    recipe: str = ""

    def __post_init__(self) -> None:
        require_rig(self.motion, self.rig)
        if len(self.motion) == 0:
            raise InputError("a motion without a frame cannot be exported; at least one is needed")
        if not self.name:
            raise InputError("a take needs a name")
        if self.start < 0:
            raise InputError(f"a take begins at 0 or later on its clock, not at {float(self.start):g} s")
