"""Charts by hand, as SVG: strips of a few seconds with one track below the other, and a small curve for a row of a table.

Colours are classes that the page's style gives them, so that a chart is light or dark with its page; what a colour says, a label
or a shape says too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import numpy as np

from animator.core.phones import SILENCE
from animator.core.track import sample
from animator.metrics import lips
from animator.report.facts import Facts

WIDTH, LEFT, RIGHT = 1000, 86, 92
"""Units of a strip: its width, and what of it names tracks on the left and curves on the right."""

LONGEST, STRIPS = 5.0, 120
"""Seconds of a strip, about, and how many there are at most; of longer clips, each is longer."""

SHOWN = 0.05
"""A feeling that never gets so strong is not drawn."""

COLOURS = 8
"""Classes ``c0`` to ``c7`` of the style."""


@dataclass(frozen=True)
class Strip:
    """Seconds ``start`` to ``stop`` of a clip."""

    start: float
    stop: float

    @property
    def end(self) -> float:
        """Where curves end."""
        return WIDTH - RIGHT

    def x(self, seconds: float) -> float:
        """Where an instant is; one outside the strip is at its edge."""
        share = (min(max(seconds, self.start), self.stop) - self.start) / (self.stop - self.start)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def across(self, start: float, stop: float) -> bool:
        """Whether a span shows in the strip."""
        return start < self.stop and stop > self.start


def strips(seconds: float) -> tuple[Strip, ...]:
    """A clip in strips of one length, about `LONGEST`."""
    count = min(max(1, round(seconds / LONGEST)), STRIPS)
    ends = np.linspace(0.0, seconds, count + 1).tolist()
    return tuple(Strip(a, b) for a, b in pairwise(ends))


def strip_chart(facts: Facts, strip: Strip, number: int) -> str:
    """One strip: words and phones, waveform, opening of the lips with closures and silence, lids, head, feelings, and seconds."""
    y, parts = 8.0, list[str]()
    tracks: tuple[tuple[float, Callable[[Facts, Strip, float, float], str]], ...] = (
        (40.0, _words),
        (46.0, _wave),
        (74.0, _opening),
        (34.0, _lids),
        (46.0, _head),
        (84.0, _felt),
    )
    for height, draw in tracks:
        drawn = draw(facts, strip, y, height)
        if drawn:
            parts.append(drawn)
            y += height + 12
    parts.append(_seconds(strip, y))
    title = f"Seconds {strip.start:.1f} to {strip.stop:.1f}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {y + 22:g}" role="img" aria-labelledby="strip{number}">'
        f'<title id="strip{number}">{title}: what is said, how far the lips part, lids, head and feelings; the tables below hold '
        f"the same</title>{''.join(parts)}</svg>"
    )


def spark(values: np.ndarray, low: float, high: float) -> str:
    """A control's curve over the whole clip between two values, as a small picture without words."""
    columns = np.array_split(values, min(len(values), 300))
    x = np.linspace(0, 300, len(columns))
    level = [26 - 24 * (float(column.mean()) - low) / max(high - low, 1e-9) for column in columns]
    zero = 26 - 24 * (0.0 - low) / max(high - low, 1e-9)
    return (
        f'<svg class="spark" viewBox="0 0 300 28" preserveAspectRatio="none" aria-hidden="true"><path class="rule" '
        f'd="M0 {zero:.1f}H300"/><path class="line" d="{_path(x, level)}"/></svg>'
    )


def _words(facts: Facts, strip: Strip, y: float, height: float) -> str:
    if not facts.spoken:
        return ""
    out = [_name("said", y + 14)]
    free = float(LEFT)
    for text, start, stop in facts.words:
        if strip.across(start, stop):
            a, b, half = strip.x(start), strip.x(stop), 3.4 * len(text)
            middle = max((a + b) / 2, free + half)
            free = middle + half + 3
            out.append(f'<path class="rule" d="M{a:.1f} {y + 16:g}V{y + height:g}"/>')
            out.append(f'<text class="word" x="{middle:.1f}" y="{y + 12:g}">{escape(text)}</text>')
    for span in facts.spoken:
        if span.phone != SILENCE and strip.across(span.start, span.stop):
            a, b = strip.x(span.start), strip.x(span.stop)
            lit = "shut" if span.phone in "PBM" else "sound"
            out.append(f'<rect class="{lit}" x="{a:.1f}" y="{y + 20:g}" width="{max(b - a - 0.8, 0.5):.1f}" height="18" rx="2"/>')
            if b - a > 7 * len(span.phone):
                out.append(f'<text class="phone" x="{(a + b) / 2:.1f}" y="{y + 33:g}">{span.phone}</text>')
    return "".join(out)


