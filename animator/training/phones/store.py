"""Packs: labelled speech of one corpus in one file."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float32, Int8, Int16, Int64

from animator.core.phones import PHONES
from animator.errors import FormatError, InputError
from animator.metrics.spans import Span
from animator.training.corpora import CORPORA

RATE = 16000
HOP = 160
FPS = RATE // HOP

UNKNOWN = -1
"""The label of a frame of which nobody says what it holds."""

SCHEMA = "animator.Pack/1"


@dataclass(frozen=True, eq=False)
class Utterance:
    """One clip of labelled speech at 16 kHz.

    ``labels[i]`` indexes `core.phones.PHONES` and tells what is said at the instant ``i / 100`` s; `UNKNOWN` where nobody knows.
    ``samples`` are ``160 * len(labels)``. ``feeling`` is a rig's name, ``bored`` beside them, or "" for unknown.
    ``held`` clips are measured on and never trained on.
    """

    name: str
    samples: Int16[np.ndarray, " N"]
    labels: Int8[np.ndarray, " T"]
    speaker: str
    feeling: str = ""
    held: bool = False


@dataclass(frozen=True, eq=False)
class Pack:
    """The utterances of a corpus, one after another.

    ``clips[k]`` holds the first frame of clip k and the frame after its last; its samples are the same bounds times 160.
    The rest is as in `Utterance`, one entry a clip.
    """

    corpus: str
    samples: Int16[np.ndarray, " N"]
    labels: Int8[np.ndarray, " T"]
    clips: Int64[np.ndarray, "K 2"]
    names: Sequence[str]
    speakers: Sequence[str]
    feelings: Sequence[str]
    held: Bool[np.ndarray, " K"]

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, k: int) -> Utterance:
        first, stop = self.clips[k]
        return Utterance(
            self.names[k],
            self.samples[first * HOP : stop * HOP],
            self.labels[first:stop],
            self.speakers[k],
            self.feelings[k],
            bool(self.held[k]),
        )

    def __iter__(self) -> Iterator[Utterance]:
        return (self[k] for k in range(len(self)))

    @property
    def minutes(self) -> float:
        """Length of all clips together."""
        return len(self.labels) / FPS / 60.0


def utterance(
    name: str, sound: Float32[np.ndarray, " N"], spans: Iterable[Span], speaker: str, feeling: str = "", held: bool = False
) -> Utterance:
    """A clip from a sound at 16 kHz in [-1, 1] and when its phones were said; padded with silence to a whole frame.

    Frames that no span covers, or whose span is no phone of ours, are `UNKNOWN`.
    """
    frames = max(1, -(-len(sound) // HOP))
    samples = np.zeros(frames * HOP, dtype=np.int16)
    samples[: len(sound)] = np.round(np.clip(sound, -1.0, 1.0) * 32767.0)
    labels = np.full(frames, UNKNOWN, dtype=np.int8)
    for span in spans:
        first, stop = (int(np.ceil(round(edge * FPS, 6))) for edge in (span.start, span.stop))
        labels[first:stop] = PHONES.index(span.phone) if span.phone in PHONES else UNKNOWN
    return Utterance(name, samples, labels, speaker, feeling, held)


def shared(start: float, stop: float, phones: Sequence[str]) -> list[Span]:
    """Phones that share a stretch of time, evenly."""
    edges = np.linspace(start, stop, len(phones) + 1)
    return [Span(float(a), float(b), phone) for a, b, phone in zip(edges[:-1], edges[1:], phones, strict=True)]


def collect(corpus: str, utterances: Iterable[Utterance]) -> Pack:
    """One pack of all utterances.

    Raises
    ------
    InputError
        There is no utterance.
    """
    said = list(utterances)
    if not said:
        raise InputError(f"there is no labelled speech of {corpus} to pack")
    ends = np.cumsum([len(one.labels) for one in said])
    return Pack(
        CORPORA[corpus].name,
        np.concatenate([one.samples for one in said]),
        np.concatenate([one.labels for one in said]),
        np.stack([np.concatenate([[0], ends[:-1]]), ends], axis=1).astype(np.int64),
        tuple(one.name for one in said),
        tuple(one.speaker for one in said),
        tuple(one.feeling for one in said),
        np.array([one.held for one in said], dtype=bool),
    )


def write_pack(pack: Pack, path: Path) -> None:
    """Write ``path``, an ``.npz``, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    texts = {key: np.array(getattr(pack, key), dtype=np.str_) for key in ("corpus", "names", "speakers", "feelings")}
    with draft.open("wb") as file:
        np.savez(
            file,
            allow_pickle=False,
            schema=np.array(SCHEMA),
            phones=np.array(PHONES),
            samples=pack.samples,
            labels=pack.labels,
            clips=pack.clips,
            held=pack.held,
            **texts,
        )
    draft.replace(path)


def read_pack(path: Path) -> Pack:
    """Read what `write_pack` wrote.

    Raises
    ------
    FormatError
        The file is no pack, or one of another version or phone set.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            held = {key: file[key] for key in file.files}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise FormatError(f"{path} is no pack of labelled speech ({error}); delete it, and it is made again") from None
    if str(held.get("schema")) != SCHEMA or tuple(held["phones"].tolist()) != PHONES:
        raise FormatError(f"{path} is not of {SCHEMA} with today's phones; delete it, and it is made again")
    return Pack(
        str(held["corpus"]),
        held["samples"],
        held["labels"],
        held["clips"],
        tuple(held["names"].tolist()),
        tuple(held["speakers"].tolist()),
        tuple(held["feelings"].tolist()),
        held["held"],
    )
