"""Contacts that nothing may break: lips that close for p b m, the lower lip at the upper teeth for f v.

The dominance model averages, so it cannot promise a contact (Cohen & Massaro 1993, section 4); and a feeling is added after
it. Both are mended here, last, by the least change that meets the contact.
"""

from __future__ import annotations

import numpy as np

from animator.core.curves import smoothstep, window
from animator.core.motion import CLOSED
from animator.core.rig import Rig
from animator.core.spoken import Targets

HELD = 0.06
"""Seconds that a contact lasts at least: three frames at 50 Hz."""

CLOSURE = 0.8
"""Share of a bilabial during which the lips are shut; its release is sounded with the lips apart."""

BITE = 0.7
"""Share of a labiodental, about its middle, during which the lip is at the teeth."""

EASE = (0.045, 0.09)
"""Seconds, least and most, over which a contact is made or undone: half the time to the next one, so that the mouth opens
between two."""

SOFT = 0.004
"""Opening within which a bound starts to be felt, so that meeting it leaves no corner."""

PARTING = 0.5
"""Share of the opening that a sound calls for which no feeling may take away."""


def closure_spans(said: Targets) -> np.ndarray:
    """``[S 2]`` seconds during which the lips are shut: most of each bilabial, and `HELD` seconds at least."""
    start, end = said.spans("PP").T
    early = np.maximum(start - np.maximum(HELD - (end - start), 0.0) / 2, 0.0)
    return np.stack([early, early + np.maximum(CLOSURE * (end - start), HELD)], axis=1)


def bite_spans(said: Targets) -> np.ndarray:
    """``[S 2]`` seconds during which the lower lip touches the upper teeth."""
    start, end = said.spans("FF").T
    half = np.maximum(BITE * (end - start), HELD) / 2
    return np.stack([(start + end) / 2 - half, (start + end) / 2 + half], axis=1)


def keep_contacts(values: np.ndarray, spoken: np.ndarray, times: np.ndarray, said: Targets, rig: Rig) -> np.ndarray:
    """The same motion with every contact made.

    Parameters
    ----------
    values
        ``float64 [T C]``, within the rig's limits: speech, feeling and effort together.
    spoken
        ``float64 [T C]`` relative to rest: the speaking mouth alone, which says how far the lips need to part.
    times, said, rig
        As in `coarticulation.mouth`.

    Returns
    -------
    np.ndarray
        ``float64 [T C]`` within the rig's limits, whose opening is at most ``CLOSED / 2`` during each of `closure_spans`.
    """
    row = rig.opening_row.astype(np.float64)
    shut = _held(times, closure_spans(said))
    bite = _held(times, bite_spans(said)) * (1.0 - shut)
    out = _meet_teeth(values, bite, rig)
    # Open first, shut last: a closure is the stronger of the two.
    need = PARTING * (spoken @ row)
    apart = (1.0 - shut) * (1.0 - bite) * smoothstep(need / (2 * CLOSED))
    out = shifted(out, row, apart * _excess(need - out @ row), rig)
    # Lips that part anywhere along their line let go; what the jaw then leaves open is closed by the least change.
    lips = (row > 0) & rig.region("mouth")
    out[:, lips] += shut[:, None] * (rig.rest[lips] - out[:, lips])
    return shifted(out, row, -shut * _excess(out @ row - CLOSED / 4), rig)


def _held(times: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """How far each contact is made, ``[T]``: 1 within each span, eased before and after it."""
    gaps = np.clip((spans[1:, 0] - spans[:-1, 1]) / 2, *EASE)
    return window(times, spans, np.append(EASE[1], gaps)[: len(spans)], np.append(gaps, EASE[1])[: len(spans)])


def _excess(over: np.ndarray) -> np.ndarray:
    """How far something is above 0, eased near it: never less than ``over``, never less than 0."""
    eased: np.ndarray = SOFT * np.logaddexp(0.0, over / SOFT)
    return np.where(over < -12 * SOFT, 0.0, eased)


def _meet_teeth(values: np.ndarray, bite: np.ndarray, rig: Rig) -> np.ndarray:
    """The lips' and jaw's parting as the labiodental pose says, where ``bite`` is 1; corners and cheeks as they were."""
    pose = rig.visemes.get("FF", {})
    held = [rig.columns[name] for name in dict.fromkeys((*pose, *rig.opening))]
    out = values.copy()
    out[:, held] += bite[:, None] * (rig.row(pose)[held] - values[:, held])
    return out


def shifted(values: np.ndarray, row: np.ndarray, change: np.ndarray, rig: Rig) -> np.ndarray:
    """The nearest motion within limits whose measure ``values @ row`` differs by ``change`` ``[T]``.

    The change is least in the sum of ``square(dx) * sqrt(abs(row))``: a control moves the more, the more it matters to the
    measure. Controls that reach a limit stay there, and the others take over what is left.
    """
    frames = np.flatnonzero(np.abs(change) > 1e-9)
    columns = np.flatnonzero(row)
    share = row[columns]
    step = np.sign(share) * np.sqrt(np.abs(share))
    low, high = rig.low[columns].astype(np.float64), rig.high[columns].astype(np.float64)
    x, left = values[np.ix_(frames, columns)], change[frames].copy()
    for _ in range(len(columns)):
        wanted = np.sign(left)[:, None] * step
        free = np.where(wanted > 0, x < high, x > low)
        gain = free @ np.abs(share * step)
        moving = (np.abs(left) > 1e-9) & (gain > 0)
        if not moving.any():
            break
        amount = np.where(moving, left / np.where(gain > 0, gain, 1.0), 0.0)
        moved = np.clip(x + amount[:, None] * step * free, low, high)
        left -= (moved - x) @ share
        x = moved
    out = values.copy()
    out[np.ix_(frames, columns)] = x
    return out
