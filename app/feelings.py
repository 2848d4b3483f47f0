"""What is felt throughout: a feeling by name, what the voice tells, or a mixture; the tab Direct changes it over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import gradio as gr
import numpy as np

import animator

from .line import Line, choosing
from .studio import Studios
from .telling import asked
from .wiring import drives

NEUTRAL = "neutral"
NAMED, HEARD, MIXED, DIRECTED = "One feeling", "As the voice sounds", "A mixture", "As directed"
FEELINGS = ("neutral", "calm", "happy", "sad", "angry", "fear", "disgusted", "surprised", "contempt")

HINT = (
    "Some forty shades go by name, too: amusement, pride, longing, awe, relief … Parts of the face feel apart: brows:angry:0.8."
)


def build(line: gr.State, studios: Studios) -> None:
    """Build the section and wire it."""
    how = gr.Radio([NAMED, HEARD, MIXED], value=NAMED, label="Feeling", elem_classes="segments", elem_id="how")
    with gr.Group(visible=True) as named:
        feeling = gr.Radio(list(FEELINGS), value=NEUTRAL, label="Which", elem_classes="chips", elem_id="feeling")
        strength = gr.Slider(0, 1, 0.8, step=0.05, label="How strongly", elem_id="strength")
    with gr.Group(visible=False) as heard:
        told = gr.Markdown("", elem_id="told")
    with gr.Group(visible=False) as mixed:
        mixture = gr.Textbox(
            label="Feelings and their weights, or in words: close to tears", value="happy:0.6, surprised:0.4", elem_id="mixture"
        )
        gr.Markdown(HINT, elem_classes="hint")
    directed = gr.Markdown("The feelings change over time, as set in *Direct*. Choose one here to start afresh.", visible=False)
    drives(line, [how, feeling, strength, mixture], felt, shown)

    def at(now: Line) -> list[Any]:
        way = way_of(now)
        return [gr.update(visible=way == each) for each in (NAMED, HEARD, MIXED, DIRECTED)]

    @asked
    def listen(now: Line, request: gr.Request) -> str:
        if way_of(now) != HEARD or now.sound is None:
            return ""
        found = studios.of(request.session_hash).told(now)
        return "The voice sounds " + ", ".join(f"**{each['feeling']}** ({each['odds']:.0%} sure)" for each in found) + "."

    line.change(at, line, [named, heard, mixed, directed], show_progress="hidden", api_visibility="private")
    line.change(listen, line, told, show_progress="hidden", api_visibility="private")


def way_of(line: Line) -> str:
    """Which of the ways a line feels by."""
    embedder = line.recipe.embedder
    if embedder.name == "voice":
        return HEARD
    if embedder.name != "label":
        return DIRECTED
    return NAMED if len(_weights(line)) == 1 and set(_weights(line)) <= set(FEELINGS) else MIXED


def felt(line: Line, how: str | None, feeling: str, strength: float, mixture: str) -> Line:
    """The line with what the controls say."""
    if how is None:
        return line
    if how == HEARD:
        return line if line.recipe.embedder.name == "voice" else choosing(line, "embedder", "voice")
    if how == NAMED:
        return choosing(line, "embedder", "label", **({} if feeling == NEUTRAL else {"feelings": f"{feeling}:{strength:g}"}))
    new = replace(line, recipe=animator.felt_as(replace(line.recipe, feelings={}), ",".join(map(str.strip, mixture.split(",")))))
    animator.feel(animator.Audio(np.zeros(1, dtype=np.float32), 50), new.recipe)  # says what is wrong with it
    return new


def shown(line: Line) -> Sequence[Any]:
    """What the controls show of a line."""
    way = way_of(line)
    if way == DIRECTED:
        return [None, gr.skip(), gr.skip(), gr.skip()]
    if way == HEARD:
        return [HEARD, gr.skip(), gr.skip(), gr.skip()]
    weights = _weights(line)
    if way == MIXED:
        return [MIXED, gr.skip(), gr.skip(), ", ".join(str(line.recipe.embedder.settings["feelings"]).split(","))]
    name, weight = next(iter(weights.items()))
    return [NAMED, name, gr.skip() if name == NEUTRAL else weight, gr.skip()]


def _weights(line: Line) -> dict[str, float]:
    weights: dict[str, float] = animator.parse_feelings(str(line.recipe.embedder.settings.get("feelings", NEUTRAL)))
    return weights
