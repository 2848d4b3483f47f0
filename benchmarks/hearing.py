"""How well ears hear: ours, pocketsphinx's free phone loop, and other people's, on speech that nothing of ours was trained on."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np

from animator.core.audio import Audio
from animator.metrics.heard import VISEME_SCALE, Scale, Tally, tally, visemes
from animator.metrics.spans import Span, spans_of
from animator.recipe import Choice, build
from animator.training.measure import AHEAD, Known, held_sets
from benchmarks.peers import Peer, headaudio, rhubarb
from benchmarks.result import Row

CLIPS = 40
"""Clips of a corpus at most, the same for every system."""

PEERS = ("emodb", "librivox", "grid")
"""Corpora that peers are asked about: people who speak their own language."""

ENGLISH = ("librivox", "grid")
"""Those among them on which a recogniser of English words can be at home."""

Phones = Callable[[Audio], Sequence[Span]]

FIGURES: dict[str, tuple[str, str, Callable[[Tally], float | None]]] = {
    "right in speech": ("", "higher", lambda t: t.accuracy),
    "right with silence": ("", "higher", lambda t: t.accuracy_with_silence),
    "closures: recall": ("", "higher", lambda t: t.closures.recall),
    "closures: precision": ("", "higher", lambda t: t.closures.precision),
    "closures: F1": ("", "higher", lambda t: t.closures.f1),
    "closures: onset error": ("s", "lower", lambda t: t.closure_onset_error),
    "onset error": ("s", "lower", lambda t: t.onset_error),
}


def measure(data: Path | None, cache: Path, rhubarb_at: Path | None, headaudio_at: Path | None, quick: bool) -> list[Row]:
    """Every ear on every held-out set: ours on our visemes, and beside each peer on the classes it was made for.

    What peers and the phone loop hear is slow to come by and never changes, so it is kept in ``cache / "heard"``.
    """
    rows: list[Row] = []
    for corpus, clips in held_sets(data, cache, 4 if quick else CLIPS).items():
        ours: dict[str, list[Sequence[Span]]] = {
            "speech": [_phones("speech")(clip.audio) for clip in clips],
            "phones": [_kept(cache, "phones", clip, _phones("phones")) for clip in clips],
        }
        for name, heard in ours.items():
            rows += figures(f"{corpus}: visemes", name, _tallies([visemes(spans) for spans in heard], clips, VISEME_SCALE))
        rows += _by_feeling(corpus, clips, ours["speech"])
        rows += _against_look_ahead(corpus, clips)
        for classes, members in _by_classes(_peers(corpus, rhubarb_at, headaudio_at)).items():
            for name, heard in ours.items():
                shown = [members[0].shown(spans) for spans in heard]
                rows += figures(f"{corpus}: {classes}", name, _tallies(shown, clips, members[0].scale))
            for peer in members:
                shown = [peer.moved(_kept(cache, peer.name, clip, peer.listener)) for clip in clips]
                rows += figures(f"{corpus}: {classes}", peer.name, _tallies(shown, clips, peer.scale))
    return rows


def _phones(encoder: str, **settings: int) -> Phones:
    """An encoder of ours, as the phones it hears."""
    part = build("encoders", Choice(encoder, settings))
    return lambda audio: spans_of(part.encode(audio))


def _by_feeling(corpus: str, clips: Sequence[Known], heard: Sequence[Sequence[Span]]) -> list[Row]:
    """How evenly feelings are heard, where the corpus says them."""
    rows = []
    for feeling in sorted({clip.feeling for clip in clips} - {""}):
        mine = [tally(visemes(spans), clip.spans) for spans, clip in zip(heard, clips, strict=True) if clip.feeling == feeling]
        rows += figures(f"{corpus}, {feeling}: visemes", "speech", mine, ("right in speech",))
    return rows


def _against_look_ahead(corpus: str, clips: Sequence[Known]) -> list[Row]:
    rows = []
    for milliseconds in AHEAD:
        listen = _phones("speech", look_ahead=milliseconds)
        mine = _tallies([visemes(listen(clip.audio)) for clip in clips], clips, VISEME_SCALE)
        rows += figures(f"{corpus}: visemes", f"speech, {milliseconds} ms ahead", mine)
    return rows


def figures(case: str, system: str, tallies: Sequence[Tally], names: Collection[str] = FIGURES.keys()) -> list[Row]:
    """Rows of what could be measured over all clips together, from ``low`` to ``high``: where 95 % of resampled clips lie."""
    rng = np.random.default_rng(0)
    draws = [[tallies[i] for i in rng.integers(len(tallies), size=len(tallies))] for _ in range(100)]
    whole, resampled = sum(tallies, Tally()), [sum(draw, Tally()) for draw in draws]
    rows = []
    for name in names:
        unit, better, figure = FIGURES[name]
        value = figure(whole)
        if value is not None:
            spread = [other for other in map(figure, resampled) if other is not None]
            low, high = np.percentile(spread, (2.5, 97.5)).tolist()
            rows.append(Row(case, system, name, unit, value, min(low, value), max(high, value), len(tallies), better))
    return rows


def _tallies(heard: Sequence[Sequence[Span]], clips: Sequence[Known], scale: Scale) -> list[Tally]:
    return [tally(spans, clip.spans, scale) for spans, clip in zip(heard, clips, strict=True)]


def _peers(corpus: str, rhubarb_at: Path | None, headaudio_at: Path | None) -> list[Peer]:
    """Rhubarb with the recogniser that its makers advise for the language, and in English with both; HeadAudio."""
    if corpus not in PEERS:
        return []
    recognisers = ("pocketSphinx", "phonetic") if corpus in ENGLISH else ("phonetic",)
    found = [rhubarb(rhubarb_at, recogniser) for recogniser in recognisers] if rhubarb_at else []
    return [*found, *([headaudio(headaudio_at)] if headaudio_at else [])]


def _by_classes(peers: Sequence[Peer]) -> dict[str, list[Peer]]:
    groups: dict[str, list[Peer]] = {}
    for peer in peers:
        groups.setdefault(peer.classes, []).append(peer)
    return groups


def _kept(cache: Path, system: str, clip: Known, listen: Phones) -> list[Span]:
    """What a system hears of a clip, heard once."""
    path = cache / "heard" / system.replace(" ", "_").replace(",", "") / f"{clip.corpus}_{clip.name}.json"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([list(span) for span in listen(clip.audio)]))
    return [Span(start, stop, phone) for start, stop, phone in json.loads(path.read_text())]
