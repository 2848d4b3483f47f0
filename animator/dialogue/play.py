"""A scene played: every turn heard and felt, moods followed through it, and one performance a face, all on one clock."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from animator import pipeline
from animator.core import lips, look
from animator.core.audio import Audio, resampled
from animator.core.cues import placed
from animator.core.curves import window
from animator.core.emotion import ALL, Emotion, Gesture, parts_of
from animator.core.features import Features
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.scene import Face, Scene, called
from animator.core.script import felt as channels_of
from animator.dialogue.asked import beside, lips_of_turn, looks_of_turn
from animator.dialogue.cast import Part, Plan, Role, about
from animator.dialogue.listening import LONGEST, Cues, answers, cues
from animator.dialogue.mood import SHOWN, Heard, Person, moods, net, paces, temperament
from animator.dialogue.seats import Said, looks
from animator.embedders.space import emotion, load_space
from animator.errors import LossWarning
from animator.io.rig import load_rig
from animator.recipe import Choice, Recipe

AFTERWARDS = 0.8
"""Seconds that a scene goes on after its last turn."""

ONSET, OFFSET = 0.7, 1.2
"""Seconds over which what is felt in a turn comes before it, and gives way to the mood after it."""

OVERHEARD = {"mood": 0.5, "feedback": 0.3}
"""How strongly a turn that is meant for others reaches whoever hears it, as a share: their mood, and their nods."""


@dataclass(frozen=True, eq=False)
class Line:
    """A turn as it was heard.

    Parameters
    ----------
    part, who, start, audio
        What it is, the face that says it, when it begins (seconds), and its sound.
    features, felt
        What was heard, and what is felt in it, where that is told.
    ways, looks
        What its script asks of lips and eyes, in seconds of the scene.
    offers
        What it offers to who hears it, in seconds from its beginning.
    """

    part: Part
    who: int
    start: Fraction
    audio: Audio
    features: Features
    felt: Emotion | None
    ways: tuple[lips.Lips, ...]
    looks: tuple[look.Look, ...]
    offers: Cues

    @property
    def end(self) -> Fraction:
        """When its sound is over."""
        return self.start + self.audio.seconds


@dataclass(frozen=True, eq=False)
class Played:
    """One face's performance of a whole scene.

    Parameters
    ----------
    face, recipe
        Who it is, and what they are moved and drawn by; the recipe's feelings are the mood in which they come.
    audio
        Their own sound, silence where others speak.
    features, emotion, motion
        What was heard of them, what they feel, and how they move.
    mood
        ``[T K]`` at 50 Hz: the code of their mood (`dialogue.mood`), whatever a turn has them show.
    """

    face: Face
    recipe: Recipe
    audio: Audio
    features: Features
    emotion: Emotion
    motion: Motion
    mood: np.ndarray


@dataclass(frozen=True, eq=False)
class Play:
    """A scene's performances in the order of its faces, and the sound of all of them together, as long as each."""

    faces: tuple[Played, ...]
    audio: Audio


