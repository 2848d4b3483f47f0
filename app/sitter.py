"""Who speaks: a drawn head with a handful of its sliders, or the person in a photo, who is asked first."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import gradio as gr
from PIL import Image, ImageOps

import animator

from .line import Line, draft, having, showing
from .studio import Studio, Studios
from .telling import DRAWING, asked
from .wiring import TURNING, drives

USUAL: Mapping[str, Any] = MappingProxyType(
    {
        "age": 29.0,
        "gender": 0.05,
        "weight": 0.5,
        "skin": "light",
        "eyes": "hazel",
        "hair": "brown",
        "style": "usual",
        "shirt": "navy",
        "freckles": 0.2,
    }
)
"""Settings of the head that have a control, and the head's own defaults."""

ANCESTRY = MappingProxyType({"african": 0.1, "asian": 0.2, "caucasian": 0.7})
COLOURS = MappingProxyType(
    {
        "skin": ("fair", "light", "medium", "olive", "tan", "brown", "dark"),
        "eyes": ("blue", "grey", "green", "hazel", "brown", "dark"),
        "hair": ("black", "dark brown", "brown", "auburn", "ginger", "blond", "grey", "white"),
        "style": ("usual", "short", "bob", "tied", "none"),
        "shirt": ("white", "grey", "charcoal", "black", "navy", "blue", "green", "wine", "sand"),
    }
)
LOOKING: dict[str, Any] = {
    "concurrency_id": "still", "concurrency_limit": 1, "show_progress": "minimal", "api_visibility": "private",
}  # fmt: skip
"""For the picture of the head, which does not wait for clips."""

CAMERAS = ("portrait", "close", "three-quarter", "profile", "wide")
BACKGROUNDS = ("studio", "white", "black", "#2f5d50", "#d8c9b0", "transparent")

WHICH = [("the only one", 0), *((f"{nth} from the left", n) for n, nth in enumerate(("1st", "2nd", "3rd", "4th", "5th"), 1))]

WIDEST = 1024
"""Pixels of a photo's longer side, at most: a larger one is scaled down, and the visitor told."""

CONSENT = "Whoever is in this photo has said yes to this line, in the feelings I give it, for what I will use it for."
YOURS = "A face belongs to whoever has it, and a yes to one clip is none to the next. Every clip says that it was made."


def build(line: gr.State, studios: Studios) -> None:
    """Build the section and wire it."""
    with gr.Tabs(elem_classes="choice"):
        with gr.Tab("Drawn head") as drawn:
            _head(line, studios)
        with gr.Tab("Photo") as pictured:
            photo = _photo(line, studios)
    drawn.select(lambda now: showing(now, None), line, line, **TURNING)
    pictured.select(lambda now, kept: showing(now, *kept) if kept and not now.photo else now, [line, photo], line, **TURNING)


def _head(line: gr.State, studios: Studios) -> None:
    with gr.Row(elem_classes="sitter"):
        with gr.Column(min_width=140):
            still = gr.Image(
                label="The head",
                show_label=False,
                interactive=False,
                buttons=[],
                elem_id="still",
                height=200,
                alt_text="The head as it is set",
            )
        with gr.Column(min_width=170):
            age = gr.Slider(16, 90, USUAL["age"], step=1, label="Age")
            gender = gr.Slider(0, 1, USUAL["gender"], step=0.05, label="Female to male")
            weight = gr.Slider(0, 1, USUAL["weight"], step=0.05, label="Weight")
    with gr.Row(elem_classes="pairs"):
        named = [
            gr.Dropdown(
                list(known), value=USUAL[each], label="Hairstyle" if each == "style" else each.capitalize(), min_width=100
            )
            for each, known in COLOURS.items()
        ]
        freckles = gr.Slider(0, 1, USUAL["freckles"], step=0.05, label="Freckles", min_width=100)
    with gr.Accordion("Ancestry", open=False), gr.Row(elem_classes="pairs"):
        mixture = [gr.Slider(0, 1, share, step=0.05, label=name.capitalize(), min_width=120) for name, share in ANCESTRY.items()]
    with gr.Accordion("Picture", open=False), gr.Row(elem_classes="pairs"):
        camera = gr.Dropdown(list(CAMERAS), value="portrait", label="Camera", min_width=110)
        behind = gr.Dropdown(list(BACKGROUNDS), value="studio", label="Background", min_width=110)
        size = gr.Dropdown([256, 384, 512, 720, 1080], value=512, label="Pixels", min_width=110)
        fps = gr.Dropdown([24, 25, 30, 60], value=30, label="Pictures a second", min_width=110)
    drives(line, [age, gender, weight, *named, freckles, *mixture], headed, head_of)
    drives(line, [camera, behind, size, fps], framed, frame_of)
    seen = gr.State(None)

    @asked
    def look(now: Line, before: str | None, request: gr.Request) -> Any:
        small = draft(now, side=320)
        key = repr((small.recipe.head, small.recipe.picture))
        return gr.skip() if now.photo or key == before else (studios.of(request.session_hash).still(small), key)

    line.change(look, [line, seen], [still, seen], trigger_mode="always_last", **LOOKING)


