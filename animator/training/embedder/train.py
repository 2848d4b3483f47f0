"""`train`: the embedder's weights from nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from animator.core.rig import Rig
from animator.embedders.space import Space
from animator.embedders.voice import HEARD, logits, odds
from animator.errors import InputError
from animator.io.rig import load_rig
from animator.io.weights import read_weights, write_weights
from animator.training.corpora import CORPORA
from animator.training.embedder import faces, judge, leaks, pairs, voices
from animator.training.embedder.people import HELD_OUT, Sights
from animator.training.embedder.performances import performances
from animator.training.embedder.probes import recall
from animator.training.embedder.space import make_space

RIG = "arkit"
LEARNED_FROM = ("emodb", "speechocean", "grid", "samples")
"""Corpora, by their names in `CORPORA`."""

HALVINGS = 5
"""Times that the speakers are parted at random to see what the code gives away of them."""

SAMPLES: Mapping[str, str] = {
    "sample_happy": "happy",
    "sample_angry": "angry",
    "sample_sad": "sad",
    "librivox_dashwood": "neutral",
}
"""Shipped speech that the tiny recipe tells apart."""


def train(
    data: Path | None,
    out: Path,
    *,
    tiny: bool = False,
    seed: int = 0,
    kept: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Make the space of feelings, the doors of the voice, the face and both, measure them on who was held out, and write them.

    Parameters
    ----------
    data
        Folder of corpora: ``emodb``, ``speechocean``, ``grid_s1``.
    out
        The ``.safetensors`` file.
    tiny
        Learn from the shipped samples and a few performed clips, in about a minute, to see that it learns; without ``data``.
    seed
        The only source of chance.
    kept
        Folder to keep measurements of sounds and pictures in, and to take them from when they are there.
    tell
        Called with a line at the beginning of each part of the work, and with what came of it.

    Returns
    -------
    The scores, as in the file's header.

    Raises
    ------
    InputError
        ``data`` is missing, or a corpus in it.
    """
    rig, corpora_at = load_rig(RIG), None if tiny else _folder(data)
    space = make_space(rig, seed, steps=60 if tiny else 400)
    tell("the voice: measuring speech, then learning with each speaker left out in turn")
    heard = _tiny_voice(seed) if corpora_at is None else _voice(corpora_at, space, seed, kept)
    tell(f"the voice: recall {heard.scores['recall']:.3f}; the face: drawing people and reading them, then learning")
    seen = _tiny_face(rig, space, seed) if tiny else faces.train(rig, space.feelings, seed, data, kept)
    tell(f"the face: recall {seen.scores['recall']:.3f}; both: learning how far each can be trusted")
    shown = pairs.seen(performances(20 if tiny else 80, rig, seed + 1), seen.tensors, rig, space, seed)
    both, both_scores = pairs.train(heard.odds, heard.label, heard.held, *shown, space, seed, 100 if tiny else 600)
    scores = {"voice": heard.scores, "face": seen.scores, "both": both_scores}
    corpora = [{"name": c.name, "licence": c.licence, "credit": c.credit} for c in (CORPORA[n] for n in LEARNED_FROM)]
    recipe = {"seed": seed, "tiny": tiny, "rig": RIG, "feelings": list(space.feelings), "heard": list(HEARD)}
    recipe |= {"speeds": list(voices.SPEEDS), "epochs": voices.EPOCHS, "networks": voices.NETWORKS, "alike": voices.ALIKE}
    recipe |= {"faces": asdict(faces.Budget())}
    tensors = {"anchors": space.anchors, "bank": space.bank, "spread": space.spread, **heard.tensors, **seen.tensors, **both}
    write_weights(out, tensors, corpora[-1:] if tiny else corpora, recipe, scores)
    return scores


def evaluate(data: Path) -> dict[str, Any]:
    """What `train` measured on held-out speakers, from the weights' header; and the shipped doors on what nobody trained on.

    `InputError` if ``data`` lacks the corpora that are read out; RAVDESS is measured where it is there.
    """
    there = _folder(data, ("speechocean", "grid_s1"))
    return {"training": dict(read_weights("embedder")[1]["scores"]), "elsewhere": judge.elsewhere(there)}


