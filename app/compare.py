"""Compare: two takes of the line side by side, and the line in every feeling at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

import gradio as gr

import animator

from .grid import grid, interleaved
from .line import Line, beside, choosing, dialled, draft, having
from .studio import Progress, Studio, Studios
from .telling import DRAWING, asked

SAME = "as in Perform"
"""Stands for what the line has already."""

STYLES = ("usual", "calm", "broadcast", "animated", "mumbled")
HEADS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "a man of 34": {"age": 34.0, "gender": 1.0, "hair": "dark brown", "style": "short", "shirt": "charcoal"},
        "a woman of 58": {"age": 58.0, "gender": 0.0, "hair": "grey", "style": "bob", "shirt": "wine"},
        "a man of 70": {"age": 70.0, "gender": 1.0, "hair": "white", "style": "short", "shirt": "green"},
    }
)
"""Heads to compare with, beside the line's own: settings of the drawn head."""

SIDE, FPS, SMALL = 320, 20, 176
"""Pixels and rate of a take; pixels of a picture in the grid of feelings."""

TAKES, GRID = "compare", "grid"
"""Names of the two jobs."""

TOGETHER = """() => {
  const takes = ['a', 'b'].map((name) => document.querySelector(`#take-${name} video`)).filter(Boolean);
  const going = takes.some((take) => !take.paused);
  takes.forEach((take, k) => {
    take.muted = k > 0;
    if (going) take.pause(); else { take.currentTime = 0; take.play(); }
  });
}"""
"""What plays both takes from the start with the sound of one, or stops them."""


def build(line: gr.State, studios: Studios) -> None:
    """Build the tab and wire it."""
    with gr.Row(elem_classes="takes"):
        ours, first = _take("A", "learned")
        others, second = _take("B", "visemes")
    with gr.Row(elem_classes="actions"):
        both = gr.Button("Draw both", variant="primary", elem_id="draw-takes")
        together = gr.Button("Play together", elem_id="play-takes")
        stop = gr.Button("Cancel", variant="stop", elem_id="stop-takes")
    gr.HTML('<h2 class="step">One line in eight feelings</h2>')
    with gr.Row(elem_classes="actions"):
        strength = gr.Slider(0.1, 1, value=0.8, step=0.1, label="How strongly")
        all_of_them = gr.Button("Draw the eight", variant="primary", elem_id="draw-grid")
        halt = gr.Button("Cancel", variant="stop", elem_id="stop-grid")
    eight = gr.Video(
        label="Eight feelings", show_label=False, interactive=False, elem_id="grid", height=440, buttons=["download"]
    )

    def studio(request: gr.Request) -> Studio:
        return studios.of(request.session_hash)

    @asked
    def draw_both(
        now: Line,
        feeling: str, mover: str, style: str, seed: str, head: str,
        feeling_b: str, mover_b: str, style_b: str, seed_b: str, head_b: str,
        request: gr.Request, progress: gr.Progress = gr.Progress(),  # noqa: B008 (how gradio asks for it)
    ) -> tuple[str, str]:  # fmt: skip
        one, other = take(now, feeling, mover, style, seed, head), take(now, feeling_b, mover_b, style_b, seed_b, head_b)
        return drawn(studio(request), one, lambda share, what: progress(share / 2, f"take A: {what}")), drawn(
            studio(request), other, lambda share, what: progress(0.5 + share / 2, f"take B: {what}")
        )

    @asked
    def draw_eight(now: Line, strength: float, request: gr.Request, progress: gr.Progress = gr.Progress()) -> str:  # noqa: B008
        return str(feelings(studio(request), now, strength, progress))

    def cancel_takes(request: gr.Request) -> None:
        studio(request).cancel(TAKES)

    def cancel_grid(request: gr.Request) -> None:
        studio(request).cancel(GRID)

    for button, draw, given, shown in (
        (both, draw_both, [line, *ours, *others], [first, second]), (all_of_them, draw_eight, [line, strength], eight),
    ):  # fmt: skip
        button.click(draw, given, shown, show_progress_on=shown, api_visibility="private", **DRAWING)
    together.click(None, None, None, js=TOGETHER, api_visibility="private")
    for button, cancel in ((stop, cancel_takes), (halt, cancel_grid)):
        button.click(cancel, None, None, queue=False, show_progress="hidden", api_visibility="private")


