"""What is heard in real speech, and in what is hardly speech or none."""

import subprocess
import sys
import warnings
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from animator.core.audio import Audio
from animator.core.features import EFFORT, LOUDNESS, PITCH, VOICING, phone_posteriors
from animator.core.phones import BILABIALS, PHONES, SILENCE
from animator.core.track import frame_count
from animator.encoders.hearing.alignment import Aligner, misfit
from animator.encoders.hearing.pauses import settle
from animator.encoders.hearing.recogniser import NOISE, Run, stretches
from animator.encoders.phones import Phones
from animator.errors import InputError, LossWarning
from animator.io.audio import read_audio
from animator.metrics.heard import events
from animator.metrics.spans import spans_of

SAID = "he was not an ill disposed young man"
SPOKEN = tuple("HH IY W AH Z N AA T AH N IH L D IH S P OW Z D Y AH NG M AE N".split())  # noqa: SIM905


@pytest.fixture(scope="module")
def speech(assets):
    return read_audio(assets / "librivox_young_man.wav")


@pytest.fixture(scope="module")
def aligned(speech):
    return Phones().encode(speech, SAID)


@pytest.fixture(scope="module")
def loop(speech):
    return Phones().encode(speech)


def heard(features):
    """Phones in order, with the frame each starts at."""
    best = phone_posteriors(features).argmax(axis=1)
    starts = np.flatnonzero(np.concatenate([[True], np.diff(best) != 0]))
    return [(PHONES[best[i]], int(i)) for i in starts]


def test_every_frame_is_a_share_of_phones_that_adds_up_and_boundaries_lie_on_frames(aligned, loop):
    for features in (aligned, loop):
        posteriors = phone_posteriors(features)
        np.testing.assert_allclose(posteriors.sum(axis=1), 1.0, atol=1e-6)
        assert set(np.unique(posteriors)) <= {0.0, 0.25, 0.5, 0.75, 1.0}
        assert features.fps == 100


def test_with_its_words_the_phones_of_those_words_are_heard_in_order(aligned):
    assert [phone for phone, _ in heard(aligned) if phone != SILENCE] == list(SPOKEN)


def test_alignment_agrees_with_the_times_of_the_reference_aligner(aligned):
    """Frames that pocketsphinx's source package holds for this recording (…-0880.phone.json), one frame later (`_LATE`)."""
    starts = [frame for phone, frame in heard(aligned) if phone != SILENCE]
    assert np.abs(np.array(starts[:6]) - np.array([21, 27, 33, 41, 45, 56]) - 1).max() <= 3


def test_the_free_loop_hears_most_lip_closures_that_the_words_ask_for(assets):
    audio = read_audio(assets / "librivox_dashwood.wav")
    said = spans_of(Phones().encode(audio, (assets / "librivox_dashwood.txt").read_text()))
    met = events(spans_of(Phones().encode(audio)), said, BILABIALS)
    assert met.recall >= 5 / 7
    assert met.precision >= 0.75


def test_silence_before_and_after_speech_is_silence(aligned):
    silent = phone_posteriors(aligned)[:, PHONES.index(SILENCE)]
    assert (silent[:20] == 1.0).all()
    assert (silent[-15:] == 1.0).all()
    assert (silent[60:250] < 0.5).all(), "no pause within the sentence: closures of stops are not silence"


def test_louder_recordings_are_heard_the_same(speech):
    once, twice = (Phones().encode(replace(speech, samples=speech.samples * gain)) for gain in (0.25, 0.5))
    np.testing.assert_array_equal(phone_posteriors(once), phone_posteriors(twice))
    for name in (LOUDNESS, PITCH, VOICING, EFFORT):
        np.testing.assert_allclose(once[name], twice[name], atol=1e-3)


@pytest.mark.parametrize("rate", [8000, 44100])
def test_other_rates_keep_the_times(speech, aligned, rate):
    import librosa

    other = Audio(librosa.resample(speech.samples, orig_sr=speech.rate, target_sr=rate), rate)
    features = Phones().encode(other, SAID)
    assert len(features) == len(aligned)
    same = phone_posteriors(features).argmax(axis=1) == phone_posteriors(aligned).argmax(axis=1)
    assert same.mean() > 0.85


