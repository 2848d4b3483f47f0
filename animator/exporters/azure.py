"""Viseme events as Azure's speech service sends them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from animator.core.take import Take
from animator.exporters.base import FEATURES
from animator.exporters.cues import marked, on_clock, phone_cues, seconds

TICKS = 10_000_000
"""Of 100 ns, a second."""

VISEMES: Mapping[str, str] = MappingProxyType(
    {
        "SIL": "0", "AE": "1", "AH": "1", "AA": "2", "AO": "3", "EH": "4", "EY": "4", "UH": "4", "ER": "5", "IH": "6", "IY": "6",
        "Y": "6", "UW": "7", "W": "7", "OW": "8", "AW": "9", "OY": "10", "AY": "11", "HH": "12", "R": "13", "L": "14", "S": "15",
        "Z": "15", "CH": "16", "JH": "16", "SH": "16", "ZH": "16", "DH": "17", "F": "18", "V": "18", "D": "19", "N": "19",
        "T": "19", "TH": "19", "G": "20", "K": "20", "NG": "20", "B": "21", "M": "21", "P": "21",
    }
)  # fmt: skip
"""Phone to id, as on Azure's page of visemes; SAPI 5, where the ids come from, has θ (TH) in 17."""


@dataclass(frozen=True)
class Azure:
    """Azure's viseme events: a JSON list of ``audio_offset`` (ticks of 100 ns) and ``viseme_id`` (0 to 21), when each begins.

    The visemes come from the phones that were heard, and not from the motion. The last event is silence, at the end of the sound.

    Loses: everything but 22 visemes, and how sure the ear was.

    Uncertain: the service sends events one by one; the list, with the names of its Python client, is ours.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset({FEATURES})

    def export(self, take: Take, path: Path) -> None:
        """Write the events; see `exporters.base.Exporter`."""
        events = [(start, mark) for start, _, mark in on_clock(marked(phone_cues(take), VISEMES), TICKS)]
        if events[-1][1] != VISEMES["SIL"]:
            events.append((round(seconds(take) * TICKS), VISEMES["SIL"]))
        rows = (json.dumps({"audio_offset": start, "viseme_id": int(mark)}) for start, mark in events)
        path.write_text("[\n  " + ",\n  ".join(rows) + "\n]\n", encoding="utf-8", newline="\n")
