"""`Flood`: how much one client may say."""

from __future__ import annotations

from collections import deque

from animator.errors import InputError


class TooMuchError(InputError):
    """A client says more than it may."""


class Flood:
    """Counts the messages of one client over the last second.

    Parameters
    ----------
    most
        How many may come in any second.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: deque[float] = deque(maxlen=most)

    def admit(self, now: float) -> None:
        """One more, at an instant in seconds that never falls; `TooMuchError` if it is one too many."""
        if len(self._times) == self._most and now - self._times[0] < 1.0:
            raise TooMuchError(f"more than {self._most} messages came within a second")
        self._times.append(now)
