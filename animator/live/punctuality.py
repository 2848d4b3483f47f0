"""`Punctuality`: how steadily frames leave, counted in bounded memory."""

from __future__ import annotations

import numpy as np

BINS = 2000
"""Of a tenth of a millisecond each; what is later than all of them counts in the last."""


class Punctuality:
    """What one face's frames did against its clock.

    Parameters
    ----------
    period
        Seconds between two frames.
    """

    def __init__(self, period: float) -> None:
        self._period = period
        self._delays = np.zeros(BINS, dtype=np.int64)
        self.sent = 0
        """Frames that left."""
        self.late = 0
        """Frames that were due more than a period before they could leave: those left out, and the one that left then."""
        self.worst = 0.0
        """Seconds by which the latest one was late."""

    def left(self, delay: float, skipped: int) -> None:
        """A frame left so many seconds after it was due, and so many before it were left out."""
        self.sent += 1
        self.late += skipped + (delay > self._period)
        self.worst = max(self.worst, delay + skipped * self._period)
        self._delays[min(max(int(delay * 10000), 0), BINS - 1)] += 1

    def percentile(self, share: float) -> float:
        """Seconds after it was due within which this share of frames left; 0 before the first."""
        if not self.sent:
            return 0.0
        place = int(np.searchsorted(np.cumsum(self._delays), share * self.sent))
        return (place + 1) / 10000

    def facts(self) -> dict[str, float]:
        """All of it, in milliseconds, for a message or a line at the end."""
        return {
            "frames": self.sent,
            "late": self.late,
            "worst_ms": round(1000 * self.worst, 1),
            "median_ms": round(1000 * self.percentile(0.5), 1),
            "p99_ms": round(1000 * self.percentile(0.99), 1),
        }
