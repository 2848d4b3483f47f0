"""The one place where the families meet: speech in, a face out. Reads top to bottom.

Audio ─ encoder ─► Features ─┐                     ┌─ renderer ──► Frames ─ compositor ─► Frames
  └──── embedder ► Emotion ──┴ generator ─► Motion ┼─ reenactor ─► Frames, of a photo
                                                   └─ exporter ──► file for another program
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8

from animator import compositor, registry
from animator.core.audio import Audio
from animator.core.chapters import LONG, chapters, joined, pieces
from animator.core.emotion import Emotion, unshown
from animator.core.features import Features
from animator.core.frames import Frames
from animator.core.head import Head
from animator.core.layers import Curves, overlaid
from animator.core.motion import Motion, limit, retime
from animator.core.portrait import Portrait
from animator.core.rig import Rig
from animator.core.rig_map import retarget as carry
from animator.core.sitter import Film
from animator.core.spoken import phones, targets
from animator.core.take import Take
from animator.core.track import crop
from animator.embedders.base import LENGTH, WHOLE
from animator.errors import FormatError, InputError, LossWarning
from animator.exporters.base import FEATURES, HEAD
from animator.generators.speech.contacts import closure_spans
from animator.importers.csv import read_curves
from animator.io.footage import open_footage
from animator.io.portrait import SUFFIX, read_portrait
from animator.io.rig import load_rig
from animator.io.rig_map import load_maps
from animator.io.track import is_motion, read_motion
from animator.recipe import Recipe, recipe_from_toml, recipe_to_toml, rig_to_toml


def hear(audio: Audio, recipe: Recipe) -> Features:
    """What is said, and how loudly and highly."""
    features: Features = recipe.part("encoder").encode(audio, recipe.transcript)
    return features


def voice_tells(audio: Audio, recipe: Recipe) -> list[dict[str, Any]]:
    """What the voice tells, as `embedders.voice.Voice.told` has it; nothing where the recipe's embedder does not listen to it."""
    part = recipe.part("embedder")
    return part.told(audio) if hasattr(part, "told") else []


def feel(audio: Audio, recipe: Recipe, features: Features | None = None) -> Emotion:
    """What is felt while it is said; `InputError` if the recipe's rig has no poses of feelings.

    ``features`` are what was heard, if it was: where a script's cues stand at words, it is heard for their times otherwise.

    Warns
    -----
    LossWarning
        A region feels besides only what no pose of the rig shows there.
    """
    rig = recipe.performed_rig()
    if not rig.emotions:
        raise InputError(
            f"nothing can be performed in rig {rig.name!r}, which has no feelings; perform in {Recipe.rig!r}, then retarget"
        )
    part = recipe.part("embedder")
    if worded(recipe):
        part = part.placed((hear(audio, recipe) if features is None else features).words)
    emotion: Emotion = part.embed(audio, tuple(rig.emotions))
    for region, feelings in unshown(emotion, rig).items():
        told = f"nothing of {' and '.join(feelings)} shows in the {region}, which no pose of it moves in rig {rig.name!r}"
        warnings.warn(told, LossWarning, stacklevel=2)
    return emotion


def worded(recipe: Recipe) -> bool:
    """Whether what is felt hangs on when words are said, so that speech is best heard before it is felt."""
    return bool(getattr(recipe.part("embedder"), "worded", False))


def move(features: Features, emotion: Emotion, recipe: Recipe) -> Motion:
    """A face that says and feels it, with the recipe's layers over it, at the generator's own rate."""
    rig = recipe.performed_rig()
    rng = np.random.default_rng(recipe.seed)
    motion: Motion = recipe.part("generator").generate(features, emotion, rig, rng)
    return overlay(limit(motion, rig), recipe, contacts(features)) if recipe.layers else limit(motion, rig)


def contacts(features: Features) -> Float[np.ndarray, "S 2"]:
    """When the lips must be shut for what is said, seconds."""
    return closure_spans(targets(phones(features)))


