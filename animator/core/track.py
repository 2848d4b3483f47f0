"""`Track`: named channels on a uniform, exact clock; everything with a time is one of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Float32

from animator.errors import InputError, UnknownNameError


@dataclass(frozen=True, eq=False)
class Track:
    """Named channels sampled at exact instants.

    Parameters
    ----------
    names
        One name a channel, unique.
    values
        ``float32 [T C]``, finite; ``values[i]`` is the instant ``i / fps``.
    fps
        Frames a second, > 0.

    Raises
    ------
    InputError
        Names repeat, a column lacks a name, a value is not finite, or the rate is not positive.
    """

    names: tuple[str, ...]
    values: Float32[np.ndarray, "T C"]
    fps: Fraction

    def __post_init__(self) -> None:
        values = np.ascontiguousarray(self.values, dtype=np.float32)
        if values is self.values and values.flags.writeable:
            values = values.copy()
        kind = type(self).__name__
        if values.ndim != 2 or values.shape[1] != len(self.names):
            raise InputError(f"a {kind} of {len(self.names)} names needs values [T, {len(self.names)}], not {values.shape}")
        if len(set(self.names)) != len(self.names):
            twice = next(n for n in self.names if self.names.count(n) > 1)
            raise InputError(f"a {kind} names each channel once, but {twice!r} stands twice")
        if not np.isfinite(values).all():
            frame, channel = np.argwhere(~np.isfinite(values))[0]
            raise InputError(f"a {kind} holds finite numbers, but {self.names[channel]!r} is not at frame {frame}")
        if self.fps <= 0:
            raise InputError(f"a {kind} needs a rate above 0 frames a second, not {self.fps}")
        values.flags.writeable = False
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "fps", Fraction(self.fps))

    def __len__(self) -> int:
        """Number of frames, ``T``."""
        return int(self.values.shape[0])

    @property
    def seconds(self) -> float:
        """``T / fps``: the span this track covers."""
        return float(len(self) / self.fps)

    def index(self, name: str) -> int:
        """The column of a channel; `UnknownNameError` if there is none."""
        try:
            return self.names.index(name)
        except ValueError:
            raise UnknownNameError("channel", name, self.names) from None

    def __getitem__(self, name: str) -> Float32[np.ndarray, " T"]:
        """One channel over time, read-only."""
        column: np.ndarray = self.values[:, self.index(name)]
        return column

    def beside(self, change: Callable[..., np.ndarray], *others: Track) -> dict[str, Any]:
        """Fields beside ``values`` that have frames too, once ``change`` has made one array ``[T ...]`` of this track's and those
        of ``others``; here none.
        """
        return {}


AnyTrack = TypeVar("AnyTrack", bound=Track)


def frame_count(seconds: float | Fraction, fps: Fraction) -> int:
    """Frames whose instants lie in ``[0, seconds)``, at least 1: sound and picture then agree within one frame."""
    return max(1, int(-(-Fraction(seconds).limit_denominator(10**6) * fps // 1)))


def sample(track: Track, times: np.ndarray) -> Float32[np.ndarray, "M C"]:
    """Values at any instants (seconds, ``[M]``), linear between frames and held at both ends."""
    if len(track) == 0:
        raise InputError("an empty track has no value at any instant")
    return _between(track.values, np.asarray(times, dtype=np.float64) * float(track.fps))


def resample(track: AnyTrack, fps: Fraction, frames: int | None = None) -> AnyTrack:
    """The same curves on another clock, linear between frames; on its own clock and length, the track itself."""
    if frames is None:
        frames = frame_count(Fraction(len(track)) / track.fps, fps) if len(track) else 0
    if fps == track.fps and frames == len(track):
        return track
    times = np.arange(frames) / float(fps)
    at = times * float(track.fps)
    return replace(track, values=sample(track, times), fps=fps, **track.beside(lambda frames: _between(frames, at)))


def crop(track: AnyTrack, first: int, stop: int) -> AnyTrack:
    """Frames ``first`` up to, not including, ``stop``."""
    if not 0 <= first <= stop <= len(track):
        raise InputError(f"frames {first} to {stop} do not lie within the {len(track)} frames of this track")
    return replace(track, values=track.values[first:stop], **track.beside(lambda frames: frames[first:stop]))


def join(tracks: Sequence[AnyTrack]) -> AnyTrack:
    """Tracks of the same channels and clock, one after the other."""
    first = tracks[0]
    for other in tracks[1:]:
        if other.names != first.names or other.fps != first.fps:
            raise InputError("only tracks with the same channels and the same rate can be joined")
    beside = first.beside(lambda *parts: np.concatenate(parts), *tracks[1:])
    return replace(first, values=np.concatenate([t.values for t in tracks]), **beside)


def _between(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Values ``[T C]`` at fractional frames ``[M]``, linear between frames and held at both ends."""
    at = np.clip(at, 0.0, len(values) - 1)
    low = np.floor(at).astype(np.int64)
    high = np.minimum(low + 1, len(values) - 1)
    share = (at - low).astype(np.float32)[:, None]
    mixed: np.ndarray = values[low] * (1 - share) + values[high] * share
    return mixed.astype(np.float32)
