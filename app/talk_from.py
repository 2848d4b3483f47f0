"""What a dialogue is begun with, and what is added to it: the line of Perform and Direct, samples, and a visitor's own files."""

from __future__ import annotations

import warnings
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli_w

import animator

from .cues import cued, cues
from .line import BY_SCRIPT, SCRIPT_FILE, Line, script
from .sitter import bring as bring_photo
from .studio import Studio
from .voices import bring, with_sample

LISTENER = "demo_bea.toml"
"""The head of who listens to the line at first."""

LINE, OWN, TYPED = "line", "own", "typed"
"""Speech of a new turn that is no sample: the line, a sound that is brought, and words for the offline voice."""


def begun(line: Line, studio: Studio) -> animator.Scene:
    """A dialogue whose first turn is the line, said to somebody who only listens as yet."""
    listener = studio.desk.copy(Path(str(files("animator.assets") / LISTENER)))
    manner = {name: value for name, value in line.recipe.generator.settings.items() if name not in BY_SCRIPT}
    faces = (animator.Face("Ana", generator=manner, **shown_by(line, studio)), animator.Face("Bea", head=str(listener)))
    return animator.Scene(faces, (spoken(line, "Ana", studio),))


def shown_by(line: Line, studio: Studio) -> dict[str, str]:
    """Who speaks the line, as ``head`` and ``photo`` of a face: a file at the visitor's desk, or the usual head."""
    if line.photo is not None and line.face is None:
        return {"head": "", "photo": str(line.photo)}
    if line.photo is not None:
        path = studio.desk.place(f"{line.photo.stem}.portrait")
        animator.write_portrait(studio.portrait(line), path)
        return {"head": "", "photo": str(path)}
    if not line.recipe.head.settings:
        return {"head": "", "photo": ""}
    path = studio.desk.place("head.toml")
    path.write_text(tomli_w.dumps({"schema": "animator.Head/1", **line.recipe.head.settings}), encoding="utf-8")
    return {"head": str(path), "photo": ""}


def spoken(line: Line, who: str, studio: Studio) -> animator.Turn:
    """The line as a turn: its sound and words, and what is felt in it, by name, as the voice, or by a script of its cues."""
    studio.sound(line)
    recipe = line.recipe
    felt: dict[str, Any] = {}
    if recipe.layers:
        warnings.warn("curves by hand stay with the line; a turn of a dialogue has none", animator.LossWarning, stacklevel=2)
    if script(line):
        if recipe.embedder.name == "voice":
            told = "a turn whose lips or looks are directed is said in the mood of its face, not as its voice sounds"
            warnings.warn(told, animator.LossWarning, stacklevel=2)
        path = studio.desk.place(SCRIPT_FILE)
        path.write_text(script(cued(line, cues(line))), encoding="utf-8")
        felt["script"] = str(path)
    elif recipe.embedder.name == "voice":
        felt["emotion"] = "auto"
    else:
        felt["emotion"] = str(recipe.embedder.settings.get("feelings", ""))
    return animator.Turn(who, str(line.sound), transcript=recipe.transcript, **felt)


def brought(studio: Studio, who: str, upload: str | None, words: str, script: str | None) -> animator.Turn:
    """A turn of a visitor's own sound, with its words and a script of what is felt in it, where these are given."""
    if upload is None:
        raise animator.InputError("there is no sound yet; record one or drop a file")
    directed = str(studio.desk.take_in(script)) if script else ""
    return animator.Turn(who, str(bring(studio, upload)), transcript=words.strip() or None, script=directed)


def typed(studio: Studio, who: str, words: str) -> animator.Turn:
    """A turn whose words the offline voice says."""
    if not words.strip():
        raise animator.InputError("there is nothing to say yet; type it")
    path = studio.desk.place("typed.wav")
    animator.write_wav(animator.speak(words.strip()), path)
    return animator.Turn(who, str(path), transcript=words.strip())


def sampled(studio: Studio, who: str, key: str) -> animator.Turn:
    """A turn of a shipped sample, felt as its voice sounds."""
    line = with_sample(Line(), key, studio)
    return animator.Turn(who, str(line.sound), transcript=line.recipe.transcript, emotion="auto")


def who_is_in(studio: Studio, upload: str) -> dict[str, str]:
    """A file of who a face is, as its ``head`` or ``photo``: settings of a head (.toml), a picture, or a fitted photo."""
    if Path(upload).suffix.lower() == ".toml":
        return {"head": str(studio.desk.take_in(upload)), "photo": ""}
    return {"head": "", "photo": str(bring_photo(studio, upload))}
