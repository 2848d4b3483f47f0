"""How good moved photos are: ``python -m benchmarks.reenact --packages DIR --photos FACE.jpg … --grid DIR --speed FACE.jpg``.

Each reenactor stands beside a still image. Photos say a shipped line in every feeling and are judged by others' networks
(`benchmarks.judges`) and by the face tracker; held-out clips of GRID are made again from one of their pictures and compared with
what was filmed. Writes ``reenact.json``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from animator.recipe import Recipe
from benchmarks import reenact_film, reenact_photos, reenact_speed
from benchmarks.judges import judges
from benchmarks.moved import STILL, mover
from benchmarks.result import Row, table, write_result


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reenact", description=__doc__)
    parser.add_argument("--packages", type=Path, help="Where npm put the judges of photos; see benchmarks/judges.py.")
    parser.add_argument("--photos", type=Path, nargs="*", default=[], help="Pictures of one face each.")
    parser.add_argument("--grid", type=Path, help="The folder grid_s1.")
    parser.add_argument("--clips", type=int, default=8, help="How many of GRID's held-out clips.")
    parser.add_argument("--speed", type=Path, help="A photo to measure time and memory with.")
    parser.add_argument(
        "--seconds", type=int, nargs="+", default=[10, 60], help="Lengths of the clips for speed, shortest first."
    )
    parser.add_argument("--reenactors", nargs="+", default=[Recipe().reenactor.name], help="Whom to judge, beside a still image.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results", help="Where to write the result.")
    given = parser.parse_args()
    if given.photos and given.packages is None:
        parser.error("photos are judged by the networks in --packages")
    torch.set_num_threads(1)
    photos = list(reenact_photos.portraits(given.photos))
    jury = judges(given.packages) if photos else None
    filmed = reenact_film.films(given.grid, given.clips) if given.grid else []
    rows: list[Row] = []
    for name in (STILL, *given.reenactors):
        part = [*(reenact_photos.measure(mover(name), name, photos, jury) if jury else [])]
        part += reenact_film.measure(mover(name), name, filmed) if filmed else []
        part += reenact_speed.measure(name, given.speed, given.seconds) if given.speed and name != STILL else []
        print(table(part), flush=True)
        rows += part
    print(write_result("reenact", _with_earlier(rows, given.out / "reenact.json"), given.out))


def _with_earlier(rows: list[Row], path: Path) -> list[Row]:
    """The rows, after those of an earlier result that are about other things: photos, films and speed may be measured in turn."""
    earlier = [Row(**each) for each in json.loads(path.read_text())["rows"]] if path.exists() else []
    anew = {(each.case, each.system) for each in rows}
    return [each for each in earlier if (each.case, each.system) not in anew] + rows


if __name__ == "__main__":
    main()