def _photo(line: gr.State, studios: Studios) -> gr.State:
    laid, kept = gr.State(None), gr.State(None)
    with gr.Row(elem_classes="sitter"):
        with gr.Column(min_width=170):
            upload = gr.File(label="A photo of a face", file_types=["image"], type="filepath", height=130, elem_id="photo")
            which = gr.Dropdown(WHICH, value=0, label="Which face, if there are several", elem_id="which")
        with gr.Column(min_width=170):
            fit = gr.Image(
                label="The fit over it",
                interactive=False,
                buttons=[],
                height=230,
                elem_id="fit",
                alt_text="The fitted head, drawn over the photo",
            )
    agreed = gr.Checkbox(label=CONSENT, value=False, elem_id="consent")
    gr.Markdown(YOURS, elem_classes="hint")

    @asked
    def brought(path: str | None, request: gr.Request) -> tuple[Any, Any]:
        if path is None:
            return None, None
        photo = bring(studios.of(request.session_hash), path)
        return photo, str(photo)

    @asked
    def fitted(photo: Path | None, number: int, request: gr.Request) -> tuple[Any, Any]:
        if photo is None:
            return None, None
        face = number or None
        return (photo, face), studios.of(request.session_hash).overlay(Line(photo=photo, face=face))

    upload.upload(brought, upload, [laid, upload], api_visibility="private")
    upload.clear(lambda: None, None, laid, show_progress="hidden", api_visibility="private")
    gr.on([laid.change, which.input], fitted, [laid, which], [kept, fit], api_visibility="private", **DRAWING)
    kept.change(lambda now, person: showing(now, *(person or (None,))), [line, kept], line, **TURNING)
    drives(line, [agreed], lambda now, yes: replace(now, agreed=bool(yes)), lambda now: [now.agreed])
    return kept


def headed(line: Line, age: float, gender: float, weight: float, *rest: Any) -> Line:
    """The line with the head that the controls describe; what is as usual is left out."""
    names = [*COLOURS, "freckles"]
    asked_for = {"age": float(age), "gender": float(gender), "weight": float(weight), **dict(zip(names, rest, strict=False))}
    settings: dict[str, Any] = {name: value for name, value in asked_for.items() if value != USUAL[name]}
    shares = dict(zip(ANCESTRY, map(float, rest[len(names) :]), strict=True))
    if shares != dict(ANCESTRY) and any(shares.values()):
        settings["ancestry"] = {name: share for name, share in shares.items() if share}
    others = {name: value for name, value in line.recipe.head.settings.items() if name not in (*USUAL, "ancestry")}
    return having(line, head=animator.Choice(line.recipe.head.name, {**others, **settings}))


def head_of(line: Line) -> Sequence[Any]:
    """What the head's controls show of a line."""
    settings = line.recipe.head.settings
    shares = settings.get("ancestry", ANCESTRY)
    return [*(settings.get(name, usual) for name, usual in USUAL.items()), *(shares.get(name, 0.0) for name in ANCESTRY)]


def framed(line: Line, camera: str, background: str, size: int, fps: int) -> Line:
    """The line in another picture."""
    picture = line.recipe.picture
    rate = type(picture.fps)(int(fps))
    new = having(
        line, picture=replace(picture, camera=camera, background=background, width=int(size), height=int(size), fps=rate)
    )
    animator.backdrop(new.recipe)  # says what is wrong with a colour
    return new


def frame_of(line: Line) -> Sequence[Any]:
    """What the picture's controls show of a line."""
    picture = line.recipe.picture
    return [picture.camera, picture.background, picture.width, int(picture.fps)]


def bring(studio: Studio, upload: str) -> Path:
    """An uploaded photo, taken to the visitor's desk: itself, or a copy that is `WIDEST` pixels long, which is told.

    A file that is no picture is left for the library to refuse.
    """
    path = studio.desk.take_in(upload)
    try:
        with Image.open(path) as picture:
            if max(picture.size) <= WIDEST:
                return path
            small = ImageOps.exif_transpose(picture).convert("RGB")
            small.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    except (OSError, Image.DecompressionBombError, SyntaxError):
        return path
    told = f"the photo has {picture.width}x{picture.height} pixels; here it is used at {small.width}x{small.height}"
    warnings.warn(told, animator.LossWarning, stacklevel=2)
    copy = studio.desk.place(f"{path.stem}.png")
    small.save(copy)
    return copy
