"""Speech marks as Amazon Polly sends them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from animator.core.take import Take
from animator.exporters.base import FEATURES
from animator.exporters.cues import heard, marked, on_clock, phone_cues, seconds

MILLISECONDS = 1000

VISEMES: Mapping[str, str] = MappingProxyType(
    {
        "SIL": "sil", "AA": "a", "AE": "a", "AW": "a", "AY": "a", "AH": "@", "ER": "E", "EH": "E", "EY": "e", "IH": "i",
        "IY": "i", "Y": "i", "AO": "O", "OY": "O", "OW": "o", "UH": "u", "UW": "u", "W": "u", "B": "p", "M": "p", "P": "p",
        "F": "f", "V": "f", "TH": "T", "DH": "T", "S": "s", "Z": "s", "D": "t", "N": "t", "T": "t", "L": "t", "CH": "S",
        "JH": "S", "SH": "S", "ZH": "S", "R": "r", "G": "k", "HH": "k", "K": "k", "NG": "k",
    }
)  # fmt: skip
"""Phone to viseme, as on Polly's page for US English. Stress is not heard, so that AH is taken for ə, and ER for ɝ."""


@dataclass(frozen=True)
class Polly:
    """Polly's speech marks: one JSON object a line, visemes and, where a transcript tells them, words, when each begins.

    Times are in milliseconds. ``start`` and ``end`` of a word count bytes in the words written one after the other, with single
    spaces. The visemes come from the phones that were heard, and not from the motion. The last mark is ``sil``, at the end.

    Loses: everything but 16 visemes and the words; of times, what is finer than a millisecond.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".marks", ".json")
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset({FEATURES})

    def export(self, take: Take, path: Path) -> None:
        """Write the marks; see `exporters.base.Exporter`."""
        marks: list[dict[str, Any]] = []
        at = 0
        for word in heard(take).words:
            size = len(word.text.encode())
            time = round(word.start * MILLISECONDS)
            marks.append({"time": time, "type": "word", "start": at, "end": at + size, "value": word.text})
            at += size + 1
        visemes = [(start, mark) for start, _, mark in on_clock(marked(phone_cues(take), VISEMES), MILLISECONDS)]
        if visemes[-1][1] != VISEMES["SIL"]:
            visemes.append((round(seconds(take) * MILLISECONDS), VISEMES["SIL"]))
        marks += ({"time": time, "type": "viseme", "value": mark} for time, mark in visemes)
        marks.sort(key=lambda mark: mark["time"])  # stable: a word stands before its first viseme
        lines = (json.dumps(mark, ensure_ascii=False, separators=(",", ":")) for mark in marks)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