def _wave(facts: Facts, strip: Strip, y: float, height: float) -> str:
    if facts.audio is None:
        return ""
    rate = facts.audio.rate
    samples = facts.audio.samples[int(strip.start * rate) : int(strip.stop * rate)]
    if not len(samples):
        return ""
    columns = np.array_split(samples, min(len(samples), round(strip.end - LEFT)))
    loudest = max(float(np.abs(facts.audio.samples).max()), 1e-6)
    x = np.linspace(LEFT, strip.end, len(columns))
    middle = y + height / 2
    high = [middle - height / 2 * float(column.max()) / loudest for column in columns]
    low = [middle - height / 2 * float(column.min()) / loudest for column in columns]
    there, back = _path(x, high), _path(x[::-1], low[::-1])
    return f'{_name("sound", middle + 4)}<path class="wave" d="{there}L{back[1:]}Z"/>'


def _opening(facts: Facts, strip: Strip, y: float, height: float) -> str:
    parted = lips.opening(facts.motion, facts.rig)
    top = max(0.3, float(parted.max()))
    out = [_name("lips apart", y + height / 2 + 4), _frame(strip, y, height)]
    for span in facts.spoken:
        if span.phone == SILENCE and strip.across(span.start, span.stop):
            a, b = strip.x(span.start), strip.x(span.stop)
            out.append(f'<rect class="silence" x="{a:.1f}" y="{y:g}" width="{b - a:.1f}" height="{height:g}"/>')
    level = _levels(facts, strip, parted, y, height, 0.0, top)
    out.append(f'<path class="area" d="{level}V{y + height:g}H{LEFT}Z"/><path class="line" d="{level}"/>')
    for closure in facts.closures:
        if strip.across(closure.start, closure.stop):
            a, b = strip.x(closure.start), strip.x(closure.stop)
            sort, mark = ("met", "✓") if closure.met else ("missed", "✗")
            out.append(f'<rect class="{sort}" x="{a:.1f}" y="{y + height - 4:g}" width="{b - a:.1f}" height="4"/>')
            out.append(f'<text class="mark {sort}" x="{(a + b) / 2:.1f}" y="{y + 10:g}">{mark}</text>')
    for leak in facts.leaks:
        if strip.across(leak.start, leak.stop):
            out.append(
                f'<rect class="missed" x="{strip.x(leak.start):.1f}" y="{y + height - 4:g}" '
                f'width="{strip.x(leak.stop) - strip.x(leak.start):.1f}" height="4"/>'
            )
    return "".join(out)


def _lids(facts: Facts, strip: Strip, y: float, height: float) -> str:
    if facts.blinks is None:
        return ""
    out = [_name("blinks", y + height / 2 + 4), f'<path class="rule" d="M{LEFT} {y + height:g}H{strip.end:g}"/>']
    for start, duration in zip(facts.blinks.starts, facts.blinks.durations, strict=True):
        if strip.across(start, start + duration):
            a, b = strip.x(start), max(strip.x(start + duration), strip.x(start) + 3)
            out.append(f'<rect class="blink" x="{a:.1f}" y="{y + 6:g}" width="{b - a:.1f}" height="{height - 6:g}" rx="3"/>')
    return "".join(out)


def _head(facts: Facts, strip: Strip, y: float, height: float) -> str:
    turns = [control.name for control in facts.rig.controls if control.region == "head" and control.unit == "radian"]
    if not turns:
        return ""
    curves = [np.degrees(facts.motion[name].astype(np.float64)) for name in turns]
    reach = max(5.0, *(float(np.abs(curve).max()) for curve in curves))
    lines = [
        (name, _levels(facts, strip, curve, y, height, -reach, reach), k, "")
        for k, (name, curve) in enumerate(zip(turns, curves, strict=True))
    ]
    axis = f'<path class="rule" d="M{LEFT} {y + height / 2:g}H{strip.end:g}"/>'
    return _name(f"head ±{reach:.0f}°", y + height / 2 + 4) + axis + _labelled(lines, y, height)


