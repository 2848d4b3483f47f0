"""A `Talk` as HTML: a card for each face, a table of turns, and both along time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

import animator

from .fields import Field, button, choice, entry, offered, read
from .plot import area
from .timeline import felt, marks, place, timeline, track

WHO = (
    Field("name", "Name"),
    Field("mood", "Comes in the mood", offers="moods"),
)
TRAITS = tuple(
    Field(name, name.capitalize(), step=0.05, high=1, slides=True)
    for name in ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism")
)
MANNERS = (
    Field("inertia", "Moods last", step=0.05, high=1, slides=True),
    Field("contagion", "Catches feelings", step=0.05, high=1, slides=True),
    Field("feedback", "Nods while listening", step=0.1, high=2, slides=True),
)
FACE = (*WHO, *TRAITS, *MANNERS, Field("head", "Shown by"))
TURN = (
    Field("who", "Who"),
    Field("transcript", "Says"),
    Field("emotion", "Feeling", offers="moods"),
    Field("to", "To", offers="faces"),
    Field("at", "Begins at (s)", step=0.01, empty=True),
    Field("gap", "or after a gap of (s)", step=0.05, low=-60, empty=True),
)
"""A further field of a face or a turn is one more line here."""

USUAL, HERE = "usual", "here"
"""Heads that no file of the scene tells: the usual one, and the one of Perform."""

HELP = "talk-help"
SHOWN = ("nod", "tilt", "brow_flash")
"""What listeners do that is marked in their lanes; blinks are too many."""

COLOURS = 4
COLUMNS = 240
"""Columns of a turn's waveform, at most."""


def cards(scene: animator.Scene, pictures: Sequence[str], change: int) -> str:
    """A card for each face, in the order of seats; ``pictures`` are addresses, one for each, or empty."""
    shown = files_shown(scene)
    told = "".join(_card(k, face, len(scene.faces), shown, pictures[k]) for k, face in enumerate(scene.faces))
    names = {"moods": list(animator.load_rig(animator.Recipe.rig).emotions), "faces": [face.name for face in scene.faces]}
    return f'<div data-change="{change}"><ul class="talk-faces">{told}</ul>{offered(names)}</div>'


def turns(scene: animator.Scene, change: int) -> str:
    """The table of turns."""
    heads = "".join(f'<th scope="col">{escape(field.title)}</th>' for field in TURN)
    body = "".join(_row(k, turn, scene) for k, turn in enumerate(scene.turns))
    return (
        f'<div data-change="{change}"><table class="cue-rows talk-turns"><caption>Turns; with a gap below 0 one'
        " begins before the turn ahead is over; the feeling auto is that of the voice</caption>"
        f'<thead><tr><th scope="col">Turn</th>{heads}<th scope="col">Order</th></tr></thead><tbody>{body}</tbody></table>'
        f'<p class="tl-help" role="status">{len(scene.turns)} turns</p></div>'
    )


def lanes(plan: Any, play: Any, clip: str, change: int) -> str:
    """Who speaks when, and, of a play, what each face does while it listens and what it feels.

    ``play`` is absent until it is made; ``clip`` and ``change`` are as for `timeline.timeline`.
    """
    ends = [float(start + sound.seconds) for start, sound in zip(plan.starts, plan.sounds, strict=True)]
    seconds = float(play.audio.seconds) if play else max(ends)
    tracks = []
    for k, face in enumerate(plan.scene.faces):
        tracks.append(_lane(k, plan, play.faces[k] if play else None, seconds))
        if play:
            tracks.append(felt(play.faces[k].emotion, f"{face.name} feels"))
    return timeline(seconds, tracks, clip, change, tools="", helps=HELP)


def written(kind: Sequence[Field], owner: str, name: str, text: str) -> float | str | None:
    """What somebody wrote into a field of a face or a turn; raises as `fields.read`."""
    return read(kind, name, text, owner)


def files_shown(scene: animator.Scene) -> list[str]:
    """The files of heads and photos in a scene, each once."""
    return list(dict.fromkeys(path for face in scene.faces for path in (face.head or face.photo,) if path))


