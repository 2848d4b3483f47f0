"""What a spoken agent and its face say to each other over a WebSocket: schema ``animator.Live/1``.

An agent connects to ``ws://127.0.0.1:8765/`` and has a face of its own until it leaves. It may begin with ``start``; whatever
comes first is answered by ``ready`` (see `animator.senders.websocket`, with ``delay``, the seconds from a sound to its frame, and
``rate`` besides), and from then on a ``frame`` comes every 20 ms, in speech and between turns.

====================================================================  =========================================================
the agent sends                                                       what it does
====================================================================  =========================================================
bytes                                                                 Sound to say: 16 bits, signed, little-endian, one channel.
                                                                      It is said after what is waiting, or now; it may come as
                                                                      fast as it is made.
``{"type": "start", "rate": 24000, "mood": "calm:0.3", "seed": 7}``   Only as the first message; all but the type may be left
                                                                      out. ``rate``: samples a second of the sound, 16000.
                                                                      ``look_ahead``: milliseconds of sound that the ear waits
                                                                      for, 0, 20 … (usually 40): lips surer, face later.
``{"type": "feel", "feelings": "happy:0.7", "ease": 0.3}``            A tag between chunks of sound: from its place among them
                                                                      on, feel this, until the turn is over. Before the first
                                                                      chunk, it opens the turn. As a cue of a script, it sets
                                                                      what it names, the whole face or regions
                                                                      (``"brows:angry:0.8, mouth:happy:0.5"``), and leaves the
                                                                      rest as it is; ``"brows:neutral"`` lets go.
``{"type": "gesture", "gesture": "nod", "intensity": 1}``             Do this once, from its place among the sound on: ``shake``,
                                                                      ``wink``, ``brow_flash``, ``look_left`` …, as scripts have
                                                                      them. ``hold``: seconds that it stays at its last pose.
``{"type": "own", "feelings": {"awe": "fear:0.4+surprised:0.5"}}``    Feelings of the agent's own, that may be felt from now on:
                                                                      mixtures, or poses such as ``{"pose": {"jawOpen": 0.3},
                                                                      "near": "happy:0.2"}`` (`core.feelings`).
``{"type": "mood", "feelings": "sad:0.2", "ease": 0.5}``              What is felt between turns, and nothing else.
``{"type": "end"}``                                                   End of turn: no more sound comes. The face says what is
                                                                      waiting and relaxes to its mood.
``{"type": "interrupt"}``                                             Barge-in: what is waiting is dropped; the face falls
                                                                      silent within its delay, and relaxes to its mood.
``{"type": "stats"}``                                                 Ask how it went so far.
====================================================================  =========================================================

Feelings are text as above, or an object of names and weights (``{"happy": 0.4, "brows:angry": 0.8}``); names are a script's.
A feeling, region or gesture that nobody knows, and feelings of the agent's own that cannot be used, are answered by an ``error``
and not followed; the conversation goes on. A gesture is held `LONGEST_HOLD` seconds at most; `GESTURES` of them may begin within
a second; and an agent may have `MOST_OWN` feelings of its own.

What is told takes effect with the next window of 80 ms; from then on, what is felt in each region is frame by frame what
`animator.embedders.Script` makes of cues at these instants, and a gesture adds what a script's gesture adds.

``stats`` is answered with ``frames``, ``late``, ``worst_ms``, ``median_ms`` and ``p99_ms`` after they were due, ``gaps`` (turns
that ran dry on the way), ``dropped`` (frames that this connection was too slow for) and ``waiting`` (seconds of sound). Who
breaks these rules is told ``{"type": "error", "message": …}`` and hung up on, with code 1007 (a message that cannot be read),
1008 (too much), 1009 (a message too long) or 1013 (no face is free).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from animator.core.script import parse_feelings
from animator.errors import FormatError, InputError, UnknownNameError
from animator.live.face import EASE
from animator.live.timeline import RATE

LONGEST_EASE = 60.0
"""Seconds that a change of feelings may take."""

LONGEST_HOLD = 10.0
"""Seconds that a gesture may be held."""

GESTURES = 20
"""Gestures that may begin within any second."""

MOST_OWN = 64
"""Feelings that an agent may have of its own."""

FEELINGS = ("feelings", "mood")
"""Fields that tell feelings."""


@dataclass(frozen=True)
class Start:
    """The first message."""

    rate: int = RATE
    mood: Mapping[str, float] | None = None
    seed: int | None = None
    look_ahead: int | None = None


@dataclass(frozen=True)
class Feel:
    """Feelings of this turn."""

    feelings: Mapping[str, float]
    ease: float = EASE


@dataclass(frozen=True)
class Gesture:
    """Something to be done once."""

    gesture: str
    intensity: float = 1.0
    hold: float = 0.0


@dataclass(frozen=True)
class Own:
    """Feelings of the agent's own, by name."""

    feelings: Mapping[str, Any]


