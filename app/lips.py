"""Lips, word by word: how single words are articulated, each edit of them as another `Line`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import gradio as gr

from .line import Line, dialled
from .studio import Studios
from .telling import asked
from .wiring import TURNING

DIALS: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "open": ("Parted lips", 3),
        "purse": ("Rounded lips", 3),
        "widen": ("Spread lips", 3),
        "scale": ("All of the lips", 3),
        "jaw": ("Jaw", 3),
        "crisp": ("Distinct sounds", 2),
    }
)
"""Dials of the library's lips: what each is called here, and its highest value; 1 is as the line is said without."""


def build(line: gr.State, studios: Studios) -> tuple[gr.Textbox, list[Any]]:
    """Build the section and wire it.

    Returns
    -------
    words
        The field that says which words are meant.
    changes
        The events that turn the line into another.
    """
    with gr.Accordion("Lips, word by word", open=False):
        words = gr.Textbox(
            label="Words",
            placeholder="never, never#2 for the second one, so glad",
            info="Or click a word in the timeline.",
            elem_id="lip-words",
        )
        with gr.Row(elem_classes="pairs"):
            dials = [gr.Slider(0, high, 1, step=0.1, label=title, min_width=150) for title, high in DIALS.values()]
        with gr.Row():
            put = gr.Button("Say them so")
            clear = gr.Button("Forget all of these")
        told = gr.Markdown("")

    @asked
    def say(
        now: Line,
        words: str,
        opened: float,
        purse: float,
        widen: float,
        scale: float,
        jaw: float,
        crisp: float,
        request: gr.Request,
    ) -> Line:
        new = said(now, words, open=opened, purse=purse, widen=widen, scale=scale, jaw=jaw, crisp=crisp)
        studios.of(request.session_hash).moved(new)  # says if they are not said
        return new

    line.change(tell, line, told, show_progress="hidden", api_visibility="private")
    return words, [put.click(say, [line, words, *dials], line, **TURNING), clear.click(unsaid, line, line, **TURNING)]


def edits(line: Line) -> list[dict[str, Any]]:
    """How single words are articulated: tables of the generator's setting."""
    return [each for each in _all(line) if each.get("words")]


def said(line: Line, words: str, **dials: float) -> Line:
    """The line that says these words with these `DIALS`, instead of how it did; all at 1, it says them as it does without.

    Raises
    ------
    animator.InputError
        No word is given, or a dial is beyond its range.
    """
    turned = {name: float(value) for name, value in dials.items() if value != 1}
    others = [each for each in _all(line) if each.get("words") != words.strip()]
    new = _articulated(line, [*others, *([{**turned, "words": words.strip()}] if turned or not words.strip() else [])])
    new.recipe.part("generator")  # says what is wrong with them
    return new


def unsaid(line: Line) -> Line:
    """The line without any edit of single words."""
    return _articulated(line, [each for each in _all(line) if not each.get("words")])


def tell(line: Line) -> str:
    """Which words are edited, and how."""
    return "\n".join(
        f"- **{each['words']}**: " + ", ".join(f"{DIALS[name][0].lower()} {each[name]:g}" for name in DIALS if name in each)
        for each in edits(line)
    )


def _all(line: Line) -> list[dict[str, Any]]:
    return [dict(each) for each in line.recipe.generator.settings.get("articulation", ())]


def _articulated(line: Line, articulation: list[dict[str, Any]]) -> Line:
    return dialled(line, "generator", articulation=articulation)
