"""Mouth cues as Rhubarb Lip Sync writes them, for what reads its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar
from xml.etree import ElementTree

import numpy as np

from animator.core.take import Take
from animator.errors import InputError
from animator.exporters.base import FEATURES
from animator.exporters.cues import Cue, joined, on_clock, phone_cues, seconds
from animator.exporters.mouths import mouths

CENTISECONDS = 100

BASIC: Mapping[str, str] = MappingProxyType({"G": "A", "H": "C", "X": "A"})
"""What stands in for shapes that were not drawn."""

MOHO: Mapping[str, str] = MappingProxyType(
    {"A": "MBP", "B": "etc", "C": "E", "D": "AI", "E": "O", "F": "U", "G": "FV", "H": "L", "X": "rest"}
)
"""Preston Blair's names, for Moho."""


@dataclass(frozen=True)
class Rhubarb:
    """Mouth cues of Rhubarb Lip Sync, A to F and G, H, X, by suffix: ``.tsv``, ``.xml``, ``.json``, or ``.dat`` for Moho.

    A is for closed lips (p b m), B most consonants, C open, D wide open, E a little rounded, F puckered, G the lip at the teeth,
    H the tongue of a long l, X rest. Where a consonant leaves the lips free they stay near the vowel that follows. The shapes
    come from the phones that were heard, and not from the motion: feelings and styles do not show.

    Loses: everything but nine shapes of the mouth; of times, what is finer than 10 ms (in ``.dat`` than a frame; a closed mouth
    shorter than a frame keeps one).

    Parameters
    ----------
    shapes
        Which of the shapes G, H and X are drawn; others are replaced by A, C and A.
    frame_rate
        Frames a second of the Moho project that ``.dat`` is for, 10 to 100; 24 is Moho's and Rhubarb's own.
    moho_names
        Whether ``.dat`` names the shapes as Preston Blair did (MBP, AI …), as Moho does, and not by letter.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".tsv", ".xml", ".json", ".dat")
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset({FEATURES})

    shapes: str = "GHX"
    frame_rate: float = 24.0
    moho_names: bool = True

    def __post_init__(self) -> None:
        if not set(self.shapes) <= set(BASIC):
            raise InputError(f"shapes are any of G, H and X, not {self.shapes!r}")
        if not 10 <= self.frame_rate <= 100:
            raise InputError(f"the frame rate lies in [10, 100], not {self.frame_rate:g}")

    def export(self, take: Take, path: Path) -> None:
        """Write the cues; see `exporters.base.Exporter`."""
        cues = joined(cue._replace(mark=self._drawn(cue.mark)) for cue in mouths(phone_cues(take)))
        text = {".tsv": self._tsv, ".xml": self._xml, ".json": self._json, ".dat": self._dat}[path.suffix.lower()](cues, take)
        path.write_text(text, encoding="utf-8", newline="\n")

    def _drawn(self, shape: str) -> str:
        return shape if shape in self.shapes else BASIC.get(shape, shape)

    def _tsv(self, cues: list[Cue], take: Take) -> str:
        rows = [(start, mark) for start, _, mark in on_clock(cues, CENTISECONDS)]
        rows.append((round(seconds(take) * CENTISECONDS), self._drawn("X")))
        return "".join(f"{_time(start)}\t{mark}\n" for start, mark in rows)

    def _xml(self, cues: list[Cue], take: Take) -> str:
        root = ElementTree.Element("rhubarbResult")
        metadata = ElementTree.SubElement(root, "metadata")
        ElementTree.SubElement(metadata, "soundFile").text = take.sound
        ElementTree.SubElement(metadata, "duration").text = f"{seconds(take):.2f}"
        listed = ElementTree.SubElement(root, "mouthCues")
        for start, end, mark in on_clock(cues, CENTISECONDS):
            ElementTree.SubElement(listed, "mouthCue", start=_time(start), end=_time(end)).text = mark
        ElementTree.indent(root)
        return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'

    def _json(self, cues: list[Cue], take: Take) -> str:
        rows = ",\n".join(
            f'    {{ "start": {_time(start)}, "end": {_time(end)}, "value": "{mark}" }}'
            for start, end, mark in on_clock(cues, CENTISECONDS)
        )
        sound = json.dumps(take.sound, ensure_ascii=False)
        metadata = f'  "metadata": {{\n    "soundFile": {sound},\n    "duration": {seconds(take):.2f}\n  }}'
        return f'{{\n{metadata},\n  "mouthCues": [\n{rows}\n  ]\n}}\n'

    def _dat(self, cues: list[Cue], take: Take) -> str:
        names = MOHO if self.moho_names else {shape: shape for shape in MOHO}
        shapes = on_frames(cues, seconds(take), self.frame_rate)
        changes = [(1, shapes[0]), *((i + 2, b) for i, (a, b) in enumerate(pairwise(shapes)) if a != b)]
        changes.append((len(shapes) + 1, self._drawn("X")))
        return "MohoSwitch1\n" + "".join(f"{frame} {names[shape]}\n" for frame, shape in changes)


def on_frames(cues: list[Cue], end: float, fps: float) -> list[str]:
    """The shape of each frame; a closed mouth that fell between two frames takes the one it is nearest to."""
    owner = np.zeros(max(1, int(np.ceil(end * fps - 1e-6))), dtype=np.int64)
    for i, (start, stop, _) in enumerate(cues):
        owner[int(np.ceil(start * fps - 1e-6)) : int(np.ceil(stop * fps - 1e-6))] = i
    for i, (start, stop, mark) in enumerate(cues):
        if mark in "AG" and i not in owner:
            middle = 0.5 * (start + stop) * fps
            near = sorted(range(len(owner)), key=lambda frame: abs(frame - middle))[:3]
            owner[next((frame for frame in near if cues[owner[frame]].mark not in "AG"), near[0])] = i
    return [cues[i].mark for i in owner]


def _time(centiseconds: int) -> str:
    return f"{centiseconds // CENTISECONDS}.{centiseconds % CENTISECONDS:02d}"
