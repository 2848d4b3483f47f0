"""Phones as the mouths of Rhubarb Lip Sync: nine shapes that an artist draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from animator.exporters.cues import Cue, joined

ALLOWED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "SIL": ("X",), "P": ("A",), "B": ("A",), "M": ("A",), "F": ("G",), "V": ("G",), "AA": ("D",), "AE": ("C",), "AH": ("C",),
        "AO": ("E",), "AW": ("C", "E"), "AY": ("C", "B"), "EH": ("C",), "ER": ("E",), "EY": ("C", "B"), "IH": ("B",),
        "IY": ("B",), "OW": ("E", "F"), "OY": ("E", "B"), "UH": ("F",), "UW": ("F",), "T": ("BF",), "D": ("BF",), "CH": ("BF",),
        "JH": ("BF",), "TH": ("BF",), "DH": ("BF",), "S": ("BF",), "Z": ("BF",), "SH": ("BF",), "ZH": ("BF",), "K": ("BCEFH",),
        "G": ("BCEFH",), "N": ("BCFH",), "NG": ("BCEF",), "L": ("BEFH",), "R": ("BEF",), "W": ("F",), "Y": ("BCF",),
        "HH": ("BCDEFGHAX",),
    }
)  # fmt: skip
"""Phone to the shapes that it may be said with, two in turn for a diphthong: the shapes' documented sounds, and for consonants
that leave the lips free the choice that the tool's own rules leave."""

LONG: Mapping[str, tuple[float, tuple[str, ...]]] = MappingProxyType(
    {"AH": (0.20, ("D",)), "AY": (0.20, ("D", "B")), "AW": (0.30, ("D", "E")), "L": (0.20, ("H",))}
)
"""Phones that are said with another mouth from so many seconds on."""

GLIDE = 0.6
"""Share of a diphthong that its first shape takes."""

OPENNESS: Mapping[str, int] = MappingProxyType({"X": 0, "A": 0, "G": 0, "B": 1, "F": 1, "C": 2, "H": 2, "E": 2, "D": 3})
ROUNDNESS: Mapping[str, int] = MappingProxyType({"E": 1, "F": 2})

BETWEEN: Mapping[str, str] = MappingProxyType(
    {"DA": "C", "DB": "C", "DG": "C", "DX": "C", "CF": "E", "FC": "E", "DF": "E", "HF": "E", "FH": "E"}
)
"""Two shapes in turn to the one between them: mouths pop open, but close and round by way of C or E."""

BRIEFEST, LONGEST = 0.04, 0.08
"""Seconds that a shape between two others lasts; it takes the last third of the first of them, and there is none in less."""


def mouths(cues: Sequence[Cue]) -> list[Cue]:
    """Phones to shapes; where a phone is cut, it is at a hundredth of a second, which is the finest that the files tell."""
    steps: list[tuple[float, float, str]] = []
    for start, end, phone in cues:
        length, other = LONG.get(phone, (np.inf, ()))
        allowed = other if end - start > length - 1e-6 else ALLOWED[phone]
        cuts = [start, _centiseconds(start + GLIDE * (end - start)), end] if len(allowed) == 2 else [start, end]
        steps += [(a, b, shapes) for (a, b), shapes in zip(pairwise(cuts), allowed, strict=True)]
    shapes = [step[2] for step in steps]
    chosen: list[str] = []
    for i, allowed_here in enumerate(shapes):
        after = next((shape for shape in shapes[i:] if len(shape) == 1), "X")
        before = chosen[-1] if chosen else "X"
        chosen.append(_nearest(allowed_here, before if after == "X" else after))
    return list(_eased(joined(Cue(a, b, shape) for (a, b, _), shape in zip(steps, chosen, strict=True))))


def _centiseconds(time: float) -> float:
    return round(time, 2)


def _nearest(allowed: str, wanted: str) -> str:
    """Of the allowed shapes, the one that is least of a movement from the wanted one; the first of equals."""
    return min(
        allowed,
        key=lambda shape: (
            shape != wanted,
            abs(OPENNESS[shape] - OPENNESS[wanted]) + abs(ROUNDNESS.get(shape, 0) - ROUNDNESS.get(wanted, 0)),
        ),
    )


def _eased(cues: list[Cue]) -> Iterator[Cue]:
    for cue, after in pairwise(cues):
        between = BETWEEN.get(cue.mark + after.mark)
        length = _centiseconds(min((cue.end - cue.start) / 3, LONGEST))
        if between is None or length < BRIEFEST:
            yield cue
        else:
            yield cue._replace(end=cue.end - length)
            yield Cue(cue.end - length, cue.end, between)
    yield from cues[-1:]
