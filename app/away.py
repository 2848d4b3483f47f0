"""Take away: the line as files for whoever needs them, and as a command to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

import animator

from .line import RECIPE_FILE, SCRIPT_FILE, Line, beside, command, having, script
from .studio import Progress, Studio, Studios
from .telling import DRAWING, asked
from .wiring import TURNING, settled

CLIPS = {
    ".mp4": "MP4: H.264 and AAC, plays everywhere",
    ".webm": "WebM with transparency: VP9 and Opus",
    ".mov": "QuickTime with transparency: ProRes 4444",
}
"""Clips by the suffix of their files. Those that keep transparency are drawn without a background; a photo keeps its own."""

TEXTS = {
    "recipe": ("Recipe: all settings, to make it again", RECIPE_FILE),
    "script": ("Script of feelings", SCRIPT_FILE),
    "transcript": ("Transcript", "transcript.txt"),
}
MOTION, SOUND, FIT, REPORT = "motion", "sound", "fit", "report"


def build(line: gr.State, studios: Studios) -> None:
    """Build the panel and wire it."""
    with gr.Column(elem_classes="away"):
        gr.HTML('<h2 class="step">Take away</h2>')
        with gr.Row(elem_classes="workbench"):
            with gr.Column(scale=5, min_width=300):
                what = gr.Dropdown(choices(), value=".mp4", label="What to take", elem_id="what", filterable=True)
                loses = gr.HTML(note(".mp4"), elem_id="loses")
                with gr.Row(elem_classes="actions"):
                    make = gr.Button("Make the file", elem_id="make-file")
                    stop = gr.Button("Cancel", variant="stop", elem_id="cancel-file")
            with gr.Column(scale=6, min_width=300):
                file = gr.File(label="The file", interactive=False, elem_id="file", height=90)
                typed = gr.Textbox(
                    label="The same from the command line", interactive=False, lines=2, elem_id="command", buttons=["copy"]
                )

    @asked
    def fetch(now: Line, wanted: str, request: gr.Request, progress: gr.Progress) -> str:
        return str(made(studios.of(request.session_hash), now, wanted, progress))

    def fetch_it(now: Line, wanted: str, request: gr.Request, progress: gr.Progress = gr.Progress()) -> Any:  # noqa: B008
        return fetch(now, wanted, request, progress)

    def cancel(request: gr.Request) -> None:
        studios.of(request.session_hash).cancel("file")

    what.input(note, what, loses, show_progress="hidden", api_visibility="private")
    gr.on([what.input, line.change], typing, [line, what], typed, show_progress="hidden", api_visibility="private")
    make.click(settled, None, None, **TURNING).then(fetch_it, [line, what], file, api_visibility="private", **DRAWING)
    stop.click(cancel, None, None, queue=False, show_progress="hidden", api_visibility="private")


@cache
def choices() -> list[tuple[str, str]]:
    """What can be taken, by what it is called: clips, the motion, files for other programs, and what it was made from."""
    exported = [(f"{name}: {_short(name)}", name) for name in animator.names("exporters")]
    parts = [
        ("Report: lips, blinks, feelings, measured and shown on a page (.html)", REPORT),
        ("Motion: every curve, lossless (.npz)", MOTION),
        ("Sound (.wav …)", SOUND),
        ("Fit of the photo (.portrait)", FIT),
    ]
    return [
        *((told, key) for key, told in CLIPS.items()),
        *parts[:2],
        *exported,
        *((told, key) for key, (told, _) in TEXTS.items()),
        *parts[2:],
    ]


def note(what: str) -> str:
    """What somebody should know of a file before they take it."""
    if what not in animator.names("exporters"):
        return (
            '<p class="note">Every clip says in its metadata that it was made; beside it stands the recipe.</p>'
            if what in CLIPS
            else ""
        )
    told = animator.describe("exporters", what)
    return f'<p class="note">{escape(told["summary"])} It loses {escape(told.get("loses", "nothing."))}</p>'


def name_of(line: Line, what: str) -> str:
    """What the file is called."""
    stem = line.sound.stem if line.sound else "line"
    if what in CLIPS:
        return f"{stem}{what}"
    if what in TEXTS:
        return TEXTS[what][1]
    if what == MOTION:
        return f"{stem}.motion.npz"
    if what == REPORT:
        return f"{stem}.report.html"
    if what == FIT:
        return f"{line.photo.stem if line.photo else stem}.portrait"
    return line.sound.name if what == SOUND and line.sound else f"{stem}{animator.find('exporters', what).suffixes[0]}"


def typing(line: Line, what: str) -> str:
    """What to type for the same file; for what a command is made from, the command for the clip."""
    if what in CLIPS:
        return command(_clear(line, what), name_of(line, what))
    if what == MOTION:
        return command(line, name_of(line, what))
    if what == REPORT:
        return f"{command(line, name_of(line, '.mp4' if line.photo else MOTION))} --report {shlex.quote(name_of(line, what))}"
    if what == FIT and line.photo:
        return shlex.join(["animator", "fit", line.photo.name, "-o", name_of(line, what)])
    if what in animator.names("exporters"):
        return command(line, name_of(line, what), what)
    return command(line)


def made(studio: Studio, line: Line, what: str, progress: Progress = lambda share, told: None) -> Path:
    """The file, made and laid on the visitor's desk.

    Raises
    ------
    animator.InputError
        There is nothing of that kind in this line, or the format cannot hold it.
    """
    if what in CLIPS:
        return studio.clip(_clear(line, what), what, job="file", progress=progress)
    if what == REPORT:
        return studio.report(line, name_of(line, what), progress)
    if what == SOUND:
        studio.sound(line)
        assert line.sound is not None
        return line.sound
    progress(0.1, "writing")
    path = studio.desk.place(name_of(line, what))
    write: Callable[[], Any] = {
        MOTION: lambda: animator.write_motion(studio.moved(line), path, animator.recipe_to_toml(beside(line.recipe))),
        FIT: lambda: animator.write_portrait(studio.portrait(line), path),
        **{key: lambda: path.write_text(_text(line, what), encoding="utf-8") for key in TEXTS},
    }.get(what, lambda: _export(studio, line, what, path))
    try:
        write()
    except BaseException:
        studio.desk.throw_away(path)
        raise
    return path


def _export(studio: Studio, line: Line, what: str, path: Path) -> None:
    exporter, audio = animator.build("exporters", animator.Choice(what)), studio.sound(line)
    assert line.sound is not None
    take = animator.take(
        path.stem,
        studio.moved(line),
        line.recipe,
        exporter,
        line.recipe.picture.fps,
        audio,
        line.sound.name,
        studio.heard(line),
        head=None if line.photo else studio.head(line),
    )
    exporter.export(take, path)


def _text(line: Line, what: str) -> str:
    if what == "recipe":
        return str(animator.recipe_to_toml(beside(line.recipe)))
    text = script(line) if what == "script" else line.recipe.transcript
    if not text:
        missing = {"script": "cues; set some in Direct", "transcript": "transcript; type what is said in Perform"}[what]
        raise animator.InputError(f"this line has no {missing}")
    return text


def _clear(line: Line, what: str) -> Line:
    """The line before nothing, where the clip keeps that."""
    if what == ".mp4" or line.photo:
        return line
    return having(line, picture=replace(line.recipe.picture, background="transparent"))


def _short(name: str) -> str:
    """What a format is, in a few words."""
    summary = str(animator.describe("exporters", name)["summary"])
    return re.split(r"[:.;,(](?:\s|$)|\s\(", summary)[0].rstrip(".")
