"""How well an ear hears what was held out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float32, Int16

from animator.core.phones import BILABIALS, PHONE_VISEMES, PHONES, VISEMES
from animator.encoders.listening import mel
from animator.encoders.listening.net import Ear
from animator.nn.ahead import FULL
from animator.training.phones.store import Pack

_VISEME = np.array([VISEMES.index(PHONE_VISEMES[p][0]) if PHONE_VISEMES[p] else -1 for p in PHONES])
_MEMBER = np.stack([v == _VISEME for v in range(len(VISEMES))], axis=1).astype(np.float32)
_LIPS = np.isin(PHONES, list(BILABIALS))


def score(ear: Ear, packs: Sequence[Pack], ahead: int = FULL, at_most: int = 60) -> dict[str, dict[str, float]]:
    """Share of frames of speech with the right viseme, and of frames with closed lips: recall and precision, by corpus.

    A quick look while training, at up to ``at_most`` held clips of each pack that has some; `animator evaluate` measures events.
    """
    found: dict[str, dict[str, float]] = {}
    for pack in packs:
        clips = np.flatnonzero(pack.held)
        if not len(clips):
            continue
        chosen = clips[:: -(-len(clips) // at_most)]
        right, speech, hits, closed, said = 0, 0, 0, 0, 0
        for k in chosen:
            clip = pack[int(k)]
            guess = posteriors(ear, clip.samples, ahead)[: len(clip.labels)]
            known = clip.labels >= 0
            truth = np.where(known, _VISEME[clip.labels], -1)
            of_speech = truth > 0
            right += int(np.sum((guess @ _MEMBER).argmax(axis=1)[of_speech] == truth[of_speech]))
            speech += int(of_speech.sum())
            lips, shut = known & _LIPS[clip.labels], known & _LIPS[guess.argmax(axis=1)]
            hits, closed, said = hits + int((lips & shut).sum()), closed + int(shut.sum()), said + int(lips.sum())
        found[pack.corpus] = {
            "visemes": round(right / max(speech, 1), 4),
            "closed recall": round(hits / max(said, 1), 4),
            "closed precision": round(hits / max(closed, 1), 4),
        }
    return found


def posteriors(ear: Ear, samples: Int16[np.ndarray, " N"], ahead: int) -> Float32[np.ndarray, "T P"]:
    """What the ear makes of each frame of a clip at 16 kHz; there may be one frame more than the clip has."""
    sound = torch.from_numpy(samples.astype(np.float32) / np.float32(32768.0))[None]
    with torch.inference_mode():
        heard = ear(mel.log_mel(mel.power(sound, mel.frames_in(sound.shape[1]))), ahead)
        shares: np.ndarray = torch.softmax(heard.phones[0], dim=1).numpy()
    return shares
