"""Audio2Face: blend-shape weights as JSON, which Maya, Blender, Unreal and Faceit add-ons read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from animator.core.provenance import provenance
from animator.core.settings import check_digits
from animator.core.take import Take


@dataclass(frozen=True)
class A2F:
    """Audio2Face blend-shape weights: 52 names, a row of weights a frame, and the sound's name as ``trackPath``.

    Loses: head pose and the turn of the eyes, for which there is no place (the looks among the weights stay); weights beyond
    [0, 1]; what rounding to ``digits`` takes. Readers that want a whole rate cut 29.97 to 29; write 30 or 60 for them.

    Parameters
    ----------
    digits
        Decimals of a weight, 1 to 9.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    rig: ClassVar[str | None] = "a2f"
    needs: ClassVar[frozenset[str]] = frozenset()

    digits: int = 6

    def __post_init__(self) -> None:
        check_digits(self.digits)

    def export(self, take: Take, path: Path) -> None:
        """Write the weights; see `exporters.base.Exporter`."""
        motion = take.motion
        rate = motion.fps
        head: dict[str, object] = {
            "exportFps": int(rate) if rate.denominator == 1 else float(rate),
            "trackPath": take.sound,
            "numPoses": len(motion.names),
            "numFrames": len(motion),
            "facsNames": motion.names,
        }
        told = provenance(take)
        if told:
            head["provenance"] = dict(told)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}"))
            file.write(',\n "weightMat": [\n')
            for i, row in enumerate(motion.values.astype(float).round(self.digits).tolist()):
                file.write(("" if i == 0 else ",\n") + "  " + json.dumps(row))
            file.write("\n ]\n}\n")
