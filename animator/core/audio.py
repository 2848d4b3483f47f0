"""`Audio`: one channel of sound."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float32

from animator.errors import InputError


@dataclass(frozen=True, eq=False)
class Audio:
    """One channel of sound.

    Parameters
    ----------
    samples
        ``float32 [N]`` in [-1, 1], finite; values beyond full scale are clipped at birth.
    rate
        Samples a second, > 0.
    """

    samples: Float32[np.ndarray, " N"]
    rate: int

    def __post_init__(self) -> None:
        samples = np.array(self.samples, dtype=np.float32)
        if samples.ndim != 1:
            raise InputError(f"sound has one channel here, samples [N], not {samples.shape}")
        if self.rate <= 0:
            raise InputError(f"sound needs a rate above 0 samples a second, not {self.rate}")
        if not np.isfinite(samples).all():
            bad = int(np.argmin(np.isfinite(samples)))
            raise InputError(f"sound holds finite samples, but sample {bad} ({bad / self.rate:.3f} s) is not a number")
        np.clip(samples, -1.0, 1.0, out=samples)
        samples.flags.writeable = False
        object.__setattr__(self, "samples", samples)

    @property
    def seconds(self) -> Fraction:
        """Length of the sound, exactly ``N / rate``."""
        return Fraction(len(self.samples), self.rate)


def resampled(samples: Float32[np.ndarray, " N"], rate: int | float, wanted: int) -> Float32[np.ndarray, " M"]:
    """Samples at another rate, one or more: ``N * wanted / rate`` of them, rounded up.

    A false ``rate`` plays the sound faster or slower: a smaller or a larger speaker.
    """
    import soxr

    if rate == wanted:
        return samples
    length = max(1, int(-(-len(samples) * wanted // rate)))
    out: np.ndarray = soxr.resample(samples, rate, wanted)[:length]
    return np.pad(out, (0, length - len(out)))