def test_made_out_words_are_better_than_the_free_loop_on_english(assets):
    audio = read_audio(assets / "librivox_dashwood.wav")
    truth = phone_posteriors(Phones().encode(audio, (assets / "librivox_dashwood.txt").read_text())).argmax(axis=1)
    words = phone_posteriors(Phones(words=True).encode(audio)).argmax(axis=1)
    free = phone_posteriors(Phones().encode(audio)).argmax(axis=1)
    assert (words == truth).mean() > (free == truth).mean() + 0.1


def test_words_the_dictionary_lacks_are_spelt_and_told(speech):
    with pytest.warns(LossWarning, match="spelt by rule: dizposed"):
        features = Phones().encode(speech, "he was not an ill dizposed young man")
    said = [phone for phone, _ in heard(features) if phone != SILENCE]
    assert said[said.index("L") + 1 : said.index("Y")] == ["D", "IH", "Z", "P", "OW", "S", "D"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no words"),
        ("?!", "no words"),
        ("er war kein übel gesinnter junger mensch", "does not look like English"),
        ("他不是一个坏心眼的年轻人", "does not look like English"),
        ("unless to be rather cold hearted and rather selfish is to be ill disposed " * 3, "fit the sound"),
        ("no", "fit the sound"),
    ],
)
def test_a_transcript_that_cannot_be_used_is_told_and_the_loop_heard(speech, loop, text, why):
    with pytest.warns(LossWarning, match=why):
        features = Phones().encode(speech, text)
    np.testing.assert_array_equal(features.values, loop.values)


@pytest.mark.parametrize("count", [1, 2, 80, 159, 160, 161, 800, 3200])
@pytest.mark.parametrize("rate", [8000, 48000])
def test_the_shortest_sounds_have_frames_for_all_their_length(count, rate):
    samples = (0.5 * np.sin(np.arange(count) * 2 * np.pi * 150 / rate) + 0.1).astype(np.float32)
    features = Phones().encode(Audio(samples, rate))
    assert len(features) == frame_count(Audio(samples, rate).seconds, features.fps)
    np.testing.assert_allclose(phone_posteriors(features).sum(axis=1), 1.0, atol=1e-6)


RNG = np.random.default_rng(5)


@pytest.mark.parametrize(
    "samples",
    [np.zeros(24000), np.full(24000, 0.5), 1e-5 * RNG.normal(size=24000), 0.1 * RNG.normal(size=24000), np.full(24000, 1e-38)],
    ids=["zeros", "a constant", "faint hiss", "noise", "smallest numbers"],
)
def test_what_is_not_speech_is_silence(samples):
    features = Phones().encode(Audio(samples.astype(np.float32), 16000))
    assert (phone_posteriors(features)[:, PHONES.index(SILENCE)] == 1.0).all()
    assert not features.values[:, -4:].any(), "no loudness, pitch, voicing or effort"


def test_words_given_with_silence_are_told_to_be_unused():
    with pytest.warns(LossWarning, match="holds no speech"):
        Phones().encode(Audio(np.zeros(16000, np.float32), 16000), "hello")


def test_a_sound_without_samples_is_refused():
    with pytest.raises(InputError, match="0 samples"):
        Phones().encode(Audio(np.zeros(0, np.float32), 16000))


def test_a_language_weight_out_of_range_is_refused():
    with pytest.raises(InputError, match="lies in"):
        Phones(language_weight=-1.0)


