"""The cues as a table of labelled fields: what the timeline shows, for the keyboard, a screen reader, or exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import animator


@dataclass(frozen=True)
class Field:
    """A column of the table, which is a field of a `animator.Cue`.

    ``step`` and ``high`` bound a number, which may be left ``empty``; a field without them is text, which ``offers`` completes.
    """

    name: str
    title: str
    step: float | None = None
    high: float | None = None
    offers: str = ""
    empty: bool = False


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
    offered = "".join(_offer(kind, names) for kind, names in offers.items())
    none = '<p class="tl-none">No cue yet: click into the track of feelings, or add one where the clip stands.</p>'
    table = (
        '<table class="cue-rows"><caption>Cues; a feeling is written happy, happy:0.6,surprised:0.4 or brows:sad:0.8</caption>'
        f'<thead><tr><th scope="col">Cue</th>{heads}<th scope="col">Remove</th></tr></thead><tbody>{body}</tbody></table>'
    )
    return (
        f'<div data-change="{change}">{table if cues else none}{offered}'
        f'<p class="tl-help" role="status">{len(cues)} cue{"" if len(cues) == 1 else "s"}</p></div>'
    )


def read(field: str, text: str) -> float | str | None:
    """What somebody wrote into a field; `animator.InputError` if it is no number where one is wanted."""
    known = next((each for each in FIELDS if each.name == field), None)
    if known is None or known.step is None:
        return text.strip()
    if known.empty and not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise animator.InputError(f"{known.title} of a cue is a number, not {text!r}") from None


def _offer(kind: str, names: Iterable[str]) -> str:
    options = "".join(f'<option value="{escape(each)}"></option>' for each in names)
    return f'<datalist id="offered-{kind}">{options}</datalist>'


def _row(number: int, cue: animator.Cue) -> str:
    cells = "".join(f'<td data-title="{escape(field.title)}">{_input(number, cue, field)}</td>' for field in FIELDS)
    return (
        f'<tr><th scope="row">{number + 1}</th>{cells}<td><button type="button" data-cue="{number}" data-do="remove"'
        f' aria-label="Remove cue {number + 1}">Remove</button></td></tr>'
    )


def _input(number: int, cue: animator.Cue, field: Field) -> str:
    value = getattr(cue, field.name)
    told = f"{value:g}" if isinstance(value, float | int) else value or ""
    bounds = "" if field.step is None else f' min="0" step="{field.step:g}"'
    high = "" if field.high is None else f' max="{field.high:g}"'
    kind = "text" if field.step is None else "number"
    offers = f' list="offered-{field.offers}"' if field.offers else ""
    return (
        f'<input type="{kind}"{bounds}{high}{offers} value="{escape(told)}" data-cue="{number}" data-field="{field.name}"'
        f' aria-label="{escape(field.title)} of cue {number + 1}">'
    )
