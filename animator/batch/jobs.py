"""What a batch is made of: jobs, one a line of dialogue, and their outputs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from animator.batch.formats import Format
from animator.recipe import Recipe


@dataclass(frozen=True)
class Output:
    """One file, or folder of pictures, to be made.

    ``key`` is its path below the batch's folder; ``settings`` is the digest of all that it is made by, but for the sound;
    ``replace`` says that what stands there may be written over.
    """

    format: Format
    path: Path
    key: str
    settings: str
    replace: bool = False


@dataclass(frozen=True)
class Job:
    """One line of dialogue, ready to be made anywhere.

    Parameters
    ----------
    character, line
        What it is called: its outputs are ``character/line`` with their suffixes, or ``line`` where nobody is named.
    place
        Where it stands in the list, for complaints.
    source
        Speech or, if ``performed``, a performance.
    sound
        The sound that goes with a performance, if it is known.
    recipe
        How the line is performed and drawn; of a performance, how it is drawn.
    fps
        The rate to write, if the list or the command says one.
    start
        Seconds on the clock of the shoot at frame 0.
    rig
        The rig to write it in, if not the format's or the recipe's own.
    """

    character: str
    line: str
    place: str
    source: Path
    sound: Path | None
    performed: bool
    recipe: Recipe
    fps: Fraction | None
    start: Fraction
    rig: str | None
    outputs: tuple[Output, ...] = ()

    @property
    def name(self) -> str:
        """Character and line."""
        return f"{self.character}/{self.line}" if self.character else self.line
