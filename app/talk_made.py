"""What becomes of a `Talk` at a visitor's studio: its plan, the play, the clip of all faces, and files of each."""

from __future__ import annotations

import base64
import io
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

import animator

from .line import Line
from .stages import LONGEST
from .studio import Progress, Studio
from .talk import NAMES, Talk, held
from .talk_files import SCENE_FILE, pack, told

CLIP, TAKES = "scene.mp4", "takes"
"""What the clip of all faces, and the folder of each face's files, are called."""

SCENE, ALL = "scene", "all"
"""What can be taken beside the formats of `forms`: the scene with its files, and the clip of all faces."""

DRAWING, FILE = "talk", "talk-file"
"""Jobs: drawing for the page, and for a file."""

PORTRAIT = 160
"""Pixels of the picture on a face's card."""

PERFORMED = 0.2
"""Share of the work that is done when the drawing begins."""


def planned(studio: Studio, talk: Talk) -> Any:
    """The scene checked and laid out in time.

    Raises
    ------
    animator.AnimatorError
        There is no scene, or it cannot be played, or not here.
    """
    scene = held(talk)

    def plan() -> Any:
        if len(scene.faces) > len(NAMES):
            raise animator.InputError(f"here a dialogue has at most {len(NAMES)} faces; use the command line for more")
        for turn in scene.turns:
            studio.sound(Line(Path(turn.sound)))  # says what is wrong with it, and reads no more than is taken in
        made = animator.plan_scene(scene, talk.recipe)
        if any("look" in role.recipe.head.settings for role in made.roles):
            raise animator.InputError("heads with skins and hair of your own are for the command line; leave 'look' out")
        seconds = max(start + sound.seconds for start, sound in zip(made.starts, made.sounds, strict=True))
        if seconds > LONGEST:
            raise animator.InputError(f"the dialogue goes on for {float(seconds):.0f} s; here it has at most {LONGEST} s")
        return made

    return studio.once("plan", _key(talk), plan)


def played(studio: Studio, talk: Talk, progress: Progress = lambda share, what: None) -> Any:
    """The play: a performance of each face for the whole scene, and the sound of all."""
    plan = planned(studio, talk)

    def at(stage: str, done: int, of: int) -> None:
        begun = {"listening": 0.0, "moving": 0.5}[stage]
        progress(PERFORMED * (begun + 0.5 * done / of), f"{stage}: {done} of {of}")

    return studio.once("play", _key(talk), lambda: animator.play_scene(plan, at))


def has_played(studio: Studio, talk: Talk) -> bool:
    """Whether `played` need not play it."""
    return studio.has("play", _key(talk))


def portraits(studio: Studio, talk: Talk, at_hand: bool = False) -> list[str]:
    """A picture of each face at rest as it will be seen, as an address that holds it; empty of a fitted photo, and, if only what
    is ``at_hand`` is wanted, of a head that is still to be made.
    """
    return [_portrait(studio, role, at_hand) for role in planned(studio, talk).roles]


def clip(studio: Studio, talk: Talk, progress: Progress = lambda share, what: None, job: str = DRAWING) -> Path:
    """All faces side by side as one clip; as `Studio.clip`, it is drawn once and can be stopped between two pictures.

    Raises
    ------
    animator.InputError
        Somebody in a photo has not agreed.
    """
    _check_agreed(talk)

    def draw(path: Path, at: Progress) -> None:
        play, wardrobe = played(studio, talk, at), _dressed(talk, at)
        frames = animator.evened(wardrobe.side_by_side(play), path)
        animator.write_video(
            frames, play.audio, path, on_frame=_steps(at, frames.count), recipe=told(held(talk)), **_source(talk.photos)
        )

    return studio.made(f"talk {_key(talk)}", CLIP, draw, job, progress)


