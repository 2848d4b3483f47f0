"""The README's picture: ``python -m benchmarks.strip`` writes ``assets/strip.jpg`` (then update its hash in the manifest).

Two rows say one line in nine feelings and turned a little; the third is other people saying it.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image

import animator
from animator import Choice, Motion, Picture, Recipe
from animator.core.track import crop

SPAN = (0.5, 6.0)
"""Seconds of the line among which the picture is taken, where the lips part the most."""

SPEECH = Path(str(files("animator.assets"))) / "sample_story.wav"

SIZE, COLUMNS = 320, 5

FEELINGS = ("neutral", "calm", "happy", "sad", "angry", "fear", "disgusted", "surprised", "contempt")

PEOPLE = (
    {"age": 63.0, "gender": 1.0, "hair": "grey", "eyes": "blue", "shirt": "charcoal"},
    {"age": 31.0, "gender": 1.0, "ancestry": {"african": 1.0}, "skin": "dark", "hair": "black", "eyes": "dark", "shirt": "sand"},
    {"age": 24.0, "gender": 0.0, "ancestry": {"asian": 1.0}, "skin": "light", "hair": "black", "eyes": "dark", "shirt": "wine"},
    {"age": 45.0, "gender": 0.0, "skin": "olive", "hair": "dark brown", "eyes": "brown", "style": "tied", "shirt": "green"},
    {"age": 19.0, "gender": 1.0, "skin": "fair", "hair": "auburn", "eyes": "green", "freckles": 0.9, "shirt": "blue"},
)


def main() -> None:
    """Draw every picture and lay them out."""
    base = Recipe(picture=Picture(SIZE, SIZE), generator=Choice("learned", {"blink": 0.0, "gaze": 0.0}))
    frame = _widest(animator.generate(animator.read_audio(SPEECH), base))
    takes = [_feeling(base, feeling) for feeling in FEELINGS]
    turned = replace(base.picture, camera="three-quarter")
    takes.append(replace(_feeling(base, "happy:0.7"), picture=turned))
    takes += [replace(_feeling(base, "happy:0.5"), head=Choice("makehuman", person)) for person in PEOPLE]
    rows = [np.hstack([_picture(take, frame) for take in takes[i : i + COLUMNS]]) for i in range(0, len(takes), COLUMNS)]
    out = Path(__file__).parents[1] / "assets" / "strip.jpg"
    Image.fromarray(np.vstack(rows)).save(out, quality=88)
    print(out)


def _feeling(base: Recipe, feelings: str) -> Recipe:
    return replace(base, embedder=Choice("label", {"feelings": feelings}))


def _widest(motion: Motion) -> int:
    """The frame within `SPAN` whose lips part the most."""
    first, stop = (round(second * float(motion.fps)) for second in SPAN)
    return first + int(np.argmax(motion.values[first:stop] @ animator.load_rig("arkit").opening_row))


def _picture(recipe: Recipe, frame: int) -> np.ndarray:
    """One frame of the shipped story by this recipe, ``uint8 [SIZE SIZE 3]``."""
    motion = animator.generate(animator.read_audio(SPEECH), recipe)
    pictures = animator.draw(crop(motion, frame, frame + 1), animator.make_head(recipe), recipe, Fraction(1, 30))
    return next(iter(pictures))[..., :3]


if __name__ == "__main__":
    main()
