"""Where a transcript tells the words, features say when each is said."""

from itertools import pairwise

import numpy as np
import pytest
from said import said

from animator.core.features import Features, Word
from animator.core.phones import PHONES, SILENCE
from animator.core.track import crop, join, resample
from animator.core.wording import words
from animator.encoders.hearing.recogniser import Run
from animator.encoders.hearing.told import timed
from animator.encoders.phones import Phones
from animator.encoders.speech import Speech
from animator.io.audio import read_audio


@pytest.mark.parametrize("encoder", [Speech(), Phones()], ids=["speech", "phones"])
def test_each_word_of_the_transcript_has_its_time(encoder, assets):
    transcript = (assets / "sample_happy.txt").read_text()
    features = encoder.encode(read_audio(assets / "sample_happy.wav"), transcript)
    assert tuple(word.text for word in features.words) == words(transcript)
    assert all(word.start < word.end for word in features.words)
    assert all(before.end <= after.start for before, after in pairwise(features.words))
    silent = features["phone/SIL"] > 0.5
    for word in features.words:
        assert not silent[round(word.start * 100) : round(word.end * 100)].any(), word


def test_without_a_transcript_no_word_is_known(assets):
    assert Speech().encode(read_audio(assets / "sample_happy.wav")).words == ()


def settled(script):
    """One phone a frame, of ``PHONE:frames …``."""
    return np.array([PHONES.index(p) for part in script.split() for p, n in [part.split(":")] for _ in range(int(n))])


RUNS = [
    Run(0, 10, SILENCE),
    Run(10, 20, "AA", "ah"),
    Run(20, 30, SILENCE),
    Run(30, 40, "B", "bee"),
    Run(40, 50, "IY"),
    Run(50, 60, "IY", "e"),
]


@pytest.mark.parametrize(
    ("script", "times"),
    [
        ("SIL:10 AA:10 SIL:10 B:10 IY:20", [(0.1, 0.2), (0.3, 0.5), (0.5, 0.6)]),
        ("SIL:10 AA:10 B:20 IY:20", [(0.1, 0.2), (0.2, 0.5), (0.5, 0.6)]),  # the silence is the closure of the b
        ("SIL:10 AA:20 SIL:10 IY:20", [(0.1, 0.3), (0.4, 0.5), (0.5, 0.6)]),  # the silence was given to the ah
        ("SIL:10 AA:10 SIL:10 B:10 SIL:5 IY:15", [(0.1, 0.2), (0.3, 0.5), (0.5, 0.6)]),
        ("SIL:10 AA:10 SIL:10 B:10 IY:10 SIL:10", [(0.1, 0.2), (0.3, 0.5)]),
    ],
)
def test_words_begin_and_end_with_their_settled_phones(script, times):
    found = timed(RUNS, settled(script))
    assert [word.text for word in found] == ["ah", "bee", "e"][: len(times)]
    np.testing.assert_allclose([(word.start, word.end) for word in found], times)


def spoken():
    features = said("SIL:100 AA:100 B:100 IY:100")
    return Features(features.names, features.values, features.fps, (Word("ah", 0.1, 0.2), Word("bee", 0.2, 0.4)))


def test_words_stay_with_their_frames():
    features = spoken()
    assert crop(features, 15, 30).words == (
        Word("ah", 0.0, pytest.approx(0.05)),
        Word("bee", pytest.approx(0.05), pytest.approx(0.15)),
    )
    assert crop(features, 0, 10).words == ()
    twice = resample(features, features.fps * 2).words
    np.testing.assert_allclose([word[1:] for word in twice], [word[1:] for word in features.words], atol=1e-6)
    both = join([features, spoken()]).words
    assert [word.text for word in both] == ["ah", "bee", "ah", "bee"]
    np.testing.assert_allclose([word.start for word in both], [0.1, 0.2, 0.5, 0.6])