def overlay(motion: Motion, recipe: Recipe, contacts: Float[np.ndarray, "S 2"]) -> Motion:
    """The recipe's layers over a motion, limited; raises and warns as `core.layers.overlaid`, and for files without curves."""
    rig = load_rig(recipe.rig)
    return limit(overlaid(motion, [(layer, curves(Path(layer.path), rig)) for layer in recipe.layers], contacts, rig), rig)


def curves(path: Path, rig: Rig) -> Curves:
    """A layer's curves, of any controls of the rig: a motion file's, or those of comma-separated values."""
    if not is_motion(path):
        return read_curves(path, rig)
    motion, _ = read_motion(path)
    return Curves(motion.names, motion.values, motion.fps)


def generate(audio: Audio, recipe: Recipe) -> Motion:
    """Speech to motion: feel (which is quick, and tells a wrong feeling at once), hear, move."""
    if audio.seconds > LONG and may_be_cut(recipe):
        return generate_long(pieces(audio), audio.seconds, recipe)
    features = hear(audio, recipe) if worded(recipe) else None
    emotion = feel(audio, recipe, features)
    return move(hear(audio, recipe) if features is None else features, emotion, recipe)


def may_be_cut(recipe: Recipe) -> bool:
    """Whether long speech may be performed in chapters: neither words, feelings nor directions are told for all of it at once."""
    told = recipe.transcript is not None or worded(recipe) or getattr(recipe.part("generator"), "timed", False)
    return not told and getattr(recipe.part("embedder"), "hears", WHOLE) != WHOLE


def generate_long(
    sound: Iterable[Audio],
    seconds: Fraction,
    recipe: Recipe,
    listening: Callable[[Audio, Emotion], None] = lambda chapter, felt: None,
) -> Motion:
    """Speech of so many seconds, in pieces, to motion: chapter by chapter, so that memory does not grow with its length.

    A speaker's usual level and height are those of the chapter. The recipe is one that `may_be_cut`.

    Parameters
    ----------
    sound
        Pieces of `core.chapters.CHAPTER` seconds, read only as they are needed.
    seconds
        How long all of it is.
    recipe
        As for `generate`.
    listening
        Told of each chapter's sound and what is felt in it, when that is known.
    """
    silence = Audio(np.zeros(int(seconds * 100) + 1, dtype=np.float32), 100)
    all_along = feel(silence, recipe) if recipe.part("embedder").hears == LENGTH else None
    shut = [np.zeros((0, 2))]

    def perform() -> Iterator[tuple[Motion, int]]:
        for k, (chapter, since) in enumerate(chapters(sound)):
            chance = recipe.seed if k == 0 else int(np.random.SeedSequence([recipe.seed, k]).generate_state(1)[0])
            if all_along is None:
                felt = feel(chapter, recipe)
            else:
                span = (since, since + chapter.seconds + 1)
                first, last = (min(len(all_along) - 1, round(at * all_along.fps)) for at in span)
                felt = crop(all_along, first, last + 1)
            listening(chapter, felt)
            features = hear(chapter, recipe)
            if recipe.layers:
                shut.append(contacts(features) + since)
            yield move(features, felt, replace(recipe, seed=chance, layers=())), since

    motion = joined(perform(), seconds)
    return overlay(motion, recipe, np.concatenate(shut)) if recipe.layers else motion


def make_head(recipe: Recipe) -> Head:
    """The head that the recipe describes."""
    head: Head = recipe.part("head").make()
    return head


def backdrop(recipe: Recipe) -> UInt8[np.ndarray, "H W 3"] | None:
    """What stands behind the head, or nothing where the clip is to be transparent."""
    picture = recipe.picture
    return compositor.backdrop(picture.background, picture.width, picture.height)


def check_drawn(recipe: Recipe) -> None:
    """Raise `InputError` unless a motion of this recipe is in the rig that heads are moved in."""
    if recipe.rig != Recipe.rig:
        raise InputError(
            f"this motion is in rig {recipe.rig!r}, and heads are moved in {Recipe.rig!r}; draw the motion that it was made from"
        )


