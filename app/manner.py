"""How it is said: style, blinks, gaze, head, breath, and which of the many ways of saying it."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import gradio as gr

import animator

from .line import Line, having
from .wiring import drives

STYLES = ("usual", "calm", "broadcast", "animated", "mumbled")
USUAL = MappingProxyType({"style": "usual", "style_amount": 1.0, "blink": 1.0, "gaze": 1.0, "head_motion": 1.0, "breath": 1.0})
"""Settings of the generator that have a control, and its own defaults."""


def build(line: gr.State) -> None:
    """Build the section and wire it."""
    with gr.Row(elem_classes="pairs"):
        style = gr.Dropdown(list(STYLES), value="usual", label="Style", min_width=110)
        amount = gr.Slider(0, 2, 1, step=0.1, label="Amount", min_width=150)
    with gr.Row(elem_classes="pairs"):
        blink = gr.Slider(0, 3, 1, step=0.1, label="Blinking", min_width=140)
        gaze = gr.Slider(0, 2, 1, step=0.1, label="Gaze", min_width=140)
        head = gr.Slider(0, 3, 1, step=0.1, label="Head", min_width=140)
        breath = gr.Slider(0, 3, 1, step=0.1, label="Breath", min_width=140)
    seed = gr.Number(value=0, precision=0, minimum=0, label="Seed: another one, another performance", elem_id="seed")
    drives(line, [style, amount, blink, gaze, head, breath, seed], mannered, manner_of)


def mannered(
    line: Line, style: str, amount: float, blink: float, gaze: float, head: float, breath: float, seed: float | None
) -> Line:
    """The line said that way; what is as usual is left out."""
    wanted = {
        "style": style,
        "style_amount": float(amount),
        "blink": float(blink),
        "gaze": float(gaze),
        "head_motion": float(head),
        "breath": float(breath),
    }
    choice = line.recipe.generator
    others = {name: value for name, value in choice.settings.items() if name not in USUAL}
    settings = {name: value for name, value in wanted.items() if value != USUAL[name]}
    return having(line, generator=animator.Choice(choice.name, {**others, **settings}), seed=int(seed or 0))


def manner_of(line: Line) -> Sequence[Any]:
    """What the controls show of a line."""
    settings = line.recipe.generator.settings
    return [*(settings.get(name, usual) for name, usual in USUAL.items()), line.recipe.seed]
