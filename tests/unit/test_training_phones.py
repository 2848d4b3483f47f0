"""Labelled speech: labels on the right frames, held-out speakers held out, packs that come back as they went."""

import re
from itertools import islice, pairwise

import numpy as np
import pytest

from animator.core.phones import PHONES, SILENCE, VOWELS
from animator.errors import FormatError, InputError, LossWarning, MissingDependencyError
from animator.metrics.spans import Span
from animator.training.phones import aligned, espeak, festvox, flite, fluent, misaki, pack, sentences
from animator.training.phones.espeak import spans_of_starts, with_closures
from animator.training.phones.ipa import phones_of
from animator.training.phones.making import LARGEST, SMALLEST, Said, utterances
from animator.training.phones.store import HOP, UNKNOWN, collect, read_pack, utterance, write_pack


def labelled(one):
    return [PHONES[label] if label != UNKNOWN else "" for label in one.labels]


def test_a_frame_is_labelled_with_what_is_said_at_its_instant():
    spans = [Span(0.0, 0.01, SILENCE), Span(0.01, 0.035, "P"), Span(0.035, 0.05, "")]
    one = utterance("a", np.zeros(5 * HOP, dtype=np.float32), spans, "me")
    assert labelled(one) == ["SIL", "P", "P", "P", ""]


def test_a_clip_is_padded_to_a_whole_frame_and_the_padding_is_unknown():
    one = utterance("a", np.full(HOP + 1, 1.0, dtype=np.float32), [Span(0.0, 0.005, "M")], "me")
    assert labelled(one) == ["M", ""]
    assert one.samples.tolist() == [32767] * (HOP + 1) + [0] * (HOP - 1)


def test_a_pack_comes_back_as_it_went(tmp_path):
    rng = np.random.default_rng(0)
    clips = [
        utterance(f"clip-{k}", rng.uniform(-1, 1, n).astype(np.float32), [Span(0.0, 0.03, "B")], f"s{k}", "happy" * k, bool(k))
        for k, n in enumerate((1000, 333))
    ]
    path = tmp_path / "deep" / "flite.npz"
    write_pack(collect("flite", clips), path)
    back = read_pack(path)
    assert back.corpus == "flite"
    assert len(back) == 2
    assert back.clips.tolist() == [[0, 7], [7, 10]]
    for one, two in zip(clips, back, strict=True):
        assert (one.name, one.speaker, one.feeling, one.held) == (two.name, two.speaker, two.feeling, two.held)
        assert np.array_equal(one.samples, two.samples)
        assert np.array_equal(one.labels, two.labels)
    assert list(tmp_path.rglob(".*")) == []


def test_what_is_no_pack_is_told(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"PK not a zip")
    with pytest.raises(FormatError, match="delete it"):
        read_pack(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", schema=np.array("other"))
    with pytest.raises(FormatError, match="delete it"):
        read_pack(tmp_path / "b.npz")


def test_nothing_is_no_pack():
    with pytest.raises(InputError, match="no labelled speech of flite"):
        collect("flite", [])


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("ˈtsaːɪt̪", ["T", "S", "AY", "T"]),
        ("tʃ", ["CH"]),
        ("ɑːɹ", ["AA", "R"]),
        ("aɪɚ", ["AY", "ER"]),
        ("ç", ["HH"]),
        ("ɔ̃", ["AO"]),
        ("bʰ", ["B"]),
        ("s.", ["S"]),
        ("əl", ["AH", "L"]),
        ("ʲ", []),
        ("ʔ", [""]),
    ],
)
def test_ipa_is_read_as_the_nearest_phones(ipa, phones):
    assert phones_of(ipa) == phones


def test_flite_says_where_phones_end():
    assert flite.read_ends("pau:0.100 ax:0.150 b:0.200 \n") == [
        Span(0.0, 0.1, "SIL"),
        Span(0.1, 0.15, "AH"),
        Span(0.15, 0.2, "B"),
    ]


