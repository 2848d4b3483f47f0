"""`Session`: speech as it comes to a moving face, one speaker at a time.

Sound in ─ ear, in pieces ─► what is heard ─ generator, in windows of 80 ms ─► rows of motion out, as fast as they can be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from jaxtyping import Float32

from animator.core.emotion import Gesture, by_region
from animator.core.feelings import Own, check_own, with_own
from animator.core.motion import GENERATOR_FPS
from animator.core.rig import Rig
from animator.core.script import felt
from animator.embedders.prompted import Prompted
from animator.errors import InputError, UnknownNameError
from animator.io.rig import load_rig
from animator.nn.asking import Asking, alone, serve
from animator.recipe import Choice, Recipe, build

RATE = 16000
"""Samples a second that a session takes."""

WINDOW = RATE * 80 // 1000
"""Samples of the stretch that the generator tells at once."""

BEYOND = RATE * 25 // 10000
"""Samples beyond a stretch without which its last frame is not heard: half a window of the ear, less the frame."""


SOON = 40
"""Milliseconds into the future that an ear uses unless told otherwise."""


class Session:
    """A face that goes on living while sound is fed to it; silence is fed as zeros.

    What comes out depends on what was fed alone, not on the pieces it came in nor on any clock.

    Parameters
    ----------
    recipe
        Its encoder and generator, with their settings, must be able to work on speech that is still coming (``speech`` and
        ``learned`` are); its seed decides all chance; its embedder plays no part, since `feel` says what is felt.
    look_ahead
        Milliseconds into the future that the ear may use, in steps of 20: each makes the lips surer and the face later. Unless
        given, as the recipe's encoder is set, or else `SOON`.

    Raises
    ------
    InputError
        The encoder or the generator needs the whole clip, or layers are to be laid over it.
    """

    def __init__(self, recipe: Recipe, look_ahead: int | None = None) -> None:
        if look_ahead is None:
            look_ahead = int(recipe.encoder.settings.get("look_ahead", SOON))
        encoder = Choice(recipe.encoder.name, {**recipe.encoder.settings, "look_ahead": look_ahead})
        generator = recipe.part("generator")
        for role, part, verb in (("encoder", recipe.part("encoder"), "listen"), ("generator", generator, "improvise")):
            if not hasattr(part, verb):
                raise InputError(f"{role} {getattr(recipe, role).name!r} needs the whole clip, so it cannot be used live")
        if recipe.layers:
            raise InputError("layers of curves are laid over whole clips, so they cannot be used live")
        self.rig: Rig = recipe.performed_rig()
        self.fps: Fraction = GENERATOR_FPS
        self._missing = WINDOW + BEYOND + RATE * look_ahead // 1000
        self.latency = self._missing / RATE
        """Seconds at most from a sound to the frame that shows it, without the time to compute it."""
        self._samples = np.zeros(0, dtype=np.float32)
        self._listener = build("encoders", encoder).listen()
        self._bare, self._own = load_rig(recipe.rig), dict[str, object]()
        self._prompted = Prompted(tuple(self._bare.emotions))
        rng = np.random.default_rng(recipe.seed)
        self._course = generator.improvise(self._listener.names, felt(self.rig.emotions), self.rig, rng)
        self._learn(recipe.feelings)

    def feel(self, feelings: Mapping[str, float], ease: float = 0.35, besides: bool = False, own: Own | None = None) -> None:
        """From the next frame on, feel this and, unless ``besides``, nothing else.

        The intensities that a face is asked for are, frame by frame, those that ``embedders.Script`` makes of a script whose cues
        stand at these instants and say the same.

        Parameters
        ----------
        feelings
            Intensity in [0, 1] by name, as of `core.script.parse_feelings`: what a region feels besides is its channel,
            ``brows/angry``. Names are those of whole speech: the rig's, categories, points, the director's own; none is neutral.
        ease
            Seconds that the change takes, at least 0.
        besides
            Whether the whole face, and regions, that are not named stay as they are, as a cue of a script leaves them.
        own
            Feelings of the director's own, that from now on may be felt besides those of the recipe (`core.feelings`).

        Raises
        ------
        UnknownNameError
            Nobody knows the feeling.
        InputError
            An intensity or the time is out of its range, or a feeling of the director's own cannot be used.
        """
        for name, intensity in feelings.items():
            if not 0.0 <= intensity <= 1.0:
                raise InputError(f"the intensity of {name!r} lies in [0, 1], not {intensity:g}")
        if not 0.0 <= ease < float("inf"):
            raise InputError(f"a feeling comes over 0 seconds or more, not {ease:g}")
        if own is not None:
            self._learn(own)
        self._prompted.feel(feelings, ease, besides)

    def do(self, gesture: str, intensity: float = 1.0, hold: float = 0.0) -> None:
        """From the next frame on, do one of the rig's moves once, as a script's gesture: over what the face does, by its curve.

        Parameters
        ----------
        gesture
            ``nod``, ``wink`` …
        intensity
            In [0, 1]; scales it.
        hold
            Seconds that it stays at its last pose.

        Raises
        ------
        UnknownNameError
            The rig has no such move.
        InputError
            A number is out of its range.
        """
        if gesture not in self.rig.moves:
            raise UnknownNameError("gesture", gesture, self.rig.moves)
        if not (0.0 <= intensity <= 1.0 and 0.0 <= hold < float("inf")):
            raise InputError(f"a gesture has an intensity in [0, 1] and is held 0 s or more, not {intensity:g} and {hold:g}")
        self._course.do(Gesture(gesture, self._prompted.now, intensity, hold))

    def _learn(self, own: Own) -> None:
        if own.items() <= self._own.items():
            return
        told = {**self._own, **own}
        check_own(told)
        self.rig, self._own = with_own(self._bare, told), told
        self._prompted.knows(told, [name for name in self.rig.emotions if name not in self._bare.emotions])
        self._course.knows(self.rig)

    def feed(self, samples: Float32[np.ndarray, " N"]) -> Float32[np.ndarray, "T C"]:
        """Take the next samples at `RATE`, in [-1, 1]; returns the frames of motion that can be told by now, maybe none."""
        return alone(self._feeding(samples))

    @staticmethod
    def feed_all(
        sessions: Sequence[Session], samples: Sequence[Float32[np.ndarray, " N"]]
    ) -> list[Float32[np.ndarray, "T C"] | Exception]:
        """`feed` for several at once, whose nets then work on all that have as much to hear; what one raises is its own."""
        return serve([each._feeding(sound) for each, sound in zip(sessions, samples, strict=True)])

    def _feeding(self, samples: Float32[np.ndarray, " N"]) -> Asking[Float32[np.ndarray, "T C"]]:
        self._samples = np.concatenate([self._samples, samples], dtype=np.float32)
        rows = [np.zeros((0, len(self.rig.controls)), dtype=np.float32)]
        while len(self._samples) >= self._missing:  # the ear is asked when, and only when, it can tell all of a stretch
            heard = yield from self._listener.feeding(self._samples[: self._missing])
            self._samples, self._missing = self._samples[self._missing :], WINDOW
            parts = by_region(self._prompted.next(len(heard) // 2))
            told = {region: dict(zip(each.names, each.values.T, strict=True)) for region, each in parts.items()}
            rows.append((yield from self._course.feeding(heard, told)))
        return np.concatenate(rows)
