"""Teacher pairs without end: each line of labelled speech performed several times, so that content and feeling come apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from animator.core.emotion import NEUTRAL
from animator.core.rig import Rig
from animator.core.script import felt
from animator.training.corpora import refuse_unshippable
from animator.training.motion.identities import identity
from animator.training.motion.speech import Said, said
from animator.training.motion.store import HOP, TEACHER, Clip, MotionPack, at_motion_rate, collect
from animator.training.motion.styles import Style, drawn, named
from animator.training.motion.teacher import Teacher
from animator.training.phones.store import Pack

SHARES: Mapping[str, float] = {
    "hibari": 0.25, "kokoro": 0.2, "speechocean": 0.15, "festvox-ru": 0.1, "emodb": 0.1, "grid": 0.05, "ljspeech": 0.05,
    "espeak": 0.05, "flite": 0.05, "samples": 1.0,
}  # fmt: skip
"""How often a line is of each corpus; those that are not there leave their share to the others."""

LONGEST = 12.0
"""Seconds: longer lines are passed over."""

PEOPLE, HELD_PEOPLE = 400, 40
"""Persons who perform, and others who perform only what is held out."""

HELD = 20
"""Every twentieth line is held out."""

USUAL = 0.25
"""Share of lines performed in the fitted speaker's own style."""


def performances(packs: Sequence[Pack], teacher: Teacher, seed: int) -> Iterator[Clip]:
    """Clips without end, three of each line in turn: neutral; by the same person in the same style with a feeling, both from the
    same chance, so that they differ by the feeling alone; and by another person, in another style, with other feelings.

    Speakers whom a corpus holds out are never heard.

    Raises
    ------
    InputError
        A corpus forbids that what learns from it is shipped.
    """
    refuse_unshippable(pack.corpus for pack in packs)
    rig, rng = teacher.rig, np.random.default_rng([seed, 11])
    packs = sorted((pack for pack in packs if pack.corpus in SHARES and not pack.held.all()), key=lambda pack: pack.corpus)
    lines = [
        [k for k in range(len(pack)) if not pack.held[k] and np.ptp(pack.clips[k]) <= LONGEST * 100 and np.ptp(pack.clips[k]) > 2]
        for pack in packs
    ]
    shares = np.array([SHARES[pack.corpus] * bool(mine) for pack, mine in zip(packs, lines, strict=True)])
    number = 0
    while True:
        which = int(rng.choice(len(packs), p=shares / shares.sum()))
        place = int(rng.integers(len(lines[which])))
        utterance, held = packs[which][lines[which][place]], place % HELD == 0
        heard, corpus = said(utterance), packs[which].corpus
        phones = at_motion_rate(utterance.labels, len(heard.times))
        samples = utterance.samples[: HOP * len(heard.times)]
        acted = _acted(utterance.feeling, rig)
        first, other = (int(n) for n in _people(held, rng))
        style = _style(rng)
        chance = int(rng.integers(2**63))
        neutral = np.zeros((len(heard.times), len(felt(rig.emotions))), dtype=np.float32)
        for take, (person, manner, feeling, luck) in enumerate(
            (
                (first, style, neutral, chance),
                (first, style, _feeling(heard, rig, rng, acted, least=1), chance),
                (other, _style(rng), _feeling(heard, rig, rng, acted, least=0), int(rng.integers(2**63))),
            )
        ):
            who = identity(person, rig)
            motion = teacher.perform(heard, feeling, manner, who, np.random.default_rng(luck))
            yield Clip(
                name=f"{number} {corpus}/{utterance.name} {take}",
                person=who.name,
                kind=TEACHER,
                held=held,
                motion=motion.astype(np.float16),
                known=~rig.region("gaze"),
                felt=feeling.astype(np.float16),
                style=manner.row,
                phones=phones,
                words=(),
                sound=f"{number} {corpus}/{utterance.name}",
                samples=samples,
            )
        number += 1


def pack(packs: Sequence[Pack], teacher: Teacher, hours: float, seed: int = 0) -> MotionPack:
    """So many hours of `performances`."""
    corpora = tuple(dict.fromkeys((*(pack.corpus for pack in packs), "grid")))
    return collect(corpora, teacher.rig, _lasting(performances(packs, teacher, seed), hours))


def _lasting(clips: Iterator[Clip], hours: float) -> Iterator[Clip]:
    """Whole lines until they last so long."""
    frames = 0
    while frames < hours * 180000:
        line = list(islice(clips, 3))
        frames += sum(len(clip.motion) for clip in line)
        yield from line


def _people(held: bool, rng: np.random.Generator) -> np.ndarray:
    if held:
        return PEOPLE + rng.choice(HELD_PEOPLE, 2, replace=False)
    return rng.choice(PEOPLE, 2, replace=False)


def _style(rng: np.random.Generator) -> Style:
    return named("calm", 0.0) if rng.random() < USUAL else drawn(rng)


def _acted(feeling: str, rig: Rig) -> str | None:
    """What an actor's voice feels, where the rig has a pose for it."""
    return feeling if feeling in rig.emotions and feeling != NEUTRAL else None


def _feeling(heard: Said, rig: Rig, rng: np.random.Generator, acted: str | None, least: int) -> np.ndarray:
    """Intensities ``float32 [T E]``: what the voice acts, or one feeling, or two, or (``least`` 0) none; some change midway."""
    channels = felt(rig.emotions)
    out = np.zeros((len(heard.times), len(channels)), dtype=np.float32)
    out += _mixture(channels, rng, acted, least)
    if rng.random() < 0.2:
        change = rng.uniform(0.2, 0.8) * heard.times[-1]
        ease = np.clip((heard.times - change) / rng.uniform(0.1, 0.8), 0.0, 1.0)[:, None]
        out = (out * (1 - ease) + ease * _mixture(channels, rng, None, 0)).astype(np.float32)
    return out


def _mixture(channels: Sequence[str], rng: np.random.Generator, acted: str | None, least: int) -> np.ndarray:
    weights = np.zeros(len(channels), dtype=np.float32)
    draw = rng.random()
    if acted is not None and draw < 0.6:
        weights[channels.index(acted)] = rng.uniform(0.5, 1.0)
    elif draw < 0.25 and not least:
        pass
    elif draw < 0.75:
        weights[rng.integers(len(channels))] = rng.uniform(0.15, 1.0)
    else:
        weights[rng.choice(len(channels), 2, replace=False)] = rng.uniform(0.2, 0.7, 2)
    return weights
