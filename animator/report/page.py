"""One page of HTML that tells it all: without script or network, in light and dark, on paper, and to a screen reader."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from io import BytesIO
from itertools import groupby

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from animator.core.phones import SILENCE
from animator.core.provenance import MAKER
from animator.report.charts import spark, strip_chart, strips
from animator.report.facts import Curve, Facts
from animator.report.moments import Moment

STILL = 1e-4
"""A curve with a smaller deviation does not move."""


def page(facts: Facts, pictures: Sequence[tuple[Moment, UInt8[np.ndarray, "H W C"]]] = ()) -> str:
    """The whole page.

    Parameters
    ----------
    facts
        What was measured.
    pictures
        Moments of the clip, each with its picture, sRGB.
    """
    style = files("animator.report").joinpath("style.css").read_text(encoding="utf-8")
    sections = (
        _cards(facts),
        _pictures(pictures),
        _over_time(facts),
        _feelings(facts),
        _lips(facts),
        _curves(facts),
        _heard(facts),
    )
    made = (
        f"<details><summary>The recipe it was made by</summary><pre>{escape(facts.recipe)}</pre></details>"
        if facts.recipe
        else ""
    )
    foot = (
        f"Made by {escape(MAKER)}. Lips are closed when their opening is at most 2 % of a wide-open jaw's. What is read back is "
        "the embedder face's reading, which is no judge of people."
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(facts.title)}: report</title><style>\n{style}</style></head>\n<body><main>\n"
        f'<h1>{escape(facts.title)}</h1>\n<p class="lead">{_lead(facts)}</p>\n'
        + "\n".join(section for section in sections if section)
        + f"\n{made}<footer>{foot}</footer>\n</main></body></html>\n"
    )


def _lead(facts: Facts) -> str:
    motion = facts.motion
    said = " ".join(word.text for word in facts.words)
    told = f"{motion.seconds:.2f} seconds, {len(motion)} frames at {float(motion.fps):g} a second, rig {escape(facts.rig.name)}"
    return f"{told}. “{escape(said)}”" if said else f"{told}."


def _cards(facts: Facts) -> str:
    cards: list[tuple[str, str, str, bool | None]] = []
    if facts.closures:
        count = len(facts.closures)
        cards.append(("Closures of p b m", f"{facts.met} of {count}", "lips that must meet, and do", facts.met == count))
    if facts.still is not None:
        leaks = f"{len(facts.leaks)} stretches in which lips are apart" if facts.leaks else "lips rest, but for what is felt"
        cards.append(("Quiet in silence", f"{facts.still:.0%}", leaks, facts.still >= 0.95))
    if facts.sync is not None:
        lag = f"lips {abs(facts.sync.lag) * 1000:.0f} ms {'late' if facts.sync.lag > 0 else 'ahead'}"
        cards.append(("Lips with phones", f"r {facts.sync.correlation:.2f}", lag, facts.sync.correlation >= 0.4))
    if facts.blinks is not None:
        rate = facts.blinks.per_minute
        cards.append(("Blinks", f"{len(facts.blinks.starts)}", f"{rate:.0f} a minute; people 17 at rest, 26 talking", None))
    if "opening of the lips" in facts.jitter:
        value = facts.jitter["opening of the lips"]
        cards.append(("Jitter of the lips", f"{value:.2f}", "share above 8 Hz; people .09 to .18", value <= 0.2))
    if facts.agreed is not None:
        asked = max(facts.feelings, key=lambda each: each.asked or 0.0)
        note = f"of the felt time, which is mostly {escape(asked.name)}"
        cards.append(("Feelings read back", f"{facts.agreed:.0%}", note, facts.agreed >= 0.5))
    if facts.sure is not None:
        cards.append(("Ear", f"{facts.sure:.0%} sure", f"{len(facts.words) or 'no'} words by transcript", None))
    marks = {True: ' class="good"', False: ' class="look"', None: ""}
    items = (
        f"<li><span>{name}</span><strong{marks[fine]}>{value}</strong><span>{note}</span></li>"
        for name, value, note, fine in cards
    )
    return f'<ul class="cards">{"".join(items)}</ul>'


def _pictures(pictures: Sequence[tuple[Moment, UInt8[np.ndarray, "H W C"]]]) -> str:
    if not pictures:
        return ""
    figures = []
    for moment, pixels in pictures:
        text = f"{moment.seconds:.2f} s: {escape(moment.reason)}"
        image = Image.fromarray(pixels[..., :3])
        image.thumbnail((320, 320))
        kept = BytesIO()
        image.save(kept, "JPEG", quality=86)
        source = f"data:image/jpeg;base64,{b64encode(kept.getvalue()).decode()}"
        figures.append(
            f'<figure><img src="{source}" width="{image.width}" height="{image.height}" alt="The face at {text}">'
            f"<figcaption>{text}</figcaption></figure>"
        )
    return f'<h2>Pictures</h2><div class="pictures">{"".join(figures)}</div>'


def _over_time(facts: Facts) -> str:
    keys = []
    if facts.closures:
        keys += [("met", "lips meet (✓)"), ("missed", "lips do not meet (✗), or leak in silence"), ("shut", "p b m")]
    if facts.spoken:
        keys.append(("silence", "silence"))
    key = "".join(f'<span><i class="{sort}"></i>{text}</span>' for sort, text in keys)
    if facts.read is not None:
        key += "<span>feelings: solid as asked for, dashed as read back from the face</span>"
    panels = (
        _panel(f"Seconds {strip.start:.1f} to {strip.stop:.1f}", strip_chart(facts, strip, number))
        for number, strip in enumerate(strips(facts.motion.seconds), 1)
    )
    return f'<h2>Over time</h2><div class="key">{key}</div>{"".join(panels)}'


def _feelings(facts: Facts) -> str:
    rows = [
        (each.name, *map(_number, (each.asked, each.asked_peak, each.read, each.read_peak, each.prototype)))
        for each in facts.feelings
    ]
    if not rows:
        return ""
    head = ("feeling", "asked, mean", "peak", "read back, mean", "peak", "like its prototype")
    caption = "Intensities in [0, 1] over the whole clip; the last column is a cosine with the rig's own pose"
    return (
        f'<h2>Feelings</h2><div class="panel" tabindex="0" role="group" aria-label="Feelings">{_table(caption, head, rows)}</div>'
    )


def _lips(facts: Facts) -> str:
    parts: list[str] = []
    rows: list[tuple[str, ...]]
    if facts.closures:
        caption = f"Closures: {facts.met} of {len(facts.closures)} met"
        if facts.precision is not None:
            caption += f"; {facts.precision:.0%} of the closed time in speech is called for"
        if facts.onset is not None:
            caption += f"; half of them begin within {facts.onset * 1000:.0f} ms of their sound"
        rows = [
            (each.phone, f"{each.start:.2f}", f"{each.stop:.2f}", "yes" if each.met else "NO", f"{each.opening:.3f}")
            for each in facts.closures
        ]
        parts.append(_folded("Closures", _table(caption, ("phone", "from, s", "to, s", "lips meet", "least opening"), rows)))
    if facts.leaks:
        rows = [(f"{each.start:.2f}", f"{each.stop:.2f}", f"{each.opening:.3f}") for each in facts.leaks]
        parts.append(_folded("Lips apart in silence", _table("In settled silence", ("from, s", "to, s", "widest"), rows)))
    if facts.blinks is not None and facts.blinks.starts:
        rows = [(f"{a:.2f}", f"{b * 1000:.0f}") for a, b in zip(facts.blinks.starts, facts.blinks.durations, strict=True)]
        parts.append(_folded("Blinks", _table("When the lids are down", ("at, s", "for, ms"), rows)))
    if facts.jitter:
        rows = [(name, f"{value:.3f}") for name, value in facts.jitter.items()]
        caption = "What a curve holds above 8 Hz, over its standard deviation"
        parts.append(_folded("Jitter", _table(caption, ("curve", "jitter"), rows)))
    return f"<h2>Lips, lids and head</h2>{''.join(parts)}" if parts else ""


def _curves(facts: Facts) -> str:
    moving = [curve for curve in facts.curves if curve.busy > STILL]
    still = [curve.name for curve in facts.curves if curve.busy <= STILL]
    head = ("control", "lowest", "mean", "highest", "over the clip")
    parts = []
    for region, curves in groupby(sorted(moving, key=lambda curve: curve.region), key=lambda curve: curve.region):
        rows = "".join(_curve_row(facts, curve) for curve in curves)
        parts.append(f'<tbody><tr class="dim"><th scope="colgroup" colspan="5">{region}</th></tr>{rows}</tbody>')
    cells = "".join(f'<th scope="col">{name}</th>' for name in head)
    caption = "Weights from 0 to 1; turns of head and eyes in radians"
    table = f"<table><caption>{caption}</caption><thead><tr>{cells}</tr></thead>{''.join(parts)}</table>"
    rest = f'<p class="lead">At rest: {escape(", ".join(still))}</p>' if still else ""
    return f"<h2>Curves</h2>{_panel('Curves', table + rest)}"


def _curve_row(facts: Facts, curve: Curve) -> str:
    control = facts.rig.control(curve.name)
    cells = "".join(f"<td>{value:.2f}</td>" for value in (curve.lowest, curve.mean, curve.highest))
    drawn = spark(facts.motion[curve.name].astype(np.float64), control.low, control.high)
    return f'<tr><th scope="row">{escape(curve.name)}</th>{cells}<td>{drawn}</td></tr>'


def _heard(facts: Facts) -> str:
    if not facts.spoken:
        return ""
    parts = []
    if facts.voice:
        rows = [(name, f"{odds:.0%}") for name, odds in facts.voice]
        parts.append(_panel("Voice", _table("What the voice sounds like", ("feeling", "odds"), rows)))
    if facts.words:
        timed = [(word.text, f"{word.start:.2f}", f"{word.end:.2f}") for word in facts.words]
        parts.append(
            _folded("Words", _table("Words of the transcript, laid along the sound", ("word", "from, s", "to, s"), timed))
        )
    phones = [("–" if s.phone == SILENCE else s.phone, f"{s.start:.2f}", f"{s.stop:.2f}") for s in facts.spoken]
    parts.append(_folded("Phones", _table("Phones of ARPAbet; – is silence", ("phone", "from, s", "to, s"), phones)))
    return f"<h2>What was heard</h2>{''.join(parts)}"


def _folded(title: str, inside: str) -> str:
    return f"<details><summary>{title}</summary>{_panel(title, inside)}</details>"


def _panel(title: str, inside: str) -> str:
    """A panel that can be scrolled sideways, with the keyboard too."""
    return f'<div class="panel" tabindex="0" role="group" aria-label="{title}">{inside}</div>'


def _table(caption: str, head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    names = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
        for first, *cells in rows
    )
    return f"<table><caption>{caption}</caption><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
