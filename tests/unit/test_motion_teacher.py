from itertools import islice

import numpy as np
import pytest

from animator.core.motion import CLOSED
from animator.core.script import felt
from animator.errors import InputError
from animator.generators.speech.contacts import closure_spans
from animator.io.rig import load_rig
from animator.metrics.spans import Span
from animator.training.motion import pairs, wander
from animator.training.motion.coarticulated import load_teacher
from animator.training.motion.identities import identity
from animator.training.motion.speech import said
from animator.training.motion.store import REAL, Clip, collect
from animator.training.motion.styles import NAMED, STYLE, drawn, named
from animator.training.phones.store import collect as collect_speech
from animator.training.phones.store import utterance

RIG = load_rig("arkit")
FEELINGS = felt(RIG.emotions)
LINE = ("SIL", "B", "AA", "P", "IY", "M", "S", "UW", "F", "AA", "M", "AE", "P", "SIL")
OWN = named("calm", 0.0)


def _line(name: str = "line", seed: int = 0):
    spans, start = [], 0.0
    for phone in LINE:
        length = 0.4 if phone == "SIL" else 0.09
        spans.append(Span(start, start + length, phone))
        start += length
    rng = np.random.default_rng(seed)
    times = np.arange(int(start * 16000)) / 16000
    voiced = np.interp(times, [0, 0.39, 0.41, start - 0.41, start - 0.39, start], [0, 0, 1, 1, 0, 0])
    sound = voiced * 0.3 * np.sin(2 * np.pi * 140 * times) + 1e-4 * rng.standard_normal(len(times))
    return utterance(name, sound.astype(np.float32), spans, "someone")


TEACHER = load_teacher(RIG)
HEARD = said(_line())


def _feels(name: str | None, intensity: float = 1.0) -> np.ndarray:
    weights = np.zeros((len(HEARD.times), len(FEELINGS)), dtype=np.float32)
    if name is not None:
        weights[:, FEELINGS.index(name)] = intensity
    return weights


def _perform(feeling: str | None, style=OWN, person: int = 1, seed: int = 0) -> np.ndarray:
    return TEACHER.perform(HEARD, _feels(feeling), style, identity(person, RIG), np.random.default_rng(seed))


def _shut() -> np.ndarray:
    spans = closure_spans(HEARD.targets)
    assert len(spans) == 5
    return ((HEARD.times[:, None] >= spans[:, 0]) & (HEARD.times[:, None] <= spans[:, 1])).any(axis=1)


@pytest.mark.parametrize("feeling", FEELINGS)
def test_lips_shut_in_every_bilabial_at_full_strength_of_every_feeling_in_every_style(feeling):
    for style in (OWN, *(named(name) for name in NAMED)):
        assert (_perform(feeling, style) @ RIG.opening_row)[_shut()].max() <= CLOSED


@pytest.mark.parametrize("feeling", FEELINGS)
def test_exchanging_the_feeling_changes_the_face_and_keeps_what_the_lips_do(feeling):
    neutral, felt_so = _perform(None), _perform(feeling)
    talking = (HEARD.times >= HEARD.delivery.phrases[0, 0]) & (HEARD.times <= HEARD.delivery.phrases[-1, 1])
    assert np.abs(felt_so - neutral)[:, ~RIG.region("head", "gaze")].max() > 0.15
    assert np.corrcoef((neutral @ RIG.opening_row)[talking], (felt_so @ RIG.opening_row)[talking])[0, 1] > 0.9
    assert np.array_equal(*((motion @ RIG.opening_row <= CLOSED)[_shut()] for motion in (neutral, felt_so)))


def test_the_same_chance_without_a_feeling_is_the_same_face_and_rests_where_nothing_is_said():
    once, again = _perform(None, seed=1), _perform(None, seed=2)
    assert np.array_equal(once, again)
    assert np.array_equal(_perform("happy", seed=1), _perform("happy", seed=1))
    assert not np.array_equal(_perform("happy", seed=1), _perform("happy", seed=2))
    ends = [*range(5), *range(len(once) - 5, len(once))]
    assert np.abs(once[ends] - RIG.rest).max() < 0.05
    assert (once[ends] @ RIG.opening_row).max() <= CLOSED


