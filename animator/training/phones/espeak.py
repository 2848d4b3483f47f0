"""Speech from the library of eSpeak NG: many voices and languages, and when each phone begins.

The library is GPL-3.0: it runs here, beside the program, only while weights are made; what it says is ours.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from jaxtyping import Int16

from animator.core.phones import SILENCE
from animator.errors import MissingDependencyError
from animator.metrics.spans import Span
from animator.training.phones import making, sentences
from animator.training.phones.ipa import phones_of
from animator.training.phones.store import Utterance, shared

ENGLISH = ("en-us", "en", "en-us", "en-gb-scotland", "en-us", "en-gb-x-rp")
"""Kinds of English, the commoner as often as the others together."""

SHARE_ENGLISH = 0.5

VARIANTS = (
    "", "f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "Alex", "Alicia", "Andrea", "Andy",
    "Annie", "Denis", "Gene", "Jacky", "Lee", "Mario", "Michael", "Mike", "Steph", "adam", "anika", "belinda", "benjamin",
    "boris", "caleb", "david", "ed", "edward", "grandma", "grandpa", "iven", "john", "klatt", "klatt2", "klatt4", "klatt6",
    "linda", "marcelo", "max", "michel", "miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro",
    "shelby", "steph2", "travis", "victor", "zac",
)  # fmt: skip
"""Ways to say it, all of them with a voice: the whispers are left out."""

_VOICELESS_STOPS = frozenset({"P", "T", "K", "CH"})
_LONGEST_CLOSURE = 0.07
_SILENT = 8
"""Of 32768: the library is all but silent in a closure."""

_LIBRARY = "libespeak-ng.so.1"
_RETRIEVE, _PHONEME_EVENTS, _IN_IPA = 1, 1, 2
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_UTF8 = 1
_END, _PHONEME = 0, 7


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """``espeak_EVENT`` of espeak-ng's ``speak_lib.h``."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class _Engine:
    """The library, which can be opened once in a process."""

    def __init__(self) -> None:
        try:
            self._library: Any = ctypes.CDLL(_LIBRARY)
        except OSError:
            raise MissingDependencyError(
                f"making training speech needs {_LIBRARY}; install the system package libespeak-ng1 (espeak-ng)"
            ) from None
        self.rate: int = self._library.espeak_Initialize(_RETRIEVE, 0, None, _PHONEME_EVENTS | _IN_IPA)
        self._sound: list[np.ndarray] = []
        self._starts: list[tuple[int, str]] = []
        self._callback = _Callback(self._hear)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: str, manner: dict[int, int]) -> tuple[np.ndarray, list[tuple[int, str]]]:
        """Samples in 16 bits, and the first sample and the name of each phone."""
        self._sound, self._starts = [], []
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise MissingDependencyError(f"espeak-ng has no voice {voice}; install the system package espeak-ng-data")
        for parameter, value in manner.items():
            self._library.espeak_SetParameter(parameter, value, 0)
        said = text.encode()
        self._library.espeak_Synth(said, len(said) + 1, 0, 1, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return np.concatenate(self._sound), self._starts

    def _hear(self, samples: Any, count: int, events: Any) -> int:
        if count > 0:
            self._sound.append(np.ctypeslib.as_array(samples, (count,)).copy())
        k = 0
        while events[k].type != _END:
            if events[k].type == _PHONEME:
                self._starts.append((events[k].sample, events[k].id.string.decode("utf-8", "ignore")))
            k += 1
        return 0


def utterances(minutes: float, seed: int = 0) -> Iterator[Utterance]:
    """Half English, half strings of words of the languages of `sentences.languages`; slow, fast, flat, lively, soft and loud.

    Raises
    ------
    MissingDependencyError
        The library or a voice of it is absent.
    """
    _engine()
    return making.utterances("espeak", _say, minutes, seed)


def _say(rng: np.random.Generator) -> making.Said:
    if rng.random() < SHARE_ENGLISH:
        language, text = str(rng.choice(ENGLISH)), next(sentences.english(rng))
    else:
        language = str(rng.choice(sentences.languages()))
        text = next(sentences.other(language, rng))
    variant = str(rng.choice(VARIANTS))
    voice = f"{language}+{variant}" if variant else language
    manner = {
        _RATE: int(rng.integers(115, 235)),
        _VOLUME: int(rng.integers(70, 110)),
        _PITCH: int(rng.integers(25, 80)),
        _RANGE: int(rng.integers(10, 100)),
    }
    engine = _engine()
    sound, starts = engine.say(text, voice, manner)
    starts = with_closures(starts, sound, engine.rate)
    return making.Said(sound.astype(np.float32) / 32768.0, engine.rate, spans_of_starts(starts, len(sound), engine.rate), voice)


def with_closures(starts: list[tuple[int, str]], sound: Int16[np.ndarray, " N"], rate: int) -> list[tuple[int, str]]:
    """Stops begin with their closure: the library counts the silence before a burst to the phone before it."""
    quiet = np.abs(sound.astype(np.int32)) <= _SILENT
    longest = round(_LONGEST_CLOSURE * rate)
    out: list[tuple[int, str]] = []
    for at, name in starts:
        first = at
        if set(phones_of(name)[:1]) & _VOICELESS_STOPS:
            sounding = np.flatnonzero(~quiet[max(0, at - longest) : at])
            first = max(0, at - longest) + (int(sounding[-1]) + 1 if len(sounding) else 0)
        out.append((max(first, out[-1][0] + 1) if out else first, name))
    return out


def spans_of_starts(starts: list[tuple[int, str]], samples: int, rate: int) -> list[Span]:
    """Phones from where each begins; a change of language is no sound, a palatalisation goes on with the phone before it.

    An event of several phones (``ts``, ``ɑːɹ``) shares its time among them.
    """
    sounds = [(at, phones_of(name) if name else [SILENCE]) for at, name in starts if not name.startswith("(")]
    kept = [(at, phones) for at, phones in sounds if phones]
    edges = [*(at / rate for at, _ in kept), samples / rate]
    spans = [span for (_, phones), a, b in zip(kept, edges[:-1], edges[1:], strict=True) for span in shared(a, b, phones)]
    lead = [Span(0.0, spans[0].start, SILENCE)] if spans and spans[0].start > 0 else []
    return [*lead, *spans]


@cache
def _engine() -> _Engine:
    return _Engine()
