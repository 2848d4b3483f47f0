"""How well a photo's face is fitted: ``python -m benchmarks.portrait [--photos DIR]``.

On drawn people whom neither marks nor solver have seen, camera, shape and expression are known; what is found is measured against
them, beside what one has without solving for it: a usual person, and the expression that the tracker reads. Of photos only the
tracker's own points are known, so the figure is how far the fitted head's places are from them.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from animator.core.portrait import Portrait
from animator.core.rig import Rig
from animator.errors import InputError
from animator.geometry.camera import axes
from animator.geometry.pose import HEAD_ANGLES
from animator.geometry.rotation import euler
from animator.geometry.view import fall
from animator.heads.fitting import person
from animator.heads.fitting.fit import RIG, fit, fit_picture, posed
from animator.heads.fitting.marks import OUTER_CORNERS
from animator.heads.fitting.overlay import face_quads
from animator.heads.makehuman import MakeHuman
from animator.heads.shape.targets import target_names
from animator.io.landmarks import Tracker
from animator.io.rig import load_rig
from animator.training.marks import PEOPLE, Drawn, draw
from benchmarks.result import Row, row, table, write_result

Figures = dict[tuple[str, str, str], list[float]]
"""System, measure and unit to one figure a picture."""


def main() -> None:
    """Fit, measure, print, and write ``portrait.json``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.portrait", description=__doc__)
    parser.add_argument("--photos", type=Path, help="A folder of pictures of one face each.")
    parser.add_argument("--people", type=int, default=6, help="Drawn people.")
    parser.add_argument("--every", type=int, default=4, help="One of so many pictures of each is fitted.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results", help="Where to write the result.")
    given = parser.parse_args()
    rows = drawn_people(given.people, given.every)
    if given.photos is not None:
        rows += photos(given.photos)
    print(table(rows))
    print(write_result("portrait", rows, given.out))


def drawn_people(people: int, every: int) -> list[Row]:
    """Figures on pictures of which all is known."""
    rig, figures = load_rig(RIG), Figures()
    with Tracker(rig) as tracker:
        for number, drawn in enumerate(draw(range(PEOPLE, PEOPLE + people), rig)):
            seen = tracker.read(drawn.picture) if number % every == 0 else None
            if seen is None:
                continue
            start = time.process_time()
            try:
                found = fit(drawn.picture, seen, rig, f"picture {number}")
            except InputError as error:  # the farthest turns that are drawn add up to 33 degrees
                print(f"note: {error}")
                continue
            took = time.process_time() - start
            for key, value in judged(found, drawn, seen.row, rig).items():
                figures.setdefault(key, []).append(value)
            figures.setdefault(("fit", "time", "CPU-s"), []).append(took)
    return _rows("drawn people", figures)


def judged(found: Portrait, drawn: Drawn, read: np.ndarray, rig: Rig) -> dict[tuple[str, str, str], float]:
    """One fit beside the truth."""
    face, controls = np.unique(face_quads()), target_names("faceunits")
    columns = [rig.column(name) for name in controls if rig.control(name).region != "gaze"]  # which the drawn eyes alone show
    eyes = np.linalg.norm(np.subtract(*found.landmarks[list(OUTER_CORNERS)]))
    turned = axes(drawn.camera) @ euler(*(float(drawn.row[rig.column(name)]) for name in HEAD_ANGLES))
    cosine = (np.trace(found.view.rotation @ turned.T) - 1) / 2
    surface = np.linalg.norm(fall(posed(found), found.view)[face] - drawn.places[face], axis=1).mean()
    usual = person.rest(np.array([trait.usual for trait in person.traits()]))
    shapes = {"fit": MakeHuman(**found.head).rest(), "usual person": usual}
    weights = {"fit": found.row, "as read by the tracker": read, "at rest": rig.rest}
    return {
        ("fit", "points: distance", "eye distance"): found.share,
        ("fit", "surface in the picture", "eye distance"): float(surface / eyes),
        ("fit", "camera angle", "degrees"): float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))),
        **{(who, "shape of the face", "mm"): 1000 * apart(mesh[face], drawn.rest[face]) for who, mesh in shapes.items()},
        **{(who, "expression", "weight"): _mean(values[columns] - drawn.row[columns]) for who, values in weights.items()},
    }


def apart(found: np.ndarray, true: np.ndarray) -> float:
    """Mean distance of points ``[M 3]`` once the found ones are moved, turned and scaled onto the true (Umeyama 1991)."""
    a, b = found - found.mean(axis=0), true - true.mean(axis=0)
    u, s, v = np.linalg.svd(a.T @ b)
    whole = np.array([1, 1, np.sign(np.linalg.det(u @ v))])
    return float(np.linalg.norm((s * whole).sum() / (a**2).sum() * a @ (u * whole) @ v - b, axis=1).mean())


def _mean(differences: np.ndarray) -> float:
    return float(np.abs(differences).mean())


def photos(folder: Path) -> list[Row]:
    """Figures on every picture of a folder."""
    figures = defaultdict[tuple[str, str, str], list[float]](list)
    for path in sorted(folder.iterdir()):
        start = time.process_time()
        try:
            found = fit_picture(path)
        except InputError as error:
            print(f"note: {error}")
            continue
        figures["fit", "points: distance", "eye distance"].append(found.share)
        figures["fit", "time with reading", "CPU-s"].append(time.process_time() - start)
    return _rows(f"{len(next(iter(figures.values()), []))} photos", figures)


def _rows(case: str, figures: Figures) -> list[Row]:
    return [row(case, *key, values, "lower") for key, values in figures.items()]


if __name__ == "__main__":
    main()
