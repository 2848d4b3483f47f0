"""FACEGOOD's pairs: Chinese speech and the mouth that artists solved for it, 116 shapes at 30 Hz (MIT)."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from animator.core.rig import Rig
from animator.core.script import felt
from animator.errors import FormatError, InputError
from animator.training.motion.rate import at_generator_rate
from animator.training.motion.store import HOP, REAL, STYLE, Clip, MotionPack, collect
from animator.training.phones.sound import read_16_khz
from animator.training.phones.store import UNKNOWN

RATE = Fraction(30)

TABLE = "Voice2Face_blendshape2ARkit.xlsx"
"""ARKit's names in column A, the shapes in column C, and in column G whether the shape was captured at all."""

WHOLE = {"mouth_oh_c": "oh", "mouth_oo_c": "ou"}
"""Whole-mouth shapes that the table passes over, though half of all rounding is in them: the lips of a viseme of the rig."""

MOVED = 0.02
"""A control counts as captured that is higher than this in one frame of a hundred: artists left the others at 0."""

_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def pack(folder: Path, rig: Rig) -> MotionPack:
    """All pairs of the folder ``facegood``, neutral, with no phones; the shortest is held out.

    Raises
    ------
    InputError
        There is no pair in the folder.
    FormatError
        Its table cannot be read, or names none of the rig's controls.
    """
    pairs = sorted(folder.glob("*.npy"))
    if not pairs:
        raise InputError(f"{folder} holds no pairs of FACEGOOD (*.npy)")
    shapes = (folder / "bsname.txt").read_text(encoding="ascii").split()
    table = _table(folder / TABLE, shapes, rig)
    captured = [(path.stem, _curves(path, shapes, table, rig)) for path in pairs]
    shortest = min(captured, key=lambda pair: len(pair[1]))[0]
    known = np.quantile(np.concatenate([values for _, values in captured]), 0.99, axis=0) > MOVED
    return collect(("facegood",), rig, _clips(captured, folder, known, shortest, rig))


def _clips(captured: list[tuple[str, np.ndarray]], folder: Path, known: np.ndarray, held: str, rig: Rig) -> Iterator[Clip]:
    for name, values in captured:
        frames = len(values)
        samples = np.zeros(frames * HOP, dtype=np.int16)
        sound = np.round(np.clip(read_16_khz(folder / f"{name}.flac"), -1, 1) * 32767)[: len(samples)]
        samples[: len(sound)] = sound
        yield Clip(
            name=name,
            person="facegood",
            kind=REAL,
            held=name == held,
            motion=values.astype(np.float16),
            known=known,
            felt=np.zeros((frames, len(felt(rig.emotions))), dtype=np.float16),
            style=np.full(len(STYLE), np.nan, dtype=np.float32),
            phones=np.full(frames, UNKNOWN, dtype=np.int8),
            words=(),
            sound=name,
            samples=samples,
        )


def _curves(path: Path, shapes: list[str], table: Mapping[str, list[int]], rig: Rig) -> np.ndarray:
    """Curves ``float32 [F C]`` at 50 Hz: of the shapes that make up a control the strongest, and the whole-mouth shapes added."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Reading `.npy`", category=UserWarning)  # its header is one of Python 2
        weights = np.load(path, allow_pickle=False)
    values = np.tile(rig.rest.astype(np.float64), (len(weights), 1))
    for control, columns in table.items():
        values[:, rig.columns[control]] += weights[:, columns].max(axis=1)
    for shape, viseme in WHOLE.items():
        lips = (rig.row(rig.visemes[viseme]) - rig.rest) * rig.region("mouth")
        values += weights[:, [shapes.index(shape)]] * lips
    return at_generator_rate(np.clip(values, rig.low, rig.high).astype(np.float32), RATE, rig)


def _table(path: Path, shapes: list[str], rig: Rig) -> dict[str, list[int]]:
    """Control to the columns of its shapes, for what was captured."""
    try:
        with zipfile.ZipFile(path) as book:
            texts = ["".join(t.text or "" for t in entry.iter(f"{_CELL}t")) for entry in _xml(book, "xl/sharedStrings.xml")]
            rows: dict[str, dict[str, str]] = {}
            for cell in _xml(book, "xl/worksheets/sheet1.xml").iter(f"{_CELL}c"):
                value = cell.find(f"{_CELL}v")
                where = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", ""))
                if value is not None and value.text and where and cell.get("t") == "s":
                    rows.setdefault(where[2], {})[where[1]] = texts[int(value.text)]
    except (OSError, KeyError, ValueError, IndexError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise FormatError(f"{path} is no table of shapes that can be read ({error})") from None
    table = {
        row["A"]: [shapes.index(shape) for shape in re.findall(r"\w+", row["C"]) if shape in shapes]
        for row in rows.values()
        if row.get("G") == "valid" and row.get("A") in rig.columns and "C" in row
    }
    if not any(table.values()):
        raise FormatError(f"{path} names none of the controls of rig {rig.name!r}")
    return {control: columns for control, columns in table.items() if columns}


def _xml(book: zipfile.ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(book.read(part))