def takes(studio: Studio, talk: Talk, name: str, progress: Progress = lambda share, what: None) -> Path:
    """Files of each face as ``animator dialogue --each`` writes them, in an archive; ``name`` is one of `forms`."""
    form = forms()[name]
    if form.ending in (".mp4", ".webm", ".mov"):
        _check_agreed(talk)

    def write(path: Path, at: Progress) -> None:
        play, wardrobe = played(studio, talk, at), _dressed(talk, at)
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch, zipfile.ZipFile(path, "w") as archive:
            for k, face in enumerate(play.faces):
                begun, share = PERFORMED + (1 - PERFORMED) * k / len(play.faces), (1 - PERFORMED) / len(play.faces)
                at(begun, f"writing {face.face.name}")
                frames = max(1, round(float(face.audio.seconds) * talk.fps))
                on_frame = _steps(at, frames, begun, share, f"{face.face.name}: ")
                _write(face, form, Path(scratch), wardrobe, on_frame)
            for file in sorted(path for path in Path(scratch).rglob("*") if path.is_file()):
                archive.write(file, f"{TAKES}/{file.relative_to(scratch)}")

    return studio.made(f"takes {name} {_key(talk)}", f"{TAKES}-{name}.zip", write, FILE, progress)


def scene(studio: Studio, talk: Talk) -> Path:
    """The scene with its sounds, heads, photos and scripts, as an archive."""
    planned(studio, talk)
    return studio.made(f"scene {_key(talk)}", "scene.zip", lambda path, at: pack(held(talk), path), FILE)


def forms() -> dict[str, Any]:
    """The formats in which a face's files can be taken, by name; a folder of pictures is none of them."""
    return {name: form for name, form in animator.known_formats({}).items() if form.ending}


def command(talk: Talk, what: str) -> str:
    """What to type, beside the files of `scene`, for what `clip` draws (`ALL`, `SCENE`) or `takes` writes."""
    words = ["animator", "dialogue", SCENE_FILE]
    words += ["-o", CLIP] if what in (ALL, SCENE) else ["--each", TAKES, "--formats", what]
    return " ".join([*words, "--size", f"{talk.side}x{talk.side}", "--fps", str(talk.fps)])


def _write(face: Any, form: Any, folder: Path, wardrobe: Any, on_frame: Callable[[], None]) -> None:
    name = face.face.name
    animator.write_wav(face.audio, folder / f"{name}.wav")
    felt = f"{name}.emotion.npz"
    recipe = replace(face.recipe, embedder=animator.Choice("recorded", {"path": felt}))  # so that its sound makes it again, there
    animator.write_emotion(face.emotion, folder / felt, animator.recipe_to_toml(recipe))
    animator.write_face(face, recipe, form, folder / f"{name}{form.ending}", wardrobe, on_frame=on_frame)


def _dressed(talk: Talk, at: Progress) -> Any:
    wardrobe = animator.Wardrobe()
    for face in held(talk).faces:
        if face.photo:
            at(PERFORMED, f"looking at the photo of {face.name}")
            wardrobe.portrait(face.photo)
    at(PERFORMED, "making the heads")
    return wardrobe


def _steps(at: Progress, of: int, begun: float = PERFORMED, share: float = 1 - PERFORMED, about: str = "") -> Callable[[], None]:
    steps = count(1)

    def step() -> None:
        done = next(steps)
        at(begun + share * min(1.0, done / of), f"{about}drawing {done} of {of}")

    return step


def _portrait(studio: Studio, role: Any, at_hand: bool) -> str:
    photo = role.face.photo
    if photo.endswith(".portrait"):
        return ""
    picture = replace(role.recipe.picture, width=PORTRAIT, height=PORTRAIT)
    key = repr((photo, role.recipe.head, picture.camera))
    if at_hand and not studio.has("portraits", key):
        return ""
    line = Line(recipe=replace(role.recipe, picture=picture))
    return studio.once(
        "portraits",
        key,
        lambda: _thumb(photo) if photo else _address(Image.fromarray(np.ascontiguousarray(studio.still(line)[..., :3]))),
    )


def _thumb(photo: str) -> str:
    with Image.open(photo) as picture:
        return _address(ImageOps.fit(ImageOps.exif_transpose(picture).convert("RGB"), (PORTRAIT, PORTRAIT), centering=(0.5, 0.3)))


def _address(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"


def _key(talk: Talk) -> str:
    return repr((talk.scene, talk.side, talk.fps))


def _source(photos: bool) -> dict[str, str]:
    return {"source": animator.COMPOSITE} if photos else {}


def _check_agreed(talk: Talk) -> None:
    if talk.photos and not talk.agreed:
        raise animator.InputError("a photo speaks only when whoever is in it has said yes; ask them, then tick the box")
