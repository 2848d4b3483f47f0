"""Laws of sound files, of hearing and of lip metrics, for any input."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from animator.core.audio import Audio
from animator.core.phones import PHONES
from animator.core.wording import words
from animator.encoders.hearing.pauses import settle
from animator.encoders.hearing.prosody import measure
from animator.encoders.hearing.recogniser import Run, stretches
from animator.encoders.hearing.transcript import spell
from animator.io.audio import read_audio, write_wav
from animator.metrics.lips import closures
from animator.metrics.spans import Span
from animator.metrics.sync import phone_sync

FPS = Fraction(50)
SEEDS = st.integers(0, 2**32 - 1)
RUNS = st.lists(st.tuples(st.integers(1, 40), st.sampled_from(PHONES), st.booleans()), min_size=1, max_size=20)


@given(
    samples=st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=200), rate=st.sampled_from([1, 8000, 22050, 44100, 192000])
)
@settings(max_examples=50)
def test_what_is_written_reads_back(tmp_path_factory, samples, rate):
    audio = Audio(np.array(samples, np.float32), rate)
    path = tmp_path_factory.mktemp("sound") / "x.wav"
    write_wav(audio, path)
    back = read_audio(path)
    assert back.rate == rate
    np.testing.assert_array_equal(back.samples, audio.samples)


@given(seed=SEEDS, gain=st.sampled_from([0.25, 0.5, 2.0, 4.0]), frames=st.integers(1, 150))
@settings(max_examples=30, deadline=None)
def test_gain_changes_nothing_that_is_relative_to_the_voice(seed, gain, frames):
    rng = np.random.default_rng(seed)
    bursts = np.repeat(10.0 ** rng.uniform(-3, -1, frames // 10 + 1), 1600)[: frames * 160]
    samples = bursts * np.cumsum(rng.normal(size=frames * 160))
    samples = (0.2 * samples / np.abs(samples).max()).astype(np.float32)
    one, other = measure(samples, frames), measure(samples * np.float32(gain), frames)
    at_the_gate = one.quiet != other.quiet
    assert at_the_gate.sum() <= 1, "only what lies on the threshold itself may be rounded to either side"
    for name in ("loudness", "pitch", "voicing", "effort"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=2e-2)


@given(runs=RUNS)
def test_every_frame_gets_one_phone_and_long_quiet_is_silent_up_to_its_last_tenth_of_a_second(runs):
    edges = np.cumsum([0, *(length for length, _, _ in runs)])
    said = [Run(int(a), int(b), phone) for a, b, (_, phone, _) in zip(edges[:-1], edges[1:], runs, strict=True)]
    quiet = np.repeat([mute for _, _, mute in runs], [length for length, _, _ in runs])
    phones = settle(said, quiet, np.zeros(len(quiet), np.float32))
    assert phones.shape == quiet.shape
    assert ((phones >= 0) & (phones < len(PHONES))).all()
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(int))).reshape(-1, 2)
    for start, stop in bounds:
        if stop - start >= 30:
            assert (phones[start : stop - 10] == PHONES.index("SIL")).all()


@given(frames=st.integers(1, 9000), seed=SEEDS)
@settings(deadline=None)
def test_stretches_cover_the_sound_without_overlap_and_are_short(frames, seed):
    level = np.random.default_rng(seed).normal(size=frames).astype(np.float32)
    cuts = stretches(level)
    assert [start for start, _ in cuts] == [0, *(stop for _, stop in cuts[:-1])]
    assert cuts[-1][1] == frames
    assert all(0 < stop - start <= 2000 for start, stop in cuts)


@given(st.text(max_size=60))
def test_any_text_becomes_lower_case_words_without_blanks(text):
    for word in words(text):
        assert word
        assert word == word.casefold()
        assert not any(c.isspace() or c.isdigit() for c in word)


@given(st.text("abcdefghijklmnopqrstuvwxyz'", min_size=1, max_size=15))
def test_any_word_in_latin_letters_has_phones_of_the_vocabulary(word):
    phones = spell(word)
    assert (phones is None) == (not word.strip("'"))
    assert phones is None or (phones and set(phones) <= set(PHONES))


@given(seed=SEEDS, scale=st.floats(0.05, 20), shift=st.floats(-1, 1))
@settings(max_examples=30, deadline=None)
def test_sync_does_not_care_how_wide_a_mouth_opens(seed, scale, shift):
    rng = np.random.default_rng(seed)
    mouth, phones = np.cumsum(rng.normal(size=(2, 200)), axis=1)
    one, other = phone_sync(mouth, phones, FPS), phone_sync(scale * mouth + shift, phones, FPS)
    np.testing.assert_allclose([one.correlation, one.lag], [other.correlation, other.lag], atol=1e-5)
    assert -1.0 <= one.correlation <= 1.0
    assert abs(one.lag) <= 0.41


@given(seed=SEEDS, runs=RUNS)
def test_more_closed_time_never_loses_a_closure(seed, runs):
    rng = np.random.default_rng(seed)
    edges = np.cumsum([0, *(length for length, _, _ in runs)]) / 100
    spans = [Span(a, b, phone) for a, b, (_, phone, _) in zip(edges[:-1], edges[1:], runs, strict=True)]
    frames = max(1, int(edges[-1] * 50))
    closed = rng.random(frames) < 0.2
    more = closed | (rng.random(frames) < 0.3)
    few, many = closures(closed, FPS, spans), closures(more, FPS, spans)
    assert few.bilabials == many.bilabials
    if few.recall is not None:
        assert 0.0 <= few.recall <= many.recall <= 1.0
