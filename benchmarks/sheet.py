"""What a photo looks like when it speaks and feels: ``python -m benchmarks.sheet --photo FACE.jpg [FACE.jpg …] --out SHEET.png``.

A row of cells a photo: as photographed, at rest, p, f, aa, oh, ee, a blink, and each feeling at full strength while it is silent.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from animator import pipeline
from animator.core.emotion import NEUTRAL, Emotion
from animator.core.motion import Motion
from animator.core.portrait import Portrait
from animator.core.rig import Rig
from animator.errors import InputError
from animator.io.rig import load_rig
from animator.recipe import Choice, Recipe

SAID = {"p": "PP", "f": "FF", "aa": "aa", "oh": "oh", "ee": "ih"}
"""Sounds to the poses they are said with."""

BLINK = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}

AROUND = 1.7
"""Side of what is shown of a photo, as a share of the landmarks' box."""


def main() -> None:
    """Draw the sheet."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sheet", description=__doc__)
    parser.add_argument("--photo", type=Path, nargs="+", required=True, help="Pictures of one face each, or .portrait files.")
    parser.add_argument("--reenactor", default=Recipe().reenactor.name, help="Who moves them.")
    parser.add_argument("--settings", default="{}", type=_settings, help="Its settings, as a Python dictionary.")
    parser.add_argument("--cell", type=int, default=192, help="Pixels a side of a cell.")
    parser.add_argument("--columns", type=int, default=8, help="Cells a line.")
    parser.add_argument("--out", type=Path, default=Path("sheet.png"), help="Where to write the picture.")
    given = parser.parse_args()
    recipe = Recipe(reenactor=Choice(given.reenactor, given.settings))
    rows = []
    for path in given.photo:
        try:
            rows.append(sheet(pipeline.portray(path), recipe, given.cell, given.columns))
        except InputError as error:
            print(f"note: {path}: {error}")
    Image.fromarray(np.vstack(rows)).save(given.out)
    print(given.out)


def poses(rig: Rig) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Name to row of the rig for each cell after the photo itself; and what is felt in each, of all feelings but neutral."""
    rows = {"neutral": rig.rest.copy()}
    rows |= {name: rig.row(rig.visemes[viseme]) for name, viseme in SAID.items()}
    rows["blink"] = rig.row(BLINK)
    felt = {name: rig.row(rig.emotions[name]) for name in rig.emotions if name != NEUTRAL}
    weights = np.eye(len(felt), dtype=np.float32)
    return rows | felt, np.concatenate([np.zeros((len(rows), len(felt)), np.float32), weights])


def sheet(portrait: Portrait, recipe: Recipe, cell: int, columns: int) -> np.ndarray:
    """The cells of one photo, ``uint8 [H W 3]``."""
    rig = load_rig(recipe.rig)
    rows, weights = poses(rig)
    motion = Motion(rig.names, np.stack(list(rows.values())), recipe.picture.fps)
    emotion = Emotion(tuple(name for name in rig.emotions if name != NEUTRAL), weights, motion.fps)
    pictures = [picture[..., :3] for picture in pipeline.reenact(motion, portrait, recipe, emotion)]
    box = _box(portrait)
    cells = [_cell(portrait.image, box, cell, "photo")]
    cells += [_cell(picture, box, cell, name) for name, picture in zip(rows, pictures, strict=True)]
    cells += [np.zeros_like(cells[0])] * (-len(cells) % columns)
    return np.vstack([np.hstack(cells[at : at + columns]) for at in range(0, len(cells), columns)])


def _box(portrait: Portrait) -> tuple[float, float, float, float]:
    low, high = portrait.landmarks.min(axis=0), portrait.landmarks.max(axis=0)
    middle, half = (low + high) / 2, AROUND * float((high - low).max()) / 2
    return (*(middle - half).tolist(), *(middle + half).tolist())


def _cell(picture: np.ndarray, box: tuple[float, float, float, float], size: int, name: str) -> np.ndarray:
    shown = Image.fromarray(picture).crop(tuple(round(v) for v in box)).resize((size, size), Image.Resampling.LANCZOS)
    ImageDraw.Draw(shown).text((4, 2), name, fill="white", stroke_width=2, stroke_fill="black")
    return np.asarray(shown)


def _settings(text: str) -> dict[str, Any]:
    from ast import literal_eval

    value = literal_eval(text)
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f"settings are a dictionary, not {text}")
    return value


if __name__ == "__main__":
    main()
