"""The teacher: any line, said by anyone in any way, feeling anything, as exact pairs of sound and face.

The mouth is the fitted model's (`fit`), in a style and with a person's own gains; feelings are the rig's poses with the course
that people's take, added relative to neutral; contacts are made last, as the rule-made generator makes them. The same line can
be performed under every feeling, style and person, so what another feeling would have looked like is known, not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32
from scipy.ndimage import gaussian_filter1d

from animator.core.curves import bumps, window
from animator.core.emotion import Emotion
from animator.core.motion import GENERATOR_FPS
from animator.core.rig import Rig
from animator.core.script import felt
from animator.generators.expression import accent, expression, feelings
from animator.generators.gestures import add_gesture, turn_head
from animator.generators.speech.coarticulation import mouth
from animator.generators.speech.contacts import keep_contacts, shifted
from animator.training.motion import wander
from animator.training.motion.fit import Coarticulation
from animator.training.motion.identities import Identity
from animator.training.motion.speech import Said
from animator.training.motion.styles import Style

APEX = 0.15
"""How much a feeling swells on a stressed syllable, as a share."""

UNEVEN = 2.0
"""How much a held feeling wavers, in units of what tracked brows wander."""

NOD = 0.035
"""Radians of a nod on a fully stressed syllable."""

NEARLY_SHUT = 0.14
"""Opening that the teeth of a sibilant allow."""

SIBILANTS = ("SS", "CH")

SETTLED, WAKING = 0.15, 0.20
"""Seconds after the last sound by which a silent mouth rests, and before the next at which it begins to wake; dominance alone
leaves it ajar."""


@dataclass(frozen=True, eq=False)
class Teacher:
    """What performs; ``spectrum`` is of a face's wandering (`wander.measured`)."""

    tables: Coarticulation
    spectrum: np.ndarray
    rig: Rig

    def perform(
        self, heard: Said, feeling: Float32[np.ndarray, "T E"], style: Style, who: Identity, rng: np.random.Generator
    ) -> Float32[np.ndarray, "T C"]:
        """A performance at 50 Hz, within the rig's limits; gaze, blinks and the head's own life are left at rest.

        Parameters
        ----------
        heard
            What is said.
        feeling
            Intensity of each feeling (`core.script.felt`) that is asked for, in [0, 1]; the face follows at its own pace.
        style, who
            The way of speaking and the person.
        rng
            Chance: how a feeling wavers. The same state gives the same performance, whatever the feeling.
        """
        rig, times = self.rig, heard.times
        feeling_rng, wander_rng = rng.spawn(2)
        spoken = self.speak(heard, style, who)
        intensities = self._felt(heard, feeling, who, wander_rng)
        shown = expression(intensities, spoken, heard.delivery, times, rig, rng=feeling_rng) * who.gains
        values = rig.rest + spoken + shown
        raised = who.lively * accent(times, heard.delivery)
        add_gesture(values, rig, "accent", raised)
        nods = np.zeros((len(times), 3))
        nods[:, 1] = NOD * gaussian_filter1d(raised, 2.0, mode="nearest")
        turn_head(values, rig, nods)
        values = keep_contacts(np.clip(values, rig.low, rig.high), spoken, times, heard.targets, rig)
        performed: np.ndarray = np.clip(values, rig.low, rig.high).astype(np.float32)
        return performed

    def speak(self, heard: Said, style: Style, who: Identity) -> np.ndarray:
        """The speaking mouth alone, ``float64 [T C]`` relative to rest, without feeling: the same whatever is felt.

        What no tracker sees, the tongue say, is the rule-made generator's.
        """
        rig, said = self.rig, heard.targets
        columns = self.tables.columns(rig)
        ruled = mouth(heard.times, said, rig, jaw=1.0, lips=1.0, pre_roll=0.1)
        ruled[:, columns] = self.tables.mouth(
            heard.times, said, style.aims(self.tables.aims(said), said.viseme, columns, rig), style.ahead
        )
        silent = said.spans("sil") + np.array((SETTLED, -WAKING))
        silent[silent[:, 0] <= SETTLED, 0] = 0.0  # before the first sound nothing has to settle
        still = window(heard.times, silent[silent[:, 1] > silent[:, 0]], SETTLED, WAKING)
        spoken = (np.clip(rig.rest + ruled * who.gains, rig.low, rig.high) - rig.rest) * (1.0 - still)[:, None]
        row = rig.opening_row.astype(np.float64)
        spans = np.concatenate([said.spans(viseme) for viseme in SIBILANTS])
        middle, half = spans.mean(axis=1), 0.3 * (spans[:, 1] - spans[:, 0])
        near = window(heard.times, np.stack([middle - half, middle + half], axis=1), 0.06, 0.06)
        return shifted(spoken, row, -near * np.maximum(spoken @ row - NEARLY_SHUT, 0.0), rig)

    def _felt(self, heard: Said, feeling: np.ndarray, who: Identity, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """How strongly each feeling shows, ``[T]`` by name: in the person's own time, swelling with stress, never quite even."""
        times = heard.times
        asked = np.clip(feeling * who.moods, 0.0, 1.0)
        if who.slow > 1.0:
            asked = gaussian_filter1d(asked, 0.14 * (who.slow - 1.0) * float(GENERATOR_FPS), axis=0, mode="nearest")
        emotion = Emotion(felt(self.rig.emotions), asked.astype(np.float32), GENERATOR_FPS)
        swell = 1.0 + APEX * bumps(times, heard.delivery.accents, heard.delivery.prominence, 0.9)
        uneven = 1.0 + UNEVEN * wander.drawn(self.spectrum, len(times), 1, rng)[:, 0]
        return {
            name: np.clip(np.interp(times - who.late, times, shown) * swell * uneven, 0.0, 1.2)
            for name, shown in feelings(emotion, self.rig, times).items()
        }
