"""By a director's own hand: scripts that are opened, what is looked at, and curves laid over; each as another `Line`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import gradio as gr

import animator

from .line import Line, having
from .studio import Studios
from .telling import asked
from .wiring import TURNING

SCRIPTS = [".toml", ".xml", ".ssml", ".emotionml", ".srt", ".vtt", ".csv", ".tsv", ".json", ".yml", ".yaml"]
"""Endings of what `animator.read_script` reads."""

MODES: Mapping[str, str] = MappingProxyType({"Replaced": "replace", "Added": "add", "Blended": "blend"})
"""How curves are laid over, by what that is called here."""


def build(line: gr.State, studios: Studios) -> list[Any]:
    """Build the section and wire it; returns the events that turn the line into another."""
    with gr.Accordion("Scripts, looks, and curves by hand", open=False, elem_id="by-hand"):
        script = gr.File(
            label="Open a script: TOML, EmotionML, SSML, captions, a table", file_types=SCRIPTS, type="filepath", height=120,
            elem_id="hand-script",
        )  # fmt: skip
        with gr.Row(elem_classes="pairs"):
            at = gr.Textbox(
                label="Look at", placeholder="0.4,0,1,from=2,to=3.5", elem_id="hand-look",
                info="Metres to the face's left, up, to the front; or yaw,pitch in radians. word=party,hold=1: when it is said.",
            )  # fmt: skip
            look = gr.Button("Look there")
        with gr.Row(elem_classes="pairs"):
            curves = gr.File(
                label="Curves by hand: .csv (time and controls), .npz", file_types=[".csv", ".npz"], type="filepath", height=120,
                elem_id="hand-curves",
            )  # fmt: skip
            with gr.Column(min_width=240):
                mode = gr.Radio(list(MODES), value="Replaced", label="They are", elem_classes="segments")
                weight = gr.Slider(0, 1, 1, step=0.05, label="Weight, where they are added or blended")
                with gr.Row(elem_classes="pairs"):
                    start = gr.Number(0, label="From (s); 0: as they begin", minimum=0, min_width=80)
                    stop = gr.Number(0, label="To (s); 0: as they end", minimum=0, min_width=80)
                lay = gr.Button("Lay them over")
        forget = gr.Button("Forget looks and curves")
        told = gr.Markdown("")

    def held(new: Line, request: gr.Request) -> Line:
        """The line, if it can be performed."""
        if new.sound is not None:
            studios.of(request.session_hash).moved(new)
        return new

    @asked
    def open_it(now: Line, upload: str | None, request: gr.Request) -> Line:
        if upload is None:
            return now
        desk = studios.of(request.session_hash).desk
        path = desk.take_in(upload)
        try:
            return held(opened(now, path), request)
        finally:
            desk.throw_away(path)

    @asked
    def look_there(now: Line, text: str, request: gr.Request) -> Line:
        return held(looking(now, text), request)

    @asked
    def lay_over(
        now: Line, upload: str | None, mode: str, weight: float, start: float | None, stop: float | None, request: gr.Request
    ) -> Line:
        if upload is None:
            raise animator.InputError("there are no curves yet; drop a file of them")
        path = studios.of(request.session_hash).desk.take_in(upload)
        layer = animator.Layer(str(path), MODES[mode], 1.0 if mode == "Replaced" else weight, start or None, stop or None)
        return held(overlaid(now, layer), request)

    line.change(tell, line, told, show_progress="hidden", api_visibility="private")
    return [
        script.upload(open_it, [line, script], line, **TURNING),
        look.click(look_there, [line, at], line, **TURNING),
        lay.click(lay_over, [line, curves, mode, weight, start, stop], line, **TURNING),
        forget.click(freed, line, line, **TURNING),
    ]


def opened(line: Line, path: Path) -> Line:
    """The line as a script directs it; raises as `animator.read_script` and `animator.directed`."""
    script = animator.read_script(path, line.recipe.rig, line.recipe.feelings)
    return replace(line, recipe=animator.directed(line.recipe, script, repr(path.name)))


def looking(line: Line, text: str) -> Line:
    """The line with one look more, as `animator.look_of_text` reads it."""
    looks = [*looks_of(line), animator.look_of_text(text, "the look")]
    looks.sort(key=lambda each: (bool(each.words), each.begins))
    new = replace(line, recipe=animator.articulating(line.recipe, (), looks))
    new.recipe.part("generator")  # says what is wrong with them
    return new


def overlaid(line: Line, layer: Any) -> Line:
    """The line with one `animator.Layer` more, in the place of one whose file has the same name."""
    name = Path(layer.path).name
    return having(line, layers=(*(each for each in line.recipe.layers if Path(each.path).name != name), layer))


def freed(line: Line) -> Line:
    """The line with nothing to look at, and no curves over its own."""
    generator = line.recipe.generator
    settings = {name: value for name, value in generator.settings.items() if name != "looks"}
    return having(line, generator=animator.Choice(generator.name, settings), layers=())


def looks_of(line: Line) -> tuple[Any, ...]:
    """What the line has looked at."""
    return tuple(line.recipe.part("generator").looks)


def tell(line: Line) -> str:
    """What is looked at, and which curves are laid over."""
    looks = [f"- Looks at **{_point(look)}**, {_placed(look)}" for look in looks_of(line)]
    layers = [
        f"- **{Path(each.path).name}**, {each.mode}, {_when(each.start, each.stop) or 'as long as it goes on'}"
        for each in line.recipe.layers
    ]
    return "\n".join([*looks, *layers])


def shifts(line: Line, features: animator.Features, seconds: float) -> list[tuple[float, float, str]]:
    """Where the looks of a line act in what is heard: start and end in seconds, and what is looked at."""
    placed = sorted(animator.placed(looks_of(line), features.words, "the looks"), key=lambda each: each.begins)
    spans = []
    for k, each in enumerate(placed):
        after = min((later.begins for later in placed[k + 1 : k + 2]), default=seconds)
        if each.at:
            spans.append((each.begins, after if each.ends is None else min(each.ends, after), f"at {_point(each)}"))
    return spans


def _point(look: Any) -> str:
    return ", ".join(f"{number:g}" for number in look.at) or "the camera again"


def _placed(look: Any) -> str:
    if not look.words:
        return _when(look.begins or None, look.ends) or "throughout"
    place = f"{'after' if look.after else 'at'} “{look.words}”"
    return place if look.hold is None else f"{place}, for {look.hold:g} s"


def _when(start: float | None, stop: float | None) -> str:
    return " ".join(f"{name} {at:g} s" for name, at in (("from", start), ("to", stop)) if at is not None)
