"""What a recogniser of feelings reads back from motion, with the whole face and with half of it hidden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from animator.core.rig import Rig
from animator.core.script import felt
from animator.metrics.feeling import confusion
from animator.training.motion.recogniser import LOWER, UPPER, Performance, Recogniser
from animator.training.motion.store import MotionPack

FELT = 0.5
"""Intensity of a clip from which on its feeling should be told."""


def performances(packs: Sequence[MotionPack]) -> list[Performance]:
    """The clips that are held out."""
    return [
        Performance(pack.motion[first:stop], pack.felt[first:stop])
        for pack in packs
        for (first, stop), held in zip(pack.clips, pack.held, strict=True)
        if held
    ]


def score(net: Recogniser, clips: Sequence[Performance], rig: Rig) -> dict[str, Any]:
    """How often the strongest feeling of a clip is told right, mean over feelings that there are.

    Clips count whose mean intensity is at least `FELT`. ``whole``: with all of the face; ``no mouth`` and ``no brows``: with one
    half at rest; ``confusion``: shares by feeling felt and feeling told, in the order of `core.script.felt`, of the whole face;
    ``intensity``: mean absolute error of all clips, neutral ones too.
    """
    if not clips:
        return {}
    wanted = np.stack([clip.felt.astype(np.float32).mean(axis=0) for clip in clips])
    clear = wanted.max(axis=1) >= FELT
    told = {
        name: [_told(net, clip.motion, hidden, rig) for clip in clips]
        for name, hidden in (("whole", ()), ("no mouth", LOWER), ("no brows", UPPER))
    }
    figures: dict[str, Any] = {}
    for name, answers in told.items():
        guess = np.array([k for k, _ in answers])
        table = confusion(wanted.argmax(axis=1)[clear].tolist(), guess[clear].tolist(), len(felt(rig.emotions)))
        figures[name] = round(float(np.diag(table)[table.sum(axis=1) > 0].mean()), 4) if clear.any() else None
        if name == "whole":
            figures["confusion"] = table.round(3).tolist()
    wrong = np.abs(np.array([strength for _, strength in told["whole"]]) - wanted.max(axis=1))
    return figures | {"intensity": round(float(wrong.mean()), 4), "clips": int(clear.sum())}


def _told(net: Recogniser, motion: np.ndarray, hidden: Sequence[str], rig: Rig) -> tuple[int, float]:
    """The feeling told, and its intensity."""
    shown = motion.astype(np.float32)
    resting = rig.region(*hidden)
    shown[:, resting] = rig.rest[resting]
    with torch.inference_mode():
        told = net(torch.from_numpy(shown)[None])
    return int(told.feelings[0].argmax()), float(told.intensity[0])
