"""Visemes and words as a metadata track of WebVTT."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from animator.core.phones import VISEMES
from animator.core.spoken import phones, targets
from animator.core.take import Take
from animator.exporters.base import FEATURES
from animator.exporters.cues import Cue, heard, on_clock, seconds, within

MILLISECONDS = 1000


@dataclass(frozen=True)
class WebVtt:
    """WebVTT for ``<track kind="metadata">``: a cue of JSON a viseme and, where a transcript tells them, a word.

    ``{"viseme":"PP","w":0.93}``: one of Oculus's fifteen, and how sure the ear was, in [0, 1]; they leave no gap.
    ``{"word":"hello"}`` stands beside them. The visemes come from the phones that were heard, and not from the motion.

    Loses: everything but the visemes and words; of times, what is finer than a millisecond.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".vtt",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset({FEATURES})

    def export(self, take: Take, path: Path) -> None:
        """Write the track; see `exporters.base.Exporter`."""
        called = targets(phones(heard(take)))
        rows = zip(called.start.tolist(), called.end.tolist(), called.viseme.tolist(), called.confidence.tolist(), strict=True)
        cues = [
            Cue(start, end, _payload(viseme=VISEMES[viseme], w=round(min(max(sure, 0.0), 1.0), 2)))
            for start, end, viseme, sure in rows
        ]
        words = [Cue(start, end, _payload(word=text)) for text, start, end in heard(take).words]
        listed = sorted(
            [*on_clock(within(cues, seconds(take)), MILLISECONDS), *on_clock(words, MILLISECONDS)], key=lambda cue: cue[0]
        )
        blocks = (f"{_time(start)} --> {_time(end)}\n{payload}\n" for start, end, payload in listed)
        path.write_text("\n".join(["WEBVTT\n", *blocks]), encoding="utf-8", newline="\n")


def _payload(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _time(milliseconds: int) -> str:
    minutes, rest = divmod(milliseconds, 60 * MILLISECONDS)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // MILLISECONDS:02d}.{rest % MILLISECONDS:03d}"
