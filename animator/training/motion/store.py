"""Motion packs: speech and the face that said it, many clips in one file."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float16, Float32, Int8, Int16, Int64

from animator.core.phones import PHONES
from animator.core.rig import Rig
from animator.core.script import felt
from animator.errors import FormatError, InputError
from animator.training.corpora import CORPORA
from animator.training.phones.store import RATE, UNKNOWN

FPS = 50
HOP = RATE // FPS

REAL, TEACHER = "real", "teacher"
"""Kinds of clips: a tracked or captured face, or one that the fitted teacher moved."""

STYLE = ("jaw", "lips", "pucker", "spread", "closure", "anticipation", "asymmetry", "teeth")
"""Parameters of a style, in the order of `Clip.style`; `animator.training.motion.teacher` says what they mean."""

SCHEMA = "animator.MotionPack/1"


class Word(NamedTuple):
    """A word and when it is said, seconds from the clip's start."""

    text: str
    start: float
    stop: float


@dataclass(frozen=True, eq=False)
class Clip:
    """One clip of speech with the motion of the face that said it; frame ``i`` of everything is the instant ``i / 50`` s.

    Parameters
    ----------
    name
        Of this performance; unique in its pack.
    person
        Whose face: a speaker, or an identity of the teacher's.
    kind
        `REAL` or `TEACHER`.
    held
        Whether it is measured on and never trained on.
    motion
        Over the rig's controls, relative to nothing: a face at rest is the rig's rest. Weights in [0, 1], angles in radians.
    known
        Which controls the source tells anything about; the others are at rest in ``motion`` and mean nothing.
    felt
        Intensity in [0, 1] of each feeling (`core.script.felt` of the rig: neutral is all zeros).
    style
        Over `STYLE`; NaN where unknown.
    phones
        Index into `core.phones.PHONES`, `UNKNOWN` where nobody knows.
    words
        Where known, in order.
    sound
        Name of what is heard. Clips of one sound share ``samples``, 16 kHz, 320 a frame.
    """

    name: str
    person: str
    kind: str
    held: bool
    motion: Float16[np.ndarray, "T C"]
    known: Bool[np.ndarray, " C"]
    felt: Float16[np.ndarray, "T E"]
    style: Float32[np.ndarray, " 8"]
    phones: Int8[np.ndarray, " T"]
    words: tuple[Word, ...]
    sound: str
    samples: Int16[np.ndarray, " N"]


@dataclass(frozen=True, eq=False)
class MotionPack:
    """The clips of one source, each array one after another; ``len``, ``pack[k]`` and iteration give `Clip`.

    ``clips[k]`` holds the first frame of clip k and the frame after its last, ``sounds[s]`` those of a sound (in frames; its
    samples are the same bounds times 320), ``heard[k]`` is the sound of clip k and ``said[k]`` bounds its words. ``corpora``
    are the names in `training.corpora.CORPORA` whose licences bind what learns from this.
    """

    corpora: tuple[str, ...]
    controls: tuple[str, ...]
    feelings: tuple[str, ...]
    motion: Float16[np.ndarray, "F C"]
    felt: Float16[np.ndarray, "F E"]
    phones: Int8[np.ndarray, " F"]
    samples: Int16[np.ndarray, " N"]
    clips: Int64[np.ndarray, "K 2"]
    sounds: Int64[np.ndarray, "S 2"]
    heard: Int64[np.ndarray, " K"]
    known: Bool[np.ndarray, "K C"]
    style: Float32[np.ndarray, "K 8"]
    held: Bool[np.ndarray, " K"]
    said: Int64[np.ndarray, "K 2"]
    times: Float32[np.ndarray, "W 2"]
    words: tuple[str, ...]
    names: tuple[str, ...]
    persons: tuple[str, ...]
    kinds: tuple[str, ...]
    sound_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, k: int) -> Clip:
        frames = slice(*self.clips[k])
        sound = int(self.heard[k])
        first, stop = self.said[k]
        said = (Word(self.words[w], float(self.times[w, 0]), float(self.times[w, 1])) for w in range(first, stop))
        return Clip(
            self.names[k],
            self.persons[k],
            self.kinds[k],
            bool(self.held[k]),
            self.motion[frames],
            self.known[k],
            self.felt[frames],
            self.style[k],
            self.phones[frames],
            tuple(said),
            self.sound_names[sound],
            self.samples_of(sound),
        )

    def __iter__(self) -> Iterator[Clip]:
        return (self[k] for k in range(len(self)))

    def samples_of(self, sound: int) -> Int16[np.ndarray, " N"]:
        """What is heard in a sound, by its number (``heard[k]``)."""
        first, stop = self.sounds[sound]
        return self.samples[first * HOP : stop * HOP]

    @property
    def minutes(self) -> float:
        """Length of all clips together."""
        return len(self.motion) / FPS / 60.0