def _card(number: int, face: animator.Face, seats: int, shown: Sequence[str], picture: str) -> str:
    name = face.name
    heads = {USUAL: "the usual head", HERE: "the head of Perform"} | {str(k): _called(path) for k, path in enumerate(shown)}
    own = face.head or face.photo
    head = choice(number, "head", f"Shown by, of {name}", heads, str(shown.index(own)) if own else USUAL)
    sliders = "".join(_labelled(number, field, getattr(face.traits, field.name), name) for field in TRAITS)
    manners = "".join(_labelled(number, field, getattr(face, field.name), name) for field in MANNERS)
    image = (
        f'<img src="{picture}" alt="{escape(name)} at rest">' if picture else '<span class="talk-none" aria-hidden="true"></span>'
    )
    return (
        f'<li class="talk-face tl-line-{number % COLOURS}">{image}<div class="talk-who">'
        f"{''.join(_labelled(number, field, getattr(face, field.name), name, 'neutral') for field in WHO)}"
        f"<label><span>Shown by</span>{head}"
        f'</label></div><div class="talk-dials">{sliders}{manners}</div><div class="talk-do">'
        f"{button(number, 'earlier', 'To the left', f'{name} to the left', number > 0)}"
        f"{button(number, 'later', 'To the right', f'{name} to the right', number < seats - 1)}"
        f"{button(number, 'remove', 'Remove', f'Remove {name}', seats > 2)}</div></li>"
    )


def _labelled(number: int, field: Field, value: float | str, owner: str, hint: str = "") -> str:
    return f"<label><span>{escape(field.title)}</span>{entry(number, field, value, owner, hint)}</label>"


def _row(number: int, turn: animator.Turn, scene: animator.Scene) -> str:
    owner = f"turn {number + 1}"
    names = {face.name: face.name for face in scene.faces}
    values = {
        "transcript": turn.transcript or "", "emotion": turn.emotion, "to": ", ".join(turn.to),
        "at": turn.at, "gap": turn.gap if turn.at is None else None,
    }  # fmt: skip
    hints = {
        "transcript": Path(turn.sound).name,
        "emotion": f"as {Path(turn.script).name} tells" if turn.script else "the mood they are in",
        "to": "all",
    }
    cells = [choice(number, "who", f"Who says {owner}", names, turn.who)]
    cells += [entry(number, field, values[field.name], owner, hints.get(field.name, "")) for field in TURN[1:]]
    told = "".join(f'<td data-title="{escape(field.title)}">{cell}</td>' for field, cell in zip(TURN, cells, strict=True))
    seat = list(names).index(turn.who)
    does = "".join(
        (
            button(number, "earlier", "↑", f"Say {owner} earlier", number > 0),
            button(number, "later", "↓", f"Say {owner} later", number < len(scene.turns) - 1),
            button(number, "remove", "Remove", f"Remove {owner}", len(scene.turns) > 1),
        )
    )
    return (
        f'<tr class="tl-line-{seat % COLOURS}"><th scope="row"><span>Turn </span>{number + 1}</th>{told}'
        f'<td><div class="talk-do">{does}</div></td></tr>'
    )


def _lane(number: int, plan: Any, played: Any, seconds: float) -> str:
    face = plan.scene.faces[number]
    blocks = [
        _block(k, number, turn, float(start), sound, seconds)
        for k, (turn, start, sound) in enumerate(zip(plan.scene.turns, plan.starts, plan.sounds, strict=True))
        if turn.who == face.name
    ]
    done = [each for each in (played.emotion.gestures if played else ()) if each.name in SHOWN]
    answers = marks([(each.start, each.start + 0.7, each.name.replace("_", " ")) for each in done], seconds)
    return track(face.name, "cues", f'<span class="talk-answers">{answers}</span>{"".join(blocks)}')


def _block(number: int, seat: int, turn: animator.Turn, start: float, sound: animator.Audio, seconds: float) -> str:
    end = start + float(sound.seconds)
    text = turn.transcript or Path(turn.sound).stem
    feeling = turn.emotion or ("directed" if turn.script else "in their mood")
    label = f"Turn {number + 1}: {turn.who} says {text!r}, {feeling}, from {start:.2f} to {end:.2f} s"
    return (
        f'<button type="button" class="tl-cue tl-line-{seat % COLOURS}" data-cue="{number}" data-start="{start:.4f}"'
        f' data-at="{start:.4f}" style="{place(start, end, seconds)};--eased:0%" aria-label="{escape(label)}"'
        f' aria-describedby="{HELP}">{_wave(sound)}<span>{escape(text)}</span></button>'
    )


def _wave(sound: animator.Audio) -> str:
    columns = np.array_split(np.abs(sound.samples), min(COLUMNS, len(sound.samples)) or 1)
    loud = np.array([part.max(initial=0.0) for part in columns])
    loud = loud / max(float(loud.max(initial=0.0)), 1e-3)
    return area(-loud, loud, -1.0, 1.0)


def _called(path: str) -> str:
    """What a head or a photo is called: its file without ending."""
    return Path(path).stem.removeprefix("demo_").replace("_", " ")
