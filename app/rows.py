"""The cues as a table of labelled fields: what the timeline shows, for the keyboard, a screen reader, or exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import animator

from . import fields
from .fields import Field, button, entry, offered

FIELDS = (
    Field("start", "Start (s)", step=0.01, empty=True),
    Field("word", "or at the word"),
    Field("feeling", "Feeling", offers="feelings"),
    Field("gesture", "or gesture", offers="gestures"),
    Field("intensity", "Intensity", step=0.05, high=1),
    Field("ease", "Ease (s)", step=0.05),
    Field("hold", "Hold (s)", step=0.05, empty=True),
)
"""A further field of a cue is one more line here."""


def rows(cues: Sequence[animator.Cue], offers: Mapping[str, Iterable[str]], change: int) -> str:
    """The table; ``offers`` are the names that go with `Field.offers`, ``change`` is as for `timeline.timeline`."""
    heads = "".join(f'<th scope="col">{escape(field.title)}</th>' for field in FIELDS)
    body = "".join(_row(k, cue) for k, cue in enumerate(cues))
    none = '<p class="tl-none">No cue yet: click into the track of feelings, or add one where the clip stands.</p>'
    table = (
        '<table class="cue-rows"><caption>Cues; a feeling is written happy, happy:0.6,surprised:0.4 or brows:sad:0.8</caption>'
        f'<thead><tr><th scope="col">Cue</th>{heads}<th scope="col">Remove</th></tr></thead><tbody>{body}</tbody></table>'
    )
    return (
        f'<div data-change="{change}">{table if cues else none}{offered(offers)}'
        f'<p class="tl-help" role="status">{len(cues)} cue{"" if len(cues) == 1 else "s"}</p></div>'
    )


def read(field: str, text: str) -> float | str | None:
    """What somebody wrote into a field of a cue; raises as `fields.read`."""
    return fields.read(FIELDS, field, text, "a cue")


def _row(number: int, cue: animator.Cue) -> str:
    owner = f"cue {number + 1}"
    cells = "".join(
        f'<td data-title="{escape(field.title)}">{entry(number, field, getattr(cue, field.name), owner)}</td>' for field in FIELDS
    )
    remove = button(number, "remove", "Remove", f"Remove {owner}")
    return f'<tr><th scope="row"><span>Cue </span>{number + 1}</th>{cells}<td>{remove}</td></tr>'