def collect(corpora: Sequence[str], rig: Rig, clips: Iterable[Clip]) -> MotionPack:
    """One pack of all clips; a sound that several share is kept once.

    Raises
    ------
    InputError
        There is no clip, two have one name, or a clip's sound is not as long as its motion.
    """
    found = list(clips)
    if not found:
        raise InputError("there is no motion to pack")
    if len({clip.name for clip in found}) < len(found):
        raise InputError("two clips of motion have one name")
    sounds: dict[str, np.ndarray] = {}
    for clip in found:
        if len(clip.samples) != HOP * len(clip.motion) or sounds.setdefault(clip.sound, clip.samples).shape != clip.samples.shape:
            raise InputError(f"the sound of {clip.name!r} is not as long as its motion")
    numbers = {name: s for s, name in enumerate(sounds)}
    return MotionPack(
        tuple(CORPORA[name].name for name in corpora),
        rig.names,
        felt(rig.emotions),
        np.concatenate([clip.motion for clip in found]),
        np.concatenate([clip.felt for clip in found]),
        np.concatenate([clip.phones for clip in found]),
        np.concatenate(list(sounds.values())),
        _bounds([len(clip.motion) for clip in found]),
        _bounds([len(samples) // HOP for samples in sounds.values()]),
        np.array([numbers[clip.sound] for clip in found], dtype=np.int64),
        np.stack([clip.known for clip in found]),
        np.stack([clip.style for clip in found]),
        np.array([clip.held for clip in found], dtype=bool),
        _bounds([len(clip.words) for clip in found]),
        np.array([(word.start, word.stop) for clip in found for word in clip.words], dtype=np.float32).reshape(-1, 2),
        tuple(word.text for clip in found for word in clip.words),
        tuple(clip.name for clip in found),
        tuple(clip.person for clip in found),
        tuple(clip.kind for clip in found),
        tuple(sounds),
    )


_ARRAYS = ("motion", "felt", "phones", "samples", "clips", "sounds", "heard", "known", "style", "held", "said", "times")
_TEXTS = ("corpora", "controls", "feelings", "words", "names", "persons", "kinds", "sound_names")


def write_motion_pack(pack: MotionPack, path: Path) -> None:
    """Write ``path``, an ``.npz``, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    arrays = {name: getattr(pack, name) for name in _ARRAYS}
    texts = {name: np.array(getattr(pack, name), dtype=np.str_) for name in _TEXTS}
    with draft.open("wb") as file:
        np.savez(file, allow_pickle=False, schema=np.array(SCHEMA), vocabulary=np.array((*PHONES, *STYLE)), **arrays, **texts)
    draft.replace(path)


def read_motion_pack(path: Path, rig: Rig) -> MotionPack:
    """Read what `write_motion_pack` wrote.

    Raises
    ------
    FormatError
        The file is no motion pack, or one of another version, phone set or rig.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            held = {key: file[key] for key in file.files}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise FormatError(f"{path} is no motion pack ({error}); delete it, and it is made again") from None
    if str(held.get("schema")) != SCHEMA or tuple(held["vocabulary"].tolist()) != (*PHONES, *STYLE):
        raise FormatError(f"{path} is not of {SCHEMA} with today's phones; delete it, and it is made again")
    texts: dict[str, Any] = {name: tuple(held[name].tolist()) for name in _TEXTS}
    if texts["controls"] != rig.names or texts["feelings"] != felt(rig.emotions):
        raise FormatError(f"{path} is not of today's rig {rig.name!r}; delete it, and it is made again")
    return MotionPack(**texts, **{name: held[name] for name in _ARRAYS})


def at_motion_rate(labels: Int8[np.ndarray, " T"], frames: int) -> Int8[np.ndarray, " F"]:
    """Phone labels at 100 Hz, as `training.phones.store` keeps them, at 50 Hz; `UNKNOWN` after their end."""
    out = np.full(frames, UNKNOWN, dtype=np.int8)
    told = labels[::2][:frames]
    out[: len(told)] = told
    return out


def _bounds(lengths: Sequence[int]) -> np.ndarray:
    ends = np.cumsum(lengths, dtype=np.int64)
    return np.stack([ends - np.asarray(lengths, dtype=np.int64), ends], axis=1)
