"""MetaHuman: the control curves of its face, for an animation sequence in Unreal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.keys import Keys, check_tolerance, sparse_keys
from animator.core.provenance import provenance
from animator.core.take import Take

SCHEMA = "animator.Curves/1"
_SCRIPT, _EMPTY = "metahuman_editor.py", '"{}"'


@dataclass(frozen=True)
class MetaHuman:
    """MetaHuman control curves (``CTRL_expressions_…``), with sparse keys and straight lines between them.

    A name that ends in ``.py`` gives a script with the curves in it: run inside Unreal's editor, it adds them to the animation
    sequences that are selected there. One that ends in ``.json`` gives the curves alone: ``curves`` by name, each with ``times``
    in seconds and ``values``; ``frameRate`` as numerator and denominator, and ``seconds``.

    Loses: what sparse keys change, at most ``tolerance`` at any frame; the turns of the head, which the body's bones make, and
    what the rig ``metahuman`` cannot say.

    Parameters
    ----------
    tolerance
        The largest error of a control at any frame.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".py", ".json")
    rig: ClassVar[str | None] = "metahuman"
    needs: ClassVar[frozenset[str]] = frozenset()

    tolerance: float = 0.001

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)

    def export(self, take: Take, path: Path) -> None:
        """Write the curves, or the script that carries them; see `exporters.base.Exporter`."""
        text = _text(take, self.tolerance)
        if path.suffix.lower() == ".py":
            script = files("animator.exporters").joinpath(_SCRIPT).read_text(encoding="utf-8")
            text = script.replace(_EMPTY, ascii(text))
        path.write_text(text, encoding="utf-8", newline="\n")


def _text(take: Take, tolerance: float) -> str:
    """The curves as JSON, a line each."""
    motion = take.motion
    keys = sparse_keys(motion.values, tolerance)
    times = (np.arange(len(motion)) / float(motion.fps)).round(6)
    head = {
        "schema": SCHEMA,
        "name": take.name,
        "rig": take.rig.name,
        "frameRate": [motion.fps.numerator, motion.fps.denominator],
        "seconds": motion.seconds,
        "sound": take.sound,
        **provenance(take),
    }
    curves = [
        f"{json.dumps(name)}: {json.dumps({'times': times[key.frames].tolist(), 'values': _rounded(key)})}"
        for name, key in zip(motion.names, keys, strict=True)
    ]
    return (
        json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
        + ',\n "curves": {\n  '
        + ",\n  ".join(curves)
        + "\n }\n}\n"
    )


def _rounded(key: Keys) -> list[float]:
    values: list[float] = key.values.astype(float).round(6).tolist()
    return values
