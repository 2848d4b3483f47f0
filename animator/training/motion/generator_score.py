"""How near the generator comes to performances that were held out, as it learns: without chance, before contacts are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from animator.core.rig import Rig
from animator.generators.acting.net import Actor
from animator.generators.acting.performer import performed
from animator.generators.acting.prior import FRAMES, Prior
from animator.training.motion.lessons import Source

AT_MOST = 60
"""Held clips of each source that are measured, evenly spread."""


class _Shown(NamedTuple):
    """A held clip: what the face did and what was made of it, ``float32 [T C]``, and what the source knows, ``bool [C]``."""

    was: np.ndarray
    made: np.ndarray
    known: np.ndarray


def score(actor: Actor, speaks: Prior, manners: Tensor, sources: Sequence[Source], rig: Rig) -> dict[str, dict[str, float]]:
    """Figures by source, of the net and of the mean face.

    ``lips`` and ``upper``: mean absolute error, in weights, of mouth and jaw and of the rest, where the source knows them;
    ``opening``: mean correlation of the lips' opening over clips; ``range``: ratio of its deviation to that of the performance.
    """
    found: dict[str, dict[str, float]] = {}
    for source in sources:
        shown = list(_shown(actor, speaks, manners, source))
        if shown:
            name = f"{'_'.join(source.pack.corpora)}, {source.pack.kinds[0]}"
            mean = np.concatenate([each.was for each in shown]).mean(axis=0)
            still = [each._replace(made=np.tile(mean, (len(each.was), 1))) for each in shown]
            found[name] = _figures(shown, source, rig)
            found[f"{name}, mean face"] = _figures(still, source, rig)
    return found


@torch.inference_mode()
def _shown(actor: Actor, speaks: Prior, manners: Tensor, source: Source) -> Iterator[_Shown]:
    pack = source.pack
    held = np.flatnonzero(pack.held)
    for k in held[:: max(1, -(-len(held) // AT_MOST))]:
        first, stop = pack.clips[k]
        stop -= (stop - first) % FRAMES
        sound = int(pack.sounds[pack.heard[k], 0])
        heard = torch.from_numpy(source.hearing.frames[sound : sound + stop - first].astype(np.float32))[None]
        manner = torch.from_numpy(pack.style[k])
        style = torch.where(manner.isnan(), manners[source.persons.index(pack.persons[k])], manner)[None]
        wanted = torch.from_numpy(source.felt[first:stop].astype(np.float32))[None]
        made = performed(actor, speaks, heard, style, wanted)[0].numpy()
        yield _Shown(pack.motion[first:stop, source.moved].astype(np.float32), made, pack.known[k, source.moved])


def _figures(shown: Sequence[_Shown], source: Source, rig: Rig) -> dict[str, float]:
    lips, row = rig.region("mouth", "jaw")[source.moved], rig.opening_row[source.moved]
    figures: dict[str, float] = {}
    for name, part in (("lips", lips), ("upper", ~lips)):
        wrong = [np.abs(each.made - each.was)[:, part & each.known].ravel() for each in shown]
        if any(map(len, wrong)):
            figures[name] = round(float(np.concatenate(wrong).mean()), 5)
    opened = [(each.made @ row, each.was @ row) for each in shown if each.was.shape[0] > FRAMES]
    alike = [np.corrcoef(made, was)[0, 1] for made, was in opened if made.std() > 1e-6 and was.std() > 1e-6]
    figures["opening"] = round(float(np.mean(alike)), 4) if alike else 0.0
    figures["range"] = round(float(np.mean([m.std() for m, _ in opened]) / max(np.mean([w.std() for _, w in opened]), 1e-9)), 4)
    return figures
