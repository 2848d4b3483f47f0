"""A play drawn: each face on its own, or all of them side by side before one wall."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from animator import compositor, pipeline
from animator.core.frames import Frames
from animator.core.portrait import Portrait
from animator.core.provenance import COMPOSITE, GENERATED
from animator.dialogue.play import Play, Played
from animator.recipe import Recipe


class Wardrobe:
    """Who the faces of a play are: each head made, or photo fitted, once."""

    def __init__(self) -> None:
        self._portraits: dict[str, Portrait] = {}

    def portrait(self, photo: str) -> Portrait:
        """Who is in a photo."""
        if photo not in self._portraits:
            self._portraits[photo] = pipeline.portray(Path(photo))
        return self._portraits[photo]

    def drawn(self, played: Played, recipe: Recipe | None = None) -> Frames:
        """One face's pictures, lazily; by another recipe than its own, if one is given."""
        recipe, seconds = recipe or played.recipe, played.audio.seconds
        if played.face.photo:
            return pipeline.reenact(played.motion, self.portrait(played.face.photo), recipe, played.emotion, seconds)
        return pipeline.draw(played.motion, pipeline.make_head(recipe), recipe, seconds)

    def side_by_side(self, play: Play) -> Frames:
        """All faces in one picture, as high as the recipes' pictures are, each of its own width."""
        picture = play.faces[0].recipe.picture
        clear = [replace(face.recipe, picture=replace(face.recipe.picture, background="transparent")) for face in play.faces]
        frames = [self.drawn(face, recipe) for face, recipe in zip(play.faces, clear, strict=True)]
        return compositor.beside(frames, lambda w, h: compositor.backdrop(picture.background, w, h), picture.height)


def source(play: Play) -> str:
    """Which kind of media a clip of all faces is (`core.provenance`)."""
    return COMPOSITE if any(face.face.photo for face in play.faces) else GENERATED
