"""Which moments of a performance are worth a picture: what was directed, or else what its curves do most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from animator.core.cues import placed
from animator.core.lips import DIALS, lips_from
from animator.core.look import looks_from
from animator.core.words import spans_of_words
from animator.metrics import lips
from animator.recipe import Recipe
from animator.report.facts import Facts

MOST = 15
"""Pictures on a page."""

ARRIVED = 0.4
"""Seconds after which a feeling that is asked for is there."""


class Moment(NamedTuple):
    """An instant, in seconds, and why it is shown."""

    seconds: float
    reason: str


def moments(facts: Facts, recipe: Recipe | None) -> tuple[Moment, ...]:
    """At most `MOST` moments, in order: of cues, lips and looks if any are directed, and of what the face does most.

    Of more directions than that, every so many are shown.
    """
    last = facts.motion.seconds - 1.0 / float(facts.motion.fps)
    told = _directed(facts, recipe, last) if recipe else []
    chosen = [told[i] for i in np.unique(np.linspace(0, len(told) - 1, min(len(told), MOST)).astype(int))] if told else []
    merged: dict[int, list[str]] = {}
    for moment in sorted({*chosen, *_telling(facts)[: MOST - len(chosen)]}):
        merged.setdefault(round(moment.seconds * float(facts.motion.fps)), []).append(moment.reason)
    return tuple(Moment(frame / float(facts.motion.fps), "; ".join(reasons)) for frame, reasons in merged.items())


def _directed(facts: Facts, recipe: Recipe, last: float) -> list[Moment]:
    found: list[Moment] = []
    cues = _cues(facts, recipe)
    for k, (start, ease, reason) in enumerate(cues):
        end = next((later for later, _, _ in cues[k + 1 :] if later > start), last)
        found.append(Moment(max(min(start + ease + ARRIVED, end - 0.02, last), 0.0), reason))
    settings: Mapping[str, Any] = recipe.generator.settings
    for way in lips_from(settings.get("articulation", ()), "articulation"):
        gains = ", ".join(f"{name} {getattr(way, name):g}" for name in DIALS if getattr(way, name) != 1.0)
        if way.words is not None and facts.words:
            found += [Moment(_widest(facts, a, b), f"“{way.words}”: {gains}") for a, b in spans_of_words(facts.words, way.words)]
        elif way.timed:
            start, stop = way.start or 0.0, last if way.stop is None else way.stop
            found.append(Moment(_widest(facts, start, stop), f"lips: {gains}"))
    looks = [look for look in looks_from(settings.get("looks", ()), "looks") if facts.words or not look.words]
    for look in placed(looks, facts.words, "looks"):
        if look.at:
            point = ", ".join(f"{number:g}" for number in look.at)
            found.append(Moment(min(look.begins + max(ARRIVED, look.ease), last), f"looks at {point}"))
    return sorted(found)


def _cues(facts: Facts, recipe: Recipe) -> list[tuple[float, float, str]]:
    """Start and ease, in seconds, of each cue of a script, and what it is for; none of a script whose words nobody heard."""
    part = recipe.part("embedder")
    if getattr(part, "worded", False):
        if not facts.words:
            return []
        part = part.placed(facts.words)
    cues = getattr(part, "cues", ())
    return sorted((cue.start, cue.ease, (cue.feeling or cue.gesture).replace(",", ", ")) for cue in cues)


def _telling(facts: Facts) -> Sequence[Moment]:
    """What the face does most, the most telling first."""
    found = []
    parted = lips.opening(facts.motion, facts.rig)
    fps = float(facts.motion.fps)
    found.append(Moment(int(np.argmax(parted)) / fps, "lips widest apart"))
    missed = [closure for closure in facts.closures if not closure.met]
    for closure in missed[:4] or facts.closures[:1]:
        state = "meet" if closure.met else "do not meet"
        found.append(Moment(_narrowest(facts, closure.start, closure.stop), f"lips {state} for {closure.phone}"))
    if facts.asked is not None and facts.asked.values.size and facts.asked.values.max() > 0:
        frame, feeling = np.unravel_index(int(np.argmax(facts.asked.values)), facts.asked.values.shape)
        at = min(int(frame) / float(facts.asked.fps) + ARRIVED, facts.motion.seconds - 1.0 / fps)
        found.append(Moment(at, f"{facts.asked.names[int(feeling)].replace('/', ' ')} strongest"))
    found.append(Moment(0.0, "the first frame"))
    return found


def _widest(facts: Facts, start: float, stop: float) -> float:
    return _at(facts, start, stop, np.argmax)


def _narrowest(facts: Facts, start: float, stop: float) -> float:
    return _at(facts, start, stop, np.argmin)


def _at(facts: Facts, start: float, stop: float, which: Any) -> float:
    """The instant of a span at which the lips are widest apart, say."""
    fps = float(facts.motion.fps)
    parted = lips.opening(facts.motion, facts.rig)
    first = min(max(0, int(np.ceil(start * fps - 1e-9))), len(parted) - 1)
    span = parted[first : max(first + 1, int(stop * fps) + 1)]
    return (first + int(which(span))) / fps