@dataclass(frozen=True)
class Mood:
    """Feelings between turns."""

    feelings: Mapping[str, float]
    ease: float = EASE


@dataclass(frozen=True)
class End:
    """End of turn."""


@dataclass(frozen=True)
class Interrupt:
    """Barge-in."""


@dataclass(frozen=True)
class Stats:
    """A question."""


Message = Start | Feel | Gesture | Own | Mood | End | Interrupt | Stats

KINDS: Mapping[str, type[Message]] = {
    "start": Start,
    "feel": Feel,
    "gesture": Gesture,
    "own": Own,
    "mood": Mood,
    "end": End,
    "interrupt": Interrupt,
    "stats": Stats,
}


def parse(text: str) -> Message:
    """The message that a text is.

    Raises
    ------
    FormatError
        It is no JSON object, of no known type, lacks a field, or has one that does not belong or has a wrong value.
    UnknownNameError
        It is in order, but speaks of a region that there is not.
    """
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        raise FormatError("a text message is one JSON object, and this is none") from None
    if not isinstance(table, dict) or not isinstance(table.get("type"), str):
        raise FormatError('a message is a JSON object with a "type"')
    kind = table.pop("type")
    if kind not in KINDS:
        raise FormatError(str(UnknownNameError("type of message", kind, KINDS)))
    fields = sorted(table.items(), key=lambda field: field[0] in FEELINGS)  # what is in order but for a name is not hung up on
    try:
        return KINDS[kind](**{key: _checked(key, value, kind) for key, value in fields})
    except UnknownNameError:
        raise
    except TypeError:
        known = ", ".join(KINDS[kind].__dataclass_fields__) or "nothing else"
        raise FormatError(f"a message {kind!r} holds {known}, not {', '.join(table) or 'nothing'}") from None
    except InputError as error:
        raise FormatError(f"in a message {kind!r}: {error}") from None


def _checked(key: str, value: Any, kind: str) -> Any:
    """A field's value, if it is one that such a field may have."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "own" and key == "feelings":
        if not isinstance(value, dict):
            raise InputError(f"feelings of one's own are an object, by their names, not {value!r}")
        return value
    if key in FEELINGS:
        return feelings(value)
    if key == "gesture" and not isinstance(value, str):
        raise InputError(f"a gesture is a name, such as nod, not {value!r}")
    highest = {"intensity": 1.0, "hold": LONGEST_HOLD}.get(key)
    if highest is not None and not (number and 0.0 <= value <= highest):
        raise InputError(f"{key!r} is in [0, {highest:g}], not {value!r}")
    if key in ("rate", "seed", "look_ahead") and not (number and isinstance(value, int) and value >= 0):
        raise InputError(f"{key!r} is a whole number from 0, not {value!r}")
    if key == "ease" and not (number and 0.0 <= value <= LONGEST_EASE):
        raise InputError(f"'ease' is in [0, {LONGEST_EASE:g}] seconds, not {value!r}")
    return value


def feelings(value: Any) -> Mapping[str, float]:
    """Feelings by channel, from text as `parse_feelings` reads it or from an object; an empty object is neutral."""
    if isinstance(value, str):
        return parse_feelings(value)
    if isinstance(value, dict) and all(
        isinstance(w, int | float) and not isinstance(w, bool) and 0 <= w <= 1 for w in value.values()
    ):
        return parse_feelings(",".join(f"{name}:{weight}" for name, weight in value.items())) if value else {}
    raise InputError(f"feelings are text such as happy:0.7, or an object of names and weights in [0, 1], not {value!r}")