def draw(motion: Motion, head: Head, recipe: Recipe, seconds: Fraction | None = None) -> Frames:
    """Motion to pictures, lazily: retimed to the recipe's rate, rendered, and set before the background.

    ``seconds`` is the span to draw, usually the sound's; the motion's own if absent. `InputError` if the motion is not in the rig
    that heads are moved in.
    """
    shown = _shown(motion, recipe, seconds)
    frames: Frames = recipe.part("renderer").render(shown, head, recipe.picture.stage())
    return compositor.composite(frames, backdrop(recipe))


def portray(path: Path, face: int | None = None) -> Portrait:
    """Who is in a photo: a picture is fitted, a ``.portrait`` file of ``animator fit`` is read.

    ``face`` chooses among several in a picture, counted from the left, from 1; `InputError` as of `fit_picture` and
    `read_portrait`.
    """
    from animator.heads.fitting.fit import fit_picture

    if path.suffix.lower() != SUFFIX:
        return fit_picture(path, face)
    if face is not None:
        raise InputError(f"{path.name!r} holds one face, chosen when it was fitted; choose among several in the picture itself")
    return read_portrait(path)


def reenact(
    motion: Motion, portrait: Portrait, recipe: Recipe, emotion: Emotion | None = None, seconds: Fraction | None = None
) -> Frames:
    """Motion to pictures of the person in a photo, lazily, at the photo's size and the recipe's rate; ``seconds`` as for `draw`.

    ``emotion`` is what is felt, at any rate; without it, the motion alone says.
    """
    from animator.heads.fitting.sitter import sit

    shown = _shown(motion, recipe, seconds)
    frames: Frames = recipe.part("reenactor").reenact(shown, sit(portrait), load_rig(recipe.rig), emotion)
    return frames


def film(path: Path, face: int | None = None) -> Film:
    """Who is in a video, picture by picture, as that is asked for; ``face`` chooses among several in its first picture.

    Raises
    ------
    InputError, FormatError
        As of `open_footage` at once, and of `fit_footage` when the first picture is asked for.
    """
    from animator.heads.fitting.footage import fit_footage
    from animator.heads.fitting.sitter import sit_each

    footage = open_footage(path, longest=None)
    count = 0
    for picture in footage:  # no container tells how many there are
        count += 1
        height, width = picture.shape[:2]
    shots = sit_each(zip(fit_footage(footage, path.name, face), footage, strict=True))
    return Film(width, height, footage.fps, count, shots)


def revoice(
    motion: Motion, film: Film, recipe: Recipe, emotion: Emotion | None = None, seconds: Fraction | None = None
) -> Frames:
    """A film whose person says something else, lazily, at its size, rate and length; ``emotion`` as for `reenact`.

    Raises
    ------
    InputError
        The sound, of so many seconds, goes on after the film.
    """
    check_drawn(recipe)
    length = film.count / film.fps
    span = Fraction(len(motion)) / motion.fps if seconds is None else seconds
    if span > length + 1 / film.fps:
        raise InputError(f"the speech takes {float(span):.2f} s and the video {float(length):.2f} s; give one that is as long")
    rig = load_rig(recipe.rig)
    frames: Frames = recipe.part("reenactor").revoice(retime(motion, film.fps, rig, length), film, rig, emotion)
    return frames


def _shown(motion: Motion, recipe: Recipe, seconds: Fraction | None) -> Motion:
    """A motion as a clip shows it: for so many seconds, at the recipe's rate."""
    check_drawn(recipe)
    span = Fraction(len(motion)) / motion.fps
    if seconds is not None and abs(seconds - span) > 1 / motion.fps + 1 / recipe.picture.fps:
        done = "held" if seconds > span else "cut short"
        told = f"the motion of {float(span):.2f} s is {done} for the {float(seconds):.2f} s of the sound"
        warnings.warn(told, LossWarning, stacklevel=3)
    return retime(motion, recipe.picture.fps, load_rig(recipe.rig), seconds)


def retarget(motion: Motion, source: str, target: str) -> Motion:
    """A performance in the controls of another rig, by the maps that lead there; in its own rig, the motion itself.

    Parameters
    ----------
    motion
        The performance in rig ``source``.
    source, target
        Rigs by name, or by the file they stand in.

    Raises
    ------
    InputError
        There is no such rig, no maps lead there, or the motion is not written in ``source``.

    Warns
    -----
    LossWarning
        The motion moves controls for which the target has nothing.
    """
    for step in load_maps(source, target):
        motion = carry(motion, step)
    return motion


