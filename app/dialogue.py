"""Dialogue, in Direct: faces that talk and listen to each other; who they are, what each says when, and the clip of all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr

import animator

from . import talk as talks
from . import talk_files, talk_forms, talk_from, talk_made, talk_shown
from .fields import script_of
from .line import Line
from .studio import Studio, Studios
from .talk import Talk
from .telling import DRAWING, QUIET, asked
from .wiring import TURNING, drives, remembers

CLIP = "talk-clip"
PARTS: dict[str, Any] = {"js_on_load": script_of("rows.js"), "apply_default_css": False}
CONSENT = "Everybody in these photos has said yes to this dialogue, for what I will use it for."
"""What has to be so before a photo speaks."""


def build(line: gr.State, studios: Studios) -> None:
    """Build the panel and wire it."""
    talk = gr.State(Talk())
    with gr.Accordion("Dialogue: faces that talk and listen to each other", open=False, elem_id="dialogue"):
        with gr.Row(elem_classes="direct-top"):
            with gr.Column(scale=3, min_width=300):
                clip = gr.Video(label="The dialogue", elem_id=CLIP, interactive=False, height=300, buttons=["download"])
                with gr.Row(elem_classes="actions"):
                    draw = gr.Button("Draw the dialogue", variant="primary", elem_id="talk-draw")
                    stop = gr.Button("Cancel", variant="stop", elem_id="talk-stop")
                agreed = gr.Checkbox(label=CONSENT, value=False, visible=False, elem_id="talk-consent")
            with gr.Column(scale=2, min_width=280):
                with gr.Row(elem_classes="actions"):
                    example = gr.Button("Begin with the example")
                    mine = gr.Button("Begin with my line")
                upload = gr.File(
                    label="Or open a scene: .toml and its files, or .zip",
                    file_count="multiple",
                    type="filepath",
                    height=140,
                    elem_id="talk-open",
                )
                with gr.Row(elem_classes="pairs"):
                    side = gr.Dropdown([64, 128, 256, 384, 512, 720], value=256, label="Pixels of a face", min_width=110)
                    fps = gr.Dropdown([5, 12, 24, 25, 30, 60], value=25, label="Pictures a second", min_width=110)
                with gr.Row():
                    undo = gr.Button("Undo", interactive=False)
                    redo = gr.Button("Redo", interactive=False)
        lanes = gr.HTML("", js_on_load=script_of("timeline.js"), apply_default_css=False, elem_id="talk-timeline")
        with gr.Column(visible=False) as stage:
            gr.HTML('<h2 class="step">Turns</h2>')
            table = gr.HTML("", elem_id="talk-turns", **PARTS)
            who, new = talk_forms.turn(talk, line, studios)
            gr.HTML('<h2 class="step">Faces, from left to right</h2>')
            cards = gr.HTML("", elem_id="talk-faces", **PARTS)
            face, brought = talk_forms.face(talk, studios)
            gr.HTML('<h2 class="step">Take the dialogue away</h2>')
            talk_forms.away(talk, studios)

    def studio(request: gr.Request) -> Studio:
        return studios.of(request.session_hash)

    def held(now: Talk, request: gr.Request) -> Talk:
        """The dialogue, if it can be played."""
        talk_made.planned(studio(request), now)
        return now

    def handler(change: Callable[[Talk, gr.EventData, Studio, Line], Talk]) -> Callable[..., Any]:
        @asked
        def handle(now: Talk, line: Line, event: gr.EventData, request: gr.Request) -> Talk:
            return held(change(now, event, studio(request), line), request)

        return handle

    @asked
    def show(now: Talk, request: gr.Request) -> Any:
        """All that the dialogue says; what each face feels only if that is known already."""
        return _shown(now, studio(request), talk_made.has_played(studio(request), now))

    @asked
    def perform(now: Talk, request: gr.Request) -> Any:
        return gr.skip() if now.scene is None else _shown(now, studio(request), True)[:2]

    @asked
    def opened(now: Talk, uploads: list[str] | None, request: gr.Request) -> Talk:
        return held(talks.staged(now, talk_files.opened(studio(request).desk, uploads)), request) if uploads else now

    @asked
    def draw_it(now: Talk, request: gr.Request, progress: gr.Progress = gr.Progress()) -> str:  # noqa: B008 (Gradio's way)
        return str(talk_made.clip(studio(request), now, progress))

    def cancel(request: gr.Request) -> None:
        studio(request).cancel(talk_made.DRAWING)

    def then_show(event: Any) -> None:
        """What was refused is shown as it was; what was not comes at once, and what is felt in it as soon as that is known."""
        shown = [lanes, cards, table, stage, agreed, who, face]
        event.failure(show, talk, shown, **QUIET)
        event.success(show, talk, shown, **QUIET).success(perform, talk, [lanes, cards], **QUIET, **DRAWING)

    for event, change in (
        (example.click, lambda now, event, room, line: talks.staged(now, talk_files.example(room.desk))),
        (mine.click, lambda now, event, room, line: talks.staged(now, talk_from.begun(line, room))),
        (lanes.move, lambda now, event, room, line: _delayed(now, event, room)),
        (lanes.drop, lambda now, event, room, line: talks.unsaid(now, event.number)),
        (table.edit, lambda now, event, room, line: _rewritten(now, event.number, event.field, event.text)),
        (table.drop, lambda now, event, room, line: talks.unsaid(now, event.number)),
        (table.shift, lambda now, event, room, line: talks.reordered(now, event.number, event.by)),
        (cards.edit, _characterised),
        (cards.drop, lambda now, event, room, line: talks.left(now, event.number)),
        (cards.shift, lambda now, event, room, line: talks.reseated(now, event.number, event.by)),
    ):
        then_show(event(handler(change), [talk, line], talk, trigger_mode="multiple", **TURNING))
    then_show(upload.upload(opened, [talk, upload], talk, **TURNING))
    for event in (*new, *brought, *remembers(talk, Talk(), undo, redo)):
        then_show(event)
    drives(talk, [side, fps], lambda now, side, fps: replace(now, side=int(side), fps=int(fps)), lambda now: [now.side, now.fps])
    drives(talk, [agreed], lambda now, yes: replace(now, agreed=bool(yes)), lambda now: [now.agreed])
    draw.click(draw_it, talk, clip, show_progress_on=clip, api_visibility="private", **DRAWING)
    stop.click(cancel, None, None, queue=False, **QUIET)


def _shown(now: Talk, studio: Studio, performed: bool) -> tuple[Any, ...]:
    if now.scene is None:
        return "", "", "", gr.update(visible=False), gr.update(visible=False), gr.skip(), gr.skip()
    change = time.time_ns()
    plan, names = talk_made.planned(studio, now), [face.name for face in now.scene.faces]
    play = talk_made.played(studio, now) if performed else None
    pictures = talk_made.portraits(studio, now, at_hand=not performed)
    last = now.scene.turns[-1].who
    return (
        talk_shown.lanes(plan, play, f"#{CLIP}", change),
        talk_shown.cards(now.scene, pictures, change),
        talk_shown.turns(now.scene, change),
        gr.update(visible=True),
        gr.update(visible=now.photos),
        gr.Dropdown(choices=names, value=next(name for name in names if name != last)),
        gr.Dropdown(choices=names, value=names[0]),
    )


def _delayed(now: Talk, event: gr.EventData, studio: Studio) -> Talk:
    start = talk_made.planned(studio, now).starts[event.number]
    return talks.moved(now, event.number, float(start) + float(event.by))


def _rewritten(now: Talk, number: int, name: str, text: str) -> Talk:
    value: Any = talk_shown.written(talk_shown.TURN, f"turn {number + 1}", name, text)
    if name == "to":
        value = talks.addressed(text)
    if name == "transcript":
        value = text.strip() or None
    if name == "gap" and value is None:
        value = animator.Turn.gap
    return talks.turned(now, number, **{name: value})


def _characterised(now: Talk, event: gr.EventData, studio: Studio, line: Line) -> Talk:
    scene = talks.held(now)
    face = scene.faces[event.number]
    if event.field == "head":
        return talks.faced(now, event.number, **_who(event.text, scene, studio, line))
    value: Any = talk_shown.written(talk_shown.FACE, face.name, event.field, event.text)
    if event.field in vars(face.traits):
        return talks.faced(now, event.number, traits=replace(face.traits, **{event.field: value}))
    return talks.faced(now, event.number, **{event.field: value})


def _who(text: str, scene: animator.Scene, studio: Studio, line: Line) -> dict[str, str]:
    """What is chosen in a card's list of heads, as ``head`` and ``photo`` of a face."""
    if text == talk_shown.HERE:
        return talk_from.shown_by(line, studio)
    shown = talk_shown.files_shown(scene)
    if text == talk_shown.USUAL or not (text.isdigit() and int(text) < len(shown)):
        return {"head": "", "photo": ""}
    path = shown[int(text)]
    return {"head": path, "photo": ""} if path.lower().endswith(".toml") else {"head": "", "photo": path}
