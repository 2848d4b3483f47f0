"""What a sender is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from fractions import Fraction
from typing import Protocol

from animator.core.moment import Moment
from animator.core.rig import Rig


class Sender(Protocol):
    """A frozen dataclass whose fields are its settings: where to, and how the face is called there.

    Unless told otherwise, it reaches this machine alone.
    """

    @property
    def rig(self) -> str | None:
        """The rig whose rows the wire takes; None where it takes those of any."""
        ...

    async def send(self, moments: AsyncIterator[Moment], rig: Rig, fps: Fraction) -> None:
        """Open the wire, send each moment when it comes, and close the wire after the last, or when cancelled.

        A sender that cannot keep up is not waited for: the moments it missed are gone.

        Parameters
        ----------
        moments
            Rows of ``rig``, each handed over at its time.
        rig
            What the rows are written in.
        fps
            The rate of the clock they are handed over by.

        Raises
        ------
        InputError
            The wire cannot be opened, or who is at its other end refuses.
        """
        ...
