"""What an importer is."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Protocol

from animator.core.motion import Motion


class Importer(Protocol):
    """A frozen dataclass whose fields are its settings."""

    suffixes: ClassVar[tuple[str, ...]]
    """What its files' names end in, lower case, the usual one first."""

    rig: ClassVar[str]
    """The rig that what it reads is written in."""

    def recognises(self, path: Path) -> bool:
        """Whether a readable file is of this format, told by its first bytes and not by its name."""
        ...

    def read(self, path: Path) -> Motion:
        """The performance in a file, in the controls of `rig`; controls that the file lacks rest.

        Raises
        ------
        InputError
            The file cannot be opened.
        FormatError
            It is not what it claims to be; the message names the file and the line or key.
        """
        ...
