"""What a maker of heads is."""

from __future__ import annotations

from typing import Protocol

from animator.core.head import Head


class HeadMaker(Protocol):
    """A frozen dataclass whose fields are its settings: the identity."""

    def make(self) -> Head:
        """Build the head that these settings describe; the same settings give the same head."""
        ...