def test_espeak_says_where_phones_begin():
    starts = [(0, "(en)"), (250, "ts"), (600, "ʲ"), (750, "ɑː"), (800, "")]
    assert spans_of_starts(starts, 1000, 1000) == [
        Span(0.0, 0.25, "SIL"),
        Span(0.25, 0.5, "T"),
        Span(0.5, 0.75, "S"),
        Span(0.75, 0.8, "AA"),
        Span(0.8, 1.0, "SIL"),
    ]


def test_a_symbol_sounds_where_the_one_before_it_is_counted():
    spans = misaki.spans_of_durations("bˈɜɹp.", np.array([4, 2, 3, 2, 2, 2, 8, 4], dtype=np.float32))
    assert [span.phone for span in spans] == ["SIL", "B", "ER", "ER", "P", "SIL"]
    assert [round(span.start / 0.025) for span in spans] == [0, 2, 5, 9, 11, 14]
    assert spans[-1].stop == pytest.approx(27 * 0.025)
    assert all(a.stop == b.start for a, b in pairwise(spans))


def test_a_schwa_before_r_is_one_phone_only_at_the_end_of_its_syllable():
    phones = [span.phone for span in misaki.spans_of_durations("bəɹˈʌb", np.array([4, 2, 2, 2, 2, 2, 2, 4], dtype=np.float32))]
    assert phones == ["SIL", "B", "AH", "R", "AH", "B"]


def test_festival_labels_end_where_they_say(tmp_path):
    path = tmp_path / "a.lab"
    path.write_text("#\n0.5 125 pau\n0.7 125 c\n0.9 125 bb\n", encoding="ascii")
    assert festvox.read_lab(path) == [
        Span(0.0, 0.5, "SIL"),
        Span(0.5, 0.6, "T"),
        Span(0.6, 0.7, "S"),
        Span(0.7, 0.9, "B"),
    ]


def test_sentences_are_filled_in_and_the_same_for_a_seed():
    first, again = (list(islice(sentences.english(np.random.default_rng(3)), 200)) for _ in range(2))
    assert first == again
    assert len(set(first)) > 190
    assert not any(re.search(r"[{}]", text) for text in first)


def test_chance_sentences_run_like_english_and_are_the_same_for_a_seed():
    first, again = (list(islice(fluent.english(np.random.default_rng(3)), 60)) for _ in range(2))
    assert first == again
    assert all(re.fullmatch(r"[A-Z][a-z]*(,? [a-z]+){5,13}[.?!]", text) for text in first)
    said = [word for text in first for word in re.findall("[a-z]+", text.casefold())]
    assert len(set(said)) > len(said) / 2.5, "any word gets its turn"
    assert sum(word in {"the", "of", "and", "a", "to", "in", "is", "you", "that", "it"} for word in said) > len(said) / 12


def test_a_larger_throat_moves_formants_and_pitch_down_and_silence_not_at_all():
    bins, rng = 601, np.random.default_rng(0)
    formant = np.exp(-0.5 * ((np.arange(bins)[:, None] - 100.0) / 5.0) ** 2).repeat(4, axis=1).astype(np.float32)
    f0 = np.array([0.3, 180.0, 200.0, -0.9], np.float32)
    for _ in range(20):
        (moved,), melody, voice = misaki._from_another_throat([formant], f0, rng)
        size = float(voice.partition("/")[2])
        assert moved.shape == formant.shape
        assert abs(moved[:, 1].argmax() - 100 / size) <= 1
        assert np.array_equal(melody[[0, 3]], f0[[0, 3]])
        assert abs(np.log(np.sqrt(melody[1] * melody[2]) / np.sqrt(180.0 * 200.0) * size**3)) < 0.21 + 0.03


def test_every_language_has_words_to_say():
    for language in sentences.languages():
        text = next(sentences.other(language, np.random.default_rng(0)))
        assert 4 <= len(text.split()) <= 8


