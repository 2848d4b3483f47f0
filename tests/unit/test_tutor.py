"""What a larger ear makes of speech is told of what is learned from, by those who have not seen its labels."""

import numpy as np
import pytest

from animator.core.phones import PHONES
from animator.errors import MissingDependencyError
from animator.metrics.spans import Span
from animator.training.ear.examples import Source
from animator.training.ear.moonshine import tutor_in
from animator.training.ear.tutor import STEP, teach
from animator.training.ear.voices import Voices
from animator.training.phones.store import HOP, collect, utterance

CLIPS = 12
LEARNED = list(range(1, CLIPS))


def hear(samples):
    """A larger ear of sorts: how loud a step is below and above 2 kHz."""
    steps = -(-len(samples) // (STEP * HOP))
    pieces = np.pad(samples.astype(np.float32), (0, steps * STEP * HOP - len(samples))).reshape(steps, -1)
    power = np.abs(np.fft.rfft(pieces / 32768.0))[:, 1:] ** 2
    return np.log(power.reshape(steps, 4, -1).mean(axis=2) + 1e-6).astype(np.float16)


def source(names=("IY", "S")):
    """Hums and hisses, turn by turn, called by the first and the second name; the first clip is held out."""
    rng = np.random.default_rng(0)
    said = []
    for k in range(CLIPS):
        hum = 0.1 * np.sin(2 * np.pi * rng.uniform(150, 300) * np.arange(1600) / 16000)
        sound = np.concatenate([hum, rng.normal(0, 0.1, 1600)] * 3).astype(np.float32)
        spans = [Span(i / 10, (i + 1) / 10, str(rng.choice(names)) if len(names) > 2 else names[i % 2]) for i in range(6)]
        said.append(utterance(f"{k}", sound, spans, "me", held=not k))
    pack = collect("hibari", said)
    return {"hibari": Source(pack, Voices(*np.zeros((3, len(pack.labels)), dtype=np.float32)), LEARNED)}


def taught(sources, cache=None, larger=hear):
    return teach(sources, {"hibari": 1.0}, larger, cache, steps=60)["hibari"].astype(np.float32)


def right(told, pack):
    first = int(pack.clips[LEARNED[0], 0])
    return float(np.mean(told[first:].argmax(axis=1) == pack.labels[first:]))


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """What is learned from, where judgements of it are kept, and they."""
    sources, cache = source(), tmp_path_factory.mktemp("told")
    return sources, cache, taught(sources, cache)


def test_all_that_is_learned_from_is_told_and_nothing_else(lesson):
    sources, _, told = lesson
    first = int(sources["hibari"].pack.clips[LEARNED[0], 0])
    assert told.shape == (len(sources["hibari"].pack.labels), len(PHONES))
    assert not told[:first].any()
    np.testing.assert_allclose(told[first:].sum(axis=1), 1.0, atol=0.01)


def test_what_can_be_heard_is_told_of_clips_whose_labels_were_not_seen(lesson):
    sources, _, told = lesson
    assert right(told, sources["hibari"].pack) > 0.9


def test_what_was_told_is_kept(lesson):
    sources, cache, told = lesson

    def deaf(samples):
        raise AssertionError("it was asked again")

    assert np.array_equal(taught(sources, cache, deaf), told)


def test_labels_that_mean_nothing_are_not_known_by_heart():
    sources = source(names=("IY", "S", "M", "AA", "K", "W"))
    assert right(taught(sources), sources["hibari"].pack) < 0.4


def test_where_the_encoder_is_missing_nobody_teaches(tmp_path):
    with pytest.raises(MissingDependencyError, match="there is no moonshine/"):
        tutor_in(tmp_path)