def _folder(data: Path | None, wanted: Sequence[str] = ("emodb", "speechocean", "grid_s1")) -> Path:
    """The folder of corpora, with what is wanted of it."""
    if data is None:
        raise InputError("the embedder learns from corpora; give their folder as data, or train the tiny one")
    for name in wanted:
        if not (data / name / "audio").is_dir():
            raise InputError(f"the embedder needs the corpus {name}, but there is no folder {data / name / 'audio'}")
    return data


@dataclass(frozen=True, eq=False)
class _Heard:
    """The voice door's ``tensors`` and ``scores``, and ``odds [V C]`` of voices by networks that had not heard them."""

    tensors: dict[str, np.ndarray]
    scores: dict[str, Any]
    odds: np.ndarray
    label: np.ndarray
    held: np.ndarray


def _voice(data: Path, space: Space, seed: int, kept: Path | None) -> _Heard:
    """The voice door, measured by leaving each acting speaker out."""
    acted = _kept(kept, "acted", lambda: voices.hear(voices.acted(data), voices.SPEEDS))
    read = _kept(kept, "read", lambda: voices.hear(voices.read_out(data), ()))
    scores, heat, told = judge.score(acted, judge.left_out(acted, read, seed), space)
    everyone = voices.together(acted, read)
    net = voices.fit(everyone, np.ones(len(everyone.label), dtype=bool), seed)
    net["voice/temperature"] = np.array([heat], dtype=np.float32)
    scores["speaker"] = leaks.leak(acted, read, heat, space, range(seed, seed + HALVINGS))
    return _Heard(net, scores, told, acted.label, np.isin(acted.speaker, np.unique(acted.speaker)[:2]))


def _tiny_voice(seed: int) -> _Heard:
    """Four shipped samples told apart in copies at speeds that were not learned from."""
    with as_file(files("animator.assets")) as folder:
        clips = [voices.Clip(folder / f"{name}.wav", feeling, name) for name, feeling in SAMPLES.items()]
        learned, asked = (voices.hear(clips, speeds, workers=1) for speeds in ((0.9, 1.0, 1.1), (0.95, 1.05)))
    net = voices.fit(learned, np.ones(len(clips), dtype=bool), seed, epochs=30)
    rows, there = ~asked.plain, np.unique(learned.label)
    heard, label = logits(asked.rows[rows], net), asked.label[asked.clip[rows]]
    scores = {"recall": recall(there[heard[:, there].argmax(axis=1)], label, len(HEARD)), "chance": 1 / len(there)}
    return _Heard(net, scores, odds(heard, net), label, np.arange(len(label)) % 2 == 1)


def _tiny_face(rig: Rig, space: Space, seed: int, clips: int = 60, frames: int = 4, steps: int = 150) -> faces.Faces:
    """The face door from performed clips alone, taken for pictures of three people, of whom two are held out."""
    performed = performances(clips, rig, seed)
    shown = performed.curves[:, :: performed.curves.shape[1] // frames][:, :frames].reshape(clips * frames, -1)
    noise = np.random.default_rng([seed, 9]).normal(0, 0.02, shown.shape)  # a tracker's
    shown = np.clip(shown + noise, 0.0, 1.0).astype(np.float32)
    which = np.repeat(np.arange(clips), frames)
    person = np.array((0, *HELD_OUT))[which % (1 + len(HELD_OUT))]
    return faces.fit(Sights(person, which, performed.felt[which], shown, shown), performed, rig, space.feelings, seed, steps)


def _kept(folder: Path | None, name: str, make: Any) -> voices.Voices:
    path = folder / f"voices_{name}.npz" if folder is not None else None
    if path is not None and path.is_file():
        with np.load(path) as found:
            return voices.Voices(**found)
    heard: voices.Voices = make()
    if path is not None:
        np.savez(path, **vars(heard))
    return heard