def test_a_voice_played_faster_keeps_its_labels_beside_its_sounds():
    def click(rng):
        sound = np.zeros(16000, dtype=np.float32)
        sound[8000:9600] = rng.uniform(-0.5, 0.5, 1600)
        return Said(sound, 16000, [Span(0.0, 0.5, "SIL"), Span(0.5, 0.6, "S"), Span(0.6, 1.0, "SIL")], "click")

    made = list(utterances("flite", click, minutes=0.3, seed=1))
    assert sum(len(one.labels) for one in made) >= 0.3 * 6000
    lengths = {len(one.labels) for one in made}
    assert min(lengths) >= 100 / SMALLEST
    assert max(lengths) <= 100 / LARGEST + 1
    assert len(lengths) > 5
    for one in made:
        level = (one.samples.reshape(-1, HOP).astype(float) ** 2).mean(axis=1)
        loud = np.flatnonzero(level > level.max() / 4)
        said = np.flatnonzero(one.labels == PHONES.index("S"))
        assert abs(loud[0] - said[0]) <= 1
        assert abs(loud[-1] - said[-1]) <= 1


def test_grid_holds_out_all_but_its_first_800_clips(tmp_path):
    for folder in ("audio", "words"):
        (tmp_path / folder).mkdir()
    for k in range(803):
        (tmp_path / "audio" / f"c{k:03d}.flac").touch()
        (tmp_path / "words" / f"c{k:03d}.align").write_text("0 9 sil\n9 20 bin\n20 30 blue\n30 40 sp\n")
    clips = list(aligned.grid(tmp_path))
    assert [clip.path.stem for clip in clips if clip.held] == ["c800", "c801", "c802"]
    assert {clip.text for clip in clips} == {"bin blue"}


def test_speechocean_holds_out_every_tenth_speaker(tmp_path):
    (tmp_path / "audio").mkdir()
    names = [f"{k:09d}" for k in range(21)]
    for name in names:
        (tmp_path / "audio" / f"{name}.opus").touch()
    (tmp_path / "text").write_text("".join(f"{name}\tWE CALL\n" for name in names))
    (tmp_path / "utt2spk").write_text("".join(f"{name}\t{1000 + k}\n" for k, name in enumerate(names)))
    clips = list(aligned.speechocean(tmp_path))
    assert [clip.speaker for clip in clips if clip.held] == ["1000", "1010", "1020"]
    assert {clip.text.strip() for clip in clips} == {"we call"}


def test_the_tiny_pack_is_the_shipped_speech_aligned_and_made_once(tmp_path):
    (made,) = pack(None, tmp_path, tiny=True)
    assert 0.3 < made.minutes < 1.0
    assert made.corpus == "samples"
    assert made.held.any()
    assert not made.held.all()
    assert all(one.held == one.name.startswith("librivox") for one in made)
    assert UNKNOWN not in made.labels
    assert len(np.unique(made.labels)) > 30
    stamp = (tmp_path / "samples.npz").stat().st_mtime_ns
    (again,) = pack(None, tmp_path, tiny=True)
    assert (tmp_path / "samples.npz").stat().st_mtime_ns == stamp
    assert np.array_equal(made.samples, again.samples)


def test_ravdess_is_measured_on_and_never_read_to_learn_from(tmp_path, monkeypatch):
    for name in ("03-01-01-01-01-01-01", "03-01-05-02-02-01-02"):
        (tmp_path / f"{name}.flac").touch()
    first, second = aligned.ravdess(tmp_path)
    assert first.held and second.held
    assert (first.text, first.speaker) == ("kids are talking by the door", "01")
    assert (second.text, second.speaker) == ("dogs are sitting by the door", "02")
    with pytest.warns(LossWarning) as told:
        assert pack(None, tmp_path, only=["ravdess", "librivox"]) == []
    assert len(told) == 2
    monkeypatch.setattr("animator.training.phones.MADE", {})
    with pytest.warns(LossWarning) as told:
        assert pack(None, tmp_path) == []
    assert not any("ravdess" in str(warning.message) for warning in told)


