"""FBX, written by Blender in a process of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import animator
from animator.core.keys import check_tolerance
from animator.core.take import Take
from animator.errors import AnimatorError, InputError, MissingDependencyError
from animator.exporters.base import HEAD
from animator.exporters.glb import Glb

SCRIPT = Path(__file__).with_name("fbx_in_blender.py")

OURS = Path(animator.__file__).parents[1]
"""Where Blender's Python finds this package."""

VARIABLE = "ANIMATOR_BLENDER"
"""The environment variable that may say where Blender is."""

CARRIER = Fraction(25)
"""Rate at which the performance is handed to Blender, which takes frames from seconds at whole rates alone."""


@dataclass(frozen=True)
class Fbx:
    """The head with a shape a control, bones for neck and eyes, its pictures, and the performance: binary FBX 7.4.

    Blender writes it, from what the format ``glb`` holds: a ``blender`` program, or a Python that has the package ``bpy``.

    Loses: what ``glb`` loses; roughness and specular strength, for which the format has no place; the sound.

    Parameters
    ----------
    tolerance
        Largest error of a weight, or of each of a bone's three angles in radians, at any frame.
    blender
        Blender's program, or a Python with the package ``bpy`` (4.2 or newer). If empty: what the environment variable
        ``ANIMATOR_BLENDER`` names, then ``blender`` where programs are found, then our own Python, if it has ``bpy``.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".fbx",)
    rig: ClassVar[str | None] = "arkit"
    needs: ClassVar[frozenset[str]] = frozenset({HEAD})

    tolerance: float = 0.001
    blender: str = ""

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)

    def export(self, take: Take, path: Path) -> None:
        """Write the head and its performance; see `exporters.base.Exporter`.

        Raises
        ------
        MissingDependencyError
            There is no Blender.
        AnimatorError
            Blender failed; its last words are told.
        """
        words = command(SCRIPT, self.blender)
        with tempfile.TemporaryDirectory(prefix="animator-") as folder:
            carried, whole = Path(folder) / "take.glb", Path(folder) / "take.fbx"
            Glb(tolerance=0.0).export(replace(take, motion=replace(take.motion, fps=CARRIER)), carried)
            fps = take.motion.fps
            told = [carried, whole, len(take.motion), fps.numerator, fps.denominator, CARRIER, self.tolerance, OURS]
            done = subprocess.run(
                [*words, *map(str, told)],
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "PYTHONHASHSEED": "0"},  # what the writer numbers its objects by
            )
            if done.returncode or not whole.exists():
                last = (done.stderr.strip() or done.stdout.strip() or "it says nothing").splitlines()[-1]
                raise AnimatorError(f"Blender could not write the FBX: {last}")
            # Pictures inside bear the name of a folder that is gone; whose it was, and when, is nobody's business.
            path.write_bytes(whole.read_bytes().replace(os.fsencode(folder), b"/".ljust(len(os.fsencode(folder)), b"-")))


def command(script: Path, blender: str = "") -> Sequence[str]:
    """The words that run a script in Blender, up to the script's own arguments; ``blender`` as in `Fbx`.

    Raises
    ------
    InputError
        What is named as Blender is no program.
    MissingDependencyError
        There is no Blender.
    """
    named = blender or os.environ.get(VARIABLE, "")
    found = shutil.which(named or "blender")
    if named and not found:
        raise InputError(f"{named!r} is no program that runs; name Blender's, or a Python that has the package bpy")
    if not found:
        if importlib.util.find_spec("bpy") is None:
            raise MissingDependencyError(
                "FBX is written by Blender: install it so that 'blender' runs, or let "
                f"{VARIABLE} name it or a Python into which the package bpy is installed"
            )
        found = sys.executable
    if "python" in Path(found).name.lower():
        return [found, str(script), "--"]
    return [found, "--background", "--factory-startup", "--python-exit-code", "1", "--python", str(script), "--"]