def play_scene(plan: Plan, told: Callable[[str, int, int], None] = lambda stage, done, of: None) -> Play:
    """Perform a scene.

    Parameters
    ----------
    plan
        The scene, made ready.
    told
        Called with the name of each stage as it begins and goes on, how many of its turns or faces are done, and of how many.

    Raises
    ------
    InputError
        A turn's script names words that are not said; the turn is told.

    Warns
    -----
    LossWarning
        Those who speak at once are together louder than a sound can be.
    """
    scene, roles = plan.scene, plan.roles
    told("listening", 0, len(plan.parts))
    lines = []
    for i, (part, start, sound) in enumerate(zip(plan.parts, plan.starts, plan.sounds, strict=True), 1):
        with about(called(i, part.turn)):
            lines.append(_heard(part, scene.number(part.turn.who), start, sound))
        told("listening", i, len(plan.parts))
    frames = int(-(-(max(line.end for line in lines) + Fraction(AFTERWARDS)) * GENERATOR_FPS // 1))
    seconds = frames / GENERATOR_FPS
    told("moving", 0, len(roles))
    minds = moods([_person(role) for role in roles], [_reaching(line, scene) for line in lines], frames, 1 / float(GENERATOR_FPS))
    rate = max(sound.rate for sound in plan.sounds)
    faces = []
    for i in range(len(roles)):
        faces.append(_performed(i, roles, lines, scene, seconds, minds[i].astype(np.float32), rate))
        told("moving", i + 1, len(roles))
    return Play(tuple(faces), _mixed([face.audio for face in faces]))


def _heard(part: Part, who: int, start: Fraction, audio: Audio) -> Line:
    features = pipeline.hear(audio, part.recipe)
    felt = pipeline.feel(audio, part.recipe, features) if part.named else None
    told, span = part.recipe.generator.settings, (float(start), float(start + audio.seconds))
    ways = lips_of_turn(lips.lips_from(told.get("articulation", ()), "the script"), features, *span)
    looked = looks_of_turn(look.looks_from(told.get("looks", ()), "the script"), features, *span)
    return Line(part, who, start, audio, features, felt, ways, looked, cues(features))


def _person(role: Role) -> Person:
    space, face = load_space(), role.face
    resting = (SHOWN * temperament(face.traits)).astype(np.float32)
    home = space.from_vad(resting[None])[0]
    begins = _codes(pipeline.feel(Audio(np.zeros(1, dtype=np.float32), 16000), role.recipe))[0] if face.mood else home
    return Person(begins, home, paces(face.traits, space.K), face.inertia, face.contagion)


def _codes(felt: Emotion) -> np.ndarray:
    """What the whole face feels, as codes ``[T K]``."""
    whole = [i for i, name in enumerate(felt.names) if parts_of(name)[0] == ALL]
    mean, _ = load_space().encode_weights(felt.values[:, whole], [felt.names[i] for i in whole])
    return mean


def _frame(at: Fraction) -> int:
    return round(at * GENERATOR_FPS)


def _reaching(line: Line, scene: Scene) -> Heard:
    first = _frame(line.start)
    codes = None if line.felt is None else _codes(line.felt)
    stop = first + (_frame(line.audio.seconds) if codes is None else len(codes))
    others = (i for i in range(len(scene.faces)) if i != line.who)
    reaches = {i: 1.0 if _meant(line, scene.faces[i].name) else OVERHEARD["mood"] for i in others}
    return Heard(line.who, first, stop, codes, reaches)


def _meant(line: Line, name: str) -> bool:
    return not line.part.turn.to or name in line.part.turn.to


def _performed(
    here: int, roles: Sequence[Role], lines: Sequence[Line], scene: Scene, seconds: Fraction, mood: np.ndarray, rate: int
) -> Played:
    role, own = roles[here], [line for line in lines if line.who == here]
    features = _hearing(own, seconds, role.recipe)
    recipe = _directed(role, here, own, _said(lines, scene), len(roles), float(seconds), features)
    audio = _sound(own, seconds, rate)
    shown = replace(_shown(mood, own, recipe), gestures=_gestures(here, role.face, lines, own, recipe.seed))
    return Played(role.face, recipe, audio, features, shown, pipeline.move(features, shown, recipe), mood)


def _said(lines: Sequence[Line], scene: Scene) -> list[Said]:
    """Who speaks when, and to whom: those it is meant for, or else all others, first who spoke last, or speaks next."""
    out: list[Said] = []
    seats = range(len(scene.faces))
    for k, line in enumerate(lines):
        turns = [*(each.who for each in reversed(lines[:k])), *(each.who for each in lines[k + 1 :]), *seats[line.who :], *seats]
        others = tuple(dict.fromkeys(who for who in turns if who != line.who))
        to = tuple(scene.number(name) for name in line.part.turn.to) or others
        pauses = tuple(float(line.start) + float(at) for at in line.offers.pauses)
        out.append(Said(line.who, float(line.start), float(line.end), to, pauses))
    return out


def _directed(
    role: Role, here: int, own: Sequence[Line], said: Sequence[Said], seats: int, seconds: float, heard: Features
) -> Recipe:
    """The face's recipe with where it looks, and with what the scripts of its turns ask of its lips.

    What a turn's script has it look at comes first; then what the face's own settings do; then whom the scene has it look at.
    """
    settings: dict[str, Any] = dict(role.recipe.generator.settings)
    if "looks" in settings:
        usual = placed(look.looks_from(settings["looks"], role.face.name), heard.words, role.face.name)
    else:
        usual = looks(here, role.ahead, said, seats, seconds, np.random.default_rng([role.recipe.seed, 1]))
    wanted = [each for line in own for each in line.looks]
    settings["looks"] = [look.told(each) for each in beside(wanted, usual, seconds)]
    ways = [way for line in own for way in line.ways]
    if ways:
        settings["articulation"] = [*settings.get("articulation", ()), *map(lips.told, ways)]
    return replace(role.recipe, generator=Choice(role.recipe.generator.name, {k: v for k, v in settings.items() if v != []}))


def _sound(own: Sequence[Line], seconds: Fraction, rate: int) -> Audio:
    samples = np.zeros(round(seconds * rate), dtype=np.float32)
    for line in own:
        first = round(line.start * rate)
        mine = resampled(line.audio.samples, line.audio.rate, rate)[: len(samples) - first]
        samples[first : first + len(mine)] = mine
    return Audio(samples, rate)


def _mixed(voices: Sequence[Audio]) -> Audio:
    """All voices at once, all of them softer where they would be louder than a sound can be."""
    samples = np.sum([voice.samples for voice in voices], axis=0)
    loudest = float(np.abs(samples).max())
    if loudest > 1:
        told = (
            f"those who speak at once are together louder than a sound can be; all are heard at {1 / loudest:.2f} of their level"
        )
        warnings.warn(told, LossWarning, stacklevel=3)
    return Audio(samples / max(loudest, 1.0), voices[0].rate)


def _hearing(own: Sequence[Line], seconds: Fraction, recipe: Recipe) -> Features:
    """What is heard of one face: silence, as the encoder hears it, and their turns."""
    silence = pipeline.hear(Audio(np.zeros(round(seconds * 16000), dtype=np.float32), 16000), recipe)
    values = silence.values.copy()
    words = []
    for line in own:
        first = round(line.start * silence.fps)
        mine = line.features.values[: len(values) - first]
        values[first : first + len(mine)] = mine
        start = float(line.start)
        words += [word._replace(start=word.start + start, end=word.end + start) for word in line.features.words]
    return Features(silence.names, values, silence.fps, tuple(words))


def _shown(mood: np.ndarray, own: Sequence[Line], recipe: Recipe) -> Emotion:
    """What a face shows: its mood, and what its turns name meanwhile."""
    times = np.arange(len(mood)) / float(GENERATOR_FPS)
    names = list(channels_of(load_rig(recipe.rig).emotions))
    names += sorted({name for line in own if line.felt for name in line.felt.names} - set(names))
    values = np.zeros((len(mood), len(names)), dtype=np.float32)
    whole = [name for name in names if parts_of(name)[0] == ALL]
    space = load_space()
    valences = np.array([space.anchors[space.feelings.index(name), 0] if name in space.feelings else 0.0 for name in whole])
    valences = valences.astype(np.float32)
    moody = space.decode(mood, whole)
    values[:, : len(whole)] = net(moody, valences, moody)
    for line in own:
        if line.felt is None:
            continue
        share = window(times, np.array([[line.start, line.end]], dtype=np.float64), ONSET, OFFSET)[:, None].astype(np.float32)
        at = np.clip(np.arange(len(mood)) - _frame(line.start), 0, len(line.felt) - 1)
        told = np.zeros_like(values)
        told[:, [names.index(name) for name in line.felt.names]] = line.felt.values[at]
        values, told = (np.float32(1.0) - share) * values, share * told
        values[:, : len(whole)] = net(values[:, : len(whole)], valences, told[:, : len(whole)])
        values += told
    return emotion(np.clip(values, 0.0, 1.0), names)


def _gestures(here: int, face: Face, lines: Sequence[Line], own: Sequence[Line], seed: int) -> tuple[Gesture, ...]:
    """What a face does: what its own turns tell, and while it hears those of others, as long as it is silent itself."""
    done = [
        gesture._replace(start=gesture.start + float(line.start)) for line in own if line.felt for gesture in line.felt.gestures
    ]
    for k, line in enumerate(lines):
        if line.who == here:
            continue
        rate = face.feedback * (1.0 if _meant(line, face.name) else OVERHEARD["feedback"])
        chance = np.random.default_rng([seed, 2, k])
        for gesture in answers(line.offers, float(line.audio.seconds), rate, chance):
            at = gesture.start + float(line.start)
            if not any(each.start - LONGEST < at < each.end for each in own):
                done.append(gesture._replace(start=round(at, 3)))
    return tuple(sorted(done, key=lambda gesture: gesture.start))
