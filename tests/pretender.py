"""A session that anybody can predict: what it does is a function of the sound alone."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from animator.errors import InputError
from animator.io.rig import load_rig

RIG = load_rig("arkit")
JAW = RIG.column("jawOpen")
SMILE = RIG.column("mouthSmileLeft")
BROW = RIG.column("browDownLeft")
WINK = RIG.column("eyeBlinkRight")
WINDOW = 1280
"""Samples of a stretch of four frames, told when `BEYOND` more are known."""

BEYOND = 320


class Pretender:
    """The jaw is as open as the loudest sample of its frame, and the smile as strong as it was told to feel happy, at once.

    So are a brow as angry as brows were told to be, and a lid as low as it was told to wink, for one stretch; a feeling of the
    agent's own is happy, and what else is gestured half a wink.
    """

    fps = Fraction(50)
    latency = (WINDOW + BEYOND) / 16000

    def __init__(self, recipe):
        if recipe.transcript is not None:
            raise InputError("a pretender never knows what is said")
        self._held = np.zeros(0, dtype=np.float32)
        self._happy = self._angry = self._wink = 0.0

    def feel(self, feelings, ease, besides, own):
        self._happy = max([feelings.get("happy", 0.0), *(feelings.get(name, 0.0) for name in own or {})])
        self._angry = feelings.get("brows/angry", 0.0)

    def do(self, gesture, intensity, hold):
        self._wink = intensity if gesture == "wink" else intensity / 2

    def feed(self, samples):
        if np.any(np.abs(samples) > 2):
            raise ZeroDivisionError("too loud")
        self._held = np.concatenate([self._held, samples])
        rows = [np.zeros((0, len(RIG.controls)), dtype=np.float32)]
        while len(self._held) >= WINDOW + BEYOND:
            told = np.tile(RIG.rest, (4, 1))
            told[:, JAW] = np.abs(self._held[:WINDOW]).reshape(4, -1).max(axis=1)
            told[:, SMILE], told[:, BROW], told[:, WINK] = self._happy, self._angry, self._wink
            self._wink = 0.0
            self._held = self._held[WINDOW:]
            rows.append(told)
        return np.concatenate(rows).astype(np.float32)

    @staticmethod
    def feed_all(sessions, samples):
        return [each._fed(sound) for each, sound in zip(sessions, samples, strict=True)]

    def _fed(self, sound):
        try:
            return self.feed(sound)
        except ZeroDivisionError as error:
            return error


def pretend(recipe):
    return Pretender(recipe)
