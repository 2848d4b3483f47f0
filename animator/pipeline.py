"""The one place where the families meet: speech in, a face out. Reads top to bottom.

Audio ─ encoder ─► Features ─┐
  └──── embedder ► Emotion ──┴ generator ─► Motion ─ renderer ─► Frames ─ compositor ─► Frames
"""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np
from jaxtyping import UInt8

from animator import compositor
from animator.core.audio import Audio
from animator.core.emotion import Emotion
from animator.core.features import Features
from animator.core.frames import Frames
from animator.core.head import Head
from animator.core.motion import Motion, limit, retime
from animator.errors import LossWarning
from animator.io.rig import load_rig
from animator.recipe import Recipe


def hear(audio: Audio, recipe: Recipe) -> Features:
    """What is said, and how loudly and highly."""
    features: Features = recipe.part("encoder").encode(audio, recipe.transcript)
    return features


def feel(audio: Audio, recipe: Recipe) -> Emotion:
    """What is felt while it is said."""
    rig = load_rig(recipe.rig)
    emotion: Emotion = recipe.part("embedder").embed(audio, tuple(rig.emotions))
    return emotion


def move(features: Features, emotion: Emotion, recipe: Recipe) -> Motion:
    """A face that says and feels it, at the generator's own rate."""
    rig = load_rig(recipe.rig)
    rng = np.random.default_rng(recipe.seed)
    motion: Motion = recipe.part("generator").generate(features, emotion, rig, rng)
    return limit(motion, rig)


def generate(audio: Audio, recipe: Recipe) -> Motion:
    """Speech to motion: feel (which is quick, and tells a wrong feeling at once), hear, move."""
    emotion = feel(audio, recipe)
    return move(hear(audio, recipe), emotion, recipe)


def make_head(recipe: Recipe) -> Head:
    """The head that the recipe describes."""
    head: Head = recipe.part("head").make()
    return head


def backdrop(recipe: Recipe) -> UInt8[np.ndarray, "H W 3"] | None:
    """What stands behind the head, or nothing where the clip is to be transparent."""
    picture = recipe.picture
    return compositor.backdrop(picture.background, picture.width, picture.height)


def draw(motion: Motion, head: Head, recipe: Recipe, seconds: Fraction | None = None) -> Frames:
    """Motion to pictures, lazily: retimed to the recipe's rate, rendered, and set before the background.

    ``seconds`` is the span to draw, usually the sound's; the motion's own if absent.
    """
    span = Fraction(len(motion)) / motion.fps
    if seconds is not None and abs(seconds - span) > 1 / motion.fps + 1 / recipe.picture.fps:
        done = "held" if seconds > span else "cut short"
        told = f"the motion of {float(span):.2f} s is {done} for the {float(seconds):.2f} s of the sound"
        warnings.warn(told, LossWarning, stacklevel=2)
    shown = retime(motion, recipe.picture.fps, load_rig(recipe.rig), seconds)
    frames: Frames = recipe.part("renderer").render(shown, head, recipe.picture.stage())
    return compositor.composite(frames, backdrop(recipe))
