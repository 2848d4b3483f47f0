"""The timeline: tracks one below the other on one axis of time, as HTML. A track is a function of what it shows.

Widths are shares of the sound, so that the page may be of any size; what a click, a drag or a key does is in ``timeline.js``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

import animator

from .cues import Spot
from .plot import area, line

COLUMNS = 900
"""Columns of the waveform, at most."""

ADDING = (
    '<button type="button" data-do="all">Add a feeling at <span class="tl-at">0.00</span> s</button>'
    '<button type="button" data-do="gesture">Add a gesture</button>'
)
"""Buttons that put a cue where the clip stands."""

HELP = "tl-help"
"""The name by which cues refer to how they are moved by keys."""

SILENCE = "SIL"
"""The phone that is none."""


def timeline(seconds: float, tracks: Iterable[str], clip: str, change: int, tools: str = ADDING, helps: str = HELP) -> str:
    """Tracks below a ruler, and a playhead that the clip moves.

    Parameters
    ----------
    seconds
        Length of the sound.
    tracks
        From the functions below, from top to bottom.
    clip
        CSS selector of what holds the video.
    change
        Any number other than the last one: the page then shows what is told here, whatever somebody dragged meanwhile.
    tools
        Buttons beside the one that plays the clip.
    helps
        The name by which what can be moved refers to how: one of its own for each timeline of a page.
    """
    return (
        f'<div class="tl" style="--seconds:{seconds:.2f}" data-seconds="{seconds:.4f}"'
        f' data-clip="{escape(clip)}" data-change="{change}">'
        '<div class="tl-tools" role="group" aria-label="Playback and view">'
        '<button type="button" data-do="play">Play</button>'
        f"{tools}"
        '<label>Zoom <input type="range" data-do="zoom" min="60" max="600" step="20" value="60"></label></div>'
        f'<p class="tl-help" id="{helps}">Left and right move it by 0.05 s, with Shift by half a second; Delete removes it.</p>'
        '<div class="tl-window" tabindex="0" role="region" aria-label="Timeline; scrolls sideways"><div class="tl-tracks">'
        f"{_ruler(seconds)}{''.join(tracks)}"
        '<div class="tl-over" aria-hidden="true"><div class="tl-head"></div></div></div></div></div>'
    )


def waveform(audio: animator.Audio) -> str:
    """How loud it is: the range of the samples, column by column."""
    columns = np.array_split(audio.samples, min(COLUMNS, len(audio.samples)) or 1)
    high, low = (np.array([pick(part, initial=0.0) for part in columns]) for pick in (np.max, np.min))
    peak = max(float(np.abs(audio.samples).max(initial=0.0)), 1e-3)
    return track("Sound", "wave", area(low / peak, high / peak, -1.0, 1.0), f"Waveform of {float(audio.seconds):.1f} seconds")


def words(features: animator.Features, seconds: float) -> str:
    """What is said, where a transcript tells it."""
    said = [word.text for word in features.words]
    marks = ""
    for k, word in enumerate(features.words):
        which = f"{word.text}#{said[: k + 1].count(word.text)}" if said.count(word.text) > 1 else word.text
        marks += f'<span data-word="{escape(which)}" style="{place(word.start, word.end, seconds)}">{escape(word.text)}</span>'
    return track("Words", "words", marks or '<p class="tl-none">Give the transcript (Perform) to see the words.</p>')


def phones(features: animator.Features, seconds: float) -> str:
    """The phones that are heard, in ARPAbet; pauses are left empty."""
    spoken = animator.phones(features)
    names = [animator.PHONES[phone] for phone in spoken.phone]
    spans = [each for each in zip(spoken.start.tolist(), spoken.end.tolist(), names, strict=True) if each[2] != SILENCE]
    return track("Phones", "phones", marks(spans, seconds))


def feelings(spots: Sequence[Spot], seconds: float) -> list[str]:
    """A track of cues for the whole face, and one for each region that a cue names; a cue lasts until the next in its track."""
    told = [(spot, _by_region(spot.cue)) for spot in spots if spot.cue.feeling]
    regions = [animator.ALL, *(region for region in animator.REGIONS if any(region in each for _, each in told))]
    return [_feelings(region, [(spot, each[region]) for spot, each in told if region in each], seconds) for region in regions]


def gestures(spots: Sequence[Spot], seconds: float, moves: Mapping[str, Sequence[tuple[float, Any]]]) -> str:
    """A track of what the face does once, each as long as its move and its hold; ``moves`` are the rig's."""
    marks = ""
    for spot in spots:
        if spot.cue.gesture:
            end = spot.start + moves[spot.cue.gesture][-1][0] + (spot.cue.hold or 0.0)
            text = f"{spot.cue.gesture.replace('_', ' ')} {spot.cue.intensity:.2g}"
            marks += _cue(spot, text, f"{text}, from {spot.start:.2f} s", "gesture", min(end, seconds), seconds)
    return track("Gestures", "cues", marks, attributes=' data-region="gesture"')


def shifts(spans: Sequence[tuple[float, float, str]], seconds: float) -> list[str]:
    """A track of what is looked at when, if that is directed at all."""
    return [track("Looks", "words", marks(spans, seconds))] if spans else []