def test_jaws_open_wider_in_animated_than_in_calm_speech_and_least_in_mumbled():
    widest = {name: (TEACHER.speak(HEARD, named(name), identity(1, RIG)) @ RIG.opening_row).max() for name in NAMED}
    assert widest["animated"] > 1.2 * widest["calm"] > 1.2 * widest["mumbled"]


def test_a_style_scaled_to_nothing_is_the_fitted_speakers_own_and_twice_is_twice_as_far():
    assert not named("animated", 0.0).row.any()
    assert np.allclose(named("animated", 2.0).row, 2 * named("animated").row)
    assert np.abs(drawn(np.random.default_rng(0)).row).max() <= 2 and len(OWN.row) == len(STYLE)


def test_a_person_is_always_the_same_and_unlike_others():
    one, again, other = identity(3, RIG), identity(3, RIG), identity(4, RIG)
    assert np.array_equal(one.gains, again.gains) and one.late == again.late
    assert not np.array_equal(one.gains, other.gains)


def test_pairs_of_one_line_share_sound_person_and_chance_and_differ_by_the_feeling():
    speech = collect_speech("samples", [_line("a", 0), _line("b", 1), _line("c", 2)])
    clips = list(islice(pairs.performances([speech], TEACHER, seed=4), 9))
    for neutral, feels, other in zip(clips[::3], clips[1::3], clips[2::3], strict=True):
        assert neutral.sound == feels.sound == other.sound
        assert neutral.person == feels.person != other.person
        assert np.array_equal(neutral.style, feels.style)
        assert not neutral.felt.any() and feels.felt.any()
        assert not np.array_equal(neutral.motion, feels.motion)
    again = list(islice(pairs.performances([speech], TEACHER, seed=4), 9))
    assert all(np.array_equal(a.motion, b.motion) for a, b in zip(clips, again, strict=True))
    pack = pairs.pack([speech], TEACHER, hours=0.004, seed=4)
    assert pack.minutes >= 0.24 and len(pack) % 3 == 0 and {"samples", "grid"} == set(pack.corpora)


def test_speech_that_may_only_be_measured_on_is_refused():
    speech = collect_speech("ravdess", [_line()])
    with pytest.raises(InputError, match="cannot be shipped"):
        next(pairs.performances([speech], TEACHER, seed=0))


def test_noise_of_a_measured_colour_has_its_strength_and_nothing_faster():
    spectrum = np.concatenate([[1 / 3], np.full(wander.BANDS, 0.01)])
    noise = wander.drawn(spectrum, 200_000, 1, np.random.default_rng(0))[:, 0]
    assert noise.std() == pytest.approx(0.01 * np.sqrt(wander.BANDS), rel=0.1)
    power = np.abs(np.fft.rfft(noise)) ** 2
    fast = np.fft.rfftfreq(len(noise), 1 / 50) > (wander.BANDS + 0.5) / 3
    assert power[fast].sum() < 1e-6 * power.sum()


def test_the_spectrum_of_brows_is_measured_where_it_is():
    rng = np.random.default_rng(2)
    frames, brows = 150, RIG.region("brows")
    clips = []
    for k in range(40):
        motion = np.zeros((frames, len(RIG.controls)))
        wave = 0.2 + 0.1 * np.sin(2 * np.pi * np.arange(frames) / 50 + rng.uniform(0, 6))
        motion[:, brows] = wave[:, None]
        clips.append(
            Clip(
                str(k),
                "p",
                REAL,
                False,
                motion.astype(np.float16),
                np.ones(len(RIG.controls), bool),
                np.zeros((frames, len(FEELINGS)), np.float16),
                np.zeros(8, np.float32),
                np.zeros(frames, np.int8),
                (),
                "s",
                np.zeros(frames * 320, np.int16),
            )
        )
    spectrum = wander.measured(collect(("grid",), RIG, clips), RIG)
    assert spectrum[0] == pytest.approx(1 / 3) and spectrum[1:].argmax() == 2
    assert np.sqrt((spectrum[1:] ** 2).sum()) == pytest.approx(0.1 / np.sqrt(2), rel=0.05)