def test_nothing_reaches_the_terminal(assets):
    code = (
        "import sys; from animator.encoders.phones import Phones; from animator.io.audio import read_audio\n"
        "Phones().encode(read_audio(sys.argv[1]), 'he was not an ill disposed young man')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(assets / "librivox_young_man.wav")], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_long_speech_is_heard_in_stretches_of_bounded_length_cut_where_it_is_quiet():
    level = np.full(10000, -20.0, np.float32)
    level[1500:1530] = level[2900:2930] = -60.0
    cuts = stretches(level)
    assert cuts[0][0] == 0
    assert cuts[-1][1] == len(level)
    assert all(a[1] == b[0] for a, b in pairwise(cuts))
    assert max(stop - start for start, stop in cuts) <= 2000
    assert 1500 <= cuts[0][1] < 1530
    assert 2900 <= cuts[1][1] < 2930


def test_long_speech_is_aligned_as_short_speech_is(speech, aligned):
    times = 12
    many = Audio(np.tile(speech.samples, times), speech.rate)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        features = Phones().encode(many, f"{SAID} " * times)
    assert [phone for phone, _ in heard(features) if phone != SILENCE] == list(SPOKEN * times)
    last = phone_posteriors(features).argmax(axis=1)[-len(aligned) :]
    assert (last == phone_posteriors(aligned).argmax(axis=1)).mean() > 0.9


def test_squeezed_phones_and_unsaid_voice_make_a_misfit():
    voiced = np.ones(60, dtype=bool)
    assert misfit([Run(0, 30, "AA"), Run(30, 60, "M")], voiced) == 0.0
    assert misfit([Run(0, 30, "AA"), Run(30, 60, SILENCE)], voiced) == 0.5
    assert misfit([Run(0, 57, "AA"), Run(57, 60, "M")], voiced) == pytest.approx(1 / 6)


def test_an_aligner_knows_words_that_are_added():
    aligner = Aligner()
    assert not aligner.knows("blorptangle")
    aligner.add("blorptangle", ["B", "L", "AO", "R", "P"])
    assert aligner.knows("blorptangle")


def settled(runs, quiet=(), voiced=()):
    frames = runs[-1].stop
    mask = np.zeros(frames, dtype=bool)
    for start, stop in quiet:
        mask[start:stop] = True
    voicing = np.zeros(frames, np.float32)
    for start, stop in voiced:
        voicing[start:stop] = 1.0
    out = settle(runs, mask, voicing)
    starts = np.flatnonzero(np.concatenate([[True], np.diff(out) != 0]))
    return [(PHONES[out[i]], int(i)) for i in starts]


def test_the_closure_of_a_stop_is_no_pause():
    runs = [Run(0, 20, "AA"), Run(20, 35, "P"), Run(35, 60, "AA")]
    assert settled(runs, quiet=[(21, 31)]) == [("AA", 0), ("P", 20), ("AA", 35)]


def test_a_long_quiet_is_a_pause_but_for_the_closure_that_ends_it():
    runs = [Run(0, 20, "AA"), Run(20, 85, "P"), Run(85, 120, "AA")]
    assert settled(runs, quiet=[(20, 80)]) == [("AA", 0), ("SIL", 20), ("P", 70), ("AA", 85)]
    runs = [Run(0, 80, "AA"), Run(80, 120, "M")]
    assert settled(runs, quiet=[(20, 80)]) == [("AA", 0), ("SIL", 20), ("M", 80)]


def test_a_moment_of_silence_within_speech_belongs_to_the_stop_after_it_or_the_phone_before():
    assert settled([Run(0, 20, "AA"), Run(20, 30, "SIL"), Run(30, 35, "B"), Run(35, 50, "AA")]) == [
        ("AA", 0),
        ("B", 20),
        ("AA", 35),
    ]
    assert settled([Run(0, 20, "AA"), Run(20, 30, "SIL"), Run(30, 50, "S")]) == [("AA", 0), ("S", 30)]
    assert settled([Run(0, 20, "AA"), Run(20, 35, "SIL"), Run(35, 50, "B")]) == [("AA", 0), ("SIL", 20), ("B", 35)]


def test_voiced_noise_is_a_vowel_and_other_noise_is_silence():
    runs = [Run(0, 30, NOISE), Run(30, 60, "S"), Run(60, 90, NOISE)]
    assert settled(runs, voiced=[(0, 30)]) == [("AH", 0), ("S", 30), ("SIL", 60)]
