"""Forms of the dialogue: one for a further turn, one for a further face or who shows one, and one to take things away."""

from __future__ import annotations

from typing import Any

import gradio as gr

import animator

from . import talk as talks
from . import talk_from, talk_made
from .line import Line
from .studio import Studios
from .talk import Talk
from .telling import DRAWING, QUIET, asked
from .voices import SAMPLES
from .wiring import TURNING


def turn(talk: gr.State, line: gr.State, studios: Studios) -> tuple[gr.Dropdown, list[Any]]:
    """A form for one more turn: the list of who may say it, and the event that adds it."""
    speech = [("My line, from Perform and Direct", talk_from.LINE), ("A sound of my own", talk_from.OWN)]
    speech += [("Words that I type, by the offline voice", talk_from.TYPED)] if animator.can_speak() else []
    speech += [(f"Sample: {name}", key) for key, name in SAMPLES.items()]
    with gr.Row(elem_classes="pairs"):
        who = gr.Dropdown([], label="A new turn is said by", min_width=140, elem_id="talk-who")
        which = gr.Dropdown(speech, value=talk_from.LINE, label="Its speech", min_width=220, elem_id="talk-speech")
    words = gr.Textbox(label="What is said", lines=2, max_length=600, visible=False, elem_id="talk-words")
    with gr.Row(elem_classes="pairs", visible=False) as own:
        sound = gr.Audio(
            sources=["upload", "microphone"],
            type="filepath",
            label="Its sound",
            editable=False,
            buttons=[],
            elem_id="talk-sound",
            min_width=260,
        )
        script = gr.File(
            label="A script of what is felt in it (optional)", type="filepath", height=140, elem_id="talk-script", min_width=220
        )
    add = gr.Button("Add the turn", elem_id="talk-add")

    @asked
    def added(
        now: Talk, line: Line, who: str, kind: str, words: str, sound: str | None, script: str | None, request: gr.Request
    ) -> Talk:
        studio = studios.of(request.session_hash)
        if kind == talk_from.LINE:
            one = talk_from.spoken(line, who, studio)
        elif kind == talk_from.OWN:
            one = talk_from.brought(studio, who, sound, words, script)
        elif kind == talk_from.TYPED:
            one = talk_from.typed(studio, who, words)
        else:
            one = talk_from.sampled(studio, who, kind)
        new = talks.said(now, one)
        talk_made.planned(studio, new)
        return new

    def needed(kind: str) -> tuple[Any, Any]:
        return gr.update(visible=kind in (talk_from.OWN, talk_from.TYPED)), gr.update(visible=kind == talk_from.OWN)

    which.input(needed, which, [words, own], **QUIET)
    return who, [add.click(added, [talk, line, who, which, words, sound, script], talk, **TURNING)]


def face(talk: gr.State, studios: Studios) -> tuple[gr.Dropdown, list[Any]]:
    """A form for one more face, and for a head or a photo of one's own: the list of whose it is, and the events."""
    with gr.Row(elem_classes="pairs"):
        with gr.Column(min_width=200):
            whose = gr.Dropdown([], label="A head or a photo of your own shows", elem_id="talk-whose")
            join = gr.Button("Add a face", elem_id="talk-join")
        upload = gr.File(
            label="Its file: a head (.toml), a picture, a .portrait",
            type="filepath",
            height=140,
            elem_id="talk-head",
            min_width=220,
        )

    @asked
    def joined(now: Talk) -> Talk:
        return talks.joined(now)

    @asked
    def given(now: Talk, name: str, path: str | None, request: gr.Request) -> Talk:
        if path is None:
            return now
        studio = studios.of(request.session_hash)
        new = talks.faced(now, talks.held(now).number(name), **talk_from.who_is_in(studio, path))
        talk_made.planned(studio, new)
        return new

    return whose, [join.click(joined, talk, talk, **TURNING), upload.upload(given, [talk, whose, upload], talk, **TURNING)]


def away(talk: gr.State, studios: Studios) -> None:
    """What can be taken of it, and the command that makes the same."""
    each = [(f"Each face: {name}", name) for name in talk_made.forms()]
    choices = [("The scene with its sounds (.zip)", talk_made.SCENE), ("All faces side by side (.mp4)", talk_made.ALL), *each]
    with gr.Row(elem_classes="workbench"):
        with gr.Column(scale=5, min_width=280):
            what = gr.Dropdown(choices, value=talk_made.SCENE, label="What to take of the dialogue", elem_id="talk-what")
            with gr.Row(elem_classes="actions"):
                make = gr.Button("Make it", elem_id="talk-make")
                stop = gr.Button("Cancel", variant="stop", elem_id="talk-file-stop")
        with gr.Column(scale=6, min_width=280):
            file = gr.File(label="The file of the dialogue", interactive=False, elem_id="talk-file", height=90)
            typed = gr.Textbox(
                talk_made.command(Talk(), talk_made.SCENE),
                label="The same from the command line, beside the files of the scene",
                interactive=False,
                lines=1,
                elem_id="talk-command",
                buttons=["copy"],
            )

    @asked
    def made(now: Talk, wanted: str, request: gr.Request, progress: gr.Progress) -> str:
        studio = studios.of(request.session_hash)
        if wanted == talk_made.SCENE:
            return str(talk_made.scene(studio, now))
        if wanted == talk_made.ALL:
            return str(talk_made.clip(studio, now, progress, talk_made.FILE))
        return str(talk_made.takes(studio, now, wanted, progress))

    def make_it(now: Talk, wanted: str, request: gr.Request, progress: gr.Progress = gr.Progress()) -> Any:  # noqa: B008
        return made(now, wanted, request, progress)

    def cancel(request: gr.Request) -> None:
        studios.of(request.session_hash).cancel(talk_made.FILE)

    gr.on([what.input, talk.change], talk_made.command, [talk, what], typed, **QUIET)
    make.click(make_it, [talk, what], file, api_visibility="private", **DRAWING)
    stop.click(cancel, None, None, queue=False, **QUIET)