def felt(emotion: animator.Emotion, title: str = "Felt") -> str:
    """How strongly each feeling is felt, over time: what the face is asked to show."""
    shown = [(name, emotion[name]) for name in emotion.names if emotion[name].max(initial=0.0) >= 0.02]
    curves = "".join(
        f'<g class="feels-{escape(animator.parts_of(name)[1])}">{line(values, 0.0, 1.0, name)}</g>' for name, values in shown
    )
    key = "".join(f'<li class="feels-{escape(animator.parts_of(name)[1])}">{escape(name)}</li>' for name, _ in shown)
    names = ", ".join(name for name, _ in shown)
    if not shown:
        return track(title, "felt", '<p class="tl-none">Nothing yet.</p>')
    return track(
        title, "felt", f'<ul class="tl-key" aria-hidden="true">{key}</ul>{plot(curves)}', f"Curves of what is felt: {names}"
    )


def curves(region: str, motion: animator.Motion, rig: animator.Rig, most: int = 4) -> str:
    """How a region of the face moves: the curves that move most, one of each mirrored pair, each over its control's range."""
    chosen: list[animator.Control] = []
    mine = [control for control in rig.controls if control.region == region]
    for control in sorted(mine, key=lambda each: -_reach(motion, each)):
        if control.mirror not in [each.name for each in chosen] and _reach(motion, control) >= 0.02 and len(chosen) < most:
            chosen.append(control)
    drawn = "".join(
        f'<g class="tl-line-{k}">{line(motion[control.name], control.low, control.high, control.name)}</g>'
        for k, control in enumerate(chosen)
    )
    key = "".join(f'<li class="tl-line-{k}">{escape(control.name)}</li>' for k, control in enumerate(chosen))
    names = ", ".join(control.name for control in chosen) or "nothing moves"
    return track(
        region.capitalize(),
        "curves",
        f'<ul class="tl-key" aria-hidden="true">{key}</ul>{plot(drawn)}',
        f"Curves of the {region}: {names}",
    )


def _feelings(region: str, told: Sequence[tuple[Spot, dict[str, float]]], seconds: float) -> str:
    name, where = ("Feelings", "") if region == animator.ALL else (region.capitalize(), f" of the {region}")
    ends = [*(spot.start for spot, _ in told[1:]), seconds]
    marks = ""
    for (spot, weights), end in zip(told, ends, strict=True):
        text = ", ".join(f"{name} {weight * spot.cue.intensity:.2g}" for name, weight in weights.items())
        label = f"{text}{where}, from {spot.start:.2f} s, eased over {spot.cue.ease:.2f} s"
        marks += _cue(spot, text, label, f"feels-{max(weights, key=weights.__getitem__)}", end, seconds)
    return track(name, "cues", marks, attributes=f' data-region="{region}"')


def _cue(spot: Spot, text: str, label: str, kind: str, end: float, seconds: float) -> str:
    told = escape(f"Cue {spot.number + 1}: {label}")
    eased = min(1.0, spot.cue.ease / max(end - spot.start, 1e-6)) if spot.start > 0 else 0.0
    return (
        f'<button type="button" class="tl-cue {escape(kind)}" data-cue="{spot.number}" data-start="{spot.start:.4f}"'
        f' data-at="{spot.start:.4f}" style="{place(spot.start, end, seconds)};--eased:{100 * eased:.1f}%"'
        f' aria-label="{told}" aria-describedby="{HELP}"><span>{escape(text)}</span></button>'
    )


def _by_region(cue: animator.Cue) -> dict[str, dict[str, float]]:
    """The feelings of a cue and their weights, for the whole face and for each region it names."""
    regions: dict[str, dict[str, float]] = {}
    for name, weight in animator.parse_feelings(cue.feeling).items():
        region, feeling = animator.parts_of(name)
        regions.setdefault(region, {})[feeling] = weight
    return regions


def _ruler(seconds: float) -> str:
    step = next((each for each in (0.5, 1, 2, 5, 10) if seconds / each <= 20), 30)
    ticks = "".join(f'<i style="left:{100 * at / seconds:.3f}%">{at:g}</i>' for at in np.arange(0, seconds, step))
    slider = f'role="slider" tabindex="0" aria-label="Playhead" aria-valuemin="0" aria-valuemax="{seconds:.2f}" aria-valuenow="0"'
    return f'<div class="tl-track tl-ruler"><span class="tl-name">s</span><div class="tl-plot" {slider}>{ticks}</div></div>'


def track(name: str, kind: str, content: str, label: str = "", attributes: str = "") -> str:
    """A track of a kind that the style sheet knows; ``label`` says what a picture shows."""
    role = f' role="img" aria-label="{escape(label)}"' if label else ""
    return (
        f'<div class="tl-track tl-{kind}"{attributes}><span class="tl-name">{escape(name)}</span>'
        f'<div class="tl-plot"{role}>{content}</div></div>'
    )


def marks(spans: Sequence[tuple[float, float, str]], seconds: float) -> str:
    """Texts, each from its start to its end in seconds."""
    return "".join(f'<span style="{place(start, end, seconds)}">{escape(text)}</span>' for start, end, text in spans)


def place(start: float, end: float, seconds: float) -> str:
    """Where something stands on the axis, as style."""
    return f"left:{100 * start / seconds:.3f}%;width:{100 * max(0.0, end - start) / seconds:.3f}%"


def plot(curves: str) -> str:
    """Curves of `plot.line` as one picture."""
    return f'<svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">{curves}</svg>'


def _reach(motion: animator.Motion, control: animator.Control) -> float:
    values = motion[control.name]
    return float(np.ptp(values)) / (control.high - control.low) if len(values) else 0.0