def take(line: Line, feeling: str, mover: str, style: str, seed: str, head: str) -> Line:
    """The line performed another way; `SAME` leaves what it has; `animator.InputError` if the seed is no number."""
    if feeling != SAME:
        line = choosing(line, "embedder", "label", feelings=feeling)
    if mover not in (SAME, line.recipe.generator.name):
        line = choosing(line, "generator", mover)
    if style != SAME and line.recipe.generator.name == "learned":
        line = dialled(line, "generator", style=style)
    if seed != SAME:
        if not seed.strip().isdigit():
            raise animator.InputError(f"a seed is a whole number from 0, not {seed!r}")
        line = having(line, seed=int(seed))
    return line if head == SAME else dialled(replace(line, photo=None), "head", **HEADS[head])


def drawn(studio: Studio, line: Line, progress: Progress) -> str:
    """A take as a clip of middle size."""
    return str(studio.clip(draft(line, SIDE, FPS), job=TAKES, progress=progress))


def feelings(studio: Studio, line: Line, strength: float, progress: Progress) -> Path:
    """The line in each feeling but neutral, as one clip; what is heard is heard once."""
    names = [name for name in animator.load_rig(line.recipe.rig).emotions if name != "neutral"]
    small = draft(line, SMALL)
    lines = {name: choosing(small, "embedder", "label", feelings=f"{name}:{strength:g}") for name in names}

    def draw(path: Path, at: Progress) -> None:
        shown = []
        for k, each in enumerate(lines.values()):
            at(0.1 * k / len(lines), "performing")
            shown.append(studio.shown(each))
        motion, emotion = shown[0]
        together = interleaved([motion.values for motion, _ in shown]), interleaved([emotion.values for _, emotion in shown])
        pictures = studio.pictures(small, replace(motion, values=together[0]), replace(emotion, values=together[1], code=None))
        frames = grid(pictures, names)
        steps = count(1)

        def one_more() -> None:
            done = next(steps)
            at(0.1 + 0.9 * done / frames.count, f"drawing {done} of {frames.count}")

        source = {"source": animator.COMPOSITE} if line.photo else {}
        told = animator.recipe_to_toml(beside(small.recipe))
        animator.write_video(animator.evened(frames, path), studio.sound(line), path, on_frame=one_more, recipe=told, **source)

    return studio.made(repr((GRID, lines)), "feelings.mp4", draw, GRID, progress)


def _take(name: str, mover: str) -> tuple[list[Any], gr.Video]:
    with gr.Column(min_width=300):
        clip = gr.Video(label=f"Take {name}", interactive=False, elem_id=f"take-{name.lower()}", height=340, buttons=["download"])
        with gr.Row(elem_classes="pairs"):
            known = [SAME, *animator.load_rig(animator.Recipe.rig).emotions]
            feeling = gr.Dropdown(known, value=SAME, label=f"Feeling of take {name}", allow_custom_value=True, min_width=130)
            moved = gr.Dropdown([SAME, "learned", "visemes"], value=mover, label=f"Moved by, take {name}", min_width=130)
        with gr.Row(elem_classes="pairs"):
            style = gr.Dropdown([SAME, *STYLES], value=SAME, label=f"Style of take {name}", min_width=130)
            seed = gr.Dropdown(
                [SAME, "1", "2", "3"], value=SAME, label=f"Seed of take {name}", allow_custom_value=True, min_width=130
            )
        head = gr.Dropdown([SAME, *HEADS], value=SAME, label=f"Head of take {name}")
    return [feeling, moved, style, seed, head], clip
