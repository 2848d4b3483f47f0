"""How well a voice's feelings are heard from speakers that were held out, and from corpora that nothing learned from."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from animator.embedders.space import Space
from animator.embedders.voice import HEARD, Voice, code_of, logits, odds
from animator.io.audio import read_audio
from animator.io.rig import load_rig
from animator.training.embedder.leaks import features_of
from animator.training.embedder.probes import probe, recall, reliability
from animator.training.embedder.voices import Voices, fit, read_out, temperature, together

RAVDESS = {"01": "neutral", "03": "happy", "04": "sad", "05": "angry", "06": "fear", "07": "disgusted"}
"""Third field of a RAVDESS file's name, for the six feelings that EMO-DB has too."""


def left_out(acted: Voices, read: Voices, seed: int) -> np.ndarray:
    """Log-odds ``[clips C]`` of each acted clip by a network that heard nothing of its speaker."""
    out = np.zeros((len(acted.label), len(HEARD)), dtype=np.float32)
    everyone = together(acted, read)
    for speaker in np.unique(acted.speaker):
        net = fit(everyone, everyone.speaker != speaker, seed)
        for clip in np.flatnonzero(acted.speaker == speaker):
            out[clip] = logits(acted.rows[(acted.clip == clip) & acted.plain & acted.whole], net)[0]
    return out


def score(acted: Voices, held_out: np.ndarray, space: Space) -> tuple[dict[str, Any], float, np.ndarray]:
    """What the log-odds of `left_out` are worth, the temperature that fits them best, and the odds ``[clips C]`` they are.

    ``recall`` is unweighted over the seven feelings; ``calibration_error`` with each speaker's odds at the temperature of the
    other speakers; ``feeling`` is what a linear probe names right from the code, ``felt`` the mean intensity of what the code
    decodes to by whether the likeliest feeling is the right one: what is mistaken ought to be felt less.
    """
    fair = np.zeros_like(held_out)
    for speaker in np.unique(acted.speaker):
        out = acted.speaker == speaker
        heat = temperature(held_out[~out], acted.label[~out])
        fair[out] = odds(held_out[out], {"voice/temperature": np.array([heat], dtype=np.float32)})
    told, error_table, code = fair.argmax(axis=1), reliability(fair, acted.label), code_of(fair, space)
    strongest, right = space.decode(code.mean).max(axis=1), told == acted.label
    scores = {
        "recall": recall(told, acted.label, len(HEARD)),
        "recalls": {name: float((told[acted.label == k] == k).mean()) for k, name in enumerate(HEARD)},
        "calibration_error": error_table[0],
        "reliability": error_table[1],
        "feeling": asdict(probe(features_of(code), acted.label, np.arange(len(told)))),
        "felt": {"right": float(strongest[right].mean()), "mistaken": float(strongest[~right].mean())},
    }
    return scores, temperature(held_out, acted.label), fair


def elsewhere(data: Path) -> dict[str, Any]:
    """What the shipped voice door makes of corpora that nothing was trained on.

    ``ravdess`` (where it is there): unweighted recall of the six feelings that both corpora have, beside chance. ``read``:
    people who read out without feeling, on other microphones; ``intensity`` is the mean of the strongest weight they get.
    """
    voice, out = Voice(), dict[str, Any]()
    clips = [path for path in sorted((data / "ravdess_eval").glob("*.flac")) if path.stem.split("-")[2] in RAVDESS]
    if clips:
        six = [HEARD.index(name) for name in RAVDESS.values()]
        wanted = np.array([list(RAVDESS).index(path.stem.split("-")[2]) for path in clips])
        heard = np.array([voice.hear(read_audio(path)).whole for path in clips])
        told = heard[:, six].argmax(axis=1)
        recalls = {name: float((told[wanted == k] == k).mean()) for k, name in enumerate(RAVDESS.values())}
        out["ravdess"] = {"recall": recall(told, wanted, len(six)), "chance": 1 / len(six), "recalls": recalls}
    read, feelings = read_out(data, held=True), tuple(load_rig("arkit").emotions)
    emotions = [voice.embed(read_audio(clip.path), feelings) for clip in read]
    strongest = np.array([emotion.values.mean(axis=0).max() for emotion in emotions])
    out["read"] = {"clips": len(read), "intensity": float(strongest.mean()), "above a half": float((strongest > 0.5).mean())}
    return out