def test_flite_is_the_engine_that_is_held_out():
    try:
        assert all(one.held for one in flite.utterances(0.1))
    except MissingDependencyError as error:
        pytest.skip(str(error))


def test_a_graph_of_16_bit_floats_overflows_no_more():
    onnx = pytest.importorskip("onnx")
    from onnx import TensorProto, helper, numpy_helper, reference

    three_hundred = numpy_helper.from_array(np.array([300.0], np.float16), "three_hundred")
    narrow = helper.make_node("Cast", ["x"], ["narrow"], to=TensorProto.FLOAT16)
    square = helper.make_node("Mul", ["narrow", "three_hundred"], ["squared"])
    inner = helper.make_graph([square], "inner", [], [helper.make_tensor_value_info("squared", TensorProto.FLOAT16, [1])])
    branch = helper.make_node("If", ["yes"], ["y"], then_branch=inner, else_branch=inner)
    yes = helper.make_node("Constant", [], ["yes"], value=numpy_helper.from_array(np.array(True)))
    graph = helper.make_graph(
        [narrow, yes, branch],
        "outer",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT16, [1])],
        [three_hundred],
    )
    misaki._in_32_bits(graph)
    model = helper.make_model(graph)
    onnx.checker.check_model(model, full_check=True)
    (y,) = reference.ReferenceEvaluator(model).run(None, {"x": np.array([300.0], np.float32)})
    assert y.dtype == np.float32 and y[0] == 90000.0


def test_without_flite_the_package_to_install_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingDependencyError, match="system package flite"):
        flite.utterances(0.1)


def test_a_closure_belongs_to_its_stop():
    sound = np.full(1000, 5000, dtype=np.int16)
    sound[440:500] = 0
    starts = [(0, "a"), (500, "p"), (700, "m")]
    assert with_closures(starts, sound, 1000) == [(0, "a"), (440, "p"), (700, "m")]
    sound[:500] = 0
    assert with_closures(starts, sound, 1000) == [(0, "a"), (430, "p"), (700, "m")]


def best_shift(clips):
    """By how many frames labels lie before the sounds: where sonorants agree best with the level below 1 kHz."""
    sonorant = [PHONES.index(phone) for phone in (*VOWELS, "M", "N", "NG", "L", "R", "W", "Y")]
    agreement = dict.fromkeys(range(-5, 6), 0.0)
    for one in clips:
        padded = np.pad(one.samples.astype(float), 200)
        windows = np.lib.stride_tricks.sliding_window_view(padded, 400)[::HOP][: len(one.labels)]
        low = np.log((np.abs(np.fft.rfft(windows * np.hanning(400)))[:, 3:25] ** 2).sum(axis=1) + 1e3)
        said = np.isin(one.labels, sonorant).astype(float)
        for shift in agreement:
            frames = np.arange(5, len(said) - 5)
            agreement[shift] += np.corrcoef(said[frames], low[frames + shift])[0, 1]
    return max(agreement, key=agreement.__getitem__)


@pytest.mark.parametrize(
    ("engine", "minutes"),
    [(flite.utterances, 0.2), (espeak.utterances, 0.4), (misaki.hibari, 0.2)],
    ids=["flite", "espeak", "hibari"],
)
def test_what_an_engine_says_is_where_its_labels_are(engine, minutes):
    try:
        made = list(engine(minutes))
    except MissingDependencyError as error:
        pytest.skip(str(error))
    assert abs(best_shift(made)) <= 1
    assert np.mean(np.concatenate([one.labels for one in made]) == UNKNOWN) < 0.02


def test_the_shipped_speech_is_where_its_labels_are(tmp_path):
    (samples,) = pack(None, tmp_path, tiny=True)
    assert abs(best_shift(samples)) <= 1
