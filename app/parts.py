"""A clip in parts of about a second, each kept under what it shows: after a change, only parts that show it are drawn again."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32, Int64

import animator

SHORTEST = 3
"""Pictures of a part, at least: what joining takes."""

KEPT = 600
"""Parts that a folder holds at most: those used last."""


def parts(
    rows: Float32[np.ndarray, "T C"],
    looks: str,
    draw: Callable[[Int64[np.ndarray, " S"]], animator.Frames],
    fps: Fraction,
    folder: Path,
    on_frame: Callable[[int, int], Any] = lambda done, of: None,
) -> list[Path]:
    """The parts of a clip, in order, silent, for `animator.join_video`; those that the folder has are taken from there.

    Parameters
    ----------
    rows
        All that picture ``i`` depends on and other pictures need not have in common; at least one.
    looks
        All that they have in common: whose face it is, where it is seen from, by whom it is drawn.
    draw
        Pictures of such of the rows, by number, each independent of the others.
    fps
        Pictures a second.
    folder
        Where parts are kept; there may be those of other clips.
    on_frame
        Told how many pictures are drawn and how many are to be; it may raise, and parts that are whole by then are kept.
    """
    spans = _spans(len(rows), max(SHORTEST, round(fps)))
    paths = [folder / f"{_digest(rows[first:stop], looks, fps)}.mp4" for first, stop in spans]
    missing = {path: span for path, span in zip(paths, spans, strict=True) if not path.exists()}
    if missing:
        wanted = np.concatenate([np.arange(*span) for span in missing.values()])
        frames = draw(wanted)
        done = 0

        def one_more() -> None:
            nonlocal done
            done += 1
            on_frame(done, len(wanted))

        with closing(iter(frames)) as pictures, tempfile.TemporaryDirectory(dir=folder) as scratch:
            for path, (first, stop) in missing.items():
                part = replace(frames, count=stop - first, pictures=islice(pictures, stop - first))
                draft = Path(scratch, path.name)
                animator.write_video(part, None, draft, on_frame=one_more)
                draft.replace(path)
    for path in paths:
        path.touch()
    for path in sorted(folder.glob("*.mp4"), key=lambda each: each.stat().st_mtime_ns)[: -max(KEPT, len(paths))]:
        path.unlink(missing_ok=True)
    return paths


def _spans(count: int, step: int) -> list[tuple[int, int]]:
    """Rows ``first`` up to ``stop`` of each part; the last is longer by what is left over."""
    bounds = [step * k for k in range(max(1, count // step))]
    return list(zip(bounds, [*bounds[1:], count], strict=True))


def _digest(rows: Float32[np.ndarray, "S C"], looks: str, fps: Fraction) -> str:
    return hashlib.sha256(f"{looks}\n{fps}\n{rows.shape}\n".encode() + rows.tobytes()).hexdigest()
