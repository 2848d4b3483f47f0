"""Labelled fields of HTML: one for each value of what a table or a card shows, and what somebody wrote into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import animator


@dataclass(frozen=True)
class Field:
    """A value that can be written.

    ``step``, ``low`` and ``high`` bound a number, which may be left ``empty``, or ``slides`` between them; a field without
    ``step`` is text, which ``offers`` completes.
    """

    name: str
    title: str
    step: float | None = None
    low: float = 0.0
    high: float | None = None
    offers: str = ""
    empty: bool = False
    slides: bool = False


def entry(number: int, field: Field, value: float | str | None, owner: str, hint: str = "") -> str:
    """A field of what has this number, from 0, and is called ``owner``, with its value; ``hint`` says what an empty one means."""
    told = f"{value:g}" if isinstance(value, float | int) else value or ""
    kind, bounds, more = "text", "", f' placeholder="{escape(hint)}"' if hint else ""
    if field.step is not None:
        high = "" if field.high is None else f' max="{field.high:g}"'
        kind, bounds = "range" if field.slides else "number", f' min="{field.low:g}" step="{field.step:g}"{high}'
    if field.offers:
        more += f' list="offered-{field.offers}"'
    label = f"{field.title} of {owner}"
    shown = f'<output aria-hidden="true">{escape(told)}</output>' if field.slides else ""
    return (
        f'<input type="{kind}"{bounds}{more} value="{escape(told)}" data-number="{number}" data-field="{field.name}"'
        f' aria-label="{escape(label)}">{shown}'
    )


def choice(number: int, name: str, label: str, options: Mapping[str, str], chosen: str) -> str:
    """A list to choose from, as a field; ``options`` are what is told of each, by what stands for it."""
    told = "".join(
        f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(text)}</option>'
        for key, text in options.items()
    )
    return f'<select data-number="{number}" data-field="{name}" aria-label="{escape(label)}">{told}</select>'


def button(number: int, does: str, text: str, label: str, enabled: bool = True) -> str:
    """A button that does something (``remove``, ``earlier``, ``later``) to what has this number."""
    off = "" if enabled else " disabled"
    return (
        f'<button type="button" data-number="{number}" data-do="{does}" aria-label="{escape(label)}"{off}>{escape(text)}</button>'
    )


def offered(offers: Mapping[str, Iterable[str]]) -> str:
    """The names that go with each `Field.offers`."""
    return "".join(
        f'<datalist id="offered-{kind}">{"".join(f"""<option value="{escape(each)}"></option>""" for each in names)}</datalist>'
        for kind, names in offers.items()
    )


def read(fields: Sequence[Field], name: str, text: str, owner: str) -> float | str | None:
    """What somebody wrote into a field of ``owner``.

    Raises
    ------
    animator.InputError
        It is no number where one is wanted.
    animator.UnknownNameError
        There is no such field.
    """
    field = next((each for each in fields if each.name == name), None)
    if field is None:
        raise animator.UnknownNameError("field", name, [each.name for each in fields])
    if field.step is None:
        return text.strip()
    if field.empty and not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise animator.InputError(f"{field.title} of {owner} is a number, not {text!r}") from None


def script_of(name: str) -> str:
    """A script of the page: the hands of fields, or of the timeline."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
