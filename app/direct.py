"""Direct: the line along time. Cues of feelings over the words, the curves that come of them, and the clip, all on one axis."""

from __future__ import annotations

import time
from typing import Any

import gradio as gr

import animator

from . import cues as timeline_of
from . import dialogue, hand, lips
from .fields import script_of
from .line import Line, draft
from .rows import read, rows
from .studio import Studio, Studios
from .telling import DRAWING, QUIET, asked
from .timeline import curves, feelings, felt, gestures, phones, shifts, timeline, waveform, words
from .wiring import TURNING, remembers, settled

SHOWN = ("mouth", "jaw", "brows", "eyes", "head")
"""Regions whose curves are shown at first."""

CLIP = "direct-clip"
JOB = "direct"


def build(line: gr.State, studios: Studios) -> None:
    """Build the tab and wire it."""
    rig = animator.load_rig(animator.Recipe.rig)
    offers = {"feelings": list(rig.emotions), "gestures": list(rig.moves)}
    with gr.Row(elem_classes="direct-top"):
        with gr.Column(scale=3, min_width=300):
            clip = gr.Video(label="Clip", elem_id=CLIP, interactive=False, height=360, buttons=["download"])
            with gr.Row():
                full = gr.Button("Draw in full", variant="primary")
                stop = gr.Button("Cancel")
            at_once = gr.Checkbox(True, label="Draw a draft after each change", info="Only what changed is drawn again.")
        with gr.Column(scale=2, min_width=280):
            feeling = gr.Dropdown(offers["feelings"], value="happy", label="Feeling of a new cue", allow_custom_value=True)
            region = gr.Dropdown([animator.ALL, *animator.REGIONS], value=animator.ALL, label="Where in the face")
            strength = gr.Slider(0, 1, value=0.8, step=0.05, label="Strength")
            ease = gr.Slider(0, 2, value=0.5, step=0.05, label="Ease (s)")
            gesture = gr.Dropdown(list(rig.moves), value="nod", label="Gesture of a new cue")
            with gr.Row():
                undo = gr.Button("Undo", interactive=False)
                redo = gr.Button("Redo", interactive=False)
            regions = gr.CheckboxGroup(list(animator.REGIONS), value=list(SHOWN), label="Curves of")
    tracks = gr.HTML(_empty(), js_on_load=script_of("timeline.js"), apply_default_css=False, elem_id="direct-timeline")
    table = gr.HTML("", js_on_load=script_of("rows.js"), apply_default_css=False, elem_id="direct-cues")

    word, said = lips.build(line, studios)
    by_hand = hand.build(line, studios)
    dialogue.build(line, studios)

    def studio(request: gr.Request) -> Studio:
        return studios.of(request.session_hash)

    @asked
    def show(line: Line, regions: list[str], request: gr.Request) -> tuple[str, str]:
        """Everything along time; the stages that did not change are the studio's already."""
        change = time.time_ns()
        timeline_rows = rows(timeline_of.cues(line), offers, change)
        if line.sound is None:
            return _empty(), timeline_rows
        return _tracks(line, studio(request), regions, change), timeline_rows

    def held(line: Line, request: gr.Request) -> Line:
        """The line, if what it feels can be felt."""
        if line.sound is not None:
            studio(request).felt(line)
        return line

    @asked
    def put(
        line: Line,
        feeling: str,
        region: str,
        strength: float,
        ease: float,
        gesture: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> Line:
        start = round(float(event.start), timeline_of.DIGITS)
        if event.region == "gesture":
            return held(timeline_of.added(line, animator.Cue(start, gesture=gesture, intensity=strength)), request)
        place = region if event.region == animator.ALL else event.region
        text = feeling if place == animator.ALL else ",".join(f"{place}:{part.strip()}" for part in feeling.split(","))
        return held(timeline_of.added(line, animator.Cue(start, text, strength, ease)), request)

    @asked
    def move(line: Line, event: gr.EventData, request: gr.Request) -> Line:
        return held(timeline_of.moved(line, event.number, float(event.by)), request)

    @asked
    def edit(line: Line, event: gr.EventData, request: gr.Request) -> Line:
        return held(timeline_of.changed(line, event.number, **{event.field: read(event.field, event.text)}), request)

    @asked
    def drop(line: Line, event: gr.EventData) -> Line:
        return timeline_of.removed(line, event.number)

    @asked
    def draw(line: Line, request: gr.Request, progress: gr.Progress = gr.Progress()) -> str:  # noqa: B008 (Gradio's way)
        return str(studio(request).clip(line, job=JOB, progress=progress))

    @asked
    def sketch(line: Line, wanted: bool, request: gr.Request, progress: gr.Progress = gr.Progress()) -> Any:  # noqa: B008
        if not wanted or line.sound is None:
            return gr.skip()
        return str(studio(request).clip(draft(line), job=JOB, progress=progress))

    def point(event: gr.EventData) -> str:
        return str(event.text)

    def cancel(request: gr.Request) -> None:
        studio(request).cancel(JOB)

    def then_show(event: Any) -> None:
        """What was refused is shown as it was; what was not comes as a draft."""
        event.failure(show, [line, regions], [tracks, table], **QUIET)
        event.success(show, [line, regions], [tracks, table], **QUIET).success(
            sketch, [line, at_once], clip, show_progress_on=clip, api_visibility="private", **DRAWING
        )

    for change, handler, more in (
        (tracks.put, put, [feeling, region, strength, ease, gesture]), (tracks.move, move, []), (tracks.drop, drop, []),
        (table.edit, edit, []), (table.drop, drop, []),
    ):  # fmt: skip
        then_show(change(handler, [line, *more], line, trigger_mode="multiple", **TURNING))
    for event in (*said, *by_hand, *remembers(line, Line(), undo, redo)):
        then_show(event)
    tracks.word(point, None, word, show_progress="hidden", api_visibility="private")
    regions.change(show, [line, regions], [tracks, table], **QUIET)
    tab = tracks.parent
    assert isinstance(tab, gr.Tab)
    then_show(tab.select(settled, None, None, **TURNING))
    full.click(draw, line, clip, show_progress_on=clip, api_visibility="private", **DRAWING)
    stop.click(cancel, None, None, queue=False, show_progress="hidden", api_visibility="private")


def _tracks(line: Line, studio: Studio, regions: list[str], change: int) -> str:
    seconds = float(studio.sound(line).seconds)
    heard, motion, rig = studio.heard(line), studio.moved(line), animator.load_rig(line.recipe.rig)
    spots = timeline_of.spots(line, heard)
    tracks = [
        waveform(studio.sound(line)),
        words(heard, seconds),
        phones(heard, seconds),
        *feelings(spots, seconds),
        gestures(spots, seconds, rig.moves),
        *shifts(hand.shifts(line, heard, seconds), seconds),
        felt(studio.felt(line)),
        *(curves(region, motion, rig) for region in animator.REGIONS if region in regions),
    ]
    return timeline(seconds, tracks, f"#{CLIP}", change)


def _empty() -> str:
    return '<p class="tl-none">Choose a sound in Perform: its timeline comes here.</p>'
