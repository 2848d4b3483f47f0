"""Perform: a voice, a face, a feeling, and the clip of them."""

from __future__ import annotations

from functools import partial
from typing import Any

import gradio as gr

from . import feelings, manner, sitter, voices
from .line import Line
from .studio import Studios
from .telling import DRAWING, asked
from .wiring import TURNING, settled

WAITING = '<p class="note">The first preview takes a little longer, while nets and paint are fetched from disk.</p>'


def build(line: gr.State, studios: Studios) -> None:
    """Build the tab and wire it."""
    with gr.Row(elem_classes="workbench"):
        with gr.Column(scale=5, min_width=320, elem_classes="sheet"):
            for number, title, section in (
                (1, "Voice", partial(voices.build, line, studios)),
                (2, "Face", partial(sitter.build, line, studios)),
                (3, "Feeling", partial(feelings.build, line, studios)),
                (4, "Manner", partial(manner.build, line)),
            ):
                with gr.Group(elem_classes="section"):
                    gr.HTML(f'<h2 class="step"><span aria-hidden="true">{number}</span>{title}</h2>')
                    section()
        with gr.Column(scale=6, min_width=320, elem_classes="stage"):
            video = gr.Video(label="The clip", interactive=False, autoplay=True, buttons=["download"], elem_id="clip", height=520)
            with gr.Row(elem_classes="actions"):
                preview = gr.Button("Preview", variant="secondary", elem_id="preview")
                make = gr.Button("Make the clip", variant="primary", elem_id="make")
                stop = gr.Button("Cancel", variant="stop", elem_id="cancel")
            about = gr.HTML(WAITING, elem_id="about")

    @asked
    def draw(now: Line, quick: bool, request: gr.Request, progress: gr.Progress) -> tuple[str, str]:
        studio = studios.of(request.session_hash)
        path = studio.preview(now, progress=progress) if quick else studio.clip(now, progress=progress)
        return str(path), _about(now, quick)

    def preview_it(now: Line, request: gr.Request, progress: gr.Progress = gr.Progress()) -> Any:  # noqa: B008 (how gradio asks for it)
        return draw(now, True, request, progress)

    def make_it(now: Line, request: gr.Request, progress: gr.Progress = gr.Progress()) -> Any:  # noqa: B008
        return draw(now, False, request, progress)

    def cancel(request: gr.Request) -> None:
        studios.of(request.session_hash).cancel("clip")

    for button, handler in ((preview, preview_it), (make, make_it)):
        button.click(settled, None, None, **TURNING).then(
            handler, line, [video, about], show_progress_on=video, api_visibility="private", **DRAWING
        )
    stop.click(cancel, None, None, queue=False, show_progress="hidden", api_visibility="private")


def _about(line: Line, quick: bool) -> str:
    if quick:
        return '<p class="note">A quick look: small, a few pictures a second, the first seconds. The performance is the same.</p>'
    picture = line.recipe.picture
    size = "the photo's size" if line.photo else f"{picture.width} × {picture.height}"
    return f'<p class="note">The clip: {size}, {float(picture.fps):g} pictures a second. To keep it, see <em>Take away</em>.</p>'