def is_performance(path: Path) -> bool:
    """Whether a file of this name is taken for a performance rather than for speech."""
    return is_motion(path) or any(path.suffix.lower() in part.suffixes for part in _importers())


def read_performance(path: Path) -> tuple[Motion, Recipe, bool]:
    """A performance, the recipe whose rig it is in, and whether it was made by it; of one that was captured elsewhere, nobody
    knows how. Another program's is read into the canonical rig.

    Raises
    ------
    InputError
        The file cannot be read.
    FormatError
        No importer knows it, or the one that does finds a fault in it.
    """
    if is_motion(path):
        motion, text = read_motion(path)
        recipe = recipe_from_toml(text, f"the recipe in {path.name}") if text else Recipe()
        return motion, recipe, text not in ("", rig_to_toml(recipe.rig))
    try:
        knowing = next(
            (part() for part in _importers() if path.suffix.lower() in part.suffixes and part().recognises(path)), None
        )
    except OSError as error:
        raise InputError(f"the performance {str(path)!r} cannot be read: {error.strerror}") from None
    if knowing is not None:
        return retarget(knowing.read(path), knowing.rig, Recipe.rig), Recipe(), False
    raise FormatError(f"{path.name!r} is no performance that can be read; see 'animator list importers'")


def _importers() -> list[Any]:
    return [registry.find("importers", name) for name in registry.names("importers")]


def rig_to_write(exporter: Any, rig: str | None) -> str | None:
    """The rig that a format demands, or else the one asked for, if any; `InputError` if they differ or there is no such rig."""
    if rig is not None and exporter.rig not in (None, rig):
        raise InputError(f"this format is written in rig {exporter.rig!r}, so it cannot be had in {rig!r}; leave --rig out")
    wanted: str | None = exporter.rig or rig
    if wanted is not None:
        load_rig(wanted)
    return wanted


def take(
    name: str,
    motion: Motion,
    recipe: Recipe,
    exporter: Any,
    fps: Fraction | None = None,
    audio: Audio | None = None,
    sound: str = "",
    features: Features | None = None,
    start: Fraction = Fraction(0),
    rig: str | None = None,
    head: Head | None = None,
    known: bool = True,
) -> Take:
    """A performance made ready for an exporter: on the wanted clock, in the wanted rig, with all that it needs.

    Parameters
    ----------
    name, audio, sound, start
        As `Take`.
    motion
        The performance in the recipe's rig.
    recipe
        Where it came from; its head and encoder make what the exporter needs.
    exporter
        An exporter of the registry, built.
    fps
        The rate to write; the motion's own if absent.
    features
        What was heard, if it was; heard in ``audio`` otherwise, should the exporter need it.
    rig
        The rig to write it in, by name or file; the exporter's if it demands one, otherwise the recipe's, if absent.
    head
        The recipe's head, if it is made; made otherwise, should the exporter need it.
    known
        Whether the recipe tells how the motion was made; of one that was captured elsewhere, it does not, and no file says so.

    Raises
    ------
    InputError
        The exporter needs to know what is said, and there is no sound; or as `rig_to_write`.
    """
    wanted = rig_to_write(exporter, rig) or recipe.rig
    needed = exporter.needs
    if FEATURES in needed and features is None:
        if audio is None:
            raise InputError("this format tells what is said, so it needs the sound of a motion file: give it with --audio")
        features = hear(audio, recipe)
    # in the recipe's rig first, whose opening keeps every lip closure
    shown = retime(motion, fps or motion.fps, load_rig(recipe.rig), audio.seconds if audio else None)
    return Take(
        name=name,
        motion=retarget(shown, recipe.rig, wanted),
        rig=load_rig(wanted),
        audio=audio,
        sound=sound,
        features=features if FEATURES in needed else None,
        head=(head or make_head(recipe)) if HEAD in needed else None,
        start=start,
        recipe=recipe_to_toml(replace(recipe, rig=wanted)) if known else "",
    )