def _felt(facts: Facts, strip: Strip, y: float, height: float) -> str:
    lines: list[tuple[str, str, int, str]] = []
    names = [feeling.name for feeling in facts.feelings]
    times = np.linspace(strip.start, strip.stop, 101)
    x = np.array([strip.x(at) for at in times.tolist()])
    named: set[str] = set()
    for emotion, dashes in ((facts.asked, ""), (facts.read, " dashed")):
        for name in emotion.names if emotion else ():
            region, _, feeling = name.rpartition("/")
            level = sample(emotion, times)[:, emotion.index(name)] if emotion else times
            if feeling in names and float(level.max()) >= SHOWN:
                label = "" if name in named else f"{region} {feeling}".strip()
                lines.append((label, _path(x, (y + height * (1 - level)).tolist()), names.index(feeling), dashes))
                named.add(name)
    if not lines:
        return ""
    return _name("feelings", y + height / 2 + 4) + _frame(strip, y, height) + _labelled(lines, y, height)


def _labelled(lines: Sequence[tuple[str, str, int, str]], y: float, height: float) -> str:
    """Curves, with the names of those that have one beside their ends, moved apart where they would meet."""
    ends = sorted((float(path.rsplit(" ", 1)[1]), k) for k, (name, path, _, _) in enumerate(lines) if name)
    room = min(12.0, (height + 8) / max(len(ends), 1))
    at, places = -np.inf, {}
    for end, k in ends:
        at = max(end + 4, at + room)
        places[k] = at
    over = max(places.values(), default=0.0) - (y + height + 4)
    for _, k in reversed(ends) if over > 0 else ():  # from the bottom up, only as far as is needed
        at = y + height + 4 if k == ends[-1][1] else min(places[k], at - room)
        places[k] = at
    out = []
    for k, (name, path, colour, dashes) in enumerate(lines):
        sort = colour % COLOURS
        out.append(f'<path class="curve c{sort}{dashes}" d="{path}"/>')
        if name:
            out.append(f'<text class="end t{sort}" x="{WIDTH - RIGHT + 6}" y="{places[k]:.1f}">{escape(name)}</text>')
    return "".join(out)


def _levels(facts: Facts, strip: Strip, curve: np.ndarray, y: float, height: float, low: float, high: float) -> str:
    """The path of a curve at the motion's rate."""
    fps = float(facts.motion.fps)
    first, stop = int(np.ceil(strip.start * fps - 1e-9)), min(len(curve), int(strip.stop * fps) + 1)
    shown = np.clip((curve[first:stop] - low) / (high - low), 0.0, 1.0)
    x = np.array([strip.x(frame / fps) for frame in range(first, stop)])
    return _path(x, (y + height * (1 - shown)).tolist())


def _frame(strip: Strip, y: float, height: float) -> str:
    return f'<path class="rule" d="M{LEFT} {y:g}V{y + height:g}H{strip.end:g}"/>'


def _name(text: str, y: float) -> str:
    return f'<text class="name" x="{LEFT - 10}" y="{y:g}">{text}</text>'


def _seconds(strip: Strip, y: float) -> str:
    length = strip.stop - strip.start
    step = next((each for each in (0.5, 1, 2, 5, 10, 30, 60) if length / each <= 12), 300)
    ticks = np.arange(np.ceil(strip.start / step - 1e-9), np.floor(strip.stop / step + 1e-9) + 1) * step
    marks = (
        f'<path class="rule" d="M{x:.1f} {y:g}v4"/><text class="tick" x="{x:.1f}" y="{y + 15:g}">{at:g} s</text>'
        for at, x in ((abs(at), strip.x(at)) for at in ticks.tolist())
    )
    return f'<path class="rule" d="M{LEFT} {y:g}H{strip.end:g}"/>' + "".join(marks)


def _path(x: np.ndarray, y: Sequence[float]) -> str:
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x.tolist(), y, strict=True))
