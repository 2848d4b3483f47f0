"""A scene's faces and turns as recipes, each checked before any work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from animator import pipeline
from animator.core.audio import Audio
from animator.core.scene import AUTO, Face, Scene, Turn, called, starts
from animator.core.stage import camera
from animator.dialogue.seats import facing
from animator.directing import directed, saying
from animator.errors import InputError
from animator.io.audio import read_audio
from animator.io.head import read_head
from animator.io.script import read_script
from animator.recipe import FAMILIES, Choice, Recipe, build


@dataclass(frozen=True)
class Role:
    """A face with the recipe that it is moved and drawn by, and the yaw in radians, in the picture, of its looking straight
    ahead.
    """

    face: Face
    recipe: Recipe
    ahead: float


@dataclass(frozen=True)
class Part:
    """A turn with the recipe that it is heard and felt by; ``named`` says whether that tells what is felt, or the mood does."""

    turn: Turn
    recipe: Recipe
    named: bool


@dataclass(frozen=True, eq=False)
class Plan:
    """A scene made ready: roles in the order of its faces; parts, sounds and starts (seconds) in that of its turns."""

    scene: Scene
    roles: tuple[Role, ...]
    parts: tuple[Part, ...]
    sounds: tuple[Audio, ...]
    starts: tuple[Fraction, ...]


def plan_scene(scene: Scene, base: Recipe) -> Plan:
    """A scene checked and its sounds read, before any work; what a face does not say is as in ``base``.

    Raises
    ------
    InputError
        A person, a setting, a feeling, a script or a sound cannot be used, or a turn begins when it cannot; the face or turn is
        told. Or ``base`` tells what the turns do.
    """
    if base.transcript is not None or base.layers:
        raise InputError("a scene's turns tell what is said, and layers go over one face's motion; leave both out of the recipe")
    seats = len(scene.faces)
    roles, given, sounds = [], [], []
    for i, face in enumerate(scene.faces):
        with about(face.name):
            roles.append(_role(face, i, seats, base))
    for i, turn in enumerate(scene.turns, 1):
        with about(called(i, turn)):
            given.append(_part(turn, roles[scene.number(turn.who)].recipe))
            sounds.append(read_audio(Path(turn.sound)))
    return Plan(scene, tuple(roles), tuple(given), tuple(sounds), starts(scene, [sound.seconds for sound in sounds]))


def known(feelings: str, rig: str) -> Choice:
    """The embedder of feelings by name; `UnknownNameError` for one that nobody knows."""
    choice = Choice("label", {"feelings": feelings} if feelings else {})
    pipeline.feel(Audio(np.zeros(1, dtype=np.float32), 16000), Recipe(embedder=choice, rig=rig))
    return choice


@contextmanager
def about(place: str) -> Iterator[None]:
    """Complaints of what is done in the block say what they are about."""
    try:
        yield
    except InputError as error:
        error.args = (f"{place}: {error}",)
        raise


def _role(face: Face, number: int, seats: int, base: Recipe) -> Role:
    picture = base.picture
    ahead = facing(number, seats)
    if face.camera:
        picture = replace(picture, camera=face.camera)
    elif not face.photo and picture.camera == type(picture).camera:
        picture = replace(picture, camera=f"yaw={-ahead:.4f}")
    recipe = replace(
        base,
        embedder=known(face.mood, base.rig),
        generator=Choice(base.generator.name, {**base.generator.settings, **face.generator}),
        picture=picture,
        seed=int(np.random.SeedSequence([base.seed, number]).generate_state(1)[0]),
    )
    if face.head:
        recipe = replace(recipe, head=Choice(base.head.name, read_head(Path(face.head), base.head.name)))
    for role, family in FAMILIES.items():
        build(family, getattr(recipe, role))
    return Role(face, recipe, 0.0 if face.photo else -camera(picture.camera).yaw)


def _part(turn: Turn, recipe: Recipe) -> Part:
    scene_long = ("articulation", "looks")  # what a face's own settings say of them holds on the scene's clock, not the turn's
    settings = {name: value for name, value in recipe.generator.settings.items() if name not in scene_long}
    recipe = replace(recipe, embedder=Choice("label"), generator=Choice(recipe.generator.name, settings))
    if turn.script:
        path = Path(turn.script)
        script = read_script(path, recipe.rig, recipe.feelings)
        if script.transcript is not None and turn.transcript is not None:
            raise InputError(f"{path.name!r} tells what is said, and so does 'transcript'; give one of them")
        recipe = directed(recipe, script, repr(path.name))
    elif turn.emotion:
        recipe = replace(recipe, embedder=Choice("voice") if turn.emotion == AUTO else known(turn.emotion, recipe.rig))
    if turn.transcript is not None:
        recipe = saying(recipe, turn.transcript)
    return Part(turn, recipe, bool(turn.emotion) or recipe.embedder.name == "script")
