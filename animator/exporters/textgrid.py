"""Phones and words as a TextGrid of Praat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from animator.core.phones import SILENCE
from animator.core.take import Take
from animator.exporters.base import FEATURES
from animator.exporters.cues import Cue, heard, phone_cues, seconds


@dataclass(frozen=True)
class TextGrid:
    """TextGrid in Praat's long form: a tier ``phones`` and, where a transcript tells them, a tier ``words`` before it.

    Phones are ARPAbet's, without stress; a pause is an empty interval. The tiers are named as the Montreal Forced Aligner's are.

    Loses: everything but phones and words; how sure the ear was.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".textgrid",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset({FEATURES})

    def export(self, take: Take, path: Path) -> None:
        """Write the grid; see `exporters.base.Exporter`."""
        end = seconds(take)
        phones = [cue._replace(mark="" if cue.mark == SILENCE else cue.mark) for cue in phone_cues(take)]
        tiers = {"phones": phones}
        if heard(take).words:
            tiers = {"words": _tiled([Cue(a, min(b, end), text) for text, a, b in heard(take).words if a < end], end)} | tiers
        lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", f"xmax = {_time(end)}"]
        lines += ["tiers? <exists>", f"size = {len(tiers)}", "item []:"]
        for t, (name, cues) in enumerate(tiers.items(), start=1):
            lines += [f"    item [{t}]:", '        class = "IntervalTier"', f'        name = "{name}"']
            lines += ["        xmin = 0", f"        xmax = {_time(end)}", f"        intervals: size = {len(cues)}"]
            for k, (start, stop, text) in enumerate(cues, start=1):
                lines += [f"        intervals [{k}]:", f"            xmin = {_time(start)}", f"            xmax = {_time(stop)}"]
                quoted = text.replace('"', '""')
                lines.append(f'            text = "{quoted}"')
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _tiled(cues: Sequence[Cue], end: float) -> list[Cue]:
    """Cues with empty ones in their gaps, from 0 to the end of the sound."""
    out: list[Cue] = []
    for cue in (*cues, Cue(end, end, "")):
        before = out[-1].end if out else 0.0
        if cue.start > before + 1e-9:
            out.append(Cue(before, cue.start, ""))
        if cue.end > cue.start:
            out.append(cue._replace(start=before if cue.start <= before + 1e-9 else cue.start))
    return out


def _time(value: float) -> str:
    """Seconds to the nanosecond, so that 0.29 is 0.29."""
    return f"{value:.9f}".rstrip("0").rstrip(".")
