"""All pairs that the refiner learns from: made once, a shard at a time, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from animator.core.rig import Rig
from animator.core.script import felt
from animator.heads.fitting.footage import Sitting
from animator.io.landmarks import Tracker
from animator.io.rig import load_rig
from animator.training.portrait.drawn import drawn
from animator.training.portrait.faces import Performed, performed
from animator.training.portrait.filmed import clips, filmed, introduce
from animator.training.portrait.making import shard
from animator.training.portrait.pairs import Pairs, map_pairs, write_shard
from animator.training.portrait.people import ALIKE

PEOPLE, FILMED = 496, 256
"""Drawn people, and filmed clips to learn from; as many as the shipped weights know."""

CLIPS = 32
"""Filmed clips in a shard."""

SEED = 6


def album(data: Path | None, cache: Path, seed: int = SEED, tell: Callable[[str], None] = lambda _: None) -> Pairs:
    """The pairs in a folder ``cache``; shards that are not there yet are made.

    Parameters
    ----------
    data
        The folder of corpora, for the filmed pairs of ``grid_s1``; without it all are drawn.
    cache
        Where shards are kept, some 5 GB of them.
    seed
        Of all that is drawn.
    tell
        Gets a line for each shard.

    Raises
    ------
    MissingDependencyError
        As `io.landmarks.Tracker`.
    """
    rig = load_rig("arkit")
    cache.mkdir(parents=True, exist_ok=True)
    speech = performed(rig, cache / "performed.npz")
    for first in range(0, PEOPLE, ALIKE):
        if make_drawn(cache, range(first, first + ALIKE), speech, rig, seed):
            tell(f"drawn people to {first + ALIKE} of {PEOPLE}")
    if data is not None:
        _film(data / "grid_s1", cache, rig, seed, tell)
    return map_pairs(cache)


def _film(folder: Path, cache: Path, rig: Rig, seed: int, tell: Callable[[str], None]) -> None:
    learned, held = clips(folder)
    with Tracker(rig) as tracker:
        sitting = introduce(learned, rig, tracker)
        for kind, videos in ((False, learned[:FILMED]), (True, held)):
            for first in range(0, len(videos), CLIPS):
                if make_filmed(cache, videos, first, sitting, kind, rig, tracker, seed):
                    tell(f"{'held-out ' if kind else ''}clips to {min(first + CLIPS, len(videos))} of {len(videos)}")


def make_filmed(
    cache: Path, videos: Sequence[Path], first: int, sitting: Sitting, held: bool, rig: Rig, tracker: Tracker, seed: int
) -> bool:
    """Make the shard of `CLIPS` of the videos, unless it is there; whether it was made."""
    folder = cache / f"filmed-{seed}-{'held' if held else 'learned'}-{first:05d}"
    if (folder / "shard.json").is_file():
        return False
    sources = list(filmed(videos[first : first + CLIPS], sitting, held, seed, rig, tracker))
    write_shard(folder, shard(sources, felt(rig.emotions), ("grid",)))
    return True


def make_drawn(cache: Path, numbers: range, speech: Performed, rig: Rig, seed: int) -> bool:
    """Make the shard of the people with these numbers, unless it is there; whether it was made."""
    folder = cache / f"drawn-{seed}-{numbers.start:05d}"
    if (folder / "shard.json").is_file():
        return False
    write_shard(folder, shard(list(drawn(numbers, seed, speech, rig)), felt(rig.emotions), ()))
    return True
