"""Where the speech comes from: a shipped sample, the visitor's own voice, or a line that is typed."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr

import animator

from .line import Line, having, saying
from .stages import LONGEST
from .studio import Studio, Studios
from .telling import asked
from .wiring import TURNING, drives

SAMPLES = {
    "sample_story": "From sad to glad",
    "sample_happy": "Happy news",
    "sample_sad": "Bad news",
    "sample_angry": "A complaint",
    "librivox_dashwood": "A reader, from LibriVox",
    "librivox_young_man": "A reader, one sentence",
}
"""Files in ``animator.assets`` and what they are called here."""

MOST = 600
"""Characters of a line that is typed."""

NO_VOICE = "To type a line, install the offline voice: `pip install 'animator[voice]'`."


def build(line: gr.State, studios: Studios) -> None:
    """Build the section and wire it."""
    with gr.Tabs(elem_classes="choice"):
        with gr.Tab("Sample"):
            sample = gr.Radio([(name, key) for key, name in SAMPLES.items()], value="sample_story", label="Sample speech")
        with gr.Tab("My voice"):
            own = gr.Audio(
                sources=["upload", "microphone"],
                elem_id="voice",
                type="filepath",
                label=f"Drop speech or record it, up to {LONGEST} s",
                editable=False,
                buttons=["download"],  # not that which shares it with the world
            )
        with gr.Tab("Typed line"):
            if animator.can_speak():
                typed = gr.Textbox(
                    label="Type what is to be said, in English", lines=2, max_length=MOST, placeholder="Guess who is coming home!"
                )
                say = gr.Button("Say it", size="sm")
            else:
                gr.Markdown(NO_VOICE)
    words = gr.Textbox(
        label="What is said (optional: better lips; [nod] or [happy:0.6] inside it is a cue)",
        lines=2,
        max_length=4000,
        elem_id="transcript",
    )

    def chosen(now: Line, key: str, request: gr.Request) -> Line:
        return with_sample(now, key, studios.of(request.session_hash))

    @asked
    def brought(now: Line, upload: str | None, request: gr.Request) -> tuple[Line, Any]:
        if upload is None:
            return now, None
        new = saying(now, bring(studios.of(request.session_hash), upload))
        return new, str(new.sound)

    sample.input(asked(chosen), [line, sample], line, **TURNING)
    for arrived in (own.upload, own.stop_recording):
        refused = arrived(brought, [line, own], [line, own], **TURNING).failure
        refused(lambda: None, None, own, show_progress="hidden", api_visibility="private")  # makes room for another
    if animator.can_speak():
        spoken = gr.State(None)

        @asked
        def speak(text: str, request: gr.Request) -> tuple[str, str]:
            studio = studios.of(request.session_hash)
            path = studio.desk.place("typed.wav")
            animator.write_wav(animator.speak(text), path)
            return str(path), text

        def said(now: Line, sound: tuple[str, str]) -> Line:
            return saying(now, Path(sound[0]), sound[1])

        gr.on([say.click, typed.submit], speak, typed, spoken, api_visibility="private")
        spoken.change(said, [line, spoken], line, **TURNING)
    drives(
        line,
        [words],
        worded,
        lambda now: [now.recipe.transcript or ""],
    )


def worded(line: Line, text: str) -> Line:
    """The line with what is said; tags in it, such as ``[nod]`` or ``[happy:0.6]``, are cues."""
    unsaid = having(line, transcript=None)
    return replace(unsaid, recipe=animator.saying(unsaid.recipe, text.strip())) if text.strip() else unsaid


def with_sample(line: Line, key: str, studio: Studio) -> Line:
    """The line said as in a sample."""
    there = files("animator.assets")
    return saying(
        line, studio.desk.copy(Path(str(there / f"{key}.wav"))), (there / f"{key}.txt").read_text(encoding="utf-8").strip()
    )


def bring(studio: Studio, upload: str) -> Path:
    """An uploaded sound, taken to the visitor's desk and found to be speech that can be used."""
    path = studio.desk.take_in(upload)
    try:
        studio.sound(Line(path))
    except animator.AnimatorError:
        studio.desk.throw_away(path)
        raise
    return path
