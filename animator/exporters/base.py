"""What an exporter is."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Protocol

from animator.core.take import Take

HEAD, FEATURES = "head", "features"
"""What an exporter may need beside the motion; see `Take`."""


class Exporter(Protocol):
    """A frozen dataclass whose fields are its settings, and whose docstring has a line ``Loses: …``.

    Formats that refer to the sound do so by its file's name (`Take.sound`) and never copy it.
    """

    suffixes: ClassVar[tuple[str, ...]]
    """What its files' names end in, lower case, the usual one first."""

    rig: ClassVar[str | None]
    """The rig whose names the format demands; None where it takes the controls of any."""

    needs: ClassVar[frozenset[str]]
    """What a take must have beside the motion: any of `HEAD`, `FEATURES`."""

    def export(self, take: Take, path: Path) -> None:
        """Write a take to ``path``, where nothing is yet; its suffix is one of `suffixes`.

        Raises
        ------
        InputError
            The format cannot hold this take.
        """
        ...
